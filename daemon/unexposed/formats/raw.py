"""Camera raw files that are no TIFF by their first bytes: read for the report, and held back.

Sources: what ExifTool's CanonRaw, FujiFilm, Olympus and PanasonicRaw modules tell of them;
Laurent Clévy's description of CR3. Raw files that begin as a TIFF (DNG, NEF, CR2, ARW) are
told apart in `tiff`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from unexposed.errors import Held, Malformed
from unexposed.formats import jpeg
from unexposed.formats._boxes import Box, read_boxes
from unexposed.formats._places import Place
from unexposed.formats._tiling import Tiling
from unexposed.formats.jpeg import _blocks
from unexposed.formats.parts import NOTHING, Buffer, Followed, Part, Plan, Role
from unexposed.metadata.block import MAX_PAYLOAD, Block
from unexposed.metadata.made_exif import below

NAME = "raw"
PILLOW = ()
EXTENSIONS = (".cr3", ".raf", ".orf", ".rw2", ".crw", ".x3f", ".mrw")
ADVICE: Final = "it is a camera raw file: export it as JPEG or TIFF, and that can be cleaned"

_WHOLE = "raw data and all that stands around it"
PLACES: Final = (
    Place(_WHOLE, "the whole file", "goes", "it is reported and held back: export it first"),
)

_ALMOST_TIFF: Final = {
    b"IIRO": b"II*\0",
    b"IIRS": b"II*\0",
    b"MMOR": b"MM\0*",
    b"IIU\0": b"II*\0",
}
"""How Olympus's and Panasonic's files begin -> how the TIFF would that they are else."""
_CANON: Final = b"ftypcrx "
_CANON_NOTES: Final = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
_CANON_DIRECTORIES: Final = {b"CMT1": 0, b"CMT2": 0x8769, b"CMT4": 0x8825}
"""A box with a TIFF of one directory -> the tag by which Exif's main directory would name it."""
_CANON_NOTE: Final = b"CMT3"
_HEAP: Final = b"HEAPCCDR"

_FUJI: Final = b"FUJIFILMCCD-RAW "
_FUJI_PICTURE: Final = 84
"""Where offset and size of Fuji's embedded JPEG stand."""
_OTHERS: Final = (b"FOVb", b"\0MRM", b"II\x1a\0\0\0HEAPCCDR")


def sniff(head: bytes) -> bool:
    """Tell whether the bytes begin a raw file of one of these makers."""
    return head[:4] in _ALMOST_TIFF or head[4:12] == _CANON or head.startswith((_FUJI, *_OTHERS))


def dissect(buffer: Buffer, _: Followed = NOTHING, /) -> list[Part]:
    """Return the file as one part, none of which can stay."""
    tiling = Tiling()
    tiling.add(len(buffer), Role.METADATA, _WHOLE)
    return tiling.parts


def rebuild(_: Buffer, __: Sequence[Part]) -> Plan:
    """Raise Held: a raw file is not cleaned."""
    raise Held(ADVICE)


def annotate(_: Buffer, __: Sequence[Part], ___: bytes) -> None:
    """Return None: there is no clean copy that a note could stand in."""


def blocks(buffer: Buffer, _: Sequence[Part]) -> list[Block]:
    """Hand out the Exif that the makers' own containers hold."""
    head = buffer[:16]
    if magic := _ALMOST_TIFF.get(head[:4]):
        payload = magic + buffer[4:MAX_PAYLOAD]
        return [Block("exif", payload, "EXIF", len(payload))]
    if head[4:12] == _CANON:
        try:
            return list(_canon(buffer))
        except Malformed:
            return [Block("unknown", b"", "raw file", len(buffer))]
    if head == _FUJI:
        return _fuji(buffer)
    if head[6:14] == _HEAP and len(buffer) <= MAX_PAYLOAD:
        return [Block("segment", buffer[:MAX_PAYLOAD], "raw file", len(buffer))]
    return [Block("unknown", b"", "raw file", len(buffer))]


def _canon(buffer: Buffer) -> Iterator[Block]:
    for box in _canon_boxes(buffer):
        tag = _CANON_DIRECTORIES.get(box.kind)
        if tag is not None and box.end - box.data >= 8:
            data = buffer[box.data : min(box.end, box.data + MAX_PAYLOAD)]
            yield Block("exif", below(data, tag) if tag else data, "EXIF", box.size)
        elif box.kind == _CANON_NOTE:
            data = buffer[box.data : min(box.end, box.data + MAX_PAYLOAD)]
            yield Block("maker_note", data, "EXIF MakerNote", box.size, "Canon")


def _canon_boxes(buffer: Buffer) -> Iterator[Box]:
    """Yield the boxes in Canon's own one, which lies in the movie's."""
    for movie in read_boxes(buffer, 0, len(buffer), open_ended=True):
        if movie.kind == b"moov":
            for own in read_boxes(buffer, movie.data, movie.end):
                if own.uuid == _CANON_NOTES:
                    yield from read_boxes(buffer, own.data, own.end)


def _fuji(buffer: Buffer) -> list[Block]:
    start = int.from_bytes(buffer[_FUJI_PICTURE : _FUJI_PICTURE + 4])
    size = int.from_bytes(buffer[_FUJI_PICTURE + 4 : _FUJI_PICTURE + 8])
    picture = buffer[start : start + min(size, MAX_PAYLOAD)]
    try:
        return _blocks.blocks(picture, jpeg.dissect(picture))
    except Malformed:
        return [Block("unknown", b"", "raw file", len(buffer))]
