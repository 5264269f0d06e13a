"""The table itself, and what makes a finding a special one of its kind."""

from __future__ import annotations

from typing import Final

from unexposed.catalogue._content import CONTENT
from unexposed.catalogue._entry import CRITICAL, HIGH, Entry, Phrase
from unexposed.catalogue._facts import FACTS
from unexposed.catalogue._families import FAMILIES, OTHER
from unexposed.catalogue._level import Level
from unexposed.catalogue._traces import TRACES

KINDS: Final[dict[str, Entry]] = FACTS | CONTENT | TRACES
"""Dotted name -> its entry. Of two that matter as much, the one that stands first is told first."""

VARIANTS: Final[dict[str, Entry]] = {
    "location.gps/home": Entry(
        CRITICAL,
        "where home is",
        "It leads to the door of the person's home.",
        "It was taken {value}.",
        KINDS["location.gps"].cleaning,
        heading="place of home",
    ),
    "location.gps/destination": Entry(
        HIGH,
        "where somebody was heading",
        "It leads to the very spot where somebody was heading.",
        "Somebody was heading for a place {value}.",
        KINDS["location.gps"].cleaning,
        heading="place",
        noun="a destination",
        telling=True,
    ),
    "content.thumbnail/other": Entry(
        HIGH,
        "a small picture that shows something else",
        "It shows what the picture itself does not show any more.",
        "A small picture is hidden in it that shows something else ({value}).",
        heading="thumbnail",
        noun="a hidden thumbnail that showed something else",
    ),
}
"""Kind and what is special about a finding -> its entry."""

HEIGHTENED: Final = {
    "content.thumbnail": "content.thumbnail/other",
    "location.gps": "location.gps/home",
}
"""Kind -> the variant that a finding is which matters more than its kind usually does."""

DESTINATION: Final = " destination"
"""How the place of a position ends that tells where somebody was heading."""


def key_of(kind: str, level: Level, where: str) -> str:
    """Return a finding's key in `VARIANTS` where it is a special one, else its kind."""
    if kind == "location.gps" and all(one.endswith(DESTINATION) for one in where.split(", ")):
        return f"{kind}/destination"
    if kind in HEIGHTENED and level.rank > KINDS[kind].level.rank:
        return HEIGHTENED[kind]
    return kind


def entry_of(key: str) -> Entry | None:
    """Return what is said of findings of a key; None for a key that is not known here."""
    return VARIANTS.get(key) or KINDS.get(key)


def phrase_of(key: str) -> Phrase:
    """Return what a finding of a key is called in short; there is a phrase for unknown ones, too."""
    if entry := entry_of(key):
        return entry.phrase
    family = FAMILIES.get(key.partition(".")[0])
    return family.others if family else OTHER


def phrases() -> list[Phrase]:
    """Return the phrases of all entries in the order of telling, special ones before their kind."""
    return [
        entry.phrase
        for kind, usual in KINDS.items()
        for entry in (*(VARIANTS[key] for key in VARIANTS if key.startswith(f"{kind}/")), usual)
    ]
