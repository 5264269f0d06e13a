"""What is taken of the files that were there before the daemon was."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.builders.watching import Notebook, Start, eventually, let_the_file_clock_tick
from unexposed.config.settings import Watch
from unexposed.watch import Acquaintance, sweep


@pytest.fixture
def old(inbox: Path) -> Path:
    (inbox / "trip").mkdir()
    (inbox / "old.jpg").write_bytes(b"picture")
    (inbox / "trip" / "old.jpg").write_bytes(b"picture")
    let_the_file_clock_tick()
    return inbox


def test_the_first_start_leaves_what_was_there_alone(
    old: Path, start: Start, memory: Notebook
) -> None:
    watched = start()
    assert watched.drained() == []
    assert memory.roots == {str(old)}
    watched.watcher.rescan()
    assert watched.drained() == []


def test_what_was_there_is_taken_when_it_changes(old: Path, start: Start) -> None:
    watched = start()
    assert watched.drained() == []
    (old / "old.jpg").write_bytes(b"another picture")
    assert watched.next() == "in/old.jpg"


def test_a_later_start_takes_what_came_while_the_daemon_was_down(old: Path, start: Start) -> None:
    first = start()
    assert first.drained() == []
    first.watcher.stop()
    (old / "new.jpg").write_bytes(b"picture")
    (old / "trip" / "deep").mkdir()
    (old / "trip" / "deep" / "new.jpg").write_bytes(b"picture")
    os.utime(old / "new.jpg", (1, 1))  # unpacked or copied with its old date
    assert start().drained() == ["in/new.jpg", "in/trip/deep/new.jpg"]
    assert start().drained() == []


def test_what_came_is_taken_even_if_the_first_run_ended_before_it_knew_what_was_there(
    old: Path, start: Start, memory: Notebook
) -> None:
    start().watcher.stop()
    assert memory.first_time(str(old))
    (old / "new.jpg").write_bytes(b"picture")
    assert start().drained() == ["in/new.jpg"]


def test_all_takes_what_was_there_and_does_so_once(
    old: Path, start: Start, memory: Notebook
) -> None:
    assert start(catch_up="all").drained() == ["in/old.jpg", "in/trip/old.jpg"]
    assert start(catch_up="all").drained() == []
    assert not memory.first_time(str(old))


def test_one_run_for_everything_takes_what_was_there(old: Path, start: Start) -> None:
    assert start(everything=True).drained() == ["in/old.jpg", "in/trip/old.jpg"]


def test_none_leaves_alone_what_came_while_the_daemon_was_down(old: Path, start: Start) -> None:
    first = start(catch_up="none")
    assert first.drained() == []
    first.watcher.stop()
    (old / "between.jpg").write_bytes(b"picture")
    let_the_file_clock_tick()
    second = start(catch_up="none")
    assert second.drained() == []
    (old / "new.jpg").write_bytes(b"picture")
    assert second.next() == "in/new.jpg"


def test_none_takes_what_came_while_the_configuration_was_read_again(
    old: Path, start: Start
) -> None:
    acquaintance = Acquaintance()
    first = start(catch_up="none", acquaintance=acquaintance)
    assert first.drained() == []
    first.watcher.stop()
    (old / "between.jpg").write_bytes(b"picture")
    let_the_file_clock_tick()
    second = start(catch_up="none", acquaintance=acquaintance)
    assert second.drained() == ["in/between.jpg"]


def test_none_takes_it_even_if_the_first_configuration_did_not_get_to_know_the_folder(
    old: Path, start: Start
) -> None:
    acquaintance = Acquaintance()
    start(catch_up="none", acquaintance=acquaintance).watcher.stop()
    (old / "between.jpg").write_bytes(b"picture")
    let_the_file_clock_tick()
    assert start(catch_up="none", acquaintance=acquaintance).drained() == ["in/between.jpg"]


def test_none_leaves_alone_what_only_other_rules_take(old: Path, start: Start) -> None:
    acquaintance = Acquaintance()
    first = start(catch_up="none", acquaintance=acquaintance, include=("*.png",))
    assert first.drained() == []
    first.watcher.stop()
    assert start(catch_up="none", acquaintance=acquaintance).drained() == []


def test_none_leaves_alone_what_came_while_a_folder_was_not_watched(
    old: Path, base: Path, start: Start
) -> None:
    acquaintance = Acquaintance()
    first = start(catch_up="none", acquaintance=acquaintance)
    assert first.drained() == []
    first.watcher.stop()
    (base / "other").mkdir()
    other = Watch(path=str(base / "other"))
    start(other, catch_up="none", acquaintance=acquaintance).watcher.stop()
    (old / "between.jpg").write_bytes(b"picture")
    let_the_file_clock_tick()
    assert start(catch_up="none", acquaintance=acquaintance).drained() == []


def test_a_watch_can_decide_for_itself(old: Path, start: Start) -> None:
    watch = Watch(path=str(old), catch_up="all")
    assert start(watch, catch_up="none").drained() == ["in/old.jpg", "in/trip/old.jpg"]


def test_a_watch_without_new_names_remembers_only_what_it_would_take(
    old: Path, start: Start, memory: Notebook
) -> None:
    (old / "old.txt").write_bytes(b"text")
    let_the_file_clock_tick()
    assert start(include=("*.jpg",)).drained() == []
    assert {Path(path).suffix for path, *_ in memory.states} == {".jpg"}


def test_files_that_arrive_while_the_old_ones_are_listed_are_not_lost(
    old: Path, base: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "HEARD_SECONDS", 0.7)
    for number in range(300):
        (old / f"{number}.jpg").write_bytes(b"picture")
    (base / "moved").mkdir()
    (base / "moved" / "with its old date.jpg").write_bytes(b"picture")
    let_the_file_clock_tick()
    watched = start()
    (base / "moved").rename(old / "moved")
    expected = {"in/moved/with its old date.jpg"}
    for number in range(50):
        (old / f"new-{number}.jpg").write_bytes(b"picture")
        expected.add(f"in/new-{number}.jpg")
    assert watched.some(len(expected)) == expected
    assert watched.drained() == []


def test_a_download_that_was_under_way_at_the_first_start_is_taken(old: Path, start: Start) -> None:
    with open(old / "x.jpg", "wb") as file:
        file.write(b"all its bytes")
        file.flush()
        let_the_file_clock_tick()
        watched = start()
        assert watched.so_far() == []
    assert watched.next() == "in/x.jpg"


def test_renaming_a_folder_does_not_make_old_files_new(old: Path, start: Start) -> None:
    watched = start()
    assert watched.drained() == []
    (old / "trip").rename(old / "holiday")
    assert watched.all_so_far() == []
    watched.watcher.stop()
    assert start().drained() == []


def test_a_folder_that_appears_later_is_taken_as_new(base: Path, start: Start) -> None:
    watched = start()
    assert watched.drained() == []
    (base / "in").mkdir()
    (base / "in" / "x.jpg").write_bytes(b"picture")
    assert watched.next() == "in/x.jpg"


def test_a_disk_of_old_files_that_is_plugged_in_later_is_left_alone(
    old: Path, base: Path, start: Start
) -> None:
    old.rename(base / "not plugged in")
    let_the_file_clock_tick()
    watched = start()
    assert watched.drained() == []
    (base / "not plugged in").rename(old)
    while watched.state() != "watched":
        let_the_file_clock_tick()
    assert watched.all_so_far() == []


def test_a_disk_that_is_unplugged_while_it_is_listed_is_listed_anew(
    old: Path, base: Path, start: Start, memory: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "HEARD_SECONDS", 0.3)
    watched = start()
    old.rename(base / "unplugged")
    assert watched.drained() == []
    time.sleep(0.4)
    assert memory.roots == set()
    (base / "unplugged").rename(old)
    eventually(lambda: watched.state() == "watched")
    assert watched.drained() == []
    assert memory.roots == {str(old)}
    watched.watcher.rescan()
    assert watched.drained() == []
