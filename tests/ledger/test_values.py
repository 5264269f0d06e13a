"""Without keep_values nothing that a file says gets into the database, wherever it says it."""

from __future__ import annotations

import os
import time
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from tests.builders import svg
from tests.builders.planted import CANARY, planted
from unexposed.errors import Held
from unexposed.exposure import Outcome, Report, Span, finding
from unexposed.formats import HEAD, sniff
from unexposed.ledger import Copies, Identity, Ledger, Made
from unexposed.ledger.values import kinds_only, plain_reason
from unexposed.worker.interpret import findings_in, spans_of

WORD = CANARY[:6]
SAID = CANARY.decode()
PLACES = (
    f"PNG text '{SAID}'",
    f"SVG {SAID}",
    f"movie user data {SAID}",
    f"EXIF, {SAID} track (meta)",
    f"JPEG {SAID} EXIF",
)
REASONS = (
    f"it cannot be read with certainty: has the rule '@{SAID}' (at byte 12)",
    f"it cannot be opened as a picture ({SAID} (or {SAID}))",
    f"its pictures are coded as '{SAID}', '{SAID}', which may carry notes",
    f"a name's odd: 'an' {SAID} 'other'",
    f"it is “{SAID}”",
)


def told_in(place: str) -> Report:
    return Report(
        format="jpeg",
        bytes_total=9,
        findings=(
            finding("person.author", place, SAID, place=SAID),
            finding("location.gps", "EXIF GPS destination", SAID),
        ),
        spans=(Span(0, 9, "unknown", place, "removed"),),
    )


def bytes_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def photo(tmp_path: Path) -> str:
    path = tmp_path / "in.jpg"
    path.write_bytes(b"content")
    return str(path)


def test_the_daemons_rows_hold_none(tmp_path: Path, photo: str) -> None:
    state = tmp_path / "state"
    with closing(Ledger(state)) as ledger:
        ledger.keep_values = False
        for place, reason in zip(PLACES, REASONS, strict=True):
            ledger.offer(photo, str(tmp_path), "metadata")
            job = ledger.next(time.time())
            assert job is not None
            ledger.finish(job, Outcome.HELD, reason=reason, report=told_in(place))
            ledger.amend(job, told_in(place))
            assert WORD not in bytes_in(state), place
        entry = ledger.about(photo)
    assert entry is not None
    assert entry.report is not None
    assert entry.report.level is told_in("").level


def test_the_rows_of_the_command_clean_hold_none(tmp_path: Path, photo: str) -> None:
    state = tmp_path / "state"
    with closing(Copies(state, keep_values=False)) as copies:
        for place, reason in zip(PLACES, REASONS, strict=True):
            made = Made(
                path=photo,
                outbox="/out",
                rules=b"",
                identity=Identity.of(os.stat(photo)),
                outcome=Outcome.HELD,
                reason=reason,
                report=told_in(place),
            )
            copies.announce(made)
            copies.finish(made)
    assert WORD not in bytes_in(state)


def test_of_no_hiding_place_anything_is_left_but_its_kind() -> None:
    for kind, name, build in planted():
        source = build()
        container = sniff(source[:HEAD])
        parts = container.dissect(source)
        report = Report(
            format=kind,
            bytes_total=len(source),
            findings=findings_in(container.blocks(source, parts)),
            spans=spans_of(parts, container.rebuild(source, parts)),
        )
        plain = kinds_only(report)
        assert WORD not in msgspec.json.encode(plain).replace(b"chunk", b""), (kind, name)
        assert [one.kind for one in plain.findings] == [one.kind for one in report.findings]
        assert (plain.level, plain.together) == (report.level, report.together)


@pytest.mark.parametrize(
    "held",
    [
        "<style>@{} a{{g{{fill:red}}}}</style>",
        '<rect fill="url({}) {}"/>',
        "<style>g{{fill:{}(1)}}</style>",
    ],
)
def test_a_reason_repeats_what_a_file_says_in_quotes_only(held: str) -> None:
    source = svg.drawing(held.replace("{}", SAID).replace("{{", "{").replace("}}", "}"))
    container = sniff(source[:HEAD])
    with pytest.raises(Held) as problem:
        container.rebuild(source, container.dissect(source))
    word = WORD.decode().lower()
    assert word in str(problem.value).lower()
    assert word not in plain_reason(str(problem.value)).lower()


def test_what_is_this_programs_own_stays() -> None:
    assert plain_reason("it is cut short (at byte 7)") == "it is cut short (at byte 7)"
    assert plain_reason("it is a PDF, which cannot be cleaned yet").endswith("cleaned yet")
    places = ("EXIF GPS", "PNG text", "track 1 handler", "TIFF values of tag 319", "file name")
    for place in places:
        assert kinds_only(told_in(place)).findings[0].where == place
        assert kinds_only(told_in(place)).spans[0].name == place
    assert kinds_only(told_in("PNG text 'Author'")).findings[0].where == "PNG text"
    assert kinds_only(told_in("'Author'")).findings[0].where == "the file"
    assert kinds_only(told_in("'Author'")).spans[0].name == "unknown"
