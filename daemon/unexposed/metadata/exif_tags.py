"""Which Exif tags give away what.

Source: CIPA DC-008-2024 (Exif 3.0); the DNG specification 1.7; Microsoft's XP tags.
"""

from __future__ import annotations

from typing import Final

import piexif

TEXTS: Final[dict[tuple[str, int], str]] = {
    ("IFD0", 0x010D): "history.documents",
    ("IFD0", 0x010E): "person.caption",
    ("IFD0", 0x0131): "device.software",
    ("IFD0", 0x013B): "person.author",
    ("IFD0", 0x013C): "device.host",
    ("IFD0", 0x8298): "person.copyright",
    ("IFD0", 0x011D): "person.caption",
    ("IFD0", 0x9213): "history.edits",
    ("IFD0", 0xC614): "device.model",
    ("IFD0", 0xC62F): "device.serial",
    ("IFD0", 0xC615): "device.model",
    ("IFD0", 0xC68B): "history.documents",
    ("IFD0", 0xC6FE): "person.copyright",
    ("IFD0", 0xC716): "device.software",
    ("IFD0", 0xC717): "device.software",
    ("IFD0", 0xC71B): "time.edited",
    ("IFD0", 0xC789): "history.documents",
    ("IFD0", 0xC7A1): "device.model",
    ("Exif", 0xA004): "history.documents",
    ("Exif", 0xA430): "device.owner",
    ("Exif", 0xA431): "device.serial",
    ("Exif", 0xA435): "device.lens_serial",
    ("Exif", 0xA436): "person.caption",
    ("Exif", 0xA437): "person.author",
    ("Exif", 0xA438): "person.named",
    ("Exif", 0xA439): "device.software",
    ("Exif", 0xA43A): "device.software",
    ("Exif", 0xA43B): "device.software",
    ("Exif", 0xA43C): "device.software",
    ("Exif", 0x9A00): "device.model",
    ("Exif", 0xFDE8): "device.owner",
    ("Exif", 0xFDE9): "device.serial",
    ("Exif", 0xFDEA): "device.lens",
}
"""(directory, tag) -> kind, where the value is text; IFD0's also count in later directories."""

WIDE_TEXTS: Final[dict[int, str]] = {
    0x9C9B: "person.caption",
    0x9C9C: "person.caption",
    0x9C9D: "person.author",
    0x9C9E: "person.caption",
    0x9C9F: "person.caption",
}
"""Windows' own tags in IFD0: UTF-16, little-endian."""

NESTED: Final[dict[int, str]] = {0x02BC: "xmp", 0x83BB: "iptc", 0x8649: "photoshop"}
"""Tags of a main directory that hold another metadata language."""

STRUCTURE: Final = frozenset(
    {
        *range(0x0100, 0x0108), 0x010A, 0x0111, 0x0112, *range(0x0115, 0x011D), 0x0128, 0x012D,
        0x013D, 0x013E, 0x013F, 0x0140, *range(0x0142, 0x0146), 0x014A, 0x0152, 0x0153, 0x015B,
        0x0201, 0x0202, 0x0211, 0x0212, 0x0213, 0x0214, 0x8769, 0x8773, 0x8825, 0x9000, 0x9101,
        0xA000, 0xA001, 0xA002, 0xA003, 0xA005,
    }
)  # fmt: skip
"""Tags that only say how the picture is stored: they tell nothing worth a finding."""

_STANDARD: Final[dict[str, frozenset[int]]] = {
    "IFD0": frozenset(piexif.TAGS["Image"]) | STRUCTURE | frozenset(NESTED),
    "Exif": frozenset(piexif.TAGS["Exif"])
    | STRUCTURE
    | {0x882A, *range(0x9400, 0x9406), *range(0xA430, 0xA43D), *range(0xA460, 0xA463), 0xA500},
    "GPS": frozenset(piexif.TAGS["GPS"]),
    "Interop": frozenset({0x0001, 0x0002, 0x1000, 0x1001, 0x1002}),
}


def home(ifd: str) -> str:
    """Return the directory whose tags a directory has: "IFD0" for pages and their SubIFDs."""
    last = ifd.rsplit(maxsplit=1)[-1]
    return "IFD0" if last.startswith(("IFD", "SubIFD")) else last


def is_standard(ifd: str, tag: int) -> bool:
    """Tell whether a specification knows the tag in this directory."""
    return tag in _STANDARD[home(ifd)]
