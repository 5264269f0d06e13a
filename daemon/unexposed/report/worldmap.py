"""A place on a small map, drawn from an outline that the package carries.

`tools/build_world.py` makes the outline. Source: Natural Earth, public domain.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from itertools import accumulate, pairwise
from math import cos, radians
from typing import Final

from unexposed.report.elements import Html, element, verbatim
from unexposed.wording import tr

_POSITION: Final = re.compile(r"(-?\d{1,2}\.\d{1,9}), (-?\d{1,3}\.\d{1,9})", re.ASCII)
_TENTHS: Final = 10
_LEAST, _MOST = 8.0, 50.0
"""Degrees of latitude that the near map shows."""
_SHAPE: Final = 4 / 3
"""The near map's width in its height."""
_COARSE: Final = 12
"""Tenths of a degree to which the small map of the world is rounded."""

Ring = list[tuple[int, int]]
Window = tuple[float, float, float, float]
"""West, north, east and south, in tenths of a degree from 180° west and 90° north."""


def position_in(value: str) -> tuple[float, float] | None:
    """Return latitude and longitude of a place's value, in decimal degrees; None for another text."""
    match = _POSITION.fullmatch(value)
    return (float(match[1]), float(match[2])) if match else None


def map_of(latitude: float, longitude: float, words: str) -> Html:
    """Return the country round a position with the position in it, beside it the whole world."""
    x, y = (180 + longitude) * _TENTHS, (90 - latitude) * _TENTHS
    label = tr("Map: the position is marked") + (f", {words}" if words else "")
    return element("div", _near(x, y, latitude, label), _whole(x, y), class_="maps")


def _near(x: float, y: float, latitude: float, label: str) -> Html:
    """Draw the surroundings; east and west are drawn together as they are at that latitude."""
    squeeze = max(0.2, cos(radians(latitude)))
    west, north, east, south = window = _window(x, y, squeeze)
    width, height = (east - west) * squeeze, south - north
    rings = [ring for ring in world() if _reaches_into(ring, window)]
    land = element("path", class_="land", d=_path(rings, squeeze))
    size = height / 40
    marked = (x * squeeze, y)
    return element(
        "svg",
        element("rect", class_="sea", x=west * squeeze, y=north, width=width, height=height),
        land,
        element("circle", class_="halo", cx=marked[0], cy=marked[1], r=2.4 * size),
        element("circle", class_="spot", cx=marked[0], cy=marked[1], r=size),
        viewBox=f"{west * squeeze:.2f} {north:.2f} {width:.2f} {height:.2f}",
        class_="near", role="img", aria_label=label,
    )  # fmt: skip


def _whole(x: float, y: float) -> Html:
    return element(
        "svg",
        element("rect", class_="sea", width=3600, height=1500),
        element("path", class_="land", d=_path(_coarse(), 1)),
        element("circle", class_="halo", cx=round(x), cy=round(y), r=120),
        element("circle", class_="spot", cx=round(x), cy=round(y), r=45),
        viewBox="0 0 3600 1500", class_="whole", aria_hidden="true",
    )  # fmt: skip


@cache
def world() -> list[Ring]:
    """Return the rings of land, from the packaged outline."""
    text = resources.files(__package__).joinpath("world.txt").read_text(encoding="ascii")
    return [_ring(line) for line in text.splitlines()]


def _ring(line: str) -> Ring:
    steps = [tuple(map(int, one.split(","))) for one in line.split(" ")]
    return list(accumulate(steps, lambda at, step: (at[0] + step[0], at[1] + step[1])))


def _window(x: float, y: float, squeeze: float) -> Window:
    """Return what to show: the land that the position is on, within reason."""
    ring = next((ring for ring in world() if _inside(ring, x, y)), [])
    height = _LEAST * _TENTHS
    if ring:
        xs, ys = [one[0] for one in ring], [one[1] for one in ring]
        reach_x, reach_y = (
            max(abs(max(one) - at), abs(at - min(one))) for one, at in ((xs, x), (ys, y))
        )
        height = 2.2 * max(reach_y, reach_x * squeeze / _SHAPE)
    height = min(_MOST * _TENTHS, max(_LEAST * _TENTHS, height))
    width = height * _SHAPE / squeeze
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _inside(ring: Ring, x: float, y: float) -> bool:
    """Tell whether a point is within a ring, by how often a ray from it crosses that."""
    crossings = 0
    for (ax, ay), (bx, by) in pairwise([*ring, ring[0]]):
        if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
            crossings += 1
    return crossings % 2 == 1


def _reaches_into(ring: Ring, window: Window) -> bool:
    west, north, east, south = window
    xs, ys = [x for x, _y in ring], [y for _x, y in ring]
    return min(xs) < east and max(xs) > west and min(ys) < south and max(ys) > north


@cache
def _coarse() -> list[Ring]:
    """Return the world as it is needed in the size of a stamp."""
    rings = []
    for ring in world():
        rounded = [(round(x / _COARSE) * _COARSE, round(y / _COARSE) * _COARSE) for x, y in ring]
        kept = [one for one, following in pairwise([*rounded, rounded[0]]) if one != following]
        if len(kept) > 3:
            rings.append(kept)
    return rings


def _path(rings: list[Ring], squeeze: float) -> Html:
    """Return rings as SVG draws them."""
    pieces = []
    for ring in rings:
        points = [(round(x * squeeze, 1), y) for x, y in ring]
        steps = (f"{x - a:.4g},{y - b}" for (a, b), (x, y) in pairwise(points))
        pieces.append(f"M{points[0][0]},{points[0][1]}l{' '.join(steps)}z")
    return verbatim("".join(pieces))
