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
from unexposed.errors import Malformed
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

LAYERS = box(b"a1lx", b"\0", struct.pack(">3H", len(HEADER + PICTURE), 0, 0))
"""Says that the first of two layers ends behind the first frame."""

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


def test_the_layers_of_a_picture_stay() -> None:
    source = coded_as(AV1, HEADER + PICTURE + PICTURE, LAYERS).build()
    copy = clean(source, avif)
    assert LAYERS in copy
    assert HEADER + PICTURE + PICTURE in copy
    assert shown(copy) == shown(PLAIN)


@pytest.mark.parametrize(
    ("data", "more", "problem"),
    [
        (HEADER + PICTURE + PICTURE, b"", "more than one AV1 frame"),
        (HEADER + obu(3, b"\x10") + PICTURE, b"", "more than one AV1 frame"),
        (HEADER + obu(8, CANARY) + PICTURE, b"", "tile lists"),
        (PICTURE, b"", "no sequence header"),
        (HEADER, b"", "no AV1 picture"),
        (HEADER + PICTURE[:-1], b"", "runs over the end"),
        (HEADER + PICTURE + b"\x7a", b"", "no size"),
        (HEADER + PICTURE + b"\x7a" + b"\xff" * 9, b"", "no size"),
        (HEADER + PICTURE + b"\x7c", b"", "runs over the end"),
        (HEADER + PICTURE + b"\x80", b"", "does not begin as one"),
        (obu(1, bytes(120)) + obu(1, bytes(100)) + PICTURE, b"", "strange sequence headers"),
        (HEADER + obu(15, b"") + PICTURE, LAYERS, "in layers holds more"),
    ],
)
def test_a_coded_picture_that_cannot_be_told_from_other_data_is_held_back(
    data: bytes, more: bytes, problem: str
) -> None:
    with pytest.raises(Malformed, match=problem):
        avif.dissect(coded_as(AV1, data, *filter(None, [more])).build())


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
