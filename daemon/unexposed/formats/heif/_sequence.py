"""Animations in picture files: which of their tracks stay, and the bytes these share with items.

The pictures of a track are cleaned as those of a video are: notes give way to filler of the same
size, and the headers are written anew. What an item shares with a track, usually the first
picture, is therefore kept as the track has it. Sound, thumbnails and all other tracks go.
Sources: ISO/IEC 23008-12:2022 section 7; AV1 Image File Format 1.1 section 3.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from unexposed.errors import Held, Malformed
from unexposed.formats._boxes import ALPHA, Box, Fields, read_boxes
from unexposed.formats.heif import _av1 as av1
from unexposed.formats.heif import _extents as spans
from unexposed.formats.heif import _properties as properties
from unexposed.formats.heif._file import File
from unexposed.formats.heif._meta import Meta
from unexposed.formats.heif._picture import Gone, Moving, Piece
from unexposed.formats.heif._samples import ENTRY_BOXES, configuration, screened
from unexposed.formats.heif._shown import require_uncut
from unexposed.formats.mp4._blocks import told_by_movie
from unexposed.formats.mp4._entries import AUXILIARY, CODECS, PICTURES, Entry
from unexposed.formats.mp4._extents import Extents, runs
from unexposed.formats.mp4._layout import MOVIE, only_movie
from unexposed.formats.mp4._movie import Movie, Outline, read_movie
from unexposed.formats.mp4._notes import Note, filler
from unexposed.formats.mp4._track import Track, children
from unexposed.formats.parts import Buffer, Part, Role
from unexposed.metadata.block import Block

__all__ = ["MOVIE", "Animation", "read_animation"]

MAX_FILE: Final = 1 << 31
"""Bytes of an animation at most, so that places in it take four bytes."""

_FRAGMENTS: Final = frozenset({b"moof", b"mvex"})
_THUMBNAIL, _OF_PICTURE = b"thmb", b"auxl"
_TABLE: Final = (b"mdia", b"minf", b"stbl", b"stsd")
_ENTRY_SIZE: Final = 32
"""Where in an entry its width and height stand."""
_HIDES: Final = "its edits hide some of its pictures: export it anew, and that can be cleaned"


class Animation(msgspec.Struct, frozen=True):
    """The tracks of a picture file, and the bytes that they keep."""

    movie: Movie
    moving: Moving
    dropped: tuple[Extents, ...]

    def blocks(self, buffer: Buffer, parts: Sequence[Part]) -> Iterator[Block]:
        """Yield what the tracks tell beside their pictures, for the readers."""
        dropped = zip(self.movie.dropped, self.dropped, strict=True)
        return told_by_movie(buffer, parts, self.movie.box, dropped)


def read_animation(buffer: Buffer, file: File, meta: Meta) -> Animation:
    """Return what moves in a file. Raises Malformed, and Held where it cannot be cleaned."""
    if len(buffer) > MAX_FILE:
        raise Held("it is too large for an animation")
    if not any(box.kind == b"moov" for box in file.boxes):
        raise Held("it says that it is an animation, and nothing in it moves")
    box = only_movie(file.boxes, file.end)
    inside = read_boxes(buffer, box.data, box.end)
    if any(one.kind in _FRAGMENTS for one in (*file.boxes, *inside)):
        raise Held("it is an animation in fragments, which cannot be cleaned yet")

    def choose(outlines: Sequence[Outline], _: Box) -> list[Outline]:
        return _chosen(buffer, outlines)

    movie = read_movie(buffer, box, choose)
    kept = [_extents(track) for track in movie.kept]
    dropped = tuple(map(_extents, movie.dropped))
    for track, extents in zip(movie.kept, kept, strict=True):
        if not extents.lengths or not all(extents.lengths):
            raise Malformed("an animation has no pictures where some should be", box.start)
        _require_unhidden(movie, track)
        _require_whole(buffer, track, extents)
    entries = [
        screened(track.entries, _first(buffer, extents))
        for track, extents in zip(movie.kept, kept, strict=True)
    ]
    notes = heapq.merge(
        *(one.notes(buffer, known) for one, known in zip(kept, entries, strict=True))
    )
    wanted = {item.spans[0] for item in meta.items.values() if item.spans and len(item.spans) == 1}
    shared = {span for extents in kept for span in extents.each() if span in wanted}
    cuts = sorted({place for span in shared for place in span})
    pieces = tuple(_cut(_pieces(buffer, kept, notes), cuts))
    starts = [piece.start for piece in pieces]
    gone = (
        Gone(*span, Role.METADATA, f"samples of a {track.name}")
        for track, extents in zip(movie.dropped, dropped, strict=True)
        for span in extents.spans()
    )
    moving = Moving(
        pieces,
        tuple(gone),
        {
            (start, end): pieces[bisect_left(starts, start) : bisect_left(starts, end)]
            for start, end in shared
        },
    )
    return Animation(movie, moving, dropped)


def _chosen(buffer: Buffer, outlines: Sequence[Outline]) -> list[Outline]:
    """Return the track that is shown, and that of its transparency."""
    moving = [one for one in outlines if one.handler == PICTURES]
    moving = [one for one in moving if not _references(buffer, one, _THUMBNAIL)]
    if any(one.enabled for one in moving):
        moving = [one for one in moving if one.enabled]
    if len(moving) != 1 or moving[0] is not _taken_first(buffer, outlines):
        raise Held("it holds several animations, or none, and not one that can be cleaned")
    alphas = [
        one
        for one in outlines
        if one.handler == AUXILIARY
        and _is_transparency(buffer, one)
        and _references(buffer, one, _OF_PICTURE) == [moving[0].number]
    ]
    if len(alphas) > 1:
        raise Malformed("an animation has two transparencies", alphas[1].box.start)
    chosen = [*moving, *alphas]
    if not all(one.known for one in chosen):
        raise Held("its animation is coded in a way that cannot be cleaned yet")
    return sorted(chosen, key=lambda one: one.box.start)


def _taken_first(buffer: Buffer, outlines: Sequence[Outline]) -> Outline | None:
    """Return the track that a decoder shows which takes the first that it can, as libavif does."""
    coded = {*CODECS[PICTURES]}
    return next(
        (
            one
            for one in outlines
            if not coded.isdisjoint(one.codecs) and not _references(buffer, one, _OF_PICTURE)
        ),
        None,
    )


def _references(buffer: Buffer, outline: Outline, kind: bytes) -> list[int]:
    """Return the numbers of the tracks to which a track refers as this."""
    at = _inside(buffer, outline.box, (b"tref", kind))
    if at is None:
        return []
    fields = Fields(buffer, at.data, at.end)
    return [fields.number(4) for _ in range(fields.left // 4)]


def _is_transparency(buffer: Buffer, outline: Outline) -> bool:
    """Tell whether each description of a track's samples says that these are transparencies."""
    table = _inside(buffer, outline.box, _TABLE)
    if table is None:
        return False
    roles = []
    for entry in read_boxes(buffer, min(table.end, table.data + 8), table.end):
        role = b""
        for box in read_boxes(buffer, min(entry.end, entry.start + ENTRY_BOXES), entry.end):
            if box.kind == b"auxi":
                fields = Fields(buffer, box.data, box.end)
                fields.take(4)
                role = fields.text()
        roles.append(role)
    return bool(roles) and all(role in ALPHA for role in roles)


def _inside(buffer: Buffer, box: Box, path: Sequence[bytes]) -> Box | None:
    """Return the box that stands in others by this path, None where one of them is missing."""
    at: Box | None = box
    for kind in path:
        if at is None:
            return None
        at = children(buffer, at.data, at.end, (kind,)).get(kind)
    return at


def _extents(track: Track) -> Extents:
    extents = Extents()
    if track.samples is not None:
        extents.add_chunks(track.samples)
    return extents


def _first(buffer: Buffer, extents: Extents) -> spans.Extents:
    """Return the sample of a track that comes first in the file."""
    return spans.Extents(buffer, [next(iter(extents.each()))])


def _require_unhidden(movie: Movie, track: Track) -> None:
    """Raise Held where edits do not show the whole track, and that once in each turn."""
    if not track.edits:
        return
    edit, *others = track.edits
    shown = (edit.duration + 1) * track.scale
    if others or edit.still or edit.start:
        raise Held(_HIDES)
    if edit.duration and shown < track.ticks * movie.scale:
        raise Held(_HIDES)


def _require_whole(buffer: Buffer, track: Track, extents: Extents) -> None:
    """Raise Held where the pictures of a track hold what was cropped away."""
    first = _first(buffer, extents)
    for entry in track.entries:
        boxes = {box.kind: box for box in read_boxes(entry.plain, ENTRY_BOXES, len(entry.plain))}
        crop = boxes.get(properties.CROP)
        coded, cut = _coded(entry, first)
        across, down = (
            int.from_bytes(entry.plain[at : at + 2]) for at in (_ENTRY_SIZE, _ENTRY_SIZE + 2)
        )
        if across > coded[0] or down > coded[1]:
            raise Malformed("an animation tells a larger size than it has", extents.starts[0])
        area = properties.crop_of(entry.plain, crop) if crop else None
        require_uncut((across, down), coded, cut, area)


def _coded(entry: Entry, first: spans.Extents) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return how large the pictures are that an entry describes, and what a decoder cuts away."""
    if entry.kind == b"av01":
        return av1.coded_size(first), (0, 0)
    sequence = configuration(entry).sequence
    return sequence.size, sequence.cut


def _pieces(buffer: Buffer, kept: Sequence[Extents], notes: Iterator[Note]) -> Iterator[Piece]:
    """Yield the bytes of the samples that stay, with filler for the notes in them."""
    note = next(notes, None)
    for start, end in runs(kept):
        at = start
        while note is not None and note.start < end:
            if at < note.start:
                yield Piece(at, note.start)
            made = filler(note.name, buffer[note.start : note.end])
            yield Piece(note.start, note.end, Role.STRUCTURE, made, note.name)
            at, note = note.end, next(notes, None)
        if at < end:
            yield Piece(at, end)


def _cut(pieces: Iterator[Piece], cuts: Sequence[int]) -> Iterator[Piece]:
    """Yield the pieces, those of pictures cut at these places."""
    for piece in pieces:
        start = piece.start
        if piece.made is None:
            for place in cuts[bisect_right(cuts, piece.start) : bisect_left(cuts, piece.end)]:
                yield Piece(start, place)
                start = place
            yield Piece(start, piece.end)
        else:
            yield piece
