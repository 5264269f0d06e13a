"""Positions on the globe as metadata writes them, brought into one form."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from unexposed.catalogue import DESTINATION
from unexposed.exposure import Finding, Level, finding
from unexposed.places import Home, nearest

__all__ = ["AT_HOME", "DESTINATION", "half_told", "place", "position", "situated", "valid"]

AT_HOME: Final = "at home"
_KIND: Final = "location.gps"
_POSITION: Final = re.compile(r"(-?\d{1,3}\.\d+), (-?\d{1,3}\.\d+)", re.ASCII)
_NEAR_ENOUGH_M: Final = 10_000
"""Metres by which a position may be off and a town is named still."""


def place(
    where: str,
    latitude: float,
    longitude: float,
    altitude: float | None = None,
    within_m: float = 0.0,
) -> Finding:
    """Return the finding for a position in decimal degrees; the altitude, in metres, is told beside.

    The value is always "latitude, longitude" with five decimals (about a metre). `within_m` is by
    how many metres the receiver says that it may be off, 0 where it says nothing.
    """
    value = f"{latitude:.5f}, {longitude:.5f}"
    height = "" if altitude is None else f", {altitude:.0f} m above the sea"
    summary = f"the place{_exactness(latitude, longitude, within_m)}: {value}{height}"
    return finding(_KIND, where, value, summary, within_m=within_m)


def _exactness(latitude: float, longitude: float, within_m: float) -> str:
    """Return ", to a few metres", or what the receiver says; "" for degrees that were rounded."""
    if within_m >= 1:
        return f", to within about {within_m:.0f} m"
    is_rounded = all(round(one, 5) == round(one, 3) for one in (latitude, longitude))
    return "" if is_rounded else ", to a few metres"


def half_told(
    where: str, latitude: float, longitude: float, *, north_or_south: bool, east_or_west: bool
) -> Finding:
    """Return the finding for degrees of which it is not told on which side of a zero line they are.

    One of the flags is set, or both: there the side is not known. No town follows from that.
    """
    up = _on_either(latitude, "north or south") if north_or_south else f"{latitude:.5f}"
    across = _on_either(longitude, "east or west") if east_or_west else f"{longitude:.5f}"
    value = f"{up}, {across}"
    summary = f"the place, but for its hemisphere: {value}"
    return finding(_KIND, where, value, summary)


def _on_either(degrees: float, sides: str) -> str:
    return f"{abs(degrees):.5f} {sides}"


def position(one: Finding) -> tuple[float, float] | None:
    """Return the decimal degrees of a finding that `place` made, None for any other."""
    match = _POSITION.fullmatch(one.value) if one.kind == _KIND else None
    return (float(match[1]), float(match[2])) if match else None


def situated(one: Finding, home: Home | None = None) -> Finding:
    """Return a position's finding with the town that it is in or near; any other as it is.

    One at home says that instead, and is critical. What may be off by far is in no town.
    """
    degrees = position(one)
    if degrees is None:
        return one
    if home is not None and home.holds(*degrees):
        words, level = AT_HOME, Level.CRITICAL
    elif one.within_m <= _NEAR_ENOUGH_M and (town := nearest(*degrees)):
        words, level = town.words, one.level
    else:
        return one
    summary = one.summary.replace(one.value, f"{one.value}, {words}", 1)
    return msgspec.structs.replace(one, summary=summary, level=level, place=words)


def valid(latitude: float | None, longitude: float | None) -> bool:
    """Tell whether the degrees stand for a place on the globe.

    Zero and zero do not: receivers write that which have no position yet.
    """
    return (
        latitude is not None
        and longitude is not None
        and -90 <= latitude <= 90
        and -180 <= longitude <= 180
        and (latitude, longitude) != (0, 0)
    )
