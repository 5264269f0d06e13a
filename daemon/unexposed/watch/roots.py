"""The watched folders: where each really is, which of them a file belongs to, what is left out."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec
from watchdog.observers.api import ObservedWatch

from unexposed.config.settings import Watch
from unexposed.watch.names import Filter
from unexposed.watch.settle import State

FolderIs: TypeAlias = Literal[
    "starting", "watched", "polled", "missing", "unreadable", "excluded", "duplicate"
]


class FolderState(msgspec.Struct, frozen=True):
    """How a watched folder is doing, for `status`.

    "polled": looked through at an interval only, as the system's limit of watches is
    reached. "excluded": it is, or lies in, a folder that is never fed back.
    "duplicate": another watch has the very same folder, and decides.
    """

    path: str
    state: FolderIs
    detail: str = ""


class Found:
    """Files and the state of each, packed: a first start may meet some hundred thousand."""

    _STATE = struct.Struct("=QQqqq")

    def __init__(self) -> None:
        self._paths: list[str] = []
        self._states = bytearray()

    def __len__(self) -> int:
        return len(self._paths)

    def __iter__(self) -> Iterator[tuple[str, State]]:
        return zip(self._paths, self._STATE.iter_unpack(self._states), strict=True)

    def add(self, path: str, state: State) -> None:
        """Put a file in."""
        self._paths.append(path)
        self._states += self._STATE.pack(*state)

    def without(self, left_out: Set[str]) -> Found:
        """Return these files but for those that are, or lie below, one of some paths."""
        rest = Found()
        for path, state in self:
            if left_out.isdisjoint(upward(path)):
                rest.add(path, state)
        return rest


@dataclass(slots=True)
class Baseline:
    """What was there before the watching began, while it is being found out."""

    before: int
    """Files whose state last changed before this were there: nanoseconds since the epoch."""
    found: Found = field(default_factory=Found)
    arrived: set[str] = field(default_factory=set)
    """Files and folders that came meanwhile, whatever the times they bear."""
    ready_at: float | None = None
    """When the last event about what came meanwhile must have been heard; monotonic."""


Identity: TypeAlias = tuple[str, int, int]
"""Resolved path, device and inode of a folder."""


class Root:
    """One watched folder; belongs to the watch thread, but for `state`."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.path = watch.path
        self.real = os.path.realpath(watch.path)
        self.filter = Filter(watch)
        self.state = FolderState(watch.path, "starting")
        self.identity: Identity | None = None
        """The folder that is being observed or polled; None while there is none."""
        self.observed: ObservedWatch | None = None
        self.baseline: Baseline | None = None
        self.met = False
        """Whether it was there since the daemon started."""
        self.poll_at = 0.0
        self.observe_at = 0.0
        """While polled: when to look through it next, when to try to observe it."""

    def relative(self, path: str) -> str:
        """Return a real path below the folder as one relative to it, "" for itself."""
        return path[len(self.real.rstrip("/")) + 1 :]

    def outward(self, path: str) -> str:
        """Return a real path below the folder as others know it: below the configured path."""
        return path if self.real == self.path else os.path.join(self.path, self.relative(path))


def identify(path: str, before: Identity | None = None) -> Identity:
    """Return which folder stands at a path. Raises OSError, NotADirectoryError included.

    The configured folder itself may be a symbolic link: the user has named it. With
    `before`, the resolved path is taken to be the same as long as the folder is.
    """
    found = os.stat(os.path.join(path, ""))
    if before is not None and before[1:] == (found.st_dev, found.st_ino):
        return before
    return (os.path.realpath(path), found.st_dev, found.st_ino)


class Acquaintance:
    """What one daemon has seen of its folders so far, from one configuration to the next."""

    def __init__(self) -> None:
        self._since: dict[str, int] = {}
        self._caught_up: set[Watch] = set()

    def meet(self, watches: Iterable[Watch], now: int) -> None:
        """Take up what is watched from now on, a time of `file_clock`; forget what no longer is."""
        watches = tuple(watches)
        self._since = {one.path: self._since.get(one.path, now) for one in watches}
        self._caught_up.intersection_update(watches)

    def since(self, watch: Watch) -> int:
        """Return when the daemon began to watch a folder, as `file_clock` said then."""
        return self._since[watch.path]

    def has_caught_up(self, watch: Watch) -> bool:
        """Whether all that was in a folder is known, by the very rules that it has now."""
        return watch in self._caught_up

    def caught_up(self, watch: Watch) -> None:
        """Take note that all that was in a folder is known."""
        self._caught_up.add(watch)


class Territory:
    """Which watched folder a file belongs to: the deepest one that reaches it."""

    def __init__(self, roots: Sequence[Root], excluded: Iterable[Path]) -> None:
        self._excluded = frozenset(os.path.realpath(path) for path in excluded)
        self._roots: dict[str, Root] = {}
        for root in roots:
            self._roots[root.real] = root

    def root_at(self, folder: str) -> Root | None:
        """Return the watched folder that stands at a real path itself."""
        return self._roots.get(folder)

    def excludes(self, path: str) -> bool:
        """Whether a real path is, or lies in, a folder that is never fed back."""
        return any(place in self._excluded for place in upward(path))

    def owner(self, folder: str) -> Root | None:
        """Return the root that decides over the files directly in a folder, None for no root."""
        if self.excludes(folder):
            return None
        for place in upward(folder):
            root = self._roots.get(place)
            if root is not None and (root.watch.recursive or place == folder):
                return root
        return None


def upward(path: str) -> Iterable[str]:
    """Yield a path and every folder above it."""
    while True:
        yield path
        above = os.path.dirname(path)
        if above == path:
            return
        path = above
