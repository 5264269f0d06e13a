"""How the daemon fares, as its ledger, its heartbeat and the system tell."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime

import msgspec
from rich.text import Text

from unexposed import __version__
from unexposed.config import Config
from unexposed.exposure import Outcome
from unexposed.ledger import Entry, Ledger
from unexposed.presence import heartbeat, paused_until, worker_memory
from unexposed.processor import SIGHT
from unexposed.wording import harmless

_LISTED = 5
"""Files that wait, were held back or failed, which are told with their reason."""

_HOUR = 3_600.0
_WITHOUT_END = 30 * 86_400.0
"""Seconds; a pause that lasts longer was meant to last until somebody ends it."""


class Folder(msgspec.Struct, frozen=True):
    """A watched folder; `state` is empty where no daemon runs."""

    path: str
    state: str


class File(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file without a copy, and why; `at` is when that was found, None for one that waits."""

    path: str
    reason: str
    at: float | None = None


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What `status` tells, by the names that it has in JSON.

    Times are seconds since the epoch, and None for never. `version` is the running daemon's.
    """

    running: bool
    pid: int | None
    started: float | None
    version: str
    outbox: str
    paused_until: float | None
    folders: tuple[Folder, ...]
    counts: dict[str, int]
    """Files by their last outcome."""
    queued: int
    """How many files wait for their turn."""
    working: tuple[str, ...]
    """What is being worked on."""
    waiting: tuple[File, ...]
    """Some of those that wait for more than their turn."""
    held: tuple[File, ...]
    failed: tuple[File, ...]
    """The last of them."""
    last_hour: int
    today: int
    """How many files were finished."""
    not_searched: str
    """Why pictures are not searched for what they show, "" where they are."""
    worker_memory: int | None
    """Bytes of all workers; None where there is none, or the system does not tell."""


def standing(config: Config, now: float | None = None) -> Standing:
    """Look how the daemon of a configuration fares. Raises LedgerError."""
    now = time.time() if now is None else now
    beat = heartbeat(config.state_path)
    with closing(Ledger(config.state_path, read_only=True)) as ledger:
        until = paused_until(ledger)
        return Standing(
            running=beat is not None,
            pid=beat.pid if beat else None,
            started=beat.started if beat else None,
            version=beat.version if beat else "",
            outbox=config.outbox,
            paused_until=until if until > now else None,
            folders=tuple(
                Folder(*one)
                for one in (beat.folders if beat else ((watch.path, "") for watch in config.watch))
            ),
            counts=ledger.counts(),
            queued=ledger.unfinished()["queued"],
            working=tuple(one.path for one in ledger.at_hand()),
            waiting=_files(ledger.held_up(_LISTED)),
            held=_files(ledger.history(_LISTED, outcomes=(Outcome.HELD,), current=True)),
            failed=_files(ledger.history(_LISTED, outcomes=(Outcome.FAILED,), current=True)),
            last_hour=ledger.finished_since(now - _HOUR),
            today=ledger.finished_since(_midnight(now)),
            not_searched=ledger.fact(SIGHT) or "",
            worker_memory=worker_memory(beat.pid) if beat else None,
        )


def standing_lines(one: Standing) -> Iterator[Text]:
    """Yield what a person reads of it."""
    if not one.running:
        yield Text.assemble(("not running", "yellow"), " - start it with: unexposed run")
    else:
        since = f"since {_minute(one.started or 0)} (process {one.pid})"
        yield Text.assemble(("running", "green"), f" {since}")
    if one.running and one.version != __version__:
        yield _line("version", f"{one.version or 'older'}; installed is {__version__}", "yellow")
    if one.paused_until is not None:
        end = "`unexposed resume`"
        if one.paused_until - time.time() < _WITHOUT_END:
            end = _minute(one.paused_until)
        yield _line("paused", f"until {end}", "yellow")
    for folder in one.folders:
        yield _line(folder.state or "watch", harmless(folder.path))
    yield _line("outbox", harmless(one.outbox))
    done = ", ".join(f"{number} {what}" for what, number in sorted(one.counts.items()))
    yield _line("files", done or "none yet")
    yield _line("pace", f"{one.last_hour} in the last hour, {one.today} today")
    for path in one.working if one.running else ():
        yield _line("at work on", harmless(os.path.basename(path)))
    if one.not_searched:
        yield _line("note", one.not_searched, "yellow")
    if one.worker_memory is not None:
        yield _line("workers", f"{one.worker_memory / 1e6:.0f} MB of memory")
    for what, files in (("waits", one.waiting), ("held back", one.held), ("failed", one.failed)):
        for file in files:
            name = harmless(os.path.basename(file.path))
            yield _line(what, f"{name}: {harmless(file.reason)}", "yellow")


def _line(what: str, told: str, style: str = "") -> Text:
    return Text(f"  {what:<10} {told}", style)


def _files(entries: Sequence[Entry]) -> tuple[File, ...]:
    return tuple(File(one.path, one.reason, one.finished_at) for one in entries)


def _minute(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment).astimezone():%Y-%m-%d %H:%M}"


def _midnight(now: float) -> float:
    today = datetime.fromtimestamp(now).astimezone()
    return today.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
