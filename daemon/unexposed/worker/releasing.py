"""Letting go of the pages of a mapped file that were read already.

They belong to the system, which takes them back where memory is short, but until then they count
as the worker's: a film of 4 GB would look as large in every list of processes.
"""

from __future__ import annotations

import mmap
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_LARGE = 16 << 20
"""Bytes of a mapping from which on it is worth a thread."""

_PAUSE = 0.005
"""Seconds between two goes: what is read meanwhile is what counts as the worker's at most."""

_LET_GO = getattr(mmap, "MADV_DONTNEED", None)
"""Of a file's pages, which nothing was written to, it takes nothing but their place."""


@contextmanager
def releasing(mapping: mmap.mmap) -> Iterator[None]:
    """Hold no more of a large mapping at a time, within the block, than was just read of it."""
    if _LET_GO is None or len(mapping) < _LARGE:
        yield
        return
    done = threading.Event()

    def release() -> None:
        while not done.wait(_PAUSE):
            mapping.madvise(_LET_GO)

    thread = threading.Thread(target=release)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
