"""When a person is told: single files after a moment, bursts as one summary."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Final, TypeAlias

import msgspec

from unexposed.config import Notifications
from unexposed.wording import Burst, Notice, harmless

log = logging.getLogger(__name__)

Send: TypeAlias = Callable[[str, str], None]
"""Shows a title and a body to a person, and raises when it could not."""

_LONGEST: Final = 10
"""A burst that does not end is told of after so many times `burst_seconds`."""

_AGAIN: Final = (5.0, 30.0, 120.0)
"""Seconds until what could not be shown is tried again, each time; then it is given up.

At the start of a session the notification server may come later than the first file.
"""

_LAST_WORD: Final = 0.5
"""Seconds that a stop waits for what is still to be told."""


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


class Announcer:
    """Tells a person of files on a thread of its own, a burst of them at once.

    Its methods can be called from any thread and raise nothing for what `send` does. What
    cannot be shown is logged once, until it works again, and tried again.
    """

    def __init__(self, settings: Notifications, send: Send) -> None:
        self._settings = settings
        self._send = send
        self._changed = threading.Condition()
        self._pending: _Pending | None = None
        self._stopping = False
        self._failing = False
        self._thread = threading.Thread(target=self._run, name="announcer", daemon=True)

    def start(self) -> None:
        """Begin to tell."""
        self._thread.start()

    def use(self, settings: Notifications) -> None:
        """Take up other settings."""
        with self._changed:
            self._settings = settings
            if not settings.enabled:
                self._pending = None
            self._changed.notify()

    def add(self, notice: Notice) -> None:
        """Have a file told of, with others that finish at the same time."""
        try:
            burst = Burst.of(notice)
        except Exception:
            log.exception("a file could not be put into words")
            return
        now = time.monotonic()
        with self._changed:
            if self._settings.enabled and not self._stopping:
                self._join(_Pending(burst, now, now))
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
            later.burst = earlier.burst + later.burst
            later.first = earlier.first
            later.failures, later.not_before = earlier.failures, earlier.not_before
        self._pending = later

    def _run(self) -> None:
        while not self._stopping or self._pending is not None:
            try:
                pending = self._next()
                if pending is not None:
                    self._tell(pending)
            except Exception:
                log.exception("a notification was lost")

    def _next(self) -> _Pending | None:
        """Wait until something is to be told; None when the end came first."""
        with self._changed:
            while not self._stopping:
                pause = self._pause()
                if pause is not None and pause <= 0:
                    break
                self._changed.wait(pause)
            pending, self._pending = self._pending, None
            return pending

    def _pause(self) -> float | None:
        """Return the seconds until something is to be told, None for as long as nothing is."""
        if self._pending is None:
            return None
        return self._pending.due(self._settings.burst_seconds) - time.monotonic()

    def _tell(self, pending: _Pending) -> None:
        title, body = pending.burst.title(), pending.burst.body()
        try:
            self._send(title, body)
        except Exception as problem:
            self._put_back(pending, harmless(str(problem)) or type(problem).__name__)
        else:
            if self._failing:
                log.info("notifications are shown again")
            self._failing = False

    def _put_back(self, pending: _Pending, reason: str) -> None:
        if not self._failing:
            log.warning("notifications cannot be shown, and will be tried again: %s", reason)
        self._failing = True
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
