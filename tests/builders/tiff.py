"""TIFF files, each with a secret in one hiding place."""

from __future__ import annotations

import io
import random
import struct
import sys
import zlib
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import msgspec
from PIL import Image, ImageCms

CANARY = b"CANARY-0451-was-here!"
SIZE = (40, 30)

BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED, DOUBLE, LONG8 = 1, 2, 3, 4, 5, 7, 12, 16
_TYPES = {BYTE: "B", ASCII: "B", SHORT: "H", LONG: "I", RATIONAL: "II", UNDEFINED: "B"} | {
    DOUBLE: "d",
    LONG8: "Q",
}

WIDTH, LENGTH, BITS, COMPRESSION, PHOTOMETRIC, FILL_ORDER = 256, 257, 258, 259, 262, 266
OFFSETS, SAMPLES, ROWS, COUNTS, SOFTWARE, ARTIST = 273, 277, 278, 279, 305, 315
TILE_WIDTH, TILE_LENGTH, TILE_OFFSETS, TILE_COUNTS = 322, 323, 324, 325
_ROWS = 16
DEFLATE = 8

SUBFILE, OLD_SUBFILE, ORIENTATION, SUB_IFDS, JPEG_TABLES = 254, 255, 274, 330, 347
XMP, IPTC, PHOTOSHOP, EXIF, PROFILE, GPS = 700, 33723, 34377, 34665, 34675, 34853

Value: TypeAlias = "tuple[int, Sequence[float] | bytes]"
"""A tag's type and values; for a rational its numerators and denominators in turn."""


class Page(msgspec.Struct):
    """A page to be written: its tags, its strips or tiles, and directories that tags point to."""

    tags: dict[int, Value]
    data: list[bytes]
    below: dict[int, list[Page]] = {}
    tiled: bool = False

    def but(self, *, data: Iterable[bytes] | None = None, **changes: object) -> Page:
        """The same with other data or tags; a tag is named "tag_270", None takes it away."""
        tags = dict(self.tags)
        for name, value in changes.items():
            tag = int(name.removeprefix("tag_"))
            if value is None:
                del tags[tag]
            else:
                tags[tag] = value
        return Page(tags, list(self.data if data is None else data), self.below, self.tiled)


def one(kind: int, *values: float) -> Value:
    return kind, values


def text(value: bytes = CANARY) -> Value:
    return ASCII, value + b"\0"


def file(
    *pages: Page,
    order: str = "<",
    big: bool = False,
    gap: bytes = b"",
    longer: int = 0,
    directories_first: bool = False,
) -> bytes:
    """A whole file. `gap` stands before each page and each strip.

    Each strip is said to be `longer` than it is, which reaches into the gap behind it.
    """
    mark = {"<": b"II", ">": b"MM"}[order] + struct.pack(order + "H", 43 if big else 42)
    head = bytearray(mark + (struct.pack(order + "HHQ", 8, 0, 0) if big else bytes(4)))
    link = 8 if big else 4
    for page in pages:
        head += gap
        starts = []
        for piece in page.data:
            starts.append(len(head))
            head += piece + gap
        tags = _with_places(page, starts, longer, big=big)
        for tag, below in page.below.items():
            inner = []
            for sub in below:
                places = []
                for piece in sub.data:
                    places.append(len(head))
                    head += piece
                inner.append(len(head) + len(head) % 2)
                head += bytes(len(head) % 2)
                head += directory(_with_places(sub, places, 0, big=big), order, len(head), big=big)
            tags[tag] = (LONG8 if big else LONG, inner)
        head += bytes(len(head) % 2)
        struct.pack_into(order + ("Q" if big else "I"), head, link, len(head))
        written, link = _linked(tags, order, len(head), big=big)
        head += written
    return bytes(head)


def _with_places(page: Page, starts: Sequence[int], longer: int, *, big: bool) -> dict[int, Value]:
    where, how_long = (TILE_OFFSETS, TILE_COUNTS) if page.tiled else (OFFSETS, COUNTS)
    kind = LONG8 if big else LONG
    placed: dict[int, Value] = {}
    if page.data:
        placed = {
            where: (kind, starts),
            how_long: (kind, [len(piece) + longer for piece in page.data]),
        }
    return placed | page.tags


def directory(tags: dict[int, Value], order: str, start: int, *, big: bool = False) -> bytes:
    return _linked(tags, order, start, big=big)[0]


def _linked(tags: dict[int, Value], order: str, start: int, *, big: bool) -> tuple[bytes, int]:
    """A directory with its values, and where in the file its link to the next one stands."""
    count, entry, offset, room = ("Q", "HHQ", "Q", 8) if big else ("H", "HHI", "I", 4)
    table = struct.pack(order + count, len(tags))
    end = start + len(table) + len(tags) * (struct.calcsize("=" + entry) + room) + room
    body = b""
    for tag, (kind, values) in sorted(tags.items()):
        data = packed(order, kind, values)
        number = len(data) // struct.calcsize("=" + _TYPES[kind])
        table += struct.pack(order + entry, tag, kind, number)
        if len(data) <= room:
            table += data.ljust(room, b"\0")
        else:
            table += struct.pack(order + offset, end + len(body))
            body += data + bytes(len(data) % 2)
    return table + bytes(room) + body, start + len(table)


def packed(order: str, kind: int, values: Sequence[float] | bytes) -> bytes:
    if isinstance(values, bytes):
        return values
    code = _TYPES[kind][0] * len(values)
    return struct.pack(order + code, *values)


def pages_of(data: bytes) -> list[Page]:
    """The pages of a well-formed file, without what is below them."""
    order = {b"II": "<", b"MM": ">"}[data[:2]]
    big = data[2:4] in (b"+\0", b"\0+")
    count, entry, offset, room = ("Q", "HHQ", "Q", 8) if big else ("H", "HHI", "I", 4)
    (start,) = struct.unpack_from(order + offset, data, 8 if big else 4)
    pages = []
    while start:
        (number,) = struct.unpack_from(order + count, data, start)
        at = start + struct.calcsize(count)
        tags: dict[int, Value] = {}
        for _ in range(number):
            tag, kind, length = struct.unpack_from(order + entry, data, at)
            at += struct.calcsize("=" + entry)
            size = length * struct.calcsize("=" + _TYPES[kind])
            place = at if size <= room else struct.unpack_from(order + offset, data, at)[0]
            raw = data[place : place + size]
            plain = kind in (ASCII, UNDEFINED, BYTE)
            code = f"{order}{_TYPES[kind] * length}"
            tags[tag] = kind, raw if plain else struct.unpack(code, raw)
            at += room
        tiled = TILE_OFFSETS in tags
        starts = tags.pop(TILE_OFFSETS if tiled else OFFSETS)[1]
        sizes = tags.pop(TILE_COUNTS if tiled else COUNTS)[1]
        pieces = [
            data[int(begin) : int(begin + size)] for begin, size in zip(starts, sizes, strict=True)
        ]
        pages.append(Page(tags, pieces, {}, tiled))
        (start,) = struct.unpack_from(order + offset, data, at)
    return pages


def scene(mode: str = "RGB", size: tuple[int, int] = SIZE, seed: int = 1) -> Image.Image:
    layers = len(mode) if mode in ("RGBA", "LA", "CMYK") else 3
    kind = mode if layers != 3 else "RGB"
    noise = random.Random(seed).randbytes(5 * 4 * layers)
    picture = Image.frombytes(kind, (5, 4), noise).resize(size, Image.Resampling.BICUBIC)
    if mode == "P":
        return picture.quantize(16)
    return (
        picture.convert("L").convert(mode) if mode in ("I", "F", "I;16") else picture.convert(mode)
    )


def encoded(picture: Image.Image, compression: str = "raw", **options: object) -> bytes:
    written = io.BytesIO()
    picture.save(written, "TIFF", compression=compression, **options)
    return written.getvalue()


def page(mode: str = "RGB", compression: str = "raw", seed: int = 1) -> Page:
    """A page as Pillow and libtiff write it, in two strips."""
    picture = scene(mode, seed=seed)
    (made,) = pages_of(encoded(picture, compression, tiffinfo={ROWS: _ROWS}))
    if compression != "raw":
        return made
    whole = b"".join(made.data)
    step = len(whole) // SIZE[1] * _ROWS
    pieces = [whole[at : at + step] for at in range(0, len(whole), step)]
    return made.but(data=pieces, tag_278=one(SHORT, _ROWS))


def tiled(mode: str = "RGB", coding: int = 1) -> Page:
    """A page in tiles of 16 by 16, those at the edges with pixels beyond it."""
    picture = scene(mode)
    tiles = [
        picture.crop((left, top, left + 16, top + 16)).tobytes()
        for top in range(0, SIZE[1], 16)
        for left in range(0, SIZE[0], 16)
    ]
    tiles = [zlib.compress(one) for one in tiles] if coding == DEFLATE else tiles
    made = page(mode).but(
        data=tiles,
        tag_278=None,
        tag_322=one(SHORT, 16),
        tag_323=one(SHORT, 16),
        tag_259=one(SHORT, coding),
    )
    made.tiled = True
    return made


def jpeg(comment: bytes = b"", size: tuple[int, int] = (16, 12)) -> bytes:
    written = io.BytesIO()
    scene(size=size).save(written, "JPEG", comment=comment or None)
    return written.getvalue()


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2) + body


def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def older_lzw() -> Page:
    """LZW as it was before TIFF 6.0, which is packed like GIF's."""
    picture = scene("L")
    written = io.BytesIO()
    # Without a palette of all 256 colours GIF's codes would begin with fewer bits.
    exact = Image.frombytes("P", SIZE, picture.tobytes())
    exact.putpalette(bytes(n for shade in range(256) for n in (shade, 255 - shade, shade // 2)))
    exact.save(written, "GIF", optimize=False, interlace=False)
    data = written.getvalue()
    at = data.index(b",", 13 + 768) + 10
    assert data[at] == 8
    at += 1
    stream = b""
    while data[at]:
        stream += data[at + 1 : at + 1 + data[at]]
        at += 1 + data[at]
    return page("L").but(data=[stream], tag_259=one(SHORT, 5), tag_278=one(SHORT, SIZE[1]))


def mirrored(made: Page) -> Page:
    """The same with the bits of each byte in reverse order."""
    turn = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
    return made.but(data=[piece.translate(turn) for piece in made.data], tag_266=one(SHORT, 2))


def planar() -> Page:
    """A page with each colour apart."""
    planes = [channel.tobytes() for channel in scene().split()]
    return page().but(data=planes, tag_284=one(SHORT, 2), tag_278=one(SHORT, SIZE[1]))


def sixteen_bits(order: str = "<") -> Page:
    data = b"".join(struct.pack(order + "H", 257 * value) for value in scene("L").tobytes())
    made = page("L")
    return made.but(data=[data], tag_258=one(SHORT, 16), tag_278=one(SHORT, SIZE[1]))


def lab_of_sixteen_bits(order: str = "<") -> Page:
    """A page of a kind that Pillow does not know."""
    samples = [257 * value for value in scene("RGB").tobytes()]
    data = struct.pack(f"{order}{len(samples)}H", *samples)
    made = page("LAB").but(data=[data], tag_258=one(SHORT, 16, 16, 16))
    return made.but(tag_278=one(SHORT, SIZE[1]))


PICTURES: dict[str, Callable[[], Page]] = {
    "uncompressed": page,
    "grey": lambda: page("L"),
    "bilevel": lambda: page("1"),
    "palette": lambda: page("P"),
    "with alpha": lambda: page("RGBA"),
    "CMYK": lambda: page("CMYK", "tiff_lzw"),
    "Lab": lambda: page("LAB"),
    "floating point": lambda: page("F", "tiff_lzw"),
    "16 bits": sixteen_bits,
    "planes apart": planar,
    "tiles": tiled,
    "deflated tiles": lambda: tiled("L", DEFLATE),
    "PackBits": lambda: page("L", "packbits"),
    "PackBits, mirrored": lambda: mirrored(page("L", "packbits")),
    "LZW": lambda: page("RGB", "tiff_lzw"),
    "LZW, mirrored": lambda: mirrored(page("RGB", "tiff_lzw")),
    "older LZW": older_lzw,
    "Deflate": lambda: page("RGB", "tiff_adobe_deflate"),
    "Deflate, mirrored": lambda: mirrored(page("RGB", "tiff_adobe_deflate")),
    "Huffman": lambda: page("1", "tiff_ccitt"),
    "Group 3": lambda: page("1", "group3"),
    "Group 4": lambda: page("1", "group4"),
    "Group 4, mirrored": lambda: mirrored(page("1", "group4")),
    "JPEG": lambda: page("RGB", "jpeg"),
    "grey JPEG": lambda: page("L", "jpeg"),
    "LZMA": lambda: page("RGB", "lzma"),
}

if sys.version_info >= (3, 14):  # what it is read with came then
    PICTURES["Zstandard"] = lambda: page("RGB", "zstd")

TELLS_ITS_END = tuple(name for name in PICTURES if name not in ("Huffman", "Group 3"))
"""Pictures whose data tells where it ends."""


def _tag(number: int, kind: int = ASCII, value: bytes = CANARY + b"\0") -> Callable[[], bytes]:
    return lambda: file(page().but(**{f"tag_{number}": (kind, value)}))


def _below(tag: int, tags: dict[int, Value], data: Iterable[bytes] = ()) -> bytes:
    made = page()
    made.below = {tag: [Page(tags, list(data))]}
    return file(made)


def exif_directory() -> bytes:
    tags = {36867: text(b"2025:04:01 18:22:05"), 37500: (UNDEFINED, CANARY), 42033: text()}
    return _below(EXIF, tags)


def gps_directory() -> bytes:
    return _below(GPS, {1: text(b"N"), 29: text(CANARY)})


def private_directory() -> bytes:
    return _below(65001, {65002: text()})


def text_on_the_second_page() -> bytes:
    return file(page(), page(seed=2).but(tag_285=text()))


def small(seed: int = 5, **changes: object) -> Page:
    """A small copy with the canary in its pixels."""
    pixels = CANARY.ljust(16 * 3 * 12, b"\0")
    return Page(
        {
            WIDTH: one(SHORT, 16),
            LENGTH: one(SHORT, 12),
            BITS: one(SHORT, 8, 8, 8),
            COMPRESSION: one(SHORT, 1),
            PHOTOMETRIC: one(SHORT, 2),
            SAMPLES: one(SHORT, 3),
            ROWS: one(SHORT, 12),
        },
        [pixels],
    ).but(**changes)


def small_copy_below_the_page() -> bytes:
    made = page()
    made.below = {SUB_IFDS: [small(tag_254=one(LONG, 1)), small(tag_254=one(LONG, 1))]}
    return file(made)


def small_copy_as_a_page() -> bytes:
    return file(page(), small(tag_254=one(LONG, 1)), page(seed=2))


def small_copy_as_a_page_of_the_older_kind() -> bytes:
    return file(page(), small(tag_255=one(SHORT, 2)))


def depth_map_as_a_page() -> bytes:
    return file(page(), small(tag_254=one(LONG, 8)))


def small_jpeg_beside_the_page() -> bytes:
    thumbnail = jpeg(CANARY)
    made = page().but(tag_513=one(LONG, 8), tag_514=one(LONG, len(thumbnail)))
    return file(made, gap=thumbnail)


def gaps() -> bytes:
    return file(page(), page(seed=2), gap=CANARY)


def abandoned_directory() -> bytes:
    """What programs leave that append a changed directory and mend the link to it."""
    first = file(page().but(tag_315=text()))
    (start,) = struct.unpack_from("<I", first, 4)
    made = page()
    offsets = [8, 8 + len(made.data[0])]
    tags = _with_places(made, offsets, 0, big=False)
    appended = first + bytes(len(first) % 2)
    written = directory(tags, "<", len(appended))
    assert start != len(appended)
    return appended[:4] + struct.pack("<I", len(appended)) + appended[8:] + written


def bytes_after_the_end() -> bytes:
    return file(page()) + CANARY


def jpeg_after_the_end() -> bytes:
    return file(page()) + jpeg(CANARY)


def bytes_behind(name: str) -> bytes:
    """Bytes behind the data of each strip, counted as the strip's."""
    return file(PICTURES[name](), gap=CANARY, longer=len(CANARY))


def too_many_values_of_a_tag_that_stays() -> bytes:
    hidden = struct.unpack("<10H", CANARY[:20])
    return file(page().but(tag_258=one(SHORT, 8, 8, 8, *hidden)))


def colours_behind_the_palette() -> bytes:
    made = page("P")
    colours = made.tags[320][1]
    return file(made.but(tag_320=one(SHORT, *colours, *struct.unpack("<10H", CANARY[:20]))))


def palette_that_nobody_uses() -> bytes:
    made = page("1")
    return file(made.but(tag_320=(SHORT, CANARY[:20])))


def _words(tag: int, kind: int, size: int) -> Callable[[], bytes]:
    """A tag with the canary over and over in its value."""
    return _tag(tag, kind, (CANARY * -(-size // len(CANARY)))[:size])


def tile_larger_than_the_picture(side: int = 1024) -> bytes:
    made = tiled("L").but(data=[bytes(side * side)], tag_322=one(SHORT, side))
    made = made.but(tag_323=one(SHORT, side))
    made.tiled = True
    return file(made)


def webp_strip(*extra: bytes, size: tuple[int, int] = SIZE, extended: bool = False) -> bytes:
    """A page of one strip in WebP, with chunks before and behind the picture's own."""
    written = io.BytesIO()
    scene(size=size).save(written, "WEBP", lossless=True)
    chunks = written.getvalue()[12:]
    if extended:
        canvas = b"".join((side - 1).to_bytes(3, "little") for side in size)
        chunks = b"VP8X" + struct.pack("<I", 10) + b"\x10\0\0\0" + canvas + chunks
    body = b"WEBP" + chunks + b"".join(extra)
    data = b"RIFF" + struct.pack("<I", len(body)) + body
    made = page().but(data=[data], tag_259=one(SHORT, 50001), tag_278=one(SHORT, SIZE[1]))
    return file(made)


def unusable_profile() -> bytes:
    return _tag(PROFILE, UNDEFINED, CANARY)()


def bytes_behind_the_profile() -> bytes:
    return _tag(PROFILE, UNDEFINED, profile() + CANARY)()


def segments_inside_jpeg_strips() -> bytes:
    made = page("RGB", "jpeg")
    hidden = segment(0xFE, CANARY) + segment(0xE1, b"Exif\0\0" + CANARY) + segment(0xE5, CANARY)
    return file(made.but(data=[one[:2] + hidden + one[2:] for one in made.data]))


def bytes_between_segments_of_jpeg_strips() -> bytes:
    made = page("RGB", "jpeg")
    return file(made.but(data=[one[:2] + CANARY + one[2:] for one in made.data]))


def _with_tables(change: Callable[[bytes], bytes]) -> bytes:
    made = page("RGB", "jpeg")
    kind, tables = made.tags[JPEG_TABLES]
    assert isinstance(tables, bytes)
    return file(made.but(tag_347=(kind, change(tables))))


def comment_inside_the_jpeg_tables() -> bytes:
    return _with_tables(lambda tables: tables[:2] + segment(0xFE, CANARY) + tables[2:])


def unused_jpeg_table() -> bytes:
    table = b"\x13" + bytes(15) + bytes([len(CANARY)]) + CANARY
    return _with_tables(lambda tables: tables[:-2] + segment(0xC4, table) + tables[-2:])


def bytes_behind_the_jpeg_tables() -> bytes:
    return _with_tables(lambda tables: tables + CANARY)


def the_same_tag_twice() -> bytes:
    written = bytearray(file(page().but(tag_305=text(b"Program"), tag_306=text())))
    at = written.index(struct.pack("<HH", 306, ASCII))
    struct.pack_into("<H", written, at, 305)
    return bytes(written)


HIDING_PLACES: dict[str, Callable[[], bytes]] = {
    "Software": _tag(305),
    "Artist": _tag(315),
    "ImageDescription": _tag(270),
    "InkNames": _tag(333),
    "GeoTIFF": _tag(34737),
    "private tag": _tag(65000, UNDEFINED),
    "TransferFunction": _words(301, SHORT, 1536),
    "PrimaryChromaticities": _words(319, RATIONAL, 48),
    "SMinSampleValue": _words(340, DOUBLE, 24),
    "SMaxSampleValue": _words(341, DOUBLE, 24),
    "MinSampleValue": _words(280, LONG8, 24),
    "MaxSampleValue": _words(281, LONG8, 24),
    "ReferenceBlackWhite without its colours": _words(532, RATIONAL, 48),
    "DotRange without inks": _words(336, BYTE, 48),
    "DotRange of many inks": lambda: file(page("CMYK").but(tag_336=(BYTE, b"\0\xff" + CANARY * 2))),
    "XMP": _tag(XMP, BYTE),
    "IPTC": _tag(IPTC, UNDEFINED, b"\x1c\x02\x50\0\x15" + CANARY),
    "Photoshop": _tag(PHOTOSHOP, BYTE, b"8BIM\x04\x04\0\0\0\0\0\x15" + CANARY + b"\0"),
    "Photoshop layers": _tag(
        37724, UNDEFINED, b"Adobe Photoshop Document Data Block\0MIB8ryaL" + CANARY
    ),
} | {
    build.__name__.replace("_", " "): build
    for build in (
        exif_directory,
        gps_directory,
        private_directory,
        text_on_the_second_page,
        small_copy_below_the_page,
        small_copy_as_a_page,
        small_copy_as_a_page_of_the_older_kind,
        depth_map_as_a_page,
        small_jpeg_beside_the_page,
        gaps,
        abandoned_directory,
        bytes_after_the_end,
        jpeg_after_the_end,
        too_many_values_of_a_tag_that_stays,
        colours_behind_the_palette,
        palette_that_nobody_uses,
        unusable_profile,
        bytes_behind_the_profile,
        segments_inside_jpeg_strips,
        bytes_between_segments_of_jpeg_strips,
        comment_inside_the_jpeg_tables,
        unused_jpeg_table,
        bytes_behind_the_jpeg_tables,
        the_same_tag_twice,
    )
}

REFUSED: dict[str, Callable[[], Page]] = {
    "colours behind the palette": lambda: page("P"),
    "too many values of a tag that stays": page,
}
"""Files among these that Pillow does not like, and the picture that is in them."""


def dng() -> bytes:
    """A small copy in colours, and below it the sensor's data and the camera's notes."""
    made = page().but(tag_254=one(LONG, 1), tag_50706=(BYTE, b"\1\4\0\0"))
    made = made.but(tag_271=text(b"Maker"), tag_272=text(b"Camera"))
    made.below = {
        SUB_IFDS: [small(tag_262=one(SHORT, 32803))],
        EXIF: [Page({36867: text(b"2025:04:01 18:22:05")}, [])],
    }
    return file(made)


def nef() -> bytes:
    made = page().but(tag_254=one(LONG, 1), tag_271=text(b"Maker"))
    made.below = {SUB_IFDS: [small(tag_259=one(SHORT, 34713))]}
    return file(made)


def cr2() -> bytes:
    return file(page("RGB"), gap=b"CR\2\0")


def filtered() -> bytes:
    return file(page("L").but(tag_262=one(SHORT, 32803)))


RAW_FILES = (dng, nef, cr2, filtered)


def patched(data: bytes, tag: int, *values: int) -> bytes:
    """A little-endian file with the values of a tag of type LONG changed."""
    at = data.index(struct.pack("<HHI", tag, LONG, len(values))) + 8
    if len(values) > 1:
        (at,) = struct.unpack_from("<I", data, at)
    return data[:at] + struct.pack(f"<{len(values)}I", *values) + data[at + 4 * len(values) :]
