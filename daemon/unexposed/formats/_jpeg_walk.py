"""Walk a JPEG as libjpeg reads it: segments, entropy-coded scans, and what belongs to neither.

Source: ITU-T T.81 annex B; where a file breaks its rules, libjpeg's jdmarker.c, which
Pillow and the browsers share.
"""

from __future__ import annotations

import re

import msgspec

from unexposed.errors import Malformed
from unexposed.formats.parts import NOTHING, Buffer, Followed

SOI, EOI, SOS, DQT, DHT, DAC, DRI, DNL, COM = 0xD8, 0xD9, 0xDA, 0xDB, 0xC4, 0xCC, 0xDD, 0xDC, 0xFE
SCAN, STRAY = 0x100, 0x101
"""Codes of what has no marker: entropy-coded data, and bytes that decoders skip."""

FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA, 0xCB})
"""SOF0 to SOF3 and SOF9 to SOF11."""
_REFUSED = frozenset({0xC5, 0xC6, 0xC7, 0xC8, 0xCD, 0xCE, 0xCF, 0xDE, 0xDF, *range(0xF0, 0xFE)})
"""Hierarchical frames and the extensions that T.81 leaves open: libjpeg stops at them."""

HEADER = 4
"""Bytes of a marker and the length behind it."""
MAX_PIECES = 100_000
_MAX_IN_SCAN = 4

_MARKER = re.compile(rb"\xff[^\x00\xff]")
_SEGMENT = re.compile(rb"\xff[\xc0-\xcf\xd8-\xfe]")
"""The markers that mean something outside a scan: all but TEM, RES and RST."""
_PASSED_OVER = re.compile(rb"\xff[\x01-\xbf\xd0-\xd7]")
_CHUNK = 4096


class Piece(msgspec.Struct, frozen=True, gc=False):
    """The bytes [start, end): a segment with the marker `code`, a SCAN, or STRAY bytes."""

    code: int
    start: int
    end: int


class Component(msgspec.Struct, frozen=True, gc=False):
    """One colour component: its id, sampling factors 1 to 4, and quantisation table."""

    number: int
    across: int
    down: int
    table: int


class Frame(msgspec.Struct, frozen=True):
    """What SOFn says; `height` is 0 when DNL says it later. Source: T.81 B.2.2."""

    code: int
    height: int
    width: int
    components: tuple[Component, ...]

    @property
    def arithmetic(self) -> bool:
        """Whether arithmetic coding is used and not Huffman's."""
        return self.code >= 0xC9

    @property
    def progressive(self) -> bool:
        """Whether a later scan may refine what an earlier one told."""
        return self.code & 3 == 2

    @property
    def unit(self) -> int:
        """Samples on the side of a data unit: a block's 8, or 1 in lossless coding."""
        return 1 if self.code & 3 == 3 else 8

    def units(self, components: tuple[Component, ...]) -> int:
        """Return the number of MCUs in a scan of these components. Source: T.81 A.2."""
        across = self.unit * max(component.across for component in self.components)
        down = self.unit * max(component.down for component in self.components)
        width, height = self.width, self.height
        if len(components) == 1:
            width *= components[0].across
            height *= components[0].down
        return -(-width // across) * -(-height // down)


class ScanHeader(msgspec.Struct, frozen=True):
    """What SOS says: each component with its DC and AC table. Source: T.81 B.2.3."""

    components: tuple[Component, ...]
    tables: tuple[tuple[int, int], ...]


def walk(
    buffer: Buffer, start: int = 0, followed: Followed = NOTHING, limit: int | None = None
) -> list[Piece]:
    """Return the pieces of the JPEG that begins at `start`, end to end, up to its EOI.

    Where there is no EOI they go to `limit`, the end of the file when None. A scan that
    `followed` knows is not searched for its end. Raises Malformed for what libjpeg
    takes no picture from, and for more than `MAX_PIECES`.
    """
    limit = len(buffer) if limit is None else limit
    if buffer[start : start + 2] != b"\xff\xd8":
        raise Malformed("does not begin as a JPEG", start)
    pieces = [Piece(SOI, start, start + 2)]
    frame: Frame | None = None
    scanned: ScanHeader | None = None
    lines = interval = 0
    while pieces[-1].code != EOI:
        if len(pieces) > MAX_PIECES:
            raise Malformed(f"falls into more than {MAX_PIECES:,} pieces", pieces[-1].start)
        position = pieces[-1].end
        found = _SEGMENT.search(buffer, position, limit)
        at = found.start() if found else limit
        if at > position:
            pieces.append(Piece(STRAY, position, at))
        if found is None:
            break
        code = buffer[at + 1]
        if code == EOI:
            pieces.append(Piece(EOI, at, at + 2))
            continue
        end = _segment_end(buffer, at, code, limit)
        body = buffer[at + HEADER : min(end, at + HEADER + 1024)]
        pieces.append(Piece(code, at, end))
        if code in FRAMES:
            if frame is not None:
                raise Malformed("has a second frame", at)
            frame = read_frame(code, body, at)
        elif code == DRI and len(body) >= 2:
            interval = int.from_bytes(body[:2])
        elif code == DNL and scanned and len(body) >= 2:
            lines += 1
        elif code == SOS:
            if frame is None:
                raise Malformed("a scan stands before the frame header", at)
            if scanned and _is_complete(frame, scanned):
                raise Malformed("a second scan in a picture of one", at)
            header = read_scan_header(body, frame, at)
            scanned = scanned or header
            units = frame.units(header.components)
            stop = followed.get(end) or _scan_end(buffer, end, limit, interval, units)
            if stop > end:
                pieces.append(Piece(SCAN, end, stop))
    if frame is None or scanned is None:
        raise Malformed("ends before any picture data", pieces[-1].end)
    if not frame.height and not lines:
        raise Malformed("does not say how high it is", start)
    return pieces


def read_frame(code: int, body: bytes, at: int) -> Frame:
    """Read what stands behind a SOFn's length; `at` is where the segment stands.

    Raises Malformed for a picture without extent or with impossible components.
    """
    count = body[5] if len(body) > 5 else 0
    if not count or len(body) < 6 + 3 * count:
        raise Malformed("the frame header is too short", at)
    height, width = int.from_bytes(body[1:3]), int.from_bytes(body[3:5])
    components = tuple(
        Component(body[n], body[n + 1] >> 4, body[n + 1] & 15, body[n + 2])
        for n in range(6, 6 + 3 * count, 3)
    )
    sampled = all(1 <= c.across <= 4 and 1 <= c.down <= 4 for c in components)
    if not width or not sampled:
        raise Malformed("the frame header is impossible", at)
    return Frame(code, height, width, components)


def read_scan_header(body: bytes, frame: Frame, at: int) -> ScanHeader:
    """Read what stands behind a SOS's length; `at` is where the segment stands.

    Raises Malformed for components that the frame does not have.
    """
    count = body[0] if body else 0
    if not 1 <= count <= _MAX_IN_SCAN or len(body) < 4 + 2 * count:
        raise Malformed("the scan header is impossible", at)
    left = list(frame.components)
    components, tables = [], []
    for n in range(1, 1 + 2 * count, 2):
        component = next((one for one in left if one.number == body[n]), None)
        if component is None:
            raise Malformed("a scan of a component that the frame does not have", at)
        left.remove(component)
        components.append(component)
        tables.append((body[n + 1] >> 4, body[n + 1] & 15))
    return ScanHeader(tuple(components), tuple(tables))


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


def _is_complete(frame: Frame, first: ScanHeader) -> bool:
    """Tell whether decoders are done after the first scan."""
    return len(first.components) == len(frame.components) and not frame.progressive


def _scan_end(buffer: Buffer, start: int, limit: int, interval: int, units: int) -> int:
    """Return where decoders stop to read a scan of so many MCUs; 0 for a number not known yet."""
    found = (_SEGMENT if interval else _MARKER).search(buffer, start, limit)
    end = found.start() if found else limit
    if interval and units:
        end = _after_restarts(buffer, start, end, -(-units // interval) - 1)
    return _without_fill(buffer, start, end)


def _after_restarts(buffer: Buffer, start: int, end: int, wanted: int) -> int:
    """Return where the data behind the last wanted restart marker ends.

    Markers out of turn are dealt with as in libjpeg's jpeg_resync_to_restart: one or two
    too early is left to wait for its turn, one or two too late is passed over, and
    any other is taken for the one that was wanted.
    """
    markers = _PASSED_OVER.finditer(buffer, start, end)
    found = next(markers, None)
    for number in range(wanted):
        while found is not None:
            code = buffer[found.start() + 1]
            ahead = (code - 0xD0 - number) & 7
            if code < 0xD0 or ahead >= 6:
                found = next(markers, None)
                continue
            if ahead not in (1, 2):
                found = next(markers, None)
            break
        if found is None:
            return end
    return found.start() if found else end


def _without_fill(buffer: Buffer, start: int, end: int) -> int:
    """Return `end` moved back over fill bytes."""
    while end > start:
        chunk = buffer[max(start, end - _CHUNK) : end]
        kept = len(chunk.rstrip(b"\xff"))
        end -= len(chunk) - kept
        if kept:
            break
    return end
