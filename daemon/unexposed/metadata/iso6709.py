"""Positions as ISO 6709 writes them, as phones put them into their videos.

Source: ISO 6709:2008 annex H: "+DD.DDDD+DDD.DDDD+AAA/", with minutes and seconds in further digits.
"""

from __future__ import annotations

import re

from unexposed.exposure import Finding, finding
from unexposed.metadata.places import place, valid

_POSITION = re.compile(
    r"\s*([+-])(\d{2,6})(\.\d{1,12})?([+-])(\d{3,7})(\.\d{1,12})?([+-]\d{1,6}(?:\.\d{1,6})?)?"
    r"(?:CRS[\w:]{1,20})?/?\s*"
)


def position(where: str, text: str) -> list[Finding]:
    """Return the finding for a position, none for text that is no position.

    One of 0, 0 is what devices write that know none.
    """
    match = _POSITION.fullmatch(text)
    if match is None:
        return []
    latitude = _degrees(match[1], match[2], match[3] or "", 2)
    longitude = _degrees(match[4], match[5], match[6] or "", 3)
    altitude = float(match[7]) if match[7] else None
    return located(where, latitude, longitude, altitude)


def located(
    where: str, latitude: float, longitude: float, altitude: float | None = None
) -> list[Finding]:
    """Return the finding for a position in degrees; one of 0, 0 stands for none known."""
    if latitude == 0 == longitude:
        return [finding("hidden.metadata", where, "a position left blank")]
    if not valid(latitude, longitude):
        return []
    return [place(where, latitude, longitude, altitude)]


def _degrees(sign: str, digits: str, fraction: str, width: int) -> float:
    """Return degrees of which so many digits are whole ones, further pairs minutes and seconds."""
    parts = [digits[:width], *(digits[at : at + 2] for at in range(width, len(digits), 2))]
    parts[-1] += fraction
    degrees = sum(float(part) / float(60**power) for power, part in enumerate(parts))
    return -degrees if sign == "-" else degrees
