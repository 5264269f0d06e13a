"""What the segments of a JPEG are called that hold something else than the picture."""

from __future__ import annotations

from typing import Final

from unexposed.formats.jpeg._walk import COM

APP0: Final = 0xE0
APP1: Final = 0xE1
APP2: Final = 0xE2
APP14: Final = 0xEE

JFIF: Final = "JFIF"
JFIF_THUMBNAIL: Final = "JFIF thumbnail"
JFXX: Final = "JFXX thumbnail"
EXIF: Final = "EXIF"
XMP: Final = "XMP"
EXTENDED_XMP: Final = "extended XMP"
ICC: Final = "ICC profile"
MPF: Final = "MPF"
JUMBF: Final = "C2PA"
PHOTOSHOP: Final = "Photoshop"
ADOBE: Final = "Adobe"
COMMENT: Final = "comment"
SCAN: Final = "scan"
STRAY: Final = "stray bytes"
BEHIND: Final = "data behind "
UNUSED: Final = " that no scan uses"

EXIF_START: Final = b"Exif\0\0"
"""As Exif has it, and as Firefox, libexif and Pillow want it to heed an orientation.

Chrome takes any byte for the second zero. Such a block goes, and its orientation with it.
"""
XMP_START: Final = b"http://ns.adobe.com/xap/1.0/\0"
EXTENDED_XMP_START: Final = b"http://ns.adobe.com/xmp/extension/\0"
ICC_START: Final = b"ICC_PROFILE\0"
MPF_START: Final = b"MPF\0"
PHOTOSHOP_START: Final = b"Photoshop 3.0\0"

_KNOWN: Final = (
    (APP0, b"JFIF\0", JFIF),
    (APP0, b"JFXX\0", JFXX),
    (APP1, b"Exif\0", EXIF),
    (APP1, XMP_START, XMP),
    (APP1, EXTENDED_XMP_START, EXTENDED_XMP),
    (APP2, ICC_START, ICC),
    (APP2, MPF_START, MPF),
    (0xEB, b"JP", JUMBF),
    (0xED, PHOTOSHOP_START, PHOTOSHOP),
    (APP14, b"Adobe", ADOBE),
)
"""Marker, how the body begins, and what the segment is called."""
LONGEST_START: Final = max(len(start) for _, start, _ in _KNOWN)

_STRUCTURE: Final = {
    0xC4: "DHT",
    0xCC: "DAC",
    0xD8: "SOI",
    0xD9: "EOI",
    0xDA: "SOS",
    0xDB: "DQT",
    0xDC: "DNL",
    0xDD: "DRI",
}


def name_of(code: int, body: bytes) -> str:
    """Return what a segment is called, by its marker and how its body begins."""
    for marker, start, name in _KNOWN:
        if code == marker and body.startswith(start):
            return name
    if code in _STRUCTURE:
        return _STRUCTURE[code]
    if code == COM:
        return COMMENT
    return f"APP{code - APP0}" if code >= APP0 else f"SOF{code - 0xC0}"
