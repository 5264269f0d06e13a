"""The ledger's tables, and the steps that bring an older database up to them."""

from __future__ import annotations

import sqlite3

from unexposed.errors import UnexposedError

# Each step brings the schema from its index to the next version; none is ever changed.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE jobs (
            id INTEGER PRIMARY KEY,
            path NOT NULL,               -- text; bytes where a name is not UTF-8
            root NOT NULL,
            policy TEXT NOT NULL,
            current INTEGER NOT NULL,    -- 1 for the newest row of its path
            state TEXT NOT NULL,         -- baseline, queued, working, publishing, done
            again INTEGER NOT NULL DEFAULT 0,
            not_before REAL NOT NULL DEFAULT 0,
            dev INTEGER, ino INTEGER, size INTEGER, mtime_ns INTEGER, ctime_ns INTEGER,
            digest BLOB,
            outcome TEXT, reason TEXT,
            output, output_dev INTEGER, output_ino INTEGER, output_size INTEGER,
            level TEXT, report BLOB,
            queued_at REAL, finished_at REAL
        )
        """,
        "CREATE UNIQUE INDEX jobs_path ON jobs (path) WHERE current = 1",
        "CREATE INDEX jobs_of_path ON jobs (path, id)",
        "CREATE INDEX jobs_queue ON jobs (not_before, id) WHERE state = 'queued'",
        "CREATE INDEX jobs_identity ON jobs (ino, size, mtime_ns) WHERE current = 1",
        "CREATE INDEX jobs_finished ON jobs (finished_at) WHERE state = 'done'",
        """
        CREATE TABLE folders (
            root PRIMARY KEY,
            met_ns INTEGER NOT NULL,          -- by the clock that stamps files
            known INTEGER NOT NULL DEFAULT 0  -- 1 once all that was there before is noted
        )
        """,
        "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    ),
    (
        """
        CREATE TABLE copies (
            id INTEGER PRIMARY KEY,
            path NOT NULL,               -- text; bytes where a name is not UTF-8
            outbox NOT NULL,
            rules BLOB NOT NULL,         -- a hash of the policy and of who carried it out
            finished INTEGER NOT NULL,   -- 0 while the copy is about to appear
            dev INTEGER, ino INTEGER, size INTEGER, mtime_ns INTEGER, ctime_ns INTEGER,
            outcome TEXT, reason TEXT,
            output, output_dev INTEGER, output_ino INTEGER, output_size INTEGER,
            report BLOB                  -- JSON, deflated
        )
        """,
        "CREATE INDEX copies_of_path ON copies (path, outbox)",
    ),
    (
        "CREATE INDEX jobs_begun ON jobs (id) WHERE state IN ('working', 'publishing')",
        "CREATE INDEX jobs_output ON jobs (output_ino, output_size) WHERE output IS NOT NULL",
        "CREATE INDEX jobs_reports ON jobs (finished_at) WHERE report IS NOT NULL",
    ),
    (
        # 1 where path and output are no longer told, and only their seals stand there
        "ALTER TABLE jobs ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE copies ADD COLUMN finished_at REAL",
        "UPDATE copies SET finished_at = CAST(strftime('%s', 'now') AS REAL)",
        "INSERT INTO facts (name, value) VALUES ('seal', hex(randomblob(32)))",
    ),
    ("CREATE INDEX jobs_outcome ON jobs (outcome) WHERE state = 'done' AND current = 1",),
)


class LedgerError(UnexposedError):
    """The ledger cannot be used; the text says which file and why."""


def migrate(db: sqlite3.Connection) -> None:
    """Bring a database to the present schema, in one transaction.

    Raises LedgerError for one that a newer version wrote.
    """
    if is_present(db):
        return
    db.execute("BEGIN EXCLUSIVE")
    try:
        # The version again, as another process may have been quicker.
        for step in MIGRATIONS[_known_version(db) :]:
            for statement in step:
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def is_present(db: sqlite3.Connection) -> bool:
    """Whether a database has the present schema. Raises LedgerError for a newer one."""
    return _known_version(db) == len(MIGRATIONS)


def _known_version(db: sqlite3.Connection) -> int:
    version = _version(db)
    if version > len(MIGRATIONS):
        raise LedgerError(
            f"a newer unexposed wrote it (schema {version}, this one knows {len(MIGRATIONS)}); "
            "install that one again, or choose another state_dir"
        )
    return version


def _version(db: sqlite3.Connection) -> int:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    return int(version)
