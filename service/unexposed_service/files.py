"""Templates, and the files that are made from them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from unexposed.whole_file import write_whole
from unexposed_service.interface import ServiceError, Standing

_HOLE = re.compile(r"@([A-Z_]+)@")


def filled(template: str, values: Mapping[str, str]) -> str:
    """Return a template of this folder with each @NAME@ replaced by its value, as it stands."""
    text = resources.files(__package__).joinpath(template).read_text(encoding="utf-8")
    return _HOLE.sub(lambda hole: values[hole[1]], text)


def read(path: Path) -> str | None:
    """Return what a definition says, or None when there is none. Raises ServiceError."""
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape")
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise ServiceError(f"{path} cannot be read: {problem.strerror}") from problem


def compared(installed: str | None, wanted: str) -> Standing:
    """Say how what `read` returned stands to what would be written."""
    if installed is None:
        return Standing.ABSENT
    return Standing.CURRENT if installed == wanted else Standing.OUTDATED


def write(path: Path, text: str) -> None:
    """Write a definition whole or not at all, for its owner alone. Raises ServiceError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text.encode())
    except OSError as problem:
        raise ServiceError(f"{path} cannot be written: {problem.strerror}") from problem


def remove(path: Path) -> None:
    """Remove a definition. Raises ServiceError."""
    try:
        path.unlink(missing_ok=True)
    except OSError as problem:
        raise ServiceError(f"{path} cannot be removed: {problem.strerror}") from problem


def make_folder(path: Path) -> None:
    """Make a folder for its owner alone, if it is missing. Raises ServiceError."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise ServiceError(f"{path} cannot be made: {problem.strerror}") from problem
