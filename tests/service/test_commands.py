from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from unexposed_service import ServiceError
from unexposed_service.commands import run


def test_what_a_command_writes_is_kept() -> None:
    ran = run(("sh", "-c", "echo out; echo more; echo wrong >&2; echo yes >&2; exit 3"))
    assert (ran.status, ran.output, ran.said) == (3, "out\nmore\n", "wrong yes")


def test_what_is_no_text_is_no_error() -> None:
    assert run(("printf", "caf\\351")).output == "caf\ufffd"


def test_a_command_can_be_shown(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(("sh", "-c", "echo seen; exit 4"), show=True).status == 4
    assert capfd.readouterr().out == "seen\n"


@pytest.mark.parametrize("show", [False, True])
def test_a_program_that_is_not_here_is_told_of(show: bool) -> None:
    with pytest.raises(ServiceError, match="there is no nosuchctl on this machine"):
        run(("nosuchctl", "--user"), show=show)


def test_a_folder_of_programs_that_may_not_be_looked_into_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nosuchctl").touch(0o600)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ServiceError, match="there is no nosuchctl on this machine"):
        run(("nosuchctl",))


def test_ctrl_c_is_for_the_command_that_is_shown() -> None:
    script = (
        "from unexposed_service.commands import run\n"
        "print(run(('sh', '-c', 'trap \"exit 7\" INT; echo up; while :; do sleep 0.05; done'),"
        " show=True).status)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, start_new_session=True, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    out, _ = process.communicate(timeout=10)
    assert (process.returncode, out) == (0, "7\n")
