"""Lines that belong together: a label and what stands beside or below it, a number cut in pieces."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import msgspec

from unexposed.vision.seen import Point
from unexposed.vision.text.lines import Line, Outline

_BESIDE = 14.0
"""Heights of a line up to which what stands beside it belongs to it."""

_WORD = 1.6
"""Heights up to which a gap is one between words."""

_BELOW = 2.6
"""Heights, from middle to middle, up to which what stands below a line belongs to it."""

_LEVEL = 0.97
"""Cosine from which two lines run the same way."""


class Piece(msgspec.Struct, frozen=True):
    """A line in a passage, and where it begins in the passage's text."""

    start: int
    line: int


class Passage(msgspec.Struct, frozen=True):
    """Lines read as one text; `pieces` tell which line stands where, by its number."""

    text: str
    pieces: tuple[Piece, ...]


class _Placed(msgspec.Struct, frozen=True):
    """A line as its own direction sees it."""

    number: int
    line: Line
    along: Point
    across: Point
    middle: Point

    def seen_from(self, other: _Placed) -> Point:
        """Return how far this middle lies from the other's, along and across the other."""
        x, y = self.middle[0] - other.middle[0], self.middle[1] - other.middle[1]
        return (
            x * other.along[0] + y * other.along[1],
            x * other.across[0] + y * other.across[1],
        )


def passages(lines: list[Line]) -> Iterator[Passage]:
    """Yield every line, then the lines of every row, then every two lines one below the other."""
    placed = [_place(number, line) for number, line in enumerate(lines) if line.text]
    for one in placed:
        yield _passage([one], [])
    rows = _rows(placed)
    for row in rows:
        if len(row) > 1:
            yield _passage(row, [_gap(a, b) for a, b in pairwise(row)])
    for one in placed:
        if (below := _below(one, placed)) is not None:
            yield _passage([one, below], ["\n"])


def around(parts: list[Outline]) -> Outline:
    """Return the smallest rectangle, laid along the first part, that holds all of them."""
    if len(parts) == 1:
        return parts[0]
    one = _place(0, Line("", parts[0]))
    (ox, oy), (ux, uy), (vx, vy) = one.middle, one.along, one.across
    points = [(x - ox, y - oy) for part in parts for x, y in part]
    along = [x * ux + y * uy for x, y in points]
    across = [x * vx + y * vy for x, y in points]

    def at(u: float, v: float) -> Point:
        return ox + u * ux + v * vx, oy + u * uy + v * vy

    left, right, top, bottom = min(along), max(along), min(across), max(across)
    return at(left, top), at(right, top), at(right, bottom), at(left, bottom)


def _place(number: int, line: Line) -> _Placed:
    (ax, ay), (bx, by), _, _ = line.outline
    length = max(line.length, 1e-6)
    along = (bx - ax) / length, (by - ay) / length
    middle = sum(x for x, _ in line.outline) / 4, sum(y for _, y in line.outline) / 4
    return _Placed(number, line, along, (-along[1], along[0]), middle)


def _rows(placed: list[_Placed]) -> list[list[_Placed]]:
    """Return the lines in rows, each from where reading begins."""
    following: dict[int, _Placed] = {}
    for one in placed:
        best = _BESIDE * one.line.height
        for other in placed:
            if other is one or not _alike(one, other, 1.8):
                continue
            along, across = other.seen_from(one)
            gap = along - (one.line.length + other.line.length) / 2
            low = min(one.line.height, other.line.height)
            if abs(across) < 0.5 * low and along > 0 and -low < gap < best:
                best = gap
                following[one.number] = other
    led = {other.number for other in following.values()}
    rows = []
    for one in placed:
        if one.number in led:
            continue
        row = [one]
        while (after := following.get(row[-1].number)) is not None and after not in row:
            row.append(after)
        rows.append(row)
    return rows


def _below(one: _Placed, placed: list[_Placed]) -> _Placed | None:
    best, found = _BELOW * one.line.height, None
    for other in placed:
        if other is one or not _alike(one, other, 2.5):
            continue
        along, across = other.seen_from(one)
        edge = along - (other.line.length - one.line.length) / 2
        reach = 2 * one.line.height
        if (abs(along) < reach or abs(edge) < reach) and 0.5 * one.line.height < across < best:
            best, found = across, other
    return found


def _alike(one: _Placed, other: _Placed, ratio: float) -> bool:
    low, high = sorted((one.line.height, other.line.height))
    turned = one.along[0] * other.along[0] + one.along[1] * other.along[1]
    return high <= ratio * max(low, 1e-6) and turned > _LEVEL


def _gap(one: _Placed, other: _Placed) -> str:
    gap = other.seen_from(one)[0] - (one.line.length + other.line.length) / 2
    return " " if gap <= _WORD * one.line.height else "  "


def _passage(row: list[_Placed], gaps: list[str]) -> Passage:
    text, pieces = "", []
    for one, gap in zip(row, ["", *gaps], strict=True):
        text += gap
        pieces.append(Piece(len(text), one.number))
        text += one.line.text
    return Passage(text, tuple(pieces))
