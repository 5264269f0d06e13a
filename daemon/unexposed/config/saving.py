"""Writing the configuration file."""

from __future__ import annotations

import contextlib
import os
from itertools import count
from pathlib import Path

from unexposed.errors import ConfigError, reason_of
from unexposed.whole_file import write_whole


def save(path: Path, text: str) -> Path | None:
    """Write a file whole or not at all, for its owner alone; return where an earlier one is kept.

    Where the path is a link, the file that it leads to is written. Raises ConfigError.
    """
    real = Path(os.path.realpath(path))
    try:
        content = text.encode()
        real.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = _kept(real) if real.exists() else None
        write_whole(real, content)
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
