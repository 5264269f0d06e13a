from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from unexposed.config import Vision, Worker, defaults
from unexposed.spawn import NETWORKS_MB
from unexposed_service import describe


def test_the_program_is_this_installation_by_its_absolute_path() -> None:
    command = describe(defaults()).command
    assert os.path.isabs(command[0])
    *program, verb = command
    assert verb == "run"
    ended = subprocess.run([*program, "--version"], capture_output=True, text=True, check=False)
    assert ended.stdout.startswith("unexposed, version "), ended.stderr


def test_a_virtual_environment_has_a_script_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "bin" / "unexposed"
    script.parent.mkdir()
    script.touch(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert describe(defaults()).command == (str(script), "run")


def test_outside_of_one_a_script_of_that_name_may_be_anybodys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "unexposed").touch(0o755)
    python = str(tmp_path / "python")
    monkeypatch.setattr(sys, "executable", python)
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    assert describe(defaults()).command == (python, "-P", "-m", "unexposed", "run")


def test_a_configuration_that_was_named_is_named_to_the_daemon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    command = describe(defaults(), Path("mine.toml")).command
    assert command[-2:] == ("--config", str(tmp_path / "mine.toml"))


def test_so_is_one_that_a_variable_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNEXPOSED_CONFIG", "~/mine.toml")
    command = describe(defaults()).command
    assert command[-2:] == ("--config", os.path.expanduser("~/mine.toml"))


def test_one_at_its_usual_place_may_come_and_go(home: Path) -> None:
    path = home / ".config" / "unexposed" / "config.toml"
    path.parent.mkdir(parents=True)
    path.touch()
    assert "--config" not in describe(defaults()).command


def test_the_daemon_uses_the_folders_that_this_shell_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/srv/state")
    monkeypatch.setenv("XDG_PICTURES_DIR", "")
    monkeypatch.setenv("XDG_SESSION_ID", "3")
    described = describe(defaults())
    assert described.environment == (("XDG_STATE_HOME", "/srv/state"),)
    assert described.state == "/srv/state/unexposed"


def test_the_memory_leaves_room_for_the_workers() -> None:
    config = msgspec.structs.replace(defaults(), worker=Worker(memory_mb=2048))
    blind = msgspec.structs.replace(config, vision=Vision(enabled=False))
    assert describe(blind).memory_mb > 2048
    assert describe(config).memory_mb == describe(blind).memory_mb + 2 * NETWORKS_MB
