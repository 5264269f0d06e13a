"""Small pictures of clean copies, for notifications: few, for a short time, for their owner alone."""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from pathlib import Path
from typing import Final

from unexposed.errors import Held
from unexposed.pipeline import Gone, NotNow, opened
from unexposed.worker import Aborted, Worker, WorkerUnavailable

_MOST: Final = 8
_SECONDS: Final = 600.0
"""How many there are, and for how long; a notification server reads one when it is told of it."""


class Previews:
    """The folder that they are in. What goes wrong with one costs that one and nothing else."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, copy: str, worker: Worker) -> str:
        """Return the path of a small picture of a clean copy, made anew; empty where none can be."""
        try:
            with opened(copy) as source:
                picture = worker.show(source).picture
        except (Held, Gone, NotNow, WorkerUnavailable, Aborted):
            return ""
        if picture is None:
            return ""
        path = self._folder / f"{secrets.token_hex(8)}.jpg"
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            with open(path, "xb", opener=_private) as file:
                file.write(picture.jpeg)
        except OSError:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
            return ""
        self._keep(_MOST, 0.0)
        return str(path)

    def clear_old(self) -> None:
        """Remove those that were shown a while ago."""
        self._keep(_MOST, time.time() - _SECONDS)

    def clear(self) -> None:
        """Remove all."""
        self._keep(0, 0.0)

    def _keep(self, most: int, since: float) -> None:
        """Remove all but so many of the newest, and those from before a time."""
        with contextlib.suppress(OSError):
            found = [(one.stat().st_mtime, one) for one in self._folder.glob("*.jpg")]
            found.sort(reverse=True)
            for number, (made, one) in enumerate(found):
                if number >= most or made < since:
                    one.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CLOEXEC, 0o600)
