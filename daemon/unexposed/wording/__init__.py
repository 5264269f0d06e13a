"""Findings and outcomes as sentences for a person.

Everything that is said was read from the file; "removed" is said only of what the clean copy
was checked not to hold.
"""

from unexposed.wording.accounts import (
    cleaning,
    explain,
    levelled,
    paragraph,
    sentence,
    shown,
    why,
)
from unexposed.wording.burst import Burst
from unexposed.wording.characters import harmless, shortened
from unexposed.wording.notice import Notice
from unexposed.wording.sentences import MAX_BODY, MAX_TITLE, body, title

__all__ = [
    "MAX_BODY",
    "MAX_TITLE",
    "Burst",
    "Notice",
    "body",
    "cleaning",
    "explain",
    "harmless",
    "levelled",
    "paragraph",
    "sentence",
    "shortened",
    "shown",
    "title",
    "why",
]
