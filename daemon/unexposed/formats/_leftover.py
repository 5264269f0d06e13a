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


def trailer(buffer: Buffer, part: Part) -> Block:
    """Return the bytes behind the end of a picture, labelled by what they look like."""
    payload = buffer[part.start : min(part.end, part.start + GLIMPSE)]
    label = next((name for at, magic, name in _BEGINNINGS if payload.startswith(magic, at)), "")
    return Block("trailer", payload, "after the end of the picture", part.size, label)


def unknown(buffer: Buffer, part: Part, where: str, label: str) -> Block:
    """Return bytes that no specification accounts for."""
    payload = buffer[part.start : min(part.end, part.start + GLIMPSE)]
    return Block("unknown", payload, where, part.size, label)
