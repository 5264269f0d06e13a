"""Notes that encoders and cameras leave among the units of a coded picture.

A unit or message that the picture does not need is overwritten, in place, by the filler that
its standard provides, so that no sample changes its size. What stays is an allowlist.
Not told apart from the picture: bytes that somebody added inside a slice.
Sources: ITU-T H.264 (08/2021) sections 7.3.1 and 7.4.1, annex D; ITU-T H.265 (08/2021) section
7.4.2.2, annexes D and F; AV1 bitstream specification sections 5.3, 5.8 and 6.7.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import msgspec

from unexposed.errors import Malformed
from unexposed.formats.mp4._clock import Timing
from unexposed.formats.parts import Buffer
from unexposed.metadata.sei import number

MESSAGES: Final = "notes in the picture data"
AVC_UNIT: Final = "idle unit in the picture data"
HEVC_UNIT: Final = "idle HEVC unit in the picture data"
AV1_UNIT: Final = "idle AV1 unit in the picture data"

NAMES: Final = frozenset({MESSAGES, AVC_UNIT, HEVC_UNIT, AV1_UNIT})

MAX_NOTES: Final = 1 << 20
"""Bytes of one unit of notes at most; a file with a larger one is held back."""


class Note(NamedTuple):
    """Bytes that give way to filler; `name` says of which kind."""

    start: int
    end: int
    name: str


class Syntax(msgspec.Struct, frozen=True):
    """The units of a codec: which types the picture needs, and which hold messages.

    The first byte of a unit's header of `header` bytes has its type, above `shift` bits. Units of
    the types in `marks` are needed too, but hold next to nothing; units of further layers only where
    the decoder is told of `layers`. `messages` are the payload types that stay, and how many bytes of
    each; picture timing only where it has no clock by `timing`, if that is told.
    """

    header: int
    shift: int
    mask: int
    needed: frozenset[int]
    marks: frozenset[int]
    notes: frozenset[int]
    messages: Mapping[int, int]
    filler: str
    layers: bool = False
    timing: Timing | None = None


_PICTURE_TIMING, _FILLER, _REGISTERED = 1, 3, 4
_MARK: Final = 4
"""Bytes of a unit that marks a place, at most."""

REGISTERED: Final[dict[bytes, int]] = {
    b"\xb5\x00\x31GA94\x03": 128,  # captions, ATSC A/53 part 4
    b"\xb5\x00\x31GA94\x06": 24,  # bars
    b"\xb5\x00\x31DTG1": 12,  # active format, SCTE 128
    b"\xb5\x00\x3c\x00\x01\x04": 913,  # HDR10+, SMPTE ST 2094-40 with all its windows
    b"\xb5\x00\x3b\x00\x00\x08\x00": 1024,  # Dolby Vision
}
"""How those messages registered under ITU-T T.35 begin that stay, and how many bytes at most."""

_ON_DISPLAY: Final[dict[int, int]] = {
    **dict.fromkeys((19, 155), 512),
    **dict.fromkeys((22, 23), 256),
    45: 16,
    47: 6,
    137: 24,
    144: 4,
    147: 1,
    148: 8,
    **dict.fromkeys((150, 151), 4),
    154: 14,
}
"""Payload types of both codecs that tell how to show the picture: film grain, tone mapping,
frame packing, orientation, the mastering display, light levels, transfer, ambient light, spheres.
Each with the bytes that it has at most."""

AVC: Final = Syntax(
    header=1,
    shift=0,
    mask=0x1F,
    needed=frozenset({1, 5, 7, 8, 13}),
    marks=frozenset({9, 10, 11}),
    notes=frozenset({6}),
    messages=_ON_DISPLAY
    | {0: 256, _PICTURE_TIMING: 64, 2: 64, 6: 8, 7: 64, 13: 8, 14: 0, 20: 8, 21: 8},
    filler=AVC_UNIT,
)
EXTENDED_AVC: Final = msgspec.structs.replace(AVC, needed=AVC.needed | {2, 3, 4})
"""With slices in partitions, which only one profile has."""
HEVC: Final = Syntax(
    header=2,
    shift=1,
    mask=0x3F,
    needed=frozenset({*range(10), *range(16, 22), 32, 33, 34}),
    marks=frozenset({35, 36, 37}),
    notes=frozenset({39, 40}),
    messages=_ON_DISPLAY
    | {0: 512, 1: 512, 2: 64, 6: 8, 16: 8, 17: 8, 128: 256, 129: 32, 130: 32, 131: 4}
    | {132: 49, 134: 8, 135: 8, 149: 64, 165: 16, 176: 256, 177: 64},
    filler=HEVC_UNIT,
)
DOLBY_HEVC: Final = msgspec.structs.replace(HEVC, needed=HEVC.needed | {62, 63})
"""With the units of Dolby Vision, which other decoders pass over."""

_AV1_NEEDED: Final = frozenset({1, 3, 4, 6})
_AV1_HEADER, _AV1_EXTENDED = 3, 0b100
_AV1_DELIMITER: Final = 2
_AV1_METADATA, _AV1_PADDING = 5, 15
_AV1_MESSAGES: Final[dict[int, int]] = {1: 4, 2: 24, 3: 256}
"""Light levels, the mastering display, scalability, and how many bytes each has at most."""
_AV1_LAST: Final = 1
"""Bytes behind a message, which end its unit."""
_MAX_LEB: Final = 8


def read_units(
    buffer: Buffer, start: int, end: int, syntax: Syntax, length_size: int
) -> Iterator[Note]:
    """Yield the notes in a sample of units, each with its length before it.

    A unit of no length is padding. Raises Malformed where the units do not fill the sample.
    """
    shift, mask, needed = syntax.shift, syntax.mask, syntax.needed
    further = syntax.header > 1 and not syntax.layers
    while start < end:
        body = start + length_size
        head = buffer[start : body + 2]
        stop = body + int.from_bytes(head[:length_size])
        if stop > end:
            raise Malformed("the units of a picture do not fill its sample", start)
        start = stop
        if stop == body:
            continue
        kind = head[length_size] >> shift & mask
        if further and stop - body > 1 and (head[length_size] & 1 or head[length_size + 1] >> 3):
            yield Note(body, stop, syntax.filler)
            continue
        if kind in needed or (kind in syntax.marks and stop - body <= _MARK):
            continue
        if kind not in syntax.notes:
            if stop - body < syntax.header:
                raise Malformed("a unit of a picture is too short", body)
            yield Note(body, stop, syntax.filler)
        elif stop - body > MAX_NOTES:
            raise Malformed("notes in the picture data are too large", body)
        else:
            for first, last in needless(buffer[body:stop], syntax, body):
                yield Note(body + first, body + last, MESSAGES)


def needless(unit: bytes, syntax: Syntax, where: int) -> list[tuple[int, int]]:
    """Return from where to where a unit holds messages that do not stay.

    Raises Malformed, with `where` as its place, for one that could not be overwritten.
    """
    content, prevented = unescaped(unit)
    found: list[tuple[int, int]] = []
    at = syntax.header
    while len(content) - at > 2:
        begin = at
        kind, at = number(content, at)
        size, at = number(content, at)
        stays = size <= syntax.messages.get(kind, -1)
        if kind == _PICTURE_TIMING and syntax.timing:
            stays = stays and not syntax.timing.has_clock(content[at : at + size])
        elif kind == _REGISTERED:
            stays = _is_registered(content[at : at + size], size)
        at += size
        if at > len(content):
            if content[-1] != 0x80:
                raise Malformed("notes in the picture data run over their end", where)
            stays, at = False, len(content) - 1
        if not stays:
            if found and found[-1][1] == begin:
                begin = found.pop()[0]
            found.append((begin, at))
    spans = [
        (begin + bisect_right(prevented, begin), end + bisect_right(prevented, end))
        for begin, end in found
    ]
    for begin, end in spans:
        # Filler begins with 3, and in its shortest form ends with 0: beside zeros that would
        # read as the mark by which three bytes of a start code are kept apart.
        if unit[:begin].endswith(b"\0\0") or (end - begin == 2 and unit[end : end + 1] == b"\0"):
            raise Malformed("notes in the picture data cannot be overwritten", where)
    return spans


def _is_registered(message: bytes, size: int) -> bool:
    """Tell whether a message that begins like this, and has so many bytes, is one that stays."""
    return any(
        size <= most and message.startswith(beginning) for beginning, most in REGISTERED.items()
    )


def plain_unit(unit: bytes, syntax: Syntax, where: int) -> bytes:
    """Return a unit of notes with filler for what does not stay, b"" where nothing does.

    Raises Malformed as `needless` does.
    """
    made = unit
    for begin, end in needless(unit, syntax, where):
        if begin == syntax.header and len(unit) - end <= 2:
            return b""
        made = made[:begin] + _messages(end - begin) + made[end:]
    return made


def read_obus(buffer: Buffer, start: int, end: int) -> Iterator[Note]:
    """Yield the notes in a sample of AV1's units. Raises Malformed where they do not fill it."""
    while start < end:
        kind, body, stop = _read_obu(buffer, start, end)
        if kind == _AV1_METADATA:
            payload = buffer[body : min(stop, body + 64)]
            message, at = _leb(payload, 0)
            size = stop - body - at - _AV1_LAST
            stays = size <= _AV1_MESSAGES.get(message, -1) or (
                message == _REGISTERED and _is_registered(payload[at:], size)
            )
        elif kind == _AV1_HEADER and buffer[start] & _AV1_EXTENDED:
            raise Malformed("an AV1 picture in layers", start)
        else:
            stays = kind in _AV1_NEEDED or (kind == _AV1_DELIMITER and body == stop)
        if not stays:
            if stop - start > MAX_NOTES:
                raise Malformed("notes in the picture data are too large", start)
            yield Note(start, stop, AV1_UNIT)
        start = stop


def filler(name: str, old: bytes) -> bytes:
    """Return what is to stand in the place of a note's bytes; as many, and the same for filler."""
    size = len(old)
    if name == MESSAGES:
        return _messages(size)
    if name == AV1_UNIT:
        _, body, _ = _read_obu(old, 0, size)
        first = bytes([_AV1_PADDING << 3 | old[0] & 0b110])
        return first + old[1:body] + _stuffing(size - body)
    header = b"\x0c" if name == AVC_UNIT else b"\x4c\x01"
    return header + _stuffing(size - len(header))


def _stuffing(size: int) -> bytes:
    """Return bytes of ones that end with the bit which ends a unit."""
    return b"\xff" * (size - 1) + b"\x80" * (size > 0)


def _messages(size: int) -> bytes:
    """Return one or two filler messages that take so many bytes, at least two."""
    payload = size - 2 - (size - 2) // 256
    length, rest = divmod(payload, 255)
    if 2 + length + payload != size:
        return _messages(2) + _messages(size - 2)
    return bytes([_FILLER]) + b"\xff" * length + bytes([rest]) + b"\xff" * payload


def unescaped(unit: bytes) -> tuple[bytes, list[int]]:
    """Return a unit without the bytes that keep start codes apart, and behind which bytes these were.

    A byte of the result stood as many places further on as there are numbers up to its own place.
    """
    if b"\0\0\3" not in unit:
        return unit, []
    pieces, prevented = [], []
    at = length = 0
    while (found := unit.find(b"\0\0\3", at)) >= 0:
        pieces.append(unit[at : found + 2])
        length += found + 2 - at
        prevented.append(length)
        at = found + 3
    return b"".join(pieces) + unit[at:], prevented


def _read_obu(buffer: Buffer, start: int, end: int) -> tuple[int, int, int]:
    """Return the type of an AV1 unit, and where its payload begins and ends."""
    head = buffer[start : min(end, start + 2 + _MAX_LEB)]
    body = 2 if head[0] & 0b100 else 1
    if head[0] & 0x80 or body > len(head):
        raise Malformed("an AV1 unit does not begin as one", start)
    if not head[0] & 0b10:
        return head[0] >> 3, start + body, end
    size, body = _leb(head, body)
    if start + body + size > end:
        raise Malformed("an AV1 unit runs over the end of its sample", start)
    return head[0] >> 3, start + body, start + body + size


def _leb(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of seven bits a byte, low ones first, and where it ends."""
    value = 0
    for place in range(_MAX_LEB):
        if at + place >= len(data):
            break
        value |= (data[at + place] & 0x7F) << 7 * place
        if not data[at + place] & 0x80:
            return value, at + place + 1
    return value, at + _MAX_LEB
