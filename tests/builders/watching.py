"""What a running Watcher handed out, and a memory to run it with."""

from __future__ import annotations

import itertools
import os
import queue
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from unexposed.config.settings import Watch
from unexposed.watch import Watcher
from unexposed.watch.settle import State

PATIENCE = 10.0
"""Seconds after which what has not happened will not happen; never waited for in a passing test."""


class Notebook:
    """A Memory that lives as long as the test, over several runs of a Watcher."""

    def __init__(self) -> None:
        self.roots: set[str] = set()
        self.met: dict[str, int] = {}
        self.states: set[tuple[str, int, int, int]] = set()

    @staticmethod
    def _state(path: str, found: os.stat_result) -> tuple[str, int, int, int]:
        return path, found.st_ino, found.st_size, found.st_mtime_ns

    def known(self, path: str, found: os.stat_result, /) -> bool:
        return self._state(path, found) in self.states

    def first_time(self, root: str, /) -> bool:
        return root not in self.roots

    def meet(self, root: str, now: int, /) -> int:
        return self.met.setdefault(root, now)

    def remember(self, root: str, files: Iterable[tuple[str, State]], /) -> None:
        self.states.update((path, *state[1:4]) for path, state in files)
        self.roots.add(root)

    def dealt_with(self, path: str) -> None:
        self.states.add(self._state(path, os.lstat(path)))


class Watched:
    """A running Watcher; paths are told relative to the folder of the test."""

    def __init__(self, base: Path, memory: Notebook) -> None:
        self.base = base
        self.memory = memory
        self.watcher: Watcher
        self.by: dict[str, Watch] = {}
        self._files: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._numbers = itertools.count()

    def on_file(self, path: str, watch: Watch) -> None:
        name = os.path.relpath(path, self.base)
        self.by[name] = watch
        self.memory.dealt_with(path)
        self._files.put(name)

    def next(self) -> str:
        """The next file that is handed out."""
        return self._files.get(timeout=PATIENCE)

    def some(self, count: int) -> set[str]:
        """So many files that are handed out, in whatever order."""
        return {self.next() for _ in range(count)}

    def so_far(self, folder: str = "in") -> list[str]:
        """What is handed out because of the events until now; open files may stay unsettled."""
        marker = f"{folder}/marker-{next(self._numbers)}.jpg"
        (self.base / marker).write_bytes(b"marker")
        files = []
        while (name := self.next()) != marker:
            files.append(name)
        return files

    def all_so_far(self, folder: str = "in") -> list[str]:
        """Everything that is handed out because of what was done until now."""
        return self.so_far(folder) + self.drained()

    def drained(self) -> list[str]:
        """Everything that is handed out by the time that all is looked through."""
        assert self.watcher.drain(PATIENCE)
        return sorted(self._files.get() for _ in range(self._files.qsize()))

    def state(self, number: int = 0) -> str:
        return self.watcher.folders()[number].state


Start = Callable[..., Watched]


def eventually(true: Callable[[], object]) -> None:
    """Wait until something holds."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.005)


def let_the_file_clock_tick() -> None:
    """Wait until a new file bears a later time than those that are there."""
    time.sleep(0.02)
