"""When a person is told: single files after a moment, bursts as one summary."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Protocol

import msgspec

from unexposed.config import Notifications
from unexposed.notify.etiquette import Etiquette
from unexposed.notify.message import Message, message_of
from unexposed.wording import Burst, Notice, harmless

log = logging.getLogger(__name__)

_LONGEST: Final = 10
"""A burst that does not end is told of after so many times `burst_seconds`."""

_AGAIN: Final = (5.0, 30.0, 120.0)
"""Seconds until what could not be shown is tried again, each time; then it is given up.

At the start of a session the notification server may come later than the first file.
"""

_LAST_WORD: Final = 0.5
"""Seconds that a stop waits for what is still to be told."""

_LATER: Final = 60.0
"""Seconds at most that it waits without a look at the clock, which may be set."""

_FILES: Final = "files"
"""The tag of what tells of files."""


class Way(Protocol):
    """A way to show messages."""

    def shows(self, tag: str) -> bool:
        """Whether a message with this tag stands there, whose place a later one takes."""

    def show(self, message: Message) -> None:
        """Show a message, and raise when it could not be shown."""


class _Pending(msgspec.Struct):
    """What is still to be told; times are those of the monotonic clock, in seconds."""

    burst: Burst
    first: float
    latest: float
    failures: int = 0
    not_before: float = 0.0

    def due(self, span: float) -> float:
        """Return when to tell it, with bursts that a pause of `span` seconds ends."""
        return max(self.not_before, min(self.latest + span, self.first + _LONGEST * span))


class _Saying(msgspec.Struct):
    """What is to be said that is about no file; `not_before` as above."""

    message: Message
    failures: int = 0
    not_before: float = 0.0


class Announcer:
    """Tells a person of files on a thread of its own, a burst of them at once.

    Its methods can be called from any thread and raise nothing for what the way to show it does.
    What cannot be shown is logged once, until it works again, and tried again. `folders` has the
    settings of single folders, by their paths.
    """

    def __init__(
        self, settings: Notifications, way: Way, folders: Mapping[str, str] | None = None
    ) -> None:
        self._settings = settings
        self._etiquette = Etiquette(settings, folders or {})
        self._way = way
        self._changed = threading.Condition()
        self._pending: _Pending | None = None
        self._said: list[_Saying] = []
        self._told = 0
        """How many notifications of files there were, those that were replaced counted once."""
        self._shown: tuple[float, Burst] | None = None
        """What was told last and when, which more of the same can take the place of."""
        self._stopping = False
        self._failing = False
        self._thread = threading.Thread(target=self._run, name="announcer", daemon=True)

    def start(self) -> None:
        """Begin to tell."""
        self._thread.start()

    def use(self, settings: Notifications, folders: Mapping[str, str] | None = None) -> None:
        """Take up other settings."""
        with self._changed:
            self._settings = settings
            self._etiquette = Etiquette(settings, folders or {})
            if not settings.enabled:
                self._pending = None
            self._changed.notify()

    def add(self, notice: Notice) -> None:
        """Have a file told of, with others that finish at the same time."""
        try:
            if not self._etiquette.wants(notice):
                return
            burst = Burst.of(notice)
        except Exception:  # the file is done, and those behind it are to be told of
            log.exception("a file could not be put into words")
            return
        now = time.monotonic()
        with self._changed:
            if not self._stopping:
                self._join(_Pending(burst, now, now))
                self._changed.notify()

    def say(self, message: Message) -> None:
        """Have something told that is about no file, at once unless these are quiet hours."""
        with self._changed:
            if self._settings.enabled and not self._stopping:
                self._said.append(_Saying(message))
                self._changed.notify()

    def stop(self) -> None:
        """Tell at once what is pending, and end within half a second."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(_LAST_WORD)

    def _join(self, later: _Pending) -> None:
        earlier = self._pending
        if earlier is not None:
            later.burst = earlier.burst.followed_by(later.burst)
            later.first = earlier.first
            later.failures, later.not_before = earlier.failures, earlier.not_before
        self._pending = later

    def _run(self) -> None:
        while not self._stopping or self._pending is not None or self._said:
            try:
                said, pending = self._next()
                for saying in said:
                    self._show(saying)
                if pending is not None:
                    self._tell(pending)
            except Exception:  # without this thread nothing would be told any more
                log.exception("a notification was lost")

    def _next(self) -> tuple[list[_Saying], _Pending | None]:
        """Wait until something is to be told; nothing when the end came first."""
        with self._changed:
            while not self._stopping:
                pause = self._pause()
                if pause is not None and pause <= 0:
                    break
                self._changed.wait(None if pause is None else min(pause, _LATER))
            pending = None
            if self._stopping or self._is_due():
                pending, self._pending = self._pending, None
            now = time.monotonic()
            said = [one for one in self._said if self._stopping or one.not_before <= now]
            self._said = [one for one in self._said if one not in said]
            return said, pending

    def _pause(self) -> float | None:
        """Return the seconds until something is to be told, None for as long as nothing is."""
        now = time.monotonic()
        due = [self._due()] if self._pending is not None else []
        if self._said:
            quiet = self._etiquette.quiet_for(datetime.now().astimezone())
            due.append(max(now + quiet, min(one.not_before for one in self._said)))
        return min(due) - now if due else None

    def _is_due(self) -> bool:
        return self._pending is not None and self._due() <= time.monotonic()

    def _due(self) -> float:
        assert self._pending is not None
        polite = self._etiquette.not_before(time.monotonic(), datetime.now().astimezone())
        return max(polite, self._pending.due(self._settings.burst_seconds))

    def _tell(self, pending: _Pending) -> None:
        burst, now = pending.burst, time.monotonic()
        joins = False
        if self._shown is not None and self._way.shows(f"{_FILES} {self._told}"):
            when, earlier = self._shown
            if joins := now - when < self._settings.seconds_between:
                burst = earlier.followed_by(burst)
        if not joins:
            self._told += 1  # whatever was shown before is for somebody to see and close
        message = message_of(burst, f"{_FILES} {self._told}")
        try:
            self._way.show(message)
        except Exception as problem:
            self._put_back(pending, harmless(str(problem)) or type(problem).__name__)
        else:
            self._shown = (now, burst)
            self._etiquette.told(now)
            self._works()

    def _show(self, saying: _Saying) -> None:
        try:
            self._way.show(saying.message)
        except Exception as problem:
            self._fails(harmless(str(problem)) or type(problem).__name__)
            if saying.failures < len(_AGAIN):
                saying.not_before = time.monotonic() + _AGAIN[saying.failures]
                saying.failures += 1
                with self._changed:
                    self._said.append(saying)
        else:
            self._works()

    def _works(self) -> None:
        if self._failing:
            log.info("notifications are shown again")
        self._failing = False

    def _fails(self, reason: str) -> None:
        if not self._failing:
            log.warning("notifications cannot be shown, and will be tried again: %s", reason)
        self._failing = True

    def _put_back(self, pending: _Pending, reason: str) -> None:
        self._fails(reason)
        if pending.failures >= len(_AGAIN):
            return
        pending.not_before = time.monotonic() + _AGAIN[pending.failures]
        pending.failures += 1
        with self._changed:
            if self._stopping or not self._settings.enabled:
                return
            later, self._pending = self._pending, pending
            if later is not None:
                self._join(later)
