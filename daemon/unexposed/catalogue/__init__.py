"""The catalogue of what a file can give away: one entry for each kind.

Levels, reasons and sentences are read here by the report, the card on the terminal, the page and
docs/exposures.md, and the short forms by titles and bodies of notifications. The order of the table
is the order of telling: of two facts of one level the first is told first.
"""

from unexposed.catalogue._combinations import COMBINATIONS, Combination, combined
from unexposed.catalogue._entries import (
    DESTINATION,
    HEIGHTENED,
    KINDS,
    VARIANTS,
    entry_of,
    key_of,
    phrase_of,
    phrases,
)
from unexposed.catalogue._entry import Entry, Phrase
from unexposed.catalogue._families import FAMILIES, OTHER, Family
from unexposed.catalogue._level import Level

__all__ = [
    "COMBINATIONS",
    "DESTINATION",
    "FAMILIES",
    "HEIGHTENED",
    "KINDS",
    "OTHER",
    "VARIANTS",
    "Combination",
    "Entry",
    "Family",
    "Level",
    "Phrase",
    "combined",
    "entry_of",
    "key_of",
    "phrase_of",
    "phrases",
]
