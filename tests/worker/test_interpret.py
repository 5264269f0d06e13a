"""One finding for each fact, whatever the number of places that tell it."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import exif as build
from tests.builders import xmp
from unexposed.exposure import KINDS, Finding, Level, finding
from unexposed.metadata import Block
from unexposed.worker.interpret import MAX_FINDINGS, findings_in, merge


def told(*findings: tuple[str, str, str]) -> list[tuple[str, str]]:
    """Return value and places of what findings of kind, place and value become."""
    return [(one.value, one.where) for one in merge(finding(*one) for one in findings)]


def blocks(**payloads: bytes) -> list[Block]:
    return [Block(name, data, name.upper(), len(data)) for name, data in payloads.items()]


@pytest.mark.parametrize(
    ("kind", "less", "more"),
    [
        ("time.taken", "2025-04-01 18:22:05", "2025-04-01 18:22:05.123"),
        ("time.taken", "2025-04-01 18:22:05", "2025-04-01 18:22:05+01:00"),
        ("time.taken", "2025-04-01 18:22:05+01:00", "2025-04-01 18:22:05.5+01:00"),
        ("time.taken", "2025-04-01 18:22", "2025-04-01 18:22:05"),
        ("time.edited", "2025-04-01", "2025-04-01 18:22:05"),
        ("device.model", "iPhone 15", "Apple iPhone 15"),
        ("device.model", "Apple", "Apple iPhone 15"),
        ("device.lens", "iPhone 15 back camera", "Apple iPhone 15 back camera"),
        ("device.serial", "12345", "0000012345"),
        ("content.depth", "a depth map", "a depth map, 3,000 bytes"),
        ("content.gain_map", "an HDR gain map", "2016 by 1512 pixels, 97,778 bytes"),
        ("content.video", "a motion photo", "an MP4, 3,000,000 bytes"),
        ("content.second_picture", "the picture without effects", "a JPEG, 59,071 bytes"),
        ("content.second_picture", "2 pictures in all: view for depth", "a JPEG, 59,071 bytes"),
    ],
)
def test_what_says_less_of_a_fact_is_told_with_what_says_more(
    kind: str, less: str, more: str
) -> None:
    assert told((kind, "EXIF", less), (kind, "XMP", more)) == [(more, "EXIF, XMP")]
    assert told((kind, "EXIF", more), (kind, "XMP", less)) == [(more, "EXIF, XMP")]


def test_what_two_others_each_say_in_part_is_told_once() -> None:
    assert told(
        ("device.model", "PNG text 'exif:Make'", "Apple"),
        ("device.model", "PNG text 'exif:Model'", "iPhone 15"),
        ("device.model", "EXIF", "Apple iPhone 15"),
    ) == [("Apple iPhone 15", "PNG text 'exif:Make', EXIF, PNG text 'exif:Model'")]


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("time.taken", "2025-04-01 18:22:05", "2025-04-01 18:22:06"),
        ("time.taken", "2025-04-01 18:22:05+01:00", "2025-04-01 18:22:05+02:00"),
        ("time.taken", "2025-04-01 17:22:05Z", "2025-04-01 18:22:05+01:00"),
        ("device.model", "Apple iPhone 15", "Apple iPad"),
        ("device.model", "Canon EOS 5D", "Nikon D70"),
        ("device.software", "Adobe Photoshop", "Adobe Photoshop Lightroom 6"),
        ("device.serial", "12345", "112345"),
        ("person.copyright", "12345", "0000012345"),
        ("location.gps", "38.72260, -9.13920", "38.72260, 9.13920"),
        ("content.depth", "a depth map, 3,000 bytes", "a depth map, 4,000 bytes"),
        ("content.thumbnail", "160 by 120 pixels, 9 bytes", "320 by 240 pixels, 9 bytes"),
        ("content.second_picture", "3 pictures in all", "a JPEG, 59,071 bytes"),
        ("content.second_picture", "2 pictures in all", "640 by 480 pixels, 59,071 bytes"),
        ("person.author", "Ada", "Ada Lovelace"),
    ],
)
def test_facts_that_differ_are_each_told(kind: str, one: str, other: str) -> None:
    assert [value for value, _ in told((kind, "EXIF", one), (kind, "XMP", other))] == [one, other]


def test_a_position_that_two_programs_rounded_is_one() -> None:
    assert told(
        ("location.gps", "EXIF GPS", "38.72260, -9.13920"),
        ("location.gps", "XMP", "38.72262, -9.13919"),
    ) == [("38.72260, -9.13920", "EXIF GPS, XMP")]


def test_where_somebody_was_and_where_they_went_are_two() -> None:
    assert told(
        ("location.gps", "EXIF GPS", "38.72260, -9.13920"),
        ("location.gps", "EXIF GPS destination", "38.72262, -9.13919"),
    ) == [
        ("38.72260, -9.13920", "EXIF GPS"),
        ("38.72262, -9.13919", "EXIF GPS destination"),
    ]


def test_how_exact_a_place_is_stays_with_it_wherever_it_was_told() -> None:
    plain = finding("location.gps", "XMP", "38.72260, -9.13920")
    exact = finding("location.gps", "EXIF GPS", "38.72260, -9.13920", within_m=65.0)
    (one,) = merge([plain, exact])
    assert (one.where, one.within_m) == ("XMP, EXIF GPS", 65)


def test_a_files_blocks_tell_its_facts_once_and_its_placeholders_as_such() -> None:
    block = build.tiff(
        IFD0=[
            build.text(0x010E, "OLYMPUS DIGITAL CAMERA"),
            build.text(0x010F, "OLYMPUS CORPORATION"),
            build.text(0x0110, "C-2"),
            build.text(0x8298, "Copyright,"),
        ],
        Exif=[build.text(0x9003, "2025:04:01 18:22:05")],
    )
    packet = xmp.packet(
        'tiff:Model="C-2" exif:DateTimeOriginal="2025-04-01T18:22:05.50" photoshop:Credit="none"'
    )
    found = [
        (one.kind, one.value, one.where) for one in findings_in(blocks(exif=block, xmp=packet))
    ]
    assert found == [
        ("time.taken", "2025-04-01 18:22:05.50", "EXIF, XMP"),
        ("device.model", "OLYMPUS CORPORATION C-2", "EXIF, XMP"),
        ("hidden.metadata", "written by default: “OLYMPUS DIGITAL CAMERA”", "EXIF"),
        ("hidden.metadata", "written by default: “Copyright,”", "EXIF"),
        ("hidden.metadata", "written by default: “none”", "XMP"),
    ]


def overlapping(kind: int, count: int, *tags: int) -> bytes:
    """A directory of as many entries as fit, all of whose values are the same bytes."""
    number = 0xFFFF
    entries = (struct.pack("<HHII", tags[n % len(tags)], kind, count, 8) for n in range(number))
    return b"II*\0" + struct.pack("<IH", 8, number) + b"".join(entries) + bytes(4 + (1 << 20))


@pytest.mark.parametrize("kind", [1, 2, 3, 12])
@pytest.mark.parametrize("count", [16, 256, 4_000])
def test_tags_that_stand_ten_thousand_times_are_told_a_few_times(kind: int, count: int) -> None:
    data = overlapping(kind, count, 0x010E, 0x013B)
    found = findings_in(blocks(exif=data))
    assert len(found) < 100
    assert any("more values of tags that stand more than 20 times" in one.value for one in found)


def test_of_a_block_with_too_many_facts_the_worst_are_told_and_how_many_are_not() -> None:
    keywords = [f"keyword {number}" for number in range(700)]
    packet = xmp.packet(
        elements=xmp.sequence("dc:subject", *keywords) + xmp.sequence("dc:creator", "Ada")
    )
    found = findings_in(blocks(xmp=packet))
    assert found[0].value == "Ada"
    (rest,) = (one for one in found if one.kind == "hidden.metadata")
    assert rest.value == "501 more facts"
    assert rest.level is Level.MEDIUM
    assert len(found) == 201


def test_what_a_block_says_over_and_over_is_not_many_facts() -> None:
    again = "".join(f"<rdf:li>keyword {number % 3}</rdf:li>" for number in range(700))
    packet = xmp.packet(elements=f"<dc:subject><rdf:Bag>{again}</rdf:Bag></dc:subject>")
    assert [one.value for one in findings_in(blocks(xmp=packet))] == [
        "keyword 0",
        "keyword 1",
        "keyword 2",
    ]


def test_of_a_file_with_too_many_facts_the_worst_are_told_and_how_many_are_not() -> None:
    many = [finding("time.edited", "EXIF", f"on day {number}") for number in range(900)]
    found = merge([*many, finding("person.author", "EXIF", "Ada")])
    assert found[0].value == "Ada"
    assert len(found) == MAX_FINDINGS + 1
    assert found[-1].value == "401 more facts"


FINDINGS = st.lists(
    st.builds(
        finding,
        st.sampled_from(sorted(KINDS)),
        st.sampled_from(["EXIF", "XMP", "EXIF GPS destination"]),
        st.text(max_size=8)
        | st.sampled_from(["2025-04-01", "2025-04-01 18:22:05", "1.00000, 2.00000", "a depth map"]),
    ),
    max_size=8,
)


@given(FINDINGS)
def test_merging_loses_no_kind_and_no_place_and_is_done_once(findings: list[Finding]) -> None:
    merged = merge(findings)
    assert {one.kind for one in merged} == {one.kind for one in findings}
    assert {one.where for one in findings} == {
        place for one in merged for place in one.where.split(", ")
    }
    assert merge(merged) == merged
