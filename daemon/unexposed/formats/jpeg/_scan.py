"""The entropy-coded data of a JPEG's scan: what decoders read of it, and what they pass over.

Sources: ITU-T T.81 B.1.1.2 and E.1.4; where a file breaks the rules, libjpeg's jdhuff.c and
jpeg_resync_to_restart in jdmarker.c, which Pillow and the browsers share.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from unexposed.errors import Malformed
from unexposed.formats.parts import Buffer

_MARKER: Final = re.compile(rb"\xff(?!\x00)\xff*[\x00-\xfe]?")
"""A marker and the fill bytes before it; at the end of the data its code can be missing.

A code of zero, behind more than one FF, is none: libjpeg takes them all for one byte of FF, but
not each of its versions without fault.
"""
_RST0: Final = 0xD0
_ENDS: Final = frozenset({*range(0xC0, 0xD0), *range(0xD8, 0x100)})
"""The codes that end a scan, whatever is missing in it; FF stands for the end of the data."""


def spans(buffer: Buffer, start: int, limit: int, restarts: int) -> Iterator[tuple[int, int]]:
    """Yield from where to where decoders read a scan that has so many restart markers.

    It ends at `limit` at the latest.
    Between the spans stands what they pass over: fill bytes, and all between a marker that
    is not wanted and the next. Raises Malformed for fill bytes where no marker follows.
    """
    begin, end = start, limit
    reading = True
    turn = 0
    for found in _MARKER.finditer(buffer, start, limit):
        at, behind = found.span()
        code = buffer[behind - 1]
        filled = behind - at > 2
        if code == _RST0 + (turn & 7) and reading and turn < restarts and not filled:
            turn += 1
            continue
        if code == 0:
            if reading:
                raise Malformed("fill bytes inside the data of a scan", at)
            continue
        wanted = _wanted_behind(code, turn)
        if code in _ENDS or turn == restarts or wanted > restarts:
            end = at
            break
        if not reading or wanted == turn or filled:
            if reading:
                yield begin, at
            begin = behind - 2
        reading = wanted > turn
        turn = wanted
    if reading:
        yield begin, end


def _wanted_behind(code: int, turn: int) -> int:
    """Return which restart is wanted behind a marker: the same as before if it is passed over.

    One or two too early is left to wait for its turn, one or two too late is passed over, and
    any other is taken for the one that was wanted.
    """
    ahead = (code - _RST0 - turn) & 7
    if code < _RST0 or ahead >= 6:
        return turn
    return turn + 1 + (ahead if ahead <= 2 else 0)
