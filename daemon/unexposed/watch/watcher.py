"""The watch thread: hears what happened, waits until files are complete, hands them out."""

from __future__ import annotations

import logging
import os
import queue
import stat
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileDeletedEvent,
    FileMovedEvent,
    FileSystemEvent,
)

from unexposed.config.settings import Watch, Watching
from unexposed.watch import names
from unexposed.watch.observe import Lost, Notice, Refused
from unexposed.watch.roots import Acquaintance, FolderState, Root, upward
from unexposed.watch.settle import Due, Look, Settling
from unexposed.watch.sweep import CatchUp, Memory, Sweeps, file_clock
from unexposed.watch.upkeep import Upkeep
from unexposed.watch.writers import Writers

log = logging.getLogger(__name__)

SECOND_LOOK_SECONDS = 1.0
"""After so long a new folder is looked through once more: files may precede its observing."""

SLICE_SECONDS = 0.05
"""How long one kind of work may keep the thread from the others."""

STOP_SECONDS = 1.0
"""How long a stop waits for the thread, which may be waiting for a locked ledger."""

STALE_SECONDS = 86_400.0
"""After so long without a change a partial download is an abandoned one."""

RETRY_SECONDS = 30.0
"""After an unforeseen error everything is looked through again so much later."""


class _Wake:
    """Asks the thread to look whether it has to end."""


class _Ping:
    """Asks the thread for a sign of life."""


class _Rescan:
    """Asks for a look through everything."""


_Message: TypeAlias = Notice | _Wake | _Ping | _Rescan | threading.Event


class Watcher:
    """Watches folders and calls `on_file` with each complete file, once for each state of it.

    `on_file(path, watch)` is called on the watch thread and has to return soon; the
    path is below `watch.path`, undecodable bytes in it as surrogates (`os.fsdecode`).
    When it raises, everything is looked through again after `RETRY_SECONDS`.

    `excluded` are folders that are never fed back, wherever they lie: the outbox,
    the state. With `everything` the files that were there before the first start
    are taken too, where the settings say "new". Watchers that follow one another in a
    daemon share an `acquaintance`: what comes between two of them was not there before.

    Where watched folders overlap, the deepest that reaches a file decides over it.
    """

    def __init__(
        self,
        watches: Sequence[Watch],
        settings: Watching,
        excluded: Sequence[Path],
        memory: Memory,
        on_file: Callable[[str, Watch], None],
        *,
        everything: bool = False,
        acquaintance: Acquaintance | None = None,
    ) -> None:
        self._settings = settings
        self._everything = everything
        self._acquaintance = acquaintance or Acquaintance()
        self._memory = memory
        self._on_file = on_file
        self._inbox: queue.SimpleQueue[_Message] = queue.SimpleQueue()
        self._writers = Writers()
        self._settling = Settling(settings.settle_seconds, self._look)
        self._upkeep = Upkeep(watches, excluded, self._inbox.put)
        self._sweeps = Sweeps(self._upkeep, memory, self._acquaintance, self._writers, self._met)
        self._fresh: dict[str, str | None] = {}
        """Folders that were just made, or renamed from where the value says."""
        self._second_looks: dict[str, float] = {}
        self._rescan_at: float | None = None
        self._catch_up_at: float | None = None
        self._trouble: type[Exception] | None = None
        """What kept the last file from being handed on."""
        self._at_rest: list[threading.Event] = []
        self._stopping = False
        self._answered = True
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Begin to watch; what arrives after this has returned is not missed."""
        self._upkeep.make_folders()
        started = file_clock()
        self._acquaintance.meet((root.watch for root in self._upkeep.roots), started)
        for root in self._upkeep.roots:
            self._memory.meet(root.path, started)
        now = self._catch_up_at = time.monotonic()
        self._schedule_rescan(now)
        self._upkeep.look(now)
        self._thread.start()

    def stop(self) -> None:
        """Watch no longer; waits a second at most. What is unsettled is left."""
        if self._thread.is_alive():
            self._stopping = True
            self._inbox.put(_Wake())
            self._thread.join(STOP_SECONDS)

    def rescan(self) -> None:
        """Ask, from any thread, that every watched folder be looked through now."""
        self._inbox.put(_Rescan())

    def drain(self, timeout: float) -> bool:
        """Wait until all folders are looked through and every file heard of is handed out.

        False when that is not so after `timeout` seconds, as when a file is being written.
        """
        at_rest = threading.Event()
        self._inbox.put(at_rest)
        return at_rest.wait(timeout)

    def searching(self) -> bool:
        """Whether folders are being looked through, however long that takes."""
        return bool(self._sweeps)

    def goes_on(self) -> bool:
        """Whether the thread did something since this was asked for the last time."""
        answered, self._answered = self._answered, False
        self._inbox.put(_Ping())
        return answered and self._thread.is_alive()

    def folders(self) -> tuple[FolderState, ...]:
        """Return how each watched folder is doing, in the order of the configuration."""
        return tuple(root.state for root in self._upkeep.roots)

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._turn()
            except Exception:
                # As in _hand. Ending the thread would leave the daemon deaf; what this
                # turn missed is looked for later.
                log.exception("watching met an error; everything is looked through again soon")
                self._sweeps.abandon()
                self._catch_up_later()
        self._upkeep.stop()

    def _turn(self) -> None:
        """Wait until something is due, and do it."""
        for message in self._receive():
            self._handle(message)
        now = time.monotonic()
        if now >= self._upkeep.next_look:
            for root in self._upkeep.look(now):
                self._catch_up(root)
        self._look_at_new_folders(now)
        self._keep_appointments(now)
        self._hand_out()
        if not self._is_due(self._settling.next_look()):
            self._sweeps.step(time.monotonic() + SLICE_SECONDS)
        self._tell_when_at_rest()

    def _receive(self) -> list[_Message]:
        """Wait for messages until something else is due, and return all there are."""
        messages: list[_Message] = []
        try:
            pause = self._pause()
            messages.append(self._inbox.get(block=pause > 0, timeout=pause))
            messages.extend(self._inbox.get_nowait() for _ in range(self._inbox.qsize()))
        except queue.Empty:
            pass
        if any(isinstance(message, FileSystemEvent) for message in messages):
            self._upkeep.look_soon()  # are these events of the folders that we think of?
        return messages

    def _pause(self) -> float:
        if self._sweeps or self._fresh:
            return 0.0
        appointments = (
            self._upkeep.next_look,
            self._settling.next_look(),
            self._sweeps.baseline_at(),
            min(self._second_looks.values(), default=None),
            self._rescan_at,
            self._catch_up_at,
        )
        soonest = min(when for when in appointments if when is not None)
        return max(0.0, soonest - time.monotonic())

    def _handle(self, message: _Message) -> None:
        now = time.monotonic()
        if isinstance(message, FileSystemEvent):
            self._heard(message, now)
        elif isinstance(message, Lost):
            self._upkeep.start_over(message.reason)
        elif isinstance(message, Refused):
            self._upkeep.refused(message.path, message.code, now)
        elif isinstance(message, _Rescan):
            self._rescan(now)
        elif isinstance(message, _Ping):
            self._answered = True
        elif isinstance(message, threading.Event):
            self._at_rest.append(message)

    def _heard(self, event: FileSystemEvent, now: float) -> None:
        if event.is_synthetic:
            return  # what watchdog supposes to be in a folder: we look ourselves
        source, destination = os.fsdecode(event.src_path), os.fsdecode(event.dest_path)
        if isinstance(event, DirCreatedEvent):
            self._new_folder(source, None)
        elif isinstance(event, DirMovedEvent):
            self._upkeep.gone(source)
            self._new_folder(destination, source)
        elif isinstance(event, DirDeletedEvent):
            self._upkeep.gone(source)
        elif isinstance(event, FileMovedEvent):
            self._companion_gone(source, now)
            self._note(destination, now, finished=True)
        elif isinstance(event, FileDeletedEvent):
            self._companion_gone(source, now)
        else:
            self._note(source, now, finished=isinstance(event, FileClosedEvent))

    def _new_folder(self, path: str, came_from: str | None) -> None:
        root = self._upkeep.territory.owner(path)
        if root is None or not root.watch.recursive or path == root.real:
            return
        if root.filter.reaches(root.relative(path)):
            if root.baseline is not None:
                root.baseline.arrived.add(path)
            self._fresh[path] = came_from

    def _companion_gone(self, path: str, now: float) -> None:
        file = names.accompanied(path)
        if file is not None:
            self._note(file, now)

    def _note(self, path: str, now: float, *, finished: bool = False) -> None:
        root = self._owner(path)
        if root is not None:
            if root.baseline is not None:
                root.baseline.arrived.add(path)
            self._settling.note(path, now, finished=finished)

    def _met(self, path: str) -> None:
        self._settling.note(path, time.monotonic())

    def _owner(self, path: str) -> Root | None:
        """Return the root that takes the file at a real path, None when none does."""
        root = self._upkeep.territory.owner(os.path.dirname(path))
        return root if root is not None and root.filter.takes(root.relative(path)) else None

    def _look(self, path: str) -> Look | None:
        """Look at a file; None when it is none, is incomplete by its companions, or lies elsewhere.

        A folder that was moved away reports by its old path, where a link may stand now.
        """
        try:
            found = os.lstat(path)
            if not stat.S_ISREG(found.st_mode):
                return None
            if any(_in_use(companion) for companion in names.companions(path)):
                return None
            folder = os.path.dirname(path)
            if os.path.realpath(folder) != folder:
                return None
            writing = self._writers.writing(path, found.st_dev)
            return Look(os.lstat(path), writing)  # as it was left by whoever was writing
        except OSError:
            return None

    def _look_at_new_folders(self, now: float) -> None:
        fresh, self._fresh = self._fresh, {}
        for top, came_from in fresh.items():
            if not any(above in fresh for above in upward(os.path.dirname(top))):
                self._sweeps.folder(top, came_from)
                self._second_looks[top] = now + SECOND_LOOK_SECONDS

    def _keep_appointments(self, now: float) -> None:
        for top in [top for top, when in self._second_looks.items() if now >= when]:
            del self._second_looks[top]
            self._sweeps.folder(top, None)
        self._sweeps.finish_baselines(now)
        if self._is_due(self._rescan_at):
            self._rescan(now)
        if self._is_due(self._catch_up_at):
            self._catch_up_at = None
            for root in self._upkeep.roots:
                if root.identity is not None:
                    self._catch_up(root)

    def _catch_up(self, root: Root) -> None:
        catch_up: CatchUp = root.watch.catch_up or self._settings.catch_up
        if self._everything and catch_up == "new":
            catch_up = "all"
        self._sweeps.catch_up(root, catch_up)

    def _catch_up_later(self) -> None:
        if self._catch_up_at is None:
            self._catch_up_at = time.monotonic() + RETRY_SECONDS

    def _rescan(self, now: float) -> None:
        self._schedule_rescan(now)
        self._writers.forget_mounts()
        for root in self._upkeep.roots:
            self._sweeps.again(root)

    def _schedule_rescan(self, now: float) -> None:
        seconds = self._settings.rescan_seconds
        self._rescan_at = now + seconds if seconds > 0 else None

    def _hand_out(self) -> None:
        until = time.monotonic() + SLICE_SECONDS
        while (now := time.monotonic()) < until:
            due = self._settling.take(now)
            if due is None:
                return
            self._hand(due)

    def _hand(self, due: Due) -> None:
        root = self._owner(due.path)
        if root is None:
            return
        path = root.outward(due.path)
        try:
            if not self._memory.known(path, due.found):
                self._on_file(path, root.watch)
        except Exception as problem:
            # Whatever the trouble is, above all a ledger that cannot be written (disk
            # full), other files must still be handed out, and this one later.
            if type(problem) is not self._trouble:  # once, and not for each of thousands
                log.exception("the file %r could not be handed on; all are tried again", path)
            self._trouble = type(problem)
            self._settling.forget(due.path)
            self._catch_up_later()
        else:
            self._trouble = None

    @staticmethod
    def _is_due(when: float | None) -> bool:
        return when is not None and time.monotonic() >= when

    def _tell_when_at_rest(self) -> None:
        busy = (
            self._sweeps
            or self._settling
            or self._fresh
            or self._second_looks
            or self._catch_up_at is not None
            or any(root.baseline and root.identity for root in self._upkeep.roots)
        )
        if self._at_rest and not busy and self._inbox.empty():
            for event in self._at_rest:
                event.set()
            self._at_rest.clear()


def _in_use(companion: str) -> bool:
    try:
        return time.time() - os.lstat(companion).st_mtime < STALE_SECONDS
    except OSError:
        return False
