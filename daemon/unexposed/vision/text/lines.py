"""A line of text that was read, and where its characters stand."""

from __future__ import annotations

import msgspec

from unexposed.vision.seen import Point

Outline = tuple[Point, Point, Point, Point]


class Line(msgspec.Struct, frozen=True):
    """One line: what it says, and its corners from where reading begins, clockwise.

    `score` is how sure the reader is, 0 to 1. `middles` has for each character where its middle
    stands along the line, 0 to 1; without it characters are taken to be equally wide.
    """

    text: str
    outline: Outline
    score: float = 1.0
    middles: tuple[float, ...] = ()

    @property
    def height(self) -> float:
        """Pixels across the direction of reading."""
        (ax, ay), _, _, (dx, dy) = self.outline
        return float(((dx - ax) ** 2 + (dy - ay) ** 2) ** 0.5)

    @property
    def length(self) -> float:
        """Pixels along the direction of reading."""
        (ax, ay), (bx, by), _, _ = self.outline
        return float(((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5)

    def part(self, start: int, end: int) -> Outline:
        """Return the corners of the characters from `start` to before `end`, with a margin."""
        if start <= 0 and end >= len(self.text):
            return self.outline
        margin = 1.0 / max(1, len(self.text))
        left = max(0.0, self._middle(start) - margin) if start > 0 else 0.0
        right = min(1.0, self._middle(end - 1) + margin) if end < len(self.text) else 1.0
        a, b, c, d = self.outline
        return (
            _between(a, b, left),
            _between(a, b, right),
            _between(d, c, right),
            _between(d, c, left),
        )

    def _middle(self, index: int) -> float:
        if self.middles:
            return self.middles[index]
        return (index + 0.5) / max(1, len(self.text))


def _between(one: Point, other: Point, share: float) -> Point:
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share
