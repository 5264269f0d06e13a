"""What a WebP's pictures hold that is not shown: transparency, and lines behind the last one.

Sources: RFC 9649 section 3.4; libwebp (src/dec/vp8l_dec.c), which drops the alpha of a lossless
picture that says it has none, and stops at the last line that is counted, as for a lossy one
(src/dec/frame_dec.c).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from unexposed.formats.parts import Buffer, Role
from unexposed.formats.webp import _names as names
from unexposed.formats.webp import _picture as bitstream
from unexposed.formats.webp._riff import Chunk, chunk_at, make_chunk, make_header
from unexposed.formats.webp._walk import divided

_SPARE: Final = 16
"""Bytes without which the end of a picture cannot be decoded: more than are read ahead."""


def has_alpha(buffer: Buffer) -> bool:
    """Tell whether any picture in the file has transparency. Raises Malformed."""
    planes = any(part.name == names.ALPHA_HEADER for part in divided(buffer))
    return planes or any(bitstream.has_alpha(buffer, one) for one in _pictures(buffer))


def with_alpha(buffer: Buffer) -> Iterator[bytes]:
    """Yield each lossless picture as a file that says it has transparency. Raises Malformed.

    The alpha that is coded in such a picture, if only as 255 throughout, is decoded then.
    """
    for one in _pictures(buffer):
        if one.fourcc == b"VP8L":
            picture = bitstream.saying_alpha(buffer[one.data : one.stop])
            chunk = make_chunk(b"VP8L", picture)
            yield make_header(b"RIFF", len(chunk) + 4) + b"WEBP" + chunk


def without_their_ends(buffer: Buffer) -> Iterator[bytes]:
    """Yield each picture as a file that ends before it does. Raises Malformed.

    It decodes where its data go on behind the last line.
    """
    for one in _pictures(buffer):
        if one.stop - one.data > _SPARE:
            chunk = make_chunk(one.fourcc, buffer[one.data : one.stop - _SPARE])
            yield make_header(b"RIFF", len(chunk) + 4) + b"WEBP" + chunk


def _pictures(buffer: Buffer) -> Iterator[Chunk]:
    for part in divided(buffer):
        if part.role is Role.STRUCTURE and part.name == names.PICTURE_HEADER:
            yield chunk_at(buffer, part.start)
