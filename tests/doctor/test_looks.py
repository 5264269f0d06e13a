"""Each look, with what it finds wrong made wrong for real."""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.doctor.patient import Patient, in_a_room
from unexposed import vision
from unexposed.doctor import State, clock, inotify, language, ledger, opener, parts, worker
from unexposed.exposure import Outcome
from unexposed.ledger import FILE_NAME, Ledger
from unexposed.worker import Confinement, Worker

FINE, ATTENTION, WRONG, UNKNOWN = State.FINE, State.ATTENTION, State.WRONG, State.UNKNOWN


def test_a_ledger_that_is_damaged_is_wrong(patient: Patient) -> None:
    assert "will be made" in patient.one(ledger.look).what
    with closing(Ledger(patient.state)) as book:
        for number in range(2_000):
            book.offer(f"/x/{number}.jpg", "/x", "metadata")
    found = patient.one(ledger.look)
    assert found.state is FINE
    assert "2,000 files" in found.what
    path = patient.state / FILE_NAME
    path.chmod(0o644)
    assert patient.one(ledger.look).state is ATTENTION
    content = bytearray(path.read_bytes())
    content[20 * 4096 : 24 * 4096] = bytes(4 * 4096)
    path.write_bytes(content)
    assert patient.one(ledger.look).state is WRONG
    path.write_text("no database")
    told = patient.told()
    assert told["ledger"].state is WRONG
    assert "move it away" in told["ledger"].what
    assert told["clock"].state is UNKNOWN
    assert told["worker"].state is FINE


def test_a_ledger_of_a_newer_version_is_wrong(patient: Patient) -> None:
    Ledger(patient.state).close()
    with closing(sqlite3.connect(patient.state / FILE_NAME)) as db:
        db.execute("PRAGMA user_version = 999")
    found = patient.one(ledger.look)
    assert found.state is WRONG
    assert "a newer unexposed wrote it" in found.what


def test_the_folders_of_a_tree_are_counted_without_following_links(patient: Patient) -> None:
    (patient.downloads / "a" / "b").mkdir(parents=True)
    (patient.downloads / "loop").symlink_to(patient.downloads)
    found, _ = patient.looked(inotify.look)
    assert found.what.startswith("the watched folders take 3 and other programs ")


@pytest.mark.parametrize(
    ("name", "limit", "check"),
    [
        ("max_inotify_watches", "max_user_watches=524288", "inotify watches"),
        ("max_inotify_instances", "max_user_instances=1024", "inotify instances"),
    ],
)
def test_a_limit_that_is_too_low_is_wrong_with_the_line_that_raises_it(
    patient: Patient, room: Sequence[str], name: str, limit: str, check: str
) -> None:
    for number in range(5):
        (patient.downloads / str(number)).mkdir()
    low = 3 if check == "inotify watches" else 0
    bound = in_a_room(room, f"echo {low} > /proc/sys/user/{name}")
    found = patient.told(before=bound)[check]
    assert found.state is WRONG, found
    assert found.advice.startswith(f"echo fs.inotify.{limit} | sudo tee /etc/sysctl.d/6")
    assert found.advice.endswith("-unexposed.conf && sudo sysctl --system")


def test_a_worker_with_too_little_memory_is_wrong(patient: Patient) -> None:
    assert patient.one(worker.look).state is FINE
    patient.write("[worker]\ntimeout_seconds = 0.001")
    found = patient.one(worker.look)
    assert found.state is WRONG
    assert "longer than 0.001 seconds" in found.what


def test_a_worker_that_cannot_start_is_wrong(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    found = patient.one(worker.look)
    assert found.state is WRONG
    assert "cannot be started" in found.what


@pytest.mark.parametrize(
    ("holds", "state", "said"),
    [
        (Confinement(files=True, calls=True), FINE, "no file but those of programs, and no socket"),
        (Confinement(files=False, calls=True), ATTENTION, "it could open other files"),
        (Confinement(files=True, calls=False), ATTENTION, "it could open sockets"),
    ],
)
def test_a_worker_tells_whether_it_is_locked_in(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, holds: Confinement, state: State, said: str
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(Worker, "confinement", property(lambda _: holds, lambda *_: None), False)
    found = patient.one(worker.look)
    assert found.state is state
    assert said in found.what


def test_a_clock_that_was_set_back_needs_a_look(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert patient.one(clock.look).state is FINE
    with closing(Ledger(patient.state)) as book:
        book.offer("/x/a.jpg", "/x", "metadata")
        job = book.next(time.time())
        assert job is not None
        book.finish(job, outcome=Outcome.HELD, reason="x")
    assert patient.one(clock.look).state is FINE
    real = time.time()
    monkeypatch.setattr(time, "time", lambda: real - 86_400)
    found = patient.one(clock.look)
    assert found.state is ATTENTION
    assert "already" in found.what
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert patient.one(clock.look).state is WRONG


def test_the_language_is_told_with_who_asked_for_it(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert patient.one(language.look).what == "English (LANG=C.UTF-8)"
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    assert patient.one(language.look).what == "German (LANG=de_DE.UTF-8)"
    patient.write('language = "en"')
    assert patient.one(language.look).what == "English (the configuration)"


def test_names_that_are_not_taken_for_utf_8_need_a_look(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("PYTHONUTF8", "0"), ("PYTHONCOERCECLOCALE", "0"), ("LC_ALL", "C")):
        monkeypatch.setenv(name, value)
    assert patient.told()["language"].state is ATTENTION


def test_a_desktop_that_opens_nothing_needs_a_look(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert patient.one(opener.look).state is ATTENTION
    program = tmp_path / "xdg-open"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert patient.one(opener.look).state is FINE


def test_optional_parts_are_looked_for_and_not_loaded(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(vision, "NEEDED", ("unexposed_first", "unexposed_second"))
    assert patient.one(parts.look).state is FINE
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "unexposed_first.py").write_text("raise SystemExit")
    found = patient.one(parts.look)
    assert "unexposed_second is not installed" in found.what
    (tmp_path / "unexposed_second.py").write_text("raise SystemExit")
    found = patient.one(parts.look)
    assert (found.state, found.what) == (FINE, "what looks at faces, text and codes is installed")


def test_a_policy_that_covers_cannot_do_without_them(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vision, "NEEDED", ("unexposed_first",))
    patient.write('[policy.metadata]\nfaces = "all"')
    found = patient.one(parts.look)
    assert found.state is WRONG
    assert "the policy metadata covers" in found.what
