"""Dates and times as metadata writes them, brought into one form."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

_MOMENT = re.compile(
    r"(\d{4})[:\-/.](\d\d)[:\-/.](\d\d)(?:[ T]+(\d\d):(\d\d)(?::(\d\d)([.,]\d{1,9})?)?"
    r"\s*(Z|[+\-]\d\d:?\d\d)?)?"
)
_OFFSET = re.compile(r"([+\-])(\d\d):([0-5]\d)")
_EARTH = range(-12 * 60, 14 * 60 + 1)
"""Minutes from Greenwich that clocks are set to anywhere."""


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
    """Return an offset such as "+01:00" if clocks are set to it anywhere, "" otherwise."""
    match = _OFFSET.fullmatch(offset)
    if match is None:
        return ""
    minutes = 60 * int(match[2]) + int(match[3])
    return offset if (-minutes if match[1] == "-" else minutes) in _EARTH else ""


def zone_of_hours(hours: float) -> str:
    """Return a whole number of hours from Greenwich as "+01:00", "" for any other number."""
    return zone(f"{int(hours):+03d}:00") if hours % 1 == 0 else ""


def instant(told: str) -> datetime | None:
    """Return the moment that `moment` told, None for text that names none.

    One without a time zone counts as told in Greenwich's.
    """
    try:
        read = datetime.fromisoformat(told)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def span(moments: Iterable[str]) -> tuple[str, str] | None:
    """Return the first and the last of moments as they were told, None where none is known.

    They are compared as moments, not as text: a time zone may put the later digits first.
    """
    known = {told: at for told in moments if (at := instant(told)) is not None}
    return (min(known, key=known.__getitem__), max(known, key=known.__getitem__)) if known else None
