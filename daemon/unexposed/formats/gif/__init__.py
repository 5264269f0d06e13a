"""GIF, 87a and 89a, still and animated.

Source: the GIF89a specification (1990). Where a block stands twice, the one that decoders use
stays. A picture's LZW data is followed code by code, so that nothing stays behind its end but the
spare bits of its last byte. How it spells its pixels (where codes are cleared, the lengths of the
data blocks) belongs to the picture, as do colours that its codes can name and no pixel has. A
file that is cut short is held back, even behind the first picture: a shorter animation
would be another one, and half a picture is no whole one.
"""

from __future__ import annotations

from collections.abc import Sequence

from unexposed.formats._written import Written, judged, planned, with_made
from unexposed.formats.gif import _colours
from unexposed.formats.gif import _walk as names
from unexposed.formats.gif._blocks import XMP_MAGIC, blocks
from unexposed.formats.gif._places import PLACES
from unexposed.formats.gif._stills import stills
from unexposed.formats.parts import (
    NOTHING,
    Buffer,
    Followed,
    Keep,
    Part,
    Plan,
    Put,
    coalesce,
)

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
    "stills",
]

NAME = "gif"
PILLOW = ("GIF",)
EXTENSIONS = (".gif",)

_INTERLACED, _TABLE_SORT_SIZE = 0x40, 0x27
"""Bits of an image descriptor's last byte."""
_CONTROL_BITS = 0x1F
"""Bits of a graphic control's first byte: all but the reserved."""


def sniff(head: bytes) -> bool:
    """Tell whether the bytes begin a GIF."""
    return head[:6] in names.SIGNATURES


def dissect(buffer: Buffer, followed: Followed = NOTHING, /) -> list[Part]:
    """Divide a GIF into its blocks.

    Raises Malformed where the file ends in the middle of a block, where a picture's codes
    stand for nothing, where viewers would not agree on what is shown, and where there is no picture.
    """
    parts = names.divide(buffer, followed)
    return judged(parts, _written(buffer, parts))


def rebuild(buffer: Buffer, parts: Sequence[Part]) -> Plan:
    """Plan the clean copy: pictures, timing and loop count as they stand."""
    plan = planned(parts, _written(buffer, parts))
    ended = any(part.name == names.TRAILER_BYTE for part in parts)
    return plan if ended else coalesce([*plan, Put(bytes([names.END]))])


def annotate(buffer: Buffer, parts: Sequence[Part], packet: bytes) -> Plan:
    """Plan the copy with an XMP packet before its end."""
    at = parts[-1].start
    head = bytes([names.EXTENSION, names.APPLICATION, len(names.XMP_ID)]) + names.XMP_ID
    return [Keep(0, at), Put(head + packet + XMP_MAGIC), Keep(at, len(buffer))]


def _written(buffer: Buffer, parts: Sequence[Part]) -> Written:
    """Return for each part the bytes that stand for it in the clean copy."""
    made = _colours.written(buffer, parts)
    for index, part in enumerate(parts):
        start = part.start
        if part.name == names.DESCRIPTOR:
            packed = buffer[start + 9]
            kept = _INTERLACED | (names.TABLE | _TABLE_SORT_SIZE) * bool(packed & names.TABLE)
            made[index] = buffer[start : start + 9] + bytes([packed & kept])
        elif part.name == names.CONTROL:
            flags = buffer[start + 3] & _CONTROL_BITS
            colour = buffer[start + 6] if flags & _colours.TRANSPARENT else 0
            delay = buffer[start + 4 : start + 6]
            made[index] = buffer[start : start + 3] + bytes([flags, *delay, colour, 0])
        elif part.name == names.LOOP:
            made[index] = buffer[start : start + 18] + b"\0"
        elif part.name == names.LAST_LENGTH:
            made[index] = bytes([parts[index + 1].size])
    return with_made(buffer, parts, made)
