"""Photoshop image resources, which also stand in JPEG, TIFF and Exif.

Source: Adobe Photoshop File Formats Specification (November 2019), "Image Resources Section".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from unexposed.exposure import Finding, finding
from unexposed.metadata.block import Block
from unexposed.metadata.file_paths import paths_in
from unexposed.metadata.legible import legible, utf16
from unexposed.metadata.nested import read_nested
from unexposed.metadata.thumbnails import jpeg_dimensions, small_picture

LANGUAGES = ("photoshop",)

_PREFIX = b"Photoshop 3.0\0"
_SIGNATURES: Final = (b"8BIM", b"PHUT", b"DCSR", b"AgHg", b"MeSa")
_MAX_RESOURCES = 2_000
_MAX_NESTED = 20

_NESTED: Final[dict[int, str]] = {
    0x0404: "iptc",
    0x040F: "icc",
    0x0422: "exif",
    0x0423: "exif",
    0x0424: "xmp",
}
_THUMBNAILS: Final = (0x0409, 0x040C)
_THUMBNAIL_HEAD = 28
_CAPTION, _URL, _SLICES, _VERSION = 0x03F0, 0x040B, 0x041A, 0x0421
_CHANNELS, _URLS, _CLIPPING_PATH = 0x03EE, 0x041E, 0x0BB7
_SAVED_PATHS: Final = range(0x07D0, 0x0BB7)
_USUAL_CHANNELS: Final = frozenset({"alpha 1", "alpha 2", "transparency"})

_PRINTER = re.compile(rb"printerNameTEXT(.{4})", re.DOTALL)


def read(block: Block) -> list[Finding]:
    """Return what a run of image resources gives away."""
    return read_at_depth(block, 0)


def read_at_depth(block: Block, depth: int) -> list[Finding]:
    """Read resources that stand `depth` languages deep."""
    where, data = block.where, block.payload.removeprefix(_PREFIX)
    found: list[Finding] = []
    settings = nested = end = 0
    for number, name, start, stop in _resources(data):
        end = stop + ((stop - start) & 1)
        value = data[start:stop]
        if name and number in _SAVED_PATHS:
            found.append(finding("history.edits", where, f"path: {name}"))
        if number in _NESTED and nested < _MAX_NESTED:
            nested += 1
            language = _NESTED[number]
            inner = Block(language, value, f"{where} {language.upper()}", len(value))
            found += read_nested(inner, depth + 1)
        elif told := _plainly(number, value, where):
            found += told
        else:
            settings += 1
            found += _paths(value, where)
    if data[end:].strip(b"\0"):
        found.append(finding("hidden.damaged", where, f"unreadable from byte {end}"))
    if settings:
        amount = "1 resource" if settings == 1 else f"{settings} resources"
        found.append(finding("hidden.metadata", where, f"Photoshop settings, {amount}"))
    return found


def _resources(data: bytes) -> Iterator[tuple[int, str, int, int]]:
    """Yield each resource's number, its name, and the span of its data."""
    at = 0
    for _ in range(_MAX_RESOURCES):
        if data[at : at + 4] not in _SIGNATURES or at + 12 > len(data):
            return
        named = data[at + 6] + 1
        sized = at + 6 + named + (named & 1)
        start = sized + 4
        stop = start + int.from_bytes(data[sized:start])
        if start > len(data) or stop > len(data):
            return
        name = legible(data[at + 7 : at + 6 + named])
        yield int.from_bytes(data[at + 4 : at + 6]), name, start, stop
        at = stop + ((stop - start) & 1)


def _plainly(number: int, value: bytes, where: str) -> list[Finding]:
    """Return the finding of a resource whose meaning is plain, nothing for any other."""
    kind, text = "", ""
    if number in _THUMBNAILS:
        picture = value[_THUMBNAIL_HEAD:]
        return [small_picture(f"{where} thumbnail", jpeg_dimensions(picture), len(picture))]
    if number == _CAPTION:
        kind, text = "person.caption", legible(value[1 : 1 + value[0]] if value else b"")
    elif number == _URL:
        kind, text = "account.url", legible(value)
    elif number == _VERSION:
        kind, text = "device.software", _counted(value, 5)
    elif number == _SLICES:
        kind, text = "history.documents", _counted(value, 20)
    elif number == _URLS:
        return [finding("account.url", where, one) for one in _links(value)]
    elif number == _CHANNELS:
        names = _pascal(value)
        kind, text = (
            "history.edits",
            ", ".join(name for name in names if name.casefold() not in _USUAL_CHANNELS),
        )
        text = f"channels: {text}" if text else ""
    elif number == _CLIPPING_PATH:
        kind, text = "history.edits", ", ".join(_pascal(value)[:1])
        text = f"clipping path: {text}" if text else ""
    elif printer := _PRINTER.search(value):
        name = _counted(value, printer.start(1))
        kind, text = "device.host", f"printer {name}" if name else ""
    return [finding(kind, where, text)] if text else []


def _pascal(value: bytes) -> list[str]:
    """Return texts that each have their length in the byte before them."""
    found: list[str] = []
    at = 0
    while at < len(value) and value[at] and len(found) < _MAX_NESTED:
        found.append(legible(value[at + 1 : at + 1 + value[at]]))
        at += 1 + value[at]
    return [text for text in found if text]


def _links(value: bytes) -> list[str]:
    """Return the addresses in a list: each is a number, an identifier and a counted text."""
    found = []
    at = 4
    for _ in range(min(int.from_bytes(value[:4]), _MAX_NESTED)):
        units = int.from_bytes(value[at + 8 : at + 12])
        found.append(_counted(value, at + 8))
        at += 12 + 2 * units
    return [text for text in found if text]


def _counted(value: bytes, at: int) -> str:
    """Return a Unicode string that has its number of UTF-16 units in four bytes before it."""
    units = int.from_bytes(value[at : at + 4])
    return utf16(value[at + 4 : at + 4 + 2 * min(units, 1000)], "be")


def _paths(value: bytes, where: str) -> list[Finding]:
    """Return the file paths that stand in a resource as text of one or two bytes a character."""
    sample = value[: 1 << 16]
    texts = (
        sample.decode("latin-1"),
        *(sample[odd:].decode("utf-16-be", "replace") for odd in (0, 1)),
    )
    paths = dict.fromkeys(path for text in texts for path in paths_in(text))
    return [finding("location.file_path", where, path) for path in list(paths)[:5]]
