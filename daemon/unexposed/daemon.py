"""The daemon: starts, wires and stops the parts. The only place that knows them all."""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from unexposed import __version__
from unexposed.config import Changes, Config, Watch
from unexposed.errors import ConfigError
from unexposed.ledger import Ledger, LedgerError
from unexposed.notify import Announcer, Desktop, Message, week_in_review
from unexposed.presence import WAKE, Heartbeat, note_heartbeat, paused_until, the_only_daemon
from unexposed.processor import Processor
from unexposed.sd_notify import SystemdNotifier
from unexposed.watch import Acquaintance, Watcher
from unexposed.wording import Notice
from unexposed.wording.language import tr, translatable

log = logging.getLogger(__name__)

_LOOK_AROUND = 5.0
"""Seconds between looks at whether the state of the folders changed, for `status`."""
_LOOK_AGAIN = 0.5
"""Seconds after which a configuration that changed is looked at again, whether it is at rest."""

_NO_PROGRESS = 90.0
"""Seconds in which nothing is worked on or looked through, and nothing gets done, after which a run
that should end does so: enough for a file that is being written."""

_REFUSED: Final = translatable("The new settings are refused, the old ones stay")
_STOPS = {signal.SIGTERM, signal.SIGINT}
_HEARD = (*_STOPS, signal.SIGHUP, WAKE)


class Daemon:
    """All parts together, from start to stop.

    `reload` reads the configuration anew and raises ConfigError when it cannot be used; `changes`
    tells when that should be done. `file` is where it was asked to come from.
    """

    def __init__(
        self,
        config: Config,
        reload: Callable[[], Config],
        changes: Changes,
        file: Path | None = None,
    ) -> None:
        self._config = config
        self._config_file = file
        self._reload = reload
        self._changes = changes
        self._orders: queue.SimpleQueue[signal.Signals] = queue.SimpleQueue()
        self._started = time.time()
        self._noted: tuple[tuple[str, str], ...] | None = None
        """The folders' states as `status` can read them."""
        self._acquaintance = Acquaintance()
        self._deaf = False
        """Whether a Watcher is still to be started."""
        self._trouble = ""
        self._outbox_seen = config.outbox_path.is_dir()
        self._supervisor = SystemdNotifier()

    def run(self, *, once: bool = False) -> int:
        """Run until SIGTERM or SIGINT; with `once` until all that is there now is done.

        Returns the exit status: with `once` 1 when a file was held back or failed, or is left for
        next time, and 128 and the signal's number when it was stopped; without 1 when the state
        folder, or the outbox of a service, was taken away; else 0. Raises AlreadyRunning,
        StateError and LedgerError.
        """
        os.umask(0o077)
        config = self._config
        with (
            self._signals(),  # before anybody can find out whom to send one
            the_only_daemon(config.state_path) as lock,
            contextlib.closing(Ledger(config.state_path)) as ledger,
        ):
            back = ledger.recover()
            if back:
                log.info("taking up %d files that the last run did not finish", back)
            self._desktop = Desktop(self._config_file)
            self._announcer = Announcer(config.notifications, self._desktop, _folders_of(config))
            self._announcer.start()
            self._processor = Processor(config, ledger, self._tell)
            self._processor.start()
            self._ledger = ledger
            self._lock = lock
            self._heeds_pauses = not once
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
                self._desktop.close()

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
            if self._outbox_is_lost():
                outbox = self._config.outbox
                log.error("the outbox %s was taken away; the daemon ends to have it made", outbox)
                return 1
            if order is WAKE:
                self._processor.wake()
            if order is not signal.SIGHUP and not self._changes.came():
                if self._look_around():
                    self._supervisor.status(self._summary())
                if (self._deaf or self._watcher.goes_on()) and self._processor.goes_on():
                    self._supervisor.alive()
                continue
            self._supervisor.reloading()
            self._take_new_config()
            self._look_around()
            self._supervisor.ready(self._summary())

    def _next_order(self) -> signal.Signals | None:
        """Wait for a signal; None when it is time to look around."""
        patience = self._supervisor.patience
        pause = _LOOK_AGAIN if self._changes.pending else _LOOK_AROUND
        if patience is not None:
            pause = min(pause, patience / 3)
        try:
            return self._orders.get(timeout=pause)
        except queue.Empty:
            return None

    def _outbox_is_lost(self) -> bool:
        """Whether the outbox was there and is not, where only the service manager can make it.

        A service may write into the outbox, and not into the folder that it is in.
        """
        outbox = self._config.outbox_path
        if outbox.is_dir():
            self._outbox_seen = True
            return False
        above = next((one for one in outbox.parents if one.is_dir()), outbox)
        return (
            self._outbox_seen
            and self._supervisor.listens
            and bool(os.statvfs(above).f_flag & os.ST_RDONLY)
        )

    def _take_new_config(self) -> None:
        self._changes.taken()
        try:
            config = self._reload()
            if config.state_dir != self._config.state_dir:
                raise ConfigError(
                    "state_dir cannot change while the daemon runs; restart it for that"
                )
        except ConfigError as problem:
            log.warning("the new configuration is refused, the old one stays: %s", problem)
            self._announcer.say(Message(title=tr(_REFUSED), body=str(problem), tag="config"))
            return
        self._config = config
        self._outbox_seen = config.outbox_path.is_dir()
        self._watcher.stop()
        self._processor.use(config)
        self._announcer.use(config.notifications, _folders_of(config))
        self._deaf = True

    def _look_around(self) -> bool:
        """Do what a ledger that could not be written prevented; return whether a folder changed."""
        try:
            if self._deaf:
                self._watch()
                self._deaf = False
            if self._heeds_pauses:
                self._processor.pause(paused_until(self._ledger))
                self._sum_up_the_week()
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

    def _sum_up_the_week(self) -> None:
        if not self._config.notifications.weekly_summary:
            return
        outbox = self._config.outbox_path.name
        if (message := week_in_review(self._ledger, outbox, time.time())) is not None:
            self._announcer.say(message)

    def _folders(self) -> tuple[tuple[str, str], ...]:
        return tuple((str(folder.path), folder.state) for folder in self._watcher.folders())

    def _write_heartbeat(self, folders: tuple[tuple[str, str], ...]) -> None:
        note_heartbeat(self._ledger, Heartbeat(os.getpid(), self._started, folders, __version__))

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

        earlier = {number: signal.signal(number, heard) for number in _HEARD}
        try:
            yield
        finally:
            for number, handler in earlier.items():
                signal.signal(number, handler)


def _folders_of(config: Config) -> dict[str, str]:
    """Return which notifications are wanted of single folders."""
    return {watch.path: watch.notify for watch in config.watch if watch.notify is not None}
