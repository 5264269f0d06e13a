"""What makers of cameras put into videos, each function named after the maker, and what it tells."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import replace

from tests.builders.exif import ASCII, Field, rationals, text, tiff
from tests.builders.maker_notes import ifd
from tests.builders.mp4 import PICTURES, SOUNDS, Film, Track, box, full, keyed, words

Told = dict[str, list[str]]
Made = tuple[bytes, Told]
"""A video, and values by kind that are told of it among others."""

LISBON = "38.71250, -9.13944"
_NORTH = ((38, 1), (42, 1), (45, 1))
_WEST = ((9, 1), (8, 1), (22, 1))
JPEG = bytes.fromhex("ffd8ffdb0043" + 65 * "01" + "ffc0000b08003c00500101110000ffd9")
"""As much of a JPEG as tells that it has 80 by 60 pixels."""
CANON_BOXES = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
SONY_BOXES = bytes.fromhex("55534d5421d24fcebb88695cfac9c740")


def with_user_data(*boxes: bytes) -> bytes:
    return Film(movie_boxes=(box(b"udta", *boxes),)).made()


def _laid_out(size: int, *texts: tuple[int, bytes]) -> bytes:
    data = bytearray(size)
    for at, value in texts:
        data[at : at + len(value)] = value
    return bytes(data)


def nikon_tags() -> Made:
    payload = _laid_out(0x100, (0, b"NIKON DIGITAL CAMERA"), (0x18, b"E8800"), (0xAF, b"E8800v1.1"))
    return with_user_data(box(b"TAGS", payload)), {
        "device.model": ["NIKON E8800"],
        "device.software": ["E8800v1.1"],
        "device.maker_note": ["256 bytes"],
    }


def fujifilm_tags() -> Made:
    payload = _laid_out(0x60, (0, b"FUJIFILM DIGITAL CAMERA"), (0x18, b"FinePix F30"))
    return with_user_data(box(b"TAGS", payload)), {"device.model": ["FUJIFILM FinePix F30"]}


def panasonic_tags() -> Made:
    payload = _laid_out(0x5C, (0x04, b"DMC-FZ20")) + JPEG
    return with_user_data(box(b"PANA", payload)), {
        "device.model": ["DMC-FZ20"],
        "content.thumbnail": ["80 by 60 pixels, 87 bytes"],
    }


def pentax_tags() -> Made:
    texts = [
        (0, b"PENTAX DIGITAL CAMERA"),
        (0x1A, b"PENTAX Optio WG-2 GPS"),
        (0x71, b"2012:04:01 18:22:05"),
        (0xC7, b"GPS_\2\2\0\0"),
        (0xCF, b"N\0"),
        (0xD1, rationals("<", 0, *_NORTH)[2]),
        (0xE9, b"W\0"),
        (0xEB, rationals("<", 0, *_WEST)[2]),
    ]
    return with_user_data(box(b"PENT", _laid_out(0x7D3, *texts) + JPEG)), {
        "device.model": ["PENTAX Optio WG-2 GPS"],
        "time.taken": ["2012-04-01 18:22:05"],
        "location.gps": [LISBON],
        "content.thumbnail": ["80 by 60 pixels, 87 bytes"],
    }


def _nikon_tag(number: int, field: Field) -> bytes:
    _, kind, value = field
    size = 8 if kind == 5 else 4 if kind == 4 else 1
    return struct.pack(">IHH", number, kind, len(value) // size) + value


def nikon_list() -> Made:
    tags = [
        _nikon_tag(0x01, text(0, "Nikon")),
        _nikon_tag(0x02, text(0, "NIKON D600")),
        _nikon_tag(0x03, text(0, "Ver.1.00")),
        _nikon_tag(0x12, text(0, "2012:04:01 18:22:05")),
        _nikon_tag(0x110A431, text(0, "6001234")),
        _nikon_tag(0x110A435, text(0, "2000987")),
        _nikon_tag(0x1200001, text(0, "N")),
        _nikon_tag(0x1200002, rationals(">", 0, *_NORTH)),
        _nikon_tag(0x1200003, text(0, "W")),
        _nikon_tag(0x1200004, rationals(">", 0, *_WEST)),
        _nikon_tag(0x20000A7, (0, 4, words(4321))),
    ]
    return with_user_data(box(b"NCDT", box(b"NCTG", *tags), box(b"NCTH", JPEG))), {
        "device.model": ["NIKON D600"],
        "device.software": ["Ver.1.00"],
        "device.serial": ["6001234"],
        "device.lens_serial": ["2000987"],
        "time.taken": ["2012-04-01 18:22:05"],
        "location.gps": [LISBON],
        "device.usage": ["4321 releases"],
        "content.thumbnail": ["80 by 60 pixels, 87 bytes"],
    }


def casio_exif() -> Made:
    directory = struct.pack(">H", 1) + struct.pack(">HHII", 0x0110, ASCII, 8, 10 + 18)
    payload = bytes(10) + directory + bytes(4) + b"EX-S880\0"
    return with_user_data(box(b"QVMI", payload)), {"device.model": ["EX-S880"]}


def fujifilm_exif() -> Made:
    directory = struct.pack("<H", 1) + struct.pack("<HHII", 0x0110, ASCII, 16, 18)
    payload = bytes(16) + directory + bytes(4) + b"FinePix HS20EXR\0"
    return with_user_data(box(b"MVTG", payload)), {"device.model": ["FinePix HS20EXR"]}


def canon_boxes() -> Made:
    position = [
        text(1, "N"),
        rationals("<", 2, *_NORTH),
        text(3, "W"),
        rationals("<", 4, *_WEST),
    ]
    notes = [text(0x0007, "Firmware Version 1.0.0"), text(0x0009, "Ada Lovelace")]
    inside = (
        box(b"CNCV", b"CanonCRM0001/02.10.00/00.00.00"),
        box(b"CMT1", tiff(IFD0=[text(0x010F, "Canon"), text(0x0110, "Canon EOS R5")])),
        box(b"CMT2", tiff(IFD0=[text(0x9003, "2025:04:01 18:22:05"), text(0xA431, "0123456789")])),
        box(b"CMT3", tiff(IFD0=notes)),
        box(b"CMT4", tiff(IFD0=position)),
        box(b"THMB", bytes(16) + JPEG),
    )
    return Film(movie_boxes=(box(b"uuid", CANON_BOXES, *inside),)).made(), {
        "device.model": ["Canon EOS R5"],
        "device.serial": ["0123456789"],
        "device.owner": ["Ada Lovelace"],
        "time.taken": ["2025-04-01 18:22:05"],
        "location.gps": [LISBON],
        "content.thumbnail": ["80 by 60 pixels, 87 bytes"],
    }


def canon_thumbnail() -> Made:
    exif = b"Exif\0\0" + tiff(IFD0=[text(0x0110, "Canon PowerShot S95")])
    picture = JPEG[:2] + b"\xff\xe1" + struct.pack(">H", 2 + len(exif)) + exif + JPEG[2:]
    return with_user_data(box(b"CNTH", box(b"CNDA", picture)), box(b"CNFV", b"Firmware 1.0")), {
        "device.model": ["Canon PowerShot S95"],
        "device.software": ["Firmware 1.0"],
        "content.thumbnail": [f"80 by 60 pixels, {len(picture)} bytes"],
    }


def sony_list() -> Made:
    def entry(tag: int, value: bytes, form: int) -> bytes:
        return struct.pack(">HIHH", 10 + len(value), tag, 0x55C4, form) + value

    entries = [
        entry(0x01, "Home".encode("utf-16-be"), 1),
        entry(0x03, "2025/04/01 18:22:05".encode("utf-16-be"), 1),
        entry(0x04, "HDR-AS15".encode("utf-16-be"), 1),
        entry(0x0B, struct.pack(">h", 60), 0),
    ]
    listed = struct.pack(">H", len(entries)) + b"".join(entries)
    return Film(movie_boxes=(box(b"uuid", SONY_BOXES, box(b"MTDT", listed)),)).made(), {
        "person.caption": ["Home"],
        "time.taken": ["2025-04-01 18:22:05"],
        "device.software": ["HDR-AS15"],
        "time.zone": ["+01:00"],
    }


def sony_xml() -> Made:
    xml = (
        b'<?xml version="1.0"?><NonRealTimeMeta xmlns="urn:schemas-professionalDisc:nonRealTimeMeta'
        b':ver.2.20"><TargetMaterial umidRef="060A2B340101010501010D43130000001234567890ABCDEF"/>'
        b'<CreationDate value="2025-04-01T18:22:05+01:00"/>'
        b'<Device manufacturer="Sony" modelName="ILCE-7M4" serialNo="3812345"/>'
        b'<Lens modelName="FE 24-70mm F2.8 GM"/>'
        b'<AcquisitionRecord><Group name="ExifGPS"><Item name="LatitudeRef" value="N"/>'
        b'<Item name="Latitude" value="38:42:45.000"/><Item name="LongitudeRef" value="W"/>'
        b'<Item name="Longitude" value="9:8:22.000"/></Group></AcquisitionRecord></NonRealTimeMeta>'
    )
    handler = full(b"hdlr", bytes(4) + b"nrtm" + bytes(13))
    return Film(behind=full(b"meta", handler, full(b"xml ", xml))).made(), {
        "device.model": ["Sony ILCE-7M4"],
        "device.serial": ["3812345"],
        "device.lens": ["FE 24-70mm F2.8 GM"],
        "device.unique_id": ["060A2B340101010501010D43130000001234567890ABCDEF"],
        "time.taken": ["2025-04-01 18:22:05+01:00"],
        "location.gps": [LISBON],
    }


def pentax_note() -> Made:
    fields: list[Field] = [text(0x0229, "4567890"), text(0x022F, "PENTAX-D FA 50mm")]
    note = b"PENTAX \0II" + ifd("<", 10, fields)
    return with_user_data(box(b"PXMN", note)), {"device.serial": ["4567890"]}


def panasonic_xml() -> Made:
    xml = (
        b'<?xml version="1.0"?><ClipMain><ClipContent><GlobalClipID>060A2B340101</GlobalClipID>'
        b"</ClipContent><UserArea><AcquisitionMetadata><Device><Manufacturer>Panasonic"
        b"</Manufacturer><ModelName>AG-CX10</ModelName><SerialNo.>X0TFA0123</SerialNo.></Device>"
        b"<Shoot><StartDate>2025-04-01T18:22:05+01:00</StartDate><Shooter>Ada &amp; Co</Shooter>"
        b"<Location><Latitude>N38.7125</Latitude><Longitude>W9.139444</Longitude></Location>"
        b"</Shoot></AcquisitionMetadata></UserArea></ClipMain>"
    )
    key = "com.panasonic.Semi-Pro.metadata.xml"
    return Film(movie_boxes=(keyed({key: xml}),)).made(), {
        "device.model": ["Panasonic AG-CX10"],
        "device.serial": ["X0TFA0123"],
        "device.unique_id": ["060A2B340101"],
        "person.author": ["Ada & Co"],
        "time.taken": ["2025-04-01 18:22:05+01:00"],
        "location.gps": [LISBON],
    }


def arri_keys() -> Made:
    keys = {
        "com.arri.camera.CameraModel": b"ALEXA Mini",
        "com.arri.camera.CameraSerialNumber": b"22345",
        "com.arri.camera.Director": b"Ada",
        "com.apple.proapps.reel": b"A001",
    }
    return Film(movie_boxes=(keyed(keys),)).made(), {
        "device.model": ["ALEXA Mini"],
        "device.serial": ["22345"],
        "person.author": ["Ada"],
        "history.documents": ["A001"],
    }


def windows_list() -> Made:
    def entry(name: bytes, form: int, value: bytes) -> bytes:
        values = struct.pack(">IIH", 1, 6 + len(value), form) + value
        return struct.pack(">II", 8 + len(name) + len(values), len(name)) + name + values

    ticks = (1_743_531_725 + 11_644_473_600) * 10_000_000
    entries = [
        entry(b"WM/Director", 8, "Ada\0".encode("utf-16-le")),
        entry(b"WM/EncodingTime", 21, struct.pack("<Q", ticks)),
        entry(b"WM/SharedUserRating", 19, struct.pack("<Q", 99)),
    ]
    return with_user_data(box(b"Xtra", *entries)), {
        "person.author": ["Ada"],
        "time.edited": ["2025-04-01 18:22:05Z"],
        "hidden.metadata": ["WM/SharedUserRating: 99"],
    }


def samsung_boxes() -> Made:
    return with_user_data(box(b"smta", words(0), box(b"mdln", b"SM-G960F"))), {
        "device.model": ["SM-G960F"]
    }


def samsung_pieces(*pieces: tuple[int, bytes, bytes]) -> bytes:
    data, entries = b"", []
    for kind, name, content in pieces:
        piece = struct.pack("<HHI", 0, kind, len(name)) + name + content
        entries.append((kind, len(data), len(piece)))
        data += piece
    listed = b"".join(
        struct.pack("<HHII", 0, kind, len(data) - at, size) for kind, at, size in entries
    )
    directory = b"SEFH" + struct.pack("<II", 106, len(entries)) + listed
    return data + directory + struct.pack("<I", len(directory)) + b"SEFT"


SAMSUNG_PIECES = samsung_pieces(
    (0x0A01, b"Image_UTC_Data", b"1743531725000"),
    (0x0AA1, b"MCC_Data", b"268"),
    (0x0C61, b"Camera_Capture_Mode_Info", b"1"),
    (0x0BA1, b"PhotoEditor_Re_Edit_Data", b'{"originalPath":"/home/ada/DCIM/secret.mp4"}'),
    (0x0001, b"DualShot_DepthMap_1", bytes(300)),
)
SAMSUNG_TOLD: Told = {
    "time.taken": ["2025-04-01 18:22:05Z"],
    "location.place": ["the country with the mobile code 268"],
    "location.file_path": ["/home/ada/DCIM/secret.mp4"],
    "history.edits": ["44 bytes"],
    "content.depth": ["300 bytes"],
    "hidden.metadata": ["Camera_Capture_Mode_Info: 1"],
}


def samsung_trailer() -> Made:
    return Film(behind=box(b"sefd", SAMSUNG_PIECES)).made(), SAMSUNG_TOLD


def insta360_trailer() -> Made:
    def entry(tag: int, value: bytes) -> bytes:
        return bytes([tag, len(value)]) + value

    def fix(holds: bytes) -> bytes:
        head = struct.pack("<IIH", 1_743_531_725, 0, 0) + holds
        place = struct.pack("<dcdc", 38.7125, b"N", 9.139444, b"W")
        return head + place + struct.pack("<3d", 1.5, 90.0, 12.0)

    records = [
        (0x700, fix(b"V") + fix(b"A")),
        (0x101, entry(0x0A, b"IXE1234567") + entry(0x12, b"Insta360 X3") + entry(0x1A, b"v1.0.9")),
    ]
    data = b"".join(content + struct.pack("<HI", kind, len(content)) for kind, content in records)
    whole = len(data) + 72
    footer = bytes(32) + struct.pack("<II", whole, 3) + b"8db42d694ccc418790edff439fe026bf"
    return Film(behind=data + footer).made(), {
        "device.serial": ["IXE1234567"],
        "device.model": ["Insta360 X3"],
        "device.software": ["v1.0.9"],
        "location.gps": [LISBON],
        "time.taken": ["2025-04-01 18:22:05Z"],
    }


def with_track(codec: bytes, *samples: bytes) -> bytes:
    entry = box(codec, bytes(6) + b"\0\1")
    track = Track(7, b"meta", entry, samples, per_chunk=1)
    return replace(Film(), tracks=(PICTURES, SOUNDS, track)).made()


def sony_track() -> Made:
    def tag(number: int, value: bytes) -> bytes:
        return struct.pack(">HH", number, len(value)) + value

    inside = tag(0xE304, b"\0" + bytes.fromhex("20250401182205"))
    inside += tag(0x8114, b"ILCE-7M4 3812345\0") + tag(0x8113, b"file:///home/ada/setup.xml")
    gps = tag(0x8500, b"\2\3\0\0") + tag(0x8501, b"N\0")
    gps += tag(0x8502, rationals(">", 0, *_NORTH)[2]) + tag(0x8503, b"W\0")
    gps += tag(0x8504, rationals(">", 0, *_WEST)[2])
    label = bytes.fromhex("060e2b34025301010c02010101010000")
    sample = b"\0\x1c" + bytes(26) + label + struct.pack(">HH", 0x8300, len(inside + gps))
    return with_track(b"rtmd", sample + inside + gps), {
        "device.serial": ["ILCE-7M4 3812345"],
        "location.file_path": ["file:///home/ada/setup.xml"],
        "time.taken": ["2025-04-01 18:22:05"],
        "location.gps": [LISBON],
    }


def canon_track() -> Made:
    time = struct.pack("<HH6B", 0, 2025, 4, 1, 18, 22, 5, 7)
    record = struct.pack("<IH6x", 12 + len(time), 1) + time
    return with_track(b"CTMD", record, record), {"time.taken": ["2025-04-01 18:22:05"]}


def dji_track() -> Made:
    def field(number: int, value: bytes) -> bytes:
        return bytes([number << 3 | 2, len(value)]) + value

    camera = field(1, b"dvtm_ac203.proto") + field(5, b"53QXM1234A") + field(10, b"Osmo Action 4")
    place = b"\x08\x01" + b"\x11" + struct.pack("<d", 38.7125)
    place += b"\x19" + struct.pack("<d", -9.139444)
    fix = field(1, place) + field(6, field(1, b"2025-04-01 18:22:05"))
    frame = field(3, field(4, field(2, fix)))
    return with_track(b"djmd", field(1, field(1, camera)), frame), {
        "device.serial": ["53QXM1234A"],
        "device.model": ["Osmo Action 4"],
        "time.taken": ["2025-04-01 18:22:05"],
        "location.gps": [LISBON],
    }


MAKERS: tuple[Callable[[], Made], ...] = (
    nikon_tags,
    fujifilm_tags,
    panasonic_tags,
    pentax_tags,
    nikon_list,
    casio_exif,
    fujifilm_exif,
    canon_boxes,
    canon_thumbnail,
    sony_list,
    sony_xml,
    pentax_note,
    panasonic_xml,
    arri_keys,
    windows_list,
    samsung_boxes,
    samsung_trailer,
    insta360_trailer,
    sony_track,
    canon_track,
    dji_track,
)
