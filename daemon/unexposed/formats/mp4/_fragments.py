"""Fragments ('moof'): samples that are told of beside their data, not in the movie's tables.

A clean copy always says where the data of a run begin, from the start of the fragment or, where
the source is not made so, from a place in the file. Source: ISO/IEC 14496-12:2022 section 8.8.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec

from unexposed.errors import Held, Malformed
from unexposed.formats._boxes import Box, make_box, make_full, read_boxes, read_full
from unexposed.formats.mp4._edits import check_clock
from unexposed.formats.mp4._entry_boxes import SEALED
from unexposed.formats.mp4._extents import Extents
from unexposed.formats.mp4._movie import Defaults
from unexposed.formats.mp4._tables import numbers, write_groups
from unexposed.formats.mp4._track import children
from unexposed.formats.parts import Buffer

_BASE, _BASE_IS_FRAGMENT = 0x1, 0x2_0000
_KIND, _TICKS, _SIZE = 0x2, 0x8, 0x10
_FIELDS: Final = (_KIND, _TICKS, _SIZE, 0x20)
"""Flags of 'tfhd' for fields of four bytes: the description, the duration, size and flags of samples."""
_IS_EMPTY: Final = 0x1_0000

_OFFSET, _FIRST_FLAGS, _OWN_TICKS, _OWN_SIZE = 0x1, 0x4, 0x100, 0x200
_COLUMNS: Final = (_OWN_TICKS, _OWN_SIZE, 0x400, 0x800)
"""Flags of 'trun' for fields that each sample has: duration, size, flags, offset of composition."""
_FAR: Final = 1 << 31
_TIME: Final = 12
"""Where the time stamp begins in a whole 'tfdt' box."""


class Run(msgspec.Struct, frozen=True):
    """A 'trun' box: where its samples stand in the source, and its fields but their place.

    `rows` are the samples', which last `ticks`; `first` the flags of the first one.
    """

    start: int
    length: int
    version: int
    flags: int
    count: int
    first: bytes
    rows: bytes
    ticks: int


class Portion(msgspec.Struct, frozen=True):
    """A 'traf' box: what a fragment has of one track. `fields` are what samples have in common."""

    number: int
    flags: int
    fields: bytes
    time: bytes
    runs: tuple[Run, ...]
    groups: bytes

    @property
    def begin(self) -> int | None:
        """When the samples begin, in the track's time; None where that is left unsaid."""
        return int.from_bytes(self.time[_TIME:]) if self.time else None

    @property
    def ticks(self) -> int:
        """How long the samples last, in the track's time."""
        return sum(run.ticks for run in self.runs)

    def write(self, at: int, place: Callable[[int], int]) -> bytes:
        """Return the box for a fragment that begins at `at`, its samples where `place` says."""
        base = b"" if self.flags & _BASE_IS_FRAGMENT else at.to_bytes(8)
        head = make_full(b"tfhd", 0, self.flags, self.number.to_bytes(4), base, self.fields)
        runs = (_write_run(run, place(run.start) - at if run.length else 0) for run in self.runs)
        return make_box(b"traf", head, self.time, *runs, self.groups)


class Fragment(msgspec.Struct, frozen=True):
    """A 'moof' box taken apart, with the tracks that stay."""

    box: Box
    header: bytes
    kept: tuple[Portion, ...]

    def write(self, at: int, place: Callable[[int], int]) -> bytes:
        """Return the box that a clean copy has at `at`, its samples where `place` says.

        Raises Malformed for samples that are too far away to be pointed at.
        """
        return make_box(b"moof", self.header, *(portion.write(at, place) for portion in self.kept))


def read_fragment(
    buffer: Buffer,
    box: Box,
    defaults: Mapping[int, Defaults],
    tracks: Mapping[int, Extents],
    kept: Mapping[int, int],
    *,
    order: int,
) -> Fragment:
    """Take a 'moof' box apart, of which the tracks in `kept` stay, by number, with ticks of a second.

    It is fragment number `order` of the clean copy. Samples join the extents of their track, if it
    has any. Raises Malformed, and Held for one that is encrypted, or whose time stamps may be a
    clock's.
    """
    children(buffer, box.data, box.end, (b"mfhd",))
    reader = _Reader(buffer, box, defaults, tracks)
    staying = []
    for one in read_boxes(buffer, box.data, box.end):
        if one.kind == b"pssh":
            raise Held(SEALED)
        if one.kind == b"traf":
            portion = reader.portion(one)
            if portion.number in kept:
                check_clock(portion.begin or 0, kept[portion.number])
                staying.append(portion)
    return Fragment(box, make_full(b"mfhd", 0, 0, order.to_bytes(4)), tuple(staying))


class _Reader:
    """Reads the portions of a fragment one after the other: data may follow on those before."""

    def __init__(
        self,
        buffer: Buffer,
        fragment: Box,
        defaults: Mapping[int, Defaults],
        tracks: Mapping[int, Extents],
    ) -> None:
        self._buffer = buffer
        self._fragment = fragment
        self._defaults = defaults
        self._tracks = tracks
        self._following = fragment.start

    def portion(self, box: Box) -> Portion:
        """Read a 'traf' box, and add its samples to the extents of its track."""
        boxes = list(read_boxes(self._buffer, box.data, box.end))
        single = children(self._buffer, box.data, box.end, (b"tfhd", b"tfdt"))
        if b"tfhd" not in single:
            raise Malformed("a fragment does not name its track", box.start)
        _, flags, fields = read_full(self._buffer, single[b"tfhd"])
        number = fields.number(4)
        common = self._defaults.get(number, Defaults())
        kind, size, ticks, stated = common.kind, common.size, common.ticks, b""
        if flags & _BASE:
            self._following = fields.number(8)
            flags &= ~_BASE_IS_FRAGMENT
        elif flags & _BASE_IS_FRAGMENT:
            self._following = self._fragment.start
        else:
            flags |= _BASE
        for flag in _FIELDS:
            if flags & flag:
                value = fields.take(4)
                stated += value
                kind = int.from_bytes(value) if flag == _KIND else kind
                size = int.from_bytes(value) if flag == _SIZE else size
                ticks = int.from_bytes(value) if flag == _TICKS else ticks
        base = self._following
        extents = self._tracks.get(number, Extents())
        runs = tuple(
            self._run(one, base, Defaults(kind, size, ticks), extents)
            for one in boxes
            if one.kind == b"trun"
        )
        time = single.get(b"tfdt")
        return Portion(
            number,
            flags & (_BASE | _BASE_IS_FRAGMENT | sum(_FIELDS) | _IS_EMPTY),
            stated,
            _time(self._buffer, time) if time else b"",
            runs,
            self._groups(boxes, sum(run.count for run in runs)),
        )

    def _run(self, box: Box, base: int, common: Defaults, extents: Extents) -> Run:
        """Read a 'trun' box, and add its samples. Its offset, where it has one, counts from `base`."""
        version, flags, fields = read_full(self._buffer, box)
        count = fields.number(4)
        start = self._following
        if flags & _OFFSET:
            start = base + int.from_bytes(fields.take(4), signed=True)
        first = fields.take(4) if flags & _FIRST_FLAGS else b""
        columns = [flag for flag in _COLUMNS if flags & flag]
        rows = fields.take(4 * len(columns) * count)
        shared, sizes = common.size, array("I")
        if _OWN_SIZE in columns:
            shared, sizes = 0, numbers(rows)[columns.index(_OWN_SIZE) :: len(columns)]
        ticks = common.ticks * count
        if _OWN_TICKS in columns:
            ticks = sum(numbers(rows)[:: len(columns)])
        length = sum(sizes) or shared * count
        self._following = start + length
        if not 0 <= start <= self._following <= len(self._buffer):
            raise Malformed("samples lie behind the end of the file", box.start)
        filled = count if length else 0
        extents.add_run(
            start, length, filled, kind=common.kind, shared=shared, sizes=sizes[:filled]
        )
        flags = flags & (_FIRST_FLAGS | sum(_COLUMNS)) | _OFFSET
        return Run(start, length, min(version, 1), flags, count, first, rows, ticks)

    def _groups(self, boxes: Iterable[Box], count: int) -> bytes:
        groups = (one for one in boxes if one.kind in (b"sgpd", b"sbgp"))
        return b"".join(write_groups(self._buffer, groups, count))


def _write_run(run: Run, offset: int) -> bytes:
    if not -_FAR <= offset < _FAR:
        raise Malformed("a fragment is too far from its samples", run.start)
    return make_full(
        b"trun",
        run.version,
        run.flags,
        run.count.to_bytes(4) + offset.to_bytes(4, signed=True) + run.first + run.rows,
    )


def _time(buffer: Buffer, box: Box) -> bytes:
    version, _, fields = read_full(buffer, box)
    wide = bool(version)
    return make_full(b"tfdt", int(wide), 0, fields.take(8 if wide else 4))
