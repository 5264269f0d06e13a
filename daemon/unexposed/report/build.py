"""Put a page together from the ledger and the files as they are now."""

from __future__ import annotations

import os
import time
from contextlib import closing
from datetime import datetime

from unexposed.config import Config
from unexposed.errors import UnexposedError
from unexposed.exposure import Outcome
from unexposed.ledger import Entry, Identity, Ledger
from unexposed.pipeline import inspect_file, opened
from unexposed.policy import Policy
from unexposed.report import history, subject
from unexposed.report.page import document
from unexposed.report.subject import Subject
from unexposed.wording import tr
from unexposed.worker import Shown, Worker


def page_for(path: str, config: Config) -> str:
    """Return the page about a file, by its own path or that of its clean copy.

    A file that was never met is looked at now. Raises Gone where there is none, NotNow,
    LedgerError and WorkerUnavailable.
    """
    path = os.path.abspath(path)
    with closing(Ledger(config.state_path, read_only=True)) as ledger:
        entry = ledger.about(path)
    limits = config.worker
    with Worker(
        timeout=limits.timeout_seconds, memory_mb=limits.memory_mb, home=config.home
    ) as worker:
        about = _looked_at(path, worker) if entry is None else _remembered(entry, worker)
    return document(about.name, subject.body_of(about), _now())


def page_for_all(config: Config) -> str:
    """Return the page about all files. Raises LedgerError."""
    with closing(Ledger(config.state_path, read_only=True)) as ledger:
        entries = ledger.history(history.MOST)
        counts = ledger.counts()
    return document(tr("All files"), history.body_of(entries, counts, _now().date()), _now())


def _looked_at(path: str, worker: Worker) -> Subject:
    result = inspect_file(path, Policy(), worker)
    return Subject(
        path=path,
        outcome=result.outcome,
        reason=result.reason,
        report=result.report,
        finished=time.time(),
        original=_shown(path, worker),
    )


def _remembered(entry: Entry, worker: Worker) -> Subject:
    standing = _standing(entry)
    report = entry.report
    if report is None and standing == "same":
        report = inspect_file(entry.path, Policy(), worker).report
    copy = entry.copy if entry.copy and entry.copy.stands() else None
    return Subject(
        path=entry.path,
        outcome=entry.outcome or Outcome.WAITING,
        reason=entry.reason,
        report=report,
        output=entry.copy.path if entry.copy else None,
        finished=entry.finished_at,
        standing=standing,
        original=Shown() if standing == "gone" else _shown(entry.path, worker),
        copy=_shown(copy.path, worker) if copy else None,
    )


def _standing(entry: Entry) -> str:
    try:
        now = Identity.of(os.lstat(entry.path))
    except OSError:
        return "gone"
    return "same" if entry.identity is not None and now.same_file(entry.identity) else "changed"


def _shown(path: str, worker: Worker) -> Shown:
    try:
        with opened(path) as source:
            return worker.show(source)
    except UnexposedError:
        return Shown()


def _now() -> datetime:
    return datetime.now().astimezone()
