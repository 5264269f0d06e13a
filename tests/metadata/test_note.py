from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unexposed import metadata
from unexposed.exposure import Finding, finding
from unexposed.metadata import Block
from unexposed.metadata.note import WHERE, Note, kept, note_of

FINDINGS = [
    finding("location.gps", "EXIF GPS", "38.72260, -9.13920"),
    finding("person.copyright", "EXIF", "© 2025 Anna Beispiel"),
    finding("person.author", "EXIF", "Anna Beispiel"),
    finding("person.author", "XMP", "Somebody else"),
    finding("person.caption", "EXIF", "Sea & <sky>"),
    finding("time.taken", "EXIF", "2025-04-01 18:22:05+01:00"),
]


def told(note: Note) -> dict[str, str]:
    packet = note.packet
    found = metadata.read(Block("xmp", packet, "XMP", len(packet)))
    return {one.kind: one.value for one in found}


def test_what_is_asked_for_stays_and_nothing_else() -> None:
    note = note_of(FINDINGS, ("copyright", "author", "caption", "date-month"), no_training=False)
    assert told(note) == {
        "person.copyright": "© 2025 Anna Beispiel",
        "person.author": "Anna Beispiel",
        "person.caption": "Sea & <sky>",
        "time.taken": "2025-04",
    }


def test_nothing_asked_for_makes_no_note() -> None:
    assert note_of(FINDINGS, (), no_training=False).packet == b""
    assert note_of([], ("author", "date-day"), no_training=False).packet == b""


@pytest.mark.parametrize(
    ("keep", "date"),
    [
        (("date-day",), "2025-04-01"),
        (("date-month",), "2025-04"),
        (("date-year",), "2025"),
        (("date-day", "date-year"), "2025"),
    ],
)
def test_the_date_is_rounded_and_the_widest_rounding_counts(
    keep: tuple[str, ...], date: str
) -> None:
    assert note_of(FINDINGS, keep, no_training=False).date == date


@pytest.mark.parametrize(
    ("keep", "place"),
    [
        (("location-city",), "Lisbon, Portugal"),
        (("location-country",), "Portugal"),
        (("location-city", "location-country"), "Portugal"),
    ],
)
def test_the_place_is_rounded_and_the_widest_rounding_counts(
    keep: tuple[str, ...], place: str
) -> None:
    note = note_of(FINDINGS, keep, no_training=False)
    assert told(note) == {"location.place": place}
    assert b"38.7" not in note.packet
    marked = {(one.kind, one.value): one.removed for one in kept(note, FINDINGS[:1])}
    assert marked == {
        ("location.gps", "38.72260, -9.13920"): None,
        ("location.place", place): False,
    }


@pytest.mark.parametrize(
    ("position", "city", "country"),
    [
        ("38.05000, -7.60000", "Serpa", "Portugal"),  # 12 km from there
        ("23.00000, 10.00000", "", ""),  # the Sahara
        ("30.00000, -40.00000", "", ""),  # the Atlantic
    ],
)
def test_a_place_is_rounded_only_to_what_is_near(position: str, city: str, country: str) -> None:
    note = note_of(
        [finding("location.gps", "EXIF GPS", position)], ("location-city",), no_training=False
    )
    assert (note.city, note.country) == (city, country)


def test_a_destination_is_not_where_it_was_taken() -> None:
    going = finding("location.gps", "EXIF GPS destination", "48.85340, 2.34880")
    assert note_of([going], ("location-city",), no_training=False).packet == b""
    assert note_of([going, *FINDINGS], ("location-city",), no_training=False).city == "Lisbon"


def test_a_date_that_is_none_does_not_stay() -> None:
    odd = [finding("time.taken", "EXIF", "Tuesday, at Anna's")]
    assert note_of(odd, ("date-year",), no_training=False).packet == b""


def test_the_mark_forbids_the_training_of_generative_models() -> None:
    packet = note_of([], (), no_training=True).packet
    assert b"plus:DataMining>http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-GENAIML" in packet


def test_findings_say_what_stays_and_that_the_rest_is_gone() -> None:
    gone = [finding(one.kind, one.where, one.value, removed=True) for one in FINDINGS]
    note = note_of(gone, ("author", "date-year"), no_training=False)
    marked = {(one.kind, one.value): one.removed for one in kept(note, gone)}
    assert marked == {
        ("location.gps", "38.72260, -9.13920"): True,
        ("person.copyright", "© 2025 Anna Beispiel"): True,
        ("person.author", "Anna Beispiel"): False,
        ("person.author", "Somebody else"): True,
        ("person.caption", "Sea & <sky>"): True,
        ("time.taken", "2025-04-01 18:22:05+01:00"): True,
        ("time.taken", "2025"): False,
    }
    assert [one.where for one in kept(note, gone) if one.value == "2025"] == [WHERE]


@given(st.text(), st.text())
def test_any_text_makes_a_packet_that_reads_back_and_fits_a_segment(
    author: str, caption: str
) -> None:
    findings: list[Finding] = [
        finding("person.author", "EXIF", author),
        finding("person.caption", "EXIF", caption * 200),
        finding("person.copyright", "EXIF", "&" * 3_000),
    ]
    note = note_of(findings, ("author", "caption", "copyright"), no_training=True)
    assert len(note.packet) < 65_000
    assert "hidden.damaged" not in told(note)
