"""Texts in a PNG, and the metadata of other languages that programs write as text.

Sources: PNG (third edition) 11.3.3; the "Raw profile type" texts are ImageMagick's (coders/png.c),
which ExifTool and Pillow read and write too.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from unexposed.formats.parts import Buffer, Part
from unexposed.formats.png._chunks import HEADER
from unexposed.formats.png._picture import inflate
from unexposed.metadata import exif

KINDS: Final = (b"tEXt", b"zTXt", b"iTXt")

XMP_KEYWORD = b"XML:com.adobe.xmp"
EXIF_KEYWORD = b"exif"
EXIF_PREFIX = b"Exif\0\0"
_RAW_PROFILE = b"Raw profile type "
_RAW_EXIF = _RAW_PROFILE + b"exif"
_XMP_PREFIX = b"http://ns.adobe.com/xap/1.0/\0"
_RAW_LANGUAGES: Final = {
    b"exif": "exif",
    b"iptc": "iptc",
    b"8bim": "photoshop",
    b"xmp": "xmp",
    b"icc": "icc",
    b"icm": "icc",
}

_LONGEST_KEYWORD = 79
_MOST_TEXT = 1 << 20
"""Bytes of a text that are searched for an orientation; Pillow opens no file with a longer one."""
_XMP_ORIENTATION = re.compile(rb'tiff:Orientation(?:="|>)([0-9])')


class Text(msgspec.Struct, frozen=True, gc=False):
    """A text chunk's content; `whole` is False where more stands in it than could be read."""

    keyword: bytes
    text: bytes
    translated_keyword: bytes = b""
    whole: bool = True


def read_text(kind: bytes, data: bytes, limit: int) -> Text:
    """Return what the data of a text chunk of this kind says, up to `limit` bytes of the text."""
    keyword, found, rest = data.partition(b"\0")
    if not found or len(keyword) > _LONGEST_KEYWORD:
        return Text(b"", data[:limit])
    if kind == b"tEXt":
        return Text(keyword, rest[:limit])
    if kind == b"zTXt":
        text, whole = inflate(rest[1:], limit)
        return Text(keyword, text, whole=whole)
    _, _, behind_language = rest[2:].partition(b"\0")
    translated, _, text = behind_language.partition(b"\0")
    whole = True
    if rest[:1] != b"\0":
        text, whole = inflate(text, limit)
    return Text(keyword, text[:limit], translated, whole)


def xmp_text(packet: bytes) -> bytes:
    """Return the data of an iTXt chunk with an XMP packet, uncompressed and in no language."""
    return XMP_KEYWORD + bytes(5) + packet


def foreign(text: Text) -> tuple[str, bytes]:
    """Return the language and the bytes of metadata that is written as text; "" for a true text."""
    if text.keyword == XMP_KEYWORD:
        return "xmp", text.text
    if text.keyword == EXIF_KEYWORD:
        return "exif", text.text
    if not text.keyword.startswith(_RAW_PROFILE):
        return "", b""
    payload = _raw_profile(text.text)
    if payload.startswith(EXIF_PREFIX):
        return "exif", payload.removeprefix(EXIF_PREFIX)
    if payload.startswith(_XMP_PREFIX):
        return "xmp", payload.removeprefix(_XMP_PREFIX)
    if payload.startswith(b"8BIM"):
        return "photoshop", payload
    language = _RAW_LANGUAGES.get(text.keyword.removeprefix(_RAW_PROFILE).lower(), "")
    return (language, payload) if payload else ("", b"")


def _raw_profile(text: bytes) -> bytes:
    """Return the bytes behind an empty line, a name and a length; b"" for anything else."""
    *_, digits = text.split(b"\n", 3)
    try:
        return bytes.fromhex(digits.decode("ascii"))
    except ValueError:
        return b""


class Turned(msgspec.Struct, frozen=True, gc=False):
    """A part whose text says that the picture is to be turned, and how: 2 to 8."""

    index: int
    orientation: int


def turned(buffer: Buffer, parts: list[tuple[int, Part]]) -> Turned | None:
    """Return which of the texts among these parts turns the picture for viewers that heed texts.

    As in Pillow, Exif comes before XMP, and of two texts with one keyword the later one counts.
    """
    found: dict[bytes, tuple[int, Part]] = {}
    for index, part in parts:
        start = part.start + HEADER
        keyword, _, _ = buffer[start : start + _LONGEST_KEYWORD + 1].partition(b"\0")
        if keyword in (EXIF_KEYWORD, _RAW_EXIF, XMP_KEYWORD):
            found[keyword] = index, part
    for keyword in (EXIF_KEYWORD, _RAW_EXIF, XMP_KEYWORD):
        if keyword in found:
            index, part = found[keyword]
            number = _orientation(buffer, part)
            return Turned(index, number) if number > 1 else None
    return None


def _orientation(buffer: Buffer, part: Part) -> int:
    kind = buffer[part.start + 4 : part.start + HEADER]
    data = buffer[part.start + HEADER : min(part.end - 4, part.start + 4 * _MOST_TEXT)]
    language, payload = foreign(read_text(kind, data, _MOST_TEXT))
    if language == "exif":
        return exif.orientation(payload.removeprefix(EXIF_PREFIX))
    match = _XMP_ORIENTATION.search(payload) if language == "xmp" else None
    number = int(match[1]) if match else 1
    return number if number <= 8 else 1
