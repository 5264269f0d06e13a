"""Putting a large copy onto the disk while it is still being written and read again."""

from __future__ import annotations

import os
import threading
from types import TracebackType
from typing import Self

_LARGE = 16 << 20
"""Bytes from which on it is worth a thread; a smaller copy is left to whoever publishes it."""

_PAUSE = 0.05
"""Seconds between two goes at what was written so far."""


class Syncing:
    """A block in which `output` is being written; when it ends, a large one is on the disk.

    Within it `written` says that no more is to come; `size` is about how many bytes it will be.
    The block ends with OSError when the disk does not take it: the system says so once only, so
    that whoever syncs it later would not be told.
    """

    def __init__(self, output: int, size: int) -> None:
        self._output = output
        self._written = threading.Event()
        self._problem: OSError | None = None
        self._thread = None if size < _LARGE else threading.Thread(target=self._sync)

    def __enter__(self) -> Self:
        if self._thread is not None:
            self._thread.start()
        return self

    def written(self) -> None:
        """Have what is left put onto the disk."""
        self._written.set()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._written.set()
        if self._thread is not None:
            self._thread.join()
        if self._problem is not None and problem is None:
            raise self._problem

    def _sync(self) -> None:
        try:
            while not self._written.wait(_PAUSE):
                os.fsync(self._output)
            os.fsync(self._output)
        except OSError as problem:
            self._problem = problem
