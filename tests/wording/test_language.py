from __future__ import annotations

import pytest

from unexposed.exposure import Outcome, Report, finding
from unexposed.wording import Notice, body, title
from unexposed.wording.facts import counted
from unexposed.wording.language import chosen, day, digits, in_miles, prefer, tr, trn
from unexposed.wording.precision import precision
from unexposed.wording.whereabouts import whereabouts


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de"}, "de"),
        ({"LANG": "de_AT@euro"}, "de"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "fr:de:en"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "en:de"}, "en"),
        ({"LC_ALL": "C", "LANGUAGE": "de"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": ""}, "de"),
        ({"LANG": "../../etc"}, "en"),
    ],
)
def test_the_language_is_the_first_that_the_environment_asks_for_and_that_there_is(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], language: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert chosen() == language


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"LANG": "C.UTF-8"}, "1 April 2025"),
        ({"LANG": "en_GB.UTF-8"}, "1 April 2025"),
        ({"LANG": "en_US.UTF-8"}, "April 1, 2025"),
        ({"LANG": "en_US.UTF-8", "LC_TIME": "en_DK.UTF-8"}, "1 April 2025"),
        ({"LANG": "de_DE.UTF-8"}, "1. April 2025"),
    ],
)
def test_a_date_is_written_as_where_the_person_is(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], said: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert day(2025, 4, 1) == said


@pytest.mark.parametrize(
    ("locale", "place", "said"),
    [
        ("C.UTF-8", "4 km from Sintra, Portugal", "4 km from Sintra, Portugal"),
        ("en_GB.UTF-8", "4 km from Sintra, Portugal", "2 miles from Sintra, Portugal"),
        ("en_US.UTF-8", "1 km from Sintra, Portugal", "1 mile from Sintra, Portugal"),
        ("en_US.UTF-8", "480 km from Alice Springs", "300 miles from Alice Springs"),
        ("de_DE.UTF-8", "4 km from Sintra, Portugal", "4 km von Sintra, Portugal"),
        ("de_DE.UTF-8", "in {number}, Portugal", "in {number}, Portugal"),
        ("de_DE.UTF-8", "at home", "zu Hause"),
        ("de_DE.UTF-8", "somewhere", "somewhere"),
    ],
)
def test_a_place_is_told_in_the_persons_units(
    monkeypatch: pytest.MonkeyPatch, locale: str, place: str, said: str
) -> None:
    monkeypatch.setenv("LANG", locale)
    assert whereabouts(place) == said


def test_the_units_are_those_of_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("LC_MEASUREMENT", "de_DE.UTF-8")
    assert not in_miles()


def test_how_exact_a_position_is_is_told_in_feet_and_miles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert precision("38.72264, -9.13923") == "to about 20 feet"
    assert precision("38.72000, -9.14000") == "to about 1 mile"
    assert precision("38.70000, -9.10000") == "to about 7 miles"


def test_numbers_are_grouped_and_counted_as_the_language_has_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert digits(1_234_567) == "1,234,567"
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    assert digits(1_234_567) == "1.234.567"
    assert trn("{number} file: {counts}", "{number} files: {counts}", 1, counts="x") == (
        "1 Datei: x"
    )
    assert tr("never heard of") == "never heard of"


def test_a_notification_speaks_german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    findings = (
        finding(
            "location.gps", "EXIF GPS", "38.7, -9.1", removed=True, place="in Lisbon, Portugal"
        ),
        finding("time.taken", "EXIF", "2025-03-01 18:22:05", removed=True),
        finding("device.model", "EXIF", "Apple iPhone 15", removed=True),
        finding("person.named", "XMP", "Anna", removed=True),
        finding("person.named", "XMP", "Ben", removed=True),
    )
    notice = Notice(
        name="a.jpg",
        outcome=Outcome.CLEANED,
        report=Report(format="jpeg", bytes_total=1, findings=findings),
        output="/home/anna/Unexposed/a.jpg",
        outbox="Unexposed",
    )
    assert title(notice) == "a.jpg: Ort, Namen, Zeit und mehr entfernt"
    assert body(notice) == (
        "Aufgenommen in Lisbon, Portugal am 1. März 2025 mit Apple iPhone 15. "
        "Es verriet auch Menschen mit Namen (Anna und eins mehr). Saubere Kopie in Unexposed."
    )


def test_the_configurations_language_counts_before_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    prefer("de")
    assert chosen() == "de"
    prefer("")
    assert chosen() == "en"


def test_german_says_one_in_words_and_the_whole_before_its_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    week = ("Files by what they told, in the last week",)
    assert trn(*week, "Files by what they told, in the last {number} weeks", 1).endswith(
        "in der letzten Woche"
    )
    assert counted("Anna", 1) == "Anna und eins mehr"
    assert counted("Anna", 2) == "Anna und 2 weitere"
    one, many = (
        "This page is about the last file of {all}.",
        "This page is about the last {number} files of {all}.",
    )
    assert (
        trn(one, many, 500, all="9.000") == "Von 9.000 Dateien zeigt diese Seite die letzten 500."
    )
