"""Files that finished together, summed up in one title and one body."""

from __future__ import annotations

from collections import Counter
from functools import reduce
from operator import add
from typing import Final, Self

import msgspec

from unexposed.exposure import Outcome
from unexposed.wording.facts import NOTABLE, facts_in
from unexposed.wording.language import digits, tr, translatable, trn
from unexposed.wording.notice import Notice
from unexposed.wording.sentences import MAX_BODY, because, body, called, copies, title

_COUNTED: Final = {
    Outcome.CLEANED: (
        translatable("{number} picture cleaned"),
        translatable("{number} pictures cleaned"),
        translatable("{number} cleaned"),
    ),
    Outcome.INSPECTED: (
        translatable("{number} picture looked at"),
        translatable("{number} pictures looked at"),
        translatable("{number} looked at"),
    ),
    Outcome.HELD: (
        translatable("{number} picture held back"),
        translatable("{number} pictures held back"),
        translatable("{number} held back"),
    ),
    Outcome.FAILED: (
        translatable("{number} picture failed"),
        translatable("{number} pictures failed"),
        translatable("{number} failed"),
    ),
    Outcome.WAITING: (
        translatable("{number} picture waiting"),
        translatable("{number} pictures waiting"),
        translatable("{number} waiting"),
    ),
    Outcome.SKIPPED: (
        translatable("{number} picture skipped"),
        translatable("{number} pictures skipped"),
        translatable("{number} skipped"),
    ),
}
"""Outcome -> how one file and how several are counted, and how those behind a first number."""
_WITHOUT_COPY: Final = (Outcome.HELD, Outcome.FAILED, Outcome.WAITING)
_LATEST: Final = 32
"""Files that are known to be the same when they are told of again, as after another try."""
_MAX_TROUBLE: Final = 80
"""Characters of a summary that a file without a copy may take."""


class Burst(msgspec.Struct, frozen=True):
    """One file or more; bursts add up, and one of a million files is no larger than one of three.

    `told` counts files by (order of weight, what they gave away); `weights` are the ranks of
    its level and of what `worst` told. `trouble` is the first file without a copy. `latest` are
    bursts of the last few files, each its own, and `before` is that of all others.
    """

    outcomes: Counter[Outcome]
    told: Counter[tuple[tuple[int, int], str]]
    worst: Notice
    weights: list[int]
    trouble: Notice | None
    latest: tuple[Burst, ...] = ()
    before: Burst | None = None

    @classmethod
    def of(cls, notice: Notice) -> Self:
        """Return the burst of one file."""
        facts = facts_in(notice.report)
        return cls(
            outcomes=Counter([notice.outcome]),
            told=Counter((fact.order, fact.noun(detailed=False)) for fact in facts),
            worst=notice,
            weights=[notice.report.level.rank, *(fact.rank for fact in facts)]
            if notice.report and facts
            else [],
            trouble=notice if notice.outcome in _WITHOUT_COPY else None,
        )

    def followed_by(self, later: Burst) -> Burst:
        """Return both together; of a file that is in both, as one saved again, only what it is now."""
        again = {one.worst.path for one in later._files} - {""}
        kept = tuple(one for one in self._files if one.worst.path not in again)
        if not kept and self._rest is None:
            return later
        files = (*kept, *later._files)
        rest = [one for one in (self._rest, later._rest) if one is not None]
        rest += files[:-_LATEST]
        files = files[-_LATEST:]
        both = self + later if len(kept) == len(self._files) else reduce(add, (*rest, *files))
        return msgspec.structs.replace(
            both, latest=files, before=reduce(add, rest) if rest else None
        )

    @property
    def _files(self) -> tuple[Burst, ...]:
        """The files that are known one by one."""
        return (self,) if self.outcomes.total() == 1 else self.latest

    @property
    def _rest(self) -> Burst | None:
        """All others, summed up."""
        return self.before if self._files else self

    def __add__(self, later: Burst) -> Burst:
        heavier = later if later.weights > self.weights else self
        return Burst(
            outcomes=self.outcomes + later.outcomes,
            told=self.told + later.told,
            worst=heavier.worst,
            weights=heavier.weights,
            trouble=self.trouble or later.trouble,
        )

    def title(self) -> str:
        """Return "14 pictures cleaned, 1 held back", or the title of the only file."""
        if self.outcomes.total() == 1:
            return title(self.worst)
        counted = [(self.outcomes[one], words) for one, words in _COUNTED.items()]
        (number, words), *others = [one for one in counted if one[0]]
        first = tr(words[0] if number == 1 else words[1]).format(number=digits(number))
        return ", ".join(
            [first, *(tr(words[2]).format(number=digits(number)) for number, words in others)]
        )

    def body(self) -> str:
        """Return what most matters of all files, or the body of the only one."""
        if self.outcomes.total() == 1:
            return body(self.worst)
        trouble, copies = self._trouble(), self._copies()
        worst = ""
        if self.weights and self.weights[0] >= NOTABLE:
            worst = tr("Worst: {name}.").format(name=called(self.worst.name))
        room = MAX_BODY - sum(len(one) + 1 for one in (trouble, copies) if one)
        told = self._told(room - len(worst) - 1)
        if not told:
            worst, told = "", self._told(room)
        return " ".join(filter(None, (trouble, told, worst, copies)))

    def _trouble(self) -> str:
        if self.trouble is None:
            return ""
        others = sum(self.outcomes[one] for one in _WITHOUT_COPY) - 1
        name = called(self.trouble.name)
        if others:
            return trn(
                "No copy of {name} and {number} more.",
                "No copy of {name} and {number} more.",
                others,
                name=name,
            )
        begins = tr("No copy of {name}").format(name=name)
        return because(begins, self.trouble.reason, _MAX_TROUBLE)

    def _told(self, room: int) -> str:
        """Return "9 gave away the place, the time; 4 the author."."""
        if not self.told:
            return tr("Nothing was found in them that gives anything away.")
        counted = sorted(self.told.items())
        notable = [one for one in counted if -one[0][0][0] >= NOTABLE] or counted
        said, last = "", 0
        for (_, noun), number in notable:
            if not said:
                longer = trn(
                    "{number} gave away {noun}", "{number} gave away {noun}", number, noun=noun
                )
            else:
                longer = f"{said}, {noun}" if number == last else f"{said}; {digits(number)} {noun}"
            if len(longer) >= room:
                break
            said, last = longer, number
        return f"{said}." if said else ""

    def _copies(self) -> str:
        number = self.outcomes[Outcome.CLEANED]
        return copies(self.worst, number) if number else ""
