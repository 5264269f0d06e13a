"""Where the compressed data of a strip or tile ends, as decoders read it.

What stands behind that, within the bytes that the file counts to the piece, nobody sees.
Sources: TIFF 6.0 sections 9, 11 and 13; TIFF technical note 2; ITU-T T.6; RFC 8878 section 3.1
(Zstandard); for what readers make of all that, libtiff's codecs.
"""

from __future__ import annotations

import importlib
import re
import zlib
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Final, Protocol

import msgspec

from unexposed.errors import Malformed
from unexposed.formats import _lzw
from unexposed.formats.parts import Buffer
from unexposed.formats.webp import _picture as webp
from unexposed.formats.webp._riff import read_chunks

PLAIN, JPEG, ZSTD = 1, 7, 50000

_PIECE = 64 << 10
_INFLATED = 1 << 20
"""Bytes that are decompressed at once at most."""
_LZMA_MEMORY = 256 << 20

_MIRRORED: Final = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
"""Each byte with its bits in reverse order."""


class Stretch(msgspec.Struct, frozen=True, gc=False):
    """A strip's or tile's bytes [start, end) as the file counts them.

    `size` is how many bytes they stand for and `sides` how many pixels across and down;
    `mirrored` tells that each byte begins at its lowest bit.
    """

    start: int
    end: int
    size: int
    sides: tuple[int, int]
    mirrored: bool

    def pieces(self, buffer: Buffer) -> Iterator[bytes]:
        """Yield the bytes in order, a few at once, the right way round."""
        for at in range(self.start, self.end, _PIECE):
            piece = buffer[at : min(self.end, at + _PIECE)]
            yield piece.translate(_MIRRORED) if self.mirrored else piece


def _loaded(name: str) -> ModuleType | None:
    """Load a part of Python's library that not every interpreter has."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


_ZSTANDARD: Final = _loaded("compression.zstd")


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
_DICTIONARY = 0b11
"""The bits of a Zstandard frame's first byte that tell of a dictionary from elsewhere."""


def _zstd(buffer: Buffer, stretch: Stretch) -> int:
    """Follow one frame, where this Python can; `why_not` tells of that before."""
    _require_order(stretch)
    head = buffer[stretch.start : min(stretch.end, stretch.start + 5)]
    if not _ZSTANDARD or len(head) < 5 or head[:4] != _ZSTD_MAGIC or head[4] & _DICTIONARY:
        raise Malformed("the picture data is damaged", stretch.start)
    stream = _ZSTANDARD.ZstdDecompressor()
    return _decompressed(buffer, stretch, stream, lambda: b"", _ZSTANDARD.ZstdError)


_WEBP_CHUNKS: Final = frozenset(
    {
        (b"VP8 ",),
        (b"VP8L",),
        (b"VP8X", b"VP8 "),
        (b"VP8X", b"VP8L"),
        (b"VP8X", b"ALPH", b"VP8 "),
    }
)
"""The chunks of a WebP file that holds one picture and nothing else."""
_WEBP_HEADERS: Final = (bytes(4), b"\x10" + bytes(3))
"""How a VP8X chunk begins that promises no more than a picture, perhaps with alpha."""


def _webp(buffer: Buffer, stretch: Stretch) -> int:
    """Go to the end of a WebP file that holds the strip or tile and nothing else."""
    _require_order(stretch)
    start = stretch.start
    head = buffer[start : min(stretch.end, start + 12)]
    end = start + 8 + int.from_bytes(head[4:8], "little")
    if head[:4] != b"RIFF" or head[8:] != b"WEBP" or not start + 12 <= end <= stretch.end:
        raise Malformed("the picture data is damaged", start)
    chunks = read_chunks(buffer, start + 12, end)
    if tuple(chunk.fourcc for chunk in chunks) not in _WEBP_CHUNKS or chunks[-1].end != end:
        raise Malformed("WebP data inside a TIFF that holds more than a picture", start)
    image = chunks[-1]
    if webp.size(buffer, image) != stretch.sides:
        raise Malformed("WebP data inside a TIFF of another size than its place", start)
    for chunk in chunks:
        if chunk.fourcc == b"VP8X":
            made = [begin + webp.canvas(*stretch.sides) for begin in _WEBP_HEADERS]
            known = buffer[chunk.data : min(chunk.stop, chunk.data + 11)] in made
        else:
            known = chunk is image or webp.plane_end(buffer, chunk, image) == chunk.stop
        if not known or buffer[chunk.stop : chunk.end].strip(b"\0"):
            raise Malformed("WebP data inside a TIFF that holds more than a picture", chunk.start)
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
    ZSTD: _zstd,
    50001: _webp,
}
"""Compression -> how to find the end. Of the opaque ones only decoding would tell it."""

FINDS_ITS_END: Final = frozenset({PLAIN, 5, 8, 32773, 32946, 34925, ZSTD, 50001})
"""Compressions whose data needs no byte count."""

OLD_JPEG = 6


def why_not(compression: int) -> str:
    """Return why data in a compression cannot be accounted for, "" for one that can."""
    if compression == OLD_JPEG:
        return (
            "it holds an outdated kind of JPEG inside a TIFF: save it anew as TIFF or JPEG, and "
            "that can be cleaned"
        )
    if compression == ZSTD and not _ZSTANDARD:
        return (
            "its picture is compressed with Zstandard, which takes Python 3.14 to read: save it anew "
            "as TIFF or JPEG, and that can be cleaned"
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
