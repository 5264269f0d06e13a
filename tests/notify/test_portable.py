"""Sending, with programs in the place of notify-send that behave badly."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders.watching import eventually
from unexposed.notify import Undelivered, portable
from unexposed.notify.portable import send

Stub = Callable[[str], Path]


@pytest.fixture
def notify_send(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stub:
    """Put a shell script in the place of notify-send; return the folder that it runs in."""
    if os.path.isdir("/app"):
        pytest.skip("plyer takes this machine for Flatpak's and calls gdbus")

    def put(script: str) -> Path:
        programs = tmp_path / "programs"
        programs.mkdir()
        stub = programs / "notify-send"
        stub.write_text(f'#!/bin/sh\ncd "{tmp_path}"\n{script}\n')
        stub.chmod(0o755)
        monkeypatch.setenv("PATH", f"{programs}:{os.defpath}")
        return tmp_path

    return put


def is_gone(pid: str) -> bool:
    shown = subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, check=False)
    return shown.stdout.strip() in (b"", b"Z")


def test_title_and_body_cannot_be_taken_for_options(notify_send: Stub) -> None:
    folder = notify_send('printf \'%s\\n\' "$1" "$2" > seen')
    send("--help", "-u <b>critical</b> \\033")
    assert (folder / "seen").read_text() == " --help\n -u &lt;b&gt;critical&lt;/b&gt; \\\\033\n"


def test_text_of_any_kind_is_made_harmless_before_it_is_sent(notify_send: Stub) -> None:
    folder = notify_send('printf \'%s\\n\' "$1" "$2" > seen')
    send("gnp\u202e.exe\udcff\n", "x" * 10_000)
    title, body = (folder / "seen").read_text().splitlines()
    assert title == "gnp.exe\ufffd "
    assert len(body) < 200


def test_the_locale_does_not_matter(notify_send: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = notify_send('printf \'%s\\n\' "$1" "$2" > seen')
    monkeypatch.setenv("LC_ALL", "de_DE.ISO-8859-1")
    send("写真 “é”", "…")
    assert (folder / "seen").read_text() == "写真 “é”\n…\n"


def test_what_it_says_is_the_reason(notify_send: Stub, capfd: pytest.CaptureFixture[str]) -> None:
    notify_send("echo noise; echo first >&2; echo no server here >&2; exit 1")
    with pytest.raises(Undelivered, match=r"^no server here$"):
        send("a title", "a body")
    assert capfd.readouterr() == ("", "")


def test_a_silent_failure_is_a_failure(notify_send: Stub) -> None:
    notify_send("exit 3")
    with pytest.raises(Undelivered, match="status 3"):
        send("a title", "a body")


def test_a_warning_is_no_failure(notify_send: Stub, capfd: pytest.CaptureFixture[str]) -> None:
    notify_send("echo a warning >&2")
    send("a title", "a body")
    assert capfd.readouterr() == ("", "")


def test_without_any_program_it_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Undelivered, match="nothing is installed that shows notifications"):
        send("a title", "a body")


def test_without_a_bus_it_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/nothing")
    with pytest.raises(Undelivered):
        send("a title", "a body")
    assert capfd.readouterr() == ("", "")


def test_one_that_hangs_is_ended_with_all_that_it_started(
    notify_send: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portable, "_PATIENCE", 0.5)
    folder = notify_send("sleep 60 & echo $! > pid; wait")
    started = time.monotonic()
    with pytest.raises(Undelivered, match="no answer"):
        send("a title", "a body")
    assert time.monotonic() - started < 5
    eventually(lambda: is_gone((folder / "pid").read_text()))


def test_one_that_hangs_does_not_outlive_the_daemon(notify_send: Stub) -> None:
    folder = notify_send("echo $$ > pid; exec sleep 60")
    script = "from unexposed.notify.portable import send; send('a title', 'a body')"
    daemon = subprocess.Popen([sys.executable, "-c", script])
    eventually(lambda: (folder / "pid").exists() and (folder / "pid").read_text())
    daemon.kill()
    daemon.wait()
    eventually(lambda: is_gone((folder / "pid").read_text()))


def test_one_that_leaves_a_program_behind_is_not_waited_for(notify_send: Stub) -> None:
    folder = notify_send("sleep 30 & echo $! > pid; echo it failed >&2; exit 1")
    started = time.monotonic()
    with pytest.raises(Undelivered, match="it failed"):
        send("a title", "a body")
    assert time.monotonic() - started < 5
    os.kill(int((folder / "pid").read_text()), 9)


def test_plyer_is_not_loaded_into_the_daemon() -> None:
    script = "import sys, unexposed.daemon, unexposed.notify; sys.exit('plyer' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)
