from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import mp4 as files
from tests.builders.contract import clean, reason
from tests.builders.mp4 import CANARY, PICTURES, SOUNDS, box, film, full, words
from unexposed.errors import Malformed
from unexposed.formats import mp4


def test_an_edit_may_hide_what_a_decoder_starts_from() -> None:
    edits = box(b"edts", full(b"elst", words(1, 5000, 2000, 0x10000)))
    keyed = full(b"stss", words(1, 1))
    shifted = replace(PICTURES, track_boxes=(edits,), table_boxes=(keyed,))
    source = film(tracks=(shifted, SOUNDS))
    assert clean(source, mp4) == source


@pytest.mark.parametrize(
    ("edits", "keys"),
    [
        ([(2000, 5000)], (1, 3, 5)),
        ([(1000, 0)], (1, 3, 5)),
        ([(3000, 0xFFFFFFFF)], (1, 3, 5)),
        ([(1000, 0), (1000, 6000)], (1, 3, 5)),
        ([(2000, 5000)], ()),
        ([(2000, 1000)], ()),
    ],
)
def test_what_an_edit_cut_off_holds_a_file_back(
    edits: list[tuple[int, int]], keys: tuple[int, ...]
) -> None:
    rows = b"".join(words(*edit, 0x10000) for edit in edits)
    track = replace(
        PICTURES,
        track_boxes=(box(b"edts", full(b"elst", words(len(edits)), rows)),),
        table_boxes=(full(b"stss", words(len(keys), *keys)),) if keys else (),
    )
    assert "an edit hides" in reason(film(tracks=(track, SOUNDS)), mp4)


def edited(*edits: tuple[int, int, int]) -> bytes:
    return box(b"edts", full(b"elst", words(len(edits)), *(words(*edit) for edit in edits)))


def test_what_an_edit_cut_off_of_a_group_of_pictures_is_bounded() -> None:
    def edit_of(seconds: int) -> bytes:
        track = replace(
            PICTURES,
            samples=tuple(files.picture(number) for number in range(20)),
            track_boxes=(edited((1000 * seconds, 0, 0x10000)),),
            table_boxes=(full(b"stss", words(1, 1)),),
        )
        return film(tracks=(track, SOUNDS))

    assert "an edit hides 11 seconds" in reason(edit_of(9), mp4)
    assert clean(edit_of(10), mp4) == edit_of(10)


def test_an_edit_that_shows_a_single_moment_hides_the_rest() -> None:
    track = replace(PICTURES, track_boxes=(edited((7000, 0, 0)),))
    assert "an edit hides" in reason(film(tracks=(track, SOUNDS)), mp4)


@pytest.mark.parametrize("speed", [0x20000, 0x10001, int.from_bytes(CANARY[:4])])
def test_an_edit_of_another_speed_holds_a_file_back(speed: int) -> None:
    track = replace(PICTURES, track_boxes=(edited((7000, 0, speed)),))
    assert "at another speed" in reason(film(tracks=(track, SOUNDS)), mp4)


@pytest.mark.parametrize(
    ("edit", "hidden"),
    [
        ((0, 5000, 0x10000), True),
        ((5000, 0, 0x10000), True),
        ((6000, 0, 0x10000), False),
        ((0, 1000, 0x10000), False),
    ],
)
def test_edits_are_seen_to_where_samples_are_in_fragments(
    edit: tuple[int, int, int], hidden: bool
) -> None:
    track = replace(PICTURES, track_boxes=(edited(edit),))
    source = files.fragments(tracks=(track, SOUNDS))
    if hidden:
        assert "an edit hides" in reason(source, mp4)
    else:
        assert clean(source, mp4) == source


def test_a_decoder_of_sound_has_little_to_start_from() -> None:
    described = full(b"esds", files.streams(b"\x40", bytes(65)))
    with pytest.raises(Malformed, match="too much to start from"):
        mp4.dissect(
            film(tracks=(PICTURES, replace(SOUNDS, entry=files.sound_entry(b"mp4a", described))))
        )


DAY = 24 * 60 * 60 * 1000


@pytest.mark.parametrize(
    "source",
    [
        film(
            tracks=(
                replace(
                    PICTURES,
                    track_boxes=(
                        box(
                            b"edts",
                            full(b"elst", words(2, DAY + 1, 0xFFFFFFFF, 0x10000, 0, 0, 0x10000)),
                        ),
                    ),
                ),
                SOUNDS,
            )
        ),
        film(tracks=(replace(PICTURES, ticks=DAY + 1), SOUNDS)),
        film(length=DAY + 7001, tracks=(replace(PICTURES, length=DAY + 7001),)),
        files.fragments(begin=DAY + 1),
        files.fragments(further=(full(b"mehd", words(DAY + 1)),)),
    ],
)
def test_time_stamps_that_may_tell_when_it_was_recorded_hold_a_file_back(source: bytes) -> None:
    assert "when it was recorded" in reason(source, mp4)
