"""What stands on a terminal, and in a pipe."""

from __future__ import annotations

import pytest

from unexposed.cli.render import Screen
from unexposed.exposure import Level, Outcome
from unexposed.ledger import Entry
from unexposed.outbox import Copy

REASON = "it cannot be read with certainty: a chunk is longer than the rest of the file"


def entry(outcome: Outcome, *, copy: Copy | None = None, reason: str = "") -> Entry:
    return Entry(
        id=1,
        path="/home/anna/Downloads/Trip to Lisbon/IMG_20250401_182205.jpg",
        root="/home/anna/Downloads",
        policy="metadata",
        state="done",
        identity=None,
        digest=None,
        outcome=outcome,
        reason=reason,
        copy=copy,
        level=Level.HIGH,
        report=None,
        finished_at=1_700_000_000.0,
    )


ENTRIES = [
    entry(Outcome.CLEANED, copy=Copy("/home/anna/Pictures/Unexposed/photo-1.jpg", 1, 2, 3)),
    entry(Outcome.HELD, reason=REASON),
]


def shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], **env: str) -> str:
    for name, value in ({"TERM": "dumb", "NO_COLOR": "1"} | env).items():
        monkeypatch.setenv(name, value)
    Screen().history(ENTRIES)
    return capsys.readouterr().out


def test_history_in_a_pipe_is_a_line_a_file_with_whole_paths(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = shown(monkeypatch, capsys, COLUMNS="80").splitlines()
    assert first.endswith(f"{ENTRIES[0].path}  -> /home/anna/Pictures/Unexposed/photo-1.jpg")
    assert second.endswith(f"{ENTRIES[1].path}  {REASON}")


def test_history_on_a_wide_terminal_is_the_same(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    piped = shown(monkeypatch, capsys)
    assert shown(monkeypatch, capsys, COLUMNS="300", FORCE_COLOR="1") == piped


def test_history_on_a_narrow_terminal_fits_and_names_what_matters(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = shown(monkeypatch, capsys, COLUMNS="80", FORCE_COLOR="1").splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].endswith("high      Trip to Lisbon/IMG_20250401_182205.jpg")
    assert lines[1].strip() == "-> photo-1.jpg"
    assert " ".join(" ".join(lines[3:]).split()) == REASON
