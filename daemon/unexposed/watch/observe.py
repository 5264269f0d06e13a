"""watchdog, made to say when it lost events or could not watch a folder."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import sys
import warnings
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers.api import BaseObserver, ObservedWatch

log = logging.getLogger(__name__)

# What it says of lost events and of folders let go, at the level of errors, is dealt
# with and said here.
logging.getLogger("watchdog").setLevel(logging.CRITICAL)

# What may start work. Opening and closing without writing stay out, so that our
# own reading raises nothing; so do changes of rights and dates.
EVENTS: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileMovedEvent,
    FileClosedEvent,
    FileDeletedEvent,
    DirCreatedEvent,
    DirMovedEvent,
    DirDeletedEvent,
]
if sys.platform != "linux":
    # Elsewhere nothing tells of a close. On Linux every writer closes in the end,
    # and an event for each write is what would fill the kernel's queue.
    EVENTS.append(FileModifiedEvent)


class Lost(NamedTuple):
    """Events were lost: what is there must be looked through again."""

    reason: str


class Refused(NamedTuple):
    """The kernel would not watch a folder; `code` is the errno."""

    path: str
    code: int


Notice: TypeAlias = FileSystemEvent | Lost | Refused
Put: TypeAlias = Callable[[Notice], None]


class _Handler(FileSystemEventHandler):
    def __init__(self, put: Put) -> None:
        self._put = put

    def dispatch(self, event: FileSystemEvent) -> None:
        self._put(event)


if sys.platform == "linux":
    from watchdog.observers.inotify import InotifyEmitter
    from watchdog.observers.inotify_c import (
        CallbackId,
        InotifyEvent,
        InotifyFD,
        Mask,
        WatchCallback,
        WatchDescriptor,
    )

    # watchdog warns when it meets a new folder twice, by its event and by walking,
    # which is how it makes sure to miss none.
    warnings.filterwarnings("ignore", message="Callback with id", category=RuntimeWarning)

    class _Reader(InotifyFD):
        """Reads the kernel's queue, and tells of every way in which events get lost."""

        def __init__(self, put: Put) -> None:
            super().__init__()
            self._put = put

        def run(self) -> None:
            try:
                super().run()
            except OSError as problem:
                self._put(Lost(f"the kernel's queue cannot be read: {problem}"))

        def handle_event(self, event: InotifyEvent) -> None:
            if event.is_queue_overflow:
                self._put(Lost("the kernel's queue of events overflowed"))
            try:
                super().handle_event(event)
            except Exception as problem:
                # watchdog's book-keeping raises KeyError for a folder that was moved out,
                # replaced and removed. Whatever it is, it must not end this thread:
                # that would leave the daemon deaf without a word.
                log.debug("an event could not be handled", exc_info=True)
                self._put(Lost(f"an event could not be handled: {problem!r}"))

        def add_callback(
            self, path: bytes, mask: Mask, callback: WatchCallback, id_: CallbackId
        ) -> WatchDescriptor:
            try:
                descriptor = super().add_callback(path, mask, callback, id_)
                if descriptor == -1:  # how watchdog passes over EACCES
                    self.remove_callbacks([(descriptor, id_)])
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
            except OSError as problem:
                # Below the root watchdog swallows the error.
                self._put(Refused(os.fsdecode(path), problem.errno or 0))
                raise
            return descriptor

    class _Observer(BaseObserver):
        def __init__(self, put: Put) -> None:
            self._reader = _Reader(put)
            super().__init__(InotifyEmitter, inotify_fd=self._reader)
            self._reader.start()

        def is_alive(self) -> bool:
            return super().is_alive() and self._reader.is_alive()

        def on_thread_stop(self) -> None:
            try:
                super().on_thread_stop()
            finally:
                with contextlib.suppress(KeyError):  # as in handle_event
                    self._reader.stop()
                self._reader.join()

    def _new_observer(put: Put) -> BaseObserver:
        return _Observer(put)

else:
    from watchdog.observers import Observer

    def _new_observer(_put: Put) -> BaseObserver:
        return Observer()


class Observation:
    """One observer and the folders that it watches.

    `put` is called on watchdog's threads with everything there is to hear. When
    something was lost the whole is thrown away and another one made, as what
    watchdog believes of the folders is then in doubt.
    """

    def __init__(self, put: Put) -> None:
        """Begin to observe. Raises OSError when the system has no inotify instance left."""
        self._put = put
        self._handler = _Handler(put)
        self._observer = _new_observer(put)
        self._observer.start()

    def add(self, folder: str, *, recursive: bool) -> ObservedWatch:
        """Watch a folder. Raises OSError; ENOSPC and EMFILE mean that a limit is reached."""
        return self._observer.schedule(
            self._handler, folder, recursive=recursive, event_filter=EVENTS
        )

    def remove(self, watch: ObservedWatch) -> None:
        """Watch a folder no longer."""
        try:
            self._observer.unschedule(watch)
        except KeyError as problem:  # as in handle_event
            self._put(Lost(f"a folder could not be let go: {problem!r}"))

    def alive(self, watches: set[ObservedWatch]) -> bool:
        """Whether every thread that these folders' events pass through is running."""
        emitters = {emitter.watch for emitter in self._observer.emitters if emitter.is_alive()}
        return self._observer.is_alive() and watches <= emitters

    def stop(self) -> None:
        """Let everything go and wait for the threads, half a second at most."""
        with contextlib.suppress(KeyError):  # as in handle_event
            self._observer.stop()
        self._observer.join()
