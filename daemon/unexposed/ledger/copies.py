"""The copies that `clean` made, so that a second run can pass over what is done.

A copy's row is written before the copy appears, and finished with the row of a later one. Of
several rows of a file the newest counts whose copy stands: so a run may be killed at any
moment, and the next one knows which copy to leave and which to replace.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from unexposed.exposure import Outcome, Report
from unexposed.identity import Identity
from unexposed.ledger.database import Database
from unexposed.ledger.entry import copy_columns, copy_of, identity_of, packed, stored
from unexposed.ledger.values import plain_reason
from unexposed.outbox import Copy

_BATCH = 64
"""Rows that wait for the next commit at most."""

_INSERT = (
    "INSERT INTO copies (path, outbox, rules, finished, dev, ino, size, mtime_ns, ctime_ns,"
    " outcome, reason, output, output_dev, output_ino, output_size, report, finished_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)

_REPORT = msgspec.json.Decoder(Report)


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """What was made of one file for one outbox. Paths are absolute.

    `rules` tells by which rules. Without a `copy` the file needed none. One that is not
    `finished` was about to appear: its report may be missing something.
    """

    path: str
    outbox: str
    rules: bytes
    identity: Identity
    copy: Copy | None = None
    finished: bool = False
    outcome: Outcome = Outcome.CLEANED
    reason: str = ""
    report: Report | None = None

    def stands(self) -> bool:
        """Whether what was made is still there."""
        return self.copy.stands() if self.copy is not None else self.finished


class _Announcement:
    """A copy that is about to appear, and whether that is durably noted."""

    def __init__(self, made: Made) -> None:
        self.made = made
        self.noted = False


class Copies(Database):
    """The list of copies; its methods may be called from any thread.

    They raise LedgerError when the database cannot be read or written.
    """

    def __init__(self, folder: Path, *, keep_values: bool = True) -> None:
        """Open the ledger in `folder`. Raises LedgerError when it cannot be opened.

        Without `keep_values` no exposed fact is written down, only its kind.
        """
        super().__init__(folder)
        self._keep_values = keep_values
        self._finished: list[Made] = []
        self._announced: queue.SimpleQueue[_Announcement] = queue.SimpleQueue()
        self._turn = threading.Lock()

    def of(self, path: str, outbox: str) -> Made | None:
        """Return what was last made of the file at a path, as far as it still stands."""
        rows = self._rows(
            "SELECT * FROM copies WHERE path = ? AND outbox = ? ORDER BY id DESC",
            (stored(path), stored(outbox)),
        )
        made = (_made_of(row, path, outbox) for row in rows)
        return next((one for one in made if one.stands()), None)

    def announce(self, made: Made) -> None:
        """Note durably that a copy is about to appear.

        Threads that wait for each other here share one commit.
        """
        ours = _Announcement(made)
        self._announced.put(ours)
        with self._turn:
            if ours.noted:
                return
            together = [ours, *self._others(ours)]
            self._write(*(one.made for one in together))
            for one in together:
                one.noted = True

    def finish(self, made: Made) -> None:
        """Note what was made in the end, in place of all that is known of the file so far.

        Durable with the next announcement, or `close`: until then a crash has the file done anew.
        """
        with self._lock:
            self._finished.append(made)
            full = len(self._finished) >= _BATCH
        if full:
            self._write()

    def close(self) -> None:
        """Write what is still to be written, and close the database."""
        try:
            self._write()
        finally:
            super().close()

    def _others(self, ours: _Announcement) -> Iterator[_Announcement]:
        """Take what others announced meanwhile; who is not noted after all does it itself."""
        while not self._announced.empty():
            one = self._announced.get()
            if one is not ours:
                yield one

    def _write(self, *announced: Made) -> None:
        """Write rows in one transaction, with all that was finished since the last."""
        with self._transaction() as db:
            for one in self._finished:
                db.execute(
                    "DELETE FROM copies WHERE path = ? AND outbox = ?",
                    (stored(one.path), stored(one.outbox)),
                )
            db.executemany(_INSERT, map(self._row_of, (*self._finished, *announced)))
            self._finished.clear()  # what a failing disk loses of it is done anew

    def _row_of(self, made: Made) -> tuple[object, ...]:
        report = made.report and msgspec.structs.replace(made.report, spans=())
        encoded = packed(report, values=self._keep_values)
        return (
            stored(made.path),
            stored(made.outbox),
            made.rules,
            made.finished,
            *msgspec.structs.astuple(made.identity),
            made.outcome.value,
            made.reason if self._keep_values else plain_reason(made.reason),
            *copy_columns(made.copy),
            zlib.compress(encoded, 1) if encoded else None,
            time.time(),
        )


def _made_of(row: sqlite3.Row, path: str, outbox: str) -> Made:
    identity = identity_of(row)
    assert identity is not None
    return Made(
        path=path,
        outbox=outbox,
        rules=row["rules"],
        identity=identity,
        copy=copy_of(row),
        finished=bool(row["finished"]),
        outcome=Outcome(row["outcome"]),
        reason=row["reason"],
        report=_REPORT.decode(zlib.decompress(row["report"])) if row["report"] else None,
    )
