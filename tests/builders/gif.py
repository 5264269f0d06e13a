"""GIF files, each with a secret in one hiding place."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence

from PIL import Image

CANARY = b"CANARY-0451-was-here"
"""Without the bytes that begin a block in a GIF: '!', ',' and ';'."""

XMP_MAGIC = bytes([1, *range(255, -1, -1), 0])


def scene(size: tuple[int, int] = (40, 30), seed: int = 1) -> Image.Image:
    random_bytes = random.Random(seed).randbytes(5 * 4 * 3)
    return Image.frombytes("RGB", (5, 4), random_bytes).resize(size, Image.Resampling.BICUBIC)


def encoded(picture: Image.Image, **options: object) -> bytes:
    """What Pillow writes, with colours in eight bits, of which most programs tell and it does not."""
    written = io.BytesIO()
    picture.save(written, "GIF", **options)
    data = written.getvalue()
    return data[:10] + bytes([data[10] | 0x70]) + data[11:]


def still() -> bytes:
    return encoded(scene().quantize(64))


def interlaced() -> bytes:
    return encoded(scene().quantize(256), interlace=True)


def not_interlaced() -> bytes:
    return encoded(scene().quantize(4), interlace=False)


def two_colours() -> bytes:
    return encoded(scene().convert("1"))


def grey() -> bytes:
    return encoded(scene().convert("L"))


def long_data() -> bytes:
    """A picture whose code table fills up and is cleared many times over."""
    noise = Image.frombytes("L", (200, 150), random.Random(3).randbytes(200 * 150))
    return encoded(noise)


def transparent() -> bytes:
    return encoded(scene().quantize(16), transparency=3)


def animated() -> bytes:
    """Frames with palettes of their own, transparency, and different durations and disposals."""
    first, *rest = (scene(seed=seed).quantize(32) for seed in range(4))
    return encoded(
        first,
        save_all=True,
        append_images=rest,
        duration=[40, 80, 120, 160],
        disposal=[0, 1, 2, 3],
        loop=3,
        transparency=0,
        optimize=False,
    )


def animated_forever() -> bytes:
    first, *rest = (scene(seed=seed).quantize(256) for seed in range(3))
    return encoded(first, save_all=True, append_images=rest, duration=100, loop=0)


CLEAN_PICTURES: tuple[Callable[[], bytes], ...] = (
    still,
    interlaced,
    not_interlaced,
    two_colours,
    grey,
    long_data,
    transparent,
    animated,
    animated_forever,
)


def sub_blocks(data: bytes, size: int = 255) -> bytes:
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    return b"".join(bytes([len(piece)]) + piece for piece in pieces) + b"\0"


def extension(label: int, data: bytes) -> bytes:
    return bytes([0x21, label]) + sub_blocks(data)


def application(name: bytes, data: bytes) -> bytes:
    return bytes([0x21, 0xFF, len(name)]) + name + sub_blocks(data)


def control(delay: int = 7, flags: int = 0, colour: int = 0) -> bytes:
    return extension(0xF9, bytes([flags]) + delay.to_bytes(2, "little") + bytes([colour]))


def pieces(gif: bytes) -> list[bytes]:
    """A well-formed file in its blocks: the head with the common colours, each block, the end."""
    start = 13 + (6 << (gif[10] & 7) if gif[10] & 0x80 else 0)
    found = [gif[:start]]
    while gif[start] != 0x3B:
        at = start + 2
        if gif[start] == 0x2C:
            at = start + 11 + (6 << (gif[start + 9] & 7) if gif[start + 9] & 0x80 else 0)
        while gif[at]:
            at += 1 + gif[at]
        found.append(gif[start : at + 1])
        start = at + 1
    return [*found, gif[start:]]


def with_block(gif: bytes, block: bytes, position: int = 1) -> bytes:
    found = pieces(gif)
    found.insert(position, block)
    return b"".join(found)


def _with_pictures(gif: bytes, change: Callable[[bytes], bytes]) -> bytes:
    return b"".join(change(one) if one[:1] == b"," else one for one in pieces(gif))


def uncompressed(
    end: Sequence[int] = (257,), behind: bytes = b"", *, pixels: int = 16, size: int = 255
) -> bytes:
    """A picture of 4 by 4 pixels in 9-bit codes, the codes that end it, and bytes behind them."""
    data = _packed([256, *range(pixels), *end], 9) + behind
    colours = bytes(range(256)) * 3
    head = b"GIF89a\4\0\4\0\xf7\0\0" + colours + b",\0\0\0\0\4\0\4\0\0\x08"
    return head + sub_blocks(data, size) + b";"


def _packed(codes: Sequence[int], width: int) -> bytes:
    bits = sum(code << (width * at) for at, code in enumerate(codes))
    return bits.to_bytes((width * len(codes) + 7) // 8, "little")


FOUR_COLOURS = bytes(range(100, 112))
UNSEEN_COLOURS = (CANARY * 40)[: 3 * 252]


def four_colours(
    common: bytes = FOUR_COLOURS,
    own: bytes = b"",
    *,
    before: bytes = b"",
    place: tuple[int, int] = (0, 0),
    background: int = 0,
) -> bytes:
    """A picture of 4 by 4 pixels in four colours on a screen of that size, in 3-bit codes."""
    screen = b"\4\0\4\0" + bytes([_table_bits(common) | 0x70, background, 0])
    return b"GIF89a" + screen + common + before + square(own, place) + b";"


def square(own: bytes = b"", place: tuple[int, int] = (0, 0)) -> bytes:
    """The block of a picture of 4 by 4 pixels, and its own colours if it has some."""
    codes = [code for _ in range(8) for code in (4, 1, 2)]
    at = b"".join(side.to_bytes(2, "little") for side in (*place, 4, 4))
    return b"," + at + bytes([_table_bits(own)]) + own + b"\2" + sub_blocks(_packed([*codes, 5], 3))


def _table_bits(table: bytes) -> int:
    return 0x80 | (len(table) // 3).bit_length() - 2 if table else 0


def comment() -> bytes:
    return with_block(still(), extension(0xFE, CANARY))


def comment_before_the_end() -> bytes:
    return with_block(still(), extension(0xFE, CANARY), -1)


def comments_between_frames() -> bytes:
    found = pieces(animated())
    return b"".join(one + extension(0xFE, CANARY * 30) for one in found[:-1]) + found[-1]


def plain_text() -> bytes:
    block = b"\x21\x01\x0c" + bytes(8) + b"\4\4\1\0" + sub_blocks(CANARY)
    return with_block(still(), block)


def plain_text_with_its_control() -> bytes:
    block = b"\x21\x01\x0c" + bytes(8) + b"\4\4\1\0" + sub_blocks(CANARY)
    return with_block(still(), control() + block, -1)


def xmp() -> bytes:
    data = b"<x:xmpmeta>" + CANARY + b"</x:xmpmeta>"
    return with_block(still(), b"\x21\xff\x0bXMP DataXMP" + data + XMP_MAGIC)


def xmp_in_sub_blocks() -> bytes:
    return with_block(still(), application(b"XMP DataXMP", CANARY))


def icc_profile() -> bytes:
    return with_block(still(), application(b"ICCRGBG1012", CANARY))


def application_extension() -> bytes:
    return with_block(still(), application(b"MGK8BIM0000", CANARY))


def application_extension_with_long_name() -> bytes:
    return with_block(still(), application(CANARY, b"x"))


def application_name() -> bytes:
    return with_block(still(), application(CANARY[:11], b""))


def data_in_a_loop_extension() -> bytes:
    return with_block(still(), application(b"NETSCAPE2.0", b"\2" + CANARY))


def data_behind_the_loop_count() -> bytes:
    return with_block(still(), b"\x21\xff\x0bNETSCAPE2.0\3\1\5\0" + sub_blocks(CANARY))


def data_in_the_loop_count_block() -> bytes:
    return with_block(still(), b"\x21\xff\x0bNETSCAPE2.0" + sub_blocks(b"\1\5\0" + CANARY))


def data_behind_a_graphic_control() -> bytes:
    return with_block(still(), b"\x21\xf9\4\0\7\0\0" + sub_blocks(CANARY), -1)


def data_in_a_graphic_control() -> bytes:
    return with_block(still(), extension(0xF9, b"\0\7\0\0" + CANARY), -1)


def unknown_extension() -> bytes:
    return with_block(still(), extension(0x42, CANARY))


def comment_behind_stray_bytes() -> bytes:
    return with_block(still(), b"\0" + extension(0xFE, CANARY), -1)


def stray_bytes_before_the_end() -> bytes:
    return with_block(animated(), b"\0\0" + CANARY, -1)


def bytes_after_the_end() -> bytes:
    return still() + CANARY


def bytes_after_an_animation() -> bytes:
    return animated() + CANARY


def jpeg_after_the_end() -> bytes:
    return still() + b"\xff\xd8\xff\xe0" + CANARY


def blocks_behind_the_end_code() -> bytes:
    return _with_pictures(animated(), lambda one: one[:-1] + sub_blocks(CANARY * 30))


def data_behind_the_end_code_in_its_block() -> bytes:
    return uncompressed(behind=CANARY)


def data_behind_the_end_code_in_small_blocks() -> bytes:
    return uncompressed(behind=CANARY, size=1)


def blocks_behind_the_last_pixel() -> bytes:
    return uncompressed((), b"\xff" + CANARY, size=20)


def data_behind_the_last_pixel_in_its_block() -> bytes:
    return uncompressed((), b"\xff" + CANARY)


def data_behind_an_early_end_code() -> bytes:
    return uncompressed(behind=CANARY, pixels=9)


def colours_beyond_the_codes_of_all_pictures() -> bytes:
    return four_colours(FOUR_COLOURS + UNSEEN_COLOURS)


def colours_beyond_the_codes_of_their_picture() -> bytes:
    return four_colours(b"", FOUR_COLOURS + UNSEEN_COLOURS)


def common_colours_that_no_picture_uses() -> bytes:
    return four_colours(FOUR_COLOURS + UNSEEN_COLOURS, own=FOUR_COLOURS)


IN_TABLES: tuple[Callable[[], bytes], ...] = (
    colours_beyond_the_codes_of_all_pictures,
    colours_beyond_the_codes_of_their_picture,
    common_colours_that_no_picture_uses,
)
"""Hiding places in tables whose size stays."""

HIDING_PLACES: tuple[Callable[[], bytes], ...] = (
    comment,
    comment_before_the_end,
    comments_between_frames,
    plain_text,
    plain_text_with_its_control,
    xmp,
    xmp_in_sub_blocks,
    icc_profile,
    application_extension,
    application_extension_with_long_name,
    application_name,
    data_in_a_loop_extension,
    data_behind_the_loop_count,
    data_in_the_loop_count_block,
    data_behind_a_graphic_control,
    data_in_a_graphic_control,
    unknown_extension,
    comment_behind_stray_bytes,
    stray_bytes_before_the_end,
    bytes_after_the_end,
    bytes_after_an_animation,
    jpeg_after_the_end,
    blocks_behind_the_end_code,
    data_behind_the_end_code_in_its_block,
    data_behind_the_end_code_in_small_blocks,
    blocks_behind_the_last_pixel,
    data_behind_the_last_pixel_in_its_block,
    *IN_TABLES,
)


def picture_behind_stray_bytes() -> bytes:
    return with_block(animated(), CANARY, 4)


def first_picture_behind_stray_bytes() -> bytes:
    return with_block(still(), CANARY)


def picture_behind_stray_bytes_and_a_comment() -> bytes:
    return with_block(animated(), b"\0" + extension(0xFE, CANARY), 4)


def picture_behind_a_long_graphic_control() -> bytes:
    return with_block(still(), extension(0xF9, b"\0\7\0\0" + CANARY))


def picture_behind_a_graphic_control_of_two_blocks() -> bytes:
    return with_block(still(), b"\x21\xf9\4\0\7\0\0" + sub_blocks(CANARY))


def picture_behind_a_short_graphic_control() -> bytes:
    return with_block(still(), extension(0xF9, b"\0\7\0"))


DISPUTED: tuple[Callable[[], bytes], ...] = (
    picture_behind_stray_bytes,
    first_picture_behind_stray_bytes,
    picture_behind_stray_bytes_and_a_comment,
    picture_behind_a_long_graphic_control,
    picture_behind_a_graphic_control_of_two_blocks,
    picture_behind_a_short_graphic_control,
)
"""Files of which some viewers show less than others."""
