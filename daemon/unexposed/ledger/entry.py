"""Rows of the ledger as values."""

from __future__ import annotations

import hashlib
import os
import sqlite3

import msgspec

from unexposed.exposure import Level, Outcome, Report
from unexposed.identity import Identity, signed
from unexposed.ledger.values import kinds_only
from unexposed.outbox import Copy

_REPORT = msgspec.json.Decoder(Report)


def packed(report: Report | None, *, values: bool) -> bytes | None:
    """Return a report as a row holds it: without `values`, only the kinds of what was exposed."""
    if report is None:
        return None
    return msgspec.json.encode(report if values else kinds_only(report))


def sealed(path: str, seal: str) -> bytes:
    """Return what stands for a path that is to be forgotten: nothing but the path itself leads to it.

    No path holds a zero byte, so it is never taken for one. `seal` is the ledger's own secret, so
    that a table of usual paths made elsewhere is of no use.
    """
    key = bytes.fromhex(seal)
    return b"\0" + hashlib.blake2b(os.fsencode(path), digest_size=24, key=key).digest()


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One row: a job, or what became of one. Times are seconds since the epoch."""

    id: int
    path: str
    root: str
    policy: str
    state: str
    identity: Identity | None
    digest: bytes | None
    outcome: Outcome | None
    reason: str
    copy: Copy | None
    level: Level
    report: Report | None
    finished_at: float | None


def stored(path: str) -> str | bytes:
    """Return a path as SQLite takes it: bytes when its name is not UTF-8."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return os.fsencode(path)
    return path


def identity_of(row: sqlite3.Row) -> Identity | None:
    """Read the identity of a row's file; None where it was never opened."""
    if row["ino"] is None:
        return None
    return Identity(row["dev"], row["ino"], row["size"], row["mtime_ns"], row["ctime_ns"])


def copy_columns(copy: Copy | None) -> tuple[object, ...]:
    """Return a copy as the four output columns hold it."""
    if copy is None:
        return (None, None, None, None)
    return (stored(copy.path), signed(copy.dev), signed(copy.ino), copy.size)


def copy_of(row: sqlite3.Row) -> Copy | None:
    """Read a copy from the four output columns; None where there is none."""
    if row["output"] is None or row["output"][:1] == b"\0":
        return None  # there is none, or which it was is forgotten
    mask = (1 << 64) - 1
    return Copy(
        os.fsdecode(row["output"]),
        row["output_dev"] & mask,
        row["output_ino"] & mask,
        row["output_size"],
    )


def entry_of(row: sqlite3.Row) -> Entry:
    """Read a whole row."""
    return Entry(
        id=row["id"],
        path=os.fsdecode(row["path"]),
        root=os.fsdecode(row["root"]),
        policy=row["policy"],
        state=row["state"],
        identity=identity_of(row),
        digest=row["digest"],
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        reason=row["reason"] or "",
        copy=copy_of(row),
        level=Level(row["level"]) if row["level"] else Level.NONE,
        report=_REPORT.decode(row["report"]) if row["report"] else None,
        finished_at=row["finished_at"],
    )
