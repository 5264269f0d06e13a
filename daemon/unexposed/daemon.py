"""The daemon: starts, wires and stops the parts. The only place that knows them all."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import queue
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from unexposed.config import Config, Watch
from unexposed.errors import ConfigError, UnexposedError, reason_of
from unexposed.ledger import Ledger, LedgerError
from unexposed.notify import Announcer, send
from unexposed.processor import Processor
from unexposed.sd_notify import SystemdNotifier
from unexposed.watch import Acquaintance, Watcher
from unexposed.wording import Notice

log = logging.getLogger(__name__)

_HEARTBEAT = "heartbeat"
_LOCK_NAME = "daemon.lock"
_LOOK_AROUND = 5.0
"""Seconds between looks at whether the state of the folders changed, for `status`."""

_NO_PROGRESS = 90.0
"""Seconds in which nothing is worked on or looked through, and nothing gets done, after which a run
that should end does so: enough for a file that is being written."""

_STOPS = {signal.SIGTERM, signal.SIGINT}
_LOCK_TRIES = 5


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


class Daemon:
    """All parts together, from start to stop.

    `reload` reads the configuration anew and raises ConfigError when it cannot be used.
    """

    def __init__(self, config: Config, reload: Callable[[], Config]) -> None:
        self._config = config
        self._reload = reload
        self._orders: queue.SimpleQueue[signal.Signals] = queue.SimpleQueue()
        self._started = time.time()
        self._noted: tuple[tuple[str, str], ...] | None = None
        """The folders' states as `status` can read them."""
        self._acquaintance = Acquaintance()
        self._deaf = False
        """Whether a Watcher is still to be started."""
        self._trouble = ""
        self._supervisor = SystemdNotifier()

    def run(self, *, once: bool = False) -> int:
        """Run until SIGTERM or SIGINT; with `once` until all that is there now is done.

        Returns the exit status: with `once` 1 when a file was held back or failed, or is left for
        next time, and 128 and the signal's number when it was stopped; without 1 when the state
        folder was taken away; else 0. Raises AlreadyRunning, StateError and LedgerError.
        """
        os.umask(0o077)
        config = self._config
        with (
            the_only_daemon(config.state_path) as lock,
            contextlib.closing(Ledger(config.state_path)) as ledger,
            self._signals(),
        ):
            back = ledger.recover()
            if back:
                log.info("taking up %d files that the last run did not finish", back)
            self._announcer = Announcer(config.notifications, send)
            self._announcer.start()
            self._processor = Processor(config, ledger, self._tell)
            self._processor.start()
            self._ledger = ledger
            self._lock = lock
            try:
                self._watch(everything=once)
                self._look_around()
                self._supervisor.ready(self._summary())
                return self._drain() if once else self._obey()
            finally:
                self._supervisor.stopping()
                self._watcher.stop()
                self._processor.stop()
                self._announcer.stop()

    def _watch(self, *, everything: bool = False) -> None:
        """Begin to watch. Raises LedgerError; then `_watcher` is one that was not started."""
        config = self._config
        self._watcher = Watcher(
            config.watch,
            config.watching,
            (config.outbox_path, config.state_path),
            self._ledger,
            self._on_file,
            everything=everything,
            acquaintance=self._acquaintance,
        )
        self._watcher.start()
        log.info("%s; clean copies go to %s", self._summary(), config.outbox)

    def _on_file(self, path: str, watch: Watch) -> None:
        self._ledger.offer(path, watch.path, watch.policy)
        self._processor.wake()

    def _tell(self, notice: Notice) -> None:
        self._announcer.add(notice)
        self._supervisor.status(self._summary())

    def _drain(self) -> int:
        """Wait until all that lies in the folders is done; return the exit status."""
        before = Counter(self._processor.counts)
        progress = (0, 0)
        stalled, looked = 0.0, time.monotonic()
        while stalled < _NO_PROGRESS:
            if stop := self._ordered_to_stop():
                return 128 + stop  # as shells have it
            settled = self._watcher.drain(0.2)
            idle = self._processor.wait_until_idle(0.2)
            left = self._ledger.unfinished()
            if settled and idle and not left:
                break
            now = time.monotonic()
            done = (self._processor.counts.total(), left.total())
            if done != progress or not (idle or left):  # what is left then is being looked at
                stalled = 0.0
            elif left["queued"] == left.total() and not self._watcher.searching():
                stalled += now - looked
            progress, looked = done, now
        else:
            log.warning("some files are still being written or have to wait; left for next time")
            return 1
        counts = self._processor.counts
        return int(any(counts[what] > before[what] for what in ("held", "failed")))

    def _ordered_to_stop(self) -> signal.Signals | None:
        """Return the first signal to stop that came, passing over all others."""
        with contextlib.suppress(queue.Empty):
            while True:
                order = self._orders.get_nowait()
                if order in _STOPS:
                    return order
        return None

    def _obey(self) -> int:
        """Do as the signals say until one says to stop; return the exit status."""
        while True:
            order = self._next_order()
            if order in _STOPS or self._ordered_to_stop():
                return 0
            if not (self._lock.stands() and self._ledger.stands()):
                folder = self._config.state_dir
                log.error("the state folder %s was taken away or replaced; the daemon ends", folder)
                return 1
            if order is None:
                if self._look_around():
                    self._supervisor.status(self._summary())
                continue
            self._supervisor.reloading()
            self._take_new_config()
            self._look_around()
            self._supervisor.ready(self._summary())

    def _next_order(self) -> signal.Signals | None:
        """Wait for a signal; None when it is time to look around."""
        try:
            return self._orders.get(timeout=_LOOK_AROUND)
        except queue.Empty:
            return None

    def _take_new_config(self) -> None:
        try:
            config = self._reload()
        except ConfigError as problem:
            log.warning("the new configuration is refused, the old one stays: %s", problem)
            return
        if config.state_dir != self._config.state_dir:
            log.warning("state_dir cannot change while the daemon runs; restart it for that")
            return
        self._config = config
        self._watcher.stop()
        self._processor.use(config)
        self._announcer.use(config.notifications)
        self._deaf = True

    def _look_around(self) -> bool:
        """Do what a ledger that could not be written prevented; return whether a folder changed."""
        try:
            if self._deaf:
                self._watch()
                self._deaf = False
            folders = self._folders()
            changed = folders != self._noted
            if changed:
                self._write_heartbeat(folders)
                self._noted = folders
        except LedgerError as problem:
            if str(problem) != self._trouble:
                log.warning("%s; it is tried again", problem)
            self._trouble = str(problem)
            return False
        self._trouble = ""
        return changed

    def _folders(self) -> tuple[tuple[str, str], ...]:
        return tuple((str(folder.path), folder.state) for folder in self._watcher.folders())

    def _write_heartbeat(self, folders: tuple[tuple[str, str], ...]) -> None:
        beat = Heartbeat(os.getpid(), self._started, folders)
        self._ledger.note(_HEARTBEAT, msgspec.json.encode(beat).decode())

    def _summary(self) -> str:
        counts = self._processor.counts
        folders = len(self._config.watch)
        return (
            f"watching {folders} {'folder' if folders == 1 else 'folders'}, "
            f"{counts['cleaned']} files cleaned, {counts['held']} held"
        )

    @contextmanager
    def _signals(self) -> Iterator[None]:
        def heard(number: int, _: object) -> None:
            self._orders.put(signal.Signals(number))

        earlier = {number: signal.signal(number, heard) for number in (*_STOPS, signal.SIGHUP)}
        try:
            yield
        finally:
            for number, handler in earlier.items():
                signal.signal(number, handler)


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
            pid = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
            raise AlreadyRunning(
                f"unexposed runs already (process {pid}) with the state folder {state}; "
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


def heartbeat(state: Path) -> Heartbeat | None:
    """Return what the daemon with this state folder wrote down; None when none runs."""
    if not is_running(state):
        return None
    with contextlib.closing(Ledger(state, read_only=True)) as ledger:
        noted = ledger.fact(_HEARTBEAT)
    return msgspec.json.decode(noted, type=Heartbeat) if noted else None


def is_running(state: Path) -> bool:
    """Whether a daemon holds the state folder's lock."""
    try:
        descriptor = os.open(state / _LOCK_NAME, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
