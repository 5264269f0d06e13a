"""Whether a daemon runs on a state folder, and what it wrote down there for others to read."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from unexposed.errors import UnexposedError, reason_of
from unexposed.ledger import Ledger

_HEARTBEAT = "heartbeat"
_PAUSED = "paused until"

WAKE: Final = signal.SIGURG
"""Asks a daemon to look at what was noted for it. One that is not yet, or no longer, listening passes
it over, and so does any other process."""
_SLACK: Final = 60.0
"""Seconds by which a clock may be put right without a word."""
_LOCK_NAME = "daemon.lock"
_LOCK_TRIES = 5
_WORKER = b"unexposed.worker.process"
_RESIDENT = re.compile(r"^VmRSS:\s*(\d+) kB$", re.MULTILINE)


class AlreadyRunning(UnexposedError):
    """Another daemon uses the same state folder."""


class StateError(UnexposedError):
    """The state folder cannot be used; the text says which and why."""


class Heartbeat(msgspec.Struct, frozen=True):
    """What a running daemon writes down for `status`; `started` in seconds since the epoch."""

    pid: int
    started: float
    folders: tuple[tuple[str, str], ...]
    """Each watched folder with its state."""
    version: str = ""
    """Which unexposed it is; "" for one that did not say so yet."""


class Lock:
    """The state folder's lock file, held."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor

    def stands(self) -> bool:
        """Whether it is still the file at its path, by which another daemon would see it."""
        try:
            return os.path.samestat(os.stat(self._path), os.fstat(self._descriptor))
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True  # what cannot be told for the moment is no reason to end


@contextmanager
def the_only_daemon(state: Path) -> Iterator[Lock]:
    """Hold the state folder's lock.

    Raises AlreadyRunning, naming the process that has it, and StateError.
    """
    path = state / _LOCK_NAME
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as problem:
        raise StateError(
            f"the state folder {state} cannot be used: {reason_of(problem)}"
        ) from problem
    try:
        if not _locked(descriptor):
            raise AlreadyRunning(
                f"unexposed runs already (process {_holder(descriptor)}) with the state folder {state}; "
                "stop that one, or give this one another state_dir"
            )
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield Lock(path, descriptor)
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    """Try to lock a file; for a moment it may be held by somebody who asks whether it is."""
    for _ in range(_LOCK_TRIES):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)
        else:
            return True
    return False


def note_heartbeat(ledger: Ledger, beat: Heartbeat) -> None:
    """Write down how the daemon fares. Raises LedgerError."""
    ledger.note(_HEARTBEAT, msgspec.json.encode(beat).decode())


def heartbeat(state: Path) -> Heartbeat | None:
    """Return what the daemon with this state folder wrote down; None when none runs."""
    if running(state) is None:
        return None
    with contextlib.closing(Ledger(state, read_only=True)) as ledger:
        noted = ledger.fact(_HEARTBEAT)
    return msgspec.json.decode(noted, type=Heartbeat) if noted else None


def note_pause(ledger: Ledger, until: float) -> None:
    """Have no file be worked on before `until`, in seconds since the epoch; 0 for going on at once.

    Raises LedgerError.
    """
    ledger.note(_PAUSED, f"{until} {time.time()}")


def paused_until(ledger: Ledger) -> float:
    """Return until when no file is to be worked on, in seconds since the epoch; 0 for no pause.

    One that is yet to begin was ordered before the clock was set back, and would last too long.
    """
    until, _, ordered = (ledger.fact(_PAUSED) or "0").partition(" ")
    return 0.0 if ordered and float(ordered) > time.time() + _SLACK else float(until)


def wake(state: Path) -> None:
    """Have a running daemon look at once at what was noted for it."""
    tell(state, WAKE)


def tell(state: Path, order: signal.Signals) -> int | None:
    """Send a signal to the daemon with this state folder and to no other process.

    Returns which it was sent to, None where no daemon runs or it has not named itself yet.
    """
    pid = running(state)
    if not pid:
        return None
    with contextlib.suppress(ProcessLookupError, PermissionError), _held(pid) as send:
        # Its number may be another's by now; once it is held, it is looked at again.
        if running(state) == pid and _has_open(pid, state / _LOCK_NAME):
            send(order)
            return pid
    return None


@contextmanager
def _held(pid: int) -> Iterator[Callable[[signal.Signals], None]]:
    """Yield what signals the process that has this number now, and never a later one.

    Raises ProcessLookupError. macOS has no such hold on a process.
    """
    if sys.platform != "linux":
        yield lambda order: os.kill(pid, order)
        return
    descriptor = os.pidfd_open(pid)
    try:
        yield lambda order: signal.pidfd_send_signal(descriptor, order)
    finally:
        os.close(descriptor)


def _has_open(pid: int, path: Path) -> bool:
    """Whether a process has a file open; so it is taken to have where nobody tells."""
    wanted = os.stat(path)
    opened = f"/proc/{pid}/fd"
    try:
        for number in os.listdir(opened):
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.stat(f"{opened}/{number}"), wanted):
                    return True
    except OSError:
        return True
    return False


def running(state: Path) -> int | None:
    """Return the process that holds the state folder's lock, None where no daemon runs."""
    try:
        descriptor = os.open(state / _LOCK_NAME, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _holder(descriptor)
    finally:
        os.close(descriptor)
    return None


def worker_memory(pid: int) -> int | None:
    """Return the bytes of memory that a daemon's workers take; None for none, and not on Linux."""
    found: list[int] = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in children.read_text().split():
                process = Path("/proc", child)
                if _WORKER in (process / "cmdline").read_bytes().split(b"\0"):
                    told = _RESIDENT.search((process / "status").read_text())
                    found += [int(told[1]) * 1024] if told else []
    return sum(found) if found else None


def _holder(descriptor: int) -> int:
    """Return the process that a lock file names; 0 in the moment before it names one."""
    named = os.pread(descriptor, 20, 0).strip()
    return int(named) if named.isdigit() else 0
