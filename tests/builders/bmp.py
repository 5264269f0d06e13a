"""BMP files, each with a secret in one hiding place."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Sequence

import msgspec
from PIL import Image, ImageCms

CANARY = b"CANARY-0451-was-here!"
SIZE = (37, 20)
"""Rows of so many pixels are filled up at 1, 4, 8 and 24 bits."""

CORE, INFO, MASKS_2, MASKS_3, OS2, V4, V5 = 12, 40, 52, 56, 64, 108, 124
PLAIN, RLE8, RLE4, MASKED, JPEG = 0, 1, 2, 3, 4
SRGB, WINDOWS, LINKED, EMBEDDED = b"BGRs", b" niW", b"KNIL", b"DEBM"


class Bitmap(msgspec.Struct):
    """A bitmap to be written. `tail` is what the header has behind its first forty bytes."""

    bits: int
    rows: bytes
    kind: int = INFO
    palette: bytes = b""
    compression: int = PLAIN
    height: int = SIZE[1]
    width: int = SIZE[0]
    tail: bytes = b""
    masks: bytes = b""
    gap: bytes = b""
    behind: bytes = b""
    colours: int = 0
    reserved: bytes = bytes(4)
    density: tuple[int, int] = (0, 0)
    image_size: int | None = None

    def but(self, **changes: object) -> Bitmap:
        return msgspec.structs.replace(self, **changes)

    @property
    def start(self) -> int:
        """Where the rows begin."""
        return 14 + self.kind + len(self.masks) + len(self.palette) + len(self.gap)

    def file(self) -> bytes:
        if self.kind == CORE:
            header = struct.pack("<IHHHH", CORE, self.width, self.height, 1, self.bits)
        else:
            size = len(self.rows) if self.image_size is None else self.image_size
            header = struct.pack(
                "<IiiHHIIiiII",
                self.kind,
                self.width,
                self.height,
                1,
                self.bits,
                self.compression,
                size,
                *self.density,
                self.colours,
                0,
            ) + self.tail.ljust(self.kind - INFO, b"\0")
        body = header + self.masks + self.palette + self.gap + self.rows + self.behind
        return struct.pack("<2sI4sI", b"BM", 14 + len(body), self.reserved, self.start) + body


def scene(mode: str = "RGB", seed: int = 1) -> Image.Image:
    small = Image.frombytes("RGB", (5, 4), random.Random(seed).randbytes(60))
    picture = small.resize(SIZE, Image.Resampling.BICUBIC)
    return picture.quantize(16) if mode == "P" else picture.convert(mode)


def rows_of(pixels: Sequence[bytes], filling: bytes = b"") -> bytes:
    """Rows from the lowest up, each filled up to a multiple of four, with zeros after `filling`."""
    rows = b""
    for row in reversed(pixels):
        spare = -len(row) % 4
        rows += row + filling[:spare].ljust(spare, b"\0")
        filling = filling[spare:]
    return rows


def _lines(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def colours(count: int = 16, size: int = 4, unused: int = 0) -> bytes:
    shades = random.Random(3)
    return b"".join(shades.randbytes(3) + bytes((unused,)) * (size - 3) for _ in range(count))


def true_colour(filling: bytes = b"") -> Bitmap:
    picture = scene()
    blue_first = Image.merge("RGB", picture.split()[::-1]).tobytes()
    return Bitmap(24, rows_of(_lines(blue_first, 3 * SIZE[0]), filling))


def eight_bits() -> Bitmap:
    rows = rows_of(_lines(scene("P").tobytes(), SIZE[0]))
    return Bitmap(8, rows, palette=colours(16), colours=16)


def grey() -> Bitmap:
    shades = b"".join(bytes((n, n, n, 0)) for n in range(256))
    return Bitmap(8, rows_of(_lines(scene("L").tobytes(), SIZE[0])), palette=shades)


def four_bits() -> Bitmap:
    lines = [line + b"\0" for line in _lines(scene("P").tobytes(), SIZE[0])]
    packed = [
        bytes(left << 4 | right for left, right in zip(line[::2], line[1::2], strict=True))
        for line in lines
    ]
    return Bitmap(4, rows_of(packed), palette=colours(16))


def one_bit() -> Bitmap:
    lines = _lines(scene("1").tobytes(), (SIZE[0] + 7) // 8)
    return Bitmap(1, rows_of(lines), palette=colours(2))


def sixteen_bits(spare: int = 0) -> Bitmap:
    """Five bits for each colour, and one to spare."""
    pixels = bytearray(random.Random(4).randbytes(2 * 37 * 20))
    pixels[1::2] = bytes(byte & 0x7F | spare for byte in pixels[1::2])
    return Bitmap(16, rows_of(_lines(bytes(pixels), 74)))


def masked() -> Bitmap:
    masks = struct.pack("<III", 0xF800, 0x7E0, 0x1F)
    return sixteen_bits(0x80).but(compression=MASKED, masks=masks)


def thirty_two_bits(spare: bytes = b"") -> Bitmap:
    """Three bytes of colour and one that viewers pass over: those of `spare`, and zeros."""
    pixels = bytearray(random.Random(5).randbytes(4 * 37 * 20))
    pixels[3::4] = spare.ljust(37 * 20, b"\0")
    return Bitmap(32, bytes(pixels))


def with_alpha(kind: int = V4) -> Bitmap:
    masks = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    tail = masks + (SRGB if kind >= V4 else b"")
    alpha = random.Random(6).randbytes(37 * 20)
    return thirty_two_bits(alpha).but(kind=kind, compression=MASKED, tail=tail)


def calibrated() -> Bitmap:
    """Colours as they are in sRGB, told in numbers."""
    points = [0.64, 0.33, 0.03, 0.3, 0.6, 0.1, 0.15, 0.06, 0.79]
    numbers = [int(one * 65536) << 14 for one in points] + [int(2.2 * 4096) << 4] * 3
    return true_colour().but(kind=V4, tail=bytes(20) + struct.pack("<12I", *numbers))


def os2() -> Bitmap:
    return eight_bits().but(kind=CORE, palette=colours(256, 3), colours=0)


def os2_second() -> Bitmap:
    return true_colour().but(kind=OS2)


def top_down() -> Bitmap:
    return true_colour().but(height=-SIZE[1])


def run_length() -> Bitmap:
    """Rows of runs, of pixels one by one, and of leaps."""
    rows = b""
    for number, line in enumerate(reversed(_lines(scene("P").tobytes(), SIZE[0]))):
        if number == 4:
            rows += b"\0\2\5\0\x20\3"  # five pixels are left out, and 32 alike
        elif number % 2:
            rows += b"".join(bytes((1, pixel)) for pixel in line)
        else:
            rows += bytes((0, len(line))) + line + bytes(len(line) % 2)
        rows += b"\0\0"
    return eight_bits().but(compression=RLE8, rows=rows + b"\0\1")


def run_length_4() -> Bitmap:
    rows = b""
    for line in reversed(_lines(scene("P").tobytes(), SIZE[0])):
        rows += b"".join(bytes((1, pixel << 4)) for pixel in line[:21])
        pairs = zip(line[21::2], line[22::2], strict=True)
        packed = bytes(left << 4 | right for left, right in pairs)
        rows += bytes((0, 16)) + packed + bytes(len(packed) % 2) + b"\0\0"
    return four_bits().but(compression=RLE4, rows=rows + b"\0\1")


def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def profiled(data: bytes | None = None, space: bytes = EMBEDDED, kind: int = V5) -> Bitmap:
    data = profile() if data is None else data
    made = true_colour().but(kind=kind, behind=data)
    place = made.start - 14 + len(made.rows)
    fields = struct.pack("<IIII", 4, place, len(data), 0)
    return made.but(tail=bytes(16) + space + bytes(48) + fields)


def profile_before_the_rows() -> bytes:
    made = profiled()
    early = made.but(gap=made.behind, behind=b"")
    place = struct.pack("<I", early.start - 14 - len(early.gap))
    return early.but(tail=made.tail[:72] + place + made.tail[76:]).file()


PICTURES: dict[str, Callable[[], Bitmap]] = {
    build.__name__.replace("_", " "): build
    for build in (
        true_colour,
        calibrated,
        eight_bits,
        grey,
        four_bits,
        one_bit,
        sixteen_bits,
        masked,
        thirty_two_bits,
        with_alpha,
        os2,
        os2_second,
        top_down,
        run_length,
        run_length_4,
    )
}
"""Bitmaps that say nothing but what they show."""


def ends_of_rows() -> bytes:
    """One byte behind each row of 111."""
    return true_colour(CANARY).file()


def unused_byte_of_each_colour() -> bytes:
    palette = bytearray(colours(256))
    palette[3::4] = CANARY.ljust(256, b"\0")
    return eight_bits().but(palette=bytes(palette), colours=0).file()


def colours_that_true_colour_does_not_need() -> bytes:
    return true_colour().but(palette=CANARY.ljust(24, b"\0"), colours=6).file()


def colours_beyond_those_in_use() -> bytes:
    return eight_bits().but(gap=CANARY * 2).file()


def linked_profile() -> bytes:
    return profiled(b"C:\\Users\\" + CANARY + b"\0", LINKED).file()


def masks_that_nobody_uses() -> bytes:
    return true_colour().but(kind=V4, tail=CANARY[:16] + SRGB).file()


def end_points_that_nobody_uses() -> bytes:
    return true_colour().but(kind=V4, tail=bytes(16) + SRGB + CANARY + bytes(27)).file()


def end_points_that_no_screen_has() -> bytes:
    return true_colour().but(kind=V4, tail=bytes(20) + CANARY + bytes(27)).file()


def low_bits_of_end_points() -> bytes:
    """Numbers that are small enough, with two bytes in each that make no difference."""
    words = [CANARY[at : at + 2] + b"\1\2" for at in range(0, 18, 2)]
    return true_colour().but(kind=V4, tail=bytes(20) + b"".join(words) + bytes(12)).file()


def columns_beyond_the_edge() -> Bitmap:
    """Run-length codes of a picture from which somebody has cropped all but a few columns."""
    return run_length().but(width=10)


HIDING_PLACES: dict[str, Callable[[], bytes]] = {
    build.__name__.replace("_", " "): build
    for build in (
        ends_of_rows,
        unused_byte_of_each_colour,
        colours_that_true_colour_does_not_need,
        colours_beyond_those_in_use,
        linked_profile,
        masks_that_nobody_uses,
        end_points_that_nobody_uses,
        end_points_that_no_screen_has,
    )
} | {
    "gap": lambda: true_colour().but(gap=CANARY).file(),
    "gap before a mask": lambda: masked().but(gap=CANARY).file(),
    "trailer": lambda: true_colour().but(behind=CANARY).file(),
    "JPEG behind the end": lambda: true_colour().but(behind=b"\xff\xd8\xff" + CANARY).file(),
    "behind the end code": lambda: (
        run_length().but(rows=run_length().rows + CANARY, behind=CANARY).file()
    ),
    "unusable profile": lambda: profiled(CANARY).file(),
    "bytes behind the profile": lambda: profiled(profile() + CANARY).file(),
    "bytes behind the profile's place": lambda: profiled().but(behind=profile() + CANARY).file(),
    "header of OS/2": lambda: true_colour().but(kind=OS2, tail=CANARY).file(),
}
