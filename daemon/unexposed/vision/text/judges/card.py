"""Numbers of payment cards: Luhn's sum (ISO/IEC 7812) and the ranges that issuers use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unexposed.vision.text.judges.match import Match, as_digits, told

_D = "[0-9OolISB]"
_CANDIDATE = re.compile(
    rf"(?<![\w.,/+-])(?<!\d[ -])(?:{_D}{{4}}[ -]?{_D}{{4}}[ -]?{_D}{{4}}[ -]?{_D}{{1,4}}(?:[ -]?{_D}{{3}})?"
    rf"|{_D}{{4}}[ -]?{_D}{{6}}[ -]?{_D}{{4,5}})(?!\w|[.,]\d|[ -]\d{{3}})"
)

# First and last prefix of a range, and the lengths of its numbers.
_ISSUERS: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("4", "4", (13, 16, 19)),  # Visa
    ("51", "55", (16,)),  # Mastercard
    ("2221", "2720", (16,)),
    ("34", "34", (15,)),  # American Express
    ("37", "37", (15,)),
    ("6011", "6011", (16, 19)),  # Discover
    ("644", "649", (16, 19)),
    ("65", "65", (16, 19)),
    ("300", "305", (14, 16)),  # Diners Club
    ("36", "36", (14,)),
    ("38", "39", (14, 16)),
    ("3528", "3589", (16,)),  # JCB
    ("62", "62", (16, 17, 18, 19)),  # UnionPay
    ("2200", "2204", (16,)),  # Mir
    ("50", "50", (16,)),  # Maestro
    ("56", "58", (16,)),
    ("67", "67", (16,)),
    ("9792", "9792", (16,)),  # Troy
    ("60", "60", (16,)),  # RuPay and Elo
)

_GOODS = re.compile(r"\b(?:EAN|GTIN|UPC|ISBN|ISSN|SKU)(?:-?\d{1,2})?\b", re.IGNORECASE)

_MISREAD = 3
"""Letters in place of digits up to which a sum that comes out counts."""


def find(text: str) -> Iterator[Match]:
    """Yield the card numbers in a text."""
    for found in _CANDIDATE.finditer(text):
        raw = re.sub(r"[ -]", "", found[0])
        if sum(not c.isdigit() for c in raw) > _MISREAD:
            continue
        number = as_digits(raw)
        if _issued(number) and _luhn(number) and not told(text, found.start(), _GOODS):
            yield Match("content.text.card", found.start(), found.end(), found[0])


def _issued(number: str) -> bool:
    return any(
        first <= number[: len(first)] <= last and len(number) in lengths
        for first, last, lengths in _ISSUERS
    )


def _luhn(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        total += sum(divmod(int(digit) * (1 + place % 2), 10))
    return total % 10 == 0 and len(set(number)) > 1
