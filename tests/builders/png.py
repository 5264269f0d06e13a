"""PNG and APNG files, each with a secret in one hiding place."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable

from PIL import Image, ImageDraw

from tests.builders import icc as profiles
from tests.builders.exif import short, text, tiff
from tests.builders.photos import encoded, scene
from unexposed.metadata import icc

CANARY = b"CANARY-0451-was-here!"
SIZE = (40, 30)

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGB_ALPHA: 4}
DEPTHS = [
    *((GREY, depth) for depth in (1, 2, 4, 8, 16)),
    *((PALETTE, depth) for depth in (1, 2, 4, 8)),
    *((kind, depth) for kind in (RGB, GREY_ALPHA, RGB_ALPHA) for depth in (8, 16)),
]
"""Every colour type with every depth that it may have."""

ADAM7 = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)

Builder = Callable[[], bytes]
Chunks = list[tuple[bytes, bytes]]


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


def unsound(kind: bytes, data: bytes) -> bytes:
    """A chunk whose checksum is wrong."""
    sound = chunk(kind, data)
    return sound[:-1] + bytes([sound[-1] ^ 1])


def file(content: Chunks) -> bytes:
    return SIGNATURE + b"".join(chunk(kind, data) for kind, data in content)


def chunks(png: bytes) -> Chunks:
    """The chunks of a file up to its end: types and data."""
    found: Chunks = []
    at = len(SIGNATURE)
    while png[at + 4 : at + 8].isalpha():
        size = int.from_bytes(png[at : at + 4])
        found.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + size]))
        at += 12 + size
        if found[-1][0] == b"IEND":
            break
    return found


def kinds(png: bytes) -> list[bytes]:
    return [kind for kind, _ in chunks(png)]


def where(content: Chunks, kind: bytes, last: bool = False) -> int:
    places = [n for n, (one, _) in enumerate(content) if one == kind]
    return places[-1 if last else 0]


def before(png: bytes, kind: bytes, *inserted: tuple[bytes, bytes]) -> bytes:
    """The file with chunks inserted before the first one of a type."""
    content = chunks(png)
    at = where(content, kind)
    return file([*content[:at], *inserted, *content[at:]])


def changed(png: bytes, kind: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The file with the data of the last chunk of a type changed."""
    content = chunks(png)
    at = where(content, kind, last=True)
    content[at] = kind, change(content[at][1])
    return file(content)


def without(png: bytes, kind: bytes) -> bytes:
    return file([one for one in chunks(png) if one[0] != kind])


def header(size: tuple[int, int], depth: int, colour_type: int, interlaced: bool = False) -> bytes:
    return struct.pack(">2I5B", *size, depth, colour_type, 0, 0, interlaced)


def rows(
    size: tuple[int, int], depth: int, colour_type: int, interlaced: bool = False, seed: int = 1
) -> bytes:
    """Rows of noise before compression, none of them filtered."""
    noise = random.Random(seed)
    width, height = size
    found = b""
    for left, top, across, down in ADAM7 if interlaced else ((0, 0, 1, 1),):
        columns = len(range(left, width, across))
        for _ in range(top, height, down) if columns else ():
            bits = columns * CHANNELS[colour_type] * depth
            found += b"\0" + noise.randbytes(-(-bits // 8))
    return found


def drawn(
    size: tuple[int, int], depth: int, colour_type: int, interlaced: bool = False, more: bytes = b""
) -> bytes:
    """Noise in any of the ways in which a PNG can hold it, and `more` bytes of rows."""
    data = zlib.compress(rows(size, depth, colour_type, interlaced) + more)
    palette = [(b"PLTE", bytes(range(256)) * 3)] if colour_type == PALETTE else []
    return file(
        [
            (b"IHDR", header(size, depth, colour_type, interlaced)),
            *((kind, colours[: 3 << depth]) for kind, colours in palette),
            (b"IDAT", data),
            (b"IEND", b""),
        ]
    )


def rgb() -> bytes:
    return encoded(scene(*SIZE), "PNG")


def grey() -> bytes:
    return encoded(scene(*SIZE).convert("L"), "PNG")


def bilevel() -> bytes:
    return encoded(scene(*SIZE).convert("1"), "PNG")


def with_alpha() -> bytes:
    picture = scene(*SIZE).convert("RGBA")
    picture.putalpha(scene(*SIZE, seed=2).convert("L"))
    return encoded(picture, "PNG")


def sixteen_bits() -> bytes:
    return drawn(SIZE, 16, RGB)


def interlaced() -> bytes:
    return drawn(SIZE, 8, RGB_ALPHA, interlaced=True)


def palette() -> bytes:
    return encoded(scene(*SIZE).quantize(16), "PNG", bits=4)


def small_palette() -> bytes:
    """A picture of five colours, which have four bits for themselves."""
    return encoded(scene(*SIZE).quantize(5), "PNG", bits=4)


def transparent_palette() -> bytes:
    return encoded(scene(*SIZE).quantize(16), "PNG", bits=4, transparency=bytes(range(0, 256, 17)))


def transparent_colour() -> bytes:
    return before(rgb(), b"IDAT", (b"tRNS", struct.pack(">3H", 10, 20, 30)))


def transparent_grey() -> bytes:
    return before(grey(), b"IDAT", (b"tRNS", b"\0\x50"))


def many_pieces() -> bytes:
    """The picture data in chunks of a hundred bytes."""
    content = chunks(rgb())
    at = where(content, b"IDAT")
    data = b"".join(data for kind, data in content if kind == b"IDAT")
    pieces = [(b"IDAT", data[n : n + 100]) for n in range(0, len(data), 100)]
    return file([*content[:at], *pieces, content[-1]])


def coloured() -> bytes:
    """A picture with every chunk about colours that may stand in one file."""
    bounds = struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
    mastering = struct.pack(">8H2I", 35400, 14600, 8500, 39850, 6550, 2300, 15635, 16450, 10**7, 1)
    return before(
        palette(),
        b"PLTE",
        (b"sBIT", b"\x08\x08\x08"),
        (b"gAMA", struct.pack(">I", 45455)),
        (b"cHRM", bounds),
        (b"sRGB", b"\0"),
        (b"cICP", b"\x09\x10\0\1"),
        (b"mDCV", mastering),
        (b"cLLI", struct.pack(">2I", 10**7, 4 * 10**6)),
    )


def with_background() -> bytes:
    return before(palette(), b"IDAT", (b"bKGD", b"\x0f"))


def plain_profile() -> bytes:
    profile = icc.plain(profiles.dated_today())
    assert profile
    return profile


def with_plain_profile() -> bytes:
    return before(rgb(), b"IDAT", (b"iCCP", b"ICC\0\0" + stored(plain_profile())))


def frames() -> list[Image.Image]:
    pictures = []
    for n in range(4):
        picture = scene(*SIZE).convert("RGBA")
        ImageDraw.Draw(picture).rectangle((n, n, n + 8, n + 5), fill=(n * 40, 200, 90, 160))
        pictures.append(picture)
    return pictures


def animated(**options: object) -> bytes:
    first, *rest = frames()
    return encoded(
        first,
        "PNG",
        save_all=True,
        append_images=rest,
        duration=[40, 80, 120, 160],
        loop=3,
        disposal=[0, 1, 2, 0],
        blend=[0, 1, 0, 1],
        **options,
    )


def animated_behind_another_picture() -> bytes:
    """An animation whose first picture is for programs that know no animations."""
    return animated(default_image=True)


def animated_in_many_pieces() -> bytes:
    """Every frame's data in chunks of fifty bytes."""
    content: Chunks = []
    for kind, data in chunks(animated()):
        if kind == b"fdAT":
            content += [(kind, data[:4] + data[n : n + 50]) for n in range(4, len(data), 50)]
        else:
            content.append((kind, data))
    return file(numbered(content))


def numbered(content: Chunks) -> Chunks:
    """The chunks of an animation, counted anew."""
    count = 0
    found: Chunks = []
    for kind, data in content:
        if kind in (b"fcTL", b"fdAT"):
            found.append((kind, count.to_bytes(4) + data[4:]))
            count += 1
        else:
            found.append((kind, data))
    return found


PICTURES: tuple[Builder, ...] = (
    rgb,
    grey,
    bilevel,
    with_alpha,
    sixteen_bits,
    interlaced,
    palette,
    small_palette,
    transparent_palette,
    transparent_colour,
    transparent_grey,
    many_pieces,
    coloured,
    with_background,
    with_plain_profile,
    animated,
    animated_behind_another_picture,
    animated_in_many_pieces,
)


def stored(data: bytes) -> bytes:
    """A zlib stream that is not compressed, so that what is in it can be found by its bytes."""
    return zlib.compress(data, 0)


def private_tiff(orientation: int = 1) -> bytes:
    return tiff(IFD0=[text(0x010F, CANARY.decode()), short("<", 0x0112, orientation)])


def raw_profile(name: bytes, payload: bytes) -> bytes:
    """A profile in hexadecimal digits, as ImageMagick writes it."""
    digits = payload.hex().encode()
    lines = [digits[n : n + 72] for n in range(0, len(digits), 72)]
    return b"\n" + name + b"\n" + b"%8d" % len(payload) + b"\n" + b"\n".join(lines) + b"\n"


def _inserted(kind: bytes, data: bytes, picture: Builder = rgb, at: bytes = b"IDAT") -> Builder:
    return lambda: before(picture(), at, (kind, data))


def data_behind_the_stream() -> bytes:
    return changed(many_pieces(), b"IDAT", lambda data: data + CANARY)


def chunks_behind_the_stream() -> bytes:
    return before(many_pieces(), b"IEND", (b"IDAT", CANARY), (b"IDAT", CANARY))


def data_behind_a_frame() -> bytes:
    return changed(animated(), b"fdAT", lambda data: data + CANARY)


def chunks_behind_a_frame() -> bytes:
    content = chunks(animated_in_many_pieces())
    at = where(content, b"fcTL", last=True)
    return file(numbered([*content[:at], (b"fdAT", bytes(4) + CANARY), *content[at:]]))


def picture_data_behind_the_frames() -> bytes:
    return before(animated(), b"IEND", (b"IDAT", CANARY))


def more_frames_than_promised() -> bytes:
    content = chunks(animated())
    data = stored(rows(SIZE, 8, RGB_ALPHA) + CANARY)
    fields = struct.pack(">5I2H2B", 0, *SIZE, 0, 0, 1, 10, 0, 0)
    hidden = [(b"fcTL", fields), (b"fdAT", bytes(4) + data)]
    return file(numbered([*content[:-1], *hidden, content[-1]]))


def frame_of_a_still_picture() -> bytes:
    fields = struct.pack(">5I2H2B", 0, *SIZE, 0, 0, 1, 10, 0, 0)
    return before(rgb(), b"IEND", (b"fcTL", fields), (b"fdAT", b"\0\0\0\1" + CANARY))


def animation_of_no_frames() -> bytes:
    return before(rgb(), b"IEND", (b"acTL", b"\0\0\0\1\0\0\0\0" + CANARY))


def data_in_the_end() -> bytes:
    return changed(rgb(), b"IEND", lambda _: CANARY)


def bytes_after_the_end() -> bytes:
    return rgb() + CANARY


def bytes_instead_of_the_end() -> bytes:
    return rgb().removesuffix(chunk(b"IEND", b"")) + CANARY


def jpeg_after_the_end() -> bytes:
    return rgb() + b"\xff\xd8\xff\xe0" + CANARY


def png_after_the_end() -> bytes:
    return rgb() + before(rgb(), b"IDAT", (b"tEXt", CANARY))


def remains_of_a_longer_file() -> bytes:
    """A cropped screenshot, written over the file without cutting that (CVE-2023-21036)."""
    longer = before(encoded(scene(80, 60), "PNG"), b"IEND", (b"tEXt", CANARY))
    return rgb() + longer[len(rgb()) :]


def profile_of_a_monitor() -> bytes:
    profile = profiles.of_a_monitor("A monitor", CANARY.decode())
    return before(rgb(), b"IDAT", (b"iCCP", b"icc\0\0" + stored(profile)))


def named_profile() -> bytes:
    return before(rgb(), b"IDAT", (b"iCCP", CANARY + b"\0\0" + stored(plain_profile())))


def data_behind_the_profile() -> bytes:
    data = b"ICC\0\0" + stored(plain_profile())
    return before(rgb(), b"IDAT", (b"iCCP", data + CANARY))


def colours_behind_the_palette() -> bytes:
    return changed(palette(), b"PLTE", lambda data: data + CANARY)


def second_profile() -> bytes:
    return before(with_plain_profile(), b"IDAT", (b"iCCP", CANARY + b"\0\0" + stored(CANARY)))


PLACES: dict[str, tuple[Builder, str]] = {
    "text": (_inserted(b"tEXt", b"Author\0" + CANARY), "text"),
    "text behind the picture": (
        _inserted(b"tEXt", b"prompt\0" + CANARY, at=b"IEND"),
        "text",
    ),
    "text without a keyword": (_inserted(b"tEXt", CANARY), "text"),
    "compressed text": (_inserted(b"zTXt", b"Title\0\0" + stored(CANARY)), "text"),
    "data behind a compressed text": (
        _inserted(b"zTXt", b"Title\0\0" + stored(b"something") + CANARY),
        "unknown",
    ),
    "text in a language": (_inserted(b"iTXt", b"Title\0\0\0en\0Title\0" + CANARY), "text"),
    "translated keyword": (_inserted(b"iTXt", b"Title\0\0\0en\0" + CANARY + b"\0text"), "text"),
    "compressed text in a language": (
        _inserted(b"iTXt", b"Title\0\1\0en\0Title\0" + stored(CANARY)),
        "text",
    ),
    "XMP": (_inserted(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta>" + CANARY), "xmp"),
    "EXIF as text": (
        _inserted(
            b"zTXt",
            b"Raw profile type exif\0\0"
            + stored(raw_profile(b"exif", b"Exif\0\0" + private_tiff()) + CANARY.hex().encode()),
        ),
        "exif",
    ),
    "XMP as text": (
        _inserted(
            b"tEXt",
            b"Raw profile type APP1\0"
            + raw_profile(b"generic", b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + CANARY),
        ),
        "xmp",
    ),
    "IPTC as text": (
        _inserted(b"tEXt", b"Raw profile type iptc\0" + raw_profile(b"iptc", b"\x1c\2" + CANARY)),
        "iptc",
    ),
    "Photoshop resources as text": (
        _inserted(b"tEXt", b"Raw profile type 8bim\0" + raw_profile(b"8bim", b"8BIM" + CANARY)),
        "photoshop",
    ),
    "EXIF": (_inserted(b"eXIf", private_tiff()), "exif"),
    "EXIF with a prefix": (_inserted(b"eXIf", b"Exif\0\0" + private_tiff()), "exif"),
    "EXIF behind the picture": (_inserted(b"eXIf", private_tiff(), at=b"IEND"), "exif"),
    "EXIF of an animation": (_inserted(b"eXIf", private_tiff(), animated), "exif"),
    "time": (_inserted(b"tIME", CANARY), "time"),
    "density": (_inserted(b"pHYs", struct.pack(">2IB", 1, 1, 1) + CANARY), "unknown"),
    "C2PA": (_inserted(b"caBX", b"jumbc2pa" + CANARY), "c2pa"),
    "suggested colours": (_inserted(b"sPLT", CANARY), "segment"),
    "suggested palette": (_inserted(b"PLTE", CANARY), "segment"),
    "palette of a grey picture": (_inserted(b"PLTE", CANARY, grey), "segment"),
    "palette behind the picture": (
        _inserted(b"PLTE", CANARY, palette, at=b"IEND"),
        "segment",
    ),
    "histogram": (_inserted(b"hIST", CANARY, palette), "segment"),
    "hints of an Apple device": (_inserted(b"iDOT", CANARY), "segment"),
    "page size": (_inserted(b"vpAg", CANARY), "segment"),
    "private chunk": (_inserted(b"caNa", CANARY), "unknown"),
    "private chunk behind the picture": (
        _inserted(b"caNa", CANARY, at=b"IEND"),
        "unknown",
    ),
    "critical chunk behind the picture": (
        _inserted(b"CANA", CANARY, at=b"IEND"),
        "unknown",
    ),
    "private chunk before a frame": (_inserted(b"caNa", CANARY, animated, at=b"fcTL"), "unknown"),
    "private chunk behind the first frame": (
        lambda: file(_between_frames((b"caNa", CANARY))),
        "unknown",
    ),
    "profile of a monitor": (profile_of_a_monitor, "icc"),
    "named profile": (named_profile, "text"),
    "data behind the profile": (data_behind_the_profile, "unknown"),
    "second profile": (second_profile, "text"),
    "profile that is none": (
        _inserted(b"iCCP", b"ICC\0\0" + stored(CANARY)),
        "icc",
    ),
    "profile behind the palette": (
        _inserted(b"iCCP", b"ICC\0\0" + stored(CANARY), palette),
        "icc",
    ),
    "gamma behind the palette": (
        _inserted(b"gAMA", struct.pack(">I", 45455) + CANARY, palette),
        "unknown",
    ),
    "long gamma": (_inserted(b"gAMA", struct.pack(">I", 45455) + CANARY), "unknown"),
    "second gamma": (
        lambda: before(rgb(), b"IDAT", (b"gAMA", b"\0\0\xb1\x8f"), (b"gAMA", CANARY)),
        "unknown",
    ),
    "impossible chromaticities": (_inserted(b"cHRM", (CANARY * 2)[:32]), "unknown"),
    "impossible mastering": (_inserted(b"mDCV", CANARY + b"..."), "unknown"),
    "impossible light levels": (_inserted(b"cLLI", CANARY[:8]), "unknown"),
    "long intent": (_inserted(b"sRGB", b"\0" + CANARY), "unknown"),
    "long code points": (_inserted(b"cICP", b"\1\r\0\1" + CANARY), "unknown"),
    "long significant bits": (_inserted(b"sBIT", b"\x08\x08\x08" + CANARY), "unknown"),
    "long background": (_inserted(b"bKGD", bytes(6) + CANARY), "unknown"),
    "background of another depth": (_inserted(b"bKGD", CANARY[:6]), "unknown"),
    "colours behind the palette": (colours_behind_the_palette, "unknown"),
    "transparency behind the palette": (
        lambda: changed(transparent_palette(), b"tRNS", lambda data: data + CANARY),
        "unknown",
    ),
    "transparency behind a colour": (
        lambda: changed(transparent_colour(), b"tRNS", lambda data: data + CANARY),
        "unknown",
    ),
    "transparency of a picture with alpha": (
        _inserted(b"tRNS", CANARY, with_alpha),
        "unknown",
    ),
    "data behind the stream": (data_behind_the_stream, "unknown"),
    "chunks behind the stream": (chunks_behind_the_stream, "unknown"),
    "data behind a frame": (data_behind_a_frame, "unknown"),
    "chunks behind a frame": (chunks_behind_a_frame, "unknown"),
    "picture data behind the frames": (picture_data_behind_the_frames, "unknown"),
    "more frames than promised": (more_frames_than_promised, "unknown"),
    "frame of a still picture": (frame_of_a_still_picture, "unknown"),
    "animation control behind the picture": (animation_of_no_frames, "unknown"),
    "data in the end": (data_in_the_end, "unknown"),
    "bytes after the end": (bytes_after_the_end, "trailer"),
    "bytes instead of the end": (bytes_instead_of_the_end, "trailer"),
    "JPEG after the end": (jpeg_after_the_end, "trailer"),
    "PNG after the end": (png_after_the_end, "trailer"),
    "remains of a longer file": (remains_of_a_longer_file, "cropped"),
}
"""Hiding place -> the file, and the language in which its secret is handed to the readers."""


def _between_frames(*inserted: tuple[bytes, bytes]) -> Chunks:
    content = chunks(animated())
    at = where(content, b"fcTL", last=True)
    return [*content[:at], *inserted, *content[at:]]


def _amid(png: bytes, kind: bytes, *inserted: tuple[bytes, bytes]) -> bytes:
    """The file with chunks between two chunks of one stream."""
    content = chunks(png)
    at = where(content, kind) + 1
    return file([*content[:at], *inserted, *content[at:]])


def _unsound(kind: bytes, data: bytes) -> bytes:
    at = rgb().index(b"IDAT") - 4
    return rgb()[:at] + unsound(kind, data) + rgb()[at:]


CONTRADICTIONS: dict[str, tuple[Builder, Builder]] = {
    "text amid the picture data": (
        lambda: _amid(many_pieces(), b"IDAT", (b"tEXt", b"Author\0" + CANARY)),
        many_pieces,
    ),
    "EXIF amid the picture data": (
        lambda: _amid(many_pieces(), b"IDAT", (b"eXIf", private_tiff(6))),
        many_pieces,
    ),
    "private chunk amid the picture data": (
        lambda: _amid(many_pieces(), b"IDAT", (b"caNa", CANARY)),
        many_pieces,
    ),
    "private chunk amid a frame": (
        lambda: _amid(animated_in_many_pieces(), b"fdAT", (b"caNa", CANARY)),
        animated_in_many_pieces,
    ),
    "damaged text": (lambda: _unsound(b"tEXt", b"Author\0" + CANARY), rgb),
    "damaged EXIF": (lambda: _unsound(b"eXIf", private_tiff(6)), rgb),
    "damaged gamma": (lambda: _unsound(b"gAMA", b"\0\0\xb1\x8f") + CANARY, rgb),
    "damaged profile": (
        lambda: _unsound(b"iCCP", b"ICC\0\0" + stored(plain_profile())) + CANARY,
        rgb,
    ),
    "second EXIF": (
        lambda: before(rgb(), b"IDAT", (b"eXIf", private_tiff()), (b"eXIf", private_tiff(6))),
        rgb,
    ),
    "second transparency": (
        lambda: before(transparent_palette(), b"IDAT", (b"tRNS", CANARY)),
        transparent_palette,
    ),
    "transparency before the palette": (_inserted(b"tRNS", CANARY[:16], palette, b"PLTE"), palette),
    "transparency behind the picture": (_inserted(b"tRNS", CANARY[:16], palette, b"IEND"), palette),
    "short transparency": (
        lambda: before(rgb(), b"IDAT", (b"tRNS", CANARY[:5])) + CANARY,
        rgb,
    ),
    "empty animation": (
        lambda: before(rgb(), b"IDAT", (b"acTL", bytes(4) + CANARY[:4]), (b"tEXt", CANARY)),
        rgb,
    ),
}
"""More hiding places: files that Pillow refuses or sees otherwise, and the picture in them."""
