from __future__ import annotations

import re

import pytest

from unexposed.report import worldmap
from unexposed.report.worldmap import map_of, position_in, world


def on_land(latitude: float, longitude: float) -> bool:
    x, y = (180 + longitude) * 10, (90 - latitude) * 10
    return any(worldmap._inside(ring, x, y) for ring in world())


@pytest.mark.parametrize(
    ("latitude", "longitude", "land"),
    [
        (52.52, 13.40, True), (48.85, 2.35, True), (-1.29, 36.82, True), (35.18, 136.9, True),
        (-33.0, 147.0, True), (-15.8, -47.9, True), (40.0, -100.0, True), (62.0, 100.0, True),
        (30.0, -40.0, False), (0.0, -150.0, False), (-40.0, 80.0, False), (55.9, 3.0, False),
    ],
)  # fmt: skip
def test_land_is_land_and_sea_is_sea(latitude: float, longitude: float, land: bool) -> None:
    assert on_land(latitude, longitude) is land


@pytest.mark.parametrize("latitude", [-90.0, -54.8, 0.0, 38.7, 78.2, 90.0])
@pytest.mark.parametrize("longitude", [-180.0, -9.1, 0.0, 179.9])
def test_the_position_is_in_the_middle_of_what_is_shown(latitude: float, longitude: float) -> None:
    drawn = map_of(latitude, longitude, "in Lisbon, Portugal")
    west, north, width, height = map(
        float, re.search(r'viewBox="(\S+) (\S+) (\S+) (\S+)"', drawn).groups()
    )  # type: ignore[union-attr]
    x, y = map(float, re.search(r'class="spot" cx="(\S+)" cy="(\S+)"', drawn).groups())  # type: ignore[union-attr]
    assert abs(west + width / 2 - x) < 0.02
    assert abs(north + height / 2 - y) < 0.02
    assert len(drawn) < 60_000


@pytest.mark.parametrize("text", ["", "5", "north, south", "38.72260, -9.13920, at home"])
def test_only_a_position_is_taken_for_one(text: str) -> None:
    assert position_in("38.72260, -9.13920") == (38.7226, -9.1392)
    assert position_in(text) is None
