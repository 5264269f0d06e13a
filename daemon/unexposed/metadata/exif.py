"""Exif: which way up a picture is, and what its Exif block gives away.

A block here is the TIFF structure without the `Exif` prefix that JPEG puts before it.
Source: CIPA DC-008 (Exif 2.32) 4.6; TIFF 6.0 section 2.
"""

from __future__ import annotations

import struct
from functools import cache

import piexif

from unexposed.exposure import Finding, finding
from unexposed.metadata.block import Block
from unexposed.metadata.devices import full_model
from unexposed.metadata.exif_gps import USED as USED_FOR_GPS
from unexposed.metadata.exif_gps import encoded_text, positions
from unexposed.metadata.exif_remains import behind, cut_short
from unexposed.metadata.exif_tags import (
    NESTED,
    STRUCTURE,
    TEXTS,
    WIDE_TEXTS,
    home,
    is_standard,
)
from unexposed.metadata.exif_values import Fields, as_text, fields
from unexposed.metadata.legible import size_in_words, utf16
from unexposed.metadata.maker_notes import Note, read_note
from unexposed.metadata.nested import read_nested
from unexposed.metadata.prompts import recognised
from unexposed.metadata.thumbnails import jpeg_dimensions, small_picture
from unexposed.metadata.times import moment, zone, zone_of_hours

LANGUAGES = ("exif",)

_ORDERS = {b"II*\x00": "<", b"MM\x00*": ">"}
_HEADER = 8
_PREFIX = b"Exif\x00\x00"
_SHORT = 3

_ORIENTATION = 0x0112
_MAKE, _MODEL = 0x010F, 0x0110
_LENS_MAKE, _LENS_MODEL = 0xA433, 0xA434
_USER_COMMENT, _MAKER_NOTE = 0x9286, 0x927C
_UNIQUE_IDS = (("Exif", 0xA420), ("IFD0", 0xC65D))
_ZONE_HOURS = 0x882A
_THUMBNAIL, _THUMBNAIL_SIZE = 0x0201, 0x0202
_WIDTH, _HEIGHT, _COMPRESSION, _STRIP_SIZES = 0x0100, 0x0101, 0x0103, 0x0117

_TIMES = (
    ("IFD0", 0x0132, 0x9290, 0x9010, "time.edited"),
    ("Exif", 0x9003, 0x9291, 0x9011, "time.taken"),
    ("Exif", 0x9004, 0x9292, 0x9012, "time.digitised"),
)
"""Directory and tag of a time; the tags of its sub-seconds and offset in Exif; its kind."""

_MAX_NESTED = 8
"""So many tags with another language inside are read."""
_MAX_VALUES = 20
"""So many values of one tag are told; a sound block has one."""
_MAX_NOTES = 4
"""So many makers' notes are read; cameras write one."""
_USED: dict[str, set[int]] = {
    "IFD0": {_MAKE, _MODEL, 0x0132, 0xC65D, _ZONE_HOURS, *WIDE_TEXTS, *NESTED},
    "Exif": {_LENS_MAKE, _LENS_MODEL, _USER_COMMENT, _MAKER_NOTE, 0xA420, _ZONE_HOURS}
    | {tag for _, *tags, _ in _TIMES for tag in tags},
    "GPS": {0x0000, *USED_FOR_GPS},
}
"""The tags that findings are made of, beside those in the tables of texts."""


def orientation(tiff_block: bytes) -> int:
    """Return the Exif orientation, 1 to 8; 1 when there is none, whatever the bytes.

    It is read as browsers read it: the first entry of IFD0 that has tag 274, type
    SHORT, count 1 and a value in range.
    """
    order = _ORDERS.get(tiff_block[:4])
    if order is None or len(tiff_block) < 8:
        return 1
    (start,) = struct.unpack_from(order + "I", tiff_block, 4)
    if start < 8 or start + 2 > len(tiff_block):
        return 1
    (count,) = struct.unpack_from(order + "H", tiff_block, start)
    first, room = start + 2, (len(tiff_block) - start - 2) // 12
    for at in range(first, first + 12 * min(count, room), 12):
        tag, kind, length, value = struct.unpack_from(order + "HHIH", tiff_block, at)
        if (tag, kind, length) == (_ORIENTATION, _SHORT, 1) and 1 <= value <= 8:
            return int(value)
    return 1


@cache
def plain_orientation(n: int) -> bytes:
    """Return a TIFF block that holds the orientation `n` (2 to 8) alone.

    The bytes depend on `n` only. Raises ValueError for any other `n`.
    """
    if not 2 <= n <= 8:
        raise ValueError(f"no orientation worth a block: {n}")
    block: bytes = piexif.dump({"0th": {piexif.ImageIFD.Orientation: n}})
    return block.removeprefix(_PREFIX)


def thumbnail(tiff_block: bytes) -> bytes | None:
    """Return the JPEG that IFD1 points at, cut where the block ends; None without one."""
    return _thumbnail_of(fields(tiff_block))


def read(block: Block) -> list[Finding]:
    """Return what an Exif block gives away; damage is told first."""
    return read_at_depth(block, 0)


def read_at_depth(block: Block, depth: int) -> list[Finding]:
    """Read a block that stands `depth` languages deep in others."""
    told = fields(block.payload.removeprefix(_PREFIX))
    where = block.where
    found = []
    damage = told.walk.damage
    if not damage and not told.walk.entries and told.walk.data[_HEADER:].strip(b"\0"):
        damage = (f"no tags in {size_in_words(len(told.walk.data))}",)
    if cut := cut_short(told):
        damage = (*damage, cut)
    if damage:
        found.append(finding("hidden.damaged", where, "; ".join(damage[:3])))
    for ifd in told.directories("GPS"):
        found += positions(told, ifd, f"{where} GPS")
    found += _times(told, where)
    found += _devices(told, where)
    found += _texts(told, where)
    found += _maker_notes(told, where)
    found += _small_copies(told, where)
    found += _nested(told, where, depth)
    return found + _rest(told, where) + behind(told, where)


def _place_of(ifd: str, where: str) -> str:
    return f"{where} thumbnail" if ifd == "IFD1" else where


def _thumbnail_of(told: Fields) -> bytes | None:
    start, size = told.numbers("IFD1", _THUMBNAIL), told.numbers("IFD1", _THUMBNAIL_SIZE)
    if not start or not size:
        return None
    begin = int(start[0])
    data = bytes(told.walk.data[begin : begin + int(size[0])]) if begin > 0 and size[0] > 0 else b""
    return data if data.startswith(b"\xff\xd8") else None


def _times(told: Fields, where: str) -> list[Finding]:
    found = []
    offsets: dict[str, None] = {}
    for owner, tag, fraction, offset, kind in _TIMES:
        shift = zone(told.text("Exif", offset))
        if shift:
            offsets[shift] = None
        moments = (
            moment(as_text(value), told.text("Exif", fraction), shift)
            for ifd in told.directories(owner)
            for value in told.all(ifd, tag)
        )
        found += [finding(kind, where, when) for when in moments if when]
    for ifd in told.directories("IFD0") + told.directories("Exif"):
        for shift in map(zone_of_hours, told.numbers(ifd, _ZONE_HOURS)[:1]):
            if shift:
                offsets[shift] = None
    return found + [finding("time.zone", where, shift) for shift in offsets]


def _devices(told: Fields, where: str) -> list[Finding]:
    found = [
        finding("device.model", _place_of(ifd, where), model)
        for ifd in told.directories("IFD0")
        if (model := full_model(told.text(ifd, _MAKE), told.text(ifd, _MODEL)))
    ]
    found += [
        finding("device.lens", where, lens)
        for ifd in told.directories("Exif")
        if (lens := full_model(told.text(ifd, _LENS_MAKE), told.text(ifd, _LENS_MODEL)))
    ]
    numbers = (
        as_text(value) if isinstance(value, bytes) else _hex(value)
        for owner, tag in _UNIQUE_IDS
        for ifd in told.directories(owner)
        for value in told.all(ifd, tag)
    )
    return found + [
        finding("device.unique_id", where, number) for number in numbers if number.strip("0 ")
    ]


def _hex(value: tuple[object, ...]) -> str:
    return "".join(f"{number & 0xFF:02x}" for number in value if isinstance(number, int))


def _texts(told: Fields, where: str) -> list[Finding]:
    found = []
    unread = 0
    for (ifd, tag), values in told.values.items():
        owner = home(ifd)
        unread += max(0, len(values) - _MAX_VALUES)
        for value in values[:_MAX_VALUES]:
            if kind := TEXTS.get((owner, tag)):
                text = as_text(value)
            elif owner == "IFD0" and (kind := WIDE_TEXTS.get(tag)):
                text = _wide(value)
            elif (owner, tag) == ("Exif", _USER_COMMENT):
                kind, text = "person.caption", encoded_text(value, told.walk.order)
            else:
                continue
            if not text:
                continue
            place = _place_of(ifd, where)
            prompts = recognised(text, place) if kind == "person.caption" else []
            found += prompts or [finding(kind, place, text)]
    if unread:
        more = f"{unread:,} more values of tags that stand more than {_MAX_VALUES} times"
        found.append(finding("hidden.damaged", where, more))
    return found


def _wide(value: bytes | tuple[object, ...]) -> str:
    if isinstance(value, bytes):
        return utf16(value)
    return utf16(bytes(number & 0xFF for number in value if isinstance(number, int)))


def _maker_notes(told: Fields, where: str) -> list[Finding]:
    make, model = told.text("IFD0", _MAKE), told.text("IFD0", _MODEL)
    place = f"{where} MakerNote"
    notes = [
        entry
        for entry in told.walk.entries
        if home(entry.ifd) == "Exif" and entry.tag == _MAKER_NOTE and entry.size
    ]
    found = []
    for entry in notes[:_MAX_NOTES]:
        note = Note(
            data=bytes(told.walk.data),
            start=entry.start,
            size=entry.size,
            order=told.walk.order,
            where=place,
            make=make,
            model=model,
        )
        found += read_note(note)
    if unread := sum(entry.size for entry in notes[_MAX_NOTES:]):
        found.append(finding("device.maker_note", place, f"further ones, {size_in_words(unread)}"))
    return found


def _small_copies(told: Fields, where: str) -> list[Finding]:
    place = f"{where} thumbnail"
    jpeg = _thumbnail_of(told)
    if jpeg is not None:
        return [small_picture(place, jpeg_dimensions(jpeg), len(jpeg))]
    sizes = told.numbers("IFD1", _STRIP_SIZES)
    width, height = told.numbers("IFD1", _WIDTH), told.numbers("IFD1", _HEIGHT)
    if sizes and width and height:
        return [small_picture(place, (int(width[0]), int(height[0])), int(sum(sizes)))]
    return []


def _nested(told: Fields, where: str, depth: int) -> list[Finding]:
    """Read the other languages that Exif's main directory can hold."""
    inside = [
        entry
        for entry in told.walk.entries
        if home(entry.ifd) == "IFD0" and entry.tag in NESTED and entry.size
    ]
    found = []
    for entry in inside[:_MAX_NESTED]:
        language = NESTED[entry.tag]
        inner = Block(language, told.walk.raw(entry), f"{where} {language.upper()}", entry.size)
        found += read_nested(inner, depth + 1)
    if unread := sum(entry.size for entry in inside[_MAX_NESTED:]):
        found.append(finding("hidden.unknown", where, size_in_words(unread)))
    return found


def _rest(told: Fields, where: str) -> list[Finding]:
    """Count what no other finding was made of: settings that a specification knows, and the rest."""
    settings, private, private_bytes = 0, 0, 0
    for entry in told.walk.entries:
        if not is_standard(entry.ifd, entry.tag) and not _is_used(entry.ifd, entry.tag):
            private += 1
            private_bytes += entry.size
        elif not _is_used(entry.ifd, entry.tag):
            settings += 1
    found = []
    if private:
        tags = "1 private tag" if private == 1 else f"{private} private tags"
        found.append(finding("hidden.unknown", where, f"{tags}, {size_in_words(private_bytes)}"))
    if settings:
        values = "1 value" if settings == 1 else f"{settings} values"
        found.append(finding("hidden.metadata", where, f"camera settings, {values}"))
    return found


def _is_used(ifd: str, tag: int) -> bool:
    """Tell whether a tag is told of already, or has nothing to tell."""
    owner = home(ifd)
    if owner == "Interop":
        return is_standard(ifd, tag)
    return tag in STRUCTURE or tag in _USED.get(owner, ()) or (owner, tag) in TEXTS
