"""How far the bars of a striped code reach; a reader tells only of the lines along which it read."""

from __future__ import annotations

import cv2
import numpy
from cv2.typing import MatLike

from unexposed.vision.seen import Point

_ALIKE = 0.5
"""Correlation down to which a line beside the one that was read crosses the same bars."""

_REACH = 1.5
"""How far that is followed to either side, in lengths of the line that was read."""

_QUIET = 0.4
"""Spread of grey values along a line, of that within the code, below which it is outside."""

_SHORTEST = 8.0
"""Pixels of a line below which it is left as it is."""

_STEP = 2.0
"""Pixels from one line to the next."""


def whole_code(grey: MatLike, outline: tuple[Point, ...]) -> tuple[Point, ...]:
    """Return the rectangle around all bars of a code, of which an outline tells a few lines."""
    corners = numpy.array(outline)
    first, last = (corners[0] + corners[3]) / 2, (corners[1] + corners[2]) / 2
    if numpy.hypot(*(last - first)) < _SHORTEST:
        return outline
    across = _across(grey, first, last)
    bars = numpy.array([-across[1], across[0]])
    reach = [_followed(grey, first, last, way * bars) for way in (-1, 1)]
    places = [
        corner + way * far * bars
        for corner in (first, last)
        for way, far in zip((-1, 1), reach, strict=True)
    ]
    along = numpy.array(places) @ numpy.array([across, bars]).T
    (left, top), (right, bottom) = along.min(axis=0), along.max(axis=0)
    frame = ((left, top), (right, top), (right, bottom), (left, bottom))
    return tuple(
        (float(u * across[0] + v * bars[0]), float(u * across[1] + v * bars[1])) for u, v in frame
    )


def _across(grey: MatLike, first: MatLike, last: MatLike) -> MatLike:
    """Return the direction, of length 1, in which the picture changes along a line."""
    low = numpy.maximum(numpy.minimum(first, last).astype(int) - 3, 0)
    high = numpy.maximum(first, last).astype(int) + 4
    dx, dy = cv2.spatialGradient(numpy.ascontiguousarray(grey[low[1] : high[1], low[0] : high[0]]))
    x, y = dx.astype(numpy.float64), dy.astype(numpy.float64)
    turn = numpy.arctan2(2 * (x * y).sum(), (x * x - y * y).sum()) / 2
    found = numpy.array([numpy.cos(turn), numpy.sin(turn)])
    return found if found @ (last - first) >= 0 else -found


def _profile(grey: MatLike, first: MatLike, last: MatLike) -> MatLike:
    """Return the grey values along a line, a number of them that depends on its length alone."""
    count = round(float(numpy.hypot(*(last - first)))) + 2
    line = first + numpy.linspace(0, 1, count)[:, None] * (last - first)
    points = line.astype(numpy.float32)[None]
    values = cv2.remap(
        grey, points[..., 0], points[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    profile: MatLike = values[0, :, 0] if values.ndim == 3 else values[0]
    return profile.astype(numpy.float64) - float(profile.mean())


def _followed(grey: MatLike, first: MatLike, last: MatLike, step: MatLike) -> float:
    """Return how many pixels along a step the same bars go on."""
    read, most, far = _profile(grey, first, last), _REACH * numpy.hypot(*(last - first)), 0.0
    while far < most:
        there = (far + _STEP) * step
        beside = _profile(grey, first + there, last + there)
        count = min(len(read), len(beside))
        ours, theirs = read[:count], beside[:count]
        strength = float(numpy.sqrt((theirs @ theirs) * (ours @ ours)))
        if strength == 0 or ours @ theirs < _ALIKE * strength:
            break
        far += _STEP
    return far


def until_quiet(grey: MatLike, outline: tuple[Point, ...]) -> tuple[Point, ...]:
    """Return an outline whose sides were moved out to where the picture is quiet.

    A reader that made out a code by one of its ends tells an outline that is too short.
    """
    corners = numpy.array(outline, numpy.float64)
    busy = numpy.std(_profile(grey, corners[0], corners[2]))
    for side in (0, 1, 2, 3):
        ends, others = [side, (side + 1) % 4], [(side + 3) % 4, (side + 2) % 4]
        way = (corners[ends] - corners[others]).mean(axis=0)
        reach = float(numpy.hypot(*way))
        if reach < _SHORTEST:
            continue
        step, moved = _STEP * way / reach, 0.0
        while moved < reach and numpy.std(_profile(grey, *(corners[ends] + step))) > _QUIET * busy:
            corners[ends] += step
            moved += _STEP
    return tuple((float(x), float(y)) for x, y in corners)
