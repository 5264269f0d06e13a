"""Which files are meant by the paths that a person gave."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from unexposed.walk import regular_files

_SORTED = 10_000
"""Files of a folder that are put in the order of their names at a time."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One file that is meant, or one folder that could not be read."""

    path: str
    folder: str = ""
    """Where it lies below the folder that was named."""
    named: bool = False
    """Whether it was named itself, and not found in a folder."""
    problem: str = ""
    """Why a folder could not be read."""


class Files:
    """The files that some paths stand for; each pass over it walks the folders anew.

    Folders are searched through, without hidden files and without following links. Each file
    comes once. What lies in the outbox comes only when it was named itself.
    """

    def __init__(self, paths: Sequence[str], outbox: Path | None = None) -> None:
        self._paths = {os.path.abspath(path): path for path in paths}
        self._outbox = outbox

    @property
    def only_one(self) -> bool:
        """Whether they are a single file that was named."""
        return len(self._paths) == 1 and not any(map(os.path.isdir, self._paths))

    def __iter__(self) -> Iterator[Found]:
        for path in self._paths.values():
            if not os.path.isdir(path):
                yield Found(path=path, named=True)
            elif not self._in_outbox(path):
                yield from self._below(path)

    def _below(self, top: str) -> Iterator[Found]:
        here: list[str] = []
        problems: deque[Found] = deque()

        def unreadable(path: str, problem: OSError) -> None:
            reason = f"the folder cannot be read: {problem.strerror}"
            problems.append(Found(path=path, problem=reason))

        def in_order() -> Iterator[Found]:
            for path in sorted(here):
                yield Found(path=path, folder=os.path.dirname(os.path.relpath(path, top)))
            here.clear()

        for entry in regular_files(top, self._enters, unreadable):
            if entry is not None and self._takes(entry):
                here.append(entry.path)
            if entry is None or len(here) == _SORTED:
                yield from in_order()
            while problems:
                yield problems.popleft()

    def _takes(self, entry: os.DirEntry[str]) -> bool:
        return not entry.name.startswith(".") and not self._is_named(entry.path)

    def _enters(self, folder: str) -> bool:
        if os.path.basename(folder).startswith(".") or self._is_named(folder):
            return False
        return not self._is_outbox(folder)

    def _is_named(self, path: str) -> bool:
        """Whether it comes, or came, by itself."""
        return len(self._paths) > 1 and os.path.abspath(path) in self._paths

    def _is_outbox(self, folder: str) -> bool:
        try:
            return self._outbox is not None and os.path.samefile(folder, self._outbox)
        except OSError:
            return False

    def _in_outbox(self, folder: str) -> bool:
        whole = os.path.realpath(folder)
        return self._outbox is not None and Path(whole).is_relative_to(
            os.path.realpath(self._outbox)
        )
