from __future__ import annotations

import io
import struct
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from PIL import Image

from tests.builders import animated, boxes, heif_places
from tests.builders.animated import (
    HIDING_PLACES,
    LENGTH,
    PICTURES,
    UNTOLD,
    alpha_track,
    moving,
    track,
)
from tests.builders.contract import clean, survives
from tests.builders.damage import broken
from tests.builders.frames import repeats, shown
from tests.builders.heif import AV1, HEVC, Coding, box, crop, full
from tests.builders.mp4 import words
from tests.builders.oracle import program
from tests.builders.webp import CANARY, private_tiff
from unexposed.errors import Held, Malformed
from unexposed.formats import avif, heif
from unexposed.metadata import read

WORD = CANARY[:6]

Builder = Callable[[Coding], bytes]

HANDLERS = {HEVC: heif, AV1: avif}
CODINGS = pytest.mark.parametrize("coding", HANDLERS, ids=("heic", "avif"))
CLEAN = {coding: {build: build(coding) for build in PICTURES} for coding in HANDLERS}


@CODINGS
@pytest.mark.parametrize("build", PICTURES)
def test_every_picture_of_an_animation_stays(build: Builder, coding: Coding) -> None:
    source = build(coding)
    copy = clean(source, HANDLERS[coding])
    assert boxes.samples(copy) == boxes.samples(source)
    assert len(copy) <= len(source)


@CODINGS
def test_how_often_it_is_shown_and_what_goes_with_what_stays(coding: Coding) -> None:
    copy = clean(animated.premultiplied(coding), HANDLERS[coding])
    assert copy.count(animated.LOOPED) == 2
    assert copy.count(box(b"prem", words(2))) == 1
    assert copy.count(box(b"auxl", words(1))) == 1
    assert copy.count(animated.TRANSPARENT) == 1
    assert copy.count(animated.CONSTRAINTS) == 2


@CODINGS
def test_what_the_tracks_tell_is_told(coding: Coding) -> None:
    def told(build: Builder) -> set[tuple[str, str]]:
        source = build(coding)
        blocks = HANDLERS[coding].blocks(source, HANDLERS[coding].dissect(source))
        return {(block.language, block.where) for block in blocks}

    assert told(animated.simple) == set()
    assert told(animated.name_of_a_handler) == {("quicktime", "track 1 handler")}
    assert told(animated.user_data) == {("quicktime", "movie user data")}
    assert told(animated.thumbnails) == {("track", f"pict track ({coding.kind.decode()})")}
    assert told(animated.places_on_the_way) == {("track", "meta track (gpmd)")}
    assert ("quicktime", "track 1 header") in told(animated.times_of_recording)
    assert len(told(animated.notes_in_a_later_picture)) == 1
    assert len(told(animated.notes_in_the_shared_picture)) == 1


@pytest.mark.parametrize("build", PICTURES)
def test_pillow_shows_the_same_frames_as_long_and_as_often(build: Builder) -> None:
    source = build(AV1)
    copy = clean(source, avif)
    assert len(shown(copy)) == animated.COUNT
    assert shown(copy) == shown(source)
    assert repeats(copy) == repeats(source)


@CODINGS
@pytest.mark.parametrize("place", HIDING_PLACES)
def test_a_secret_does_not_survive(place: str, coding: Coding) -> None:
    source = HIDING_PLACES[place](coding)
    handler = HANDLERS[coding]
    copy = clean(source, handler)
    assert WORD in source
    assert WORD not in copy
    assert len(boxes.samples(copy)[1]) == animated.COUNT
    assert handler.blocks(source, handler.dissect(source)), "the report says something"


@CODINGS
@pytest.mark.parametrize("place", UNTOLD)
def test_what_stands_in_the_tables_of_players_of_videos_does_not_survive(
    place: str, coding: Coding
) -> None:
    source = UNTOLD[place](coding)
    assert WORD in source
    assert WORD not in clean(source, HANDLERS[coding])


def test_what_pillow_writes_stays_as_it_moves() -> None:
    frames = [
        Image.new("RGBA", (64, 48), (40 * at, 90, 200 - 20 * at, 255 - 30 * at)) for at in range(5)
    ]
    written = io.BytesIO()
    frames[0].save(
        written,
        "AVIF",
        save_all=True,
        append_images=frames[1:],
        duration=[100, 50, 200, 100, 300],
        exif=private_tiff(),
        xmp=b"<x:xmpmeta>" + CANARY + b"</x:xmpmeta>",
    )
    source = written.getvalue()
    copy = clean(source, avif)
    assert CANARY in source
    assert CANARY not in copy
    assert shown(copy) == shown(source)
    assert repeats(copy) == repeats(source)
    assert len({duration for _, duration, _, _ in shown(copy)}) == 4


@pytest.mark.parametrize("build", PICTURES)
def test_ffmpeg_decodes_the_same(build: Builder, tmp_path: Path) -> None:
    found = []
    for number, data in enumerate((build(AV1), clean(build(AV1), avif))):
        path = tmp_path / f"{number}.avif"
        path.write_bytes(data)
        run = [program("ffmpeg"), "-v", "error", "-i", path, "-map", "0:v", "-f", "framemd5", "-"]
        found.append(subprocess.run(run, capture_output=True, check=True, timeout=60).stdout)
    assert found[0] == found[1]
    assert found[0].count(b"\n") > animated.COUNT


@CODINGS
def test_the_still_picture_and_the_first_sample_are_kept_once(coding: Coding) -> None:
    source = animated.simple(coding)
    copy = clean(source, HANDLERS[coding])
    still = coding.item().data
    assert source.count(still) == 1
    assert copy.count(still) == 1
    assert boxes.samples(copy)[1][0] == still


@CODINGS
def test_when_it_was_made_is_told_and_goes(coding: Coding) -> None:
    source = animated.times_of_recording(coding)
    handler = HANDLERS[coding]
    blocks = handler.blocks(source, handler.dissect(source))
    findings = [finding for block in blocks for finding in read(block)]
    assert "2021-03-31" in repr(findings)
    assert clean(source, handler) == clean(animated.without_times(coding), handler)


def _edited(coding: Coding, *rows: tuple[int, int]) -> bytes:
    edits = b"".join(struct.pack(">IiI", length, start, 0x10000) for length, start in rows)
    edit = box(b"edts", full(b"elst", 0, 1, words(len(rows)), edits))
    return moving(coding, tracks=(replace(track(coding), track_boxes=(edit,)),)).build()


HELD: dict[str, Callable[[Coding], bytes]] = {
    "fragments": lambda coding: moving(coding, movie_boxes=(box(b"mvex"),)).build(),
    "edits hide": lambda coding: _edited(coding, (LENGTH - 500, 0)),
    "hide some": lambda coding: _edited(coding, (LENGTH - 100, 100)),
    "edits": lambda coding: _edited(coding, (LENGTH, 0), (LENGTH, 0)),
    "several animations": lambda coding: moving(
        coding, tracks=(track(coding), track(coding, 3))
    ).build(),
    "two transparencies": lambda coding: moving(
        coding, tracks=(track(coding), alpha_track(coding), replace(alpha_track(coding), number=9))
    ).build(),
    "cropped": lambda coding: moving(coding, tracks=(track(coding, 1, crop(16, 64)),)).build(),
    "not one that can be cleaned": lambda coding: moving(
        coding, tracks=(replace(track(coding, 3), flags=0), track(coding))
    ).build(),
    "how its pictures are coded|outside of its header": animated.parameters_in_a_sample,
    "nothing in it moves": lambda coding: (
        heif_places.exif_item(coding).build().replace(coding.brand, animated.BRANDS[coding], 1)
    ),
}


@CODINGS
@pytest.mark.parametrize("reason", HELD)
def test_what_cannot_be_cleaned_safely_is_held_back(reason: str, coding: Coding) -> None:
    handler, source = HANDLERS[coding], HELD[reason](coding)
    with pytest.raises((Held, Malformed), match=reason):
        handler.rebuild(source, handler.dissect(source))
    assert not survives(source, handler)


@CODINGS
def test_a_still_picture_that_shares_only_some_bytes_with_a_sample_is_held_back(
    coding: Coding,
) -> None:
    source = animated.simple(coding)
    sizes = words(0, animated.COUNT, *map(len, boxes.samples(source)[1]))
    first = len(coding.item().data)
    other = words(0, animated.COUNT, first - 1, *map(len, boxes.samples(source)[1][1:]))
    damaged = source.replace(sizes, other)
    assert damaged != source
    assert not survives(damaged, HANDLERS[coding])


@CODINGS
def test_the_still_picture_of_a_film_that_is_no_animation_stays_alone(coding: Coding) -> None:
    source = animated.simple(coding)
    still = source.replace(animated.BRANDS[coding], coding.brand, 1)
    copy = clean(still, HANDLERS[coding])
    assert b"moov" not in copy


@settings(max_examples=150)
@given(broken([one for those in CLEAN.values() for one in those.values()], b"\0\0\0\x18ftypavis"))
def test_broken_animations_are_held_back_or_cleaned(data: bytes) -> None:
    survives(data, avif)
