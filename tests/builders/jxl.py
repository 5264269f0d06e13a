"""JPEG XL files, each with a secret in one hiding place."""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable

from tests.builders.webp import CANARY, private_tiff

SIGNATURE = b"\0\0\0\x0cJXL \r\n\x87\n"
FILE_TYPE = b"\0\0\0\x14ftypjxl \0\0\0\0jxl "


def codestream() -> bytes:
    """Eight by eight pixels, red but for one."""
    return base64.b64decode("/wpBQEBxIQgCAQB8AEsYixXCETJvBd4vEAKAQd5sF+9mIwUAkAIKAAAAAAA=")


def animated_codestream() -> bytes:
    return base64.b64decode(
        "/wpBBAFYUFwSCAigAgAAZABLGIsVwkkC5gUkABjyqRwLAwAAAAAAAAAACAigQgAAWABLGIsVwkmC5QUkABC3MAAAAAAAAAAA"
    )


def box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", 8 + len(data)) + kind + data


def long_box(kind: bytes, data: bytes) -> bytes:
    return b"\0\0\0\1" + kind + struct.pack(">Q", 16 + len(data)) + data


def open_ended_box(kind: bytes, data: bytes) -> bytes:
    return b"\0\0\0\0" + kind + data


def picture(stream: bytes | None = None) -> bytes:
    return box(b"jxlc", codestream() if stream is None else stream)


def piece(number: int, data: bytes, *, last: bool = False) -> bytes:
    return box(b"jxlp", struct.pack(">I", number | last << 31) + data)


def file(*boxes: bytes) -> bytes:
    return SIGNATURE + FILE_TYPE + b"".join(boxes)


def container() -> bytes:
    return file(picture())


def container_of_an_animation() -> bytes:
    return file(picture(animated_codestream()))


def with_level() -> bytes:
    return file(box(b"jxll", b"\x0a"), picture())


def in_pieces(*between: bytes) -> bytes:
    stream = codestream()
    pieces = piece(0, stream[:1]), piece(1, stream[1:20]), piece(2, stream[20:], last=True)
    return file(pieces[0], *between, *pieces[1:])


CLEAN_PICTURES: tuple[Callable[[], bytes], ...] = (
    codestream,
    animated_codestream,
    container,
    container_of_an_animation,
    with_level,
)


def exif_box() -> bytes:
    return file(picture(), box(b"Exif", b"\0\0\0\0" + private_tiff(6)))


def exif_box_with_an_offset() -> bytes:
    return file(box(b"Exif", b"\0\0\0\6Exif\0\0" + private_tiff(6)), picture())


def exif_box_with_a_long_size() -> bytes:
    return file(picture(), long_box(b"Exif", b"\0\0\0\0" + private_tiff()))


def exif_box_to_the_end() -> bytes:
    return file(picture(), open_ended_box(b"Exif", b"\0\0\0\0" + private_tiff()))


def xmp_box() -> bytes:
    return file(box(b"xml ", b"<x:xmpmeta>" + CANARY), picture())


def jumbf_box() -> bytes:
    return file(box(b"jumb", CANARY), picture())


def compressed_box() -> bytes:
    return file(picture(), box(b"brob", b"Exif" + CANARY))


def reconstruction_data() -> bytes:
    return file(box(b"jbrd", CANARY), picture())


def frame_index() -> bytes:
    return file(box(b"jxli", CANARY), picture())


def gain_map() -> bytes:
    return file(picture(), box(b"jhgm", CANARY))


def free_box() -> bytes:
    return file(box(b"free", CANARY), picture())


def unknown_box() -> bytes:
    return file(picture(), box(b"\xff\n\0p", CANARY))


def uuid_box() -> bytes:
    return file(picture(), box(b"uuid", bytes(16) + CANARY))


def box_between_pieces() -> bytes:
    return in_pieces(box(b"xml ", CANARY))


def second_level() -> bytes:
    return file(box(b"jxll", b"\5"), box(b"jxll", b"\5" + CANARY), picture())


def level_behind_the_picture() -> bytes:
    return file(picture(), box(b"jxll", b"\5"), box(b"jxll", CANARY))


def file_type_with_more_brands() -> bytes:
    return SIGNATURE + box(b"ftyp", b"jxl \0\0\0\7jxl " + CANARY) + picture()


def second_file_type() -> bytes:
    return file(box(b"ftyp", CANARY), picture())


def bytes_after_the_last_box() -> bytes:
    return file(picture()) + CANARY


def few_bytes_after_the_last_box() -> bytes:
    return file(picture()) + CANARY[:7]


def jpeg_after_the_last_box() -> bytes:
    return file(picture()) + b"\xff\xd8\xff\xe0" + CANARY


HIDING_PLACES: tuple[Callable[[], bytes], ...] = (
    exif_box,
    exif_box_with_an_offset,
    exif_box_with_a_long_size,
    exif_box_to_the_end,
    xmp_box,
    jumbf_box,
    compressed_box,
    reconstruction_data,
    frame_index,
    gain_map,
    free_box,
    unknown_box,
    uuid_box,
    box_between_pieces,
    second_level,
    level_behind_the_picture,
    second_file_type,
    bytes_after_the_last_box,
    few_bytes_after_the_last_box,
    jpeg_after_the_last_box,
)
