"""The walk over TIFF structures."""

from __future__ import annotations

import struct
import time

import piexif
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import exif as build
from unexposed.metadata.exif_values import fields
from unexposed.metadata.tiff import MAX_ENTRIES, walk

ORDERS = pytest.mark.parametrize("order", ["<", ">"])


@ORDERS
def test_every_directory_is_found_by_its_name(order: str) -> None:
    block = build.tiff(
        order,
        IFD0=[build.text(0x010F, "Maker")],
        Exif=[build.text(0x9003, "2025:04:01 18:22:05")],
        Interop=[build.text(1, "R98")],
        GPS=[build.text(1, "N")],
        IFD1=[build.short(order, 0x0103, 6)],
    )
    walked = walk(block)
    assert walked.damage == ()
    assert [d.ifd for d in walked.directories] == ["IFD0", "Exif", "Interop", "GPS", "IFD1"]
    texts = {(e.ifd, e.tag): walked.raw(e) for e in walked.entries if e.type == 2}
    assert texts["Exif", 0x9003] == b"2025:04:01 18:22:05\0"
    assert texts["IFD0", 0x010F] == b"Maker\0"


@ORDERS
def test_numbers_and_rationals_are_read(order: str) -> None:
    block = build.tiff(
        order,
        GPS=[build.rationals(order, 2, (38, 1), (43, 1), (2136, 100))],
        IFD0=[build.short(order, 0x0112, 6)],
    )
    walked = walk(block)
    values = {entry.tag: walked.values(entry) for entry in walked.entries}
    assert values[2] == ((38, 1), (43, 1), (2136, 100))
    assert values[0x0112] == (6,)


def test_a_bigtiff_is_walked() -> None:
    entry = struct.pack("<HHQ8s", 0x010F, 2, 5, b"Acme\0")
    block = b"II+\0" + struct.pack("<HHQ", 8, 0, 16) + struct.pack("<Q", 1) + entry + bytes(8)
    walked = walk(block)
    assert (walked.damage, [walked.raw(e) for e in walked.entries]) == ((), [b"Acme\0"])


def test_sub_directories_are_walked() -> None:
    sub = struct.pack("<HHHIHHI", 1, 0x0103, 3, 1, 7, 0, 0)
    block = (
        b"II*\0"
        + struct.pack("<I", 8)
        + struct.pack("<HHHII", 1, 0x014A, 4, 1, 26)
        + bytes(4)
        + sub
    )
    walked = walk(block)
    assert [d.ifd for d in walked.directories] == ["IFD0", "SubIFD0"]
    assert walked.damage == ()


@pytest.mark.parametrize(
    ("block", "trouble"),
    [
        (b"", "no TIFF header"),
        (b"II*\0", "no first directory"),
        (b"II*\0\xff\xff\0\0", "IFD0 lies outside the block"),
        (b"II*\0\x08\0\0\0\xff\xff", "IFD0 is cut short"),
        (b"II*\0\x08\0\0\0\x00\x00\x08\0\0\0", "IFD1 stands where another directory stands"),
        (
            build.tiff(IFD0=[build.text(0x010F, "a long value")])[:-4],
            "IFD0 has a value outside the block",
        ),
    ],
)
def test_damage_is_said(block: bytes, trouble: str) -> None:
    assert walk(block).damage[0] == trouble


def test_a_value_of_an_unknown_type_is_damage() -> None:
    block = bytearray(build.tiff(IFD0=[build.short("<", 0x0112, 6)]))
    block[12] = 99
    assert walk(bytes(block)).damage == ("IFD0 has a tag of an unknown type",)


def test_the_number_of_entries_is_bounded() -> None:
    count = 65_535
    block = (
        b"II*\0"
        + struct.pack("<IH", 8, count)
        + struct.pack("<HHII", 1, 1, 1, 0) * count
        + bytes(4)
    )
    walked = walk(block)
    assert len(walked.entries) == MAX_ENTRIES
    assert "too many entries" in walked.damage


def test_overlapping_values_are_not_read_over_and_over() -> None:
    """Thousands of tags that all point at the same half megabyte."""
    count, size = 5_000, 500_000
    start = 10 + 12 * count + 4
    rows = b"".join(struct.pack("<HHII", 0x8000 + n, 7, size, start) for n in range(count))
    block = b"II*\0" + struct.pack("<IH", 8, count) + rows + bytes(4) + bytes(size)
    told = fields(block)
    assert sum(len(value) for values in told.values.values() for value in values) < 8 << 20
    assert told.walk.damage


@given(
    st.binary(max_size=400),
    st.sampled_from([b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08", b"II+\0", b""]),
)
def test_any_bytes_at_all_are_survived(rest: bytes, head: bytes) -> None:
    walked = walk(head + rest)
    for entry in walked.entries:
        assert 0 <= entry.start <= entry.start + entry.size <= len(walked.data)
        walked.values(entry)


_TEXT_TAGS = st.sampled_from([0x010E, 0x010F, 0x0110, 0x0131, 0x013B, 0x8298])
_TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=30)
_NUMBERS = st.integers(1, 2**32 - 1)


@given(
    st.dictionaries(_TEXT_TAGS, _TEXTS),
    st.tuples(_NUMBERS, _NUMBERS),
    st.integers(1, 8),
    st.binary(min_size=1, max_size=50),
)
def test_the_walk_agrees_with_piexif_on_sound_blocks(
    texts: dict[int, str], exposure: tuple[int, int], way_up: int, note: bytes
) -> None:
    block = piexif.dump(
        {
            "0th": {tag: value.encode() for tag, value in texts.items()} | {0x0112: way_up},
            "Exif": {0x829A: exposure, 0x927C: note},
        }
    ).removeprefix(build.PREFIX)
    walked = walk(block)
    loaded = piexif.load(build.PREFIX + block)
    assert walked.damage == ()
    for entry in walked.entries:
        theirs = loaded[{"IFD0": "0th", "Exif": "Exif"}[entry.ifd]][entry.tag]
        if entry.type == 2:
            assert walked.raw(entry) == theirs + b"\0"
        elif entry.type == 7:
            assert walked.raw(entry) == theirs
        else:
            assert walked.values(entry) == (theirs,)


def test_pointers_to_many_directories_are_read_as_far_as_any_would_be_followed() -> None:
    count = 60_000
    entries = struct.pack("<HHII", 330, 3, 4_000, 10 + count * 12 + 4) * count
    block = b"II*\0" + struct.pack("<IH", 8, count) + entries + bytes(4) + bytes(8_000)
    started = time.process_time()
    walk(block)
    assert time.process_time() - started < 1.5
