"""The catalogue of what a file can give away: one entry for each kind.

Levels, reasons and sentences are read here by the report, the card on the terminal, the page and
docs/exposures.md alike. The short forms of titles are in `wording/phrases.py`.
"""

from unexposed.catalogue._combinations import COMBINATIONS, Combination, combined
from unexposed.catalogue._entries import DESTINATION, HEIGHTENED, KINDS, VARIANTS, key_of
from unexposed.catalogue._entry import Entry
from unexposed.catalogue._level import Level

__all__ = [
    "COMBINATIONS",
    "DESTINATION",
    "HEIGHTENED",
    "KINDS",
    "VARIANTS",
    "Combination",
    "Entry",
    "Level",
    "combined",
    "key_of",
]
