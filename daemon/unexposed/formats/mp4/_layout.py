"""The file as a whole: its boxes, which bytes of them are pictures and sound, and where these go.

Source: ISO/IEC 14496-12:2022 sections 4.3, 8.1 and 8.2.
"""

from __future__ import annotations

import heapq
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Final

import msgspec

from unexposed.errors import Malformed
from unexposed.formats._boxes import Box, make_box, make_header, read_boxes
from unexposed.formats._fourcc import legible_code
from unexposed.formats._tiling import Tiling
from unexposed.formats._written import Written, settled
from unexposed.formats.mp4 import _notes as notes
from unexposed.formats.mp4._edits import Clocks, check_fragmented
from unexposed.formats.mp4._extents import Extents, runs
from unexposed.formats.mp4._fragments import Fragment, read_fragment
from unexposed.formats.mp4._movie import Movie, read_movie
from unexposed.formats.parts import KEPT_ROLES, Buffer, Part, Role

FILE_TYPE: Final = "file type"
MOVIE: Final = "movie header"
FRAGMENT: Final = "fragment header"
DATA: Final = "header of pictures and sound"
SAMPLES: Final = "pictures and sound"
READ_ONLY: Final = "video that is read but not cleaned"
GAP: Final = "data that no track points to"
TRAILER: Final = "data after the end of the file"

_NEEDED: Final = frozenset({b"ftyp", b"moov", b"moof", b"mdat"})
"""Boxes that a file cannot be read without: one that is cut short holds the file back."""
_OTHERS: Final[dict[bytes, tuple[Role, str]]] = {
    **dict.fromkeys((b"free", b"skip", b"wide"), (Role.UNKNOWN, "free space")),
    b"uuid": (Role.METADATA, "uuid box"),
    b"meta": (Role.METADATA, "meta box"),
    b"udta": (Role.METADATA, "user data"),
    **dict.fromkeys((b"sidx", b"ssix", b"mfra", b"styp"), (Role.METADATA, "index of fragments")),
    b"prft": (Role.METADATA, "clock of the recorder"),
    b"emsg": (Role.METADATA, "event message"),
    **dict.fromkeys((b"pnot", b"PICT", b"pict"), (Role.THUMBNAIL, "preview")),
}
_FOUR_GIB: Final = 0xFFFF_FFFF

QUICKTIME: Final = b"qt  "
HEAD: Final = 64
"""Bytes that tell the brand, however many are asked."""
BRANDS: Final = frozenset(
    {
        *(b"isom", *(b"iso%d" % n for n in range(2, 10)), b"mp41", b"mp42", b"mmp4"),
        *(b"avc1", b"hvc1", b"av01", b"dby1", b"dash", b"msdh", b"cmfc", b"cmf2"),
        *(b"M4V ", b"M4VH", b"M4VP", b"f4v ", QUICKTIME),
        *(b"3gp%d" % n for n in range(1, 10)),
        *(b"3gr6", b"3gr7", b"3gs6", b"3gs7", b"3ge6", b"3ge7", b"3gg6"),
        *(b"3g2a", b"3g2b", b"3g2c"),
    }
)
"""The brands that stay. Others name a maker; what a player needs to know stands in these."""
FOREIGN: Final = frozenset(
    {
        *(b"mif1", b"msf1", b"miaf", b"heic", b"heix", b"heim", b"heis", b"avif", b"avis"),
        *(b"hevc", b"hevx", b"hevm", b"hevs", b"crx ", b"jp2 ", b"jpx ", b"jpm ", b"mjp2"),
        *(b"M4A ", b"M4B ", b"M4P ", b"F4A ", b"F4B "),
    }
)
"""Major brands of pictures and of sound alone, whatever they are compatible with."""


class Layout(msgspec.Struct, frozen=True):
    """A file taken apart: its boxes up to `end`, and the samples of its tracks."""

    boxes: tuple[Box, ...]
    end: int
    movie: Movie
    fragments: Mapping[int, Fragment]
    kept: tuple[Extents, ...]
    dropped: tuple[Extents, ...]


def brand(head: bytes) -> bytes:
    """Return the brand that a file has by its first bytes, b"" for one of no video.

    It is the major one, or the first of the compatible ones that is known.
    """
    head = head[:HEAD]
    size = min(int.from_bytes(head[:4]), len(head))
    if head[4:8] != b"ftyp" or head[8:12] in FOREIGN:
        return b""
    listed = (head[at : at + 4] for at in (8, *range(16, size - 3, 4)))
    return next((one for one in listed if one in BRANDS), b"")


def read_layout(buffer: Buffer) -> Layout:
    """Take a file apart.

    Raises Malformed where its pictures and sounds cannot be told from the rest, and Held where they
    can be read, but not be cleaned.
    """
    boxes, end = read_file(buffer)
    movie = read_movie(buffer, only_movie(boxes, end))
    if boxes[0].kind == b"ftyp" and not brand(buffer[: min(boxes[0].end, HEAD)]):
        raise Malformed("is not a kind of video that is known", 0)
    tracks: dict[int, Extents] = {}
    for track in (*movie.dropped, *movie.kept):
        extents = tracks[track.number] = Extents()
        if track.samples is not None:
            extents.add_chunks(track.samples)
    clocks = {track.number: track.scale for track in movie.kept}
    fragments: dict[int, Fragment] = {}
    order = 1
    for box in boxes:
        if box.kind == b"moof":
            fragment = read_fragment(buffer, box, movie.defaults, tracks, clocks, order=order)
            fragments[box.start] = fragment
            order += bool(fragment.kept)
    if fragments:
        _check_fragmented(movie, fragments.values())
    return Layout(
        tuple(boxes),
        end,
        movie,
        fragments,
        tuple(tracks[track.number] for track in movie.kept),
        tuple(tracks[track.number] for track in movie.dropped),
    )


def _check_fragmented(movie: Movie, fragments: Iterable[Fragment]) -> None:
    """Raise Held where an edit hides much of what a track has in its table and in fragments."""
    begins = {track.number: 0 for track in movie.kept if track.ticks}
    lasting = Counter({track.number: track.ticks for track in movie.kept})
    for fragment in fragments:
        for portion in fragment.kept:
            begins.setdefault(portion.number, portion.begin or 0)
            lasting[portion.number] += portion.ticks
    for track in movie.kept:
        begin = begins.get(track.number, 0)
        clocks = Clocks(movie.scale, track.scale)
        check_fragmented(track.edits, clocks, begin, begin + lasting[track.number])


def read_file(buffer: Buffer) -> tuple[list[Box], int]:
    """Return a file's boxes and where they end: what is no box any more is a trailer.

    Raises Malformed for a box that a player needs and that is cut short.
    """
    found: list[Box] = []
    end = 0
    try:
        for box in read_boxes(buffer, 0, len(buffer), open_ended=True):
            found.append(box)
            end = box.end
    except Malformed:
        if buffer[end + 4 : end + 8] in _NEEDED:
            raise
    return found, end


def only_movie(boxes: Sequence[Box], end: int) -> Box:
    """Return the one 'moov' box among a file's, which end there. Raises Malformed."""
    found = [box for box in boxes if box.kind in (b"moov", b"moof")]
    if not found or found[0].kind != b"moov":
        raise Malformed(
            "has no movie header before what needs it", found[0].start if found else end
        )
    for box in found[1:]:
        if box.kind == b"moov":
            raise Malformed("has two movie headers", box.start)
    return found[0]


def divide(buffer: Buffer, layout: Layout) -> list[Part]:
    """Divide a file into parts; whether these are plain is left open.

    Raises Malformed where samples overlap or lie outside of the data.
    """
    tiling = Tiling()
    data = _Data(buffer, layout, tiling)
    for box in layout.boxes:
        if box.kind == b"mdat":
            data.add(box)
        elif box.kind == b"moov":
            tiling.add(box.end, Role.STRUCTURE, MOVIE)
        elif box.kind == b"ftyp" and not box.start:
            tiling.add(box.end, Role.STRUCTURE, FILE_TYPE)
        elif box.kind == b"moof" and layout.fragments[box.start].kept:
            tiling.add(box.end, Role.STRUCTURE, FRAGMENT)
        else:
            unknown = Role.UNKNOWN, f"box '{legible_code(box.kind)}'"
            tiling.add(box.end, *_OTHERS.get(box.kind, unknown))
    data.finish()
    tiling.add(len(buffer), Role.TRAILER, TRAILER)
    return tiling.parts


class _Data:
    """Adds the boxes of data to a tiling: runs of samples that stay, notes in these, and the rest."""

    def __init__(self, buffer: Buffer, layout: Layout, tiling: Tiling) -> None:
        self._tiling = tiling
        self._runs = runs(layout.kept)
        self._run = next(self._runs, None)
        entries = (track.entries for track in layout.movie.kept)
        self._notes = heapq.merge(
            *(
                extents.notes(buffer, known)
                for extents, known in zip(layout.kept, entries, strict=True)
            )
        )
        self._note = next(self._notes, None)
        names = (f"samples of a {track.name}" for track in layout.movie.dropped)
        self._dropped = heapq.merge(
            *(_named(extents, name) for extents, name in zip(layout.dropped, names, strict=True))
        )
        self._gone: tuple[int, int, str] | None = next(self._dropped, None)

    def add(self, box: Box) -> None:
        """Add one box. Raises Malformed for samples that lie before it, or partly in it."""
        if self._run is not None and self._run[0] < box.data:
            raise Malformed("samples lie outside of the data", self._run[0])
        if self._run is not None and self._run[0] < box.end:
            self._tiling.add(box.data, Role.STRUCTURE, DATA)
        while self._run is not None and self._run[0] < box.end:
            start, end = self._run
            if end > box.end:
                raise Malformed("samples lie outside of the data", start)
            self._add_rest(start)
            self._add_samples(end)
            self._run = next(self._runs, None)
        self._add_rest(box.end)

    def finish(self) -> None:
        """Raise Malformed where samples lie behind all data."""
        if self._run is not None:
            raise Malformed("samples lie outside of the data", self._run[0])

    def _add_samples(self, end: int) -> None:
        while self._note is not None and self._note.start < end:
            note = self._note
            self._tiling.add(note.start, Role.PICTURE, SAMPLES)
            self._tiling.add(note.end, Role.STRUCTURE, note.name)
            self._note = next(self._notes, None)
        self._tiling.add(end, Role.PICTURE, SAMPLES)

    def _add_rest(self, end: int) -> None:
        """Add what belongs to no track that stays, by the tracks that it belongs to otherwise."""
        while self._gone is not None and self._gone[0] < end:
            start, stop, name = self._gone
            position = self._tiling.position
            self._tiling.add(max(position, min(start, end)), Role.UNKNOWN, GAP)
            self._tiling.add(max(self._tiling.position, min(stop, end)), Role.METADATA, name)
            if stop > end:
                break
            self._gone = next(self._dropped, None)
        self._tiling.add(end, Role.UNKNOWN, GAP)


def _named(extents: Extents, name: str) -> Iterator[tuple[int, int, str]]:
    for start, end in extents.spans():
        yield start, end, name


def write(buffer: Buffer, layout: Layout, parts: Sequence[Part]) -> Written:
    """Return for each part what stands for it in the clean copy.

    Raises Malformed for a copy whose
    parts cannot point at each other.
    """
    made: Written = [None if part.role in KEPT_ROLES else b"" for part in parts]
    sizes = [part.size if part.role in KEPT_ROLES else 0 for part in parts]
    payloads = _payloads(layout, parts, sizes)
    for index, part in enumerate(parts):
        if part.name == FILE_TYPE:
            made[index] = _file_type(buffer, part)
        elif part.name == DATA:
            made[index] = make_header(b"mdat", payloads[index])
        elif part.name == FRAGMENT:
            made[index] = layout.fragments[part.start].write(0, lambda _: 0)
        elif part.role is Role.STRUCTURE and part.name != MOVIE:
            made[index] = notes.filler(part.name, buffer[part.start : part.end])
        else:
            continue
        sizes[index] = len(made[index] or b"")
    movie = next(index for index, part in enumerate(parts) if part.name == MOVIE)
    for wide in (False, True):
        sizes[movie] = len(
            layout.movie.write(lambda old: array("Q", bytes(8 * len(old))), wide=wide)
        )
        if sum(sizes) <= _FOUR_GIB:
            break
    places = _Places(parts, sizes)
    made[movie] = layout.movie.write(places.all, wide=wide)
    for index, part in enumerate(parts):
        if part.name == FRAGMENT:
            at = places.of_parts[index]
            made[index] = layout.fragments[part.start].write(at, places.one)
    return settled(buffer, parts, made)


def _payloads(layout: Layout, parts: Sequence[Part], sizes: Sequence[int]) -> dict[int, int]:
    """Return how many bytes a clean copy has in the boxes of data, by their headers' indices."""
    ends = {box.data: box.end for box in layout.boxes if box.kind == b"mdat"}
    payloads: dict[int, int] = {}
    header = end = 0
    for index, (part, size) in enumerate(zip(parts, sizes, strict=True)):
        if part.name == DATA:
            header, end = index, ends[part.end]
            payloads[header] = 0
        elif part.start < end:
            payloads[header] += size
    return payloads


def _file_type(buffer: Buffer, part: Part) -> bytes:
    """Return the 'ftyp' box with the brands that stay.

    Its version goes: no reader goes by it, and it tells programs apart.
    """
    major = brand(buffer[: min(part.end, HEAD)])
    listed = buffer[part.start + 16 : part.end]
    brands = [listed[at : at + 4] for at in range(0, len(listed) - 3, 4)]
    compatible = list(dict.fromkeys(one for one in brands if one in BRANDS)) or [major]
    return make_box(b"ftyp", major, bytes(4), *compatible)


class _Places:
    """From places of samples in the source to places in the clean copy."""

    def __init__(self, parts: Sequence[Part], sizes: Sequence[int]) -> None:
        self.of_parts = array("Q", accumulate(sizes, initial=0))
        self._starts, self._moved = array("Q"), array("q")
        end = -1
        for part, at in zip(parts, self.of_parts, strict=False):
            if part.role is Role.PICTURE or part.name in notes.NAMES:
                if part.start != end:
                    self._starts.append(part.start)
                    self._moved.append(at - part.start)
                end = part.end

    def one(self, old: int) -> int:
        """Return where the sample goes that stands at this place."""
        return old + self._moved[bisect_right(self._starts, old) - 1]

    def all(self, old: array[int]) -> array[int]:
        """Return where each goes; a place before all samples, of a track without any, stays."""
        if not self._starts or max(old, default=0) < self._starts[0]:
            return old
        return array("Q", map(self.one, old))
