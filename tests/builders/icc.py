"""Colour profiles that say more than colours."""

from __future__ import annotations

import io
import struct
from pathlib import Path

from PIL import ImageCms

SYSTEM_PROFILES = Path("/usr/share/color/icc")


def system_profiles() -> list[Path]:
    """The profiles of the colour packages of this system, if it has any."""
    return sorted(
        path for path in SYSTEM_PROFILES.rglob("*") if path.suffix.lower() in (".icc", ".icm")
    )


def opened(profile: bytes) -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(io.BytesIO(profile))


def dated_today() -> bytes:
    """littlecms' own sRGB, which holds the moment in which it was made."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def tags(profile: bytes) -> dict[bytes, bytes]:
    count = int.from_bytes(profile[128:132])
    rows = [struct.unpack_from(">4sII", profile, 132 + 12 * n) for n in range(count)]
    return {tag: profile[start : start + size] for tag, start, size in rows}


def built(elements: dict[bytes, bytes], header: bytes, gap: bytes = b"") -> bytes:
    """Lay out elements with a gap before each one."""
    table, body = b"", b""
    start = 132 + 12 * len(elements)
    for tag, element in elements.items():
        body += gap
        table += struct.pack(">4sII", tag, start + len(body), len(element))
        body += element + bytes(-len(element) % 4)
    data = header[4:128] + len(elements).to_bytes(4) + table + body
    return (len(data) + 4).to_bytes(4) + data


def of_a_monitor(name: str, serial: str) -> bytes:
    """A profile with a monitor's name and serial in text, private tags, gaps, tails and header."""
    base = dated_today()
    secret = serial.encode()
    elements = {
        tag: element + b"TAIL" + secret
        for tag, element in tags(base).items()
        if tag not in (b"desc", b"cprt")
    }
    encoded = name.encode("utf-16-be")
    elements[b"desc"] = (
        b"mluc" + bytes(4) + struct.pack(">II4sII", 1, 12, b"enUS", len(encoded), 28) + encoded
    )
    elements[b"vcgt"] = b"vcgt" + bytes(4) + secret
    elements[b"mmod"] = b"mmod" + bytes(4) + secret
    header = bytearray(base[:128])
    header[80:84] = b"EIZO"
    header[100:128] = secret.ljust(28, b".")[:28]
    return built(elements, bytes(header), gap=secret.ljust(16, b"-")[:16])


def _tables(signature: bytes, inputs: int, outputs: int, blob: bytes, grid: int = 2) -> bytes:
    """A lutAToBType or lutBToAType with all five stages, and `blob` in the gaps between them."""
    gamma = b"curv" + bytes(4) + struct.pack(">IHxx", 1, 0x0233)
    near, far = (outputs, inputs) if signature == b"mAB " else (inputs, outputs)
    cells = bytes((n * 37) % 256 for n in range(grid**inputs * outputs))
    matrix = struct.pack(">12i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536, 0, 0, 0)
    clut = bytes([grid] * inputs).ljust(16, b"\xee") + b"\x01\xee\xee\xee" + cells
    stages = [gamma * near, matrix, gamma * near, clut + bytes(-len(clut) % 4), gamma * far]
    body, places, at = b"", [], 32
    for stage in stages:
        body += blob
        at += len(blob)
        places.append(at)
        body += stage
        at += len(stage)
    head = signature + bytes(4) + bytes((inputs, outputs, 0, 0)) + struct.pack(">5I", *places)
    return head + body


def rgb_with_tables(secret: bytes = b"SECRETSECRETSECR") -> bytes:
    """A version 4 RGB profile whose colours stand in mAB and mBA elements."""
    header = bytearray(dated_today()[:128])
    header[20:24] = b"Lab "
    base = tags(dated_today())
    return built(
        {
            b"desc": base[b"desc"],
            b"cprt": base[b"cprt"],
            b"wtpt": base[b"wtpt"],
            b"A2B0": _tables(b"mAB ", 3, 3, secret),
            b"B2A0": _tables(b"mBA ", 3, 3, secret),
        },
        bytes(header),
    )


def grey() -> bytes:
    """A profile of grey samples that are as many as the light is, with a gamma of 1."""
    base = tags(dated_today())
    header = bytearray(dated_today()[:128])
    header[16:20] = b"GRAY"
    elements = {tag: base[tag] for tag in (b"desc", b"cprt", b"wtpt")}
    elements[b"kTRC"] = b"curv" + bytes(4) + struct.pack(">I", 0)
    return built(elements, bytes(header))


def of_one_shade() -> bytes:
    """A profile in which every colour is white."""
    curve = b"curv" + bytes(4) + struct.pack(">I2H", 2, 0xFFFF, 0xFFFF)
    base = dated_today()
    curves = dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    return built(tags(base) | curves, base[:128])
