from __future__ import annotations

import os
import stat
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.builders import photos
from tests.cli.test_commands import unexposed
from unexposed.ledger import Ledger


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_PICTURES_DIR", "UNEXPOSED_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "in").mkdir()
    (tmp_path / "photo.jpg").write_bytes(photos.phone_photo())
    (tmp_path / "c.toml").write_text(
        f'outbox = "{tmp_path}/out"\nstate_dir = "{tmp_path}/state"\n'
        f'[[watch]]\npath = "{tmp_path}/in"\ncatch_up = "all"\n'
    )
    return tmp_path


def opener(home: Path) -> Path:
    """Put a program in the place of the desktop's opener; return where it notes what it was to open."""
    noted = home / "opened"
    program = home / "bin" / "xdg-open"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$1" > {noted}.part && mv {noted}.part {noted}\n')
    program.chmod(0o755)
    return noted


def waited(path: Path) -> str:
    until = time.monotonic() + 10
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.02)
    return path.read_text().strip()


def test_report_writes_a_page_and_has_the_desktop_open_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = opener(home)
    monkeypatch.setenv("PATH", f"{home / 'bin'}:{os.environ['PATH']}")
    ended = unexposed("report", "--config", "c.toml", "photo.jpg", folder=home)
    assert ended.returncode == 0, ended.stderr
    page = Path(ended.stdout.strip())
    assert photos.SECRET_SERIAL in page.read_text()
    assert page.parent == home / "state" / "reports"
    assert waited(noted) == str(page)


def test_report_says_so_where_nothing_can_open_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(home))
    ended = unexposed("report", "--config", "c.toml", folder=home)
    assert ended.returncode == 0
    assert "xdg-open cannot be run" in ended.stderr
    assert Path(ended.stdout.strip()).exists()


def test_report_writes_where_it_is_told_to_and_opens_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = opener(home)
    monkeypatch.setenv("PATH", f"{home / 'bin'}:{os.environ['PATH']}")
    for arguments in (("--output", "page.html"), ("--no-open",)):
        ended = unexposed("report", "--config", "c.toml", *arguments, "photo.jpg", folder=home)
        assert ended.returncode == 0, ended.stderr
    assert stat.S_IMODE((home / "page.html").stat().st_mode) == 0o600
    assert not noted.exists()


def test_report_of_nothing_is_an_error(home: Path) -> None:
    ended = unexposed("report", "--config", "c.toml", "--no-open", "nowhere.jpg", folder=home)
    assert ended.returncode == 2
    assert "not there" in ended.stderr


def test_what_is_forgotten_is_told_nowhere_and_not_done_again(home: Path) -> None:
    photo = home / "in" / "IMG_of_anna.jpg"
    photo.write_bytes(photos.phone_photo())
    assert unexposed("run", "--once", "--config", "c.toml", folder=home).returncode == 0
    unexposed("report", "--config", "c.toml", "--no-open", photo, folder=home)
    ended = unexposed("forget", "--config", "c.toml", photo, folder=home)
    assert (ended.returncode, ended.stdout) == (0, "1 file forgotten\n")
    assert list((home / "state" / "reports").iterdir()) == []
    left = b"".join(one.read_bytes() for one in (home / "state").iterdir() if one.is_file())
    assert photos.SECRET_SERIAL.encode() not in left
    assert b"IMG_of_anna" not in left
    assert unexposed("run", "--once", "--config", "c.toml", folder=home).returncode == 0
    assert [one.name for one in (home / "out").iterdir()] == ["IMG_of_anna.jpg"]
    with closing(Ledger(home / "state", read_only=True)) as ledger:
        assert ledger.history(9) == []
    assert photo.exists()


def test_forget_asks_what_to_forget(home: Path) -> None:
    assert unexposed("forget", "--config", "c.toml", folder=home).returncode == 2
    assert unexposed("forget", "--config", "c.toml", "--all", "a", folder=home).returncode == 2
    ended = unexposed("forget", "--config", "c.toml", "--all", folder=home)
    assert (ended.returncode, ended.stdout) == (0, "0 files forgotten\n")
