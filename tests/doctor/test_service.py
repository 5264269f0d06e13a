from __future__ import annotations

import subprocess
import sys
import time
from contextlib import closing

import pytest

from tests.doctor.patient import Patient
from tests.e2e.home import wait_until
from tests.service.fake import Fake
from unexposed import __version__
from unexposed.config import load
from unexposed.doctor import State, daemon, sandbox, service
from unexposed.ledger import Ledger
from unexposed.presence import Heartbeat, heartbeat, note_heartbeat, note_pause, the_only_daemon
from unexposed_service import KINDS, OWN, Systemd, describe
from unexposed_service.commands import Ran

FINE, ATTENTION, WRONG, UNKNOWN = State.FINE, State.ATTENTION, State.WRONG, State.UNKNOWN


UP = "LoadState=loaded\nActiveState=active\nMainPID=4711\nStatusText=watching 1 folder\n"


DOWN = "LoadState=loaded\nActiveState=failed\nResult=exit-code\n"


@pytest.fixture
def systemd(monkeypatch: pytest.MonkeyPatch) -> Fake:
    fake = Fake({"systemctl --user show": Ran(0, UP)})
    monkeypatch.setitem(KINDS, OWN, lambda say: Systemd(say, fake))
    return fake


def test_the_service_is_compared_with_what_would_be_installed(
    patient: Patient, systemd: Fake
) -> None:
    def states() -> tuple[State, str]:
        found = patient.one(service.look)
        return found.state, found.what

    assert states()[0] is ATTENTION
    assert "not installed" in states()[1]
    unit = Systemd(lambda _: None, systemd)
    unit.install(describe(load(patient.file), patient.file))
    assert states()[0] is FINE, states()
    patient.write("[worker]\nmemory_mb = 3000")
    assert states()[0] is ATTENTION
    assert "defined otherwise" in states()[1]
    systemd.answers["systemd-run --user"] = Ran(1, said="refused")
    unit.install(describe(load(patient.file), patient.file))
    assert states()[0] is ATTENTION
    assert "without a room of its own" in states()[1]
    systemd.answers["systemctl --user show"] = Ran(0, DOWN)
    assert states() == (WRONG, "it is installed and not running (exit-code)")
    systemd.answers["systemctl --user show"] = Ran(1, said="No medium found")
    assert states()[0] is UNKNOWN


def test_the_running_daemon_is_told_with_its_version(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "unexposed", "run", "--config", str(patient.file)],
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: heartbeat(patient.state) is not None, "the daemon to be ready")
        found, *_ = patient.looked(daemon.look)
        assert found.state is FINE, found
        assert f"process {process.pid}" in found.what
        found = patient.one(sandbox.look)
        assert found.state is ATTENTION, "by hand nothing holds it back"
        assert "no network is around it" in found.what
        for manager, advice in (("systemd", "`unexposed service install`"), ("autostart", "none ")):
            monkeypatch.setattr(sandbox, "OWN", manager)
            assert patient.one(sandbox.look).advice.startswith(advice)
        with closing(Ledger(patient.state)) as book:
            note_pause(book, time.time() + 3_600)
        found, *_ = patient.looked(daemon.look)
        assert (found.state, found.advice) == (ATTENTION, "`unexposed resume`")
        patient.write(watch=f'[[watch]]\npath = "{patient.home / "More"}"')
        _, found, *_ = patient.looked(daemon.look)
        assert found.state is ATTENTION
        assert "other folders" in found.what
    finally:
        process.terminate()
        process.wait(20)


def test_a_daemon_of_another_version_is_wrong(patient: Patient) -> None:
    with the_only_daemon(patient.state), closing(Ledger(patient.state)) as book:
        note_heartbeat(book, Heartbeat(1, 0.0, (), "0.0.1"))
        found, *_ = patient.looked(daemon.look)
    assert found.state is WRONG
    assert "version 0.0.1" in found.what


def test_what_the_daemon_says_of_a_folder_is_passed_on(patient: Patient) -> None:
    with the_only_daemon(patient.state), closing(Ledger(patient.state)) as book:
        folder = (str(patient.downloads), "polled")
        note_heartbeat(book, Heartbeat(1, 0.0, (folder,), __version__))
        _, found, *_ = patient.looked(daemon.look)
    assert found.state is ATTENTION
    assert "limit of inotify" in found.what
