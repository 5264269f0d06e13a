"""Whether somebody saved the configuration file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeAlias

_State: TypeAlias = tuple[int, int, int] | None
"""Inode, size and time of a file, None where there is none."""


class Changes:
    """Looks at a file from time to time, and tells of each state of it that stays for two looks."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._taken = self._last = self._state()

    def taken(self) -> None:
        """Note that the file was read as it is now."""
        self._taken = self._last = self._state()

    def came(self) -> bool:
        """Whether the file is another than the one that was read, and at rest since the last look."""
        last, self._last = self._last, self._state()
        if self._last == self._taken or self._last != last:
            return False
        self._taken = self._last
        return True

    @property
    def pending(self) -> bool:
        """Whether the last look saw another file than the one that was read."""
        return self._last != self._taken

    def _state(self) -> _State:
        try:
            found = os.stat(self._path)
        except OSError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns
