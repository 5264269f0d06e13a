"""Container formats: one module each, found by being in this folder.

Bytes in, parts and blocks out: nothing here knows a path, a policy or a daemon.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import cast

from unexposed.errors import UnsupportedFormat
from unexposed.formats._recognised import recognise
from unexposed.formats.parts import (
    KEPT_ROLES,
    Buffer,
    Followed,
    Format,
    Keep,
    Part,
    Plan,
    Put,
    Role,
    ShownInPart,
    coalesce,
    composed,
)
from unexposed.registry import modules_in

__all__ = [
    "HEAD",
    "KEPT_ROLES",
    "Buffer",
    "Followed",
    "Format",
    "Keep",
    "Part",
    "Plan",
    "Put",
    "Role",
    "coalesce",
    "composed",
    "format_named",
    "formats",
    "sniff",
    "unseen",
]

HEAD = 4096
"""Bytes at the start of a file that tell its format."""

_USUAL = ("jpeg", "png", "webp", "gif")
"""What most files are: these are asked first, and others loaded only when none of them knows a file."""


def formats() -> tuple[Format, ...]:
    """Return every format handler in this folder; to be loaded takes them a tenth of a second."""
    return tuple(found for name in _modules() if (found := _handler(name)))


def format_named(name: str) -> Format:
    """Return a handler by its NAME. Raises KeyError when there is none."""
    return {one.NAME: one for one in formats()}[name]


def sniff(head: bytes) -> Format:
    """Return the handler of the format that a file's first bytes belong to.

    Raises UnsupportedFormat when no handler knows them.
    """
    for name in _modules():
        candidate = _handler(name)
        if candidate and candidate.sniff(head):
            return candidate
    family, name = recognise(head)
    if name:
        raise UnsupportedFormat(f"it is {name}, which cannot be cleaned yet", family)
    raise UnsupportedFormat("it is no picture or video that is known")


def unseen(buffer: Buffer, container: Format, frames: int) -> str:
    """Say what a clean copy holds beside so many frames that a decoder shows; "" for nothing.

    Raises Held where the file cannot be cleaned.
    """
    return container.unseen(buffer, frames) if isinstance(container, ShownInPart) else ""


@cache
def _modules() -> tuple[str, ...]:
    """Return the names of the modules in this folder, those that are asked first in front."""
    return (*_USUAL, *sorted(modules_in(__path__).difference(_USUAL)))


@cache
def _handler(name: str) -> Format | None:
    """Load a module; None where it is no handler but something that these share."""
    if name.startswith("_"):
        return None
    module = importlib.import_module(f"{__name__}.{name}")
    is_handler = hasattr(module, "NAME") and hasattr(module, "dissect")
    return cast("Format", module) if is_handler else None
