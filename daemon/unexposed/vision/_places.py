"""Where in a picture a code may be, cut out so that it can be read: upright, and large enough.

Readers of striped codes look along rows and columns, and those of small modules need pixels. A code
shows in the picture's gradients: strong ones, which all point the same way where it has stripes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import cv2
import numpy
import numpy.typing
from cv2.typing import MatLike

_SEARCHED = 4_000_000
"""Pixels to which a picture is shrunk for the search."""

_CELL = 8
"""Side of the squares, in pixels of the shrunk picture, whose gradients are taken together."""

_CONTRAST = 8000.0
"""Mean square of the gradient from which a square may be part of a code."""

_ONE_WAY = 0.25
"""How much gradients agree within a square, from 0 to 1; in rows of PDF417 less than in plain stripes."""

_FEWEST, _MOST = 9, 24
"""Squares of a place at least, and places of either sort that are tried, the largest first."""

_FILLED = 0.6
"""Part of its frame that a place fills; codes are rectangles, most else in pictures is ragged."""

_MARGIN = 1.5
"""Squares around a place that are cut out with it, for the white that a code needs."""

_BUDGET = 3_000_000
"""Pixels that are cut out at most, of either sort of places."""

_ENLARGED = ((160_000, 3.0), (500_000, 2.0))
"""Pixels of a place up to which it is enlarged so many times."""

_ENOUGH = 1_500_000
"""Pixels to which a larger place is shrunk; a reader of rows finds more in fewer."""


class Place(NamedTuple):
    """A piece of a picture; `back` maps its points to those of the picture.

    `striped` tells that it may hold a striped code, upright now, and nothing else of note.
    """

    piece: MatLike
    back: MatLike
    striped: bool


class _Squares(NamedTuple):
    """For each square the means of the gradient's squares, across and along, and of its parts' product."""

    across: MatLike
    along: MatLike
    mixed: MatLike
    side: float
    """Pixels of the picture along a square."""


def shrunk(grey: MatLike) -> MatLike:
    """Return a picture as it is searched: a large one has fewer pixels there."""
    scale = min(1.0, (_SEARCHED / grey.size) ** 0.5)
    return cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def turned(grey: MatLike, degrees: float) -> tuple[MatLike, MatLike]:
    """Return a picture turned, whole, and what maps its points back to those of the picture."""
    height, width = grey.shape
    there = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    cosine, sine = abs(there[0, 0]), abs(there[0, 1])
    across, along = width * cosine + height * sine, width * sine + height * cosine
    there[:, 2] += (across - width) / 2, (along - height) / 2
    piece = cv2.warpAffine(grey, there, (int(across), int(along)), borderValue=255)
    return piece, cv2.invertAffineTransform(there)


def places(grey: MatLike, small: MatLike) -> Iterator[Place]:
    """Yield what may be striped codes, turned upright, then what may be small codes.

    `small` is the picture, `shrunk`.
    """
    if min(small.shape) < 4 * _CELL:
        return
    squares = _squares(small, _CELL * grey.shape[1] / small.shape[1])
    energy = squares.across + squares.along
    agreeing = numpy.hypot(squares.across - squares.along, 2 * squares.mixed)
    busy = energy > _CONTRAST
    striped = busy & (agreeing > _ONE_WAY * energy)
    yield from _within_budget(
        _cut_out(grey, squares, one, striped=True) for one in _joined(striped)
    )
    yield from _within_budget(_cut_out(grey, squares, one, striped=False) for one in _joined(busy))


def _within_budget(found: Iterable[Place | None]) -> Iterator[Place]:
    left = _BUDGET
    for place in found:
        if place is not None and place.piece.size <= left:
            left -= place.piece.size
            yield place


def _squares(grey: MatLike, side: float) -> _Squares:
    dx, dy = (part.astype(numpy.float32) for part in cv2.spatialGradient(grey))
    size = grey.shape[1] // _CELL, grey.shape[0] // _CELL
    means = [
        cv2.blur(cv2.resize(product, size, interpolation=cv2.INTER_AREA), (3, 3))
        for product in (dx * dx, dy * dy, dx * dy)
    ]
    return _Squares(means[0], means[1], means[2], side)


def _joined(mask: numpy.typing.NDArray[numpy.bool_]) -> Iterator[MatLike]:
    """Yield columns and rows of the squares of each connected area, the largest first."""
    closed = cv2.morphologyEx(
        mask.astype(numpy.uint8), cv2.MORPH_CLOSE, numpy.ones((3, 3), numpy.uint8)
    )
    count, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=4)
    sizes = stats[1:count, cv2.CC_STAT_AREA]
    for label in 1 + numpy.argsort(-sizes)[:_MOST]:
        if stats[label, cv2.CC_STAT_AREA] < _FEWEST:
            return
        left, top, width, height = stats[label, :4]
        rows, columns = numpy.nonzero(labels[top : top + height, left : left + width] == label)
        yield numpy.stack([columns + left, rows + top], axis=1)


def _way(squares: _Squares, cells: MatLike) -> float:
    """Return the angle in degrees at which the gradients of some squares point."""
    at = cells[:, 1], cells[:, 0]
    leaning = (squares.across - squares.along)[at].sum()
    return float(numpy.degrees(numpy.arctan2(2 * squares.mixed[at].sum(), leaning)) / 2)


def _cut_out(grey: MatLike, squares: _Squares, cells: MatLike, *, striped: bool) -> Place | None:
    """Cut squares out, turned so that their gradients point along rows if they are `striped`.

    None where they cannot be a code that has not been read already.
    """
    turn = numpy.radians(_way(squares, cells) if striped else 0.0)
    axes = numpy.array([[numpy.cos(turn), numpy.sin(turn)], [-numpy.sin(turn), numpy.cos(turn)]])
    placed = (cells + 0.5) @ axes.T
    low, high = placed.min(axis=0) - 0.5, placed.max(axis=0) + 0.5
    if len(cells) < _FILLED * numpy.prod(high - low):
        return None
    low, high = (low - _MARGIN) * squares.side, (high + _MARGIN) * squares.side
    pixels = numpy.prod(high - low)
    scale = next((times for most, times in _ENLARGED if pixels <= most), 1.0)
    if scale == 1 and not striped:
        return None
    if pixels > _ENOUGH:
        scale = float((_ENOUGH / pixels) ** 0.5)
    there = numpy.hstack([axes * scale, (-low * scale)[:, None]]).astype(numpy.float32)
    width, height = (max(1, int(side)) for side in (high - low) * scale)
    piece = cv2.warpAffine(grey, there, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)
    return Place(piece, cv2.invertAffineTransform(there), striped)
