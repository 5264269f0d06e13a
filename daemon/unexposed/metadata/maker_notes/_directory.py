"""The directory of tags that most makers' notes are made of, with offsets that need care."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from unexposed.exposure import Finding, finding
from unexposed.metadata.exif_values import Field, Fields, plain_value
from unexposed.metadata.maker_notes._note import Note
from unexposed.metadata.tiff import TYPES, Entry, Walk

NAME: Final = "note"
"""What `Fields` calls the directory."""

_MOST_ENTRIES: Final = 400
_MOST_BYTES: Final = 1 << 16
"""Bytes of one value that are looked at."""
_MOST_TOTAL: Final = 1 << 20
"""Bytes of all values of a directory together; they may lie over each other."""
_MOST_BELOW: Final = 2
"""Directories that are read of those that one tag names."""
_CLOSE: Final = 16
"""Bytes from a directory's end within which the first value of a note begins that was not moved."""
_BETTER: Final = 2
"""Values that have to fit better before a note counts as moved."""
_TEXT: Final = 2
_TEXTUAL: Final = re.compile(rb"[\x20-\x7e]{3}")
_UNTEXTUAL: Final = re.compile(rb"[^\0]*[\x01-\x08\x0e-\x1f]|.?.?\0[^\0]", re.DOTALL)
"""A control character before the first NUL, or something behind an early one."""
_GLIMPSE: Final = 8
_WIDTH: Final = 12
_GAPS: Final = (4, 0)
"""Bytes between a directory's entries and the first value behind it: a link, or none."""
_BEYOND: Final = 256
"""Bytes behind a note that Nikon's and others' values may reach, as cameras say too small a size."""


def directory(note: Note, at: int, order: str = "", base: int = 0) -> Fields:
    """Read the directory at `at` of the note's block; `base` is where its offsets count from.

    Programs that move a note leave its offsets as they were: where values lie outside the note
    and a shift brings all of them inside, they are read there. What stays outside is damage.
    An empty `order` means the one of the two in which the count of entries is credible.
    """
    orders = [order] if order else [note.order, "<" if note.order == ">" else ">"]
    for one in orders:
        raw = _raw_entries(note, at, one)
        if raw:
            return _fields(note, at, one, base, raw)
    return Fields(Walk(note.data, orders[0], damage=("its directory cannot be read",)), {})


def damage(fields: Fields, note: Note) -> list[Finding]:
    """Return that the note is damaged, and how; nothing for one that is sound."""
    told = "; ".join(fields.walk.damage[:3])
    return [finding("hidden.damaged", note.where, f"maker's notes: {told}")] if told else []


_Raw = tuple[int, int, int, int]


def _raw_entries(note: Note, at: int, order: str) -> list[_Raw]:
    """Return tag, type, count and where the value's field stands; nothing for what is no directory.

    One with too many entries for its note is read as far as it goes, if its first tag is sound.
    """
    if not note.start <= at <= note.end - 2:
        return []
    (count,) = struct.unpack_from(f"{order}H", note.data, at)
    room = max(0, (note.end - at - 2) // _WIDTH)
    found = []
    for first in range(at + 2, at + 2 + _WIDTH * min(count, room, _MOST_ENTRIES), _WIDTH):
        tag, kind, number = struct.unpack_from(f"{order}HHI", note.data, first)
        found.append((tag, kind, number, first + 8))
    if not found or count > _MOST_ENTRIES or found[0][1] not in TYPES:
        return []
    if count > len(found):
        found.append((0, 0, 0, 0))
    return found


def _fields(note: Note, at: int, order: str, base: int, raw: Sequence[_Raw]) -> Fields:
    hurt: dict[str, None] = {}
    entries: list[Entry] = []
    distant: list[Entry] = []
    for tag, kind, count, place in raw:
        if not place:
            hurt["its directory is cut short"] = None
        elif kind not in TYPES:
            hurt["a tag of an unknown type"] = None
        elif (size := TYPES[kind][0] * count) <= 4:
            entries.append(Entry(NAME, tag, kind, count, place, size))
        else:
            (offset,) = struct.unpack_from(f"{order}I", note.data, place)
            distant.append(Entry(NAME, tag, kind, count, base + offset, size))
    shift = _shift(note, at + 2 + _WIDTH * len(raw), distant)
    for entry in distant:
        start = entry.start + shift
        if _inside(note, start, entry.size):
            entries.append(Entry(NAME, entry.tag, entry.type, entry.count, start, entry.size))
        else:
            hurt["a value outside of them"] = None
    walked = Walk(note.data, order, tuple(entries), damage=tuple(hurt))
    values: dict[tuple[str, int], list[Field]] = {}
    total = 0
    for entry in entries:
        total += min(entry.size, _MOST_BYTES)
        if total > _MOST_TOTAL:
            crowded = (*walked.damage, "more values than can be read")
            return Fields(msgspec.structs.replace(walked, damage=crowded), values)
        values.setdefault((NAME, entry.tag), []).append(plain_value(walked, entry, _MOST_BYTES))
    return Fields(walked, values)


def _shift(note: Note, behind: int, distant: Sequence[Entry]) -> int:
    """Return by how much the offsets of a note are wrong that was moved; 0 where they are right.

    Right is where most values lie inside the note, and where texts stand what can be text.
    """
    if not distant:
        return 0
    first = min(entry.start for entry in distant)
    if abs(first - behind) <= _CLOSE:
        return 0
    found = max((behind + gap - first for gap in _GAPS), key=lambda s: _fit(note, distant, s))
    return found if _fit(note, distant, found) >= _fit(note, distant, 0) + _BETTER else 0


def _fit(note: Note, distant: Sequence[Entry], shift: int) -> int:
    inside = [entry for entry in distant if _inside(note, entry.start + shift, entry.size)]
    texts = [
        note.data[entry.start + shift : entry.start + shift + _GLIMPSE]
        for entry in inside
        if entry.type == _TEXT
    ]
    good = sum(1 for text in texts if _TEXTUAL.match(text))
    return len(inside) + good - sum(1 for text in texts if _UNTEXTUAL.match(text))


def _inside(note: Note, start: int, size: int) -> bool:
    return note.start <= start and start + size <= min(note.end + _BEYOND, len(note.data))


def below(note: Note, fields: Fields, tag: int, base: int) -> Iterator[Fields]:
    """Yield the directories that a tag holds, or that it points at."""
    for entry in [entry for entry in fields.walk.entries if entry.tag == tag][:_MOST_BELOW]:
        pointer = entry.type in (4, 13) and entry.count == 1
        (offset,) = struct.unpack_from(f"{fields.walk.order}I", note.data, entry.start)
        at = base + offset if pointer else entry.start
        if pointer or entry.size >= _WIDTH:
            yield directory(note, at, fields.walk.order, base)
