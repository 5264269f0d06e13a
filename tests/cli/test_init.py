from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.notify.conftest import bare_desktop, bus_and_screen, desktop
from tests.notify.desktop import Desktop
from tests.service.fake import Fake
from unexposed.cli.app import main
from unexposed.config import defaults, load
from unexposed_service import KINDS, OWN, Systemd
from unexposed_service.commands import Ran

__all__ = ["bare_desktop", "bus_and_screen", "desktop"]

UP = "LoadState=loaded\nActiveState=active\nMainPID=4711\nStatusText=watching 3 folders\n"
ABOUT_FACES = "\n"
"""What takes the usual answer to the question about faces."""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in list(os.environ):
        if name.startswith(("XDG_", "UNEXPOSED_", "DBUS_")):
            monkeypatch.delenv(name)
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def systemd(monkeypatch: pytest.MonkeyPatch) -> Fake:
    fake = Fake({"systemctl --user show": Ran(0, UP)})
    monkeypatch.setitem(KINDS, OWN, lambda say: Systemd(say, fake))
    return fake


def init(*arguments: str, answers: str = "") -> Result:
    return CliRunner().invoke(main, ["init", *arguments], input=answers)


def file(home: Path) -> Path:
    return home / ".config" / "unexposed" / "config.toml"


def test_three_times_enter_is_what_is_usual(home: Path, systemd: Fake) -> None:
    result = init("--quiet", answers=f"\n{ABOUT_FACES}\n\n")
    assert result.exit_code == 0, result.output
    assert "Which folders shall be watched? Usual are:\n  ~/Downloads\n" in result.output
    assert load() == defaults()
    assert f"wrote {file(home)}\n" in result.output
    assert result.output.endswith("running (process 4711): watching 3 folders\n")
    assert "systemctl --user enable unexposed.service" in systemd.asked


def test_folders_of_ones_own_are_asked_for_until_enter(home: Path, systemd: Fake) -> None:
    (home / "Photos").mkdir()
    answers = f"n\nPhotos\n~/Photos\n/srv/new\n\n{ABOUT_FACES}n\ny\n"
    result = init("--quiet", answers=answers)
    assert result.exit_code == 0, result.output
    assert '"Photos" is not absolute; write "~/Photos"' in result.output
    assert [one.path for one in load().watch] == [str(home / "Photos"), "/srv/new"]
    assert systemd.asked == []
    assert result.output.endswith("start it with: unexposed run\n")


def test_every_answer_can_be_a_flag(home: Path, systemd: Fake) -> None:
    flags = ("--watch", str(home / "a"), "--watch", str(home / "b"), "--faces", "report")
    result = init(*flags, "--no-login", "--yes", "--quiet")
    assert result.exit_code == 0, result.output
    assert "?" not in result.output
    assert [one.path for one in load().watch] == [str(home / "a"), str(home / "b")]
    assert systemd.asked == []


def test_nothing_is_done_before_a_yes(home: Path, systemd: Fake) -> None:
    result = init(answers=f"\n{ABOUT_FACES}\nn\n")
    assert result.exit_code == 1
    assert result.output.endswith("Nothing was changed.\n")
    assert list(home.iterdir()) == []
    assert systemd.asked == []


def test_where_nobody_answers_nothing_is_done(home: Path) -> None:
    result = init()
    assert result.exit_code == 1
    assert list(home.iterdir()) == []


def test_what_stands_there_is_shown_and_kept(home: Path) -> None:
    file(home).parent.mkdir(parents=True)
    file(home).write_text('outbox = "/mine"\n')
    refused = init(answers="n\n")
    assert refused.exit_code == 1
    assert "is there already, and says:\n  watches" in refused.output
    assert "  outbox   /mine\n" in refused.output
    assert file(home).read_text() == 'outbox = "/mine"\n'
    replaced = init("--yes", "--quiet", "--no-login")
    assert replaced.exit_code == 0
    assert f"kept the earlier one as {file(home)}.old\n" in replaced.output
    assert file(home).with_name("config.toml.old").read_text() == 'outbox = "/mine"\n'
    assert load() == defaults()


def test_one_that_cannot_be_used_is_told_with_why(home: Path) -> None:
    file(home).parent.mkdir(parents=True)
    file(home).write_text("colour = 1\n")
    result = init(answers="n\n")
    assert "cannot be used:\n" in result.output
    assert 'line 1: unknown key "colour"' in result.output


def test_another_file_is_the_one_that_the_service_is_given(home: Path) -> None:
    mine = home / "mine.toml"
    result = init("--yes", "--quiet", "--config", str(mine))
    assert result.exit_code == 0, result.output
    assert mine.exists()
    assert not file(home).exists()
    unit = home / ".config" / "systemd" / "user" / "unexposed.service"
    assert f"run --config {mine}\n" in unit.read_text()


def test_a_folder_that_would_feed_copies_back_is_refused(home: Path) -> None:
    result = init("--yes", "--quiet", "--watch", str(home / "Pictures" / "Unexposed"))
    assert result.exit_code == 2
    assert "both watched and the outbox" in result.output
    assert list(home.iterdir()) == []


def test_a_notification_shows_that_they_arrive(home: Path, desktop: Desktop) -> None:
    result = init("--yes", "--no-login")
    assert "showed a notification" in result.output
    (arrived,) = desktop.arrived(1)
    assert arrived.title == "unexposed is set up"


@pytest.mark.usefixtures("bare_desktop")
def test_one_that_cannot_be_shown_is_told_and_hinders_nothing(home: Path) -> None:
    result = init("--yes", "--no-login")
    assert result.exit_code == 0
    assert "no notification could be shown" in result.output
    assert load() == defaults()
    assert result.output.endswith("start it with: unexposed run\n")


def test_faces_are_asked_about_and_covered(home: Path) -> None:
    result = init("--quiet", "--no-login", answers="\nbystanders\ny\n")
    assert result.exit_code == 0, result.output
    assert 'faces = "bystanders"' in file(home).read_text()
