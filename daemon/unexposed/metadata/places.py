"""Positions on the globe as metadata writes them, brought into one form."""

from __future__ import annotations

from unexposed.exposure import Finding, finding


def place(where: str, latitude: float, longitude: float, altitude: float | None = None) -> Finding:
    """Return the finding for a position in decimal degrees; the altitude, in metres, is told beside.

    The value is always "latitude, longitude" with five decimals (about a metre).
    """
    value = f"{latitude:.5f}, {longitude:.5f}"
    height = "" if altitude is None else f", {altitude:.0f} m above the sea"
    return finding("location.gps", where, value, f"the place, to a few metres: {value}{height}")


def valid(latitude: float | None, longitude: float | None) -> bool:
    """Tell whether the degrees stand for a place on the globe."""
    return (
        latitude is not None
        and longitude is not None
        and -90 <= latitude <= 90
        and -180 <= longitude <= 180
    )
