"""Where pages lie until they are read.

A page tells what pictures gave away, so it lies in the state folder where nobody else can read it,
and not for long.
"""

from __future__ import annotations

import os
import stat
import tempfile
import time
from pathlib import Path
from typing import Final

from unexposed.errors import UnexposedError, reason_of

_FOLDER: Final = "reports"
_PREFIX, _SUFFIX = "report-", ".html"
_READ_BY_THEN: Final = 600.0
"""Seconds after which a page is cleared: a browser has read it by then."""


class PageError(UnexposedError):
    """A page cannot be written; the text says where and why."""


def keep(page: str, state: Path) -> Path:
    """Write a page into the state folder, and clear those of earlier. Raises PageError."""
    folder = state / _FOLDER
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        clear(state, _READ_BY_THEN)
        descriptor, path = tempfile.mkstemp(_SUFFIX, _PREFIX, folder)  # 0600
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(page)
    except OSError as problem:
        raise PageError(f"no page can be written to {folder}: {reason_of(problem)}") from problem
    return Path(path)


def clear(state: Path, older: float = 0.0) -> None:
    """Remove the pages that are older than so many seconds."""
    limit = time.time() - older
    for path in (state / _FOLDER).glob(f"{_PREFIX}*{_SUFFIX}"):
        try:
            if path.lstat().st_mtime <= limit:
                path.unlink()
        except FileNotFoundError:
            continue  # somebody else was quicker


def write_to(page: str, path: Path) -> None:
    """Write a page where somebody wants it, readable for nobody else. Raises PageError."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                os.fchmod(descriptor, 0o600)  # one that was there may be for others to read
            file.write(page)
    except OSError as problem:
        raise PageError(f"the page cannot be written to {path}: {reason_of(problem)}") from problem
