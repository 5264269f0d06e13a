from __future__ import annotations

import pytest

from tests.builders import boxes
from tests.builders import mp4 as files
from tests.builders.contract import clean
from tests.builders.mp4 import CANARY, PICTURES, SOUNDS, Track, box, full, words
from unexposed.formats import mp4


def kinds(data: bytes) -> list[bytes]:
    return [kind for kind, _ in boxes.boxes(data)]


@pytest.mark.parametrize("base", ["fragment", "place", "data before"])
def test_fragments_are_cleaned_wherever_their_offsets_count_from(base: str) -> None:
    hidden = Track(7, b"meta", box(b"gpmd", bytes(12)), (CANARY,) * 5, per_chunk=1)
    source = files.fragments(
        tracks=(PICTURES, hidden, SOUNDS),
        base=base,
        movie_boxes=(box(b"udta", CANARY),),
        inside=(box(b"meta", CANARY),),
        inside_track=(box(b"uuid", CANARY),),
        between=full(b"emsg", CANARY) + full(b"prft", words(1, 3_900_000_000, 0, 0)),
    )
    copy = clean(source, mp4)
    assert CANARY not in copy
    assert b"emsg" not in copy
    assert boxes.told(copy) == {1: list(PICTURES.samples), 2: list(SOUNDS.samples)}
    if base != "data before":
        gapped = files.fragments(tracks=(PICTURES, SOUNDS), base=base, gap=CANARY)
        assert clean(gapped, mp4) == files.fragments(base=base)


def test_a_fragment_of_tracks_that_go_goes_whole() -> None:
    hidden = Track(7, b"meta", box(b"gpmd", bytes(12)), (CANARY,) * 9, per_chunk=1)
    copy = clean(files.fragments(tracks=(PICTURES, hidden)), mp4)
    assert kinds(copy) == [b"ftyp", b"moov", *[b"moof", b"mdat"] * 4]


def test_indices_of_fragments_go() -> None:
    source = files.fragments(between=full(b"sidx", bytes(24)) + box(b"styp", b"msdh"))
    assert clean(source + full(b"mfra", bytes(8)), mp4) == files.fragments()


def test_fragments_are_numbered_anew() -> None:
    assert clean(files.fragments(first=77_000), mp4) == files.fragments()
