"""AVIF: still pictures coded with AV1."""

from __future__ import annotations

from unexposed.formats.heif._blocks import blocks
from unexposed.formats.heif._file import AVIF, family
from unexposed.formats.heif._layout import annotate, dissect, rebuild, unseen
from unexposed.formats.heif._places import PLACES

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
    "unseen",
]

NAME = AVIF
PILLOW = ("AVIF",)
EXTENSIONS = (".avif",)


def sniff(head: bytes) -> bool:
    """Tell whether the bytes begin a file of one of AVIF's brands."""
    return family(head) == AVIF
