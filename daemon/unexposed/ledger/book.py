"""The daemon's jobs: which files came in, and what became of each.

A job is "queued", taken ("working"), about to have its copy ("publishing"), and "done". Whatever
comes between, an error or the end of the process, `settle` brings it out of the two in the middle.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections import Counter
from collections.abc import Collection, Iterable

import msgspec

from unexposed.exposure import Level, Outcome, Report
from unexposed.identity import Identity
from unexposed.ledger.entry import (
    Entry,
    copy_columns,
    copy_of,
    entry_of,
    identity_of,
    packed,
    stored,
)
from unexposed.ledger.forgetting import Forgetting
from unexposed.ledger.looking_back import LookingBack
from unexposed.ledger.share import EVERY, Share
from unexposed.ledger.values import plain_reason
from unexposed.outbox import Copy

_LONGEST_WAIT = 120.0
"""Seconds; a job that is to wait longer was told so by a clock that was set back since."""

_BEGUN = "state IN ('working', 'publishing')"


class Ledger(Forgetting, LookingBack):
    """The jobs and their outcomes."""

    keep_values = True
    """Whether the exposed facts themselves are written down, and not only their kinds."""

    def first_time(self, root: str) -> bool:
        """Whether what was in a watched folder before is not yet known."""
        return not self._rows("SELECT 1 FROM folders WHERE root = ? AND known", (stored(root),))

    def meet(self, root: str, now: int) -> int:
        """Return when a watched folder was met first, which is `now` if it never was; nanoseconds."""
        with self._transaction() as db:
            db.execute(
                "INSERT OR IGNORE INTO folders (root, met_ns) VALUES (?, ?)", (stored(root), now)
            )
            row = db.execute("SELECT met_ns FROM folders WHERE root = ?", (stored(root),))
            return int(row.fetchone()["met_ns"])

    def remember(
        self, root: str, files: Iterable[tuple[str, tuple[int, int, int, int, int]]]
    ) -> None:
        """Note files that were in a folder before it was first watched, and the folder as known.

        Each comes with the five numbers of an Identity. Files that the ledger knows already are
        passed over.
        """
        with self._transaction() as db:
            for path, state in files:
                one = Identity.of_state(state)
                db.execute(
                    "INSERT OR IGNORE INTO jobs"
                    " (path, root, policy, current, state, dev, ino, size, mtime_ns, ctime_ns)"
                    " VALUES (?, ?, '', 1, 'baseline', ?, ?, ?, ?, ?)",
                    (stored(path), stored(root), *msgspec.structs.astuple(one)),
                )
            db.execute(
                "INSERT INTO folders (root, met_ns, known) VALUES (?, ?, 1)"
                " ON CONFLICT (root) DO UPDATE SET known = 1",
                (stored(root), time.time_ns()),
            )

    def known(self, path: str, found: os.stat_result) -> bool:
        """Whether the file at `path`, as `found`, was dealt with or stands in the queue."""
        rows = self._rows(
            "SELECT state, dev, ino, size, mtime_ns, ctime_ns FROM jobs"
            " WHERE path IN (?, ?) AND current = 1",
            self._names(path),
        )
        if not rows:
            return False
        row = rows[0]
        now = Identity.of(found)
        if row["state"] == "queued":
            return True
        if row["state"] == "baseline":
            # a remount may give the device another number; who kept the time and size kept the file
            return (row["size"], row["mtime_ns"]) == (now.size, now.mtime_ns)
        return identity_of(row) == now

    def offer(self, path: str, root: str, policy: str) -> None:
        """Queue the file at `path`; one that is being worked on is queued again for afterwards."""
        with self._transaction() as db:
            changed = db.execute(
                "UPDATE jobs SET again = 1 WHERE path = ? AND current = 1"
                " AND state IN ('queued', 'working', 'publishing')",
                (stored(path),),
            )
            if not changed.rowcount:
                self._queue(db, path, root, policy)

    def next(self, now: float, share: Share = EVERY) -> Entry | None:
        """Take the oldest job of a share that may start at `now` (seconds since the epoch)."""
        within, roots = share.condition()
        with self._transaction() as db:
            row = db.execute(
                "SELECT * FROM jobs WHERE state = 'queued'"  # noqa: S608
                f" AND (not_before <= ? OR not_before > ?) AND {within}"
                " ORDER BY not_before, id LIMIT 1",
                (now, now + _LONGEST_WAIT, *roots),
            ).fetchone()
            if row is None:
                return None
            db.execute("UPDATE jobs SET state = 'working', again = 0 WHERE id = ?", (row["id"],))
            return entry_of(row)

    def waiting(self, share: Share = EVERY) -> float | None:
        """Return when the next queued job of a share may start, in seconds since the epoch.

        That is None without one.
        """
        within, roots = share.condition()
        rows = self._rows(
            "SELECT MIN(not_before) AS due FROM jobs"  # noqa: S608
            f" WHERE state = 'queued' AND {within}",
            roots,
        )
        due: float | None = rows[0]["due"]
        return due

    def unfinished(self) -> Counter[str]:
        """Count the jobs that are not done, by state: queued, working, publishing."""
        rows = self._rows(
            "SELECT state, COUNT(*) AS jobs FROM jobs"
            " WHERE state NOT IN ('done', 'baseline') GROUP BY state"
        )
        return Counter({row["state"]: row["jobs"] for row in rows})

    def before(self, job: Entry) -> Entry | None:
        """Return what was known of the path before this job: its last finished content."""
        return self._one(
            "SELECT * FROM jobs WHERE path IN (?, ?) AND id < ? AND state IN ('done', 'baseline')"
            " ORDER BY id DESC LIMIT 1",
            (*self._names(job.path), job.id),
        )

    def same_file_elsewhere(self, job: Entry, identity: Identity) -> list[Entry]:
        """Return finished entries of other paths that were this very file, before a rename."""
        return self._entries(
            "SELECT * FROM jobs WHERE ino = ? AND size = ? AND mtime_ns = ? AND dev = ?"
            " AND current = 1 AND path <> ? AND state IN ('done', 'baseline')",
            (identity.ino, identity.size, identity.mtime_ns, identity.dev, stored(job.path)),
        )

    def last_copy(self, job: Entry) -> Copy | None:
        """Return the newest copy that still stands of what was at the job's path.

        It may be this very job's, from an attempt that did not come to its end.
        """
        rows = self._rows(
            "SELECT output, output_dev, output_ino, output_size FROM jobs"
            " WHERE path = ? AND id <= ? AND output IS NOT NULL ORDER BY id DESC",
            (stored(job.path), job.id),
        )
        return next((copy for copy in map(copy_of, rows) if copy and copy.stands()), None)

    def is_copy(self, path: str, identity: Identity) -> bool:
        """Whether the file at a path is a copy that was made here, and that stands where it was put."""
        seal = self._names(path)[1]
        rows = self._rows(
            "SELECT output, output_dev, output_ino, output_size FROM jobs"
            " WHERE output_ino = ? AND output_size = ? AND output_dev = ? AND output IS NOT NULL",
            (identity.ino, identity.size, identity.dev),
        )
        if any(row["output"] == seal for row in rows):
            return True
        return any(copy.stands() for copy in map(copy_of, rows) if copy)

    def publishing(
        self, job: Entry, identity: Identity, digest: bytes | None, copy: Copy, report: Report
    ) -> None:
        """Note that the copy is about to appear, so that a crash can tell whether it did."""
        with self._transaction() as db:
            db.execute(
                "UPDATE jobs SET state = 'publishing', dev = ?, ino = ?, size = ?, mtime_ns = ?,"
                " ctime_ns = ?, digest = ?, output = ?, output_dev = ?, output_ino = ?,"
                " output_size = ?, level = ?, report = ? WHERE id = ?",
                (
                    *msgspec.structs.astuple(identity),
                    digest,
                    *copy_columns(copy),
                    report.level.value,
                    packed(report, values=self.keep_values),
                    job.id,
                ),
            )

    def finish(
        self,
        job: Entry,
        outcome: Outcome,
        *,
        identity: Identity | None = None,
        digest: bytes | None = None,
        reason: str = "",
        copy: Copy | None = None,
        report: Report | None = None,
    ) -> None:
        """Note what became of a job; when the file changed meanwhile it is queued anew.

        It may have been offered without a change, as by a start or a look through its folder. With
        a `digest` the next attempt sees that; without, it would take as long as this one.
        """
        columns = msgspec.structs.astuple(identity) if identity else (None, None, None, None, None)
        with self._transaction() as db:
            db.execute(
                "UPDATE jobs SET state = 'done', outcome = ?, reason = ?, dev = ?, ino = ?,"
                " size = ?, mtime_ns = ?, ctime_ns = ?, digest = ?, output = ?, output_dev = ?,"
                " output_ino = ?, output_size = ?, level = ?, report = ?, finished_at = ?"
                " WHERE id = ?",
                (
                    outcome.value,
                    reason if self.keep_values else plain_reason(reason),
                    *columns,
                    digest,
                    *copy_columns(copy),
                    report.level.value if report else Level.NONE.value,
                    packed(report, values=self.keep_values),
                    time.time(),
                    job.id,
                ),
            )
            if digest is not None or identity is None or not _is_at(job.path, identity):
                self._requeue_when_asked(db, job)

    def unchanged(self, job: Entry, before: Entry, identity: Identity) -> None:
        """Note that a job's file is what `before` was: under the same path or renamed.

        The job is dropped; the earlier entry moves to the path and identity of now.
        """
        with self._transaction() as db:
            row = db.execute("SELECT again FROM jobs WHERE id = ?", (job.id,)).fetchone()
            db.execute("DELETE FROM jobs WHERE id = ?", (job.id,))
            plain, seal = self._names(job.path)
            db.execute(
                "UPDATE jobs SET path = CASE WHEN forgotten THEN ? ELSE ? END, root = ?,"
                " current = 1, dev = ?, ino = ?, size = ?, mtime_ns = ?, ctime_ns = ? WHERE id = ?",
                (
                    seal,
                    plain,
                    stored(job.root),
                    *msgspec.structs.astuple(identity),
                    before.id,
                ),
            )
            if row["again"]:
                self._queue(db, job.path, job.root, job.policy)

    def drop(self, job: Entry) -> None:
        """Forget a job whose file is gone; what was known of the path before stands again."""
        with self._transaction() as db:
            row = db.execute("SELECT again FROM jobs WHERE id = ?", (job.id,)).fetchone()
            db.execute("DELETE FROM jobs WHERE id = ?", (job.id,))
            db.execute(
                "UPDATE jobs SET current = 1"
                " WHERE id = (SELECT MAX(id) FROM jobs WHERE path IN (?, ?))",
                self._names(job.path),
            )
            if row["again"]:
                self._queue(db, job.path, job.root, job.policy)

    def settle(self, until: float, reason: str, *, besides: Collection[int] = ()) -> int:
        """Bring every job out of "working" and "publishing"; return how many are queued again.

        One whose copy appeared is done. Any other is not to start before `until` (seconds since
        the epoch) for `reason`; what it noted of a copy stays, should that yet be found to stand.
        To be called while nobody is at work on a job but those with the numbers `besides`.
        """
        back = 0
        for job in self._entries(f"SELECT * FROM jobs WHERE {_BEGUN}"):  # noqa: S608
            if job.id in besides:
                continue
            appeared = job.state == "publishing" and job.copy is not None and job.copy.stands()
            with self._transaction() as db:
                if appeared:
                    db.execute(
                        "UPDATE jobs SET state = 'done', outcome = ?, reason = '', finished_at = ?"
                        " WHERE id = ?",
                        (Outcome.CLEANED.value, time.time(), job.id),
                    )
                    self._requeue_when_asked(db, job)
                else:
                    back += 1
                    db.execute(
                        "UPDATE jobs SET state = 'queued', not_before = ?, reason = ? WHERE id = ?",
                        (until, reason, job.id),
                    )
        return back

    def postpone_all(self, now: float, until: float, reason: str, share: Share = EVERY) -> None:
        """Have every job of a share that could start `now` wait for the same reason."""
        within, roots = share.condition()
        with self._transaction() as db:
            db.execute(
                "UPDATE jobs SET not_before = ?, reason = ?"  # noqa: S608
                f" WHERE state = 'queued' AND not_before <= ? AND {within}",
                (until, reason, now, *roots),
            )

    def amend(self, job: Entry, report: Report) -> None:
        """Replace a finished job's report by one that knows more; one that was dropped stays so."""
        with self._transaction() as db:
            db.execute(
                "UPDATE jobs SET level = ?, report = ? WHERE id = ? AND report IS NOT NULL",
                (report.level.value, packed(report, values=self.keep_values), job.id),
            )

    def recover(self) -> int:
        """Make ready for a new run; return how many jobs the last one did not bring to their end.

        No job waits any longer, for what it waited for may be over.
        """
        back = self.settle(0.0, "")
        with self._transaction() as db:
            db.execute("UPDATE jobs SET not_before = 0, reason = '' WHERE state = 'queued'")
        return back

    def retry(self, path: str | None = None) -> int:
        """Queue what was held back or failed once more, whatever is known of its content.

        That is the file at a path, or every file without one. Returns how many were queued.
        """
        where, which = ("", ()) if path is None else (" AND path = ?", (stored(path),))
        with self._transaction() as db:
            rows = db.execute(
                "SELECT id, path, root, policy FROM jobs WHERE state = 'done' AND current = 1"  # noqa: S608
                f" AND outcome IN ('held', 'failed') AND NOT forgotten{where}",
                which,
            ).fetchall()
            for row in rows:
                db.execute("UPDATE jobs SET digest = NULL WHERE id = ?", (row["id"],))
                self._queue(db, os.fsdecode(row["path"]), os.fsdecode(row["root"]), row["policy"])
        return len(rows)

    def counts(self) -> dict[str, int]:
        """Count files by their last outcome, with those in the queue as "queued"."""
        rows = self._rows(
            "SELECT CASE WHEN state = 'done' THEN outcome ELSE 'queued' END AS what,"
            " COUNT(*) AS files FROM jobs WHERE state <> 'baseline' AND current = 1 GROUP BY what"
        )
        return {row["what"]: row["files"] for row in rows}

    def held_up(self, limit: int) -> list[Entry]:
        """Return jobs that wait for something, the oldest first; `reason` tells for what."""
        return self._entries(
            "SELECT * FROM jobs WHERE state = 'queued' AND reason <> '' ORDER BY id LIMIT ?",
            (limit,),
        )

    def note(self, name: str, value: str) -> None:
        """Write down a fact about the daemon, for `status`."""
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)", (name, value))

    def fact(self, name: str) -> str | None:
        """Return a fact about the daemon."""
        rows = self._rows("SELECT value FROM facts WHERE name = ?", (name,))
        return rows[0]["value"] if rows else None

    def _queue(self, db: sqlite3.Connection, path: str, root: str, policy: str) -> None:
        db.execute(
            "UPDATE jobs SET current = 0 WHERE path IN (?, ?) AND current = 1", self._names(path)
        )
        db.execute(
            "INSERT INTO jobs (path, root, policy, current, state, queued_at)"
            " VALUES (?, ?, ?, 1, 'queued', ?)",
            (stored(path), stored(root), policy, time.time()),
        )

    def _requeue_when_asked(self, db: sqlite3.Connection, job: Entry) -> None:
        row = db.execute("SELECT again FROM jobs WHERE id = ?", (job.id,)).fetchone()
        if row["again"]:
            self._queue(db, job.path, job.root, job.policy)


def _is_at(path: str, identity: Identity) -> bool:
    """Whether a file is at a path just as it was."""
    try:
        return Identity.of(os.lstat(path)) == identity
    except OSError:
        return False
