"""BMP: Windows bitmaps of all versions, and those of OS/2 that have one picture.

Sources: see `_header` and `_rle`. Rows are filled up to a multiple of four bytes, often
with whatever was in the program's memory: what fills them is apart from the picture, and zero in
a clean copy. So are the unused byte of each palette colour, the density and all reserved fields.
Bits of a pixel that no colour uses are shown by some viewers as transparency and by others not at
all: unless they are the same everywhere and tell nothing, the file is held back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from unexposed.errors import Malformed
from unexposed.formats._leftover import GLIMPSE, trailer, unknown
from unexposed.formats._tiling import Tiling
from unexposed.formats._written import Written, judged
from unexposed.formats.bmp._header import (
    FILE_HEADER,
    RLE4,
    RLE8,
    SIZES,
    Header,
    density,
    made_header,
    read_header,
)
from unexposed.formats.bmp._places import PLACES
from unexposed.formats.bmp._rle import rle_end
from unexposed.formats.bmp._spare import require_nothing_spare
from unexposed.formats.parts import (
    KEPT_ROLES,
    NOTHING,
    Buffer,
    Followed,
    Keep,
    Part,
    Plan,
    Put,
    Role,
    coalesce,
)
from unexposed.metadata import icc
from unexposed.metadata.block import MAX_PAYLOAD, Block

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

NAME = "bmp"
PILLOW = ("BMP",)
EXTENSIONS = (".bmp", ".dib")

_HEADER = "header"
_MASKS = "colour masks"
_PALETTE = "palette"
_PICTURE = "picture"
_ROW_END = "end of a row"
_PROFILE = "ICC profile"
_LINK = "path of a profile"
_GAP = "bytes that nothing points to"
_TRAILER = "data after the end"
_PADDING = "padding"

_TOLD_OTHERWISE = frozenset(
    {*range(2, 6), *range(10, 14), *range(34, 54), *range(70, 74), *range(122, 134)}
)
"""Bytes of the headers with sizes, density, and what is said of a profile."""
_SPACE = slice(70, 74)
"""Where the colour space stands; zero for calibrated colours."""
_ROUNDED = frozenset(range(74, 122))
"""Bytes of calibrated colours, which become less exact where they stay."""


def sniff(head: bytes) -> bool:
    """Tell whether the bytes begin a BMP."""
    kind = int.from_bytes(head[FILE_HEADER : FILE_HEADER + 4], "little")
    return head[:2] == b"BM" and kind in SIZES


def dissect(buffer: Buffer, followed: Followed = NOTHING, /) -> list[Part]:
    """Divide a BMP into headers, palette, rows, profile and what stands between.

    Raises Malformed where these lie over each other or beyond the end.
    """
    header = read_header(buffer)
    parts = _divided(buffer, header, followed)
    if header.spare:
        pictures = [part for part in parts if part.name == _PICTURE]
        require_nothing_spare(
            buffer, header, [one for one in pictures if one.start not in followed]
        )
    return judged(parts, _written(buffer, header, parts))


def rebuild(buffer: Buffer, parts: Sequence[Part]) -> Plan:
    """Plan the clean copy: headers made true, the picture as it stands, the profile behind it."""
    made = _written(buffer, read_header(buffer), parts)
    plan: Plan = []
    early: Plan = []
    before = True
    for part, data in zip(parts, made, strict=True):
        before = before and part.role is not Role.PICTURE and part.name != _ROW_END
        step = Keep(part.start, part.end) if data is None else Put(data)
        (early if before and part.name == _PROFILE else plan).append(step)
    return coalesce(plan + early)


def blocks(buffer: Buffer, parts: Sequence[Part]) -> list[Block]:
    """Hand out profile, density, and bytes that belong to nothing."""
    header = read_header(buffer)
    return [*_told(buffer, header, parts), *_hidden(buffer, header, parts)]


def annotate(_: Buffer, __: Sequence[Part], ___: bytes) -> None:
    """Return None: a BMP has no place for a note."""


def _divided(buffer: Buffer, header: Header, followed: Followed) -> list[Part]:
    """Divide the file; whether a part is plain is left open."""
    if header.offset < header.palette_end:
        raise Malformed("the palette runs into the picture", 10)
    end = _data_end(buffer, header, followed)
    tiling = Tiling()
    tiling.add(header.end, Role.STRUCTURE, _HEADER)
    tiling.add(header.end + header.masks, Role.STRUCTURE, _MASKS)
    tiling.add(header.palette_end, Role.COLOUR, _PALETTE)
    has_profile = header.embedded or header.linked
    early = has_profile and header.profile < header.offset
    if early:
        _add_profile(tiling, buffer, header)
    _add_gap(tiling, buffer, header.offset)
    _add_picture(tiling, header, end)
    if has_profile and not early:
        _add_profile(tiling, buffer, header)
    _add_gap(tiling, buffer, len(buffer), _TRAILER)
    return tiling.parts


def _data_end(buffer: Buffer, header: Header, followed: Followed) -> int:
    """Return where the picture data ends."""
    if header.compression in (RLE8, RLE4):
        if header.offset & 1:
            raise Malformed("coded rows at an odd place", header.offset)
        return followed.get(header.offset) or rle_end(buffer, header)
    end = header.offset + header.height * header.row_size
    if end > len(buffer):
        raise Malformed("the file is cut short", len(buffer))
    return end


def _add_gap(tiling: Tiling, buffer: Buffer, end: int, name: str = _GAP) -> None:
    """Add bytes that belong to nothing."""
    start = tiling.position
    if end < start:
        raise Malformed("the profile lies over something else", end)
    if end - start <= GLIMPSE and not buffer[start:end].strip(b"\0"):
        tiling.add(end, Role.UNKNOWN, _PADDING)
    else:
        tiling.add(end, Role.TRAILER if name == _TRAILER else Role.UNKNOWN, name)


def _add_profile(tiling: Tiling, buffer: Buffer, header: Header) -> None:
    _add_gap(tiling, buffer, header.profile)
    if header.linked:
        tiling.add(header.profile_end, Role.METADATA, _LINK)
    else:
        role = Role.COLOUR if _plain_profile(buffer, header) else Role.METADATA
        tiling.add(header.profile_end, role, _PROFILE)


def _add_picture(tiling: Tiling, header: Header, end: int) -> None:
    """Add the rows, each in two parts where it is filled up with something."""
    if header.row_bits % 32 == 0 or header.compression in (RLE8, RLE4):
        tiling.add(end, Role.PICTURE, _PICTURE)
        return
    for _ in range(header.height):
        start = tiling.position
        tiling.add(start + header.row_bits // 8, Role.PICTURE, _PICTURE)
        tiling.add(start + header.row_size, Role.STRUCTURE, _ROW_END)


def _written(buffer: Buffer, header: Header, parts: Sequence[Part]) -> Written:
    """Return for each part the bytes that stand for it in the clean copy."""
    rows = [part for part in parts if part.name in (_PICTURE, _ROW_END)]
    data = rows[-1].end - rows[0].start
    used = any(part.name == _PROFILE and part.role is Role.COLOUR for part in parts)
    profile = _plain_profile(buffer, header) if used else b""
    head = made_header(buffer, header, data, len(profile))
    written: Written = []
    for part in parts:
        if part.role is Role.PICTURE or part.name == _MASKS:
            written.append(None)
            continue
        if part.role not in KEPT_ROLES:
            written.append(b"")
            continue
        own = buffer[part.start : part.end]
        if part.name == _HEADER:
            made = head
        elif part.name == _PALETTE:
            made = _plain_palette(own, header)
        elif part.name == _ROW_END:
            made = _plain_row_end(own, header)
        else:
            made = profile
        moved = part.name == _PROFILE and part.start < header.offset
        written.append(None if made == own and not moved else made)
    return written


def _plain_palette(colours: bytes, header: Header) -> bytes:
    """Return the colours with their unused bytes zero."""
    if header.colour_size == 3:
        return colours
    made = bytearray(colours)
    made[3::4] = bytes(len(made[3::4]))
    return bytes(made)


def _plain_row_end(end: bytes, header: Header) -> bytes:
    """Return what fills up a row as zeros; its first byte may begin with pixels."""
    kept = 0xFF00 >> header.row_bits % 8 & 0xFF
    return bytes((end[0] & kept,)).ljust(len(end), b"\0")


def _plain_profile(buffer: Buffer, header: Header) -> bytes:
    """Return the embedded profile in its plain form, b"" for one that cannot be used."""
    if header.profile_end - header.profile > icc.MAX_PROFILE:
        return b""
    return icc.plain(buffer[header.profile : header.profile_end]) or b""


def _told(buffer: Buffer, header: Header, parts: Sequence[Part]) -> Iterator[Block]:
    """Yield what is said in so many words."""
    across, down = density(buffer, header)
    if across or down:
        payload = f"{across} by {down} pixels per metre".encode()
        yield Block("density", payload, "BMP", 8)
    for part in parts:
        payload_end = min(part.end, part.start + MAX_PAYLOAD)
        if part.name == _LINK:
            payload = buffer[part.start : payload_end]
            yield Block("text", payload, "BMP", part.size, "Linked profile")
        elif part.name == _PROFILE and not part.allowed:
            yield Block("icc", buffer[part.start : payload_end], _PROFILE, part.size)
        elif part.role is Role.TRAILER:
            yield trailer(buffer, part)
        elif part.name == _GAP:
            yield unknown(buffer, part, f"BMP {_GAP}", _GAP)


def _hidden(buffer: Buffer, header: Header, parts: Sequence[Part]) -> Iterator[Block]:
    """Yield what stands in places that no picture uses."""
    found: dict[str, bytearray] = {}
    made = _written(buffer, header, parts)
    quiet = _TOLD_OTHERWISE
    if header.calibrated and made[0] and not any(made[0][_SPACE]):
        quiet |= _ROUNDED
    for part, plain in zip(parts, made, strict=True):
        if plain and part.name in (_HEADER, _PALETTE, _ROW_END):
            own = buffer[part.start : part.end]
            spare = bytes(
                old
                for at, (old, new) in enumerate(zip(own, plain, strict=True))
                if old != new and not (part.name == _HEADER and at in quiet)
            )
            hidden = found.setdefault(part.name, bytearray())
            hidden += spare
    for name, hidden in found.items():
        if hidden:
            yield Block("unknown", bytes(hidden[:GLIMPSE]), f"BMP {name}", len(hidden))
