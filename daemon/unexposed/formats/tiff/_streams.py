"""Where the compressed data of a strip or tile ends, as decoders read it.

What stands behind that, within the bytes that the file counts to the piece, nobody sees.
Sources: TIFF 6.0 sections 9, 11 and 13; TIFF technical note 2; ITU-T T.6; RFC 8878 section 3.1
(Zstandard); for what readers make of all that, libtiff's codecs.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from typing import Final, Protocol

import msgspec

from unexposed.errors import Malformed
from unexposed.formats import _lzw
from unexposed.formats.parts import Buffer
from unexposed.formats.webp._riff import read_chunks

PLAIN, JPEG = 1, 7

_PIECE = 64 << 10
_INFLATED = 1 << 20
"""Bytes that are decompressed at once at most."""
_LZMA_MEMORY = 256 << 20

_MIRRORED: Final = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
"""Each byte with its bits in reverse order."""


class Stretch(msgspec.Struct, frozen=True, gc=False):
    """A strip's or tile's bytes [start, end) as the file counts them.

    `size` is how many bytes they stand for; `mirrored` tells that each byte begins at its lowest bit.
    """

    start: int
    end: int
    size: int
    mirrored: bool

    def pieces(self, buffer: Buffer) -> Iterator[bytes]:
        """Yield the bytes in order, a few at once, the right way round."""
        for at in range(self.start, self.end, _PIECE):
            piece = buffer[at : min(self.end, at + _PIECE)]
            yield piece.translate(_MIRRORED) if self.mirrored else piece


def _uncompressed(_: Buffer, stretch: Stretch) -> int:
    return min(stretch.end, stretch.start + stretch.size)


def _opaque(_: Buffer, stretch: Stretch) -> int:
    return stretch.end


def _packbits(buffer: Buffer, stretch: Stretch) -> int:
    at, end, left = stretch.start, stretch.end, stretch.size
    mirrored = stretch.mirrored
    while left > 0 and at < end:
        count = _MIRRORED[buffer[at]] if mirrored else buffer[at]
        if count < 128:
            at += count + 2
            left -= count + 1
            if left < 0:
                raise Malformed("the picture data holds more than the picture", at)
        elif count > 128:
            at += 2
            left -= 257 - count
        else:
            at += 1
    return min(at, end)


def _lzw_coded(buffer: Buffer, stretch: Stretch) -> int:
    """Follow LZW, or the way that was usual before TIFF 6.0: packed as in GIF."""
    head = buffer[stretch.start : min(stretch.end, stretch.start + 2)]
    head = head.translate(_MIRRORED) if stretch.mirrored else head
    older = len(head) == 2 and head[0] == 0 and head[1] & 1
    dialect = _lzw.GIF if older else _lzw.TIFF
    try:
        used = _lzw.bytes_read(stretch.pieces(buffer), 8, stretch.size, dialect)
    except _lzw.Corrupt:
        raise Malformed("the picture data is damaged", stretch.start) from None
    return stretch.start + used


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def _deflated(buffer: Buffer, stretch: Stretch) -> int:
    inflater = zlib.decompressobj()
    return _decompressed(buffer, stretch, inflater, lambda: inflater.unconsumed_tail, zlib.error)


def _xz(buffer: Buffer, stretch: Stretch) -> int:
    try:
        import lzma  # noqa: PLC0415  an interpreter may be built without it
    except ImportError:
        raise Malformed("compressed with LZMA, which this Python cannot read", 0) from None
    unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ, _LZMA_MEMORY)
    return _decompressed(buffer, stretch, unpacker, lambda: b"", lzma.LZMAError)


def _decompressed(
    buffer: Buffer,
    stretch: Stretch,
    stream: _Decompressor,
    rest: Callable[[], bytes],
    damage: type[Exception],
) -> int:
    """Follow a stream that knows its own end; `rest` is input that it gave back unread."""
    at, held = stretch.start, 0
    for piece in stretch.pieces(buffer):
        at += len(piece)
        data = piece
        while True:
            try:
                inflated = stream.decompress(data, _INFLATED)
            except damage:
                raise Malformed("the picture data is damaged", at - len(piece)) from None
            held += len(inflated)
            if held > stretch.size:
                raise Malformed("the picture data holds more than the picture", stretch.start)
            if stream.eof:
                return at - len(stream.unused_data)
            data = rest()
            if not data and len(inflated) < _INFLATED:
                break
    return at


_END_OF_BLOCK: Final = 0x001001
"""Two end-of-line codes, which no line of a T.6 picture holds."""


def _end_pattern(shift: int, *, mirrored: bool) -> bytes:
    """Return a pattern for the end of a T.6 picture that begins at bit `shift` of a byte."""
    placed = (_END_OF_BLOCK << 8 - shift).to_bytes(4)
    known = (0xFFFFFF << 8 - shift).to_bytes(4)
    classes = []
    for value, mask in zip(placed, known, strict=True):
        fits = bytes(byte for byte in range(256) if byte & mask == value)
        fits = fits.translate(_MIRRORED) if mirrored else fits
        classes.append(b"[" + b"".join(b"\\x%02x" % byte for byte in fits) + b"]" if mask else b"")
    return b"".join(classes)


_ENDS_OF_BLOCK: Final = {
    mirrored: re.compile(b"|".join(_end_pattern(shift, mirrored=mirrored) for shift in range(8)))
    for mirrored in (False, True)
}


def _fax4(buffer: Buffer, stretch: Stretch) -> int:
    """Go to the end-of-block code; without one all may be picture."""
    found = _ENDS_OF_BLOCK[stretch.mirrored].search(buffer, stretch.start, stretch.end)
    return found.end() if found else stretch.end


_ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_DICTIONARY_BYTES: Final = (0, 1, 2, 4)
_CONTENT_SIZE_BYTES: Final = (0, 2, 4, 8)
_RUN_BLOCK, _RESERVED_BLOCK = 1, 3


def _zstd(buffer: Buffer, stretch: Stretch) -> int:
    """Step over the blocks of one frame; what they hold is not looked at."""
    _require_order(stretch)
    head = buffer[stretch.start : min(stretch.end, stretch.start + 5)]
    if head[:4] != _ZSTD_MAGIC or len(head) < 5:
        raise Malformed("the picture data is damaged", stretch.start)
    flags = head[4]
    single, size_bytes = flags >> 5 & 1, _CONTENT_SIZE_BYTES[flags >> 6]
    at = stretch.start + 5 + (not single) + _DICTIONARY_BYTES[flags & 3]
    at += size_bytes or single
    last = False
    while not last:
        block = int.from_bytes(buffer[at : min(stretch.end, at + 3)], "little")
        kind, last = block >> 1 & 3, bool(block & 1)
        at += 3 + (1 if kind == _RUN_BLOCK else block >> 3)
        if kind == _RESERVED_BLOCK or at > stretch.end:
            raise Malformed("the picture data is damaged", stretch.start)
    return min(stretch.end, at + 4 * (flags >> 2 & 1))


_WEBP_PICTURE: Final = frozenset({b"VP8 ", b"VP8L", b"ALPH"})
_WEBP_HEADERS: Final = (bytes(4), b"\x10" + bytes(3))
"""How a VP8X chunk begins that promises no more than a picture, perhaps with alpha."""


def _webp(buffer: Buffer, stretch: Stretch) -> int:
    """Go to the end of a WebP file that holds a picture and nothing else."""
    _require_order(stretch)
    start = stretch.start
    head = buffer[start : min(stretch.end, start + 12)]
    end = start + 8 + int.from_bytes(head[4:8], "little")
    if head[:4] != b"RIFF" or head[8:] != b"WEBP" or not start + 12 <= end <= stretch.end:
        raise Malformed("the picture data is damaged", start)
    last = start + 12
    for chunk in read_chunks(buffer, last, end):
        last = chunk.end
        if chunk.fourcc == b"VP8X":
            known = chunk.stop - chunk.data == 10
            known = known and buffer[chunk.data : chunk.data + 4] in _WEBP_HEADERS
        else:
            known = chunk.fourcc in _WEBP_PICTURE
        if not known or buffer[chunk.stop : chunk.end].strip(b"\0"):
            raise Malformed("WebP data inside a TIFF that holds more than a picture", chunk.start)
    if last != end:
        raise Malformed("the picture data is damaged", start)
    return end


def _require_order(stretch: Stretch) -> None:
    if stretch.mirrored:
        raise Malformed("compressed data with its bits in reverse order", stretch.start)


_CODINGS: Final[dict[int, Callable[[Buffer, Stretch], int]]] = {
    PLAIN: _uncompressed,
    2: _opaque,  # CCITT's modified Huffman code
    3: _opaque,  # T.4
    4: _fax4,
    5: _lzw_coded,
    8: _deflated,
    32771: _opaque,  # as 2, in words of 16 bits
    32773: _packbits,
    32809: _opaque,  # ThunderScan
    32946: _deflated,
    34676: _opaque,  # SGI LogLuv
    34677: _opaque,  # SGI LogLuv in 24 bits
    34925: _xz,
    50000: _zstd,
    50001: _webp,
}
"""Compression -> how to find the end. Of the opaque ones only decoding would tell it."""

FINDS_ITS_END: Final = frozenset({PLAIN, 5, 8, 32773, 32946, 34925, 50000, 50001})
"""Compressions whose data needs no byte count."""

_OLD_JPEG = 6


def why_not(compression: int) -> str:
    """Return why data in a compression cannot be accounted for, "" for one that can."""
    if compression == _OLD_JPEG:
        return (
            "it holds an outdated kind of JPEG inside a TIFF: save it anew as TIFF or JPEG, and "
            "that can be cleaned"
        )
    if compression != JPEG and compression not in _CODINGS:
        return (
            f"its picture is compressed in a way that is not known (number {compression}): save it "
            "anew as TIFF or JPEG, and that can be cleaned"
        )
    return ""


def true_end(buffer: Buffer, compression: int, stretch: Stretch) -> int:
    """Return where decoders stop to read a strip or tile; its own end where that is not told.

    Raises Malformed for data that is damaged, and for data that holds more than its rows.
    """
    return _CODINGS[compression](buffer, stretch)
