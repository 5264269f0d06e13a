"""The pictures of a GIF one by one, as its data have them and before they are laid over each other."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from unexposed.formats.gif import _walk as names
from unexposed.formats.parts import KEPT_ROLES, NOTHING, Buffer, Part

_OUTSIDE = frozenset({names.CONTROL, names.LOOP, names.DESCRIPTOR, names.TRAILER_BYTE})
"""Parts with which a picture's own end."""


def stills(buffer: Buffer) -> Iterator[bytes]:
    """Yield each picture as a GIF of its own, on a screen of its size. Raises Malformed."""
    parts = [part for part in names.divide(buffer, NOTHING) if part.role in KEPT_ROLES]
    first = next(at for at, part in enumerate(parts) if part.name in _OUTSIDE)
    common = b"".join(buffer[part.start : part.end] for part in parts[2:first])
    packed = buffer[10]
    control = b""
    for index, part in enumerate(parts):
        if part.name == names.CONTROL:
            control = buffer[part.start : part.end]
        elif part.name == names.DESCRIPTOR:
            descriptor = buffer[part.start : part.end]
            size = descriptor[5:9]
            head = buffer[:6] + size + bytes([packed, 0, 0]) + common + control
            moved = descriptor[:1] + struct.pack("<HH", 0, 0) + size + descriptor[9:]
            yield head + moved + _data(buffer, parts, index + 1) + bytes([names.END])
            control = b""


def _data(buffer: Buffer, parts: list[Part], start: int) -> bytes:
    """Return a picture's own colours and its data."""
    end = next((at for at in range(start, len(parts)) if parts[at].name in _OUTSIDE), len(parts))
    return b"".join(
        bytes([parts[at + 1].size])
        if part.name == names.LAST_LENGTH
        else buffer[part.start : part.end]
        for at, part in enumerate(parts[start:end], start)
    )
