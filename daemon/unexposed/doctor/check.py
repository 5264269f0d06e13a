"""What was looked at, how it is, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path

import msgspec

from unexposed.config import Config


class State(Enum):
    """How something is."""

    FINE = "fine"
    ATTENTION = "attention"
    """It works, but not as well as it could."""
    WRONG = "wrong"
    """What the configuration asks for does not happen."""
    UNKNOWN = "unknown"
    """It could not be looked at."""


class Check(msgspec.Struct, frozen=True):
    """One thing that was looked at; `advice` says what to do, "" where nothing is to be done."""

    name: str
    state: State
    what: str
    advice: str = ""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """What the looks are about; with `notify` one of them may show a notification."""

    config: Config
    file: Path | None = None
    """Where the configuration was asked to come from."""
    notify: bool = True


Look = Callable[[Case], Iterator[Check]]
"""Looks at one part. What it raises is made an unknown of."""


def standing(path: Path) -> Path:
    """Return a folder, or the first one above it that is there."""
    return next((one for one in (path, *path.parents) if one.is_dir()), path)
