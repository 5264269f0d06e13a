"""Metadata languages: one module each, found by being in this folder.

A reader module states the languages that it reads as `LANGUAGES` and has one
function, `read(block) -> list[Finding]`. It raises nothing, whatever the bytes:
what is damaged is read as far as it goes and reported as damaged.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from functools import cache
from typing import Protocol

from unexposed.exposure import Finding, finding, more_facts, worst_first
from unexposed.metadata.block import MAX_PAYLOAD, Block
from unexposed.metadata.placeholders import told_as_they_are
from unexposed.registry import modules_in

__all__ = ["MAX_FINDINGS", "MAX_PAYLOAD", "Block", "read", "read_all"]

MAX_FINDINGS = 200
"""Facts of one block that are told one by one at most."""


class Reader(Protocol):
    """What a module in this folder looks like when it reads a language."""

    LANGUAGES: tuple[str, ...]

    def read(self, block: Block) -> list[Finding]:
        """Return what the block gives away."""


_OF_MANY = ("plain_data", "pictures")
"""Modules that read many languages: these are asked before others are loaded."""


def readers() -> dict[str, Reader]:
    """Return the reader of each language."""
    return {
        language: module for name in _modules() for language, module in _readers_in(name).items()
    }


@cache
def reader_of(language: str) -> Reader | None:
    """Return the reader of a language, None where there is none.

    Most modules are called by their language, so that only those are loaded which a file needs.
    """
    for name in (language, f"{language}s", *_OF_MANY, *_modules()):
        if name in _modules() and language in _readers_in(name):
            return _readers_in(name)[language]
    return None


@cache
def _modules() -> frozenset[str]:
    return modules_in(__path__)


@cache
def _readers_in(name: str) -> dict[str, Reader]:
    """Load a module and return what it reads."""
    module = importlib.import_module(f"{__name__}.{name}")
    return dict.fromkeys(getattr(module, "LANGUAGES", ()), module)


def read_all(blocks: Iterable[Block]) -> list[Finding]:
    """Return what a file's blocks give away together, placeholders told as what they are.

    Of one block the worst `MAX_FINDINGS` are told, and how many more there are.
    """
    return told_as_they_are(one for block in blocks for one in _bounded(block.where, read(block)))


def _bounded(where: str, found: list[Finding]) -> list[Finding]:
    if len(found) <= MAX_FINDINGS:
        return found
    worst = worst_first(dict.fromkeys(found))
    told, left = worst[:MAX_FINDINGS], worst[MAX_FINDINGS:]
    return [*told, more_facts(left, where)] if left else list(told)


def read(block: Block) -> list[Finding]:
    """Return what one block gives away; a language without a reader is reported as unknown data."""
    reader = reader_of(block.language)
    if reader is None:
        return [finding("hidden.unknown", block.where, f"{block.size} bytes")]
    return reader.read(block)
