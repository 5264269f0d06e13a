"""The values of an Exif block: read by piexif where the block is sound, by the walk elsewhere."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, TypeAlias

import msgspec
import piexif

from unexposed.metadata.exif_tags import home
from unexposed.metadata.legible import legible
from unexposed.metadata.tiff import RATIONALS, Entry, Value, Walk, walk

Field: TypeAlias = bytes | tuple[Value, ...]
"""Bytes for text and undefined data; numbers and rationals otherwise."""

MAX_BYTES = 1 << 20
"""Bytes of one value that are looked at."""

_MAX_TOTAL = 4 << 20
"""Bytes of all values together; only values that lie over each other add up to more."""

_MOST = 1 << 64
_MOST_AS_TEXT = 256
"""Numbers of a value that are told where text is expected."""
_AS_BYTES = frozenset({2, 7, 129})
_PIEXIF_NAMES = {"0th": "IFD0", "1st": "IFD1", "Exif": "Exif", "GPS": "GPS", "Interop": "Interop"}
_PIEXIF_KEYS = {name: key for key, name in _PIEXIF_NAMES.items()}
_PIEXIF_TYPES = frozenset(range(1, 13))
_PIEXIF_BYTES = 4 << 20
_PIEXIF_NUMBERS = 4_096


class Fields(msgspec.Struct, frozen=True):
    """A block's values by directory and tag; a tag that stands twice has two."""

    walk: Walk
    values: dict[tuple[str, int], list[Field]]

    def all(self, ifd: str, tag: int) -> list[Field]:
        """Return every value of a tag."""
        return self.values.get((ifd, tag), [])

    def directories(self, owner: str) -> list[str]:
        """Return the directories that have the tags of `owner`: the pages for "IFD0"."""
        return [ifd for ifd in dict.fromkeys(ifd for ifd, _ in self.values) if home(ifd) == owner]

    def text(self, ifd: str, tag: int) -> str:
        """Return the first value of a tag as one line of text, "" without one."""
        return next((as_text(value) for value in self.all(ifd, tag)), "")

    def numbers(self, ifd: str, tag: int) -> list[float]:
        """Return the first value of a tag as numbers; rationals over zero are left out."""
        return next((list(as_numbers(value)) for value in self.all(ifd, tag)), [])


def as_text(value: Field) -> str:
    """Return a value as one line of text."""
    if isinstance(value, bytes):
        return legible(value.rstrip(b"\0 "))
    return legible(" ".join(f"{number:g}" for number in as_numbers(value[:_MOST_AS_TEXT])))


def as_numbers(value: Field) -> Iterator[float]:
    """Yield a value's numbers; bytes have none.

    Rationals over zero, infinite and unheard-of numbers are left out.
    """
    if isinstance(value, bytes):
        return
    for number in value:
        plain = as_number(number)
        if plain is not None:
            yield plain


def as_number(value: Value) -> float | None:
    """Return a number or rational as a number; None over zero, and for what nobody measures."""
    if isinstance(value, tuple):
        return value[0] / value[1] if value[1] else None
    return value if abs(value) < _MOST else None


def fields(block: bytes) -> Fields:
    """Read every value of a TIFF block without `Exif` prefix, as far as it goes."""
    walked = walk(block)
    known = _by_piexif(block, walked) if _is_sound(walked) else {}
    values: dict[tuple[str, int], list[Field]] = {}
    total = 0
    for entry in walked.entries:
        total += min(entry.size, MAX_BYTES)
        if total > _MAX_TOTAL:
            crowded = (*walked.damage, "more values than can be read")
            return Fields(msgspec.structs.replace(walked, damage=crowded), values)
        value = known.get((entry.ifd, entry.tag))
        if value is None:
            value = plain_value(walked, entry)
        values.setdefault((entry.ifd, entry.tag), []).append(value)
    return Fields(walked, values)


def plain_value(walked: Walk, entry: Entry, limit: int = MAX_BYTES) -> Field:
    """Return an entry's value as the walk has it, the first `limit` bytes of text and data."""
    if entry.type in _AS_BYTES:
        return walked.raw(entry, limit)
    return walked.values(entry)


def _is_sound(walked: Walk) -> bool:
    """Tell whether piexif reads the block in full and within bounds.

    It allocates by the counts that it reads, fails on empty values, cuts the last byte of a text
    without NUL, and keeps only the last of equal tags.
    """
    if walked.damage or len(walked.data) > _PIEXIF_BYTES:
        return False
    if len({(entry.ifd, entry.tag) for entry in walked.entries}) < len(walked.entries):
        return False
    if sum(entry.size for entry in walked.entries) > len(walked.data):
        return False
    return all(_is_readable(walked, entry) for entry in walked.entries if _is_known(entry))


def _is_known(entry: Entry) -> bool:
    """Tell whether piexif has the tag, and so reads its value."""
    key = _PIEXIF_KEYS.get(entry.ifd)
    return key is not None and entry.tag in piexif.TAGS[key]


def _is_readable(walked: Walk, entry: Entry) -> bool:
    if entry.type not in _PIEXIF_TYPES or entry.count == 0:
        return False
    if entry.type == 2:
        return walked.data[entry.start + entry.size - 1] == 0
    return entry.type in _AS_BYTES or entry.count <= _PIEXIF_NUMBERS


def _by_piexif(block: bytes, walked: Walk) -> dict[tuple[str, int], Field]:
    """Return piexif's values in this module's form; nothing when it gives up."""
    if not block.startswith((b"II*\0", b"MM\0*")):
        return {}
    try:
        loaded = piexif.load(b"Exif\0\0" + block)
    except (struct.error, ValueError, TypeError):
        return {}
    types = {(entry.ifd, entry.tag): entry.type for entry in walked.entries}
    return {
        (name, tag): _normal(value, types[name, tag])
        for key, name in _PIEXIF_NAMES.items()
        for tag, value in loaded[key].items()
        if (name, tag) in types
    }


def _normal(value: Any, kind: int) -> Field:
    """Return a value of piexif's as bytes or as a tuple, which it leaves out around one number."""
    if isinstance(value, bytes):
        return value
    is_alone = not isinstance(value, tuple) or (kind in RATIONALS and isinstance(value[0], int))
    return (value,) if is_alone else value
