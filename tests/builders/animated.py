"""Animated AVIF and HEIF: a still picture, and tracks whose first picture is that very one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec

from tests.builders import heif, heif_places, mp4
from tests.builders.heif import ALPHA, AV1, HEVC, SIZE, Coding, File, encoder_note, obu
from tests.builders.mp4 import LONG_TIMES, NO_LONG_TIMES, Film, Track, box, full, words
from tests.builders.webp import CANARY

BRANDS = {HEVC: b"hevc", AV1: b"avis"}
COUNT = 4
LENGTH = 1000 * COUNT
LOOPED = box(
    b"edts",
    full(b"elst", words(1) + LENGTH.to_bytes(8) + bytes(8) + b"\0\1\0\0", version=1, flags=1),
)
CONSTRAINTS = full(b"ccst", words(0x7C000000))
TRANSPARENT = full(b"auxi", ALPHA + b"\0")


def track(coding: Coding, number: int = 1, *boxes: bytes, mode: str = "RGB") -> Track:
    """A track of so many pictures, each a key frame, shown in a loop."""
    items = [coding.item(seed=10 * number + at, mode=mode) for at in range(COUNT)]
    configuration = items[0].properties[-1]
    entry = mp4.video_entry(coding.kind, configuration, CONSTRAINTS, *boxes, size=SIZE)
    return Track(
        number,
        b"pict" if mode == "RGB" else b"auxv",
        entry,
        tuple(item.data for item in items),
        per_chunk=1,
        size=(SIZE[0] << 16, SIZE[1] << 16),
        track_boxes=(LOOPED,),
    )


def alpha_track(coding: Coding, *boxes: bytes) -> Track:
    made = track(coding, 2, *(boxes or (TRANSPARENT,)), mode="L")
    reference = box(b"tref", box(b"auxl", words(1)))
    return replace(made, track_boxes=(reference, LOOPED), flags=1)


@dataclass(frozen=True)
class Animated:
    """An animation to be made of a still picture and of tracks, which come behind it.

    The first sample of the first track is the still picture itself, wherever that lies.
    """

    coding: Coding
    file: File
    tracks: tuple[Track, ...]
    movie_boxes: tuple[bytes, ...] = ()
    times: bytes = NO_LONG_TIMES
    gap: bytes = b""
    extra: bytes = b""

    def build(self) -> bytes:
        behind = self.file.behind
        still = msgspec.structs.replace(
            self.file,
            brand=BRANDS[self.coding],
            brands=(*self.file.brands, self.coding.brand, b"msf1", b"iso8"),
            behind=b"",
        )
        start = still.build()
        picture = still.items[still.primary - 1].data
        at = start.find(picture) if picture else -1
        places, data = [], b""
        tracks = []
        for number, one in enumerate(self.tracks):
            shared = (
                number == 0 and at >= 0 and still.items[still.primary - 1].kind == one.entry[4:8]
            )
            samples = (picture, *one.samples[1:]) if shared else one.samples
            places.append([])
            for sample in samples[shared:]:
                data += self.gap
                places[-1].append(len(start) + 8 + len(data))
                data += sample
            if shared:
                places[-1].insert(0, at)
            tracks.append(replace(one, samples=samples, per_chunk=1))
        movie = Film(tuple(tracks), times=self.times, movie_boxes=self.movie_boxes)
        return start + box(b"mdat", data) + self.extra + movie.movie(places) + behind


def moving(coding: Coding, **changes: object) -> Animated:
    return replace(Animated(coding, coding.file(), (track(coding),)), **changes)  # type: ignore[arg-type]


def simple(coding: Coding) -> bytes:
    return moving(coding).build()


def transparent(coding: Coding) -> bytes:
    """With an alpha in its still picture and in its tracks."""
    return moving(
        coding, file=heif.with_alpha(coding), tracks=(track(coding), alpha_track(coding))
    ).build()


def premultiplied(coding: Coding) -> bytes:
    """With an alpha by which its colours were multiplied already."""
    colours = track(coding)
    reference = box(b"tref", box(b"prem", words(2)))
    colours = replace(colours, track_boxes=(reference, *colours.track_boxes))
    return moving(
        coding, file=heif.premultiplied(coding), tracks=(colours, alpha_track(coding))
    ).build()


def apart(coding: Coding) -> bytes:
    """Whose still picture is a grid, which shares nothing with the track."""
    return moving(coding, file=heif.grid(coding)).build()


PICTURES: tuple[Callable[[Coding], bytes], ...] = (simple, transparent, premultiplied, apart)


def _with(coding: Coding, *others: Track, **changes: object) -> bytes:
    return moving(
        coding,
        tracks=(replace(track(coding), **changes), *others),  # type: ignore[arg-type]
    ).build()


def _noted(coding: Coding, data: bytes) -> bytes:
    return (encoder_note(CANARY) if coding is HEVC else obu(5, b"\4" + CANARY)) + data


def notes_in_the_shared_picture(coding: Coding) -> bytes:
    file = coding.file()
    file.items[0].data = _noted(coding, file.items[0].data)
    return moving(coding, file=file).build()


def notes_in_a_later_picture(coding: Coding) -> bytes:
    one = track(coding)
    return _with(coding, samples=(*one.samples[:2], _noted(coding, one.samples[2]), one.samples[3]))


def notes_in_the_transparency(coding: Coding) -> bytes:
    alpha = alpha_track(coding)
    samples = (_noted(coding, alpha.samples[0]), *alpha.samples[1:])
    return _with(coding, replace(alpha, samples=samples))


def user_data(coding: Coding) -> bytes:
    return moving(coding, movie_boxes=(box(b"udta", box(b"name", CANARY)),)).build()


def metadata_of_the_movie(coding: Coding) -> bytes:
    return moving(coding, movie_boxes=(mp4.keyed({"title": CANARY}),)).build()


def metadata_of_a_track(coding: Coding) -> bytes:
    return _with(coding, track_boxes=(LOOPED, mp4.keyed({"title": CANARY})))


def unknown_box_in_a_track(coding: Coding) -> bytes:
    return _with(coding, track_boxes=(LOOPED, box(b"priv", CANARY)))


def unknown_table(coding: Coding) -> bytes:
    return _with(coding, table_boxes=(box(b"priv", CANARY),))


def name_of_a_handler(coding: Coding) -> bytes:
    return _with(coding, name=CANARY)


def box_in_a_description(coding: Coding) -> bytes:
    return _with(coding, entry=track(coding, 1, box(b"priv", CANARY)).entry)


def name_of_a_compressor(coding: Coding) -> bytes:
    configuration = coding.item().properties[-1]
    return _with(coding, entry=mp4.video_entry(coding.kind, configuration, name=CANARY, size=SIZE))


def track_of_another_role(coding: Coding) -> bytes:
    depth = alpha_track(coding, full(b"auxi", b"urn:mpeg:hevc:2015:auxid:2\0"))
    return _with(coding, replace(depth, samples=(CANARY, CANARY)))


def alpha_of_a_picture_that_is_not_there(coding: Coding) -> bytes:
    alpha = replace(alpha_track(coding), track_boxes=(), samples=(CANARY, CANARY))
    return _with(coding, alpha)


def thumbnails(coding: Coding) -> bytes:
    reference = box(b"tref", box(b"thmb", words(1)))
    small = replace(track(coding, 3), samples=(CANARY, CANARY), track_boxes=(reference,))
    return _with(coding, small)


def sound(coding: Coding) -> bytes:
    return _with(coding, replace(mp4.SOUNDS, number=5, samples=(CANARY, CANARY)))


def places_on_the_way(coding: Coding) -> bytes:
    entry = box(b"gpmd", bytes(6) + b"\0\1" + bytes(4))
    return _with(coding, Track(5, b"meta", entry, (CANARY, CANARY)))


def gaps_between_pictures(coding: Coding) -> bytes:
    return moving(coding, gap=CANARY).build()


def further_box_of_data(coding: Coding) -> bytes:
    return moving(coding, extra=box(b"mdat", CANARY)).build()


def subtitles(coding: Coding) -> bytes:
    return _with(coding, Track(7, b"sbtl", box(b"tx3g", bytes(8)), (CANARY,)))


def chapters(coding: Coding) -> bytes:
    reference = box(b"tref", box(b"chap", words(7)))
    text = Track(7, b"text", box(b"text", bytes(8)), (CANARY,))
    return _with(coding, text, track_boxes=(LOOPED, reference))


def film(coding: Coding) -> bytes:
    return _with(coding, replace(mp4.PICTURES, number=7, samples=(CANARY, CANARY)))


def animation_that_is_switched_off(coding: Coding) -> bytes:
    return _with(coding, replace(track(coding, 3), samples=(CANARY, CANARY), flags=0))


def sphere(coding: Coding) -> bytes:
    about = b'<?xml version="1.0"?><rdf:SphericalVideo>' + CANARY + b"</rdf:SphericalVideo>"
    return _with(coding, track_boxes=(LOOPED, box(b"uuid", mp4.SPHERICAL + about)))


def name_of_where_the_data_are(coding: Coding) -> bytes:
    return _with(coding, reference=full(b"url ", CANARY + b"\0", flags=1))


def message_of_light_levels(coding: Coding) -> bytes:
    """Which a video may keep, as players need it to show its pictures."""
    note = words(25) + b"\x4e\x01\x89\x14" + CANARY[:20] + b"\x80"
    if coding is AV1:
        note = obu(5, b"\2" + CANARY + b"\x80")
    return _with(coding, samples=_third(coding, lambda sample: note + sample))


def _third(coding: Coding, changed: Callable[[bytes], bytes]) -> tuple[bytes, ...]:
    samples = track(coding).samples
    return *samples[:2], changed(samples[2]), *samples[3:]


_OF_TRACKS: tuple[Callable[[Coding], bytes], ...] = (
    notes_in_the_shared_picture,
    notes_in_a_later_picture,
    notes_in_the_transparency,
    user_data,
    metadata_of_the_movie,
    metadata_of_a_track,
    unknown_box_in_a_track,
    unknown_table,
    name_of_a_handler,
    box_in_a_description,
    name_of_a_compressor,
    track_of_another_role,
    alpha_of_a_picture_that_is_not_there,
    thumbnails,
    sound,
    places_on_the_way,
    gaps_between_pictures,
    further_box_of_data,
    subtitles,
    chapters,
    film,
    animation_that_is_switched_off,
    sphere,
    name_of_where_the_data_are,
    message_of_light_levels,
)


def _of_tables(*boxes: bytes) -> Callable[[Coding], bytes]:
    return lambda coding: _with(coding, table_boxes=boxes)


def _of_entries(*boxes: bytes) -> Callable[[Coding], bytes]:
    return lambda coding: _with(coding, entry=track(coding, 1, *boxes).entry)


def _described(kind: bytes) -> bytes:
    return full(b"sgpd", kind, words(len(CANARY), 1), CANARY, version=1)


_GROUPED = full(b"sbgp", b"priv", words(1, COUNT, 1))
UNTOLD: dict[str, Callable[[Coding], bytes]] = {
    "groups of samples": _of_tables(_described(b"priv"), _GROUPED),
    "groups of samples that refer to others": _of_tables(_described(b"refs")),
    "groups of samples where decoding begins": _of_tables(
        full(b"sgpd", b"roll", words(2, len(CANARY) // 2), CANARY, version=1)
    ),
    "shifts of times": _of_tables(full(b"cslg", CANARY[:20])),
    "dependencies": _of_tables(full(b"sdtp", CANARY)),
    "sub-samples": _of_tables(full(b"subs", CANARY)),
    "shadows of key frames": _of_tables(full(b"stsh", CANARY)),
    "bit rates": _of_entries(box(b"btrt", CANARY[:12])),
    "projection": _of_entries(box(b"sv3d", box(b"proj", full(b"cbmp", CANARY)))),
    "mastering display of another codec": _of_entries(full(b"SmDm", CANARY.ljust(24))),
    "Dolby Vision": _of_entries(box(b"dvcC", CANARY.ljust(24))),
    "behind its constraints": _of_entries(full(b"ccst", words(0) + CANARY)),
    "broken colour profile": _of_entries(box(b"colr", b"prof" + CANARY)),
    "references to tracks": lambda coding: _with(
        coding, track_boxes=(LOOPED, box(b"tref", box(b"cdsc", CANARY)))
    ),
    "behind its edits": lambda coding: _with(
        coding, track_boxes=(box(b"edts", LOOPED[8:] + box(b"free", CANARY)),)
    ),
    "behind the role of its transparency": lambda coding: moving(
        coding,
        tracks=(track(coding), alpha_track(coding, full(b"auxi", ALPHA + b"\0" + CANARY))),
    ).build(),
}
"""Places of tracks of which no report tells, as what stands there is no metadata."""


def parameters_in_a_sample(coding: Coding) -> bytes:
    """What sets a decoder up, and more, in the middle of an animation."""

    def changed(sample: bytes) -> bytes:
        if coding is HEVC:
            unit = b"\x42\x01" + CANARY
            return words(len(unit)) + unit + sample
        at = sample.index(b"\x0a")
        end = at + 2 + sample[at + 1]
        header = sample[at + 2 : end] + CANARY
        return sample[:at] + bytes([0x0A, len(header)]) + header + sample[end:]

    return _with(coding, samples=_third(coding, changed))


def _of_items(place: Callable[[Coding], File]) -> Callable[[Coding], bytes]:
    return lambda coding: moving(coding, file=place(coding)).build()


HIDING_PLACES: dict[str, Callable[[Coding], bytes]] = {
    **{place.__name__: place for place in _OF_TRACKS},
    **{
        f"{place.__name__} of its still picture": _of_items(place)
        for place in heif_places.HIDING_PLACES
        if place is not heif_places.moving_pictures
    },
}
"""Those of tracks, and those of a still picture beside tracks."""


def times_of_recording(coding: Coding) -> bytes:
    return _timed(coding, LONG_TIMES)


def without_times(coding: Coding) -> bytes:
    return _timed(coding, NO_LONG_TIMES)


def _timed(coding: Coding, times: bytes) -> bytes:
    return moving(coding, tracks=(replace(track(coding), times=times),), times=times).build()
