"""QuickTime: made of the same boxes as MP4, with or without a file type, and with an ending of its own."""

from __future__ import annotations

from unexposed.formats.mp4 import annotate, blocks, dissect, rebuild
from unexposed.formats.mp4._layout import QUICKTIME, brand
from unexposed.formats.mp4._places import PLACES

__all__ = [
    "EXTENSIONS",
    "NAME",
    "PILLOW",
    "PLACES",
    "annotate",
    "blocks",
    "dissect",
    "rebuild",
    "sniff",
]

NAME = "mov"
PILLOW = ()
EXTENSIONS = (".mov", ".qt")

_FIRST = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
"""What files begin with that were made before there was a file type."""


def sniff(head: bytes) -> bool:
    """Tell whether the bytes begin a QuickTime video."""
    return brand(head) == QUICKTIME or head[4:8] in _FIRST
