"""An entry of the desktop's, and a real daemon that is started and ended by it."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import photos
from tests.e2e.home import Home, wait_until
from tests.service.fake import Fake
from tests.service.odd import NOT_UTF_8, ODD_WORDS, any_word, is_utf_8
from unexposed import presence
from unexposed.presence import heartbeat, running, tell, the_only_daemon
from unexposed_service import Autostart, Definition, ServiceError
from unexposed_service.autostart import _EXEC, _words, quoted
from unexposed_service.definition import logging_into, program


@settings(max_examples=200)
@given(st.lists(any_word(), min_size=1, max_size=4))
def test_any_words_are_read_back_as_they_were_and_stand_on_one_line(those: list[str]) -> None:
    if not all(map(is_utf_8, those)):
        with pytest.raises(ServiceError, match="not UTF-8"):
            list(map(quoted, those))
        return
    line = " ".join(map(quoted, those))
    assert "\n" not in line
    assert _words(_EXEC, f"Exec={line}") == those


@pytest.mark.parametrize("word", NOT_UTF_8)
def test_a_name_that_no_desktop_takes_is_refused_with_advice(word: str) -> None:
    with pytest.raises(ServiceError, match="not UTF-8; give it another name"):
        quoted(word)


@pytest.mark.parametrize("word", [word for word in ODD_WORDS if word.isprintable()])
def test_a_desktop_finds_nothing_wrong(word: str, definition: Definition, tmp_path: Path) -> None:
    if shutil.which("desktop-file-validate") is None:
        if os.environ.get("CI") == "true":
            pytest.fail(
                "desktop-file-validate is not installed, and entries are to be checked in CI"
            )
        pytest.skip("desktop-file-validate is not installed")
    odd = msgspec.structs.replace(
        definition,
        command=("/bin/true", "run", "--config", word),
        environment=(("XDG_STATE_HOME", word),),
    )
    path = tmp_path / "unexposed.desktop"
    path.write_text(Autostart(print).show(odd), encoding="utf-8")
    done = subprocess.run(
        ["desktop-file-validate", path], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_folders_named_in_this_shell_are_passed_on(definition: Definition) -> None:
    odd = msgspec.structs.replace(definition, environment=(("XDG_STATE_HOME", "/srv/s p"),))
    words = _words(_EXEC, Autostart(print).show(odd))
    assert words == ["env", "XDG_STATE_HOME=/srv/s p", *logging_into(definition, "service.log")]


@pytest.fixture
def living(tmp_path: Path, said: list[str]) -> Iterator[tuple[Autostart, Definition, Home]]:
    home = Home(tmp_path / "person")
    definition = Definition(
        command=(*program(), "run", "--config", str(home.config)),
        state=str(home.state),
        memory_mb=1280,
    )
    service = Autostart(said.append)
    yield service, definition, home
    service.uninstall()


def test_the_daemon_lives_from_install_to_uninstall(
    living: tuple[Autostart, Definition, Home], said: list[str]
) -> None:
    service, definition, home = living
    service.install(definition)
    assert service.status().running
    wait_until(lambda: heartbeat(home.state) is not None, "it to watch")
    assert stat.S_IMODE(service.path.stat().st_mode) == 0o600
    home.drop("a.jpg", photos.phone_photo())
    home.copy("a.jpg")
    service.install(definition)
    assert said[-1].startswith("it is up already: running (process ")

    first = service.status().text
    service.restart()
    assert service.status().running
    assert service.status().text != first
    service.stop()
    assert not service.status().running
    shown = Fake()
    Autostart(print, shown).logs(3, follow=False)
    log = home.state / "service.log"
    assert shown.shown == [f"tail -n 3 {log}"]
    assert "watching 1 folder" in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600

    service.uninstall()
    assert not service.path.exists()
    assert service.status().text == "not running (not installed)"
    assert home.copies() == ["a.jpg"]


def test_a_daemon_that_does_not_start_is_told_of(
    living: tuple[Autostart, Definition, Home],
) -> None:
    service, definition, _ = living
    wrong = msgspec.structs.replace(definition, command=("/bin/false",))
    with pytest.raises(ServiceError, match="did not start; `unexposed service logs` tells why"):
        service.install(wrong)
    missing = msgspec.structs.replace(definition, command=("/nowhere/unexposed",))
    with pytest.raises(ServiceError, match="No such file"):
        service.install(missing)


def test_what_is_not_installed_is_said_so() -> None:
    service = Autostart(print)
    for ask in (service.start, service.stop, service.restart):
        with pytest.raises(ServiceError, match="`unexposed service install`"):
            ask()


def test_a_daemon_that_has_not_named_itself_yet_is_waited_for(
    living: tuple[Autostart, Definition, Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    service, definition, _ = living
    service.install(definition)
    service.stop()
    looks = iter([0, 0, None])
    monkeypatch.setattr("unexposed_service.autostart.running", lambda _: next(looks, None))
    service.stop()
    assert next(looks, "none is left") == "none is left"


def test_a_process_that_has_the_daemons_number_by_now_is_not_ended(tmp_path: Path) -> None:
    """The lock is held by one that has not named itself yet, and still names the one before."""
    with subprocess.Popen(["sleep", "60"]) as stranger, the_only_daemon(tmp_path):
        try:
            lock = tmp_path / "daemon.lock"
            lock.write_text(str(stranger.pid))
            assert running(tmp_path) == stranger.pid
            assert tell(tmp_path, signal.SIGTERM) is None
            lock.write_text(str(os.getpid()))
            assert tell(tmp_path, signal.SIGURG) == os.getpid()
            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_one_whose_files_nobody_may_see_is_told_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, stat_of = [], os.stat

    def hidden(path: Any, **how: Any) -> os.stat_result:
        if str(path).startswith("/proc/"):
            looked.append(path)
            raise PermissionError(13, "Permission denied", path)
        return stat_of(path, **how)

    with the_only_daemon(tmp_path):
        monkeypatch.setattr(os, "stat", hidden)
        assert tell(tmp_path, signal.SIGURG) == os.getpid()
    assert looked


def test_a_daemon_that_ended_a_moment_ago_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with subprocess.Popen(["true"]) as gone:
        gone.wait()
    monkeypatch.setattr(presence, "running", lambda _: gone.pid)
    assert tell(tmp_path, signal.SIGTERM) is None
