"""Findings and outcomes as sentences for a person.

Everything that is said was read from the file; "removed" is said only of what the clean copy
was checked not to hold.
"""

from unexposed.wording.accounts import (
    cleaning,
    explain,
    levelled,
    noun,
    paragraph,
    sentence,
    shown,
    stays,
    why,
)
from unexposed.wording.burst import Burst
from unexposed.wording.characters import harmless, shortened
from unexposed.wording.language import digits, prefer, tr, trn
from unexposed.wording.notice import Notice
from unexposed.wording.sentences import MAX_BODY, MAX_TITLE, body, title
from unexposed.wording.visible import is_covered, numbered

__all__ = [
    "MAX_BODY",
    "MAX_TITLE",
    "Burst",
    "Notice",
    "body",
    "cleaning",
    "digits",
    "explain",
    "harmless",
    "is_covered",
    "levelled",
    "noun",
    "numbered",
    "paragraph",
    "prefer",
    "sentence",
    "shortened",
    "shown",
    "stays",
    "title",
    "tr",
    "trn",
    "why",
]
