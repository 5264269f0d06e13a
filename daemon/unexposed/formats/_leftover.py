"""Blocks for what the formats have no language for: bytes behind the end, unknown data."""

from __future__ import annotations

from unexposed.formats.parts import Buffer, Part
from unexposed.metadata.block import Block

GLIMPSE = 64 << 10
"""Bytes of a trailer, or of unknown data, that a block holds at most."""

_BEGINNINGS = (
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"\x89PNG", "png"),
    (4, b"ftyphei", "heic"),
    (4, b"ftypmif1", "heic"),
    (4, b"ftyp", "mp4"),
    (0, b"PK\x03\x04", "zip"),
)
"""Offset, the bytes that stand there, and the label; the first that fits counts."""
_HEAD = 16


WHERE = "after the end of the picture"

_ENDS = ((b"SEFT", "samsung"), (b"8db42d694ccc418790edff439fe026bf", "insta360"))
"""How trailers of makers end, where their directory stands, and the label."""
_MAX_TAIL = 4 << 20
"""Bytes of such a trailer that a block holds at most."""


def trailer(buffer: Buffer, part: Part) -> Block:
    """Return the bytes behind the end of a picture, labelled by what they look like."""
    start, end, label = telling(buffer, part)
    return Block("trailer", buffer[start:end], WHERE, part.size, label)


def telling(buffer: Buffer, part: Part) -> tuple[int, int, str]:
    """Return from where to where a trailer tells what it is, and its label.

    That is its beginning, or its end where a maker's directory stands there.
    """
    for end, name in _ENDS:
        if part.size > len(end) and buffer[part.end - len(end) : part.end] == end:
            return max(part.start, part.end - _MAX_TAIL), part.end, name
    stop = min(part.end, part.start + GLIMPSE)
    head = buffer[part.start : min(stop, part.start + _HEAD)]
    label = next((name for at, magic, name in _BEGINNINGS if head.startswith(magic, at)), "")
    return part.start, stop, label


def unknown(buffer: Buffer, part: Part, where: str, label: str) -> Block:
    """Return bytes that no specification accounts for."""
    payload = buffer[part.start : min(part.end, part.start + GLIMPSE)]
    return Block("unknown", payload, where, part.size, label)
