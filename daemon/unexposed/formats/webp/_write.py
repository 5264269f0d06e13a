"""The bytes that stand for each part of a WebP in its clean copy: sizes and flags made true."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Sequence

from unexposed.errors import Malformed
from unexposed.formats._written import Written, stands
from unexposed.formats.parts import KEPT_ROLES, Buffer, Part
from unexposed.formats.webp import _names as names
from unexposed.formats.webp import _picture as bitstream
from unexposed.formats.webp._riff import (
    FIXED,
    FRAME_FIELDS,
    HEADER,
    MAX_RIFF,
    chunk_at,
    make_chunk,
    make_header,
)
from unexposed.metadata import exif, icc
from unexposed.metadata.block import MAX_PAYLOAD


def written(buffer: Buffer, parts: Sequence[Part]) -> Written:
    """Return for each part the bytes that stand for it in the clean copy.

    Raises Malformed for a copy
    that would be too large for its format.
    """
    found = [_alone(buffer, part) for part in parts]
    for index, part in enumerate(parts):
        if part.name == names.EXTENDED and _is_idle(buffer, parts, found):
            found[index] = b""
    sizes = [
        part.size if data is None else len(data) for part, data in zip(parts, found, strict=True)
    ]
    offsets = [0, *itertools.accumulate(sizes)]
    if offsets[-1] - HEADER > MAX_RIFF:
        raise Malformed("too large", 4)
    present = {part.name for part, size in zip(parts, sizes, strict=True) if size}
    for index, part in enumerate(parts):
        if part.name == names.RIFF:
            made = make_header(b"RIFF", offsets[-1] - HEADER) + b"WEBP"
        elif part.name == names.EXTENDED and found[index] is None:
            made = _made_extended(buffer, part, present)
        elif part.name == names.FRAME:
            size = int.from_bytes(buffer[part.start + 4 : part.start + 8], "little")
            end = part.start + HEADER + size + (size & 1)
            after = bisect_left(parts, end, lo=index, key=lambda other: other.start)
            made = _made_frame(buffer, part, offsets[after] - offsets[index + 1])
        elif part.name == names.ALPHA_HEADER:
            made = make_header(b"ALPH", 1 + sizes[index + 1]) + buffer[part.end - 1 : part.end]
        else:
            continue
        found[index] = None if stands(buffer, part.start, part.end, made) else made
    return found


def _is_idle(buffer: Buffer, parts: Sequence[Part], written: Sequence[bytes | None]) -> bool:
    """Tell whether VP8X says nothing that the one picture does not say itself."""
    left = {part.name for part, data in zip(parts, written, strict=True) if data != b""}
    if left & {names.PROFILE, names.EXIF, names.ALPHA_HEADER, names.ANIMATION, names.FRAME}:
        return False
    extended = next(part for part in parts if part.name == names.EXTENDED)
    header = next(part for part in parts if part.name == names.PICTURE_HEADER)
    image = chunk_at(buffer, header.start)
    if bool(buffer[extended.start + HEADER] & names.ALPHA_FLAG) != bitstream.has_alpha(
        buffer, image
    ):
        return False
    canvas = bitstream.canvas(*bitstream.size(buffer, image))
    return canvas == buffer[extended.end - 6 : extended.end]


def _alone(buffer: Buffer, part: Part) -> bytes | None:
    """Return what stands for a part as far as that depends on no other; None for itself."""
    if part.name == names.PROFILE:
        made = made_profile(buffer, part)
    elif part.name == names.EXIF:
        made = made_exif(buffer, part)
    elif part.name == names.PADDING:
        made = b"\0"
    elif part.name == names.ANIMATION:
        made = make_header(b"ANIM", FIXED[b"ANIM"]) + buffer[part.start + HEADER : part.end]
    elif part.name == names.BEHIND_ALPHA:
        # It ends with its chunk, so an odd rest leaves a plane that wants a pad byte.
        return b"\0" * (part.size & 1)
    elif part.role in KEPT_ROLES:
        return None
    else:
        return b""
    return None if stands(buffer, part.start, part.end, made) else made


def made_profile(buffer: Buffer, part: Part) -> bytes:
    """Return a chunk with the plain form of a profile, b"" for an unusable one."""
    profile = icc.plain(payload_of(buffer, part, icc.MAX_PROFILE + 1))
    return make_chunk(b"ICCP", profile) if profile else b""


def made_exif(buffer: Buffer, part: Part) -> bytes:
    """Return a chunk with the orientation alone, b"" for the upright one."""
    number = exif.orientation(tiff_in(payload_of(buffer, part, MAX_PAYLOAD)))
    return make_chunk(b"EXIF", exif.plain_orientation(number)) if number > 1 else b""


def _made_extended(buffer: Buffer, part: Part, present: set[str]) -> bytes:
    flags = buffer[part.start + HEADER] & names.KEPT_FLAGS
    flags |= names.ICC_FLAG * (names.PROFILE in present) | names.EXIF_FLAG * (names.EXIF in present)
    canvas = buffer[part.start + HEADER + 4 : part.end]
    return make_header(b"VP8X", FIXED[b"VP8X"]) + bytes([flags, 0, 0, 0]) + canvas


def _made_frame(buffer: Buffer, part: Part, inside: int) -> bytes:
    fields = buffer[part.start + HEADER : part.end - 1]
    disposal = buffer[part.end - 1] & 0b11
    return make_header(b"ANMF", FRAME_FIELDS + inside) + fields + bytes([disposal])


def payload_of(buffer: Buffer, part: Part, room: int) -> bytes:
    """Return up to `room` bytes of the payload of a part that is one chunk."""
    size = int.from_bytes(buffer[part.start + 4 : part.start + HEADER], "little")
    start = part.start + HEADER
    return buffer[start : start + min(size, room)]


def tiff_in(payload: bytes) -> bytes:
    return payload.removeprefix(b"Exif\0\0")
