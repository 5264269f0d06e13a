"""Files that arrive in a watched folder, told by the system's real events."""

from __future__ import annotations

import os
import queue
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.builders.watching import PATIENCE, Start
from unexposed.config.settings import Watch
from unexposed.watch import watcher

NEVER = 3600.0
"""Seconds to settle, for tests in which nothing may depend on resting."""


@pytest.fixture
def outside(base: Path) -> Path:
    folder = base / "elsewhere"
    folder.mkdir()
    return folder


def test_a_file_is_handed_out_as_soon_as_it_is_closed(inbox: Path, start: Start) -> None:
    watched = start(settle=NEVER)
    with open(inbox / "x.jpg", "wb") as file:
        file.write(b"half")
        file.flush()
        assert watched.so_far() == []
        file.write(b"whole")
    assert watched.next() == "in/x.jpg"
    assert watched.all_so_far() == []


def test_a_file_that_is_moved_in_is_handed_out_at_once(
    inbox: Path, outside: Path, start: Start
) -> None:
    (outside / "x.jpg").write_bytes(b"picture")
    watched = start(settle=NEVER)
    (outside / "x.jpg").rename(inbox / "x.jpg")
    assert watched.next() == "in/x.jpg"


def test_a_hard_link_is_a_new_file(inbox: Path, outside: Path, start: Start) -> None:
    (outside / "x.jpg").write_bytes(b"picture")
    watched = start(settle=NEVER)
    os.link(outside / "x.jpg", inbox / "x.jpg")
    assert watched.next() == "in/x.jpg"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of a file's writers")
def test_a_writer_that_pauses_for_longer_than_files_settle_is_waited_for(
    inbox: Path, start: Start
) -> None:
    watched = start(settle=0.05)
    with open(inbox / "x.jpg", "wb") as file:
        for _ in range(3):
            file.write(b"piece")
            file.flush()
            time.sleep(0.15)
        assert watched.so_far() == []
    assert watched.next() == "in/x.jpg"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of a file's writers")
def test_a_file_that_a_second_writer_still_has_open_is_waited_for(
    inbox: Path, start: Start
) -> None:
    watched = start(settle=NEVER)
    with open(inbox / "x.jpg", "wb") as slow:
        slow.write(b"begin")
        slow.flush()
        with open(inbox / "x.jpg", "ab") as quick:
            quick.write(b"more")
        assert watched.so_far() == []
    assert watched.next() == "in/x.jpg"


def test_a_rewritten_file_is_handed_out_again(inbox: Path, start: Start) -> None:
    watched = start(settle=NEVER)
    for content in (b"first", b"second", b"the third"):
        (inbox / "x.jpg").write_bytes(content)
        assert watched.next() == "in/x.jpg"
    assert watched.all_so_far() == []


def test_an_editor_that_saves_by_renaming_over_is_noticed(inbox: Path, start: Start) -> None:
    watched = start(settle=NEVER)
    (inbox / "x.jpg").write_bytes(b"first")
    assert watched.next() == "in/x.jpg"
    (inbox / ".x.jpg.swp").write_bytes(b"edited")
    (inbox / ".x.jpg.swp").rename(inbox / "x.jpg")
    assert watched.next() == "in/x.jpg"
    assert watched.all_so_far() == []


def test_reading_and_changing_rights_starts_nothing(inbox: Path, start: Start) -> None:
    watched = start(settle=NEVER)
    (inbox / "x.jpg").write_bytes(b"picture")
    assert watched.next() == "in/x.jpg"
    assert watched.so_far() == []
    (inbox / "x.jpg").chmod(0o600)
    os.utime(inbox / "x.jpg", (1, 1))
    (inbox / "x.jpg").read_bytes()
    assert watched.all_so_far() == []


def test_an_empty_file_waits_for_its_bytes(inbox: Path, start: Start) -> None:
    watched = start(settle=0)
    (inbox / "x.jpg").touch()
    assert watched.all_so_far() == []
    (inbox / "x.jpg").write_bytes(b"picture")
    assert watched.next() == "in/x.jpg"


def test_a_file_that_vanishes_is_forgotten(inbox: Path, start: Start) -> None:
    watched = start()
    with open(inbox / "x.jpg", "wb") as file:
        file.write(b"half")
        (inbox / "x.jpg").unlink()
    assert watched.all_so_far() == []


def test_firefox_downloads_are_taken_when_they_are_complete(inbox: Path, start: Start) -> None:
    watched = start(settle=0)
    (inbox / "x.jpg").touch()
    with open(inbox / "x.jpg.part", "wb") as file:
        file.write(b"picture")
    assert watched.all_so_far() == []
    (inbox / "x.jpg.part").rename(inbox / "x.jpg")
    assert watched.next() == "in/x.jpg"
    assert watched.all_so_far() == []


def test_chrome_downloads_are_taken_when_they_are_complete(inbox: Path, start: Start) -> None:
    watched = start(settle=0)
    (inbox / ".com.google.Chrome.h7Kq2z").write_bytes(b"pic")
    (inbox / ".com.google.Chrome.h7Kq2z").rename(inbox / "Unconfirmed 314159.crdownload")
    with open(inbox / "Unconfirmed 314159.crdownload", "ab") as file:
        file.write(b"ture")
    assert watched.all_so_far() == []
    (inbox / "Unconfirmed 314159.crdownload").rename(inbox / "x.jpg")
    assert watched.next() == "in/x.jpg"


def test_safari_downloads_are_taken_when_they_are_complete(inbox: Path, start: Start) -> None:
    watched = start(settle=0)
    (inbox / "x.jpg.download").mkdir()
    (inbox / "x.jpg.download" / "x.jpg").write_bytes(b"picture")
    assert watched.all_so_far() == []
    (inbox / "x.jpg.download" / "x.jpg").rename(inbox / "x.jpg")
    (inbox / "x.jpg.download").rmdir()
    assert watched.next() == "in/x.jpg"


def test_a_file_is_incomplete_while_its_control_file_lies_beside_it(
    inbox: Path, start: Start
) -> None:
    watched = start(settle=0)
    (inbox / "x.jpg.aria2").write_bytes(b"control")
    (inbox / "x.jpg").write_bytes(b"some pieces")
    assert watched.all_so_far() == []
    (inbox / "x.jpg.aria2").unlink()
    assert watched.next() == "in/x.jpg"


def test_a_file_that_is_renamed_while_it_is_written_is_taken_by_its_last_name(
    inbox: Path, start: Start
) -> None:
    watched = start(settle=NEVER)
    with open(inbox / "x.jpg", "wb") as file:
        file.write(b"half")
        file.flush()
        (inbox / "x.jpg").rename(inbox / "y.jpg")
        if sys.platform == "linux":
            assert watched.so_far() == []
    assert watched.next() == "in/y.jpg"
    assert watched.all_so_far() == []


def test_links_pipes_sockets_devices_and_folders_are_left_alone(
    inbox: Path, outside: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    (outside / "real.jpg").write_bytes(b"picture")
    monkeypatch.chdir(inbox)  # as a socket's name must be short

    def make(kind: str) -> None:
        os.mkfifo(f"{kind}-pipe.jpg")
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(f"{kind}-socket.jpg")
        os.mkdir(f"{kind}-folder.jpg")
        os.symlink(outside / "real.jpg", f"{kind}-link.jpg")
        os.symlink(outside, f"{kind}-folder-link")
        if os.geteuid() == 0:
            os.mknod(f"{kind}-device.jpg", 0o600 | 0o020000, os.makedev(1, 3))

    make("before")
    watched = start(settle=0, everything=True)
    make("after")
    assert watched.all_so_far() == []
    (outside / "real.jpg").write_bytes(b"another")
    watched.watcher.rescan()
    assert watched.all_so_far() == []


def test_a_folder_that_is_moved_away_and_linked_to_is_not_followed(
    inbox: Path, outside: Path, start: Start
) -> None:
    (inbox / "trip").mkdir()
    watched = start(settle=0)
    assert watched.drained() == []
    (inbox / "trip").rename(outside / "trip")
    (inbox / "trip").symlink_to(outside / "trip")
    (outside / "trip" / "x.jpg").write_bytes(b"picture")
    assert watched.all_so_far() == []


@pytest.mark.parametrize(
    "name", ["new\nline.jpg", " spaces .jpg", "-rf.jpg", "ünïcödé.jpg", "%s{}.jpg"]
)
def test_strange_names_are_names(inbox: Path, start: Start, name: str) -> None:
    watched = start(settle=NEVER)
    (inbox / name).write_bytes(b"picture")
    assert watched.next() == f"in/{name}"


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no such names")
def test_a_name_that_is_not_utf_8_is_a_name(inbox: Path, start: Start) -> None:
    name = os.path.join(os.fsencode(inbox), b"caf\xe9.jpg")
    watched = start(settle=NEVER)
    with open(name, "wb") as file:
        file.write(b"picture")
    assert os.fsencode(watched.base / watched.next()) == name
    with open(name + b".png", "wb") as file:
        file.write(b"picture")
    assert os.fsencode(watched.base / watched.next()) == name + b".png"


def test_new_nested_folders_with_files_are_not_missed(inbox: Path, start: Start) -> None:
    watched = start(settle=NEVER)
    assert watched.drained() == []
    expected = set()
    for turn in range(20):
        deep = inbox / f"{turn}" / "a" / "b"
        deep.mkdir(parents=True)
        for place in (deep, deep.parent, deep.parent.parent):
            (place / "x.jpg").write_bytes(b"picture")
            expected.add(str((place / "x.jpg").relative_to(watched.base)))
    assert watched.some(len(expected)) == expected
    assert watched.all_so_far() == []


def test_a_tree_that_another_process_makes_in_a_hurry_is_not_missed(
    inbox: Path, start: Start
) -> None:
    watched = start(settle=NEVER)
    assert watched.drained() == []
    script = "for i in $(seq 20); do mkdir -p $i/a/b/c; echo x > $i/a/b/c/x; echo x > $i/a/x; done"
    subprocess.run(["sh", "-c", script], cwd=inbox, check=True)
    expected = {f"in/{n}/{path}" for n in range(1, 21) for path in ("a/b/c/x", "a/x")}
    assert watched.some(40) == expected
    assert watched.all_so_far() == []


def test_a_tree_that_is_moved_in_is_not_missed(inbox: Path, outside: Path, start: Start) -> None:
    (outside / "trip" / "day 1" / "raw").mkdir(parents=True)
    for place in ("trip", "trip/day 1", "trip/day 1/raw"):
        (outside / place / "x.jpg").write_bytes(b"picture")
    watched = start(settle=NEVER)
    assert watched.drained() == []
    (outside / "trip").rename(inbox / "trip")
    assert watched.some(3) == {"in/trip/x.jpg", "in/trip/day 1/x.jpg", "in/trip/day 1/raw/x.jpg"}
    (inbox / "trip" / "day 1" / "raw" / "later.jpg").write_bytes(b"picture")
    assert watched.next() == "in/trip/day 1/raw/later.jpg"


def test_a_renamed_folder_stays_watched_and_gives_nothing_twice(inbox: Path, start: Start) -> None:
    (inbox / "old").mkdir()
    watched = start(settle=NEVER)
    assert watched.drained() == []
    (inbox / "old" / "x.jpg").write_bytes(b"picture")
    assert watched.next() == "in/old/x.jpg"
    (inbox / "old").rename(inbox / "new")
    (inbox / "new" / "y.jpg").write_bytes(b"picture")
    assert watched.next() == "in/new/y.jpg"
    assert watched.all_so_far() == []


def test_a_folder_that_gets_a_plain_name_is_looked_through(inbox: Path, start: Start) -> None:
    (inbox / ".hidden").mkdir()
    (inbox / ".hidden" / "x.jpg").write_bytes(b"picture")
    watched = start(settle=NEVER)
    assert watched.all_so_far() == []
    (inbox / ".hidden").rename(inbox / "shown")
    assert watched.next() == "in/shown/x.jpg"


def test_only_names_that_the_watch_takes_are_taken(inbox: Path, start: Start) -> None:
    (inbox / "raw").mkdir()
    watched = start(include=("*.jpg",), ignore=("draft*", "raw"))
    for name in ("x.JPG", "x.png", "Draft 1.jpg", "raw/x.jpg"):
        (inbox / name).write_bytes(b"picture")
    assert watched.all_so_far() == ["in/x.JPG"]


def test_a_watch_that_is_not_recursive_takes_only_what_lies_directly_in_it(
    inbox: Path, outside: Path, start: Start
) -> None:
    (inbox / "old").mkdir()
    (outside / "moved").mkdir()
    (outside / "moved" / "x.jpg").write_bytes(b"picture")
    watched = start(recursive=False)
    (inbox / "new").mkdir()
    (outside / "moved").rename(inbox / "moved")
    for name in ("old/x.jpg", "new/x.jpg", "x.jpg"):
        (inbox / name).write_bytes(b"picture")
    watched.watcher.rescan()
    assert watched.all_so_far() == ["in/x.jpg"]


def test_a_receiver_that_fails_costs_no_other_file_and_is_asked_again(
    inbox: Path, outside: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watcher, "RETRY_SECONDS", 0.1)
    watched = start()
    assert watched.drained() == []
    receive = watched.on_file
    failures = iter([OSError("disk full")])

    def fail_once(path: str, watch: Watch) -> None:
        for failure in failures:
            raise failure
        receive(path, watch)

    monkeypatch.setattr(watched.watcher, "_on_file", fail_once)
    for name in ("x.jpg", "y.jpg"):
        (outside / name).write_bytes(b"picture")
        (outside / name).rename(inbox / name)
    assert watched.next() == "in/y.jpg"
    assert watched.next() == "in/x.jpg"


def test_a_receiver_that_takes_no_file_is_told_of_once_and_again_when_it_fails_anew(
    inbox: Path,
    outside: Path,
    start: Start,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    watched = start()
    assert watched.drained() == []
    asked: queue.SimpleQueue[str] = queue.SimpleQueue()

    def on_file(path: str, _: Watch) -> None:
        asked.put(path)
        if not path.endswith("3.jpg"):
            raise OSError("disk full")

    monkeypatch.setattr(watched.watcher, "_on_file", on_file)
    for number in range(5):
        (outside / f"{number}.jpg").write_bytes(b"picture")
        (outside / f"{number}.jpg").rename(inbox / f"{number}.jpg")
        assert asked.get(timeout=10).endswith(f"{number}.jpg")
    watched.watcher.stop()
    told = [one for one in caplog.messages if "could not be handed on" in one]
    assert len(told) == 2
    assert "0.jpg" in told[0]
    assert "4.jpg" in told[1]


def test_stopping_takes_no_files_and_can_be_done_twice(inbox: Path, start: Start) -> None:
    watched = start()
    assert watched.drained() == []
    watched.watcher.stop()
    watched.watcher.stop()
    (inbox / "x.jpg").write_bytes(b"picture")
    assert not watched.watcher.drain(0.05)


def test_a_partial_download_that_was_given_up_keeps_no_file_out(inbox: Path, start: Start) -> None:
    for name in ("x.jpg.part", "y.jpg.part"):
        (inbox / name).write_bytes(b"half a picture")
    days_ago = time.time() - 2 * 86_400
    os.utime(inbox / "x.jpg.part", (days_ago, days_ago))
    watched = start()
    (inbox / "y.jpg").write_bytes(b"picture")
    (inbox / "x.jpg").write_bytes(b"picture")
    assert watched.all_so_far() == ["in/x.jpg"]


def test_stopping_does_not_wait_for_a_receiver_that_does(
    inbox: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watcher, "STOP_SECONDS", 0.1)
    watched = start()
    called, go_on = threading.Event(), threading.Event()

    def wait(_path: str, _watch: Watch) -> None:
        called.set()
        go_on.wait(PATIENCE)

    monkeypatch.setattr(watched.watcher, "_on_file", wait)
    (inbox / "x.jpg").write_bytes(b"picture")
    assert called.wait(PATIENCE)
    started = time.monotonic()
    watched.watcher.stop()
    assert time.monotonic() - started < 1
    go_on.set()
