from __future__ import annotations

import msgspec
import pytest

from unexposed.catalogue import KINDS
from unexposed.exposure import Finding, Level, Report, finding
from unexposed.wording import cleaning, explain, levelled, paragraph, sentence, shown, why
from unexposed.wording.precision import precision

IN_LISBON = finding("location.gps", "EXIF GPS", "38.72260, -9.13920", place="in Lisbon, Portugal")
TIME = finding("time.taken", "EXIF", "2025-04-01 18:22:05+01:00")
AUTHOR = finding("person.author", "EXIF", "Anna")
SOFTWARE = finding("device.software", "EXIF", "GIMP 2.4.5")
ENCODER = finding("device.encoder", "DQT", "4:2:0")


def report(*findings: Finding) -> Report:
    return Report(format="jpeg", bytes_total=1, findings=findings)


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (IN_LISBON, "It was taken in Lisbon, Portugal."),
        (msgspec.structs.replace(IN_LISBON, place=""), "It was taken near 38.7226, -9.1392."),
        (TIME, "It was taken at this time: 1 April 2025."),
        (AUTHOR, "It was made by Anna."),
        (finding("person.author", "EXIF"), "It gives away the author."),
        (finding("person.author", "EXIF", "A\u202en\nna"), "It was made by An na."),
        (
            Finding(kind="location.unheard_of", where="EXIF", summary="", value="there"),
            "It gives away a place: there.",
        ),
    ],
)
def test_a_finding_is_one_plain_sentence(one: Finding, said: str) -> None:
    assert sentence(one) == said


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_told_with_its_value_its_reason_and_what_becomes_of_it(kind: str) -> None:
    one = finding(kind, "EXIF", "2 by 3 {value}")
    assert "2 by 3 {value}" in sentence(one)
    assert why(one) == KINDS[kind].why
    assert cleaning(one) == KINDS[kind].cleaning


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("38.72264, -9.13923", "to about 5 m"),
        ("38.72260, -9.13920", "to about 10 m"),
        ("38.72300, -9.13900", "to about 100 m"),
        ("38.72000, -9.14000", "to about 1 km"),
        ("38.70000, -9.10000", "to about 11 km"),
        ("38.71667, -9.13333", "to about 2 km"),  # 38° 43', 9° 8'
        ("38.72306, -9.13944", "to about 30 m"),  # 38° 43' 23", 9° 8' 22"
        ("39.00000, -9.00000", "to about 111 km"),
        ("39.00000, -9.13923", "to about 5 m"),
        ("Lisbon", ""),
    ],
)
def test_a_position_is_as_exact_as_it_is_written(value: str, said: str) -> None:
    assert precision(value) == said


def test_a_position_is_no_more_exact_than_the_receiver_was() -> None:
    assert precision("38.72264, -9.13923", 65) == "to about 60 m"
    assert precision("38.72264, -9.13923", 1.5) == "to about 5 m"
    assert precision("38.70000, -9.10000", 65) == "to about 11 km"
    assert precision("38.72260 north or south, 9.13920 east or west", 65) == ""


def test_a_position_is_shown_with_how_exact_it_is() -> None:
    assert shown(IN_LISBON) == "38.72260, -9.13920 (to about 10 m)"


def test_a_level_is_explained_in_a_line() -> None:
    assert levelled(report()) == (
        Level.NONE,
        "Nothing was found in it that gives anything away.",
    )
    assert levelled(report(TIME, IN_LISBON)) == (
        Level.HIGH,
        "It gives away the place. It leads to the very spot where somebody was.",
    )
    assert levelled(report(AUTHOR, IN_LISBON, TIME)) == (
        Level.CRITICAL,
        "Place, time and person together say who was where and when.",
    )


def test_home_is_the_reason_where_it_is_the_worst() -> None:
    home = msgspec.structs.replace(IN_LISBON, level=Level.CRITICAL, place="at home")
    assert levelled(report(home)) == (
        Level.CRITICAL,
        "It gives away where home is. It leads to the door of the person's home.",
    )


def test_a_paragraph_begins_with_the_worst_and_ends_with_what_stays() -> None:
    findings = [
        msgspec.structs.replace(one, removed=one is not ENCODER)
        for one in (TIME, IN_LISBON, SOFTWARE, ENCODER)
    ]
    assert paragraph(report(*findings)) == (
        "It was taken in Lisbon, Portugal. It was taken at this time: 1 April 2025. "
        "It also gives away the software and encoder settings. "
        "The clean copy keeps encoder settings."
    )
    assert paragraph(report()) == "Nothing was found in it that gives anything away."


def test_a_paragraph_says_of_no_copy_what_was_not_checked() -> None:
    assert "copy" not in paragraph(report(TIME))
    gone = msgspec.structs.replace(TIME, removed=True)
    assert paragraph(report(gone)).endswith("The clean copy was checked to hold none of this.")


def test_a_paragraph_of_many_facts_counts_the_rest() -> None:
    people = [finding("person.named", "XMP", f"Person {number}") for number in range(40)]
    assert paragraph(report(*people)).endswith("28 more such facts stand in it.")
    assert paragraph(report(*people[:13])).endswith("It names Person 12.")


def test_a_kind_is_explained_with_its_special_forms() -> None:
    lines = explain("location.gps")
    assert lines[0] == "location.gps (high)"
    assert "where home is (critical)" in lines
    with pytest.raises(KeyError):
        explain("location.nowhere")
