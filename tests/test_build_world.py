from __future__ import annotations

import struct

from tools.build_world import rings_in, simplified, written
from unexposed.report.worldmap import _ring as ring_of


def shapefile(*rings: list[tuple[float, float]]) -> bytes:
    """A shapefile with one polygon that has these rings, closed, in degrees east and north."""
    points = [point for ring in rings for point in [*ring, ring[0]]]
    starts = [sum(len(ring) + 1 for ring in rings[:number]) for number in range(len(rings))]
    content = struct.pack("<I4d2I", 5, 0, 0, 0, 0, len(rings), len(points))
    content += struct.pack(f"<{len(starts)}I", *starts)
    content += struct.pack(
        f"<{2 * len(points)}d", *(number for point in points for number in point)
    )
    return bytes(100) + struct.pack(">2I", 1, len(content) // 2) + content


LEFT = [(0.0, 0.0), (0.0, 40.0), (20.0, 40.0), (20.3, 20.0), (20.0, 0.0)]
RIGHT = [(20.0, 0.0), (20.3, 20.0), (20.0, 40.0), (40.0, 40.0), (40.0, 0.0)]


def test_rings_are_read_in_tenths_of_a_degree_from_the_north_west() -> None:
    (ring,) = rings_in(shapefile(LEFT))
    assert ring == [(1800, 900), (1800, 500), (2000, 500), (2003, 700), (2000, 900)]


def test_a_border_stays_one_line_for_both_neighbours() -> None:
    bent = simplified(list(rings_in(shapefile(LEFT, RIGHT))))
    assert all((2003, 700) in ring for ring in bent)
    flat = [[(20.0, y) if x == 20.3 else (x, y) for x, y in ring] for ring in (LEFT, RIGHT)]
    straight = simplified(list(rings_in(shapefile(*flat))))
    assert all((2000, 700) not in ring for ring in straight)
    assert all({(2000, 500), (2000, 900)} <= set(ring) for ring in straight)


def test_what_is_written_is_what_the_page_reads() -> None:
    rings = list(rings_in(shapefile(LEFT, RIGHT)))
    assert [ring_of(line) for line in written(rings).splitlines()] == rings
