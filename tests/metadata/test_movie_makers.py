"""What makers of cameras put into videos: boxes, trailers and tracks of their own."""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Callable
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import jpeg, movie_makers
from tests.builders.contract import clean
from tests.builders.mp4 import box
from tests.builders.oracle import program
from unexposed.errors import Held
from unexposed.exposure import Finding
from unexposed.formats import jpeg as jpeg_format
from unexposed.formats import mp4
from unexposed.metadata import Block, read

Make: TypeAlias = Callable[[], movie_makers.Made]

INSTA360_END = b"8db42d694ccc418790edff439fe026bf"


def findings(data: bytes) -> list[Finding]:
    return [one for block in mp4.blocks(data, mp4.dissect(data)) for one in read(block)]


def values(found: list[Finding]) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for one in found:
        told.setdefault(one.kind, []).append(one.value)
    return told


@pytest.mark.parametrize("made", movie_makers.MAKERS)
def test_what_a_maker_puts_into_a_video_is_told(
    made: Make,
) -> None:
    data, expected = made()
    told = values(findings(data))
    for kind, wanted in expected.items():
        assert [value for value in told.get(kind, []) if value in wanted] == wanted, (kind, told)
    assert "hidden.damaged" not in told


@pytest.mark.parametrize("made", movie_makers.MAKERS)
def test_nothing_of_it_is_in_the_clean_copy(made: Make) -> None:
    data, _ = made()
    assert findings(clean(data, mp4)) == []


_READ_ALIKE = (
    *("device.serial", "device.lens_serial", "device.owner", "device.software", "device.lens"),
    *("person.author", "person.caption", "time.taken", "time.edited", "time.zone"),
)
_ALONE = ("dji_track", "samsung_boxes", "panasonic_xml")
"""What ExifTool reads only since a version that few systems have, or tells as one long text."""
_OTHERWISE = {"ILCE-7M4 3812345"}
_SHARED = [one for one in movie_makers.MAKERS if one.__name__ not in _ALONE]


@pytest.fixture(scope="module")
def read_there(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Every value that ExifTool reads from each video."""
    folder = tmp_path_factory.mktemp("films")
    for one in _SHARED:
        (folder / one.__name__).write_bytes(one()[0])
    run = [program("exiftool"), "-ee", "-n", "-a", "-T", "-all"]
    run += [str(folder / one.__name__) for one in _SHARED]
    done = subprocess.run(run, check=True, capture_output=True, text=True)
    return {
        one.__name__: line.replace("/", ":").split("\t")
        for one, line in zip(_SHARED, done.stdout.splitlines(), strict=True)
    }


@pytest.mark.parametrize("made", _SHARED)
def test_exiftool_reads_the_same(made: Make, read_there: dict[str, list[str]]) -> None:
    _, expected = made()
    values_there = read_there[made.__name__]
    for kind in _READ_ALIKE:
        for value in set(expected.get(kind, ())) - _OTHERWISE:
            written = value.replace("-", ":", 2).rstrip("Z") if kind.startswith("time") else value
            if kind == "time.zone":
                written = str(60 * int(value[:3]) + int(value[4:]))
            assert any(one.startswith(written) for one in values_there), (kind, value)
    if made.__name__ == "sony_xml":
        assert {"38:42:45.000", "9:8:22.000"} <= set(values_there)
        return
    numbers = [abs(float(one)) for one in values_there if _is_number(one)]
    for value in expected.get("location.gps", ()):
        for degrees in (abs(float(one)) for one in value.split(", ")):
            assert any(abs(degrees - number) < 1e-5 for number in numbers), value


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()


def test_a_samsung_trailer_behind_a_picture_is_read_as_well() -> None:
    data = jpeg.baseline() + movie_makers.SAMSUNG_PIECES
    found = [
        one for block in jpeg_format.blocks(data, jpeg_format.dissect(data)) for one in read(block)
    ]
    told = values(found)
    assert movie_makers.SAMSUNG_TOLD.items() <= told.items()
    assert "hidden.trailer" in told


def test_an_insta360_trailer_behind_a_picture_is_read_as_well() -> None:
    data, expected = movie_makers.insta360_trailer()
    data = jpeg.baseline() + bytes(2) + data[len(movie_makers.Film().made()) :]
    told = values(
        [
            one
            for block in jpeg_format.blocks(data, jpeg_format.dissect(data))
            for one in read(block)
        ]
    )
    assert expected.items() <= told.items()


def test_a_piece_too_large_to_be_looked_at_is_told_of_all_the_same() -> None:
    pieces = movie_makers.samsung_pieces((0x0A30, b"MotionPhoto_Data", bytes(70_000)))
    told = values(read(Block("samsung_trailer", pieces[-60_000:], "here", 70_000)))
    assert told == {"content.video": ["70,024 bytes"]}


def test_an_insta360_trailer_is_read_from_its_end_as_far_as_it_is_here() -> None:
    data, _ = movie_makers.insta360_trailer()
    trailer = data[-260:]
    for start in range(0, len(trailer), 7):
        for one in read(Block("insta360_trailer", trailer[start:], "here", 300)):
            assert one.where


def test_a_box_within_a_box_is_read_to_a_bounded_depth() -> None:
    data = box(b"mdln", b"SM-1")
    for _ in range(2_000):
        data = box(b"NCDT", data)
    (one,) = read(Block("quicktime", data, "movie", len(data), "udta"))
    assert one.kind == "device.maker_note"


_KINDS = (
    *(b"TAGS", b"PANA", b"LEIC", b"PENT", b"FFMV", b"uuid", b"MTDT", b"Xtra", b"NCTG", b"NCDT"),
    *(b"CMT1", b"CMT2", b"CMT3", b"CMT4", b"RMKN", b"QVMI", b"MVTG", b"CNTH", b"smta", b"xml "),
)


@settings(max_examples=60)
@given(st.sampled_from(_KINDS), st.binary(max_size=300))
def test_whatever_stands_in_a_makers_box_is_read_without_a_fault(
    kind: bytes, payload: bytes
) -> None:
    for label in ("udta", "meta"):
        data = bytes(4) * (label == "meta") + box(kind, payload)
        for one in read(Block("quicktime", data, "movie", len(data), label)):
            assert one.where


@settings(max_examples=60)
@given(st.sampled_from(movie_makers.MAKERS), st.data())
def test_a_damaged_one_is_read_without_a_fault(made: Make, draw: st.DataObject) -> None:
    data = bytearray(made()[0])
    movie = data.index(b"moov")
    for _ in range(draw.draw(st.integers(1, 8))):
        at = draw.draw(st.integers(movie, len(data) - 1))
        data[at] = draw.draw(st.integers(0, 255))
    for block in _handed_out(bytes(data)):
        for one in read(block):
            assert one.where


@settings(max_examples=60)
@given(
    st.sampled_from(["samsung_trailer", "insta360_trailer"]),
    st.binary(max_size=300),
    st.sampled_from([b"", b"SEFH\x6a\0\0\0\2\0\0\0", INSTA360_END]),
)
def test_whatever_stands_in_a_makers_trailer_is_read_without_a_fault(
    language: str, payload: bytes, end: bytes
) -> None:
    size = struct.pack("<I", len(payload))
    for data in (payload + end, end + payload + size + b"SEFT", payload[:40] + size + end):
        for one in read(Block(language, data, "here", max(1, len(data)))):
            assert one.where


@settings(max_examples=60)
@given(st.sampled_from(["rtmd", "CTMD", "djmd"]), st.lists(st.binary(max_size=120), max_size=3))
def test_whatever_stands_in_a_cameras_track_is_read_without_a_fault(
    codec: str, samples: list[bytes]
) -> None:
    payload = b"".join(len(one).to_bytes(4) + one for one in (b"", *samples))
    for one in read(Block("track", payload, "here", 1 + len(payload), f"meta/{codec}")):
        assert one.where


def _handed_out(data: bytes) -> list[Block]:
    try:
        return mp4.blocks(data, mp4.dissect(data))
    except Held:
        return []
