"""The ledger's database: one SQLite file, WAL, every commit synced."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from unexposed.errors import reason_of
from unexposed.ledger.schema import LedgerError, is_present, migrate

FILE_NAME = "ledger.sqlite3"

_PATIENCE = 10.0
"""Seconds that one process waits for another to be done with the database."""

_CLOSING = 0.5
"""Seconds that closing waits for a thread that is still at work on the database."""

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _opened(path: Path) -> sqlite3.Connection:
    """Open the database and bring it to the present schema.

    Where two processes open a new one at once, the switch to WAL fails for one of them without
    any waiting, as SQLite sees no other way out: it is tried again.
    """
    until = time.monotonic() + _PATIENCE
    while True:
        db = _connected(str(path))
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA secure_delete = ON")
            db.execute("PRAGMA temp_store = MEMORY")  # no rows in files of the system's
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


def _opened_to_read(path: Path) -> sqlite3.Connection:
    """Open the database and write nothing; where there is none, an empty one in memory.

    So is one of an older schema taken into memory, and brought to the present one there.
    """
    memory = _connected(":memory:")
    if not path.exists():
        migrate(memory)
        return memory
    # Without a WAL nobody has it open, and "immutable" makes none.
    way = "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "immutable=1"
    db = _connected(f"{path.absolute().as_uri()}?{way}", uri=True)
    try:
        if is_present(db):
            return db
        db.backup(memory)
        migrate(memory)
    except BaseException:
        db.close()
        raise
    db.close()
    return memory


def _connected(name: str, *, uri: bool = False) -> sqlite3.Connection:
    db = sqlite3.connect(
        name, isolation_level=None, check_same_thread=False, timeout=_PATIENCE, uri=uri
    )
    db.row_factory = sqlite3.Row
    return db


class Database:
    """The open database; its methods may be called from any thread, and in several processes.

    They raise LedgerError when it cannot be read or written.
    """

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        """Open the ledger in `folder`, which is made (0700) with it (0600) when missing.

        With `read_only` nothing is made or written; a ledger that is missing is an empty one.
        Raises LedgerError when it cannot be opened or was written by a newer version.
        """
        self._lock = threading.Lock()
        self._path = path = folder / FILE_NAME
        try:
            if not read_only:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
                os.chmod(path, 0o600)
            self._db = _opened_to_read(path) if read_only else _opened(path)
            self._file = _file_at(path)
            self._seal = _seal_of(self._db)
        except (OSError, sqlite3.Error, LedgerError) as problem:
            raise LedgerError(
                f"the ledger {path} cannot be opened: {_reason(problem)}"
            ) from problem

    def close(self) -> None:
        """Close the database; one that a thread does not let go of is left to the process's end."""
        if self._lock.acquire(timeout=_CLOSING):
            try:
                self._db.close()
            finally:
                self._lock.release()

    def stands(self) -> bool:
        """Whether the file that is open is still the one at the ledger's path."""
        try:
            return _file_at(self._path) == self._file
        except OSError:
            return True  # what cannot be told for the moment

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._told("written"), self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _wipe(self, *, wholly: bool) -> bool:
        """See that what was deleted stands in no file any more; `wholly` writes the database anew.

        Deleted rows are zeroed in the database, but what they were stands in the WAL until that is
        emptied, and may have left traces where pages were rearranged. Returns whether the WAL
        could be emptied; somebody who reads all the time keeps it from that.
        """
        with self._told("written"), self._lock:
            if wholly:
                self._db.execute("VACUUM")
            (busy, _, _) = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        with self._told("read"), self._lock:
            return self._db.execute(query, values).fetchall()

    @contextmanager
    def _told(self, done: str) -> Iterator[None]:
        """Raise LedgerError, with the ledger's path and what to do, for what SQLite meets."""
        try:
            yield
        except sqlite3.Error as problem:
            raise LedgerError(
                f"the ledger {self._path} cannot be {done}: {_reason(problem)}"
            ) from problem


def _seal_of(db: sqlite3.Connection) -> str:
    """Return the secret by which forgotten paths are known again, in hexadecimal digits."""
    try:
        (seal,) = db.execute("SELECT value FROM facts WHERE name = 'seal'").fetchone()
    except BaseException:
        db.close()
        raise
    return str(seal)


def _file_at(path: Path) -> tuple[int, int] | None:
    """Return device and inode of the file at a path, None when there is none."""
    try:
        found = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_dev, found.st_ino


def _reason(problem: Exception) -> str:
    if isinstance(problem, OSError):
        return reason_of(problem)
    if getattr(problem, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
        return f"{problem}; move it away to begin a new one, which forgets what is done"
    return str(problem)
