"""Walk a JPEG as libjpeg reads it: segments, entropy-coded scans, and what belongs to neither.

Source: ITU-T T.81 annex B; where a file breaks its rules, libjpeg's jdmarker.c, which
Pillow and the browsers share.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from unexposed.errors import Malformed
from unexposed.formats.jpeg._headers import FRAMES, read_frame, read_scan_header
from unexposed.formats.jpeg._progress import Progress
from unexposed.formats.jpeg._scan import spans
from unexposed.formats.parts import NOTHING, Buffer, Followed

SOI, EOI, SOS, DQT, DHT, DAC, DRI, DNL, COM = 0xD8, 0xD9, 0xDA, 0xDB, 0xC4, 0xCC, 0xDD, 0xDC, 0xFE
SCAN, STRAY = 0x100, 0x101
"""Codes of what has no marker: entropy-coded data, and bytes that decoders skip."""

_REFUSED = frozenset({0xC5, 0xC6, 0xC7, 0xC8, 0xCD, 0xCE, 0xCF, 0xDE, 0xDF, *range(0xF0, 0xFE)})
"""Hierarchical frames and the extensions that T.81 leaves open: libjpeg stops at them."""

HEADER = 4
"""Bytes of a marker and the length behind it."""
MAX_PIECES = 100_000

_SEGMENT = re.compile(rb"\xff[\xc0-\xcf\xd8-\xfe]")
"""The markers that mean something outside a scan: all but TEM, RES and RST."""


class Piece(msgspec.Struct, frozen=True, gc=False):
    """The bytes [start, end): a segment with the marker `code`, a SCAN, or STRAY bytes."""

    code: int
    start: int
    end: int


def walk(
    buffer: Buffer, start: int = 0, followed: Followed = NOTHING, limit: int | None = None
) -> list[Piece]:
    """Return the pieces of the JPEG that begins at `start`, end to end, up to its EOI.

    Where there is no EOI they go to `limit`, the end of the file when None. A scan that
    `followed` knows is not searched for its end. Raises Malformed for what libjpeg takes no
    picture from, for scans that tell anything twice, and for more than `MAX_PIECES`.
    """
    limit = len(buffer) if limit is None else limit
    if buffer[start : start + 2] != b"\xff\xd8":
        raise Malformed("does not begin as a JPEG", start)
    pieces = [Piece(SOI, start, start + 2)]
    progress: Progress | None = None
    lines = interval = 0
    while pieces[-1].code != EOI:
        position = pieces[-1].end
        found = _SEGMENT.search(buffer, position, limit)
        at = found.start() if found else limit
        if found is None:
            _add(pieces, STRAY, at, at)
            break
        code = buffer[at + 1]
        if code == EOI:
            _add(pieces, EOI, at, at + 2)
            continue
        end = _segment_end(buffer, at, code, limit)
        body = buffer[at + HEADER : min(end, at + HEADER + 1024)]
        _add(pieces, code, at, end)
        if code in FRAMES:
            if progress is not None:
                raise Malformed("has a second frame", at)
            progress = Progress(read_frame(code, body, at))
        elif code == DRI and len(body) >= 2:
            interval = int.from_bytes(body[:2])
        elif code == DNL and progress and progress.begun and len(body) >= 2:
            lines += 1
        elif code == SOS:
            if progress is None:
                raise Malformed("a scan stands before the frame header", at)
            scan = read_scan_header(body, progress.frame, at)
            progress.add(scan, at)
            if interval and not progress.frame.height:
                raise Malformed("does not say how many restarts it has", at)
            restarts = scan.restarts(progress.frame, interval)
            for begin, stop in _known(followed, end) or spans(buffer, end, limit, restarts):
                _add(pieces, SCAN, begin, stop)
    if progress is None or not progress.begun:
        raise Malformed("ends before any picture data", pieces[-1].end)
    if not progress.frame.height and not lines:
        raise Malformed("does not say how high it is", start)
    return pieces


def _add(pieces: list[Piece], code: int, start: int, end: int) -> None:
    """Add a piece, unless it is empty, and what stands between the last one and it."""
    last = pieces[-1]
    if len(pieces) > MAX_PIECES:
        raise Malformed(f"falls into more than {MAX_PIECES:,} pieces", last.start)
    if start > last.end:
        pieces.append(Piece(STRAY, last.end, start))
    if end > start:
        pieces.append(Piece(code, start, end))


def _known(followed: Followed, start: int) -> Iterable[tuple[int, int]]:
    """Return the span of a scan that was followed before, none for another."""
    end = start
    while end in followed:
        end = followed[end]
    return [(start, end)] if end > start else []


def _segment_end(buffer: Buffer, at: int, code: int, limit: int) -> int:
    if code == SOI:
        raise Malformed("another picture begins before this one ends", at)
    if code in _REFUSED:
        raise Malformed("a kind of JPEG that hardly anything can show", at)
    size = buffer[at + 2 : min(limit, at + HEADER)]
    length = int.from_bytes(size)
    if len(size) < 2 or length < 2:
        raise Malformed("an impossible segment length", at)
    end = at + 2 + length
    if end > limit:
        raise Malformed("a segment runs over the end of the file", at)
    return end
