"""The command as a whole: real folders, a real ledger, a real worker."""

from __future__ import annotations

import os
import pty
import re
import subprocess
from collections.abc import Iterator

import pytest

from tests.doctor.patient import Patient
from unexposed.config import load
from unexposed.doctor import Case, Check, State, examine
from unexposed.doctor.examination import guarded
from unexposed.errors import UnexposedError

PARTS = {
    "configuration", "watched folder", "outbox", "free space", "ledger", "inotify watches", "inotify instances",
    "notifications", "daemon", "service", "worker", "clock", "optional parts", "language", "desktop",
}  # fmt: skip


def test_everything_is_looked_at_and_nothing_is_wrong(patient: Patient) -> None:
    before = sorted(os.listdir(patient.home)), os.listdir(patient.outbox)
    told = patient.told()
    assert set(told) == PARTS
    assert [one for one in told.values() if one.state is State.WRONG] == []
    for name in ("configuration", "outbox", "ledger", "worker", "clock", "language"):
        assert told[name].state is State.FINE, told[name]
    assert (sorted(os.listdir(patient.home)), os.listdir(patient.outbox)) == before


def test_a_wrong_configuration_is_told_with_its_line_and_the_rest_goes_on(
    patient: Patient,
) -> None:
    patient.write("colour = 1")
    told = patient.told()
    assert told["configuration"].state is State.WRONG
    assert 'config.toml, line 3: unknown key "colour"' in told["configuration"].what
    assert told["outbox"].state is State.UNKNOWN
    assert told["language"].state is State.FINE


def test_what_the_configuration_tells_of_home_is_for_its_owner_alone(patient: Patient) -> None:
    patient.write(watch="[home]\nlatitude = 1\nlongitude = 1")
    patient.file.chmod(0o644)
    first = next(examine(patient.file))
    assert (first.state, first.advice) == (State.ATTENTION, f"chmod 600 {patient.file}")
    patient.file.chmod(0o600)
    assert next(examine(patient.file)).state is State.FINE


def test_in_a_pipe_it_is_plain_lines(patient: Patient) -> None:
    patient.outbox.rmdir()
    patient.outbox.write_text("a file")
    ended = patient.doctor("--no-notification")
    assert ended.returncode == 1
    assert f"\nwrong      outbox: the outbox {patient.outbox}" in ended.stdout
    assert "\n           -> mend that, or name another outbox\n" in ended.stdout
    assert "\x1b" not in ended.stdout


def test_on_a_terminal_it_is_a_table_with_colours(patient: Patient) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        patient.command("--quiet"),
        stdout=theirs,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "70"},
    ) as process:
        os.close(theirs)
        said = b""
        try:
            while piece := os.read(ours, 65_536):
                said += piece
        except OSError:
            pass  # how a terminal says that nobody is at the other end
        assert process.wait(60) == 0
    os.close(ours)
    assert b"\x1b[32mfine     \x1b[0m" in said
    plain = re.sub(rb"\x1b\[[0-9;]*m", b"", said).decode()
    assert max(map(len, plain.splitlines())) <= 70


@pytest.mark.parametrize(
    ("problem", "advice"), [(ValueError("odd"), "please report this"), (UnexposedError("odd"), "")]
)
def test_a_fault_in_one_look_never_ends_the_rest(
    patient: Patient, problem: Exception, advice: str
) -> None:
    def look(case: Case) -> Iterator[Check]:
        yield Check("a", State.FINE, "first")
        raise problem

    case = Case(config=load(patient.file), file=patient.file)
    first, second = guarded("a", look, case)
    assert first.state is State.FINE
    assert (second.state, second.advice) == (State.UNKNOWN, advice)
    assert "odd" in second.what
