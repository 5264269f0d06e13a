"""When a file is complete: a state machine without threads, clock or file system of its own."""

from __future__ import annotations

import heapq
import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0
"""Seconds between two looks at a file that is being written, at first and at most.

On the usual systems the writer's close is reported at once; the looks are for a
writer who came by another name of the same file, and for reports that got lost.
"""

REMEMBERED = 4096
"""Files whose last state is kept, so that no event reports it twice."""

State: TypeAlias = tuple[int, int, int, int, int]
"""Device, inode, size in bytes, modification and change time in nanoseconds."""


def state_of(found: os.stat_result) -> State:
    """Return what differs as soon as the file is another, or another's content."""
    return (
        found.st_dev,
        found.st_ino,
        found.st_size,
        found.st_mtime_ns,
        found.st_ctime_ns,
    )


class Look(NamedTuple):
    """What one look at a regular file saw."""

    found: os.stat_result
    writing: bool | None
    """Whether somebody has it open for writing; None where the system does not tell."""

    @property
    def state(self) -> State:
        """The state that the file was seen in."""
        return state_of(self.found)


class Due(NamedTuple):
    """A complete file."""

    path: str
    found: os.stat_result


@dataclass(slots=True)
class _Waiting:
    """A file that is not known to be complete."""

    next_look: float
    finished: bool
    """Its writer was seen to be done, or it was moved in whole."""
    pause: float = FIRST_PAUSE
    state: State | None = None
    since: float = 0.0
    """When `state` was seen first."""


class Settling:
    """The files of which something was heard and that are not yet complete.

    `look` looks at a path and returns None when it is no file to be taken (any
    more). All times are seconds of one monotonic clock, handed in as `now`.

    A file is due when nobody writes it. Where the system does not tell, it is due
    at once after its writer closed it or when it was moved in, and otherwise when
    its state has rested for `settle_seconds`. Each state of a file is due once.
    """

    def __init__(self, settle_seconds: float, look: Callable[[str], Look | None]) -> None:
        self._settle_seconds = settle_seconds
        self._look = look
        self._waiting: dict[str, _Waiting] = {}
        self._order: list[tuple[float, int, str]] = []
        self._number = itertools.count()
        self._reported: dict[str, State] = {}

    def __len__(self) -> int:
        """How many files are waited for."""
        return len(self._waiting)

    def note(self, path: str, now: float, *, finished: bool = False) -> None:
        """Something was heard of a file; `finished` when its writer closed it or it was moved in."""
        waiting = self._waiting.get(path)
        if waiting is None:
            waiting = self._waiting[path] = _Waiting(now, finished)
        elif not finished:
            return  # the look that is due anyway will see what changed
        waiting.finished = waiting.finished or finished
        self._look_again(path, waiting, now)

    def next_look(self) -> float | None:
        """Return when the next file has to be looked at, None while there is none."""
        while self._order:
            when, _, path = self._order[0]
            waiting = self._waiting.get(path)
            if waiting is not None and waiting.next_look == when:
                return when
            heapq.heappop(self._order)  # looked at since, or looked at earlier
        return None

    def take(self, now: float) -> Due | None:
        """Return one file that is complete, None when no file that is to be looked at now is."""
        while (when := self.next_look()) is not None and when <= now:
            path = heapq.heappop(self._order)[2]
            due = self._judge(path, self._waiting[path], now)
            if due is not None:
                return due
        return None

    def forget(self, path: str) -> None:
        """Report the file again when it is heard of again: its report came to nothing."""
        self._reported.pop(path, None)

    def _judge(self, path: str, waiting: _Waiting, now: float) -> Due | None:
        look = self._look(path)
        if look is None:
            del self._waiting[path]
            self.forget(path)
            return None
        if look.writing:
            waiting.finished, waiting.state = False, None
            self._look_again(path, waiting, now + waiting.pause)
            waiting.pause = min(waiting.pause * 2, LONGEST_PAUSE)
            return None
        if look.found.st_size == 0 or look.state == self._reported.get(path):
            del self._waiting[path]  # bytes to come are heard of, by the close or as a change
            return None
        if look.writing is None and not waiting.finished and not self._rested(waiting, look, now):
            self._look_again(path, waiting, waiting.since + self._settle_seconds)
            return None
        del self._waiting[path]
        self._report(path, look.state)
        return Due(path, look.found)

    def _rested(self, waiting: _Waiting, look: Look, now: float) -> bool:
        if waiting.state != look.state:
            waiting.state, waiting.since = look.state, now
        return now >= waiting.since + self._settle_seconds

    def _look_again(self, path: str, waiting: _Waiting, when: float) -> None:
        waiting.next_look = when
        heapq.heappush(self._order, (when, next(self._number), path))

    def _report(self, path: str, state: State) -> None:
        self._reported.pop(path, None)  # so that it counts as the newest
        self._reported[path] = state
        if len(self._reported) > REMEMBERED:
            del self._reported[next(iter(self._reported))]
