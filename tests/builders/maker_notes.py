"""Makers' notes in Exif blocks, each function named after the maker, and what each gives away."""

from __future__ import annotations

import gzip
import plistlib
import struct
from collections.abc import Callable

from tests.builders.exif import ASCII, BYTE, LONG, SHORT, UNDEFINED, Field, text, tiff

FLOAT = 11
_SIZES = {ASCII: 1, BYTE: 1, SHORT: 2, LONG: 4, UNDEFINED: 1, FLOAT: 4}

Told = dict[str, list[str]]


def ifd(order: str, start: int, fields: list[Field]) -> bytes:
    """A directory with its values behind it; `start` is where it lies by its own offsets."""
    table = struct.pack(f"{order}H", len(fields))
    behind = b""
    after = start + 2 + 12 * len(fields) + 4
    for tag, kind, value in fields:
        count = len(value) // _SIZES[kind]
        if len(value) <= 4:
            table += struct.pack(f"{order}HHI", tag, kind, count) + value.ljust(4, b"\0")
        else:
            table += struct.pack(f"{order}HHII", tag, kind, count, after + len(behind))
            behind += value
    return table + bytes(4) + behind


def numbers(order: str, tag: int, *values: int) -> Field:
    return tag, LONG, struct.pack(f"{order}{len(values)}I", *values)


def shorts(order: str, tag: int, *values: int) -> Field:
    return tag, SHORT, struct.pack(f"{order}{len(values)}H", *values)


def block(note: Callable[[int], bytes], make: str, model: str = "X", order: str = "<") -> bytes:
    """An Exif block with a note, which is made for the offset that it has in the block."""
    blank = b"\xa5" * len(note(0))
    built = tiff(
        order,
        IFD0=[text(0x010F, make), text(0x0110, model)],
        Exif=[(0x927C, UNDEFINED, blank)],
    )
    return built.replace(blank, note(built.index(blank)))


def apple() -> tuple[bytes, Told]:
    time = {"flags": 1, "value": 79_656_660_836_500, "timescale": 1_000_000_000, "epoch": 0}
    fields: list[Field] = [
        (0x0003, UNDEFINED, plistlib.dumps(time, fmt=plistlib.FMT_BINARY)),
        text(0x000B, "6D3A-BURST"),
        text(0x0011, "570F1469-09C7"),
        text(0x002B, "F0BAAA2A-49B5"),
    ]
    note = b"Apple iOS\0\0\x01MM" + ifd(">", 14, fields)
    return block(lambda _: note, "Apple", "iPhone 15"), {
        "device.usage": ["running for 22 h 07 min 36 s"],
        "device.unique_id": ["6D3A-BURST", "570F1469-09C7", "F0BAAA2A-49B5"],
    }


def canon() -> tuple[bytes, Told]:
    faces = struct.pack("<5H", 26, 2, 2, 320, 240) + bytes(6) + struct.pack("<4h", -10, 20, 30, -40)
    fields: list[Field] = [
        text(0x0007, "Firmware Version 1.1.1"),
        text(0x0009, "Ada Lovelace"),
        numbers("<", 0x000C, 320_105_678),
        (0x0024, SHORT, faces),
        (0x0028, BYTE, bytes(range(16))),
        numbers("<", 0x0035, 16, 60, 20, 0),
        text(0x0096, "FA0381304"),
        (0x4019, UNDEFINED, bytes.fromhex("0000214e1c") + bytes(25)),
    ]
    return block(lambda at: ifd("<", at, fields), "Canon", "Canon EOS 600D"), {
        "device.software": ["Firmware Version 1.1.1"],
        "device.owner": ["Ada Lovelace"],
        "device.serial": ["0320105678", "FA0381304"],
        "device.lens_serial": ["0000214e1c"],
        "device.unique_id": [bytes(range(16)).hex()],
        "time.zone": ["London", "+01:00"],
        "person.faces": ["2 faces, at (-10, 20), (30, -40)"],
    }


def nikon() -> tuple[bytes, Told]:
    place = b"0100\x01PRT\0" + b"Praca do Comercio".ljust(70, b"\0")
    faces = struct.pack(">4H", 256, 320, 240, 1) + struct.pack(">4H", 10, 20, 30, 40)
    fields: list[Field] = [
        text(0x001D, "3105364"),
        (0x0021, UNDEFINED, faces),
        (0x0024, UNDEFINED, struct.pack(">hBB", 60, 1, 0)),
        (0x0039, UNDEFINED, place),
        numbers(">", 0x00A7, 241_575),
        (0x00B6, UNDEFINED, struct.pack(">H6B", 2010, 4, 25, 10, 51, 0, 0)),
        (0x00C3, UNDEFINED, b"0100\0\0" + struct.pack(">i", 112) + b"\0\0"),
    ]
    note = b"Nikon\0\x02\x10\0\0MM\0*\0\0\0\x08" + ifd(">", 8, fields)
    return block(lambda _: note, "NIKON CORPORATION", "NIKON D300"), {
        "device.serial": ["3105364"],
        "person.faces": ["1 face, at (10, 20, 30, 40)"],
        "time.zone": ["+01:00"],
        "location.place": ["PRT", "Praca do Comercio"],
        "location.altitude": ["112 m above the sea"],
        "device.usage": ["241575 releases", "switched on 2010-04-25 10:51:00"],
    }


def sony() -> tuple[bytes, Told]:
    plain = bytearray(0x100)
    plain[0x3A:0x3D] = (12_345).to_bytes(3, "little")
    plain[0x88:0x8E] = bytes.fromhex("0a1b2c3d4e5f")
    secret = bytes(byte**3 % 249 if byte < 249 else byte for byte in plain)
    fields: list[Field] = [text(0x2031, "78563412"), (0x9050, UNDEFINED, secret)]

    def note(at: int) -> bytes:
        return b"SONY DSC \0\0\0" + ifd("<", at + 12, fields)

    return block(note, "SONY", "ILCE-7M3"), {
        "device.serial": ["12345678", "0a1b2c3d4e5f"],
        "device.usage": ["12345 releases"],
    }


def samsung() -> tuple[bytes, Told]:
    fields: list[Field] = [
        (0x0001, UNDEFINED, b"0100"),
        text(0x0031, "Lisbon"),
        text(0x0123, "Ada"),
        text(0xA002, "A1B2C3D4E5"),
        text(0xA005, "LENS77"),
    ]
    note = ifd("<", 0, fields)
    return block(lambda _: note, "SAMSUNG", "NX300"), {
        "location.place": ["Lisbon"],
        "person.named": ["Ada"],
        "device.serial": ["A1B2C3D4E5"],
        "device.lens_serial": ["LENS77"],
    }


def fujifilm() -> tuple[bytes, Told]:
    person = bytearray(62)
    struct.pack_into("<2I", person, 30, 3, 78)
    struct.pack_into("<2I", person, 54, 8, 81)
    names = struct.pack("<2I", 16, 62) + bytes(8) + bytes(person) + b"Ada18151210"
    fields: list[Field] = [
        text(0x0010, "FPX20017035"),
        shorts("<", 0x1438, 0x8000 | 512),
        shorts("<", 0x4100, 1),
        shorts("<", 0x4103, 10, 20, 30, 40),
        (0x4282, UNDEFINED, names),
    ]
    note = b"FUJIFILM\x0c\0\0\0" + ifd("<", 12, fields)
    return block(lambda _: note, "FUJIFILM"), {
        "device.serial": ["FPX20017035"],
        "device.usage": ["512 pictures taken"],
        "person.faces": ["1 face, at (10, 20, 30, 40)"],
        "person.named": ["Ada, born 1815-12-10"],
    }


def olympus() -> tuple[bytes, Told]:
    equipment: list[Field] = [
        text(0x0101, "B9V508278"),
        text(0x0102, "4124207000283102"),
        text(0x0202, "ABG366769"),
    ]
    processing: list[Field] = [numbers("<", 0x1200, 2, 0)]
    first = 12 + 2 + 2 * 12 + 4
    inner = ifd("<", first, equipment)
    second = first + len(inner)
    main: list[Field] = [numbers("<", 0x2010, first), numbers("<", 0x2040, second)]
    note = b"OLYMPUS\0II\x03\0" + ifd("<", 12, main) + inner + ifd("<", second, processing)
    return block(lambda _: note, "OLYMPUS"), {
        "device.serial": ["B9V508278", "4124207000283102"],
        "device.lens_serial": ["ABG366769"],
        "person.faces": ["2 faces"],
    }


def panasonic() -> tuple[bytes, Told]:
    people = struct.pack("<HH", 1, 0) + b"Ada".ljust(20, b"\0") + bytes(8)
    people += b"0007:03:00".ljust(20, b"\0")
    fields: list[Field] = [
        (0x0025, UNDEFINED, b"\0\0S010604030293\0"),
        numbers("<", 0x0029, 3303),
        text(0x0033, "9999:99:99 00:00:00"),
        (0x004E, UNDEFINED, struct.pack("<5H", 1, 100, 120, 40, 40)),
        text(0x0052, "LENS77"),
        (0x0061, UNDEFINED, people),
        (0x0065, UNDEFINED, b"At the sea\0"),
        (0x0066, UNDEFINED, b"Bob\0\0"),
        (0x0067, UNDEFINED, b"Nazare\0"),
        (0x006D, UNDEFINED, b"Leiria\0"),
    ]

    def note(at: int) -> bytes:
        return b"Panasonic\0\0\0" + ifd("<", at + 12, fields)

    return block(note, "Panasonic"), {
        "device.serial": ["S010604030293"],
        "device.usage": ["switched on for 33.03 s"],
        "device.lens_serial": ["LENS77"],
        "person.caption": ["At the sea"],
        "person.named": ["Bob", "Ada, 0007:03:00 old"],
        "person.faces": ["1 face, at (100, 120, 40, 40)"],
        "location.place": ["Nazare", "Leiria"],
    }


def leica() -> tuple[bytes, Told]:
    note = b"LEICA\0\x05\0" + ifd("<", 8, [text(0x0305, "L4412345"), text(0x0500, "XYZ12101")])
    return block(lambda _: note, "LEICA CAMERA AG"), {"device.serial": ["L4412345", "XYZ12101"]}


def pentax() -> tuple[bytes, Told]:
    date, time = bytes([0x07, 0xDA, 4, 25]), bytes([10, 51, 7])
    key = int.from_bytes(date) ^ (0xFFFFFFFF - int.from_bytes(time + b"\0"))
    fields: list[Field] = [
        (0x0006, UNDEFINED, date),
        (0x0007, UNDEFINED, time),
        shorts(">", 0x0023, 70),
        (0x005D, UNDEFINED, (4_711 ^ key).to_bytes(4)),
        (0x0060, UNDEFINED, b"\x01\0\x32\x32"),
        numbers(">", 0x0215, 0x12B9C, 20_100_301, 2, 1, 5_551_234),
        shorts(">", 0x0227, 700, 500),
        text(0x0229, "3611247"),
        text(0x022E, "Ada Lovelace"),
    ]
    note = b"PENTAX \0MM" + ifd(">", 10, fields)
    return block(lambda _: note, "PENTAX"), {
        "time.taken": ["2010-04-25 10:51:07"],
        "time.zone": ["Lisbon"],
        "device.usage": ["4711 releases"],
        "device.unique_id": ["20100301"],
        "device.serial": ["3611247", "5551234"],
        "person.faces": ["1 face, at (700, 500)"],
        "person.author": ["Ada Lovelace"],
    }


def ricoh() -> tuple[bytes, Told]:
    image = bytes(6) + bytes.fromhex("20100425105107") + bytes(8)

    def note(at: int) -> bytes:
        fields = [(0x0005, UNDEFINED, b"SG00012345678\0\0\0"), (0x1001, UNDEFINED, image)]
        return b"Ricoh\0\0\0" + ifd("<", at + 8, fields)

    return block(note, "RICOH"), {
        "device.serial": ["SG00012345678"],
        "time.taken": ["2010-04-25 10:51:07"],
    }


def dji() -> tuple[bytes, Told]:
    speeds = [(tag, FLOAT, struct.pack("<f", value)) for tag, value in ((3, 3), (4, 4), (5, 0))]
    yaws = [(tag, FLOAT, struct.pack("<f", value)) for tag, value in ((7, -90), (10, 45))]
    return block(lambda at: ifd("<", at, [*speeds, *yaws]), "DJI", "FC300X"), {
        "location.speed": ["18.0 km/h"],
        "location.direction": ["270.0°", "45.0°"],
    }


def google() -> tuple[bytes, Told]:
    def field(number: int, value: bytes) -> bytes:
        return bytes([number << 3 | 2, len(value)]) + value

    device = field(3, b"husky") + field(7, b"14") + field(9, b"com.google.android.GoogleCamera")
    time = b"\x08" + bytes([0x80 | 1_743_528_125 & 0x7F]) + _rest_of(1_743_528_125 >> 7)
    frames = b"\xa2\x02" + bytes([len(time)]) + time
    message = field(12, device) + field(9, frames)
    packed = gzip.compress(message)
    state, mixed = 0x2515606B4A7791CD, b""
    padded = packed + bytes(-len(packed) % 8)
    for (word,) in struct.iter_unpack("<Q", padded):
        state ^= state >> 12
        state ^= state << 25 & (1 << 64) - 1
        state ^= state >> 27
        state = state * 0x2545F4914F6CDD1D & (1 << 64) - 1
        mixed += struct.pack("<Q", word ^ state)
    note = b"HDRP\x03" + mixed[: len(packed)]
    return block(lambda _: note, "Google", "Pixel 8 Pro"), {
        "device.model": ["husky"],
        "device.software": ["14", "com.google.android.GoogleCamera"],
        "time.taken": ["2025-04-01 17:22:05Z"],
    }


def _rest_of(number: int) -> bytes:
    out = b""
    while number:
        out += bytes([number & 0x7F | (0x80 if number > 0x7F else 0)])
        number >>= 7
    return out


def gopro() -> tuple[bytes, Told]:
    def entry(key: bytes, value: bytes) -> bytes:
        padding = bytes(-len(value) % 4)
        return key + struct.pack(">cBH", b"c", 1, len(value)) + value + padding

    inside = entry(b"MINF", b"HERO9 Black") + entry(b"CASN", b"C3441325123456")
    inside += entry(b"FMWR", b"HD9.01.01.72.00") + entry(b"MUID", b"a1b2c3d4")
    note = b"DEVC" + struct.pack(">BBH", 0, 1, len(inside)) + inside
    return block(lambda _: note, "GoPro", "HERO9 Black"), {
        "device.model": ["HERO9 Black"],
        "device.serial": ["C3441325123456"],
        "device.software": ["HD9.01.01.72.00"],
        "device.unique_id": ["a1b2c3d4"],
    }


def motorola() -> tuple[bytes, Told]:
    note = b"MOT\0\0\0\0\0" + ifd("<", 8, [text(0x5501, "ZY2238TJ4V")])
    return block(lambda _: note, "motorola"), {"device.serial": ["ZY2238TJ4V"]}


def huawei() -> tuple[bytes, Told]:
    def seen(start: int) -> bytes:
        places = struct.pack("<8H", 100, 120, 40, 40, 300, 90, 50, 50)
        return ifd("<", start, [numbers("<", 0x0102, 2), (0x0105, UNDEFINED, places)])

    fields: list[Field] = [
        numbers("<", 0x0100, 0),
        numbers("<", 0x0200, 1),
        numbers("<", 0x0202, 1),
        text(0x0211, "8f3a1c52-moving"),
        numbers("<", 0x0212, 1),
    ]
    size = len(ifd("<", 8, fields))
    fields[0] = numbers("<", 0x0100, 8 + size)
    note = b"HUAWEI\0\0II*\0\x08\0\0\0" + ifd("<", 8, fields) + seen(8 + size)
    return block(lambda _: note, "HUAWEI", "ALN-L29"), {
        "device.unique_id": ["8f3a1c52-moving"],
        "history.edits": ["edited with AI"],
        "person.faces": ["2 faces, at (100, 120, 40, 40), (300, 90, 50, 50)"],
    }


def reconyx() -> tuple[bytes, Told]:
    note = bytearray(120)
    struct.pack_into("<4H", note, 0, 0xF101, 3, 3, 0)
    struct.pack_into("<6H", note, 22, 7, 51, 10, 4, 25, 2010)
    note[42:70] = "H500EE06130468".encode("utf-16-le")
    note[86:98] = b"Back meadow\0"
    return block(lambda _: bytes(note), "RECONYX"), {
        "device.software": ["3.3.0"],
        "time.taken": ["2010-04-25 10:51:07"],
        "device.serial": ["H500EE06130468"],
        "person.caption": ["Back meadow"],
    }


def sigma() -> tuple[bytes, Told]:
    def note(at: int) -> bytes:
        return b"SIGMA\0\0\0\x01\0" + ifd("<", at + 10, [text(0x0002, "1003443")])

    return block(note, "SIGMA"), {"device.serial": ["1003443"]}


NOTES = (
    apple,
    canon,
    dji,
    fujifilm,
    google,
    gopro,
    huawei,
    leica,
    motorola,
    nikon,
    olympus,
    panasonic,
    pentax,
    reconyx,
    ricoh,
    samsung,
    sigma,
    sony,
)
