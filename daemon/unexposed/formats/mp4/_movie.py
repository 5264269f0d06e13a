"""The 'moov' box: which tracks stay, and the box written anew with these alone.

Pictures and sound stay. Other tracks go with their samples: places and sensors (camm,
gpmd, mebx), time codes, chapters, hints, subtitles, still pictures, second views that are not
shown. A subtitle can hold anything, and drones write their way into theirs.
Sources: ISO/IEC 14496-12:2022 section 8; QuickTime File Format (2016), "Movie Atoms".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from unexposed.errors import Held, Malformed
from unexposed.formats._boxes import Box, make_box, make_full, read_boxes, read_full
from unexposed.formats._fourcc import legible_code
from unexposed.formats.mp4._edits import check_clock
from unexposed.formats.mp4._entries import CODECS, ENCRYPTED, SOUND, VIDEO, codecs
from unexposed.formats.mp4._entry_boxes import SEALED
from unexposed.formats.mp4._tables import numbers
from unexposed.formats.mp4._track import Place, Track, children, read_dropped, read_kept
from unexposed.formats.parts import Buffer

MAX_MOVIE: Final = 64 << 20
"""Bytes of a 'moov' box at most; the tables of a day of video take less."""
MAX_TRACKS: Final = 128

_HELD: Final[dict[bytes, str]] = {
    b"cmov": "its header is compressed: save it anew, and that can be cleaned",
    b"rmra": "it only points to videos in other files",
    b"pssh": SEALED,
}
_UNKNOWN: Final[dict[bytes, tuple[str, str]]] = {
    VIDEO: ("pictures are", "convert it to H.264, and that can be cleaned"),
    SOUND: ("sound is", "convert its sound to AAC, and that can be cleaned"),
}
"""Kind of track -> what to say of one whose codec is not known, and what to do."""
_ENABLED, _SHOWN = 1, 3
"""Flags of a track: enabled; and in the movie, too."""
_UNTOLD: Final = (0xFFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF)
"""Durations, in both versions of a header, that say nothing."""


class Defaults(msgspec.Struct, frozen=True, gc=False):
    """What fragments leave unsaid of a track's samples: description, from 1 on, size, and ticks."""

    kind: int = 1
    size: int = 0
    ticks: int = 0


class Movie(msgspec.Struct, frozen=True):
    """The 'moov' box taken apart: a second has `scale` ticks; `defaults` are by numbers of tracks."""

    box: Box
    header: bytes
    scale: int
    kept: tuple[Track, ...]
    dropped: tuple[Track, ...]
    extension: bytes
    defaults: Mapping[int, Defaults]

    def write(self, place: Place, *, wide: bool) -> bytes:
        """Return the box that a clean copy has, its samples where `place` says.

        A `wide` one has room for places beyond 4 GiB.
        """
        tracks = [track.write(place, wide=wide) for track in self.kept]
        return make_box(b"moov", self.header, *tracks, self.extension)


class _Timing(msgspec.Struct, frozen=True):
    """What stays of the 'mvhd' box: ticks of a second, duration in these, speed, volume, and shape."""

    version: int
    scale: int
    duration: int
    speed: bytes
    matrix: bytes


class Outline(msgspec.Struct, frozen=True):
    """As much of a track as tells whether it stays. An `alternative` may be chosen for another one.

    One that is `seen` is enabled, in the movie, and of a size.
    """

    box: Box
    number: int
    enabled: bool
    seen: bool
    alternative: bool
    handler: bytes
    codecs: tuple[bytes, ...]

    @property
    def known(self) -> bool:
        """Whether all of its codecs can be kept."""
        return bool(self.codecs) and CODECS.get(self.handler, {}).keys() >= set(self.codecs)


Choose = Callable[[Sequence[Outline], Box], list[Outline]]
"""Tells which of the tracks in a 'moov' box stay, in order. Raises Malformed and Held."""


def read_movie(buffer: Buffer, box: Box, choose: Choose | None = None) -> Movie:
    """Take a 'moov' box apart, of whose tracks those stay that `choose` says: a video's by itself.

    Raises Malformed where there is nothing to keep, and where what is to be kept cannot be read;
    Held where it can be read, but not be cleaned.
    """
    if box.size > MAX_MOVIE:
        raise Malformed("has too large a header", box.start)
    inside = list(read_boxes(buffer, box.data, box.end))
    for one in inside:
        if one.kind in _HELD:
            raise Held(_HELD[one.kind])
    outlines = [_outline(buffer, one) for one in inside if one.kind == b"trak"]
    if len(outlines) > MAX_TRACKS:
        raise Malformed(f"has more than {MAX_TRACKS} tracks", box.start)
    chosen = (choose or _chosen)(outlines, box)
    staying = frozenset(one.number for one in chosen)
    if len(staying) < len(chosen) or 0 in staying:
        raise Malformed("two tracks have the same number", box.start)
    known = children(buffer, box.data, box.end, (b"mvhd", b"mvex"))
    if b"mvhd" not in known:
        raise Malformed("has no movie header", box.start)
    timing = _timing(buffer, known[b"mvhd"])
    kept = tuple(read_kept(buffer, one.box, one.handler, staying, timing.scale) for one in chosen)
    dropped = tuple(
        read_dropped(buffer, one.box, one.number, one.handler, one.codecs)
        for one in outlines
        if one not in chosen
    )
    _check_durations(timing, kept)
    extension, defaults = _extension(buffer, known.get(b"mvex"), staying, timing.scale)
    return Movie(box, _header(timing, kept), timing.scale, kept, dropped, extension, defaults)


def _outline(buffer: Buffer, box: Box) -> Outline:
    track = children(buffer, box.data, box.end, (b"tkhd", b"mdia"))
    number, flags, group, handler, area = 0, 0, 0, b"", False
    if b"tkhd" in track:
        version, flags, fields = read_full(buffer, track[b"tkhd"])
        fields.take(16 if version else 8)
        number = fields.number(4)
        fields.take(14 + (8 if version else 4))
        group = fields.number(2)
        fields.take(4)
        area = _has_area(fields.take(36), fields.take(8))
    found: tuple[bytes, ...] = ()
    at = track.get(b"mdia")
    if at is not None:
        media = children(buffer, at.data, at.end, (b"hdlr", b"minf"))
        if b"hdlr" in media:
            _, _, fields = read_full(buffer, media[b"hdlr"])
            handler = fields.take(8)[4:]
        found = _codecs(buffer, media.get(b"minf"))
    enabled, seen = bool(flags & _ENABLED), area and flags & _SHOWN == _SHOWN
    return Outline(box, number, enabled, seen, bool(group), handler, found)


def _has_area(matrix: bytes, size: bytes) -> bool:
    """Tell whether anything is to be seen of a picture of this size that is moved like this."""
    a, b, _, c, d, *_ = numbers(matrix)
    return a * d != b * c and 0 not in numbers(size)


def _codecs(buffer: Buffer, information: Box | None) -> tuple[bytes, ...]:
    """Return the codecs of a track, none for one whose samples are not described."""
    at = information
    for kind in (b"stbl", b"stsd"):
        if at is None:
            return ()
        at = children(buffer, at.data, at.end, (kind,)).get(kind)
    try:
        return tuple(codecs(buffer, at)) if at is not None else ()
    except Malformed:
        return ()


def _chosen(outlines: Sequence[Outline], movie: Box) -> list[Outline]:
    """Return the tracks that stay, in order.

    Those that are seen or heard do, where any is, and sounds that can be chosen instead. One
    whose codec cannot be kept goes where another of its kind stays. Raises Held otherwise.
    """
    chosen = []
    for handler in (VIDEO, SOUND):
        alike = [one for one in outlines if one.handler == handler]
        for one in alike:
            if not ENCRYPTED.isdisjoint(one.codecs):
                raise Held(SEALED)
        known = [one for one in alike if one.known]
        if alike and not known:
            names = (
                ", ".join(f"'{legible_code(kind)}'" for kind in alike[0].codecs[:3]) or "nothing"
            )
            what, advice = _UNKNOWN[handler]
            raise Held(f"its {what} coded as {names}, which may carry notes: {advice}")
        if handler == VIDEO and any(one.seen for one in known):
            known = [one for one in known if one.seen]
        elif any(one.enabled for one in known):
            heard = handler == SOUND
            known = [one for one in known if one.enabled or (heard and one.alternative)]
        chosen += known
    if not chosen:
        raise Malformed("has neither a picture nor a sound", movie.start)
    return sorted(chosen, key=lambda one: one.box.start)


def _timing(buffer: Buffer, box: Box) -> _Timing:
    version, _, fields = read_full(buffer, box)
    if version > 1:
        raise Malformed("has a movie header of unknown version", box.start)
    size = 8 if version else 4
    fields.take(2 * size)
    scale, duration = fields.number(4), fields.number(size)
    speed = fields.take(6)
    fields.take(10)
    return _Timing(version, scale, duration, speed, fields.take(36))


def _check_durations(timing: _Timing, kept: Sequence[Track]) -> None:
    """Raise Held where what is stated may be a clock's time: much longer than the samples last."""
    for track in kept:
        stated = track.duration or timing.duration
        lasting = track.ticks * timing.scale // max(1, track.scale)
        if stated not in _UNTOLD:
            check_clock(stated - lasting, timing.scale)


def _header(timing: _Timing, kept: Sequence[Track]) -> bytes:
    """Return the 'mvhd' box: without times, and no longer than its longest track."""
    size = 8 if timing.version else 4
    longest = max(track.duration for track in kept)
    duration = min(timing.duration, longest or timing.duration)
    following = min(max(track.number for track in kept) + 1, 0xFFFF_FFFF)
    return make_full(
        b"mvhd",
        timing.version,
        0,
        bytes(2 * size) + timing.scale.to_bytes(4) + duration.to_bytes(size),
        timing.speed + bytes(10) + timing.matrix + bytes(24) + following.to_bytes(4),
    )


def _extension(
    buffer: Buffer, box: Box | None, kept: frozenset[int], scale: int
) -> tuple[bytes, dict[int, Defaults]]:
    """Return the 'mvex' box for the tracks that stay, and what all fragments leave unsaid."""
    made, defaults = [], {}
    if box is None:
        return b"", {}
    for one in read_boxes(buffer, box.data, box.end):
        if one.kind == b"mehd":
            version, _, fields = read_full(buffer, one)
            wide = bool(version)
            duration = fields.take(8 if wide else 4)
            check_clock(int.from_bytes(duration), scale)
            made.append(make_full(b"mehd", int(wide), 0, duration))
        elif one.kind == b"trex":
            _, _, fields = read_full(buffer, one)
            values = fields.take(20)
            number = int.from_bytes(values[:4])
            if number in defaults:
                raise Malformed("a track has defaults twice", one.start)
            kind, ticks, size = numbers(values[4:16])
            defaults[number] = Defaults(kind, size, ticks)
            if number in kept:
                made.append(make_full(b"trex", 0, 0, values))
    return make_box(b"mvex", *made), defaults
