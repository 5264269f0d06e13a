"""The ledger's database: one SQLite file, WAL, every commit synced."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from unexposed.ledger.schema import LedgerError, migrate

FILE_NAME = "ledger.sqlite3"

_PATIENCE = 10.0
"""Seconds that one process waits for another to be done with the database."""


def _opened(path: Path) -> sqlite3.Connection:
    """Open the database and bring it to the present schema.

    Where two processes open a new one at once, the switch to WAL fails for one of them without
    any waiting, as SQLite sees no other way out: it is tried again.
    """
    until = time.monotonic() + _PATIENCE
    while True:
        db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=_PATIENCE)
        db.row_factory = sqlite3.Row
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA cache_size = -512")
            migrate(db)
        except sqlite3.OperationalError as problem:
            db.close()
            if problem.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)
        except BaseException:
            db.close()
            raise
        else:
            return db


class Database:
    """The open database; its methods may be called from any thread, and in several processes."""

    def __init__(self, folder: Path) -> None:
        """Open the ledger in `folder`, which is made (0700) with it (0600) when missing.

        Raises LedgerError when it cannot be opened or was written by a newer version.
        """
        self._lock = threading.Lock()
        path = folder / FILE_NAME
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            os.chmod(path, 0o600)
            self._db = _opened(path)
        except (OSError, sqlite3.Error, LedgerError) as problem:
            raise LedgerError(f"the ledger {path} cannot be opened: {problem}") from problem

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(query, values).fetchall()
