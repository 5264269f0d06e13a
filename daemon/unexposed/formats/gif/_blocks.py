"""The metadata of a GIF for the readers."""

from __future__ import annotations

from collections.abc import Sequence

from unexposed.formats._leftover import trailer, unknown
from unexposed.formats.gif import _walk as names
from unexposed.formats.gif._colours import written
from unexposed.formats.gif._sub_blocks import joined
from unexposed.formats.parts import KEPT_ROLES, Buffer, Part, Role
from unexposed.metadata.block import MAX_PAYLOAD, Block

XMP_MAGIC = bytes([1, *range(255, -1, -1), 0])
"""What ends XMP, which stands outside sub-blocks: wherever a reader jumps in, it comes out behind."""

_C2PA = b"C2PA_GIF"
"""The application that records of who made a picture stand under."""

_UNSEEN = "colours that no picture can have"


def blocks(buffer: Buffer, parts: Sequence[Part]) -> list[Block]:
    """Hand out comments, texts, XMP, profiles, unknown data and what follows the pictures."""
    found: list[Block] = []
    room = 2 * MAX_PAYLOAD
    made = written(buffer, parts)
    for index, part in enumerate(parts):
        if part.role not in KEPT_ROLES:
            block = _block(buffer, part, min(room, MAX_PAYLOAD))
        elif part.name == names.COLOURS and not part.plain:
            table = zip(buffer[part.start : part.end], made[index], strict=True)
            unseen = bytes(was for was, stays in table if was != stays)
            block = Block("unknown", unseen, f"GIF {_UNSEEN}", len(unseen), _UNSEEN)
        else:
            continue
        room -= len(block.payload)
        found.append(block)
    return found


def _block(buffer: Buffer, part: Part, room: int) -> Block:
    """Return what a part that does not stay holds, up to `room` bytes of it."""
    if part.role is Role.TRAILER:
        return trailer(buffer, part)
    if part.name == names.COMMENT:
        payload = joined(buffer, part.start + 2, part.end, room)
        return Block("comment", payload, "GIF comment", part.size)
    if part.name == names.TEXT:
        behind_grid = (
            part.start + 3 + buffer[part.start + 2] if buffer[part.start + 2] else part.end
        )
        payload = joined(buffer, behind_grid, part.end, room)
        return Block("text", payload, "GIF plain text", part.size)
    data = part.start + 14
    if part.name == names.XMP:
        return Block("xmp", _xmp(buffer, data, part.end, room), "XMP", part.size)
    if part.name == names.ICC:
        return Block("icc", joined(buffer, data, part.end, room), "ICC profile", part.size)
    if part.name == names.APPLICATION_DATA:
        name = buffer[part.start + 3 : part.start + 3 + buffer[part.start + 2]]
        label = "".join(chr(byte) if 32 <= byte < 127 else "?" for byte in name)
        if name.startswith(_C2PA):
            return Block("c2pa", joined(buffer, data, part.end, room), "C2PA", part.size)
        return unknown(buffer, part, f"GIF application data '{label}'", label)
    return unknown(buffer, part, f"GIF {part.name}", part.name)


def _xmp(buffer: Buffer, start: int, end: int, room: int) -> bytes:
    """Return XMP, which stands bare before the magic trailer, or in sub-blocks without one."""
    tail = end - len(XMP_MAGIC)
    if tail >= start and buffer[tail:end] == XMP_MAGIC:
        return buffer[start : min(tail, start + room)]
    return joined(buffer, start, end, room)
