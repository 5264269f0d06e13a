"""One track: its headers, descriptions and tables, written anew without times and names.

The language stays, as a player chooses among several sounds by it.
Sources: ISO/IEC 14496-12:2022 sections 8.3 to 8.7; QuickTime File Format (2016), "Track
Atoms", "Media Atoms" and, for languages, "Language Code Values".
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Mapping
from typing import Final

import msgspec

from unexposed.errors import Held, Malformed
from unexposed.formats._boxes import Box, make_box, make_full, read_boxes, read_full
from unexposed.formats._fourcc import legible_code
from unexposed.formats.mp4._edits import Clocks, Edit, check_clock, check_edits, read_edits
from unexposed.formats.mp4._entries import AUXILIARY, PICTURES, SOUND, Entry, read_entries
from unexposed.formats.mp4._sphere import SPHERICAL, plain_sphere
from unexposed.formats.mp4._tables import (
    Packing,
    Samples,
    lasting,
    read_samples,
    write_groups,
    write_samples,
    write_starts,
    write_timing,
)
from unexposed.formats.parts import Buffer

Place = Callable[["array[int]"], "array[int]"]
"""From places in the source to places in the clean copy."""

_FLAGS: Final = 0xF
"""Enabled, in the movie, in its preview, whether the size is a ratio."""
_SELF_CONTAINED: Final = 1
_ELSEWHERE: Final = (
    "its pictures or sounds are in another file: save them in one, and that can be cleaned"
)
_DATA: Final = (b"url ", b"alis")
_REFERENCES: Final = (b"auxl", b"fall", b"folw", b"forc", b"prem", b"sync", b"vdep")
_APERTURES: Final = (b"clef", b"prof", b"enof")
_MEDIA_HANDLER, _DATA_HANDLER = b"mhlr", b"dhlr"

_UNDETERMINED: Final = 0x55C4
_MAC_LANGUAGES: Final = 0x400
_UNSPECIFIED: Final = 0x7FFF

_TABLES: Final = (
    *(b"stsd", b"stts", b"ctts", b"cslg", b"stss", b"stps", b"sdtp"),
    *(b"stsc", b"stsz", b"stz2", b"stco", b"co64"),
)
_OF_VIDEOS: Final = (b"cslg", b"stps", b"sdtp")
"""Tables by which players of videos find their way, as by groups of samples."""
_EITHER: Final = ((b"stsz", b"stz2"), (b"stco", b"co64"))


class Track(msgspec.Struct, frozen=True):
    """A track and its samples, None where these cannot be told.

    A second has `scale` ticks in its time, in which the samples of its tables last `ticks`;
    `duration` is in the movie's. `described` is where the source describes them, from and to. What
    a clean copy has before the places of the chunks is made already: `head` is what stands in the
    track itself, `media`, `information` and `table` what stands one box deeper each.
    """

    number: int
    handler: bytes
    codecs: tuple[bytes, ...]
    samples: Samples | None
    described: tuple[int, int] = (0, 0)
    duration: int = 0
    scale: int = 0
    ticks: int = 0
    edits: tuple[Edit, ...] = ()
    entries: tuple[Entry, ...] = ()
    head: bytes = b""
    media: bytes = b""
    information: bytes = b""
    table: bytes = b""

    @property
    def name(self) -> str:
        """What the track is, as a report may show it: "meta track (gpmd)"."""
        kinds = ", ".join(legible_code(kind) for kind in self.codecs[:3])
        return f"{legible_code(self.handler)} track ({kinds})"

    def write(self, place: Place, *, wide: bool) -> bytes:
        """Return the box that a clean copy has, its chunks where `place` says."""
        starts = place(self.samples.starts) if self.samples else array("Q")
        table = make_box(b"stbl", self.table, write_starts(starts, wide=wide))
        information = make_box(b"minf", self.information, table)
        return make_box(b"trak", self.head, make_box(b"mdia", self.media, information))


def children(buffer: Buffer, start: int, end: int, wanted: Collection[bytes]) -> dict[bytes, Box]:
    """Return the boxes of these kinds. Raises Malformed where there are two of one kind."""
    found: dict[bytes, Box] = {}
    for box in read_boxes(buffer, start, end):
        if box.kind in wanted:
            if box.kind in found:
                raise Malformed(
                    f"has two '{legible_code(box.kind)}' boxes where one should be", box.start
                )
            found[box.kind] = box
    return found


def read_dropped(
    buffer: Buffer, box: Box, number: int, handler: bytes, codecs: tuple[bytes, ...]
) -> Track:
    """Read of a track that goes where its samples lie, as far as that can be told."""
    described = 0, 0
    try:
        track = children(buffer, box.data, box.end, (b"mdia",))
        media = _inside(buffer, track, b"mdia", (b"minf",))
        information = _inside(buffer, media, b"minf", (b"stbl",))
        tables = _inside(buffer, information, b"stbl", _TABLES)
        if at := tables.get(b"stsd"):
            described = at.data, at.end
        samples = read_samples(buffer, tables, lambda _, shared, __: Packing(1, shared))
    except Malformed:
        samples = None
    return Track(number, handler, codecs, samples, described)


def read_kept(
    buffer: Buffer, box: Box, handler: bytes, numbers: frozenset[int], scale: int
) -> Track:
    """Read a track that stays, as do those of these numbers. Raises Malformed and Held.

    `scale` is how many ticks a second has in the movie's time.
    """
    track = children(buffer, box.data, box.end, (b"tkhd", b"tapt", b"edts", b"tref", b"mdia"))
    media = _inside(buffer, track, b"mdia", (b"mdhd", b"hdlr", b"minf"))
    information = _inside(buffer, media, b"minf", (b"vmhd", b"smhd", b"hdlr", b"dinf", b"stbl"))
    tables = _tables(buffer, information)
    stbl = information[b"stbl"]
    described, entries = read_entries(buffer, tables[b"stsd"], handler)

    def packing(kind: int, shared: int, one_tick: bool) -> Packing:
        return _entry(entries, kind, stbl).packing(shared, one_tick=one_tick)

    samples = read_samples(buffer, tables, packing)
    for kind in set(samples.kinds):
        _entry(entries, kind, stbl)
    groups = [
        one for one in read_boxes(buffer, stbl.data, stbl.end) if one.kind in (b"sgpd", b"sbgp")
    ]
    if handler in (PICTURES, AUXILIARY):
        groups, tables = [], {kind: at for kind, at in tables.items() if kind not in _OF_VIDEOS}
    number, duration, head = _header(buffer, _needed(track, b"tkhd", box))
    media_scale, media_header = _media_header(buffer, _needed(media, b"mdhd", box))
    longest, ticks = lasting(buffer, tables[b"stts"])
    check_clock(longest, media_scale)
    edit_list, edits = _edits(buffer, track)
    check_edits(buffer, tables, edits, Clocks(scale, media_scale))
    return Track(
        number=number,
        handler=handler,
        codecs=tuple(entry.kind for entry in entries),
        samples=samples,
        described=(tables[b"stsd"].data, tables[b"stsd"].end),
        duration=duration,
        scale=media_scale,
        ticks=ticks,
        edits=tuple(edits),
        entries=tuple(entries),
        head=head + edit_list + _track_parts(buffer, track, numbers) + _sphere(buffer, box),
        media=media_header + _handler(buffer, media[b"hdlr"], (_MEDIA_HANDLER,)),
        information=_information(buffer, information, handler),
        table=b"".join(
            [
                described,
                *write_timing(buffer, tables, samples.count),
                *write_groups(buffer, groups, samples.count),
                *write_samples(samples),
            ]
        ),
    )


def _tables(buffer: Buffer, information: Mapping[bytes, Box]) -> dict[bytes, Box]:
    """Return the tables of a track that stays: each once, and one that describes the samples."""
    tables = _inside(buffer, information, b"stbl", _TABLES)
    at = information[b"stbl"].start
    for one, other in _EITHER:
        if one in tables and other in tables:
            raise Malformed("a track has two tables of the same thing", at)
    if b"stsd" not in tables:
        raise Malformed("a track does not describe its samples", at)
    return tables


def _edits(buffer: Buffer, track: Mapping[bytes, Box]) -> tuple[bytes, list[Edit]]:
    """Return the 'edts' box of a clean copy, and what it says."""
    found = _inside(buffer, track, b"edts", (b"elst",)) if b"edts" in track else {}
    return read_edits(buffer, found[b"elst"]) if found else (b"", [])


def _sphere(buffer: Buffer, box: Box) -> bytes:
    """Return the box that says that the pictures are a sphere, b"" for flat ones."""
    spheres = (
        plain_sphere(buffer[one.data : one.end])
        for one in read_boxes(buffer, box.data, box.end)
        if one.uuid == SPHERICAL
    )
    return next(spheres, b"")


def _inside(
    buffer: Buffer, boxes: Mapping[bytes, Box], kind: bytes, wanted: Collection[bytes]
) -> dict[bytes, Box]:
    if kind not in boxes:
        raise Malformed(f"a track has no '{kind.decode()}' box", 0)
    return children(buffer, boxes[kind].data, boxes[kind].end, wanted)


def _needed(boxes: Mapping[bytes, Box], kind: bytes, owner: Box) -> Box:
    if kind not in boxes:
        raise Malformed(f"a track has no '{kind.decode()}' box", owner.start)
    return boxes[kind]


def _entry(entries: list[Entry], kind: int, table: Box) -> Entry:
    if not 1 <= kind <= len(entries):
        raise Malformed("samples of a kind that is not described", table.start)
    return entries[kind - 1]


def _header(buffer: Buffer, box: Box) -> tuple[int, int, bytes]:
    """Return the track's number, its duration in the movie's time, and its 'tkhd' box."""
    version, flags, fields = read_full(buffer, box)
    if version > 1:
        raise Malformed("a track has a header of unknown version", box.start)
    size = 8 if version else 4
    fields.take(2 * size)
    number = fields.take(4)
    fields.take(4)
    duration = fields.take(size)
    fields.take(8)
    layers = fields.take(6)
    fields.take(2)
    shape = fields.take(44)
    made = make_full(
        b"tkhd",
        version,
        flags & _FLAGS,
        bytes(2 * size) + number + bytes(4) + duration + bytes(8) + layers + bytes(2) + shape,
    )
    return int.from_bytes(number), int.from_bytes(duration), made


def _track_parts(buffer: Buffer, boxes: Mapping[bytes, Box], numbers: frozenset[int]) -> bytes:
    """Return the apertures, and the references to other tracks that stay."""
    made = []
    if at := boxes.get(b"tapt"):
        found = children(buffer, at.data, at.end, _APERTURES)
        sizes = ((kind, read_full(buffer, found[kind])[2]) for kind in _APERTURES if kind in found)
        made.append(
            make_box(b"tapt", *(make_full(kind, 0, 0, size.take(8)) for kind, size in sizes))
        )
    if at := boxes.get(b"tref"):
        found = children(buffer, at.data, at.end, _REFERENCES)
        targets = (
            (kind, _kept_numbers(buffer[one.data : one.end], numbers))
            for kind, one in found.items()
        )
        if references := [make_box(kind, kept) for kind, kept in targets if kept]:
            made.append(make_box(b"tref", *references))
    return b"".join(made)


def _kept_numbers(targets: bytes, numbers: frozenset[int]) -> bytes:
    """Return those of the numbers of tracks that belong to tracks that stay, each once."""
    each = (targets[at : at + 4] for at in range(0, len(targets) - 3, 4))
    return b"".join(dict.fromkeys(one for one in each if int.from_bytes(one) in numbers))


def _media_header(buffer: Buffer, box: Box) -> tuple[int, bytes]:
    """Return how many ticks a second has in the track's time, and its 'mdhd' box."""
    version, _, fields = read_full(buffer, box)
    if version > 1:
        raise Malformed("a track has a media header of unknown version", box.start)
    size = 8 if version else 4
    fields.take(2 * size)
    scale, duration, language = fields.take(4), fields.take(size), fields.number(2)
    letters = (language >> 10, language >> 5 & 0x1F, language & 0x1F)
    known = (
        language < _MAC_LANGUAGES
        or language == _UNSPECIFIED
        or all(1 <= letter <= 26 for letter in letters)
    )
    shown = language if known else _UNDETERMINED
    made = make_full(
        b"mdhd",
        version,
        0,
        bytes(2 * size) + scale + duration + shown.to_bytes(2) + bytes(2),
    )
    return int.from_bytes(scale), made


def _handler(buffer: Buffer, box: Box, classes: Collection[bytes]) -> bytes:
    """Return a 'hdlr' box with an empty name, which looks alike in QuickTime and in MP4."""
    _, _, fields = read_full(buffer, box)
    written, kind = fields.take(4), fields.take(4)
    return make_full(
        b"hdlr", 0, 0, written if written in classes else bytes(4), kind, bytes(12), b"\0"
    )


def _information(buffer: Buffer, boxes: Mapping[bytes, Box], handler: bytes) -> bytes:
    """Return the header of video or sound, QuickTime's data handler, and where the data are."""
    kind, size, flags = (b"smhd", 2, 0) if handler == SOUND else (b"vmhd", 8, 1)
    fields = bytes(size)
    if kind in boxes:
        fields = read_full(buffer, boxes[kind])[2].take(size)
    made = [make_full(kind, 0, flags, fields, bytes(2) if handler == SOUND else b"")]
    if b"hdlr" in boxes:
        _, _, named = read_full(buffer, boxes[b"hdlr"])
        if named.take(8)[4:] not in _DATA:
            raise Held(_ELSEWHERE)
        made.append(_handler(buffer, boxes[b"hdlr"], (_DATA_HANDLER,)))
    made.append(make_box(b"dinf", _references(buffer, boxes)))
    return b"".join(made)


def _references(buffer: Buffer, boxes: Mapping[bytes, Box]) -> bytes:
    """Return the 'dref' box, which says that all data are in the file itself."""
    found = _inside(buffer, boxes, b"dinf", (b"dref",)) if b"dinf" in boxes else {}
    itself = make_full(_DATA[0], 0, _SELF_CONTAINED)
    if b"dref" not in found:
        return make_full(b"dref", 0, 0, (1).to_bytes(4), itself)
    table = found[b"dref"]
    _, _, fields = read_full(buffer, table)
    count = fields.number(4)
    entries = list(read_boxes(buffer, fields.at, table.end))[:count]
    if count != len(entries):
        raise Malformed("a track does not say where its data are", table.start)
    for entry in entries:
        _, flags, _ = read_full(buffer, entry)
        if entry.kind not in _DATA or not flags & _SELF_CONTAINED:
            raise Held(_ELSEWHERE)
    made = [make_full(entry.kind, 0, _SELF_CONTAINED) for entry in entries] or [itself]
    return make_full(b"dref", 0, 0, len(made).to_bytes(4), *made)
