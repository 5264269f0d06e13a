"""Make the outline of the world that the report page draws its maps from.

Run by `make world`, with the folder of the package `geopandas` 0.14, which carries Natural Earth's
countries (1:110 million):

    pip install --no-deps --target build/naturalearth geopandas==0.14.4
    python -m tools.build_world build/naturalearth daemon/unexposed/report/world.txt

Taken are the countries' borders and coasts, in tenths of a degree. Points that hardly bend a line are left
out, one after the other, the flattest first; a point where borders meet stays, so that
neighbours still fit. A line of the result is one ring: its first point from 180° west and 90° north,
east and south, and the steps to the others.
Source: Natural Earth (https://www.naturalearthdata.com), public domain.
"""

from __future__ import annotations

import heapq
import struct
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

_SHAPES: Final = "geopandas/datasets/naturalearth_lowres/naturalearth_lowres.shp"
_FLATTEST: Final = 12.0
"""Twice the area, in square tenths of a degree, of the least bend that is drawn."""
_POLYGON: Final = 5

Point = tuple[int, int]
Ring = list[Point]


def rings_in(shapes: bytes) -> Iterator[Ring]:
    """Read the rings of a shapefile's polygons, closed, in tenths of a degree.

    Source: ESRI Shapefile Technical Description, 1998.
    """
    at = 100
    while at < len(shapes):
        words, kind = struct.unpack(">4xI", shapes[at : at + 8])[0], shapes[at + 8]
        if kind == _POLYGON:
            parts, points = struct.unpack_from("<2I", shapes, at + 44)
            starts = struct.unpack_from(f"<{parts}I", shapes, at + 52)
            numbers = struct.unpack_from(f"<{2 * points}d", shapes, at + 52 + 4 * parts)
            for first, last in pairwise((*starts, points)):
                ring = [
                    (round(10 * (180 + east)), round(10 * (90 - north)))
                    for east, north in zip(
                        numbers[2 * first : 2 * last : 2],
                        numbers[2 * first + 1 : 2 * last : 2],
                        strict=True,
                    )
                ]
                yield [one for one, following in pairwise(ring) if one != following]
        at += 8 + 2 * words


def simplified(rings: list[Ring]) -> list[Ring]:
    """Leave out what hardly bends a line, and rings of which nothing to speak of is left."""
    beside: dict[Point, set[Point]] = defaultdict(set)
    for ring in rings:
        for one, other in pairwise([*ring, ring[0]]):
            beside[one].add(other)
            beside[other].add(one)
    queue = [(_bend(point, *around), point) for point, around in beside.items() if len(around) == 2]
    heapq.heapify(queue)
    while queue:
        bend, point = heapq.heappop(queue)
        around = beside.get(point, set())
        if len(around) != 2 or bend != _bend(point, *around):
            continue
        if bend > _FLATTEST:
            break
        one, other = around
        if other in beside[one]:
            continue  # a triangle is the least that a ring can be
        del beside[point]
        for near, far in ((one, other), (other, one)):
            beside[near].discard(point)
            beside[near].add(far)
            if len(beside[near]) == 2:
                heapq.heappush(queue, (_bend(near, *beside[near]), near))
    left = ([point for point in ring if point in beside] for ring in rings)
    return [ring for ring in left if len(ring) > 2]


def _bend(point: Point, one: Point, other: Point) -> float:
    return abs(
        (one[0] - point[0]) * (other[1] - point[1]) - (other[0] - point[0]) * (one[1] - point[1])
    )


def written(rings: list[Ring]) -> str:
    """Return the rings in the form that the page draws."""
    lines = []
    for ring in rings:
        steps = [f"{x - a},{y - b}" for (a, b), (x, y) in pairwise(ring)]
        lines.append(" ".join([f"{ring[0][0]},{ring[0][1]}", *steps]))
    return "\n".join(lines) + "\n"


def main(argv: list[str]) -> int:
    """Write the outline; the arguments are the folder of the package and the file to write."""
    folder, target = Path(argv[0]), Path(argv[1])
    rings = simplified(
        [ring for ring in rings_in((folder / _SHAPES).read_bytes()) if len(ring) > 2]
    )
    text = written(rings)
    target.write_text(text, encoding="ascii")
    print(f"{len(rings)} rings, {sum(map(len, rings))} points, {len(text)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
