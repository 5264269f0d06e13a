"""JPEG XL: a bare codestream, and the container of boxes around one.

Sources: ISO/IEC 18181-2 for the container; libjxl's decoder (lib/jxl/decode.cc) for what it
makes of box sizes and partial codestreams. The codestream is copied as it stands, with
the orientation, the colour profile and the preview that it may hold, and the names that its
frames and channels may have. Where it ends can be told
only by decoding it, so bytes that somebody added behind it, in its box or in a file that has
no boxes, count as the picture; a file in which they begin as those of another one do is held back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from unexposed.errors import Malformed
from unexposed.formats._boxes import HEADER, LONG_HEADER, Box, make_box, make_header, read_boxes
from unexposed.formats._fourcc import legible_code
from unexposed.formats._leftover import GLIMPSE, trailer
from unexposed.formats._places import Place
from unexposed.formats._tiling import Tiling
from unexposed.formats._written import Written, judged, planned, settled
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
)
from unexposed.metadata.block import MAX_PAYLOAD, Block

NAME = "jxl"
PILLOW: tuple[str, ...] = ()
EXTENSIONS = (".jxl",)

_CODESTREAM: Final = b"\xff\x0a"
_SIGNATURE: Final = b"\0\0\0\x0cJXL \r\n\x87\n"
_FILE_TYPE: Final = make_box(b"ftyp", b"jxl \0\0\0\0jxl ")
_LEVELS: Final = (5, 10)
_INDEX: Final = 4
"""Bytes of a partial codestream's number, which stands before its data."""
_LAST: Final = 0x8000_0000
_OFFSET: Final = 4
"""Bytes that tell how far behind them the TIFF block of an Exif box begins."""

_OTHERS: Final = (
    *(
        b"PK\3\4\x14\0",
        b"PK\5\6\0\0\0\0",
        b"%PDF-1.",
        b"%PDF-2.",
        b"Rar!\x1a\x07",
        b"7z\xbc\xaf\x27\x1c",
    ),
    *(
        b"<html",
        b"<HTML",
        b"<!DOCTYPE",
        b"<!doctype",
        b"<script",
        b"<svg ",
        b"<?xml",
        b"<x:xmpmeta",
    ),
    *(
        b"JFIF\0\1",
        b"Exif\0\0",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"GIF87a",
        b"ftypisom",
        b"ftypmp4",
    ),
    *(b"ftypqt  ", b"ftypM4V", b"ftyp3gp", b"ftyphei", b"ftypmif1", b"ftypavi"),
)
"""How files begin that somebody may put behind a picture; by chance none stands in one."""

_PICTURE: Final = "codestream"
_SIGNATURE_NAME: Final = "signature"
_FILE_TYPE_NAME: Final = "ftyp box"
_PICTURE_HEADER: Final = "codestream header"
_LEVEL: Final = "jxll box"
_BROTLI: Final = "brob box"

PLACES: Final = (
    Place(
        _PICTURE,
        "the codestream, with the orientation, profile and preview in it",
        "stays",
        "the picture, bit for bit; what somebody added behind its end cannot be told from it",
    ),
    Place(_SIGNATURE_NAME, "signature", "stays", "decoders need it"),
    Place(
        f"{_FILE_TYPE_NAME}|{_LEVEL}|{_PICTURE_HEADER}",
        "ftyp and jxll boxes, headers of the codestream",
        "made plain",
        "one box for the whole codestream, and one way to tell its size",
    ),
    Place("Exif box", "Exif", "goes", "place, time, device, serials, owner"),
    Place("xml box", "XMP", "goes", "names, history, documents"),
    Place("jumb box", "JUMBF and C2PA", "goes", "who made it with what, account, prompt"),
    Place("brob box", "compressed boxes", "goes", "Exif, XMP and the like, made small"),
    Place("jbrd box", "what a JPEG left behind", "goes", "its Exif, its comments, its trailer"),
    Place("jhgm box", "gain map", "goes", "another picture"),
    Place(
        "jxli box|box '.{4}'|data after the last box",
        "index of frames, every other box, what stands behind the last",
        "goes",
        "decoders do without it; can be anything",
    ),
)

_METADATA: Final = {
    b"Exif": "Exif box",
    b"xml ": "xml box",
    b"jumb": "jumb box",
    b"brob": _BROTLI,
    b"jbrd": "jbrd box",
    b"jxli": "jxli box",
    b"jhgm": "jhgm box",
}
_BLOCKS: Final[dict[str, tuple[str, str, str]]] = {
    "Exif box": ("exif", "EXIF", ""),
    "xml box": ("xmp", "XMP", ""),
    "jumb box": ("c2pa", "JUMBF", ""),
    "jbrd box": ("segment", "JPEG XL jbrd box", "jbrd"),
    "jxli box": ("segment", "JPEG XL jxli box", "jxli"),
    "jhgm box": ("trailer", "JPEG XL jhgm box", "gain map"),
}
"""Part -> language of its payload, where it stands, and its label."""


def sniff(head: bytes) -> bool:
    """Tell whether the bytes begin a JPEG XL codestream or the container of one."""
    return head.startswith((_CODESTREAM, _SIGNATURE))


def dissect(buffer: Buffer, _: Followed = NOTHING, /) -> list[Part]:
    """Divide a JPEG XL file into its boxes, and these into header and codestream.

    Raises Malformed where box sizes contradict each other, where the codestream is not whole,
    and where another file stands in it.
    """
    parts = _divided(buffer)
    _require_alone(buffer, parts)
    return judged(parts, _written(buffer, parts))


def rebuild(buffer: Buffer, parts: Sequence[Part]) -> Plan:
    """Plan the clean copy: signature, file type, level, and the codestream in a single box."""
    return planned(parts, _written(buffer, parts))


def blocks(buffer: Buffer, parts: Sequence[Part]) -> list[Block]:
    """Hand out Exif, XMP, JUMBF, what a JPEG left behind, unknown boxes and what follows them."""
    found: list[Block] = []
    room = 2 * MAX_PAYLOAD
    for part in parts:
        if part.role in (Role.METADATA, Role.UNKNOWN, Role.TRAILER):
            block = _block(buffer, part, min(room, MAX_PAYLOAD))
            room -= len(block.payload)
            found.append(block)
    return found


def annotate(buffer: Buffer, parts: Sequence[Part], packet: bytes) -> Plan | None:
    """Plan the copy with an XMP box behind the codestream; a bare one has no place for it."""
    if parts[0].role is Role.PICTURE:
        return None
    return [Keep(0, len(buffer)), Put(make_box(b"xml ", packet))]


def _divided(buffer: Buffer) -> list[Part]:
    """Divide the file; whether a part is plain is left open."""
    tiling = Tiling()
    if buffer[:2] == _CODESTREAM:
        tiling.add(len(buffer), Role.PICTURE, _PICTURE)
        return tiling.parts
    if buffer[: len(_SIGNATURE)] != _SIGNATURE:
        raise Malformed("does not begin as a JPEG XL file", 0)
    tiling.add(len(_SIGNATURE), Role.STRUCTURE, _SIGNATURE_NAME)
    stream = _Stream(buffer)
    levelled = False
    for box in _boxes(buffer, tiling.position, stream):
        if tiling.position == len(_SIGNATURE):
            if box.kind != b"ftyp" or buffer[box.data : min(box.end, box.data + 4)] != b"jxl ":
                raise Malformed("does not say that it is a JPEG XL file", box.start)
            tiling.add(box.end, Role.STRUCTURE, _FILE_TYPE_NAME)
        elif box.kind in (b"jxlc", b"jxlp"):
            begin = stream.take(box)
            tiling.add(begin, Role.STRUCTURE, _PICTURE_HEADER)
            tiling.add(box.end, Role.PICTURE, _PICTURE)
        elif box.kind == b"jxll" and not levelled and not stream.begun and _is_level(buffer, box):
            tiling.add(box.end, Role.STRUCTURE, _LEVEL)
            levelled = True
        elif box.kind in _METADATA:
            tiling.add(box.end, Role.METADATA, _METADATA[box.kind])
        else:
            tiling.add(box.end, Role.UNKNOWN, f"box '{legible_code(box.kind)}'")
    if not stream.whole:
        raise Malformed("the codestream is not whole", len(buffer))
    tiling.add(len(buffer), Role.TRAILER, "data after the last box")
    return tiling.parts


def _require_alone(buffer: Buffer, parts: Sequence[Part]) -> None:
    for part in parts:
        if part.role is Role.PICTURE:
            places = (buffer.find(beginning, part.start, part.end) for beginning in _OTHERS)
            if (at := max(places)) >= 0:
                raise Malformed("another file seems to stand behind its picture", at)


def _boxes(buffer: Buffer, start: int, stream: _Stream) -> Iterator[Box]:
    """Yield the file's boxes; behind the codestream, bytes that are no box end them."""
    try:
        yield from read_boxes(buffer, start, len(buffer), open_ended=True)
    except Malformed:
        if not stream.whole:
            raise


class _Stream:
    """Puts the codestream together; its pieces have to stand in their order."""

    def __init__(self, buffer: Buffer) -> None:
        self.whole = False
        self._buffer = buffer
        self._pieces = 0
        self._size = 0
        self._start = b""

    @property
    def begun(self) -> bool:
        """Whether there was a piece."""
        return self.whole or self._pieces > 0

    def take(self, box: Box) -> int:
        """Return where the data of the next piece begins. Raises Malformed for one out of place."""
        if self.whole or (box.kind == b"jxlc" and self._pieces):
            raise Malformed("has more than one codestream", box.start)
        begin = box.data
        if box.kind == b"jxlp":
            begin += _INDEX
            number = int.from_bytes(self._buffer[box.data : min(begin, box.end)])
            if begin > box.end or number & ~_LAST != self._pieces:
                raise Malformed("a piece of the codestream is out of place", box.start)
            self.whole = bool(number & _LAST)
        else:
            self.whole = True
        self._pieces += 1
        self._start += self._buffer[begin : min(box.end, begin + 2 - len(self._start))]
        if not _CODESTREAM.startswith(self._start) or (self.whole and len(self._start) < 2):
            raise Malformed("the codestream does not begin as one", box.start)
        return begin


def _is_level(buffer: Buffer, box: Box) -> bool:
    return box.end - box.data == 1 and buffer[box.data] in _LEVELS


def _written(buffer: Buffer, parts: Sequence[Part]) -> Written:
    """Return for each part the bytes that stand for it in the clean copy."""
    header = make_header(b"jxlc", sum(part.size for part in parts if part.name == _PICTURE))
    written: Written = []
    for part in parts:
        made = None if part.role in KEPT_ROLES else b""
        if part.name == _FILE_TYPE_NAME:
            made = _FILE_TYPE
        elif part.name == _PICTURE_HEADER:
            made, header = header, b""
        elif part.name == _LEVEL:
            made = make_box(b"jxll", buffer[part.end - 1 : part.end])
        written.append(made)
    return settled(buffer, parts, written)


def _block(buffer: Buffer, part: Part, room: int) -> Block:
    if part.role is Role.TRAILER:
        return trailer(buffer, part)
    long = buffer[part.start : part.start + 4] == b"\0\0\0\1"
    start = part.start + (LONG_HEADER if long else HEADER)
    if part.name in _BLOCKS:
        language, where, label = _BLOCKS[part.name]
        if language == "exif":
            start += _OFFSET + int.from_bytes(buffer[start : min(part.end, start + _OFFSET)])
        payload = buffer[start : max(start, min(part.end, start + room))]
        return Block(language, payload, where, part.size, label)
    payload = buffer[start : max(start, min(part.end, start + GLIMPSE))]
    where = (
        f"box with a compressed '{legible_code(payload[:4])}'"
        if part.name == _BROTLI
        else part.name
    )
    return Block("unknown", payload, f"JPEG XL {where}", part.size, part.name)
