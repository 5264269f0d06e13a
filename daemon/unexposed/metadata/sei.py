"""Notes that encoders and cameras leave among the units of a video: unregistered user data.

The payload is messages as H.264 and H.265 have them, one behind the other. Sources: ITU-T H.264
sections 7.3.2.3.1 and D.1.6; ExifTool's H264.pm for what camcorders write.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from unexposed.exposure import Finding, finding
from unexposed.metadata.block import Block
from unexposed.metadata.legible import legible, size_in_words
from unexposed.metadata.times import moment

LANGUAGES = ("sei",)

_UNREGISTERED: Final = 5
_UUID: Final = 16
_CLOCKS: Final = (1, 136)
"""Picture timing, of which H.264's only goes where it has a clock, and time codes."""
_MAX_MESSAGES: Final = 100

_CAMCORDER: Final = b"MDPM"
_ENTRY: Final = 5
_YEAR_AND_MONTH, _DAY_AND_TIME = 0x18, 0x19


def read(block: Block) -> list[Finding]:
    """Return what the messages give away."""
    found: list[Finding] = []
    for kind, payload in _messages(block.payload.replace(b"\0\0\3", b"\0\0")):
        if kind == _UNREGISTERED:
            found += _user_data(payload[_UUID:], block.where)
        else:
            what = "a time code" if kind in _CLOCKS else f"message {kind}"
            found.append(finding("hidden.metadata", block.where, what))
    return found


def _messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    for _ in range(_MAX_MESSAGES):
        if len(data) - at < 2:
            return
        kind, at = number(data, at)
        size, at = number(data, at)
        yield kind, data[at : at + size]
        at += size


def number(data: bytes, at: int) -> tuple[int, int]:
    """Return a message's type or size, coded as bytes of 255 and one below, and where it ends."""
    value = 0
    while at < len(data):
        value, at = value + data[at], at + 1
        if data[at - 1] != 0xFF:
            break
    return value, at


def _user_data(data: bytes, where: str) -> list[Finding]:
    if data.startswith(_CAMCORDER):
        return _camcorder(data[len(_CAMCORDER) :], where)
    text = data.rstrip(b"\0")
    if text and all(byte >= 32 or byte in b"\t\n\r" for byte in text[:256]):
        return [finding("device.software", where, legible(text))]
    mark = f"an encoder's mark, {size_in_words(len(data))}" if data else "an encoder's mark"
    return [finding("hidden.metadata", where, mark)]


def _camcorder(data: bytes, where: str) -> list[Finding]:
    """Read when a recording was made: decimal digits in entries of a number and four bytes."""
    entries = {data[at]: data[at + 1 : at + _ENTRY] for at in range(1, len(data) - 4, _ENTRY)}
    found = [
        finding("device.maker_note", where, f"a camcorder's notes, {size_in_words(len(data))}")
    ]
    year, day = entries.get(_YEAR_AND_MONTH), entries.get(_DAY_AND_TIME)
    if year and day:
        date = f"{year[1:3].hex()}-{year[3:4].hex()}-{day[:1].hex()}"
        when = moment(f"{date} {day[1:2].hex()}:{day[2:3].hex()}:{day[3:4].hex()}")
        found.append(finding("time.taken", where, when))
    return found
