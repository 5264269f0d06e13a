"""What the bitstreams in a WebP say of themselves: sizes, transparency, the alpha plane's header.

Sources: RFC 6386 section 9.1; RFC 9649 sections 2.7.1.2 and 3.4; libwebp (src/dec/alpha_dec.c).
"""

from __future__ import annotations

from unexposed.errors import Malformed
from unexposed.formats.parts import Buffer
from unexposed.formats.webp._riff import Chunk

PICTURES = (b"VP8 ", b"VP8L")

_METHOD, _UNCOMPRESSED, _LOSSLESS = 0b11, 0, 1
_LEVELS_REDUCED = 1
_HAS_ALPHA = 0x10


def size(buffer: Buffer, image: Chunk) -> tuple[int, int]:
    """Return width and height in pixels as the bitstream has them.

    Raises Malformed where libwebp refuses the header.
    """
    head = buffer[image.data : min(image.stop, image.data + 10)]
    if image.fourcc == b"VP8L":
        if len(head) < 5 or head[0] != 0x2F or head[4] >> 5:
            raise Malformed("a lossless picture does not begin as one", image.start)
        packed = int.from_bytes(head[1:5], "little")
        return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    tag = int.from_bytes(head[:3], "little")
    width, height = (int.from_bytes(head[at : at + 2], "little") & 0x3FFF for at in (6, 8))
    shown_key_frame = not tag & 1 and tag >> 4 & 1 and tag >> 1 & 7 <= 3
    whole = len(head) == 10 and tag >> 5 < image.stop - image.data
    if not (whole and shown_key_frame and head[3:6] == b"\x9d\x01\x2a" and width and height):
        raise Malformed("a lossy picture does not begin as one", image.start)
    return width, height


def has_alpha(buffer: Buffer, image: Chunk) -> bool:
    """Tell whether a bitstream has transparency of its own."""
    return image.fourcc == b"VP8L" and bool(buffer[image.data + 4] & _HAS_ALPHA)


def saying_alpha(lossless: bytes) -> bytes:
    """Return a lossless bitstream that says that it has transparency."""
    return lossless[:4] + bytes([lossless[4] | _HAS_ALPHA]) + lossless[5:]


def plane_end(buffer: Buffer, alpha: Chunk, image: Chunk) -> int:
    """Return the end of the alpha plane of a picture; a compressed one goes as far as its chunk.

    Raises Malformed where libwebp refuses the header.
    """
    begin = alpha.data + 1
    if begin >= alpha.stop:
        raise Malformed("the alpha plane is empty", alpha.start)
    packed = buffer[alpha.data]
    method, preprocessing, reserved = packed & _METHOD, packed >> 4 & 0b11, packed >> 6
    if method > _LOSSLESS or preprocessing > _LEVELS_REDUCED or reserved:
        raise Malformed("an alpha plane that no decoder reads", alpha.start)
    if method == _UNCOMPRESSED:
        width, height = size(buffer, image)
        return min(alpha.stop, begin + width * height)
    return alpha.stop


def canvas(width: int, height: int) -> bytes:
    """Return a size in pixels as VP8X has it."""
    return (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
