from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from unexposed.exposure import Level, finding
from unexposed.metadata.places import place, position, situated
from unexposed.places import Home

HOME = Home(latitude=38.7226, longitude=-9.1392)


def test_a_position_is_told_with_its_town() -> None:
    told = situated(place("EXIF GPS", 38.7226, -9.1392, 25))
    assert told.value == "38.72260, -9.13920"
    assert told.summary == (
        "the place, to a few metres: 38.72260, -9.13920, in Lisbon, Portugal, 25 m above the sea"
    )
    assert (told.place, told.level) == ("in Lisbon, Portugal", Level.HIGH)


def test_degrees_that_were_rounded_are_not_told_to_a_few_metres() -> None:
    assert place("EXIF GPS", 38.72, -9.139).summary == "the place: 38.72000, -9.13900"
    assert place("EXIF GPS", 38.72, -9.1392).summary.startswith("the place, to a few metres: ")


def test_a_position_far_from_any_town_is_told_as_it_is() -> None:
    alone = place("EXIF GPS", 30, -40)
    assert situated(alone) == alone


def test_at_home_is_critical() -> None:
    told = situated(place("EXIF GPS", 38.7227, -9.1390), HOME)
    assert told.value == "38.72270, -9.13900"
    assert told.summary == "the place, to a few metres: 38.72270, -9.13900, at home"
    assert (told.place, told.level) == ("at home", Level.CRITICAL)


def test_elsewhere_is_as_bad_as_ever() -> None:
    told = situated(place("EXIF GPS", 38.7260, -9.1392), HOME)
    assert (told.place, told.level) == ("in Lisbon, Portugal", Level.HIGH)


def test_home_can_be_far_from_any_town() -> None:
    hut = Home(latitude=-75.1, longitude=123.35, radius_m=1_000)
    assert situated(place("EXIF GPS", -75.1, 123.36), hut).place == "at home"


def test_what_is_no_position_stays_as_it_is() -> None:
    named = finding("location.place", "XMP", "38.7226, -9.1392")
    assert position(named) is None
    assert situated(named, HOME) is named


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_any_position_can_be_read_back(latitude: float, longitude: float) -> None:
    back = position(place("EXIF GPS", latitude, longitude))
    assert back is not None
    assert abs(back[0] - latitude) <= 0.5e-5 + 1e-9
    assert abs(back[1] - longitude) <= 0.5e-5 + 1e-9
