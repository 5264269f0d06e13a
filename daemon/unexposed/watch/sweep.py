"""Looking through folders, a slice at a time, and telling what was there before the start."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Literal, Protocol, TypeAlias

from unexposed.walk import regular_files
from unexposed.watch.roots import Acquaintance, Baseline, Root, identify
from unexposed.watch.settle import State, state_of
from unexposed.watch.upkeep import Upkeep
from unexposed.watch.writers import Writers

log = logging.getLogger(__name__)

_CLOCK_REALTIME_COARSE = 5
"""From linux/time.h; `time` has no name for it."""

_DONE = object()

CatchUp: TypeAlias = Literal["new", "all", "none"]

HEARD_SECONDS = 0.7
"""After so long every event has been heard; watchdog holds back a move for 0.5 seconds."""

RECENT_NS = 60 * 10**9
"""A file that changed within so many nanoseconds may still be on its way."""


class Memory(Protocol):
    """What is remembered of files from one run to the next; the ledger.

    Paths are as the daemon hands them out, below the `path` of the watch.
    """

    def known(self, path: str, found: os.stat_result, /) -> bool:
        """Whether this very state of the file was dealt with, or was there before the start."""

    def first_time(self, root: str, /) -> bool:
        """Whether what was in a watched folder before is not yet remembered."""

    def meet(self, root: str, now: int, /) -> int:
        """Return, in nanoseconds, when a watched folder was met first, durably: `now` if never."""

    def remember(self, root: str, files: Iterable[tuple[str, State]], /) -> None:
        """Note, durably and as a whole, files to be left alone, and the folder as met."""


def file_clock() -> int:
    """Return the time, in nanoseconds, of the clock that stamps files.

    On Linux that is the coarse one: a file that is made later never bears an earlier time.
    """
    if sys.platform == "linux":
        return time.clock_gettime_ns(_CLOCK_REALTIME_COARSE)
    return time.time_ns()


class Sweeps:
    """The folders that are to be looked through; belongs to the watch thread.

    `met` is called with the real path of each file that nobody knows yet.
    """

    def __init__(
        self,
        upkeep: Upkeep,
        memory: Memory,
        acquaintance: Acquaintance,
        writers: Writers,
        met: Callable[[str], None],
    ) -> None:
        self._upkeep = upkeep
        self._memory = memory
        self._acquaintance = acquaintance
        self._writers = writers
        self._met = met
        self._queue: deque[Iterator[None]] = deque()

    def __len__(self) -> int:
        """How many folders are still to be looked through."""
        return len(self._queue)

    def catch_up(self, root: Root, catch_up: CatchUp) -> None:
        """Look through a root that is there for the first time since the start, or again."""
        if root.baseline is not None:  # it was not finished: the folder is another by now
            root.baseline = Baseline(root.baseline.before, arrived=root.baseline.arrived)
        elif not root.met:
            since = self._acquaintance.since(root.watch)
            if catch_up == "none" and not self._acquaintance.has_caught_up(root.watch):
                root.baseline = Baseline(since)
            elif catch_up == "new" and self._memory.first_time(root.path):
                # A run before this one may have ended before it had seen all that was there.
                root.baseline = Baseline(self._memory.meet(root.path, since))
        root.met = True
        self._queue.append(self._through_root(root))

    def again(self, root: Root) -> None:
        """Look through a root because events may have been lost, or for good measure."""
        if root.baseline is None and root.identity is not None:
            self._queue.append(self._through_root(root))

    def folder(self, top: str, came_from: str | None) -> None:
        """Look through a folder that was made, moved in, or renamed from `came_from`; real paths."""
        root = self._upkeep.territory.owner(top)
        if root is not None:
            self._queue.append(self._through_folder(root, top, came_from))

    def step(self, until: float) -> None:
        """Go on looking until a moment of the monotonic clock, or until all is done."""
        while self._queue:
            if next(self._queue[0], _DONE) is _DONE:
                self._queue.popleft()
            if time.monotonic() >= until:
                return

    def abandon(self) -> None:
        """Look through nothing any more; what was begun is incomplete."""
        self._queue.clear()

    def baseline_at(self) -> float | None:
        """Return when the next baseline is complete, None when there is none."""
        times = [
            root.baseline.ready_at
            for root in self._upkeep.roots
            if root.baseline is not None and root.baseline.ready_at is not None
        ]
        return min(times, default=None)

    def finish_baselines(self, now: float) -> None:
        """Remember what was there before the start, where that is known by now."""
        for root in self._upkeep.roots:
            baseline = root.baseline
            if baseline is None or baseline.ready_at is None or now < baseline.ready_at:
                continue
            if not _still_there(root):
                baseline.ready_at = None  # a disk was unplugged: anew when it is back
                continue
            arrived = {root.outward(path) for path in baseline.arrived}
            before = baseline.found.without(arrived)
            self._memory.remember(root.path, before)
            root.baseline = None
            self._acquaintance.caught_up(root.watch)
            log.info("%r: %d files were there before and are left alone", root.path, len(before))

    def _through_root(self, root: Root) -> Iterator[None]:
        baseline = root.baseline
        for file in self._files(root, root.real):
            if file is not None:
                path, found = file
                if baseline is not None and self._was_there(path, found, baseline):
                    baseline.found.add(root.outward(path), state_of(found))
                elif not self._memory.known(root.outward(path), found):
                    self._met(path)
            yield
        if baseline is not None and baseline is root.baseline:
            baseline.ready_at = time.monotonic() + HEARD_SECONDS
        elif root.baseline is None:
            self._acquaintance.caught_up(root.watch)
            if self._memory.first_time(root.path):
                self._memory.remember(root.path, ())

    def _through_folder(self, root: Root, top: str, came_from: str | None) -> Iterator[None]:
        renamed = []
        for file in self._files(root, top):
            if file is not None:
                path, found = file
                outward = root.outward(path)
                if self._memory.known(outward, found):
                    pass
                elif came_from is not None and self._was_known(
                    root, came_from + path[len(top) :], found
                ):
                    renamed.append((outward, state_of(found)))
                else:
                    self._met(path)
            yield
        if renamed:
            self._memory.remember(root.path, renamed)

    def _files(self, root: Root, top: str) -> Iterator[tuple[str, os.stat_result] | None]:
        """Yield the files below `top` that `root` takes, and None for those that it does not."""
        territory = self._upkeep.territory
        folder, ours = "", False

        def enters(path: str) -> bool:
            if not root.watch.recursive or territory.excludes(path):
                return False
            other = territory.root_at(path)
            if other is not None and other.watch.recursive:
                return False  # it is looked through by itself
            return root.filter.enters(root.relative(path))

        def unreadable(path: str, problem: OSError) -> None:
            self._upkeep.complain(path, "the folder %r is left out: %s", path, problem.strerror)

        for entry in regular_files(top, enters, unreadable):
            if entry is None:
                yield None
                continue
            path = entry.path
            if (here := os.path.dirname(path)) != folder:
                folder, ours = here, territory.owner(here) is root
            if not ours or not root.filter.takes_here(root.relative(path)):
                yield None
                continue
            try:
                found = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            yield path, found

    def _was_there(self, path: str, found: os.stat_result, baseline: Baseline) -> bool:
        if found.st_ctime_ns >= baseline.before:
            return False
        if baseline.before - found.st_ctime_ns > RECENT_NS:
            return True
        # All its bytes may be there already, and only its writer's close to come.
        try:
            return not self._writers.writing(path, found.st_dev)
        except FileNotFoundError:
            return False

    def _was_known(self, root: Root, before: str, found: os.stat_result) -> bool:
        """Whether a file was known by the path that it had before its folder was renamed."""
        return (
            root.baseline is None
            and self._upkeep.territory.owner(os.path.dirname(before)) is root
            and self._memory.known(root.outward(before), found)
        )


def _still_there(root: Root) -> bool:
    try:
        return identify(root.path) == root.identity
    except OSError:
        return False
