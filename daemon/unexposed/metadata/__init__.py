"""Metadata languages: one module each, found by being in this folder.

A reader module states the languages that it reads as `LANGUAGES` and has one
function, `read(block) -> list[Finding]`. It raises nothing, whatever the bytes:
what is damaged is read as far as it goes and reported as damaged.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Protocol

from unexposed.exposure import Finding, finding
from unexposed.metadata.block import MAX_PAYLOAD, Block

__all__ = ["MAX_PAYLOAD", "Block", "read"]


class Reader(Protocol):
    """What a module in this folder looks like when it reads a language."""

    LANGUAGES: tuple[str, ...]

    def read(self, block: Block) -> list[Finding]:
        """Return what the block gives away."""


@cache
def readers() -> dict[str, Reader]:
    """Return the reader of each language."""
    found: dict[str, Reader] = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        for language in getattr(module, "LANGUAGES", ()):
            found[language] = module
    return found


def read(block: Block) -> list[Finding]:
    """Return what one block gives away; a language without a reader is reported as unknown data."""
    reader = readers().get(block.language)
    if reader is None:
        return [finding("hidden.unknown", block.where, f"{block.size} bytes")]
    return reader.read(block)
