"""Boarding passes: the text in their codes, as IATA's resolution 792 lays it out."""

from __future__ import annotations

import datetime
import re

# Fields of fixed width: those of the passenger, then those of the first flight.
_LAYOUT = re.compile(
    r"[MS][1-9](?P<name>[A-Z][A-Z '/.-]{19})[E ]"
    r"(?P<booking>[A-Z0-9 ]{7})(?P<origin>[A-Z]{3})(?P<destination>[A-Z]{3})"
    r"(?P<carrier>[A-Z0-9]{2}[A-Z0-9 ])(?P<flight>[0-9 ]{4}[A-Z0-9 ])(?P<day>[0-9]{3}| {3})"
    r"[A-Z0-9 ](?P<seat>[0-9A-Z ]{4})[0-9A-Z ]{5}[0-9A-Z ]",
    re.IGNORECASE,
)

_YEARS = ((2024, 366), (2025, 365))
"""A leap year and a common one, with their days."""


def boarding_pass(text: str) -> str:
    """Return who flies where and when, "" for a text that is no boarding pass."""
    found = _LAYOUT.match(text)
    if not found:
        return ""
    field = {name: value.strip() for name, value in found.groupdict().items()}
    family, _, given = field["name"].partition("/")
    flight = f"{field['carrier']} {field['flight'].lstrip('0')}".strip()
    told = [
        f"{given} {family}".strip(),
        f"booking {field['booking']}" if field["booking"] else "",
        f"{flight} {field['origin']}-{field['destination']}",
        _date(field["day"]),
        f"seat {field['seat'].lstrip('0')}" if field["seat"].strip("0") else "",
    ]
    return ", ".join(part for part in told if part)


def _date(day: str) -> str:
    """Return the day of a year, which the pass does not name: from March on there are two."""
    number = int(day or 0)
    if number < 1:
        return ""
    told = [_written(year, number) for year, days in _YEARS if number <= days]
    return " or ".join(dict.fromkeys(told))


def _written(year: int, number: int) -> str:
    date = datetime.date(year, 1, 1) + datetime.timedelta(days=number - 1)
    return f"{date.day} {date:%b}"
