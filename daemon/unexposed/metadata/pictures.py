"""Further pictures and notes that a container holds beside its picture, told of by their size."""

from __future__ import annotations

from typing import Final

from unexposed.exposure import Finding, finding
from unexposed.metadata.block import Block
from unexposed.metadata.legible import legible, size_in_words

_KINDS: Final[dict[str, str]] = {
    "depth": "content.depth",
    "gain_map": "content.gain_map",
    "second_picture": "content.second_picture",
    "video": "content.video",
    "pages": "content.pages",
    "channels": "content.channels",
    "notes": "hidden.metadata",
}

LANGUAGES = tuple(_KINDS)


def read(block: Block) -> list[Finding]:
    """Return that it is there, with what the container says of it and its size."""
    label, size = legible(block.label), size_in_words(block.size)
    value = f"{label}, {size}" if label else size
    return [finding(_KINDS[block.language], block.where, value)]
