"""Container formats: one module each, found by being in this folder.

Bytes in, parts and blocks out: nothing here knows a path, a policy or a daemon.
"""

from __future__ import annotations

import importlib
import pkgutil
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
    coalesce,
    composed,
)

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
]

HEAD = 4096
"""Bytes at the start of a file that tell its format."""


@cache
def formats() -> tuple[Format, ...]:
    """Return every format handler in this folder, by name."""
    found = []
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        if hasattr(module, "NAME") and hasattr(module, "dissect"):
            found.append(cast("Format", module))
    return tuple(found)


def format_named(name: str) -> Format:
    """Return a handler by its NAME. Raises KeyError when there is none."""
    return {one.NAME: one for one in formats()}[name]


def sniff(head: bytes) -> Format:
    """Return the handler of the format that a file's first bytes belong to.

    Raises UnsupportedFormat when no handler knows them.
    """
    for candidate in formats():
        if candidate.sniff(head):
            return candidate
    family, name = recognise(head)
    if name:
        raise UnsupportedFormat(f"it is {name}, which cannot be cleaned yet", family)
    raise UnsupportedFormat("it is no picture or video that is known")
