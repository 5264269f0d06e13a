"""The worker: one is started and cleans a photo that is made for the purpose."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from unexposed.doctor.check import Case, Check, State
from unexposed.exposure import Outcome
from unexposed.outbox import Outbox
from unexposed.pipeline import Task, clean_file
from unexposed.policy import Policy
from unexposed.sample import AUTHOR, phone_photo
from unexposed.worker import Confinement, Worker, WorkerUnavailable

_NAME: Final = "worker"


def look(case: Case) -> Iterator[Check]:
    """Clean a photo in a folder of its own, with the limits of the configuration."""
    limits = case.config.worker
    with tempfile.TemporaryDirectory(prefix="unexposed-doctor-") as folder:
        photo = Path(folder, "photo.jpg")
        photo.write_bytes(phone_photo())
        outbox = Outbox(Path(folder, "clean"))
        outbox.prepare()
        task = Task(path=str(photo), policy=Policy(), hashed=False)
        started = time.monotonic()
        try:
            with Worker(timeout=limits.timeout_seconds, memory_mb=limits.memory_mb) as worker:
                result = clean_file(task, outbox, worker)
        except WorkerUnavailable as problem:
            yield Check(_NAME, State.WRONG, str(problem), "install unexposed anew")
            return
        seconds = time.monotonic() - started
        if result.outcome is not Outcome.CLEANED or result.copy is None:
            what = f"a made photo was not cleaned: {result.reason}"
            advice = "raise memory_mb and timeout_seconds in [worker] if they are low"
            yield Check(_NAME, State.WRONG, what, advice)
            return
        if AUTHOR.encode() in Path(result.copy.path).read_bytes():
            what = "the copy of a made photo still tells its author"
            yield Check(_NAME, State.WRONG, what, "stop the daemon, and report this")
            return
    what = (
        f"a made photo was cleaned in {seconds:.2f} s, the start included; a file may take "
        f"{limits.memory_mb:,} MiB and {limits.timeout_seconds:g} s"
    )
    yield _with_confinement(what, worker.confinement)


def _with_confinement(what: str, holds: Confinement) -> Check:
    """Say of a worker that works whether it is locked in, too."""
    if holds.files and holds.calls:
        return Check(
            _NAME, State.FINE, f"{what}; it can open no file but those of programs, and no socket"
        )
    if not sys.platform.startswith("linux"):
        return Check(_NAME, State.FINE, f"{what}; it is not locked in, which takes Linux")
    if not holds.files:
        advice = "none has to be followed: a Linux from 5.13 on with Landlock locks it in"
        return Check(_NAME, State.ATTENTION, f"{what}; it could open other files", advice)
    advice = "none has to be followed: it can be kept from sockets on x86-64 and 64-bit ARM"
    return Check(_NAME, State.ATTENTION, f"{what}; it could open sockets", advice)
