"""Judges: one module for each thing that a text can give away, from text to matches.

They know nothing of pictures. Where two of them see something in the same characters, the one
that stands first in `JUDGES` is believed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from unexposed.vision.text.judges import (
    account,
    address,
    badge,
    birth_date,
    card,
    coordinates,
    email,
    iban,
    link,
    national_id,
    network,
    passport,
    password,
    phone,
    plate,
    secret,
)
from unexposed.vision.text.judges.match import Match

__all__ = ["JUDGES", "Match", "judge"]

JUDGES: Final[tuple[Callable[[str], Iterator[Match]], ...]] = (
    passport.find,
    link.find,
    secret.find,
    email.find,
    coordinates.find,
    iban.find,
    card.find,
    national_id.find,
    birth_date.find,
    network.find,
    password.find,
    phone.find,
    plate.find,
    address.find,
    badge.find,
    account.find,
)

MAX_TEXT = 4_000
"""Characters that are judged at once; more than that no line has."""

# What readers of full-width alphabets write for these; one character stays one character.
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}


def judge(text: str) -> list[Match]:
    """Return what a text gives away, in order; no two matches share a character."""
    plain = text[:MAX_TEXT].translate(_WIDE)
    taken: list[Match] = []
    for find in JUDGES:
        for match in find(plain):
            if not any(match.start < other.end and other.start < match.end for other in taken):
                taken.append(match)
    return sorted(taken, key=lambda match: match.start)
