from __future__ import annotations

import string

import pytest

from unexposed.catalogue import (
    COMBINATIONS,
    FAMILIES,
    KINDS,
    OTHER,
    VARIANTS,
    Level,
    phrase_of,
    phrases,
)
from unexposed.exposure import Finding, Report, finding

ENTRIES = KINDS | VARIANTS

PLACE = finding("location.gps", "EXIF GPS", "38.72260, -9.13920")
HEADING = finding("location.gps", "EXIF GPS destination", "38.72260, -9.13920")
TOWN = finding("location.place", "IPTC", "Lisbon")
TIME = finding("time.taken", "EXIF", "2025-04-01 18:22:05")
PERSON = finding("person.named", "XMP", "Anna")
SERIAL = finding("device.serial", "EXIF", "F2LX0123456")
PROMPT = finding("provenance.prompt", "PNG text", "a house by the sea")


def level(*findings: Finding) -> Level:
    return Report(format="jpeg", bytes_total=1, findings=findings).level


@pytest.mark.parametrize("key", ENTRIES)
def test_every_entry_is_whole(key: str) -> None:
    entry = ENTRIES[key]
    fields = [field for _, field, _, _ in string.Formatter().parse(entry.sentence) if field]
    assert fields == ["value"]
    for sentence in (entry.why, entry.sentence, entry.cleaning):
        assert sentence[0].isupper() or sentence.startswith("{")
        assert sentence.endswith(".")
        assert len(sentence) <= 100
        assert "|" not in sentence
    assert not entry.tells.endswith(".")


def test_each_kind_is_called_something_else() -> None:
    assert {kind.partition(".")[0] for kind in KINDS} == set(FAMILIES)
    called = [*phrases(), *(one.others for one in FAMILIES.values()), OTHER]
    assert len(phrases()) == len(ENTRIES)
    assert len({phrase.noun for phrase in called}) == len(called)
    assert max(len(phrase.noun) for phrase in called) <= 50
    assert max(len(phrase.heading) for phrase in called) <= 25


def test_a_kind_that_is_not_known_is_called_by_its_family() -> None:
    assert phrase_of("location.unheard_of") == FAMILIES["location"].others
    assert phrase_of("unheard.of") == OTHER


def test_a_special_finding_matters_at_least_as_much_as_its_kind() -> None:
    for key, entry in VARIANTS.items():
        assert entry.level.rank >= KINDS[key.partition("/")[0]].level.rank


def test_together_facts_matter_more_than_each_of_them() -> None:
    for one in COMBINATIONS:
        for part in one.parts:
            assert part <= set(ENTRIES)
        worst = max(min(ENTRIES[key].level.rank for key in part) for part in one.parts)
        assert one.level.rank > worst


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ((), Level.NONE),
        ((TIME,), Level.MEDIUM),
        ((PLACE, TIME), Level.HIGH),
        ((PLACE, PERSON), Level.HIGH),
        ((PLACE, TIME, PERSON), Level.CRITICAL),
        ((PLACE, TIME, SERIAL), Level.HIGH),
        ((HEADING, TIME, PERSON), Level.HIGH),
        ((TOWN,), Level.MEDIUM),
        ((TOWN, TIME), Level.HIGH),
        ((PROMPT,), Level.HIGH),
        ((PROMPT, PERSON), Level.CRITICAL),
    ],
)
def test_a_file_has_the_level_of_what_its_facts_say_together(
    findings: tuple[Finding, ...], expected: Level
) -> None:
    assert level(*findings) is expected


def test_one_position_as_place_and_destination_is_a_place() -> None:
    both = finding("location.gps", "EXIF GPS, EXIF GPS destination", "38.72260, -9.13920")
    assert level(both, TIME, PERSON) is Level.CRITICAL


def test_a_code_that_makes_login_codes_is_critical() -> None:
    assert level(finding("content.code.otp", "the picture itself", "login codes")) is Level.CRITICAL
