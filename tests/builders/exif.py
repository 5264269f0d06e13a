"""Exif blocks, each function named after the hiding place that it fills."""

from __future__ import annotations

import struct
from io import BytesIO

import piexif
from PIL import Image

PREFIX = b"Exif\x00\x00"

BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED, SIGNED = 1, 2, 3, 4, 5, 7, 8
_SIZES = {BYTE: 1, ASCII: 1, SHORT: 2, LONG: 4, RATIONAL: 8, UNDEFINED: 1, SIGNED: 2}

Field = tuple[int, int, bytes]
"""Tag, type, and the value's bytes in the byte order of the block."""


def text(tag: int, value: str) -> Field:
    return tag, ASCII, value.encode() + b"\0"


def short(order: str, tag: int, value: int) -> Field:
    return tag, SHORT, struct.pack(order + "H", value)


def rationals(order: str, tag: int, *values: tuple[int, int]) -> Field:
    return tag, RATIONAL, b"".join(struct.pack(order + "II", *value) for value in values)


def tiff(order: str = "<", **directories: list[Field]) -> bytes:
    """Build a TIFF block from IFD0, Exif, GPS, Interop and IFD1; IFD0 is always there."""
    names = ["IFD0", *(n for n in ("Exif", "Interop", "GPS", "IFD1") if n in directories)]
    lists = {name: list(directories.get(name, [])) for name in names}
    pointers = {"Exif": ("IFD0", 0x8769), "GPS": ("IFD0", 0x8825), "Interop": ("Exif", 0xA005)}
    for name, (parent, tag) in pointers.items():
        if name in lists:
            lists[parent].append((tag, LONG, _placeholder(name)))
    starts, end = {}, 8
    for name in names:
        starts[name] = end
        end += 2 + 12 * len(lists[name]) + 4
        end += sum(len(v) + len(v) % 2 for _, _, v in lists[name] if len(v) > 4)
    pointed = {_placeholder(name): start for name, start in starts.items()}
    following = starts.get("IFD1", 0)
    head = b"II*\0" if order == "<" else b"MM\0*"
    out = head + struct.pack(order + "I", 8)
    for name in names:
        out += _directory(
            order, lists[name], pointed, starts[name], following if name == "IFD0" else 0
        )
    return out


def _placeholder(directory: str) -> bytes:
    """Four bytes that stand for a directory's offset until that is known."""
    return b"@" + directory.encode()[:3]


def _directory(
    order: str, fields: list[Field], pointed: dict[bytes, int], start: int, following: int
) -> bytes:
    rows, values = [], b""
    after = start + 2 + 12 * len(fields) + 4
    for tag, kind, value in sorted(fields):
        if kind == LONG and value in pointed:
            value = struct.pack(order + "I", pointed[value])
        count = len(value) // _SIZES[kind]
        row = struct.pack(order + "HHI", tag, kind, count)
        if len(value) > 4:
            row += struct.pack(order + "I", after + len(values))
            values += value + bytes(len(value) % 2)
        else:
            row += value.ljust(4, b"\0")
        rows.append(row)
    return (
        struct.pack(order + "H", len(fields))
        + b"".join(rows)
        + struct.pack(order + "I", following)
        + values
    )


def a_place(order: str = "<") -> bytes:
    """38.7226 N, 9.1392 W, 25 m, on the 1st of April 2025 at 17:22:05 UTC."""
    gps = [
        text(1, "N"),
        rationals(order, 2, (38, 1), (43, 1), (2136, 100)),
        text(3, "W"),
        rationals(order, 4, (9, 1), (8, 1), (2112, 100)),
        (5, BYTE, b"\0"),
        rationals(order, 6, (25, 1)),
        rationals(order, 7, (17, 1), (22, 1), (5, 1)),
        (0x1C, UNDEFINED, b"ASCII\0\0\0Praca do Comercio"),
        text(0x1D, "2025:04:01"),
    ]
    return tiff(order, GPS=gps)


def a_device_and_its_owner(order: str = "<") -> bytes:
    return tiff(
        order,
        IFD0=[
            text(0x010F, "Apple"),
            text(0x0110, "iPhone 15"),
            text(0x0131, "17.4.1"),
            text(0x013C, "Ada's iPhone"),
            text(0x013B, "Ada Lovelace"),
            text(0x0132, "2025:04:02 08:00:00"),
            short(order, 0x0112, 6),
        ],
        Exif=[
            text(0x9003, "2025:04:01 18:22:05"),
            text(0x9291, "123"),
            text(0x9011, "+01:00"),
            text(0xA420, "0123456789abcdef0123456789abcdef"),
            text(0xA430, "Ada Lovelace"),
            text(0xA431, "DNPX1234"),
            text(0xA433, "Apple"),
            text(0xA434, "iPhone 15 back camera"),
            text(0xA435, "LENS77"),
            rationals(order, 0x829A, (1, 125)),
            (0x927C, UNDEFINED, b"Apple iOS\0" + bytes(90)),
        ],
    )


def a_note_to_oneself(code: bytes, encoded: bytes, order: str = "<") -> bytes:
    return tiff(order, Exif=[(0x9286, UNDEFINED, code + encoded)])


def windows_texts(title: str, author: str) -> bytes:
    return tiff(
        IFD0=[
            (0x9C9B, BYTE, title.encode("utf-16-le") + b"\0\0"),
            (0x9C9D, BYTE, author.encode("utf-16-le") + b"\0\0"),
        ]
    )


def a_thumbnail(size: tuple[int, int] = (40, 30)) -> tuple[bytes, bytes]:
    """Return a block whose IFD1 holds a JPEG, and that JPEG."""
    small = BytesIO()
    Image.new("RGB", size, "red").save(small, "JPEG")
    block = piexif.dump({"0th": {}, "1st": {}, "thumbnail": small.getvalue()})
    loaded = piexif.load(block)["thumbnail"]
    return block.removeprefix(PREFIX), loaded


def a_private_tag(order: str = "<") -> bytes:
    return tiff(order, IFD0=[(0xFE01, UNDEFINED, b"secret of a private tag")])


def nested_in_itself(depth: int) -> bytes:
    """Photoshop resources in Exif in Photoshop resources, and so on."""
    inner = b""
    for _ in range(depth):
        resource = b"8BIM\x04\x22\0\0" + len(inner).to_bytes(4) + inner + bytes(len(inner) % 2)
        inner = tiff(IFD0=[(0x8649, UNDEFINED, resource.ljust(5, b"\0"))])
    return inner
