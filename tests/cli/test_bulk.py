"""`unexposed clean` and `inspect` on folders, as real processes."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.builders import photos

FILES = 150


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with photos in sub-folders, every name in two of them."""
    folder = tmp_path_factory.mktemp("many") / "in"
    photo = photos.phone_photo(width=64, height=48)
    for number in range(FILES):
        path = folder / str(number % 2) / f"beach {number // 2}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(photo)
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_PICTURES_DIR", "UNEXPOSED_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "unexposed", *map(str, arguments)]


def unexposed(*arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), capture_output=True, text=True, cwd=folder, timeout=60, check=False
    )


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder)) if folder.exists() else []


def every_copy() -> list[str]:
    return sorted(f"beach {n}{end}.jpg" for n in range(FILES // 2) for end in ("", "-2"))


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -signal.SIGKILL)],
)
def test_stopped_anywhere_it_leaves_no_half_file_and_goes_on_where_it_was(
    home: Path, many: Path, number: signal.Signals, status: int
) -> None:
    out = home / "out"
    process = subprocess.Popen(
        command("clean", "--jobs", "2", "--out", out, many),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while len(names(out)) < 20:
        time.sleep(0.005)
    stopped = time.monotonic()
    os.killpg(process.pid, number)
    said, complained = process.communicate(timeout=20)
    assert time.monotonic() - stopped < 2.5
    assert (process.returncode, complained) == (status, "")
    done = names(out)
    assert 20 <= len(done) < FILES
    assert [name for name in done if name.startswith(".")] == []
    size = os.path.getsize(out / done[0])
    assert {os.path.getsize(out / name) for name in done} == {size}
    if number is not signal.SIGKILL:
        assert said.startswith(f"stopped after {len(done)} files: {len(done)} cleaned\n")

    ended = unexposed("clean", "--out", out, many, folder=home)
    assert ended.returncode == 0
    before = re.search(r"(\d+) done before", ended.stdout)
    assert before is not None
    assert int(before[1]) > len(done) - 10
    assert names(out) == every_copy()


def test_many_files_are_summed_up_and_only_those_without_a_copy_listed(
    home: Path, many: Path
) -> None:
    shutil.copytree(many, home / "in")
    (home / "in" / "broken.jpg").write_bytes(photos.phone_photo()[:300])
    ended = unexposed("clean", "--out", "out", "in", folder=home)
    assert ended.returncode == 1
    held, total, heading, *told = ended.stdout.splitlines()
    assert held.startswith("held    broken.jpg: ")
    assert total == f"{FILES + 1} files: {FILES} cleaned, 1 held"
    assert heading == "They would have told:"
    assert f"  {FILES}  the place" in told
    assert f"  {FILES}  when it was taken" in told
    assert "\x1b" not in ended.stdout
    assert ended.stderr == ""

    anew = unexposed("clean", "--out", "out", "--verbose", "in", folder=home)
    assert len(anew.stdout.splitlines()) == FILES + len(ended.stdout.splitlines())
    assert f"{FILES + 1} files: 1 held, {FILES} done before" in anew.stdout


def test_a_few_files_are_listed_each_and_again_takes_their_places(home: Path) -> None:
    for name in ("a.jpg", "b.jpg"):
        (home / name).write_bytes(photos.phone_photo())
    ended = unexposed("clean", "--out", "out", "a.jpg", "b.jpg", folder=home)
    first, second, total, *_ = ended.stdout.splitlines()
    assert first.startswith("cleaned ")
    assert second.startswith("cleaned ")
    assert total == "2 files: 2 cleaned"
    anew = unexposed("clean", "--out", "out", "a.jpg", folder=home)
    assert anew.stdout == f"before  a.jpg  -> {home}/out/a.jpg\n"
    again = unexposed("clean", "--out", "out", "--again", "a.jpg", folder=home)
    assert again.stdout.startswith("cleaned ")
    assert names(home / "out") == ["a.jpg", "b.jpg"]


def test_a_program_sees_the_same_end_however_often_it_is_run(home: Path) -> None:
    for name in ("a.jpg", "b.jpg"):
        (home / name).write_bytes(photos.phone_photo())
    runs = [
        unexposed("clean", "--json", "--out", "out", "a.jpg", "b.jpg", folder=home)
        for _ in range(2)
    ]
    first, second = (
        sorted((json.loads(line) for line in run.stdout.splitlines()), key=lambda one: one["path"])
        for run in runs
    )
    assert first == second
    assert [one["outcome"] for one in first] == ["cleaned", "cleaned"]
    assert [run.returncode for run in runs] == [0, 0]


def test_a_reader_that_goes_away_ends_it_quietly(home: Path, many: Path) -> None:
    process = subprocess.Popen(
        command("clean", "--json", "--out", home / "out", many),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert json.loads(process.stdout.readline())["outcome"] == "cleaned"
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(20) == 1
    assert len(names(home / "out")) < FILES


def test_inspect_keeps_the_order_of_the_files(home: Path, many: Path) -> None:
    ended = unexposed("inspect", "--json", "--jobs", "3", many, folder=home)
    assert ended.returncode == 0
    paths = [json.loads(line)["path"] for line in ended.stdout.splitlines()]
    assert len(paths) == FILES
    assert paths == sorted(paths)


def test_a_ledger_that_cannot_be_used_costs_the_memory_and_no_file(home: Path) -> None:
    (home / "a.jpg").write_bytes(photos.phone_photo())
    config = home / "config.toml"
    config.write_text(f'state_dir = "{home}/a.jpg"\n')
    ended = unexposed("clean", "--config", config, "--out", "out", "a.jpg", folder=home)
    assert ended.returncode == 0
    assert "a second run will do all files anew" in ended.stderr
    assert names(home / "out") == ["a.jpg"]


def test_no_jobs_is_a_usage_error(home: Path) -> None:
    ended = unexposed("clean", "--jobs", "0", home, folder=home)
    assert ended.returncode == 2
    assert "--jobs" in ended.stderr


def test_the_bar_is_on_the_terminal_and_the_lines_go_where_they_were_sent(home: Path) -> None:
    (home / "in").mkdir()
    for number in range(30):
        (home / "in" / f"{number}.jpg").write_bytes(photos.phone_photo())
    ours, theirs = pty.openpty()
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            command("clean", "--jobs", "1", "--out", home / "out", home / "in"),
            stdout=log,
            stderr=theirs,
            env=os.environ | {"TERM": "xterm", "COLUMNS": "120"},
        )
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 1 << 16):
            shown += piece
    except OSError:
        pass  # how Linux says that the other side is closed
    os.close(ours)
    assert process.wait(20) == 0
    assert re.search(rb"30 of 30 files .*files/s, .*MB/s", shown)
    assert re.search(rb"\d:\d\d left", shown)
    assert b"cleaned" not in shown
    assert (home / "log").read_text().count("cleaned ") == 30


def test_quick_says_that_there_is_a_thumbnail_and_not_what_it_shows(home: Path) -> None:
    covered = photos.phone_photo(thumbnail=photos.scene(160, 120, seed=99))
    (home / "a.jpg").write_bytes(covered)

    def told(*options: str) -> str:
        line = json.loads(
            unexposed("clean", "--json", "--again", *options, "a.jpg", folder=home).stdout
        )
        (one,) = [one for one in line["findings"] if one["kind"] == "content.thumbnail"]
        assert one["removed"] is True
        return str(one["value"])

    assert "differs from the picture" in told()
    assert "differs" not in told("--quick")
