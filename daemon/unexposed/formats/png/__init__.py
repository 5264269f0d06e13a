"""PNG and APNG.

Source: PNG (third edition). Which chunk is heeded, and which one is passed over for its place or
its content, follows libpng (pngrutil.c), whose ways other viewers share. The picture's zlib
streams stay as they are up to their ends: how a stream spells its rows (its blocks, and a few
spare bits between them), how the rows spell their pixels (a filter each, and the spare bits at the
end of one whose pixels are smaller than a byte) and colours of a palette that no pixel has belong
to the picture. So does the first picture of an animation that is no frame of it: viewers
that do not animate show it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from unexposed.errors import Malformed
from unexposed.formats._tiling import Tiling
from unexposed.formats._written import Written, judged, planned, stands, with_made
from unexposed.formats.parts import NOTHING, Buffer, Followed, Keep, Part, Plan, Put, Role, coalesce
from unexposed.formats.png import _colours, _frames
from unexposed.formats.png._blocks import blocks
from unexposed.formats.png._chunks import (
    CHECKSUM,
    END,
    HEADER,
    SIGNATURE,
    Chunk,
    is_sound,
    make_chunk,
    read_chunks,
)
from unexposed.formats.png._colours import Colours
from unexposed.formats.png._frames import Frames
from unexposed.formats.png._picture import HEADER_END, read_picture
from unexposed.formats.png._places import PLACES
from unexposed.formats.png._texts import EXIF_PREFIX, turned, xmp_text
from unexposed.metadata import exif
from unexposed.metadata.block import MAX_PAYLOAD

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

NAME = "png"
PILLOW = ("PNG",)
EXTENSIONS = (".png", ".apng")

_EXIF = "EXIF"
_TEXT = "text"
_END = "end"
_IDLE_EXIF, _IDLE_TEXT = "EXIF that no decoder uses", "text that no decoder uses"
_NAMES: Final[dict[bytes, str]] = {
    b"PLTE": "palette",
    b"tRNS": "transparency",
    b"iCCP": "ICC profile",
}
_METADATA: Final[dict[bytes, str]] = {
    b"tEXt": _TEXT,
    b"zTXt": _TEXT,
    b"iTXt": _TEXT,
    b"eXIf": _IDLE_EXIF,
    b"iCCP": "ICC profile",
    b"tIME": "time",
    b"pHYs": "density",
    b"caBX": "C2PA",
    b"PLTE": "suggested palette",
    b"sPLT": "suggested palette",
    b"hIST": "histogram",
    b"oFFs": "position on a page",
    b"pCAL": "calibration",
    b"sCAL": "scale",
    b"sTER": "stereo layout",
    b"vpAg": "page size",
    b"iDOT": "decoding hints",
}
"""Chunks that do not stay -> what is in them. Any other is unknown."""


def sniff(head: bytes) -> bool:
    """Tell whether the bytes begin a PNG."""
    return head.startswith(SIGNATURE)


def dissect(buffer: Buffer, followed: Followed = NOTHING, /) -> list[Part]:
    """Divide a PNG into its chunks, its picture data, and what stands behind them.

    Raises Malformed where the picture, or a frame of an animation, cannot be had whole.
    """
    parts = _divided(buffer, followed)
    return judged(parts, _written(buffer, parts))


def rebuild(buffer: Buffer, parts: Sequence[Part]) -> Plan:
    """Plan the clean copy: the picture, its colours, and which way up it is."""
    plan = planned(parts, _written(buffer, parts))
    ended = any(part.name == _END for part in parts)
    return plan if ended else coalesce([*plan, Put(END)])


def annotate(buffer: Buffer, parts: Sequence[Part], packet: bytes) -> Plan:
    """Plan the copy with an XMP packet behind its header."""
    at = parts[1].end
    return [Keep(0, at), Put(make_chunk(b"iTXt", xmp_text(packet))), Keep(at, len(buffer))]


def _divided(buffer: Buffer, followed: Followed) -> list[Part]:
    """Divide the file; whether a part is plain is left open."""
    if not sniff(buffer[: len(SIGNATURE)]):
        raise Malformed("does not begin as a PNG", 0)
    picture = read_picture(buffer)
    tiling = Tiling()
    tiling.add(len(SIGNATURE), Role.STRUCTURE, "signature")
    tiling.add(HEADER_END, Role.STRUCTURE, "picture header")
    colours = Colours(buffer, picture)
    frames = Frames(buffer, picture, tiling, followed)
    exif_stands = False
    for chunk in read_chunks(buffer, HEADER_END):
        kind = chunk.kind
        if kind == b"IEND":
            _add_end(tiling, chunk)
            break
        if kind in _frames.CHUNKS:
            if kind == b"IDAT" and not frames.begun:
                colours.require_palette(chunk.start)
            frames.add(chunk)
        elif kind in _colours.CHUNKS and not frames.begun:
            _add_colours(tiling, chunk, colours.heeded(chunk))
        elif kind in _METADATA:
            heeded = not frames.inside and is_sound(buffer, chunk)
            if kind == b"eXIf" and heeded and not exif_stands:
                exif_stands = True
                _add_exif(tiling, buffer, chunk)
            else:
                _add_other(tiling, chunk, heeded=heeded)
        elif chunk.critical and not frames.complete:
            raise Malformed("a chunk without which the picture cannot be read", chunk.start)
        else:
            _add_other(tiling, chunk)
    frames.finish()
    tiling.add(len(buffer), Role.TRAILER, "data after the end")
    return tiling.parts


def _add_end(tiling: Tiling, chunk: Chunk) -> None:
    if chunk.size:
        tiling.add(chunk.data, Role.STRUCTURE, _END)
        tiling.add(chunk.end, Role.UNKNOWN, "data in the end")
    else:
        tiling.add(chunk.end, Role.STRUCTURE, _END)


def _add_colours(tiling: Tiling, chunk: Chunk, plain: bytes) -> None:
    """Add a chunk about colours of which `plain` stays; of a list that is too long, its beginning."""
    if not plain:
        _add_other(tiling, chunk)
        return
    name = _NAMES.get(chunk.kind, chunk.kind.decode())
    if chunk.kind in _colours.CUT and len(plain) < chunk.size:
        tiling.add(chunk.data + len(plain), Role.COLOUR, name)
        tiling.add(chunk.end, Role.UNKNOWN, f"data behind the {name}")
    else:
        tiling.add(chunk.end, Role.COLOUR, name)


def _add_exif(tiling: Tiling, buffer: Buffer, chunk: Chunk) -> None:
    """Add the EXIF that viewers read; it stays if it tells the orientation and nothing else."""
    made = _oriented(buffer, chunk.start, chunk.end)
    plain = stands(buffer, chunk.start, chunk.end, made)
    tiling.add(chunk.end, Role.ORIENTATION if plain else Role.METADATA, _EXIF)


def _add_other(tiling: Tiling, chunk: Chunk, *, heeded: bool = False) -> None:
    """Add a chunk that does not stay; a text that is heeded may still turn the picture."""
    name = _METADATA.get(chunk.kind)
    if name is None:
        tiling.add(chunk.end, Role.UNKNOWN, f"chunk '{chunk.kind.decode()}'")
    elif name == _TEXT and not heeded:
        tiling.add(chunk.end, Role.METADATA, _IDLE_TEXT)
    else:
        tiling.add(chunk.end, Role.METADATA, name)


def _oriented(buffer: Buffer, start: int, end: int) -> bytes:
    """Return a chunk with the orientation alone that an eXIf chunk tells, b"" for the upright one."""
    start += HEADER
    tiff = buffer[start : min(end - CHECKSUM, start + MAX_PAYLOAD)].removeprefix(EXIF_PREFIX)
    number = exif.orientation(tiff)
    return _orientation_chunk(number) if number > 1 else b""


def _orientation_chunk(number: int) -> bytes:
    return make_chunk(b"eXIf", exif.plain_orientation(number))


def _written(buffer: Buffer, parts: Sequence[Part]) -> Written:
    """Return for each part the bytes that stand for it in the clean copy."""
    made = _frames.written(buffer, parts)
    colours = Colours(buffer, read_picture(buffer))
    has_exif = False
    for index, part in enumerate(parts):
        if part.role is Role.COLOUR:
            chunk = next(read_chunks(buffer, part.start))
            made[index] = make_chunk(chunk.kind, colours.heeded(chunk))
        elif part.name == _EXIF:
            has_exif = True
            made[index] = _oriented(buffer, part.start, part.end)
        elif part.name == _END:
            made[index] = END
    if not has_exif:
        texts = [(index, part) for index, part in enumerate(parts) if part.name == _TEXT]
        turning = turned(buffer, texts)
        if turning:
            made[turning.index] = _orientation_chunk(turning.orientation)
    return with_made(buffer, parts, made)
