"""Forgetting what files gave away, without doing them again.

What is forgotten leaves the database's files, too: SQLite zeroes what it deletes, its log is
emptied, and after `forget` the whole database is written anew.
"""

from __future__ import annotations

import os
import sqlite3

from unexposed.ledger.database import Database
from unexposed.ledger.entry import sealed, stored

_REPORTS = 10_000
"""Finished files whose reports are kept, at about 6 KB each; of older ones the rest of the row."""


class Forgetting(Database):
    """The part of the ledger that lets go."""

    def forget_old_reports(self, before: float = 0.0) -> None:
        """Drop the reports of files that were finished long ago; their outcomes stay.

        That is before a time (seconds since the epoch), and before the last `_REPORTS` files.
        """
        with self._transaction() as db:
            dropped = db.execute(
                "UPDATE jobs SET report = NULL WHERE report IS NOT NULL AND (finished_at < ?"
                " OR finished_at <= (SELECT finished_at FROM jobs WHERE report IS NOT NULL"
                " ORDER BY finished_at DESC LIMIT 1 OFFSET ?))",
                (before, _REPORTS),
            ).rowcount
            dropped += db.execute(
                "UPDATE copies SET report = NULL WHERE report IS NOT NULL AND finished_at < ?",
                (before,),
            ).rowcount
        if dropped:
            self._wipe(wholly=False)

    def forget(self, *paths: str) -> tuple[int, bool]:
        """Forget files by their own paths or their clean copies', or all files without any.

        Of what one was, stays by which a file is known again that did not change: a seal of the path,
        and its identity. What `clean` noted goes altogether. Returns how many files were
        forgotten, and whether all traces could be wiped.
        """
        files: set[str | bytes] = set()
        with self._transaction() as db:
            for path in paths:
                files |= self._forget_those(db, "(path = ?1 OR output = ?1)", stored(path))
            if not paths:
                files = self._forget_those(db, "1")
        return len(files), self._wipe(wholly=True)

    def _forget_those(
        self, db: sqlite3.Connection, about: str, *which: str | bytes
    ) -> set[str | bytes]:
        """Forget the rows that a condition fits; return the paths of what was forgotten."""
        finished = f"state IN ('done', 'baseline') AND NOT forgotten AND {about}"
        rows = db.execute(f"SELECT DISTINCT path FROM jobs WHERE {finished}", which).fetchall()  # noqa: S608
        made = db.execute(f"SELECT DISTINCT path FROM copies WHERE {about}", which).fetchall()  # noqa: S608
        db.execute(f"DELETE FROM copies WHERE {about}", which)  # noqa: S608
        for row in rows:
            self._forget_one(db, row["path"])
        return {row["path"] for row in (*rows, *made)}

    def _forget_one(self, db: sqlite3.Connection, name: str | bytes) -> None:
        """Seal the newest finished row of a path; delete those of what it was earlier."""
        newest, *older = db.execute(
            "SELECT id, output FROM jobs WHERE path = ? AND state IN ('done', 'baseline')"
            " ORDER BY id DESC",
            (name,),
        ).fetchall()
        db.executemany("DELETE FROM jobs WHERE id = ?", [(row["id"],) for row in older])
        output = newest["output"]
        db.execute(
            "UPDATE jobs SET forgotten = 1, path = ?, output = ?, report = NULL, reason = '',"
            " level = NULL, digest = NULL WHERE id = ?",
            (
                self._names(os.fsdecode(name))[1],
                self._names(os.fsdecode(output))[1] if output else None,
                newest["id"],
            ),
        )

    def _names(self, path: str) -> tuple[str | bytes, bytes]:
        """Return under which names a path may stand: as it is, and sealed."""
        return stored(path), sealed(path, self._seal)
