"""Free space, for the copies and for the ledger."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from unexposed.doctor.check import Case, Check, State, standing

_LEAST: Final = 100_000_000
_LITTLE: Final = 1_000_000_000
"""Bytes below which copies soon fail, and below which that may come."""


def look(case: Case) -> Iterator[Check]:
    """Look at both places, and only once where they are on one file system."""
    config = case.config
    places: dict[int, Path] = {}
    for path in (config.outbox_path, config.state_path):
        there = standing(path)
        places.setdefault(os.stat(there).st_dev, there)
    for there in places.values():
        yield _look(there)


def _look(path: Path) -> Check:
    found = os.statvfs(path)
    free = found.f_bavail * found.f_frsize
    told = f"{free / 1e9:,.1f} GB free at {path}"
    if found.f_files and not found.f_favail:
        what = f"no further file fits into {path}: all inodes are taken"
        return Check("free space", State.WRONG, what, "remove files there")
    if free < _LEAST:
        what = f"only {free / 1e6:,.0f} MB free at {path}: copies will fail"
        return Check("free space", State.WRONG, what, "make room")
    if free < _LITTLE:
        return Check("free space", State.ATTENTION, told, "make room before it runs out")
    return Check("free space", State.FINE, told)
