"""Whether the clock can be trusted with how old something is."""

from __future__ import annotations

import logging
import time
from typing import Final

log = logging.getLogger(__name__)

EARLIEST: Final = 1_735_689_600.0
"""The first second of 2025, before which nothing was done here: a clock that says so has not been set."""

_JUMP: Final = 3_600.0
_DISTRUST: Final = 86_400.0
"""Seconds that it may be put right by, and seconds for which one that was set further is not believed.

One that is wrong by years is noticed within a day, or set again.
"""


class Clock:
    """Compares the clock with the time since the start of the system, which nobody sets."""

    def __init__(self) -> None:
        self._started: float | None = None
        self._believed_from = 0.0

    def is_steady(self) -> bool:
        """Whether it went on as time does since this was last asked, and for a day before."""
        now, up = time.time(), since_boot()
        started, self._started = self._started, now - up
        if started is not None and abs(self._started - started) > _JUMP:
            self._believed_from = up + _DISTRUST
            log.warning("the clock was set; for a day nothing is removed for its age")
        return now >= EARLIEST and up >= self._believed_from


def since_boot() -> float:
    """Return the seconds since the system started, with those that it slept."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
