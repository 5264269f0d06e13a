"""GoPro's notes, where they hold the same data as its videos do.

Source: ExifTool's tag names, "GoPro Tags".
"""

from __future__ import annotations

from typing import Final

from unexposed.exposure import Finding
from unexposed.metadata.block import Block
from unexposed.metadata.gpmf import read as read_gpmf
from unexposed.metadata.maker_notes._note import Note

_START: Final = b"DEVC"


def read(note: Note) -> list[Finding]:
    """Return what GoPro's note gives away."""
    if not note.head.startswith(_START):
        return []
    return read_gpmf(Block("gpmf", note.data[note.start : note.end], note.where, note.size))
