"""Positions: degrees with decimals, degrees with minutes and seconds, plus codes, three words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unexposed.vision.text.judges.match import Match, of

_DECIMAL = re.compile(
    r"(?<![\w.])(?P<lat>[-+−]?\d{1,2}\.\d{4,9})\s?°?\s?[NS]?\s?[,;/ ]\s?(?P<lon>[-+−]?\d{1,3}\.\d{4,9})\s?°?\s?[EWO]?(?![\w.])"
)
_NAMED = re.compile(
    r"\blat(?:itude)?\.?\s?[:=]?\s?(?P<lat>[-+−]?\d{1,2}\.\d{2,9})\s?°?\s?[NS]?\W{0,4}"
    r"(?:lon|lng|long)(?:gitude|itude)?\.?\s?[:=]?\s?(?P<lon>[-+−]?\d{1,3}\.\d{2,9})",
    re.IGNORECASE,
)
_HEMISPHERES = re.compile(
    r"(?<![\w.])(?P<lat>\d{1,2}\.\d{2,9})\s?°?\s?[NS]\W{1,3}(?P<lon>\d{1,3}\.\d{2,9})\s?°?\s?[EWO](?!\w)"
)
# Signs of minutes and seconds are mistaken for one another, those of degrees for a nought; those of
# minutes are lost between digits.
_SIGN = "['’′`\"”″“]"
_MINUTES = (
    rf"\s?[°º⁰˚0oO]\s?(?:\d{{1,2}}(?:\.\d+)?\s?{_SIGN}(?:\s?\d{{1,2}}(?:[.,]\d+)?\s?{_SIGN}{{1,2}})?"
    rf"|\d{{4}}(?:[.,]\d+)?\s?{_SIGN}{{1,2}})\s?"
)
_SEXAGESIMAL = re.compile(
    rf"(?<![\w.])(?P<lat>\d{{1,2}}){_MINUTES}[NS]\W{{0,4}}(?P<lon>\d{{1,3}}){_MINUTES}[EWO]"
)
_PLUS_CODE = re.compile(
    r"(?<!\w)[23456789CFGHJMPQRV][23456789CFGHJMPQRVWX]{7}\+[23456789CFGHJMPQRVWX]{2,3}(?!\w)"
)
_THREE_WORDS = re.compile(
    r"(?:///|what3words\.com/|w3w\.co/)[a-z]{3,20}\.[a-z]{3,20}\.[a-z]{3,20}\b"
)


def find(text: str) -> Iterator[Match]:
    """Yield the positions in a text."""
    for pattern in (_NAMED, _HEMISPHERES, _SEXAGESIMAL, _DECIMAL):
        for found in pattern.finditer(text):
            latitude, longitude = (float(found[k].replace("−", "-")) for k in ("lat", "lon"))
            if abs(latitude) <= 90 and abs(longitude) <= 180:
                yield of("content.text.coordinates", found)
    for pattern in (_PLUS_CODE, _THREE_WORDS):
        for found in pattern.finditer(text):
            yield of("content.text.coordinates", found)
