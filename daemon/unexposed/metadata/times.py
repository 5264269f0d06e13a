"""Dates and times as metadata writes them, brought into one form."""

from __future__ import annotations

import re

_MOMENT = re.compile(
    r"(\d{4})[:\-/.](\d\d)[:\-/.](\d\d)(?:[ T]+(\d\d):(\d\d)(?::(\d\d)([.,]\d{1,9})?)?"
    r"\s*(Z|[+\-]\d\d:?\d\d)?)?"
)
_OFFSET = re.compile(r"[+\-]\d\d:\d\d")


def moment(text: str, fraction: str = "", offset: str = "") -> str:
    """Return "2025-04-01 18:22:05.123+01:00" from the ways in which a time is written.

    `fraction` and `offset` are sub-seconds and time zone that stand elsewhere. Text of another
    form comes back as it is; a date of zeros or blanks, which means unknown, as "".
    """
    text = text.strip()
    if not text.strip("0 :-/.TZ"):
        return ""
    match = _MOMENT.fullmatch(text)
    if match is None:
        return text
    year, month, day, hour, minute, second, own_fraction, own_offset = match.groups()
    date = f"{year}-{month}-{day}"
    if hour is None:
        return date
    if own_fraction is None:
        own_fraction = f".{fraction[:9]}" if second is not None and fraction.isdigit() else ""
    own_fraction = own_fraction.replace(",", ".")
    clock = f"{hour}:{minute}" + (f":{second}{own_fraction}" if second is not None else "")
    return f"{date} {clock}{own_offset or zone(offset)}"


def zone(offset: str) -> str:
    """Return an offset such as "+01:00" if it is one, "" otherwise."""
    return offset if _OFFSET.fullmatch(offset) else ""
