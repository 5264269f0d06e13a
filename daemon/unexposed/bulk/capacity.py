"""How many workers a machine has room for: one for each processor, as far as memory goes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

SEARCHING_MB: Final = 640
"""MiB of a worker that searches pictures of twelve megapixels; `benchmarks/vision_cost.py` measures it."""

_MEMINFO: Final = Path("/proc/meminfo")


def usual_jobs(*, searching: bool) -> int:
    """Return how many workers to have at once, at least one.

    Workers that search pictures share what memory is free, those that do not need little.
    """
    count = processors()
    free = _free_mb() if searching else None
    return count if free is None else max(1, min(count, free // SEARCHING_MB))


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _free_mb() -> int | None:
    """Return the MiB that can be had without swapping, None where the system does not say."""
    try:
        told = _MEMINFO.read_text("ascii")
    except OSError:
        return None
    _, found, rest = told.partition("MemAvailable:")
    return int(rest.split(maxsplit=1)[0]) // 1024 if found else None
