"""WebP: lossy, lossless, with alpha, extended and animated.

Source: RFC 9649; which chunk is honoured follows libwebp's demuxer (src/demux/demux.c),
which the browsers use. The bitstreams are kept whole. Where they end within their chunks cannot
be told without decoding them, so bytes that somebody added there count as the picture: behind
VP8's last partition and within its other ones, behind a VP8L stream, and behind a compressed
alpha plane, which is such a stream. An uncompressed plane does tell its size.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Sequence

import msgspec

from unexposed.errors import Malformed
from unexposed.formats._leftover import trailer, unknown
from unexposed.formats._tiling import Tiling
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
from unexposed.formats.webp import _picture as bitstream
from unexposed.formats.webp._picture import PICTURES
from unexposed.formats.webp._places import PLACES
from unexposed.formats.webp._riff import (
    HEADER,
    Chunk,
    chunk_at,
    legible,
    make_chunk,
    make_header,
    read_chunks,
)
from unexposed.metadata import exif, icc
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

NAME = "webp"
PILLOW = ("WEBP",)
EXTENSIONS = (".webp",)

_ICC_FLAG, _ALPHA_FLAG, _EXIF_FLAG, _XMP_FLAG, _ANIMATION_FLAG = 0x20, 0x10, 0x08, 0x04, 0x02
_KEPT_FLAGS = _ALPHA_FLAG | _ANIMATION_FLAG

_RIFF_HEADER = 12
_FRAME_FIELDS = 16
_FIXED = {b"VP8X": 10, b"ANIM": 6}
"""Bytes of a chunk that has nothing but fields."""
_MAX_RIFF = 0xFFFF_FFF6

_RIFF = "RIFF header"
_EXTENDED = "VP8X"
_ANIMATION = "ANIM"
_FRAME = "ANMF"
_EMPTY_FRAME = "ANMF without a picture"
_ALPHA_HEADER = "ALPH header"
_BEHIND_ALPHA = "data behind the alpha plane"
_PICTURE_HEADER = "picture chunk header"
_PADDING = "padding"
_PROFILE = "ICC profile"
_EXIF = "EXIF"
_IDLE_PROFILE = "ICC profile that no decoder uses"
_IDLE_EXIF = "EXIF that no decoder uses"
_XMP = "XMP"
_TRAILER = "data after the end of the file"
_STRAY = "stray bytes"

_METADATA = {b"ICCP": _IDLE_PROFILE, b"EXIF": _IDLE_EXIF, b"XMP ": _XMP}
_LANGUAGES = {
    _PROFILE: "icc",
    _IDLE_PROFILE: "icc",
    _EXIF: "exif",
    _IDLE_EXIF: "exif",
    _XMP: "xmp",
}
_WHERE = {"icc": "ICC profile", "exif": "EXIF", "xmp": "XMP"}


def sniff(head: bytes) -> bool:
    """Tell whether the bytes begin a RIFF file of type WEBP."""
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def dissect(buffer: Buffer, _: Followed = NOTHING, /) -> list[Part]:
    """Divide a WebP file into its chunks and what stands between and behind them.

    Raises Malformed where chunk sizes contradict each other and where there is no picture.
    """
    parts = _divided(buffer)
    return [
        part if data is None or part.role not in KEPT_ROLES else _not_plain(part)
        for part, data in zip(parts, _written(buffer, parts), strict=True)
    ]


def rebuild(buffer: Buffer, parts: Sequence[Part]) -> Plan:
    """Plan the clean copy: the picture as it stands, sizes and flags made true."""
    written = zip(parts, _written(buffer, parts), strict=True)
    return coalesce(
        [Keep(part.start, part.end) if data is None else Put(data) for part, data in written]
    )


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
    if first.name == _EXTENDED:
        flags, behind = buffer[first.start + HEADER], first.end
        canvas = buffer[first.start + HEADER + 4 : first.end]
    else:
        image = chunk_at(buffer, first.start)
        behind = first.start
        canvas = bitstream.canvas(*bitstream.size(buffer, image))
        flags = _ALPHA_FLAG if bitstream.has_alpha(buffer, image) else 0
    header = make_chunk(b"VP8X", bytes([flags | _XMP_FLAG, 0, 0, 0]) + canvas)
    size = len(header) + len(buffer) - behind + len(chunk) + 4
    riff = make_header(b"RIFF", size) + b"WEBP"
    return [Put(riff + header), Keep(behind, len(buffer)), Put(chunk)]


def _not_plain(part: Part) -> Part:
    return msgspec.structs.replace(part, plain=False)


def _divided(buffer: Buffer) -> list[Part]:
    """Divide the file; whether a part is plain is left open."""
    head = buffer[:_RIFF_HEADER]
    if len(head) < _RIFF_HEADER or not sniff(head):
        raise Malformed("does not begin as a WebP file", 0)
    size = int.from_bytes(head[4:8], "little")
    end = HEADER + size
    if end > len(buffer):
        raise Malformed("the file is cut short", len(buffer))
    if size > _MAX_RIFF or end < _RIFF_HEADER + HEADER:
        raise Malformed("an impossible RIFF size", 4)
    chunks = read_chunks(buffer, _RIFF_HEADER, end)
    tiling = Tiling()
    tiling.add(_RIFF_HEADER, Role.STRUCTURE, _RIFF)
    first = chunks[0]
    if first.fourcc in PICTURES:
        _add_picture(tiling, buffer, first, None)
        for chunk in chunks[1:]:
            _add_other(tiling, chunk)
    elif first.fourcc == b"VP8X":
        _add_extended(tiling, buffer, chunks)
    else:
        raise Malformed("the first chunk is neither a picture nor VP8X", first.start)
    tiling.add(end, Role.UNKNOWN, _STRAY)
    tiling.add(len(buffer), Role.TRAILER, _TRAILER)
    return tiling.parts


def _add_extended(tiling: Tiling, buffer: Buffer, chunks: Sequence[Chunk]) -> None:
    first = chunks[0]
    _add_fields(tiling, first, _EXTENDED)
    flags = buffer[first.data]
    honoured = {
        fourcc: next((chunk.start for chunk in chunks if chunk.fourcc == fourcc), 0)
        for fourcc, flag in ((b"ICCP", _ICC_FLAG), (b"EXIF", _EXIF_FLAG))
        if flags & flag
    }
    animated = bool(flags & _ANIMATION_FLAG)
    image = alpha = None
    if not animated:
        image, alpha = _shown(chunks)
        if image is None:
            raise Malformed("holds no picture", first.start)
        plane = next((chunk for chunk in chunks if chunk.fourcc == b"ALPH"), image)
        if plane.start < image.start and not flags & _ALPHA_FLAG:
            raise Malformed("an alpha plane without its flag, which some viewers draw", plane.start)
    animation, frames = 0, 0
    for chunk in chunks[1:]:
        if chunk is image:
            _add_picture(tiling, buffer, chunk, None)
        elif chunk is alpha:
            _add_picture(tiling, buffer, chunk, image)
        elif chunk.start == honoured.get(chunk.fourcc):
            _add_honoured(tiling, buffer, chunk)
        elif chunk.fourcc == b"ANIM" and animated and not animation:
            _add_fields(tiling, chunk, _ANIMATION)
            animation = chunk.start
        elif chunk.fourcc == b"ANMF" and animated:
            if not animation:
                raise Malformed("a frame stands before the animation's header", chunk.start)
            frames += _add_frame(tiling, buffer, chunk)
        else:
            _add_other(tiling, chunk)
    if animated and not frames:
        raise Malformed("the animation has no frame", first.start)


def _shown(chunks: Sequence[Chunk]) -> tuple[Chunk | None, Chunk | None]:
    """Return the picture among the chunks and the alpha plane that belongs to it.

    The first of each counts; a VP8L stream has its own alpha and takes no plane.
    """
    image = next((chunk for chunk in chunks if chunk.fourcc in PICTURES), None)
    if image is None or image.fourcc == b"VP8L":
        return image, None
    alpha = next((chunk for chunk in chunks if chunk.fourcc == b"ALPH"), None)
    return image, alpha if alpha and alpha.start < image.start else None


def _add_frame(tiling: Tiling, buffer: Buffer, frame: Chunk) -> bool:
    """Add an animation frame and the chunks in it; False for one that shows nothing."""
    inner = frame.data + _FRAME_FIELDS
    if inner > frame.stop:
        raise Malformed("a frame is too short", frame.start)
    chunks = read_chunks(buffer, inner, frame.end)
    image, alpha = _shown(chunks)
    if image is None:
        tiling.add(inner, Role.UNKNOWN, _EMPTY_FRAME)
    else:
        tiling.add(inner, Role.STRUCTURE, _FRAME)
    for chunk in chunks:
        if chunk is image:
            _add_picture(tiling, buffer, chunk, None)
        elif chunk is alpha:
            _add_picture(tiling, buffer, chunk, image)
        else:
            _add_other(tiling, chunk)
    tiling.add(frame.end, Role.UNKNOWN, _STRAY)
    return image is not None


def _add_fields(tiling: Tiling, chunk: Chunk, name: str) -> None:
    """Add a chunk of fixed length; more than its fields is unknown."""
    end = chunk.data + _FIXED[chunk.fourcc]
    if end > chunk.stop:
        raise Malformed(f"the {name} chunk is too short", chunk.start)
    tiling.add(end, Role.STRUCTURE, name)
    tiling.add(chunk.end, Role.UNKNOWN, f"data behind {name}")


def _add_picture(tiling: Tiling, buffer: Buffer, chunk: Chunk, image: Chunk | None) -> None:
    """Add a picture chunk, or the alpha plane that belongs to `image`."""
    if image:
        stop = bitstream.plane_end(buffer, chunk, image)
        tiling.add(chunk.data + 1, Role.STRUCTURE, _ALPHA_HEADER)
        tiling.add(stop, Role.PICTURE, "alpha plane")
        if stop < chunk.stop:
            tiling.add(chunk.end, Role.UNKNOWN, _BEHIND_ALPHA)
    else:
        bitstream.size(buffer, chunk)
        tiling.add(chunk.data, Role.STRUCTURE, _PICTURE_HEADER)
        tiling.add(chunk.stop, Role.PICTURE, "picture")
    tiling.add(chunk.end, Role.STRUCTURE, _PADDING)


def _add_honoured(tiling: Tiling, buffer: Buffer, chunk: Chunk) -> None:
    """Add the profile or EXIF block that decoders read."""
    part = Part(chunk.start, chunk.end, Role.METADATA, _PROFILE)
    if chunk.fourcc == b"ICCP":
        role = Role.COLOUR if _made_profile(buffer, part) else Role.METADATA
        tiling.add(chunk.end, role, _PROFILE)
    else:
        plain = _stands(buffer, part, _made_exif(buffer, part))
        tiling.add(chunk.end, Role.ORIENTATION if plain else Role.METADATA, _EXIF)


def _add_other(tiling: Tiling, chunk: Chunk) -> None:
    """Add a chunk that does not stay."""
    name = _METADATA.get(chunk.fourcc)
    if name:
        tiling.add(chunk.end, Role.METADATA, name)
    else:
        tiling.add(chunk.end, Role.UNKNOWN, f"chunk '{legible(chunk.fourcc)}'")


def _written(buffer: Buffer, parts: Sequence[Part]) -> list[bytes | None]:
    """Return for each part the bytes that stand for it in the clean copy.

    None where its own bytes do, b"" where nothing does. Raises Malformed for a copy
    that would be too large for its format.
    """
    written = [_alone(buffer, part) for part in parts]
    for index, part in enumerate(parts):
        if part.name == _EXTENDED and _is_idle(buffer, parts, written):
            written[index] = b""
    sizes = [
        part.size if data is None else len(data) for part, data in zip(parts, written, strict=True)
    ]
    offsets = [0, *itertools.accumulate(sizes)]
    if offsets[-1] - HEADER > _MAX_RIFF:
        raise Malformed("too large", 4)
    present = {part.name for part, size in zip(parts, sizes, strict=True) if size}
    for index, part in enumerate(parts):
        if part.name == _RIFF:
            made = make_header(b"RIFF", offsets[-1] - HEADER) + b"WEBP"
        elif part.name == _EXTENDED and written[index] is None:
            made = _made_extended(buffer, part, present)
        elif part.name == _FRAME:
            size = int.from_bytes(buffer[part.start + 4 : part.start + 8], "little")
            end = part.start + HEADER + size + (size & 1)
            after = bisect_left(parts, end, lo=index, key=lambda other: other.start)
            made = _made_frame(buffer, part, offsets[after] - offsets[index + 1])
        elif part.name == _ALPHA_HEADER:
            made = make_header(b"ALPH", 1 + sizes[index + 1]) + buffer[part.end - 1 : part.end]
        else:
            continue
        written[index] = None if _stands(buffer, part, made) else made
    return written


def _is_idle(buffer: Buffer, parts: Sequence[Part], written: Sequence[bytes | None]) -> bool:
    """Tell whether VP8X says nothing that the one picture does not say itself."""
    left = {part.name for part, data in zip(parts, written, strict=True) if data != b""}
    if left & {_PROFILE, _EXIF, _ALPHA_HEADER, _ANIMATION, _FRAME}:
        return False
    extended = next(part for part in parts if part.name == _EXTENDED)
    header = next(part for part in parts if part.name == _PICTURE_HEADER)
    image = chunk_at(buffer, header.start)
    if bool(buffer[extended.start + HEADER] & _ALPHA_FLAG) != bitstream.has_alpha(buffer, image):
        return False
    canvas = bitstream.canvas(*bitstream.size(buffer, image))
    return canvas == buffer[extended.end - 6 : extended.end]


def _alone(buffer: Buffer, part: Part) -> bytes | None:
    """Return what stands for a part as far as that depends on no other; None for itself."""
    if part.name == _PROFILE:
        made = _made_profile(buffer, part)
    elif part.name == _EXIF:
        made = _made_exif(buffer, part)
    elif part.name == _PADDING:
        made = b"\0"
    elif part.name == _ANIMATION:
        made = make_header(b"ANIM", _FIXED[b"ANIM"]) + buffer[part.start + HEADER : part.end]
    elif part.name == _BEHIND_ALPHA:
        # It ends with its chunk, so an odd rest leaves a plane that wants a pad byte.
        return b"\0" * (part.size & 1)
    elif part.role in KEPT_ROLES:
        return None
    else:
        return b""
    return None if _stands(buffer, part, made) else made


def _stands(buffer: Buffer, part: Part, made: bytes) -> bool:
    """Tell whether a part's bytes are these already; the size first, as a part may be large."""
    return len(made) == part.size and made == buffer[part.start : part.end]


def _made_profile(buffer: Buffer, part: Part) -> bytes:
    """Return a chunk with the plain form of a profile, b"" for an unusable one."""
    profile = icc.plain(_payload(buffer, part, icc.MAX_PROFILE + 1))
    return make_chunk(b"ICCP", profile) if profile else b""


def _made_exif(buffer: Buffer, part: Part) -> bytes:
    """Return a chunk with the orientation alone, b"" for the upright one."""
    number = exif.orientation(_tiff(_payload(buffer, part, MAX_PAYLOAD)))
    return make_chunk(b"EXIF", exif.plain_orientation(number)) if number > 1 else b""


def _made_extended(buffer: Buffer, part: Part, present: set[str]) -> bytes:
    flags = buffer[part.start + HEADER] & _KEPT_FLAGS
    flags |= _ICC_FLAG * (_PROFILE in present) | _EXIF_FLAG * (_EXIF in present)
    canvas = buffer[part.start + HEADER + 4 : part.end]
    return make_header(b"VP8X", _FIXED[b"VP8X"]) + bytes([flags, 0, 0, 0]) + canvas


def _made_frame(buffer: Buffer, part: Part, inside: int) -> bytes:
    fields = buffer[part.start + HEADER : part.end - 1]
    disposal = buffer[part.end - 1] & 0b11
    return make_header(b"ANMF", _FRAME_FIELDS + inside) + fields + bytes([disposal])


def _payload(buffer: Buffer, part: Part, room: int) -> bytes:
    """Return up to `room` bytes of the payload of a part that is one chunk."""
    size = int.from_bytes(buffer[part.start + 4 : part.start + HEADER], "little")
    start = part.start + HEADER
    return buffer[start : start + min(size, room)]


def _tiff(payload: bytes) -> bytes:
    return payload.removeprefix(b"Exif\0\0")


def _block(buffer: Buffer, part: Part, room: int) -> Block | None:
    language = _LANGUAGES.get(part.name)
    if language:
        payload = _payload(buffer, part, room)
        payload = _tiff(payload) if language == "exif" else payload
        return Block(language, payload, _WHERE[language], part.size)
    if part.role is Role.TRAILER:
        return trailer(buffer, part)
    if part.role is Role.UNKNOWN:
        whole = part.name.startswith("chunk ")
        label = legible(buffer[part.start : part.start + 4]) if whole else part.name
        if whole and label == "C2PA":
            return Block("c2pa", _payload(buffer, part, room), "C2PA", part.size)
        return unknown(buffer, part, f"WebP {part.name}", label)
    return None
