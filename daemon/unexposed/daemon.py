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
from unexposed.errors import ConfigError, UnexposedError
from unexposed.ledger import Ledger
from unexposed.notify import Announcer, send
from unexposed.processor import Processor
from unexposed.sd_notify import SystemdNotifier
from unexposed.watch import Watcher
from unexposed.wording import Notice

log = logging.getLogger(__name__)

_HEARTBEAT = "heartbeat"
_LOCK_NAME = "daemon.lock"
_LOOK_AROUND = 5.0
"""Seconds between looks at whether the state of the folders changed, for `status`."""


_NO_PROGRESS = 90.0
"""Seconds without a finished file after which a run that should end does so: more than a worker's
time-out, and enough for a file that is being written."""


class AlreadyRunning(UnexposedError):
    """Another daemon uses the same state folder."""


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
        self._orders: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._started = time.time()
        self._supervisor = SystemdNotifier()

    def run(self, *, once: bool = False) -> int:
        """Run until SIGTERM or SIGINT; with `once` until all that is there now is done.

        Returns the exit status: 1 when `once` held a file back or failed on one, else 0.
        Raises AlreadyRunning, LedgerError and whatever keeps the daemon from starting.
        """
        os.umask(0o077)
        config = self._config
        with (
            the_only_daemon(config.state_path),
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
            self._watch(everything=once)
            try:
                self._supervisor.ready(self._summary())
                if once:
                    return self._drain()
                self._obey()
                return 0
            finally:
                self._supervisor.stopping()
                self._watcher.stop()
                self._processor.stop()
                self._announcer.stop()

    def _watch(self, *, everything: bool = False) -> None:
        config = self._config
        self._watcher = Watcher(
            config.watch,
            config.watching,
            (config.outbox_path, config.state_path),
            self._ledger,
            self._on_file,
            everything=everything,
        )
        self._watcher.start()
        self._write_heartbeat()
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
        progress, since = self._processor.counts.total(), time.monotonic()
        while self._orders.empty():
            settled = self._watcher.drain(0.2)
            if settled and not self._ledger.waiting() and self._processor.wait_until_idle(0.2):
                break
            if self._processor.counts.total() != progress:
                progress, since = self._processor.counts.total(), time.monotonic()
            elif time.monotonic() - since > _NO_PROGRESS:
                log.warning(
                    "some files are still being written or have to wait; left for next time"
                )
                break
        counts = self._processor.counts
        return int(any(counts[what] > before[what] for what in ("held", "failed")))

    def _obey(self) -> None:
        folders = self._folders()
        while True:
            try:
                order = self._orders.get(timeout=_LOOK_AROUND)
            except queue.Empty:
                if self._folders() != folders:
                    folders = self._folders()
                    self._write_heartbeat()
                    self._supervisor.status(self._summary())
                continue
            if order == "stop":
                return
            self._supervisor.reloading()
            self._take_new_config()
            self._supervisor.ready(self._summary())

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
        self._watch()

    def _folders(self) -> tuple[tuple[str, str], ...]:
        return tuple((str(folder.path), folder.state) for folder in self._watcher.folders())

    def _write_heartbeat(self) -> None:
        beat = Heartbeat(os.getpid(), self._started, self._folders())
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
        orders = {signal.SIGTERM: "stop", signal.SIGINT: "stop", signal.SIGHUP: "reload"}

        def heard(number: int, _: object) -> None:
            self._orders.put(orders[signal.Signals(number)])

        earlier = {number: signal.signal(number, heard) for number in orders}
        try:
            yield
        finally:
            for number, handler in earlier.items():
                signal.signal(number, handler)


@contextmanager
def the_only_daemon(state: Path) -> Iterator[None]:
    """Hold the state folder's lock. Raises AlreadyRunning, naming the process that has it."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(state / _LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            pid = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
            raise AlreadyRunning(
                f"unexposed runs already (process {pid}) with the state folder {state}; "
                "stop that one, or give this one another state_dir"
            ) from problem
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def heartbeat(state: Path) -> Heartbeat | None:
    """Return what the daemon with this state folder wrote down; None when none runs."""
    if not is_running(state):
        return None
    with contextlib.closing(Ledger(state)) as ledger:
        noted = ledger.fact(_HEARTBEAT)
    return msgspec.json.decode(noted, type=Heartbeat) if noted else None


def is_running(state: Path) -> bool:
    """Whether a daemon holds the state folder's lock."""
    try:
        descriptor = os.open(state / _LOCK_NAME, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
