from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.builders import photos
from unexposed.ledger import Ledger

KEYS = {
    "path", "format", "bytes", "level", "outcome", "output", "reason", "findings",
    "bytes_kept", "bytes_removed", "seconds",
}  # fmt: skip
FINDING_KEYS = {"kind", "where", "summary", "value", "level", "removed", "box"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_PICTURES_DIR", "UNEXPOSED_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "photo.jpg").write_bytes(photos.phone_photo())
    return tmp_path


def unexposed(*arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "unexposed", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=60,
        check=False,
    )


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_inspect_prints_the_contract_and_writes_nothing(home: Path) -> None:
    before = sorted(os.listdir(home))
    ended = unexposed("inspect", "--json", "photo.jpg", folder=home)
    assert ended.returncode == 0, ended.stderr
    (line,) = lines(ended.stdout)
    assert set(line) == KEYS
    assert (line["path"], line["format"], line["outcome"]) == ("photo.jpg", "jpeg", "inspected")
    assert (line["level"], line["output"], line["reason"]) == ("critical", None, None)
    findings = line["findings"]
    assert isinstance(findings, list)
    assert all(set(one) == FINDING_KEYS for one in findings)
    assert {one["removed"] for one in findings} == {None}
    assert "location.gps" in {one["kind"] for one in findings}
    assert sorted(os.listdir(home)) == before


def test_clean_writes_copies_and_says_what_was_removed(home: Path) -> None:
    ended = unexposed("clean", "--json", "--out", "clean", "photo.jpg", folder=home)
    assert ended.returncode == 0, ended.stderr
    (line,) = lines(ended.stdout)
    assert set(line) == KEYS
    assert (line["outcome"], line["output"]) == ("cleaned", str(home / "clean" / "photo.jpg"))
    findings = line["findings"]
    assert isinstance(findings, list)
    assert all(one["removed"] for one in findings if one["kind"] != "device.encoder")
    assert photos.SECRET_SERIAL.encode() not in (home / "clean" / "photo.jpg").read_bytes()


@pytest.mark.parametrize("command", [("inspect",), ("clean", "--out", "clean")])
def test_a_photo_taken_at_home_is_critical(home: Path, command: tuple[str, ...]) -> None:
    place = f"latitude = {photos.LATITUDE}\nlongitude = {photos.LONGITUDE}"
    (home / "c.toml").write_text(f"[home]\n{place}\n")
    arguments = (*command, "--json", "--config", "c.toml", "photo.jpg")
    (line,) = lines(unexposed(*arguments, folder=home).stdout)
    assert line["level"] == "critical"
    assert isinstance(line["findings"], list)
    worst = line["findings"][0]
    assert set(worst) == FINDING_KEYS
    assert (worst["kind"], worst["level"]) == ("location.gps", "critical")
    assert worst["value"] == "38.72260, -9.13920"
    assert worst["summary"].endswith("38.72260, -9.13920, at home")


def test_folders_recurse_and_what_is_no_picture_is_passed_over(home: Path) -> None:
    (home / "trip" / "deep").mkdir(parents=True)
    (home / "trip" / "deep" / "b.png").write_bytes(photos.phone_png())
    (home / "trip" / "notes.txt").write_text("notes")
    ended = unexposed("clean", "--json", "--out", "clean", "trip", folder=home)
    assert ended.returncode == 0
    assert [line["path"] for line in lines(ended.stdout)] == ["trip/deep/b.png"]


def test_what_was_named_and_cannot_be_cleaned_is_held_with_status_1(home: Path) -> None:
    (home / "notes.txt").write_text("notes")
    (home / "broken.jpg").write_bytes(photos.phone_photo()[:300])
    ended = unexposed("clean", "--json", "--out", "clean", "notes.txt", "broken.jpg", folder=home)
    assert ended.returncode == 1
    held = lines(ended.stdout)
    assert [line["outcome"] for line in held] == ["held", "held"]
    assert all(line["reason"] and line["output"] is None for line in held)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("clean", "nothing.jpg"), "no such file"),
        (("inspect",), "Missing argument"),
        (("clean", "--policy", "stricct", "photo.jpg"), "there is no policy"),
        (("run", "--config", "nowhere.toml"), "nowhere.toml"),
        (("frobnicate",), "No such command"),
        (("inspect", "--explain", "locatin.gps"), "Did you mean location.gps?"),
    ],
)
def test_usage_errors_end_with_status_2(home: Path, arguments: tuple[str, ...], said: str) -> None:
    ended = unexposed(*arguments, folder=home)
    assert ended.returncode == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_plain_text_has_no_colour_in_a_pipe(home: Path) -> None:
    ended = unexposed("inspect", "photo.jpg", folder=home)
    assert "\x1b" not in ended.stdout
    assert "location.gps" in ended.stdout
    assert "It was taken in Lisbon, Portugal." in ended.stdout
    assert "38.72260, -9.13920" in ended.stdout


def test_a_hostile_name_cannot_speak_to_the_terminal(home: Path) -> None:
    name = "evil\x1b[31m\u202egnp.jpg"
    (home / name).write_bytes(photos.phone_photo())
    for command in (("inspect", name), ("clean", "--out", "clean", name)):
        ended = unexposed(*command, folder=home)
        assert "\x1b" not in ended.stdout
        assert "\u202e" not in ended.stdout


def test_without_out_the_copies_go_to_the_outbox(home: Path) -> None:
    ended = unexposed("clean", "photo.jpg", folder=home)
    assert ended.returncode == 0, ended.stderr
    assert (home / "Pictures" / "Unexposed" / "photo.jpg").exists()


def test_status_and_history_answer_before_anything_was_done_and_make_nothing(home: Path) -> None:
    before = sorted(os.listdir(home))
    assert "not running" in unexposed("status", folder=home).stdout
    assert "none yet" in unexposed("status", folder=home).stdout
    assert "nothing was done yet" in unexposed("history", folder=home).stdout
    assert sorted(os.listdir(home)) == before


def test_damage_to_the_ledger_is_told_in_a_sentence(home: Path) -> None:
    (home / "state").mkdir()
    (home / "state" / "ledger.sqlite3").write_bytes(b"not a database" * 100)
    (home / "c.toml").write_text(f'state_dir = "{home}/state"\noutbox = "{home}/out"\n')
    for command in (("status",), ("history",), ("run", "--once")):
        ended = unexposed(*command, "--config", "c.toml", folder=home)
        assert ended.returncode == 2
        assert ended.stderr.count("\n") == 1
        assert "move it away" in ended.stderr


def test_a_state_folder_that_is_a_file_is_told_in_a_sentence(home: Path) -> None:
    (home / "state").write_bytes(b"")
    (home / "c.toml").write_text(f'state_dir = "{home}/state"\noutbox = "{home}/out"\n')
    ended = unexposed("run", "--once", "--config", "c.toml", folder=home)
    assert ended.returncode == 2
    assert ended.stderr.endswith("state is a file, not a folder\n")
    assert ended.stderr.count("\n") == 1


def test_no_help_is_cut_short(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = unexposed("--help", folder=home).stdout
    assert "history" in shown
    assert "..." not in shown.partition("Commands:")[2]
    for command in ("status", "history"):
        assert "Configuration file to use." in unexposed(command, "--help", folder=home).stdout


def test_status_says_which_files_wait_and_for_what(home: Path) -> None:
    config = home / "config.toml"
    config.write_text(f'outbox = "{home}/out"\nstate_dir = "{home}/state"\n')
    with closing(Ledger(home / "state")) as ledger:
        ledger.offer(f"{home}/late.jpg", str(home), "metadata")
        ledger.next(time.time())
        ledger.settle(time.time() + 9, "the outbox cannot be used: Not a directory")
    told = unexposed("status", "--config", str(config), folder=home).stdout
    assert "waits      late.jpg: the outbox cannot be used: Not a directory" in told
    line = json.loads(unexposed("status", "--json", "--config", str(config), folder=home).stdout)
    assert line["waiting"] == [
        {"path": f"{home}/late.jpg", "reason": "the outbox cannot be used: Not a directory"}
    ]


def test_the_version_is_told(home: Path) -> None:
    assert unexposed("--version", folder=home).stdout.startswith("unexposed, version ")


def test_the_demo_shows_it_and_cleans_up(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(home))
    ended = unexposed("demo", "--no-notify", folder=home)
    assert ended.returncode == 0, ended.stderr
    assert "location.gps" in ended.stdout
    assert "Nothing was found in it that gives anything away." in ended.stdout
    assert os.listdir(home) == ["photo.jpg"]
