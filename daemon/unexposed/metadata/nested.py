"""One metadata language inside another, read to a bounded depth."""

from __future__ import annotations

from unexposed.exposure import Finding, finding
from unexposed.metadata import reader_of
from unexposed.metadata.block import Block
from unexposed.metadata.legible import size_in_words

MAX_DEPTH = 2
"""Exif may hold Photoshop resources, and these IPTC; what lies deeper is reported unread."""


def read_nested(block: Block, depth: int) -> list[Finding]:
    """Return what a block gives away that stands `depth` languages deep, 1 for the first inside."""
    reader = reader_of(block.language)
    if reader is None or depth > MAX_DEPTH:
        return [finding("hidden.unknown", block.where, size_in_words(block.size))]
    # Languages that hold others themselves have to know how deep they stand.
    read_at_depth = getattr(reader, "read_at_depth", None)
    if read_at_depth is None:
        return reader.read(block)
    found: list[Finding] = read_at_depth(block, depth)
    return found
