"""Ricoh's own notes: serial numbers, firmware, and when the picture was taken.

Source: ExifTool's tag names, "Ricoh Tags", "Ricoh ImageInfo Tags" and "Ricoh SerialInfo Tags".
"""

from __future__ import annotations

import re
from typing import Final

from unexposed.exposure import Finding
from unexposed.metadata.exif_values import Field
from unexposed.metadata.maker_notes._directory import damage, directory
from unexposed.metadata.maker_notes._note import Note
from unexposed.metadata.maker_notes._tells import Tell, first, hexadecimal, one, text, told

_HEADER: Final = 8
_IN_WORDS: Final = (b"Rv", b"Rev")
"""How notes begin that are settings in words."""
_VERSION: Final = re.compile(rb"Re?v(\d{3,8})")
_TEXT: Final = re.compile(rb"[-\w ]+")


def _serial(value: Field) -> str:
    raw = value.rstrip(b"\0") if isinstance(value, bytes) else b""
    return text(raw) if _TEXT.fullmatch(raw) else hexadecimal(raw)


_TELLS: Final = {
    0x0002: Tell("device.software", "firmware", text),
    0x0005: Tell("device.serial", "camera", _serial),
}
_TAKEN: Final = Tell("time.taken", "date", text)
_FIRMWARE: Final = Tell("device.software", "firmware", text)
_BODY: Final = Tell("device.serial", "camera", text)
_LENS: Final = Tell("device.lens_serial", "lens", text)
_IMAGE, _NESTED, _SERIALS = 0x1001, 0x2001, 0x002C
_DATE: Final = slice(6, 13)
_OWN: Final = b"[Ricoh Camera Info]\0"


def read(note: Note) -> list[Finding]:
    """Return what Ricoh's note gives away."""
    if note.head.startswith(_IN_WORDS):
        version = _VERSION.match(note.head)
        digits = version[1].decode() if version else ""
        return one(
            _FIRMWARE, f"{digits[:-2].lstrip('0')}.{digits[-2:]}" if digits else "", note.where
        )
    fields = directory(note, note.start + _HEADER)
    found = damage(fields, note) + told(fields, _TELLS, note.where)
    digits = first(fields, _IMAGE)[_DATE].hex()
    if digits.isdigit() and len(digits) == 14 and digits.strip("0"):
        parts = [digits[:4], *(digits[at : at + 2] for at in range(4, 14, 2))]
        found += one(_TAKEN, "{}-{}-{} {}:{}:{}".format(*parts), note.where)
    for entry in fields.walk.entries:
        inner = fields.walk.raw(entry, len(_OWN))
        if entry.tag == _NESTED and inner == _OWN:
            nested = directory(note, entry.start + len(_OWN), ">")
            serials = first(nested, _SERIALS)
            found += one(_BODY, text(serials[16:32]), note.where)
            found += one(_LENS, text(serials[48:64]), note.where)
    return found
