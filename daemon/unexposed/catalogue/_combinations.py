"""Facts that matter more together than each of them does."""

from __future__ import annotations

from typing import Final, NamedTuple

from unexposed.catalogue._level import Level


class Combination(NamedTuple):
    """Facts that matter more together; one of each set of `parts` has to be there."""

    parts: tuple[frozenset[str], ...]
    level: Level
    why: str


_SPOT: Final = frozenset({"location.gps", "location.gps/home"})
_PERSON: Final = frozenset(
    {"person.author", "person.named", "person.contact", "device.owner", "account.id"}
)
_WHEN: Final = frozenset({"time.taken"})

COMBINATIONS: Final = (
    Combination(
        (_SPOT, _WHEN, _PERSON),
        Level.CRITICAL,
        "Place, time and person together say who was where and when.",
    ),
    Combination(
        (frozenset({"provenance.prompt"}), _PERSON),
        Level.CRITICAL,
        "Prompt and person together say who asked for what.",
    ),
    Combination(
        (frozenset({"location.place"}), _WHEN),
        Level.HIGH,
        "A named place and a time together say where somebody was and when.",
    ),
)
"""The worst first. A serial number makes none worse than high: it names nobody by itself."""


def combined(keys: frozenset[str]) -> Combination | None:
    """Return the worst combination that facts of these keys make."""
    for one in COMBINATIONS:
        if all(part & keys for part in one.parts):
            return one
    return None
