"""Videos made box by box, each with a secret in one hiding place."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

CANARY = b"CANARY-0451-was-here!"

TIMES = struct.pack(">II", 3_700_000_000, 3_700_000_123)
LONG_TIMES = struct.pack(">QQ", 3_700_000_000, 3_700_000_123)
NO_TIMES = bytes(8)
NO_LONG_TIMES = bytes(16)
MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
SPHERICAL = bytes.fromhex("ffcc8263f8554a938814587a02521fdd")
USER_DATA = bytes.fromhex("dc45e9bde6d948b7962cd820d923eeef")

AVC_CONFIGURATION = bytes.fromhex("014d401effe1000c674d401e965602802dd80880") + bytes.fromhex(
    "01000468ee3c80"
)
AAC = bytes.fromhex("031900010004114015000000000000000000000005021210060102")


def box(kind: bytes, *payload: bytes) -> bytes:
    data = b"".join(payload)
    return struct.pack(">I", 8 + len(data)) + kind + data


def full(kind: bytes, *payload: bytes, version: int = 0, flags: int = 0) -> bytes:
    return box(kind, bytes([version]) + flags.to_bytes(3), *payload)


def words(*values: int) -> bytes:
    return struct.pack(f">{len(values)}I", *values)


def unit(data: bytes) -> bytes:
    """A unit of H.264 or H.265, its length before it."""
    return words(len(data)) + data


def message(kind: int, payload: bytes) -> bytes:
    return bytes([kind]) + b"\xff" * (len(payload) // 255) + bytes([len(payload) % 255]) + payload


def sei(*messages: bytes) -> bytes:
    return b"\x06" + b"".join(messages) + b"\x80"


def noise(size: int, seed: int) -> bytes:
    return random.Random(seed).randbytes(size)


def video_entry(
    kind: bytes,
    *boxes: bytes,
    name: bytes = b"",
    vendor: bytes = bytes(4),
    size: tuple[int, int] = (64, 48),
) -> bytes:
    return box(
        kind,
        bytes(6) + b"\0\1" + bytes(4) + vendor + bytes(8) + struct.pack(">HH", *size),
        words(0x480000, 0x480000) + bytes(4) + b"\0\1",
        (bytes([len(name)]) + name).ljust(32, b"\0") if name else bytes(32),
        b"\0\x18\xff\xff",
        *boxes,
    )


def sound_entry(kind: bytes, *boxes: bytes, channels: int = 2, bits: int = 16) -> bytes:
    fields = struct.pack(">HHHHI", channels, bits, 0, 0, 44100 << 16)
    return box(kind, bytes(6) + b"\0\1" + bytes(8) + fields, *boxes)


AVC = video_entry(b"avc1", box(b"avcC", AVC_CONFIGURATION))
VP9 = video_entry(b"vp09", full(b"vpcC", bytes.fromhex("000a82020202") + bytes(2), version=1))
SOUND = sound_entry(b"mp4a", full(b"esds", AAC))
PCM = sound_entry(b"sowt")


def timed(kind: bytes, times: bytes, *fields: bytes | int, flags: int = 0) -> bytes:
    """A header with times; where these are long, so is a duration, given as a number."""
    size = len(times) // 2
    made = (one.to_bytes(size) if isinstance(one, int) else one for one in fields)
    return full(kind, times, *made, version=int(size == 8), flags=flags)


def starts(places: Sequence[int]) -> bytes:
    """Where chunks begin, in the shorter of both tables that will do."""
    if max(places, default=0) <= 0xFFFFFFFF:
        return full(b"stco", words(len(places), *places))
    return full(b"co64", words(len(places)), struct.pack(f">{len(places)}Q", *places))


_SEEN = (b"vide", b"pict", b"auxv")


@dataclass(frozen=True)
class Track:
    """A track to be made; samples lie in chunks of so many."""

    number: int
    handler: bytes
    entry: bytes
    samples: tuple[bytes, ...]
    per_chunk: int = 2
    name: bytes = b""
    flags: int = 3
    group: int = 0
    times: bytes = NO_TIMES
    language: int = 0x55C4
    quicktime: bool = False
    track_boxes: tuple[bytes, ...] = ()
    table_boxes: tuple[bytes, ...] = ()
    reference: bytes = full(b"url ", flags=1)
    sizes: bytes = b""
    ticks: int = 1000
    length: int = 0
    size: tuple[int, int] = (64 << 16, 48 << 16)
    matrix: bytes = MATRIX

    @property
    def chunks(self) -> list[tuple[bytes, ...]]:
        step = self.per_chunk
        return [self.samples[at : at + step] for at in range(0, len(self.samples), step)]

    def made(self, places: Sequence[int]) -> bytes:
        head = {
            **dict.fromkeys(_SEEN, full(b"vmhd", bytes(8), flags=1)),
            b"soun": full(b"smhd", bytes(4)),
        }.get(self.handler, full(b"nmhd"))
        if self.quicktime:
            head += full(b"hdlr", b"dhlr" + b"url " + bytes(12), b"\0")
        table = box(
            b"stbl",
            full(b"stsd", words(1), self.entry),
            full(b"stts", words(1, self._count, self.ticks) if self._count else words(0)),
            *self.table_boxes,
            full(b"stsc", self._spread),
            full(b"stsz", self.sizes or words(0, self._count, *map(len, self.samples))),
            starts(places),
        )
        length = self.length or 1000 * len(self.samples)
        media = box(
            b"mdia",
            timed(b"mdhd", self.times, words(1000), length, struct.pack(">HH", self.language, 0)),
            full(
                b"hdlr",
                b"mhlr" if self.quicktime else bytes(4),
                self.handler + bytes(12),
                bytes([len(self.name)]) + self.name if self.quicktime else self.name + b"\0",
            ),
            box(b"minf", head, box(b"dinf", full(b"dref", words(1), self.reference)), table),
        )
        shape = self.matrix + (words(*self.size) if self.handler in _SEEN else bytes(8))
        header = timed(
            b"tkhd",
            self.times,
            words(self.number, 0),
            length,
            bytes(10) + self.group.to_bytes(2) + bytes(4) + shape,
            flags=self.flags,
        )
        return box(b"trak", header, *self.track_boxes, media)

    @property
    def _count(self) -> int:
        return struct.unpack(">I", self.sizes[4:8])[0] if self.sizes else len(self.samples)

    @property
    def _spread(self) -> bytes:
        counts = [len(chunk) * self._count // max(1, len(self.samples)) for chunk in self.chunks]
        rows = [
            (number, count, 1)
            for number, count in enumerate(counts, 1)
            if number == 1 or count != counts[number - 2]
        ]
        return words(len(rows), *(value for row in rows for value in row))


def picture(number: int, *notes: bytes) -> bytes:
    """A sample of H.264: what is noted, and a slice of a few bytes."""
    first = b"\x65" if number == 0 else b"\x41"
    return b"".join(unit(note) for note in notes) + unit(first + noise(40 + number, number))


PICTURES = Track(1, b"vide", AVC, tuple(picture(number) for number in range(7)))
SOUNDS = Track(
    2, b"soun", SOUND, tuple(noise(20 + number, 100 + number) for number in range(9)), per_chunk=3
)
FILE_TYPE = box(b"ftyp", b"isom" + bytes(4) + b"isomavc1")


@dataclass(frozen=True)
class Film:
    """A video to be made of tracks, whose chunks take turns."""

    tracks: tuple[Track, ...] = (PICTURES, SOUNDS)
    file_type: bytes = FILE_TYPE
    movie_first: bool = False
    times: bytes = NO_TIMES
    movie_boxes: tuple[bytes, ...] = ()
    before: bytes = b""
    behind: bytes = b""
    gap: bytes = b""
    length: int = 0
    data_header: Callable[[int], bytes] = field(
        default=lambda size: struct.pack(">I", 8 + size) + b"mdat"
    )

    def made(self) -> bytes:
        movie = self.movie([[0] * len(track.chunks) for track in self.tracks])
        start = len(self.file_type) + len(self.before) + len(self.data_header(0))
        places, data = self._data(start + len(movie) * self.movie_first)
        body = self.data_header(len(data)) + data
        movie = self.movie(places)
        rest = movie + body if self.movie_first else body + movie
        return self.file_type + self.before + rest + self.behind

    def movie(self, places: Sequence[Sequence[int]]) -> bytes:
        length = self.length or max(1000 * len(track.samples) for track in self.tracks)
        header = timed(
            b"mvhd",
            self.times,
            words(1000),
            length,
            b"\0\1\0\0\1\0" + bytes(10) + MATRIX + bytes(24),
            words(max(track.number for track in self.tracks) + 1),
        )
        made = (track.made(at) for track, at in zip(self.tracks, places, strict=True))
        return box(b"moov", header, *made, *self.movie_boxes)

    def _data(self, start: int) -> tuple[list[list[int]], bytes]:
        places: list[list[int]] = [[] for _ in self.tracks]
        data = self.gap
        for turn in range(max(len(track.chunks) for track in self.tracks)):
            for track, at in zip(self.tracks, places, strict=True):
                if turn < len(track.chunks):
                    at.append(start + len(data))
                    data += b"".join(track.chunks[turn]) + self.gap
        return places, data


def film(**changes: object) -> bytes:
    return replace(Film(), **changes).made()  # type: ignore[arg-type]


def plain() -> bytes:
    return film()


def movie_first() -> bytes:
    return film(movie_first=True)


def quicktime() -> bytes:
    tracks = (replace(PICTURES, quicktime=True), replace(SOUNDS, quicktime=True))
    return film(tracks=tracks, file_type=box(b"ftyp", b"qt  " + bytes(4) + b"qt  "))


def quicktime_without_a_file_type() -> bytes:
    tracks = (replace(PICTURES, quicktime=True), replace(SOUNDS, quicktime=True))
    return film(tracks=tracks, file_type=b"")


def vp9() -> bytes:
    track = replace(PICTURES, entry=VP9, samples=tuple(noise(30, n) for n in range(5)))
    return film(tracks=(track, SOUNDS))


def sound_alone() -> bytes:
    return film(tracks=(SOUNDS,))


_BASE, _DEFAULT_SIZE, _BASE_IS_FRAGMENT = 0x1, 0x10, 0x20000
_OFFSET, _SIZES = 0x1, 0x200


@dataclass(frozen=True)
class Fragments:
    """A video whose samples are told of in fragments, a sample or two of each track in one.

    Offsets count from what `base` says: the "fragment", a "place" in the file, or, where nothing
    is said, from the fragment and then from the end of the "data before".
    """

    tracks: tuple[Track, ...] = (PICTURES, SOUNDS)
    base: str = "fragment"
    movie_boxes: tuple[bytes, ...] = ()
    inside: tuple[bytes, ...] = ()
    inside_track: tuple[bytes, ...] = ()
    between: bytes = b""
    gap: bytes = b""
    further: tuple[bytes, ...] = ()
    begin: int = 0
    first: int = 1

    def made(self) -> bytes:
        defaults = (full(b"trex", words(track.number, 1, 1000, 0, 0)) for track in self.tracks)
        empty = tuple(replace(track, samples=()) for track in self.tracks)
        extension = box(b"mvex", *self.further, *defaults)
        film = replace(Film(), tracks=empty, movie_boxes=(extension, *self.movie_boxes))
        data = film.file_type + film.movie([[] for _ in empty])
        for turn in range(max(len(track.chunks) for track in self.tracks)):
            data += self.between + self._fragment(turn, len(data) + len(self.between))
        return data

    def _fragment(self, turn: int, at: int) -> bytes:
        chunks = [(track, track.chunks[turn]) for track in self.tracks if turn < len(track.chunks)]
        size = len(self._header(turn, at, chunks, 0))
        body = b"".join(self.gap + b"".join(chunk) for _, chunk in chunks)
        return self._header(turn, at, chunks, size + 8) + box(b"mdat", body)

    def _header(
        self, turn: int, at: int, chunks: list[tuple[Track, tuple[bytes, ...]]], data: int
    ) -> bytes:
        portions = []
        for order, (track, chunk) in enumerate(chunks):
            data += len(self.gap)
            base, flags, run_flags, offset = b"", 0, _OFFSET | _SIZES, words(data)
            if self.base == "fragment":
                flags = _BASE_IS_FRAGMENT
            elif self.base == "place":
                base, flags = struct.pack(">Q", at), _BASE
            elif order:
                run_flags, offset = _SIZES, b""
            rows = words(*map(len, chunk))
            portions.append(
                box(
                    b"traf",
                    full(b"tfhd", words(track.number), base, flags=flags),
                    full(b"tfdt", words(self.begin + 2000 * turn)),
                    *self.inside_track,
                    full(b"trun", words(len(chunk)), offset, rows, flags=run_flags),
                )
            )
            data += sum(map(len, chunk))
        return box(b"moof", full(b"mfhd", words(self.first + turn)), *self.inside, *portions)


def fragments(**changes: object) -> bytes:
    return replace(Fragments(), **changes).made()  # type: ignore[arg-type]


def fragments_from_places() -> bytes:
    return fragments(base="place")


CLEAN_FILMS: tuple[Callable[[], bytes], ...] = (
    plain,
    movie_first,
    quicktime,
    quicktime_without_a_file_type,
    vp9,
    sound_alone,
    fragments,
    fragments_from_places,
)


def _pictures(**changes: object) -> bytes:
    return film(tracks=(replace(PICTURES, **changes), SOUNDS))  # type: ignore[arg-type]


def _with_first_sample(*notes: bytes) -> bytes:
    return _pictures(samples=(picture(0, *notes), *PICTURES.samples[1:]))


def _with_track(handler: bytes, entry: bytes, *samples: bytes, **changes: object) -> bytes:
    track = Track(7, handler, entry, samples or (CANARY, CANARY + b"2"), per_chunk=1)
    return film(tracks=(PICTURES, SOUNDS, replace(track, **changes)))  # type: ignore[arg-type]


def user_data() -> bytes:
    text = struct.pack(">HH", len(CANARY), 0x15C7) + CANARY
    return film(movie_boxes=(box(b"udta", box(b"\xa9nam", text)),))


def user_data_of_a_track() -> bytes:
    return _pictures(track_boxes=(box(b"udta", box(b"name", CANARY)),))


def metadata_keys() -> bytes:
    return film(movie_boxes=(keyed({"com.apple.quicktime.title": CANARY}),))


def metadata_of_the_file() -> bytes:
    handler = full(b"hdlr", bytes(4) + b"mdir" + bytes(13))
    item = box(b"\xa9cmt", box(b"data", words(1, 0) + CANARY))
    return film(behind=full(b"meta", handler, box(b"ilst", item)))


def metadata_of_a_track() -> bytes:
    return _pictures(track_boxes=(keyed({"title": CANARY}),))


def keyed(values: dict[str, bytes]) -> bytes:
    """QuickTime's metadata: keys, and items that refer to them by number."""
    names = b"".join(box(b"mdta", key.encode()) for key in values)
    items = (
        box(words(number), box(b"data", words(1, 0) + value))
        for number, value in enumerate(values.values(), 1)
    )
    return box(
        b"meta",
        full(b"hdlr", bytes(4) + b"mdta" + bytes(13)),
        full(b"keys", words(len(values)) + names),
        box(b"ilst", *items),
    )


def xmp_in_a_uuid_box() -> bytes:
    return film(behind=box(b"uuid", XMP + b"<x:xmpmeta>" + CANARY))


def uuid_box() -> bytes:
    return film(before=box(b"uuid", bytes(range(16)) + CANARY))


def uuid_box_in_the_movie() -> bytes:
    return film(movie_boxes=(box(b"uuid", bytes(range(16)) + CANARY),))


def unknown_box() -> bytes:
    return film(behind=box(b"priv", CANARY))


def unknown_box_in_a_track() -> bytes:
    return _pictures(track_boxes=(box(b"priv", CANARY),))


def unknown_table() -> bytes:
    return _pictures(table_boxes=(box(b"priv", CANARY),))


def free_space() -> bytes:
    return film(before=box(b"free", CANARY))


def free_space_in_the_movie() -> bytes:
    return film(movie_boxes=(box(b"skip", CANARY),))


def preview() -> bytes:
    return film(before=box(b"pnot", bytes(12)) + box(b"PICT", CANARY))


def gaps_between_samples() -> bytes:
    return film(gap=CANARY)


def second_data_box_that_no_track_points_to() -> bytes:
    return film(behind=box(b"mdat", CANARY))


def name_of_a_handler() -> bytes:
    return _pictures(name=CANARY)


def name_of_a_quicktime_handler() -> bytes:
    return film(tracks=(replace(PICTURES, name=CANARY, quicktime=True), SOUNDS))


def name_of_a_compressor() -> bytes:
    named = video_entry(b"avc1", box(b"avcC", AVC_CONFIGURATION), name=CANARY)
    return _pictures(entry=named)


def box_in_a_description() -> bytes:
    return _pictures(
        entry=video_entry(b"avc1", box(b"avcC", AVC_CONFIGURATION), box(b"priv", CANARY))
    )


def bytes_behind_a_configuration() -> bytes:
    return _pictures(entry=video_entry(b"avc1", box(b"avcC", AVC_CONFIGURATION + CANARY)))


def notes_in_a_configuration() -> bytes:
    note = sei(message(5, USER_DATA + CANARY))
    longer = AVC_CONFIGURATION.replace(
        b"\x01\x00\x04\x68", b"\x02" + struct.pack(">H", len(note)) + note + b"\x00\x04\x68"
    )
    return _pictures(entry=video_entry(b"avc1", box(b"avcC", longer)))


def streams(kind: bytes, start: bytes) -> bytes:
    """MPEG-4's descriptors of a stream of this kind, and what its decoder starts from."""
    decoder = described(4, kind + b"\x15" + bytes(11) + described(5, start))
    return described(3, b"\0\1\0" + decoder + described(6, b"\2"))


def described(tag: int, content: bytes) -> bytes:
    size = len(content)
    coded = [0x80 | size >> 7, size & 0x7F] if size > 0x7F else [size]
    return bytes([tag, *coded]) + content


def configuration_of_another_codec() -> bytes:
    other = full(b"esds", streams(b"\x20", CANARY * 30))
    return _pictures(entry=video_entry(b"avc1", box(b"avcC", AVC_CONFIGURATION), other))


def configuration_of_another_sound() -> bytes:
    boxes = full(b"esds", AAC), full(b"alac", CANARY.ljust(24))
    other = sound_entry(b"mp4a", *boxes, box(b"wave", box(b"frma", b"mp4a"), boxes[1]))
    return film(tracks=(PICTURES, replace(SOUNDS, entry=other)))


def path_of_another_file() -> bytes:
    return _pictures(reference=full(b"alis", CANARY, flags=1))


def settings_of_the_encoder() -> bytes:
    return _with_first_sample(sei(message(5, USER_DATA + CANARY)))


def settings_behind_a_needed_message() -> bytes:
    return _with_first_sample(sei(message(6, b"\xc4"), message(5, USER_DATA + CANARY)))


def long_notes() -> bytes:
    return _with_first_sample(sei(message(5, USER_DATA + CANARY * 40)))


def registered_notes_of_somebody() -> bytes:
    return _with_first_sample(sei(message(4, b"\xb5\x12\x34" + CANARY)))


def notes_that_run_over_their_end() -> bytes:
    return _with_first_sample(b"\x06\x05\xc8" + CANARY + b"\x80")


def reserved_unit() -> bytes:
    return _with_first_sample(b"\x1e" + CANARY)


def partition_of_a_slice() -> bytes:
    return _with_first_sample(b"\x62" + CANARY)


def message_that_is_too_long() -> bytes:
    return _with_first_sample(sei(message(137, bytes(4) + CANARY)))


def filler_that_is_none() -> bytes:
    return _with_first_sample(b"\x0c" + CANARY)


def timed_metadata() -> bytes:
    return _with_track(b"meta", box(b"mebx", bytes(6) + b"\0\1"))


def gopro_track() -> bytes:
    return _with_track(b"meta", box(b"gpmd", bytes(6) + b"\0\1" + bytes(4)))


def time_code() -> bytes:
    return _with_track(b"tmcd", box(b"tmcd", bytes(6) + b"\0\1" + bytes(18)))


def chapters() -> bytes:
    text = struct.pack(">H", len(CANARY)) + CANARY
    return _with_track(b"text", box(b"text", bytes(6) + b"\0\1" + bytes(43)), text)


def subtitles() -> bytes:
    text = struct.pack(">H", len(CANARY)) + CANARY
    return _with_track(b"sbtl", box(b"tx3g", bytes(6) + b"\0\1" + bytes(30)), text)


def track_of_no_known_kind() -> bytes:
    return _with_track(b"priv", box(b"priv", bytes(6) + b"\0\1"))


def still_pictures() -> bytes:
    return _with_track(b"pict", video_entry(b"hvc1"))


def second_video_that_is_not_shown() -> bytes:
    return _with_track(b"vide", AVC, unit(b"\x65" + CANARY), flags=0)


def second_video_of_no_size() -> bytes:
    return _with_track(b"vide", AVC, unit(b"\x65" + CANARY), size=(0, 0))


def preview_track_in_another_codec() -> bytes:
    return _with_track(b"vide", video_entry(b"jpeg"))


def entries_for_samples_that_there_are_none_of() -> bytes:
    return _pictures(table_boxes=(full(b"ctts", words(4, 7, 0), CANARY.ljust(24)),))


def bytes_behind_a_table() -> bytes:
    return _pictures(table_boxes=(full(b"stss", words(1, 1) + CANARY),))


def sum_of_shifts_that_is_none() -> bytes:
    return _pictures(table_boxes=(full(b"cslg", CANARY),))


def bytes_after_the_end() -> bytes:
    return film(behind=CANARY + bytes(8))


def sphere_with_the_name_of_a_program() -> bytes:
    return _pictures(track_boxes=(sphere(b"equirectangular", CANARY),))


def sphere(projection: bytes, program: bytes) -> bytes:
    fields = (
        (b"Spherical", b"true"),
        (b"Stitched", b"true"),
        (b"StitchingSoftware", program),
        (b"ProjectionType", projection),
        (b"StereoMode", b"top-bottom"),
    )
    xml = b"".join(b"<GSpherical:%b>%b</GSpherical:%b>" % (one, two, one) for one, two in fields)
    return box(b"uuid", SPHERICAL, b"<rdf:SphericalVideo>", xml, b"</rdf:SphericalVideo>")


HIDING_PLACES: tuple[Callable[[], bytes], ...] = (
    user_data,
    user_data_of_a_track,
    metadata_keys,
    metadata_of_the_file,
    metadata_of_a_track,
    xmp_in_a_uuid_box,
    uuid_box,
    uuid_box_in_the_movie,
    unknown_box,
    unknown_box_in_a_track,
    unknown_table,
    free_space,
    free_space_in_the_movie,
    preview,
    gaps_between_samples,
    second_data_box_that_no_track_points_to,
    name_of_a_handler,
    name_of_a_quicktime_handler,
    name_of_a_compressor,
    box_in_a_description,
    notes_in_a_configuration,
    path_of_another_file,
    settings_of_the_encoder,
    settings_behind_a_needed_message,
    long_notes,
    registered_notes_of_somebody,
    notes_that_run_over_their_end,
    reserved_unit,
    partition_of_a_slice,
    message_that_is_too_long,
    filler_that_is_none,
    timed_metadata,
    gopro_track,
    time_code,
    chapters,
    subtitles,
    track_of_no_known_kind,
    still_pictures,
    second_video_that_is_not_shown,
    second_video_of_no_size,
    preview_track_in_another_codec,
    bytes_after_the_end,
)

UNTOLD: tuple[Callable[[], bytes], ...] = (
    bytes_behind_a_configuration,
    configuration_of_another_codec,
    configuration_of_another_sound,
    entries_for_samples_that_there_are_none_of,
    bytes_behind_a_table,
    sum_of_shifts_that_is_none,
    sphere_with_the_name_of_a_program,
)
"""More hiding places, of whose content the report says nothing."""
