from __future__ import annotations

import base64
import hashlib
import html
import os
import re
import stat
from pathlib import Path

import msgspec
import pytest

from tests.builders import photos
from tests.builders.fresh import said_by
from tests.report.conftest import Done, noted
from unexposed.config import Config
from unexposed.exposure import Outcome, Report, finding
from unexposed.ledger import Ledger
from unexposed.pipeline import Gone
from unexposed.report import (
    clear,
    history,
    keep,
    page_for,
    page_for_all,
    report_for,
    write_to,
)

UNCOVERED = re.compile(r"<details.*?</details>", re.DOTALL)


def test_the_page_of_a_file_tells_all_of_it(settings: Config, photo: Path, clean: Done) -> None:
    clean(photo)
    page = page_for(str(photo), settings)
    for told in ("In Lisbon, Portugal".lower(), photos.SECRET_SERIAL, photos.SECRET_AUTHOR):
        assert told in page.lower() or told in page
    assert page.count("data:image/jpeg;base64,") == 3
    assert 'class="near"' in page
    assert "A clean copy was made" in page
    assert "What no clean copy can hide" in page


def test_values_are_covered_until_somebody_asks(settings: Config, photo: Path, clean: Done) -> None:
    clean(photo)
    uncovered = UNCOVERED.sub("", page_for(str(photo), settings))
    for value in (
        photos.SECRET_SERIAL,
        photos.SECRET_AUTHOR,
        photos.SECRET_MODEL,
        "Lisbon",
        "38.7",
    ):
        assert value not in uncovered
    assert uncovered.count("data:image") == 2


def test_the_page_is_the_same_for_the_clean_copy(
    settings: Config, photo: Path, clean: Done
) -> None:
    copy = clean(photo).copy
    assert copy is not None
    assert f"<h1>{photo.name}</h1>" in page_for(copy.path, settings)


def test_a_file_that_was_never_met_is_looked_at_and_nothing_noted(
    settings: Config, photo: Path
) -> None:
    page = page_for(str(photo), settings)
    assert "It was only looked at" in page
    assert photos.SECRET_SERIAL in page
    assert not settings.state_path.exists()
    with pytest.raises(Gone):
        page_for("nowhere.jpg", settings)


def test_an_original_that_changed_or_went_is_told_as_such(
    settings: Config, photo: Path, clean: Done
) -> None:
    clean(photo)
    photo.write_bytes(photos.phone_png())
    assert "has changed since" in page_for(str(photo), settings)
    photo.unlink()
    page = page_for(str(photo), settings)
    assert "is not there any more" in page
    assert photos.SECRET_SERIAL in page
    assert page.count("data:image") == 1


def test_what_is_not_remembered_is_read_anew_where_the_file_is_what_it_was(
    settings: Config, photo: Path, clean: Done, ledger: Ledger
) -> None:
    clean(photo)
    ledger.forget_old_reports(1e12)
    assert photos.SECRET_SERIAL in page_for(str(photo), settings)
    photo.unlink()
    page = page_for(str(photo), settings)
    assert "is not remembered" in page
    assert photos.SECRET_SERIAL not in page


def test_a_file_that_was_held_says_why(settings: Config, photo: Path, clean: Done) -> None:
    photo.write_bytes(photo.read_bytes()[:300])
    clean(photo)
    page = page_for(str(photo), settings)
    assert "No copy was made" in page
    assert "Because:" in page


def test_names_and_values_from_outside_stay_text(
    settings: Config, tmp_path: Path, ledger: Ledger
) -> None:
    evil = "<script>alert(1)</script>"
    path = tmp_path / f"{evil.replace('/', '_')}\u202e.jpg"
    findings = (
        finding("person.author", evil, evil),
        finding("location.gps", "EXIF GPS", '1.00000, 2.00000"><script>'),
    )
    noted(
        ledger,
        path,
        Outcome.HELD,
        Report(format=evil, bytes_total=1, findings=findings),
        reason=evil,
    )
    for page in (page_for(str(path), settings), page_for_all(settings)):
        assert page.count("<script") == 1
        assert html.escape(evil) in page
        assert "\u202e" not in page


def test_the_policy_of_a_page_lets_nothing_in_but_its_own_style_and_script(
    settings: Config,
) -> None:
    page = page_for_all(settings)
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1])  # type: ignore[index]
    assert policy.startswith("default-src 'none'; img-src data:; ")
    assert "unsafe" not in policy
    for name in ("style", "script"):
        (text,) = re.findall(rf"<{name}>(.*?)</{name}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert re.search(r"\bstyle=|\bon\w+=|https?://", page) is None


def test_all_files_are_listed_the_worst_first_and_capped_with_a_word(
    settings: Config, ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    harmless = Report(
        format="jpeg", bytes_total=1, findings=(finding("device.software", "EXIF", "x"),)
    )
    harmful = Report(format="jpeg", bytes_total=1, findings=(finding("location.gps", "GPS", "x"),))
    for number in range(5):
        noted(
            ledger,
            tmp_path / f"{number}.jpg",
            Outcome.CLEANED,
            harmful if number == 2 else harmless,
        )
    page = page_for_all(settings)
    worst = page[page.index('id="worst"') : page.index('id="weeks"')]
    assert re.findall(r"<strong>(.*?)</strong>", worst) == ["2.jpg"]
    assert len(re.findall(r"<li data-outcome", page)) == 6
    assert "This page is about" not in page
    monkeypatch.setattr(history, "MOST", 3)
    page = page_for_all(settings)
    assert "This page is about the last 3 files of 5." in page
    assert "4.jpg" in page
    assert "0.jpg" not in page


def test_pages_lie_where_nobody_else_reads_them_and_not_for_long(
    settings: Config, photo: Path
) -> None:
    first = report_for(str(photo), settings)
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert stat.S_IMODE(first.parent.stat().st_mode) == 0o700
    assert first.is_relative_to(settings.state_path)
    second = report_for(None, settings)
    assert first.exists()  # a browser may be about to read it
    os.utime(first, (0, 0))
    keep("", settings.state_path)
    assert (first.exists(), second.exists()) == (False, True)
    clear(settings.state_path)
    assert list(second.parent.iterdir()) == []


def test_a_page_that_is_written_elsewhere_is_not_readable_for_others(tmp_path: Path) -> None:
    write_to("page", tmp_path / "page.html")
    assert stat.S_IMODE((tmp_path / "page.html").stat().st_mode) == 0o600


def test_making_a_page_loads_no_library_for_pictures() -> None:
    script = "import sys, unexposed.report\nprint('\\n'.join(sys.modules))"
    names = said_by(script).split()
    assert "unexposed.report" in names
    assert [one for one in names if one.startswith(("PIL", "piexif", "unexposed.formats"))] == []


def test_values_that_are_not_kept_are_not_on_the_page(
    settings: Config, ledger: Ledger, photo: Path, clean: Done
) -> None:
    ledger.keep_values = False
    clean(photo)
    page = page_for(str(photo), msgspec.structs.replace(settings))
    assert photos.SECRET_SERIAL not in page
    assert "The serial number of the device" in page


def test_the_page_speaks_the_persons_language(
    settings: Config, photo: Path, clean: Done, monkeypatch: pytest.MonkeyPatch
) -> None:
    clean(photo)
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    page = page_for(str(photo), settings)
    assert '<html lang="de">' in page
    said = UNCOVERED.sub("", page)  # what readers found stays in their own words
    said = re.sub(r"<(style|script|title|dd).*?</\1>|<[^>]*>", " ", said, flags=re.DOTALL)
    assert "Was keine saubere Kopie verbergen kann" in said
    english = re.findall(r"\b(?:the|and|of|is|which|from|with|copy|picture)\b", said)
    assert english == []
