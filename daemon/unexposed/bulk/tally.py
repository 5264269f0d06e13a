"""Many files summed up: what became of them, and what they would have told."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from unexposed.bulk.doing import Finished
from unexposed.exposure import KINDS, Level, Outcome


class Told(NamedTuple):
    """One kind of exposure: how many files told it, and in how many copies it still stands."""

    kind: str
    level: Level
    """The highest that it had in any file."""
    files: int
    kept: int


class Tally:
    """Counts of files; add each as it is finished."""

    def __init__(self) -> None:
        self.outcomes: Counter[Outcome] = Counter()
        """Files that this run did, by what became of them."""
        self.before = 0
        """Files that an earlier run did."""
        self._told: Counter[str] = Counter()
        self._kept: Counter[str] = Counter()
        self._levels: dict[str, Level] = {}

    @property
    def files(self) -> int:
        """All files."""
        return self.outcomes.total() + self.before

    @property
    def went_wrong(self) -> bool:
        """Whether any file was held back, or failed."""
        return bool(self.outcomes[Outcome.HELD] or self.outcomes[Outcome.FAILED])

    def add(self, finished: Finished) -> None:
        """Count one file."""
        if finished.before:
            self.before += 1
        else:
            self.outcomes[finished.result.outcome] += 1
        report = finished.result.report
        findings = report.findings if report else ()
        self._told.update({one.kind for one in findings})
        self._kept.update({one.kind for one in findings if one.removed is False})
        for one in findings:
            highest = self._levels.get(one.kind, one.level)
            self._levels[one.kind] = max(highest, one.level, key=lambda level: level.rank)

    def told(self) -> list[Told]:
        """Return what the files told, what matters most first."""
        told = [
            Told(kind, self._levels[kind], files, self._kept[kind])
            for kind, files in self._told.items()
        ]
        order = {kind: number for number, kind in enumerate(KINDS)}
        return sorted(told, key=lambda one: (-one.level.rank, -one.files, order.get(one.kind, 0)))
