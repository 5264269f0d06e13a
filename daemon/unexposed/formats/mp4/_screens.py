"""Samples whose notes have no filler to give way to: MPEG-4 part 2, MPEG-2 and ProRes.

One that holds more than its pictures is held back. What encoders call themselves stays, as decoders
make up for their faults by that name. Sources: ISO/IEC 14496-2 section 6.2.2.1; ISO/IEC 13818-2
section 6.2.2.2.2; SMPTE RDD 36:2022 section 5.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from unexposed.errors import Malformed
from unexposed.formats.mp4._notes import Note
from unexposed.formats.parts import Buffer

USER_DATA: Final = b"\0\0\1\xb2"

_NEXT: Final = b"\0\0\1"
_MAX_USER_DATA: Final = 1 << 10
_ENCODER: Final = re.compile(rb"(DivX|XviD|Lavc|FFmpe?g)[ -~]{0,24}\0*")
_CAPTIONS: Final = re.compile(
    rb"(GA94\x03[\0-\xff]{0,100}|GA94\x06[\0-\xff]{0,16}|DTG1[\0-\xff]{0,3})"
)

_PRORES: Final = b"icpf"
_FRAME: Final = 10
_PRORES_HEADERS: Final = range(20, 149)


def read_user_data(buffer: Buffer, start: int, end: int, known: bytes) -> Iterator[Note]:
    """Yield nothing for a sample in which no user data stand, but an encoder's name or captions.

    `known` are those that the description has too. Raises Malformed for any others.
    """
    at = buffer.find(USER_DATA, start, end)
    while at >= 0:
        begin = at + len(USER_DATA)
        text = buffer[begin : min(end, begin + _MAX_USER_DATA)].partition(_NEXT)[0]
        if text != known and not _ENCODER.fullmatch(text) and not _CAPTIONS.fullmatch(text):
            raise Malformed("notes of an unknown kind stand among its pictures", at)
        at = buffer.find(USER_DATA, begin, end)
    yield from ()


def read_prores(buffer: Buffer, start: int, end: int) -> Iterator[Note]:
    """Yield nothing for a sample that is a frame of ProRes. Raises Malformed for any other."""
    head = buffer[start : min(end, start + _FRAME)]
    if (
        int.from_bytes(head[:4]) != end - start
        or head[4:8] != _PRORES
        or int.from_bytes(head[8:10]) not in _PRORES_HEADERS
    ):
        raise Malformed("a frame of ProRes does not fill its sample", start)
    yield from ()
