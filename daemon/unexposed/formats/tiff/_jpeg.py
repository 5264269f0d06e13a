"""JPEG data inside a TIFF: each strip or tile a JPEG of its own, with shared tables beside them.

Sources: TIFF technical note 2; for what decoders make of it, libtiff's tif_jpeg.c and the JPEG
modules beside this one.
"""

from __future__ import annotations

from collections.abc import Sequence

from unexposed.errors import Malformed
from unexposed.formats._tiling import Tiling
from unexposed.formats.jpeg import _segments as names
from unexposed.formats.jpeg import _tables as tables
from unexposed.formats.jpeg import _walk as markers
from unexposed.formats.jpeg._headers import Frame
from unexposed.formats.jpeg._walk import HEADER, Piece, walk
from unexposed.formats.parts import Buffer, Followed, Part, Role

MAX_TABLES = 1 << 20
"""Bytes of the shared tables at most."""

PREFIX = "JPEG "
"""How the names of parts begin that stand inside a strip or tile and go."""

_SHARED = frozenset({markers.DQT, markers.DHT, markers.DAC, markers.DRI})
_OTHERS = frozenset({markers.COM, *range(names.APP0, names.APP0 + 16)})
_SMALLEST = 4


class Shared:
    """The tables that a page's strips or tiles share, and which of them they were seen to use."""

    def __init__(self, buffer: Buffer, start: int, end: int) -> None:
        """Read the value of JPEGTables, [start, end); an empty span where a page has none."""
        self._buffer = buffer
        self.parts = _divided_tables(buffer, start, end) if end > start else []
        self._kept = [part for part in self.parts if part.role is Role.STRUCTURE]
        self._used: list[set[tuple[int, int]]] = [set() for _ in self._kept]
        self._elsewhere: set[tables.Table] = set()
        self._frame: Frame | None = None

    def made(self) -> bytes:
        """Return a value for JPEGTables with the used tables alone, b"" where there are none."""
        body = b""
        for part, spans in zip(self._kept, self._used, strict=True):
            if part.name == names.ADOBE and self._frame:
                body += tables.plain_adobe(self._buffer[part.end - 1], self._frame)
            elif part.name != names.ADOBE:
                body += tables.cut_to(self._buffer, part, spans)
        return b"\xff\xd8" + body + b"\xff\xd9" if body else b""

    def written(self, parts: Sequence[Part]) -> dict[int, bytes]:
        """Return by its index in `parts` what each structural segment of a strip is to be.

        Raises Malformed for a strip that needs tables which only another strip has.
        """
        together = [*self._kept, *parts]
        needs = tables.needs_of(self._buffer, together)
        if not needs.missing.isdisjoint(self._elsewhere):
            raise Malformed("a piece of the picture needs the tables of another", parts[0].start)
        self._elsewhere |= needs.defined
        self._frame = tables.frame_of(self._buffer, parts)
        before = len(self._kept)
        for index, used in enumerate(self._used):
            used.update(needs.spans.get(index, ()))
        made = tables.written(self._buffer, together, needs)
        for index, part in enumerate(parts):
            if part.name == names.ADOBE and part.role is Role.STRUCTURE:
                made[before + index] = tables.plain_adobe(self._buffer[part.end - 1], self._frame)
        return {index - before: data for index, data in made.items() if index >= before}


def divide(
    buffer: Buffer, start: int, end: int, largest: tuple[int, int], followed: Followed
) -> list[Part]:
    """Divide one strip or tile into its segments and scans, up to its end of image.

    Raises Malformed where libjpeg would take no picture from it, and where its picture is wider
    or higher than `largest`.
    """
    if end - start < _SMALLEST:
        raise Malformed("the picture data is cut short", start)
    pieces = walk(buffer, start, followed, end)
    first_scan = next(n for n, piece in enumerate(pieces) if piece.code == markers.SOS)
    adobe = [piece.start for piece in pieces[:first_scan] if _is_adobe(buffer, piece)][-1:]
    tiling = Tiling()
    tiling.position = start
    for piece in pieces:
        code = piece.code
        if code == markers.SCAN:
            tiling.add(piece.end, Role.PICTURE, names.SCAN)
        elif code == markers.STRAY:
            tiling.add(piece.end, Role.UNKNOWN, f"{PREFIX}{names.STRAY}")
        elif code in (markers.SOI, markers.EOI):
            tiling.add(piece.end, Role.STRUCTURE, names.name_of(code, b""))
        elif code in tables.STRUCTURAL and code != markers.DNL:
            tables.add(tiling, buffer, piece)
        elif piece.start in adobe:
            _add_adobe(tiling, piece)
        else:
            tiling.add(piece.end, Role.METADATA, _name_of(buffer, piece))
    frame = tables.frame_of(buffer, tiling.parts)
    if not frame.height:
        raise Malformed("a piece of the picture does not say how high it is", start)
    if frame.width > largest[0] or frame.height > largest[1]:
        raise Malformed("the picture data holds more than the picture", start)
    return tiling.parts


def _divided_tables(buffer: Buffer, start: int, end: int) -> list[Part]:
    """Divide the shared tables into segments. Raises Malformed where they hold anything else."""
    if end - start > MAX_TABLES or buffer[start : start + 2] != b"\xff\xd8":
        raise Malformed("its tables are no JPEG's", start)
    tiling = Tiling()
    tiling.position = start + 2
    at = start + 2
    while at < end and buffer[at : min(end, at + 2)] != b"\xff\xd9":
        head = buffer[at : min(end, at + HEADER)]
        stop = at + 2 + int.from_bytes(head[2:])
        if len(head) < HEADER or head[0] != 0xFF or stop > end or stop < at + HEADER:
            raise Malformed("its tables are damaged", at)
        piece = Piece(head[1], at, stop)
        if piece.code in _SHARED:
            tables.add(tiling, buffer, piece)
        elif _is_adobe(buffer, piece):
            _add_adobe(tiling, piece)
        elif piece.code in _OTHERS:
            tiling.add(stop, Role.METADATA, _name_of(buffer, piece))
        else:
            raise Malformed("its tables hold something else", at)
        at = stop
    tiling.add(min(end, at + 2), Role.UNKNOWN, "EOI")
    tiling.add(end, Role.UNKNOWN, names.BEHIND + "JPEG tables")
    return [part for part in tiling.parts if part.name != "EOI"]


def _is_adobe(buffer: Buffer, piece: Piece) -> bool:
    body = piece.start + HEADER
    whole = piece.end - body >= tables.ADOBE_SIZE
    return piece.code == names.APP14 and whole and buffer[body : body + 5] == b"Adobe"


def _name_of(buffer: Buffer, piece: Piece) -> str:
    body = piece.start + HEADER
    start = buffer[body : min(piece.end, body + names.LONGEST_START)]
    return PREFIX + names.name_of(piece.code, start)


def _add_adobe(tiling: Tiling, piece: Piece) -> None:
    tiling.add(piece.start + HEADER + tables.ADOBE_SIZE, Role.STRUCTURE, names.ADOBE)
    tiling.add(piece.end, Role.UNKNOWN, names.BEHIND + names.ADOBE)
