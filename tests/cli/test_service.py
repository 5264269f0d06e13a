from __future__ import annotations

import plistlib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.service.fake import Fake
from unexposed.cli.app import main
from unexposed_service import KINDS, OWN, Systemd
from unexposed_service.commands import Ran

UP = "LoadState=loaded\nActiveState=active\nMainPID=4711\nStatusText=watching 3 folders\n"
ABSENT = "LoadState=not-found\nActiveState=inactive\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "UNEXPOSED_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def systemd(monkeypatch: pytest.MonkeyPatch) -> Fake:
    fake = Fake({"systemctl --user show": Ran(0, UP)})
    monkeypatch.setitem(KINDS, OWN, lambda say: Systemd(say, fake))
    return fake


def service(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["service", *arguments])


def test_show_prints_either_definition_on_any_platform(home: Path) -> None:
    unit = service("show", "systemd")
    assert unit.exit_code == 0
    assert "\nType=notify\n" in unit.stdout
    agent = plistlib.loads(service("show", "launchd").stdout_bytes)
    assert "run" in agent["ProgramArguments"]
    assert service("show").stdout == service("show", OWN).stdout
    assert list(home.iterdir()) == [], "nothing is written"


def test_show_takes_what_it_needs_from_the_configuration(home: Path) -> None:
    config = home / "my config.toml"
    config.write_text("[worker]\nmemory_mb = 3000")
    shown = service("show", "systemd", "--config", str(config)).stdout
    assert f'run --config "{config}"\n' in shown
    assert "\nMemoryHigh=4280M\n" in shown


def test_a_wrong_configuration_is_not_installed(home: Path, systemd: Fake) -> None:
    config = home / "c.toml"
    config.write_text("colour = 1")
    result = service("install", "--config", str(config))
    assert result.exit_code == 2
    assert 'unknown key "colour"' in result.stderr
    assert systemd.asked == []


def test_what_was_done_is_told(home: Path, systemd: Fake) -> None:
    result = service("install")
    assert result.exit_code == 0
    assert result.stdout == (
        f"wrote {home}/.config/systemd/user/unexposed.service\n"
        "enabled: it starts with your session\n"
        "running (process 4711): watching 3 folders\n"
    )
    assert service("stop").stdout == "stopped\n"
    assert service("start").stdout == "running (process 4711): watching 3 folders\n"
    assert service("uninstall").exit_code == 0


@pytest.mark.parametrize(("state", "status"), [(UP, 0), (ABSENT, 1)])
def test_the_exit_status_tells_whether_it_runs(systemd: Fake, state: str, status: int) -> None:
    systemd.answers["systemctl --user show"] = Ran(0, state)
    result = service("status")
    assert result.exit_code == status
    assert result.stdout.startswith("running" if status == 0 else "not running")


def test_trouble_ends_with_status_2_and_advice(systemd: Fake) -> None:
    systemd.answers["systemctl --user show"] = Ran(1, said="No medium found")
    for command in ("install", "uninstall", "start", "stop", "status"):
        result = service(command)
        assert result.exit_code == 2
        assert result.stderr.startswith("unexposed: no systemd of yours answers (No medium found)")


def test_logs_pass_on_how_many_and_whether_to_follow(systemd: Fake) -> None:
    assert service("logs", "-f", "-n", "7").exit_code == 0
    assert systemd.shown == ["journalctl --user-unit unexposed.service --lines 7 --follow"]
