"""What is said of one kind of exposed fact, and the sentences that several kinds share."""

from __future__ import annotations

from typing import Final, NamedTuple

import msgspec

from unexposed.catalogue._level import Level

LOW, MEDIUM, HIGH, CRITICAL = Level.LOW, Level.MEDIUM, Level.HIGH, Level.CRITICAL

REMOVED: Final = "It is removed."
KEPT_ON_WISH: Final = "It is removed, unless a policy keeps it."
IN_THE_PICTURE: Final = "It is part of the picture itself and stays."
UNLESS_COVERED: Final = "It is part of the picture itself and stays, unless a policy covers it."
IN_THE_NAME: Final = "It stays in the copy's name, unless the policy gives a new one."
IN_THE_CODING: Final = "It stays in a lossless copy; only encoding again replaces it."
STAYING: Final = (IN_THE_PICTURE, UNLESS_COVERED, IN_THE_NAME, IN_THE_CODING)
TIME_ROUNDED: Final = "It is removed, or rounded where a policy keeps the date."

WHERE: Final = "It leads to where somebody was."
WHO: Final = "It leads to a person by name."
LINKS: Final = "It ties files to each other that nobody would link otherwise."
NARROWS: Final = "By itself it hardly tells anything; beside other facts it narrows them down."
PERHAPS: Final = "Nobody can say beforehand what it holds."
ABUSE: Final = "Whoever reads it can use it at once."
ACCOUNT: Final = "It opens an account or a network to whoever reads it."
IDENTITY: Final = "It is enough to act in somebody's name."
OTHERS: Final = "It shows more than whoever shares the picture can see."
READS: Final = "What can be read in a picture can be searched for."


class Phrase(NamedTuple):
    """A heading for titles ("time removed") and a noun for sentences ("it gave away the time").

    `telling` is set where the value itself tells a person something.
    """

    heading: str
    noun: str
    telling: bool = False


class _Account(msgspec.Struct, frozen=True):
    level: Level
    tells: str
    why: str
    sentence: str
    cleaning: str = REMOVED


class Entry(_Account, frozen=True, kw_only=True):
    """What is said of one kind of exposed fact.

    `tells` completes "it gives away"; `why` is the reason for the level. `sentence` has the value
    in it, as `{value}`. `cleaning` says what a clean copy does about it. `heading`, `noun` and
    `telling` make its `phrase`; the noun is `tells` where that is short enough.
    """

    heading: str
    noun: str = ""
    telling: bool = False

    @property
    def phrase(self) -> Phrase:
        """What it is called where there is room for a word or two."""
        return Phrase(self.heading, self.noun or self.tells, self.telling)

    @property
    def stays(self) -> bool:
        """Whether a lossless copy under the same name still shows it."""
        return self.cleaning in STAYING
