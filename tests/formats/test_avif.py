"""What AVIF has of its own; what it has in common with HEIC stands in test_heif.py."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings

from tests.builders import heif as files
from tests.builders.contract import clean, survives
from tests.builders.damage import broken
from tests.builders.heif import AV1, box, coded_as, obu, shown
from tests.builders.webp import CANARY
from unexposed.errors import Held, Malformed
from unexposed.formats import avif
from unexposed.metadata import read

SEQUENCE, FRAME = 1, 6


def units() -> list[tuple[int, bytes]]:
    """The units of a picture as its encoder wrote them: types and bytes."""
    data, found, at = AV1.item().data, [], 0
    while at < len(data):
        size, begin = 0, at + 1
        for place in range(8):
            byte = data[begin]
            size, begin = size | (byte & 0x7F) << 7 * place, begin + 1
            if not byte & 0x80:
                break
        found.append((data[at] >> 3 & 0xF, data[at : begin + size]))
        at = begin + size
    return found


HEADER = next(unit for kind, unit in units() if kind == SEQUENCE)
PICTURE = next(unit for kind, unit in units() if kind == FRAME)
PLAIN = clean(coded_as(AV1, HEADER + PICTURE).build(), avif)

NEEDLESS = {
    "delimiter": obu(2, CANARY),
    "light levels": obu(5, b"\1" + CANARY),
    "registered user data": obu(5, b"\4\xb5" + CANARY),
    "private metadata": obu(5, b"\x20" + CANARY),
    "padding": obu(15, CANARY),
    "reserved": obu(9, CANARY),
    "reserved with layers": obu(0, CANARY, extension=b"\x20"),
    "repeated frame header": obu(7, CANARY),
}


@pytest.mark.parametrize("unit", NEEDLESS.values(), ids=NEEDLESS)
@pytest.mark.parametrize("behind", [False, True])
def test_units_that_show_nothing_do_not_survive_and_are_reported(unit: bytes, behind: bool) -> None:
    data = HEADER + PICTURE
    source = coded_as(AV1, data + unit if behind else HEADER + unit + PICTURE).build()
    assert clean(source, avif) == PLAIN
    (block,) = avif.blocks(source, avif.dissect(source))
    assert CANARY[:4] in block.payload or block.label == "metadata OBU"
    assert block.size == len(unit)
    assert read(block)


def test_the_usual_delimiter_goes_without_a_word() -> None:
    source = files.simple(AV1).build()
    assert [kind for kind, _ in units()] == [2, SEQUENCE, FRAME]
    assert clean(source, avif) == PLAIN
    assert avif.blocks(source, avif.dissect(source)) == []
    assert shown(PLAIN) == shown(source)


def test_a_repeated_sequence_header_goes_and_another_one_is_held_back() -> None:
    assert clean(coded_as(AV1, HEADER + HEADER + PICTURE).build(), avif) == PLAIN
    other = obu(1, HEADER[2:] + CANARY)
    with pytest.raises(Malformed, match="strange sequence headers"):
        avif.dissect(coded_as(AV1, HEADER + other + PICTURE).build())


def test_the_last_unit_may_be_without_a_size() -> None:
    prefix = 2 + (PICTURE[1] > 0x7F)
    last = bytes([PICTURE[0] & ~2]) + PICTURE[prefix:]
    source = coded_as(AV1, HEADER + last).build()
    copy = clean(source, avif)
    assert shown(copy) == shown(PLAIN)
    assert copy.endswith(HEADER + last)


def test_units_behind_the_configuration_do_not_survive() -> None:
    file = files.simple(AV1)
    file.items[0].properties = tuple(
        box(b"av1C", one[8:], HEADER, obu(5, CANARY)) if one[4:8] == b"av1C" else one
        for one in file.items[0].properties
    )
    assert clean(file.build(), avif) == PLAIN


@pytest.mark.parametrize("kind", [b"a1lx", b"a1op", b"lsel", b"free"])
def test_a_picture_of_several_frames_is_held_back(kind: bytes) -> None:
    layers = box(kind, b"\0", struct.pack(">3H", len(HEADER + PICTURE), 0, 0))
    source = coded_as(AV1, HEADER + PICTURE + PICTURE, layers).build()
    assert not survives(source, avif)
    with pytest.raises(Held, match="several layers"):
        avif.rebuild(source, [])


def test_which_layer_to_show_stays_where_there_is_one() -> None:
    copy = clean(coded_as(AV1, HEADER + PICTURE, box(b"lsel", b"\0\0")).build(), avif)
    assert box(b"lsel", b"\0\0") in copy
    assert clean(coded_as(AV1, HEADER + PICTURE, box(b"lsel", CANARY[:2])).build(), avif) == PLAIN


def test_a_frame_may_stand_apart_from_its_header() -> None:
    units = HEADER + obu(3, b"\x10") + obu(4, bytes(8))
    assert clean(coded_as(AV1, units).build(), avif).endswith(units)


def sequence(width: int, height: int, *, clock: bool = False) -> bytes:
    """A header that is not for stills alone, of two operating points, and with a clock or none."""
    delays = f"{1:064b}" + "1" + "1" + "1" + f"{9:05b}" + f"{7:042b}"
    point = "0" * 12 + f"{8:05b}" + "0"
    point += ("1" + "0" * 21 if clock else "") + "1" + "0000"
    bits = "00000" + ("1" + delays if clock else "0") + "1" + f"{1:05b}" + point * 2
    bits += f"{15:04b}" * 2 + f"{width - 1:016b}{height - 1:016b}"
    return int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8))


@pytest.mark.parametrize("clock", [False, True])
@pytest.mark.parametrize(
    ("sides", "fits"), [((80, 64), True), ((143, 127), True), ((144, 64), False)]
)
def test_a_picture_that_is_larger_than_it_says_is_held_back(
    sides: tuple[int, int], fits: bool, clock: bool
) -> None:
    source = coded_as(AV1, obu(1, sequence(*sides, clock=clock)) + PICTURE).build()
    assert survives(source, avif) is fits
    if not fits:
        with pytest.raises(Held, match="cropped away"):
            avif.rebuild(source, [])


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (HEADER + PICTURE + obu(4, CANARY), "outside of its frame"),
        (HEADER + obu(4, CANARY) + PICTURE, "outside of its frame"),
        (HEADER + obu(3, b"\x10") + obu(4, b"\0") + obu(4, CANARY), "outside of its frame"),
        (HEADER + obu(3, b"\x10"), "no AV1 picture"),
        (obu(1, b"\0") + PICTURE, "cannot be read"),
        (obu(1, sequence(79, 64)) + PICTURE, "larger size than it has"),
        (obu(1, HEADER[2:] + CANARY * 3) + PICTURE, "strange sequence headers"),
        (HEADER + obu(8, CANARY) + PICTURE, "tile lists"),
        (PICTURE, "no sequence header"),
        (HEADER, "no AV1 picture"),
        (HEADER + PICTURE[:-1], "runs over the end"),
        (HEADER + PICTURE + b"\x7a", "no size"),
        (HEADER + PICTURE + b"\x7a" + b"\xff" * 9, "no size"),
        (HEADER + PICTURE + b"\x7c", "runs over the end"),
        (HEADER + PICTURE + b"\x80", "does not begin as one"),
        (obu(1, bytes(120)) + obu(1, bytes(100)) + PICTURE, "strange sequence headers"),
    ],
)
def test_a_coded_picture_that_cannot_be_told_from_other_data_is_held_back(
    data: bytes, problem: str
) -> None:
    with pytest.raises(Malformed, match=problem):
        avif.dissect(coded_as(AV1, data).build())


def test_a_configuration_of_another_version_is_held_back() -> None:
    source = files.simple(AV1).build()
    with pytest.raises(Malformed, match="unknown version"):
        avif.dissect(source.replace(b"av1C\x81", b"av1C\x82"))


SAMPLES = [
    *(coded_as(AV1, HEADER + unit + PICTURE).build() for unit in NEEDLESS.values()),
    *(build(AV1).build() for build in files.CLEAN_PICTURES),
]


@settings(max_examples=200, deadline=None)
@given(broken(SAMPLES, b"\0\0\0\x18ftypavif\0\0\0\0mif1miaf\0\0\0\x60meta\0\0\0\0"))
def test_whatever_arrives_is_cleaned_for_good_or_held_back(data: bytes) -> None:
    survives(data, avif)
