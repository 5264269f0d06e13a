"""WebP: lossy, lossless, with alpha, extended and animated.

Source: RFC 9649; which chunk is honoured follows libwebp's demuxer (src/demux/demux.c),
which the browsers use. The bitstreams are kept whole. Where they end within their chunks cannot
be told without decoding them, so bytes that somebody added there count as the picture: behind
VP8's last partition and within its other ones, behind a VP8L stream, and behind a compressed
alpha plane, which is such a stream. An uncompressed plane does tell its size.
"""

from __future__ import annotations

from collections.abc import Sequence

from unexposed.formats._fourcc import legible_code
from unexposed.formats._leftover import trailer, unknown
from unexposed.formats._written import judged, planned
from unexposed.formats.parts import NOTHING, Buffer, Followed, Keep, Part, Plan, Put, Role
from unexposed.formats.webp import _names as names
from unexposed.formats.webp import _picture as bitstream
from unexposed.formats.webp._alpha import has_alpha, with_alpha, without_their_ends
from unexposed.formats.webp._places import PLACES
from unexposed.formats.webp._riff import HEADER, chunk_at, is_webp, make_chunk, make_header
from unexposed.formats.webp._walk import divided
from unexposed.formats.webp._write import payload_of, tiff_in, written
from unexposed.metadata.block import MAX_PAYLOAD, Block

__all__ = [
    "EXTENSIONS",
    "NAME",
    "PILLOW",
    "PLACES",
    "annotate",
    "blocks",
    "dissect",
    "has_alpha",
    "rebuild",
    "sniff",
    "with_alpha",
    "without_their_ends",
]

NAME = "webp"
PILLOW = ("WEBP",)
EXTENSIONS = (".webp",)

_LANGUAGES = {
    names.PROFILE: "icc",
    names.IDLE_PROFILE: "icc",
    names.EXIF: "exif",
    names.IDLE_EXIF: "exif",
    names.XMP: "xmp",
}
_WHERE = {"icc": "ICC profile", "exif": "EXIF", "xmp": "XMP"}


def sniff(head: bytes) -> bool:
    """Tell whether the bytes begin a RIFF file of type WEBP."""
    return is_webp(head)


def dissect(buffer: Buffer, _: Followed = NOTHING, /) -> list[Part]:
    """Divide a WebP file into its chunks and what stands between and behind them.

    Raises Malformed where chunk sizes contradict each other and where there is no picture.
    """
    parts = divided(buffer)
    return judged(parts, written(buffer, parts))


def rebuild(buffer: Buffer, parts: Sequence[Part]) -> Plan:
    """Plan the clean copy: the picture as it stands, sizes and flags made true."""
    return planned(parts, written(buffer, parts))


def blocks(buffer: Buffer, parts: Sequence[Part]) -> list[Block]:
    """Hand out EXIF, XMP, ICC profiles, unknown chunks and what follows the picture."""
    found: list[Block] = []
    room = 2 * MAX_PAYLOAD
    for part in parts:
        block = None if part.allowed else _block(buffer, part, min(room, MAX_PAYLOAD))
        if block is not None:
            room -= len(block.payload)
            found.append(block)
    return found


def annotate(buffer: Buffer, parts: Sequence[Part], packet: bytes) -> Plan:
    """Plan the copy with an XMP packet at its end, and a header that tells of it."""
    chunk = make_chunk(b"XMP ", packet)
    first = parts[1]
    if first.name == names.EXTENDED:
        flags, behind = buffer[first.start + HEADER], first.end
        canvas = buffer[first.start + HEADER + 4 : first.end]
    else:
        image = chunk_at(buffer, first.start)
        behind = first.start
        canvas = bitstream.canvas(*bitstream.size(buffer, image))
        flags = names.ALPHA_FLAG if bitstream.has_alpha(buffer, image) else 0
    header = make_chunk(b"VP8X", bytes([flags | names.XMP_FLAG, 0, 0, 0]) + canvas)
    size = len(header) + len(buffer) - behind + len(chunk) + 4
    riff = make_header(b"RIFF", size) + b"WEBP"
    return [Put(riff + header), Keep(behind, len(buffer)), Put(chunk)]


def _block(buffer: Buffer, part: Part, room: int) -> Block | None:
    language = _LANGUAGES.get(part.name)
    if language:
        payload = payload_of(buffer, part, room)
        payload = tiff_in(payload) if language == "exif" else payload
        return Block(language, payload, _WHERE[language], part.size)
    if part.role is Role.TRAILER:
        return trailer(buffer, part)
    if part.role is Role.UNKNOWN:
        whole = part.name.startswith("chunk ")
        label = legible_code(buffer[part.start : part.start + 4]) if whole else part.name
        if whole and label == "C2PA":
            return Block("c2pa", payload_of(buffer, part, room), "C2PA", part.size)
        return unknown(buffer, part, f"WebP {part.name}", label)
    return None
