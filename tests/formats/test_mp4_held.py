from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.builders import mp4 as files
from tests.builders.contract import reason
from tests.builders.mp4 import CANARY, PICTURES, SOUNDS, Track, box, film, full, words
from unexposed.errors import Malformed
from unexposed.formats import mp4


def changed(old: bytes, new: bytes, build: Callable[[], bytes] = files.plain) -> bytes:
    source = build()
    assert len(old) == len(new)
    assert old in source
    return source.replace(old, new, 1)


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (files.plain()[:-4], "runs over the end"),
        (files.movie_first()[:-4], "runs over the end"),
        (files.FILE_TYPE, "no movie header"),
        (files.plain() + box(b"moov"), "two movie headers"),
        (box(b"moof") + files.quicktime_without_a_file_type(), "no movie header before"),
        (changed(b"moov", b"mooo"), "no movie header"),
        (changed(b"avcC", b"avcX"), "set up a decoder"),
        (film(tracks=(Track(1, b"meta", box(b"gpmd", bytes(8)), (CANARY,)),)), "neither a picture"),
        (film(tracks=(PICTURES, replace(SOUNDS, number=1))), "the same number"),
        (film(tracks=(PICTURES, replace(SOUNDS, number=0))), "the same number"),
        (
            film(tracks=(replace(PICTURES, table_boxes=(full(b"stz2", words(8, 0)),)),)),
            "two tables",
        ),
        (
            film(tracks=(replace(PICTURES, table_boxes=(full(b"stts", words(0)),)),)),
            "two 'stts' boxes",
        ),
        (
            film(tracks=(replace(PICTURES, table_boxes=(full(b"stss", words(2, 3, 1)),)),)),
            "out of order",
        ),
        (film(tracks=(replace(PICTURES, samples=(files.noise(9, 1),)),)), "do not fill"),
        (film(file_type=box(b"ftyp", b"heic" + bytes(4) + b"mif1")), "not a kind of video"),
    ],
)
def test_a_file_that_cannot_be_accounted_for_is_held_back(source: bytes, problem: str) -> None:
    with pytest.raises(Malformed, match=problem):
        mp4.dissect(source)


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (film(movie_boxes=(box(b"cmov"),)), "header is compressed"),
        (film(movie_boxes=(box(b"rmra"),)), "in other files"),
        (film(movie_boxes=(box(b"pssh"),)), "is encrypted"),
        (files.fragments(inside=(box(b"pssh"),)), "is encrypted"),
        (changed(b"avc1\0\0\0\0\0\0\0\1", b"encv\0\0\0\0\0\0\0\1"), "is encrypted"),
        (changed(b"avc1\0\0\0\0\0\0\0\1", b"jpeg\0\0\0\0\0\0\0\1"), "pictures are coded as 'jpeg'"),
        (changed(b"mp4a\0\0\0\0\0\0\0\1", b"what\0\0\0\0\0\0\0\1"), "sound is coded as 'what'"),
        (changed(b"\x04\x11\x40\x15", b"\x04\x11\xdd\x15"), "in a way that is not known"),
        (changed(b"url \0\0\0\1", b"url \0\0\0\0"), "in another file"),
    ],
)
def test_a_video_that_can_be_read_but_not_cleaned_is_held_back_with_advice(
    source: bytes, problem: str
) -> None:
    assert problem in reason(source, mp4)


def test_a_video_that_is_held_back_is_still_reported() -> None:
    told_by_boxes = (box(b"udta", box(b"name", CANARY)), box(b"pssh"))
    source = film(movie_boxes=told_by_boxes, before=box(b"free", CANARY), behind=CANARY + bytes(8))
    found = mp4.blocks(source, mp4.dissect(source))
    assert [(one.language, one.where) for one in found] == [
        ("unknown", "file free space"),
        ("quicktime", "movie user data"),
        ("trailer", "after the end of the picture"),
    ]


@pytest.mark.parametrize(
    ("moved", "problem"),
    [
        (lambda place: place - 8, "outside of the data"),
        (lambda place: 3, "outside of the data"),
        (lambda place: place + 60, "share bytes"),
        (lambda place: 1 << 31, "behind the end"),
    ],
)
def test_samples_where_none_can_be_hold_a_file_back(
    moved: Callable[[int], int], problem: str
) -> None:
    source = bytearray(files.vp9())
    at = source.index(b"stco") + 12
    struct.pack_into(">I", source, at, moved(struct.unpack_from(">I", source, at)[0]))
    with pytest.raises(Malformed, match=problem):
        mp4.dissect(bytes(source))


def test_a_file_in_too_many_parts_is_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unexposed.formats._tiling.MAX_PARTS", 10)
    with pytest.raises(Malformed, match="more than 10 parts"):
        mp4.dissect(files.gaps_between_samples())
