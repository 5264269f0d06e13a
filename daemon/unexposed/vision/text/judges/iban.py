"""Numbers of bank accounts (ISO 13616): the country's shape and the check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unexposed.vision.text.judges.match import Match, as_digits, as_letters

_START = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2} ?[0-9OolISB]{2}(?=[ ]?[A-Z0-9OolISB])")
_MORE = re.compile(r"[A-Za-z0-9](?:[ -]?[A-Za-z0-9]){10,32}")
_SHORTEST = 15


def find(text: str) -> Iterator[Match]:
    """Yield the IBANs in a text, also where letters and digits were mistaken for one another."""
    from stdnum import iban

    end = 0
    for begun in _START.finditer(text):
        if begun.start() < end:
            continue
        long = _MORE.match(text, begun.start())
        if long is None:
            continue
        places = [i for i in range(long.start(), long.end()) if text[i].isalnum()]
        for count in range(len(places), _SHORTEST - 1, -1):
            last = places[count - 1] + 1
            if text[last : last + 1].isalnum():
                continue
            raw = "".join(text[i] for i in places[:count])
            if any(iban.is_valid(way) for way in _ways(raw)):
                end = last
                yield Match("content.text.iban", begun.start(), last, text[begun.start() : last])
                break


def _ways(raw: str) -> Iterator[str]:
    """Yield what the number may have been: as read, and with digits where letters stand."""
    yield raw
    checked = raw[:2] + as_digits(raw[2:4])
    if checked + raw[4:] != raw:
        yield checked + raw[4:].upper()
    if as_digits(raw[4:]) != raw[4:] or as_letters(raw[4:8]) != raw[4:8]:
        yield checked + as_digits(raw[4:])
        # Countries such as the United Kingdom begin with four letters of the bank.
        yield checked + as_letters(raw[4:8]) + as_digits(raw[8:])
