from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from unexposed import opening
from unexposed.opening import OpeningError, is_confined, launch, open_path


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Programs that note how they were called."""
    for name in ("xdg-open", "systemd-run"):
        stub = tmp_path / name
        stub.write_text(f'#!/bin/sh\necho "{name} $@" >> "{tmp_path}/called"\n')
        stub.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.defpath}")
    monkeypatch.setattr("sys.platform", "linux")
    return tmp_path


def test_the_desktops_own_opener_is_asked(programs: Path) -> None:
    open_path("/a file")
    assert (programs / "called").read_text() == "xdg-open /a file\n"


def test_a_confined_service_has_the_sessions_systemd_do_it(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "is_confined", lambda: True)
    open_path("/a $HOME file")
    assert (programs / "called").read_text() == (
        "systemd-run --user --collect --quiet -- xdg-open /a $$HOME file\n"
    )


def test_what_goes_on_is_not_waited_for() -> None:
    started = time.monotonic()
    launch(["sleep", "3"])
    assert time.monotonic() - started < 2.5


def test_what_cannot_be_done_is_said() -> None:
    with pytest.raises(OpeningError, match="nosuchprogram cannot be run: No such file"):
        launch(["nosuchprogram"])
    with pytest.raises(OpeningError, match="false ended with status 1"):
        launch(["false"])


@pytest.mark.parametrize(
    ("users", "confined"),
    [("0 0 4294967295\n", False), ("1000 1000 1\n", True), ("0 1000 1\n1 100000 65536\n", True)],
)
def test_a_confined_process_sees_few_users(
    users: str, confined: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "uid_map"
    told.write_text(users)
    monkeypatch.setattr(opening, "_USERS", told)
    assert is_confined() is confined
    monkeypatch.setattr(opening, "_USERS", tmp_path / "no proc")
    assert not is_confined()
