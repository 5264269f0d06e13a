"""What was done: of a file, last, or within a time, and which copies came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from unexposed.clock import EARLIEST
from unexposed.exposure import Outcome, Report
from unexposed.ledger.database import Database
from unexposed.ledger.entry import Entry, entry_of, stored

_AT_ONCE: Final = 200
"""Rows that are held in memory at a time, each with its report."""


class LookingBack(Database):
    """Finished files by when they were; times are seconds since the epoch."""

    def about(self, path: str) -> Entry | None:
        """Return the newest finished entry of a file, by its own path or that of its clean copy."""
        return self._one(
            "SELECT * FROM jobs WHERE state = 'done' AND NOT forgotten AND path = ?"
            " UNION ALL SELECT * FROM jobs WHERE state = 'done' AND NOT forgotten AND output = ?"
            " ORDER BY finished_at DESC, id DESC LIMIT 1",
            (stored(path), stored(path)),
        )

    def report_of(self, job: Entry) -> Report | None:
        """Return what is remembered of what a job's file gave away; None once that was dropped."""
        found = self._one("SELECT * FROM jobs WHERE id = ?", (job.id,))
        return found.report if found else None

    def history(
        self, limit: int, *, outcomes: Sequence[Outcome] = tuple(Outcome), current: bool = False
    ) -> list[Entry]:
        """Return the entries that were finished last, the newest first.

        With `current` only what holds of a file now, nothing of what it was before.
        """
        marks = ", ".join("?" * len(outcomes))
        return self._entries(
            f"SELECT * FROM jobs WHERE state = 'done' AND outcome IN ({marks})"  # noqa: S608
            " AND NOT forgotten"
            " AND current >= ? ORDER BY finished_at DESC, id DESC LIMIT ?",
            (*(one.value for one in outcomes), int(current), limit),
        )

    def finished_since(self, moment: float) -> int:
        """Count the files that were finished at a moment or later, those passed over left out."""
        (row,) = self._rows(
            "SELECT COUNT(*) AS files FROM jobs WHERE state = 'done' AND finished_at >= ?"
            " AND outcome <> 'skipped'",
            (moment,),
        )
        return int(row["files"])

    def at_hand(self) -> list[Entry]:
        """Return the jobs that are being worked on."""
        rows = self._rows("SELECT * FROM jobs WHERE state IN ('working', 'publishing')")
        return [entry_of(row) for row in rows]

    def done_since(self, moment: float) -> Iterator[Entry]:
        """Yield what holds of each file that was finished at a moment or later, in that order."""
        return self._each("finished_at >= ? AND current = 1 AND NOT forgotten", moment)

    def copied_before(self, moment: float) -> Iterator[Entry]:
        """Yield the finished jobs of before a moment that made a copy, in their order.

        When those were that a clock which had not been set yet put before 2025, nobody knows.
        """
        old = f"finished_at < ? AND finished_at >= {EARLIEST}"
        return self._each(f"{old} AND output IS NOT NULL AND NOT forgotten", moment)

    def _each(self, condition: str, moment: float) -> Iterator[Entry]:
        """Yield finished jobs by their number; others may write between one and the next."""
        last = 0
        while True:
            rows = self._rows(
                f"SELECT * FROM jobs WHERE state = 'done' AND {condition} AND id > ?"  # noqa: S608
                " ORDER BY id LIMIT ?",
                (moment, last, _AT_ONCE),
            )
            if not rows:
                return
            yield from map(entry_of, rows)
            last = rows[-1]["id"]

    def _entries(self, query: str, values: Sequence[object] = ()) -> list[Entry]:
        return [entry_of(row) for row in self._rows(query, values)]

    def _one(self, query: str, values: Sequence[object]) -> Entry | None:
        found = self._entries(query, values)
        return found[0] if found else None
