"""Google's notes on how a Pixel computed a picture: the phone, its system, the app, the time.

They are a message of Protocol Buffers, deflated, and mixed with the numbers of an xorshift64*
generator whose seed is the same for all. Source: ExifTool's tag names, "Google HDRPlusMakerNote
Tags".
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from unexposed.exposure import Finding, finding
from unexposed.metadata.legible import legible
from unexposed.metadata.maker_notes._note import Note
from unexposed.metadata.maker_notes._tells import Tell, one, text

_HEADER: Final = 5
"""A name and a version."""
_MESSAGE: Final = 3
"""The version that is a message; an older one is a log in words."""
_SEED: Final = 0x2515606B4A7791CD
_FACTOR: Final = 0x2545F4914F6CDD1D
_ALL: Final = (1 << 64) - 1
_MOST_MIXED: Final = 512 << 10
"""Bytes of a note that are looked at."""
_MOST: Final = 4 << 20
_MOST_FIELDS: Final = 20_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

_TELLS: Final[dict[tuple[int, ...], Tell]] = {
    (1, 1): Tell("device.unique_id", "name of the picture", text),
    (12, 3): Tell("device.model", "code name", text),
    (12, 6): Tell("device.software", "camera software", text),
    (12, 7): Tell("device.software", "Android", text),
    (12, 9): Tell("device.software", "app", text),
    (12, 10): Tell("device.software", "version of the app", text),
}
_TIME: Final = (9, 36, 1)
_NESTING: Final = frozenset({(1,), (9,), (9, 36), (12,)})
"""Fields that hold others of which some tell."""


def read(note: Note) -> list[Finding]:
    """Return what Google's note gives away."""
    raw = note.data[note.start : min(note.end, note.start + _MOST_MIXED)]
    inflated = _inflated(_unmixed(raw[_HEADER:]))
    if not inflated:
        return [finding("hidden.damaged", note.where, "maker's notes: they do not inflate")]
    if raw[_HEADER - 1] != _MESSAGE:
        return []
    found: list[Finding] = []
    for path, value in _fields(inflated, ()):
        if path == _TIME and isinstance(value, int) and 0 < value < 1 << 33:
            when = f"{_EPOCH + timedelta(seconds=value):%Y-%m-%d %H:%M:%SZ}"
            found.append(finding("time.taken", note.where, when))
        elif path in _TELLS and isinstance(value, bytes):
            found += one(_TELLS[path], legible(value), note.where)
    return found


def _unmixed(data: bytes) -> bytes:
    state = _SEED
    padded = data + bytes(-len(data) % 8)
    words = []
    for (word,) in struct.iter_unpack("<Q", padded):
        state ^= state >> 12
        state ^= state << 25 & _ALL
        state ^= state >> 27
        state = state * _FACTOR & _ALL
        words.append(word ^ state)
    return struct.pack(f"<{len(words)}Q", *words)[: len(data)]


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(data, _MOST)
    except zlib.error:
        return b""


def _fields(data: bytes, path: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], int | bytes]]:
    """Yield the fields of a message that is not damaged, as far as it is sound."""
    at = 0
    for _ in range(_MOST_FIELDS):
        key, at = _varint(data, at)
        if not key:
            return
        place, form = (*path, key >> 3), key & 7
        if form == 0:
            number, at = _varint(data, at)
            yield place, number
        elif form == 2:
            size, at = _varint(data, at)
            value = data[at : at + size]
            at += size
            if place in _NESTING:
                yield from _fields(value, place)
            elif place in _TELLS:
                yield place, value
        elif form in (1, 5):
            at += 8 if form == 1 else 4
        else:
            return


def _varint(data: bytes, at: int) -> tuple[int, int]:
    number = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            break
        number |= (data[at] & 0x7F) << shift
        at += 1
        if data[at - 1] < 0x80:
            break
    return number, at
