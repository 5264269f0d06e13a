"""Positions on the globe as metadata writes them, brought into one form."""

from __future__ import annotations

from typing import Final

import msgspec

from unexposed.catalogue import DESTINATION
from unexposed.exposure import Finding, Level, finding
from unexposed.places import Home, nearest

__all__ = ["AT_HOME", "DESTINATION", "place", "position", "situated", "valid"]

AT_HOME: Final = "at home"
_KIND: Final = "location.gps"


def place(where: str, latitude: float, longitude: float, altitude: float | None = None) -> Finding:
    """Return the finding for a position in decimal degrees; the altitude, in metres, is told beside.

    The value is always "latitude, longitude" with five decimals (about a metre).
    """
    value = f"{latitude:.5f}, {longitude:.5f}"
    height = "" if altitude is None else f", {altitude:.0f} m above the sea"
    return finding(_KIND, where, value, f"the place, to a few metres: {value}{height}")


def position(one: Finding) -> tuple[float, float] | None:
    """Return the decimal degrees of a finding that `place` made, None for any other."""
    if one.kind != _KIND:
        return None
    latitude, _, longitude = one.value.partition(", ")
    return float(latitude), float(longitude)


def situated(one: Finding, home: Home | None = None) -> Finding:
    """Return a position's finding with the town that it is in or near; any other as it is.

    One at home says that instead, and is critical.
    """
    degrees = position(one)
    if degrees is None:
        return one
    if home is not None and home.holds(*degrees):
        words, level = AT_HOME, Level.CRITICAL
    elif town := nearest(*degrees):
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
