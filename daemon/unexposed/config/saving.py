"""Writing the configuration file."""

from __future__ import annotations

import contextlib
import os
import tempfile
from itertools import count
from pathlib import Path

from unexposed.errors import ConfigError, reason_of


def save(path: Path, text: str) -> Path | None:
    """Write a file whole or not at all, for its owner alone; return where an earlier one is kept.

    Where the path is a link, the file that it leads to is written. Raises ConfigError.
    """
    real = Path(os.path.realpath(path))
    try:
        content = text.encode()
        real.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = _kept(real) if real.exists() else None
        _replace(real, content)
    except UnicodeEncodeError as problem:
        raise ConfigError(
            f"{path} cannot be written: a name in it is not UTF-8; give that folder another name"
        ) from problem
    except OSError as problem:
        raise ConfigError(f"{path} cannot be written: {reason_of(problem)}") from problem
    return kept


def _kept(path: Path) -> Path:
    """Copy a file to a free name beside it."""
    content = path.read_bytes()
    for number in count(1):
        ending = ".old" if number == 1 else f".old-{number}"
        beside = path.with_name(f"{path.name}{ending}")
        with contextlib.suppress(FileExistsError):
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            return beside
    raise AssertionError("numbers do not end")


def _replace(path: Path, content: bytes) -> None:
    descriptor, hidden = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        os.replace(hidden, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(hidden)
        raise
