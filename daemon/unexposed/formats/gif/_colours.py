"""The screen descriptor and the colour tables of a GIF, as a clean copy has them.

A picture's codes can name as many colours as its bits allow; what a table holds behind those is
shown by nobody, and becomes black. The colour of the background stays where it may be seen.

Source: GIF89a specification, sections 18, 19, 21 to 23.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from unexposed.formats.gif import _walk as names
from unexposed.formats.parts import Buffer, Part

TRANSPARENT = 0x01
_DISPOSAL, _TO_BACKGROUND = 0x1C, 0x08
"""Bits of a graphic control's first byte."""

_TABLE_SIZE = 0x07
_EIGHT_BITS = 0x70
"""What the screen descriptor says of how finely colours are told apart; no viewer heeds it."""

_GREYS = bytes(shade for shade in range(256) for _ in range(3))
"""A table in which each number is its own shade: it says nothing, and Pillow knows it as grey."""


def written(buffer: Buffer, parts: Sequence[Part]) -> dict[int, bytes]:
    """Return by index what the screen descriptor and the colour tables are in a clean copy."""
    screen = next(index for index, part in enumerate(parts) if part.name == names.SCREEN)
    has_common = parts[screen + 1].name == names.COLOURS
    common = screen + 1 if has_common else -1
    background = _background(buffer, parts) if has_common else None
    reached, single = _used(buffer, parts, common)
    made = {screen: _made_screen(buffer, parts[screen], background or 0)}
    for index, part in enumerate(parts):
        if part.name == names.COLOURS:
            kept = single.get(index, set()) | ({background} if background is not None else set())
            made[index] = _made_table(buffer[part.start : part.end], reached.get(index, 0), kept)
    return made


def _background(buffer: Buffer, parts: Sequence[Part]) -> int | None:
    """Return the number of the colour that is seen where no picture is, None where that is nowhere.

    It may be seen behind a first picture with gaps, and where a picture is cleared away. The
    browsers show nothing there; older viewers show the colour.
    """
    screen = next(part for part in parts if part.name == names.SCREEN)
    across, down, _, number = struct.unpack("<HHBB", buffer[screen.start : screen.end - 1])
    first = next(index for index, part in enumerate(parts) if part.name == names.DESCRIPTOR)
    start = parts[first].start
    left, top, width, height = struct.unpack("<4H", buffer[start + 1 : start + 9])
    covered = not (left or top) and width >= across and height >= down
    controls = [index for index, part in enumerate(parts) if part.name == names.CONTROL]
    flags = {index: buffer[parts[index].start + 3] for index in controls}
    seen = (
        not covered
        or any(flag & TRANSPARENT for index, flag in flags.items() if index < first)
        or any(flag & _DISPOSAL == _TO_BACKGROUND for flag in flags.values())
    )
    return number if seen else None


def _used(
    buffer: Buffer, parts: Sequence[Part], common: int
) -> tuple[dict[int, int], dict[int, set[int]]]:
    """Return by table how many of its colours pixels can have, and which ones are transparent.

    What a picture has as shades of grey Pillow looks up in the common table, if it is the first.
    """
    reached: dict[int, int] = {}
    transparent: dict[int, set[int]] = {}
    tables, colour = [common], -1
    for index, part in enumerate(parts):
        if part.name == names.CONTROL:
            colour = buffer[part.start + 6] if buffer[part.start + 3] & TRANSPARENT else -1
        elif part.name == names.DESCRIPTOR:
            tables = [common]
        elif part.name == names.COLOURS and index != common:
            grey = _GREYS.startswith(buffer[part.start : part.end])
            tables = [index, common] if grey else [index]
        elif part.name == names.BITS:
            for table in tables:
                reached[table] = max(reached.get(table, 0), 1 << buffer[part.start])
                if colour >= 0:
                    transparent.setdefault(table, set()).add(colour)
            colour = -1
    return reached, transparent


def _made_screen(buffer: Buffer, part: Part, background: int) -> bytes:
    """Return the screen descriptor: its size, that of the common table, and constants."""
    packed = buffer[part.start + 4]
    kept = packed & (names.TABLE | _TABLE_SIZE) if packed & names.TABLE else 0
    size = buffer[part.start : part.start + 4]
    return size + bytes([kept | _EIGHT_BITS, background, 0])


def _made_table(table: bytes, reached: int, kept: set[int]) -> bytes:
    """Return a colour table in which all is black that is neither reached nor kept."""
    if _GREYS.startswith(table):
        return table
    made = bytearray(table[: 3 * reached].ljust(len(table), b"\0"))
    for number in kept:
        made[3 * number : 3 * number + 3] = table[3 * number : 3 * number + 3]
    return bytes(made)
