"""HEIC and HEIF: still pictures coded with HEVC."""

from __future__ import annotations

from unexposed.formats.heif._blocks import blocks
from unexposed.formats.heif._file import HEIC, family
from unexposed.formats.heif._layout import annotate, crops, curves, dissect, hides, rebuild, unseen
from unexposed.formats.heif._places import PLACES

__all__ = [
    "EXTENSIONS",
    "NAME",
    "PILLOW",
    "PLACES",
    "annotate",
    "blocks",
    "crops",
    "curves",
    "dissect",
    "hides",
    "rebuild",
    "sniff",
    "unseen",
]

NAME = HEIC
PILLOW = ("HEIF",)
EXTENSIONS = (".heic", ".heif", ".hif")


def sniff(head: bytes) -> bool:
    """Tell whether the bytes begin a file of one of HEIC's brands."""
    return family(head) == HEIC
