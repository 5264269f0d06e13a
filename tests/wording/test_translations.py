"""Every language says all that English says, with the same values in it."""

from __future__ import annotations

import gettext
import re
import string
from functools import reduce
from operator import add
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.translations import FOLDER, Key, compiled, marked, read, written
from unexposed.config import Config
from unexposed.exposure import KINDS, Finding, Outcome, Report, finding
from unexposed.wording import (
    MAX_BODY,
    MAX_TITLE,
    Burst,
    Notice,
    body,
    cleaning,
    explain,
    levelled,
    paragraph,
    sentence,
    title,
    why,
)
from unexposed.wording.language import ENGLISH, LANGUAGES

SOURCES = sorted(FOLDER.glob("*/LC_MESSAGES/unexposed.po"))
ENGLISH_WORDS = re.compile(
    r"\b(the|and|of|it|is|were|which|where|when|who|with|from|more|kept|gave|gives|away|copy|"
    r"removed|clean|made|taken|by|near|at|home|file|picture)\b",
    re.IGNORECASE,
)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.fixture(params=SOURCES, ids=lambda path: path.parent.parent.name)
def source(request: pytest.FixtureRequest) -> Path:
    path = request.param
    assert isinstance(path, Path)
    return path


@pytest.fixture
def translations(source: Path) -> dict[Key, Key]:
    return read(source)


def test_there_is_a_translation_for_each_language() -> None:
    assert {path.parent.parent.name for path in SOURCES} == set(LANGUAGES) - {ENGLISH}


def test_the_configuration_knows_every_language() -> None:
    wanted = get_type_hints(Config)["language"]
    assert set(get_args(wanted)) == {"", *LANGUAGES}


def test_every_text_is_translated_and_none_that_is_gone(translations: dict[Key, Key]) -> None:
    assert set(translations) - {("",)} == set(marked()), "run: python -m tools.translations"
    assert [key for key, texts in translations.items() if not all(texts)] == []


def test_the_same_values_stand_in_a_translation(translations: dict[Key, Key]) -> None:
    for key, texts in translations.items():
        if key == ("",):
            continue
        for form, text in zip(key, texts, strict=True):
            assert fields(text) == fields(form), key


def test_a_translation_begins_and_ends_as_its_text_does(translations: dict[Key, Key]) -> None:
    for key, texts in translations.items():
        if len(key[0]) > 1 and key[0].endswith("."):
            assert all(text.endswith(".") for text in texts), key


def test_what_the_package_carries_is_what_the_translators_wrote(source: Path) -> None:
    packaged = source.with_suffix(".mo")
    assert packaged.read_bytes() == compiled(read(source)), "run: python -m tools.translations"
    assert written(read(source)) == source.read_text(encoding="utf-8")
    with packaged.open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("the author") == read(source)["the author",][0]


VALUES = st.sampled_from(["", "2025-04-01 18:22:05+01:00", "38.72260, -9.13920", "X" * 300])
FINDINGS = st.builds(
    finding,
    st.sampled_from(sorted(KINDS)),
    st.sampled_from(["EXIF", "EXIF GPS destination"]),
    VALUES,
    place=st.sampled_from(["", "in Berlin", "12 km from Berlin"]),
    removed=st.sampled_from([True, True, False, None]),
)


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "de_DE.UTF-8")


@settings(max_examples=150)
@given(
    st.lists(FINDINGS, max_size=12),
    st.sampled_from([Outcome.CLEANED, Outcome.INSPECTED, Outcome.HELD, Outcome.WAITING]),
    st.integers(1, 3),
)
def _assert_german(findings: list[Finding], outcome: Outcome, files: int) -> None:
    report = Report(format="jpeg", bytes_total=1, findings=tuple(findings))
    notice = Notice(name="x.jpg", outcome=outcome, report=report, output="/y.jpg", outbox="Z")
    burst = reduce(add, [Burst.of(notice)] * files)
    for said, most in (
        (title(notice), MAX_TITLE),
        (burst.title(), MAX_TITLE),
        (body(notice), MAX_BODY),
        (burst.body(), MAX_BODY),
        (paragraph(report), 5_000),
        (levelled(report)[1], 300),
    ):
        assert said
        assert len(said) <= most
        assert ENGLISH_WORDS.findall(said) == []


@pytest.mark.usefixtures("german")
def test_german_is_german_and_fits_a_notification() -> None:
    _assert_german()


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize("kind", KINDS)
def test_the_catalogue_is_german(kind: str) -> None:
    one = finding(kind, "EXIF", "X")
    said = [sentence(one), sentence(finding(kind, "EXIF")), why(one), cleaning(one)]
    for line in (*said, *explain(kind)[1:]):
        assert ENGLISH_WORDS.findall(line) == []
