"""The watched folders themselves: gone, back, renamed, unreadable, overlapping, left out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.watching import Start, eventually
from unexposed.config.settings import Watch
from unexposed.watch.roots import Found

NOBODY = 65534


def put(folder: Path, name: str = "x.jpg") -> None:
    (folder / name).write_bytes(b"picture")


def test_a_missing_folder_is_waited_for_and_picked_up(base: Path, start: Start) -> None:
    watched = start(Watch(path=str(base / "not" / "yet")))
    assert watched.drained() == []
    assert watched.state() == "missing"
    (base / "not" / "yet").mkdir(parents=True)
    put(base / "not" / "yet")
    assert watched.next() == "not/yet/x.jpg"
    assert watched.state() == "watched"


def test_a_folder_is_made_where_the_watch_says_so(base: Path, start: Start) -> None:
    watched = start(Watch(path=str(base / "to" / "share"), create=True))
    assert watched.state() == "watched"
    put(base / "to" / "share")
    assert watched.next() == "to/share/x.jpg"


def test_a_file_where_the_folder_should_be_is_no_folder(base: Path, start: Start) -> None:
    put(base, "in")
    watched = start()
    assert watched.drained() == []
    assert watched.state() == "missing"
    (base / "in").unlink()
    (base / "in").mkdir()
    put(base / "in")
    assert watched.next() == "in/x.jpg"


@pytest.mark.parametrize("recursive", [True, False])
def test_a_deleted_folder_is_picked_up_when_it_is_made_again(
    inbox: Path, start: Start, recursive: bool
) -> None:
    watched = start(recursive=recursive)
    for turn in range(5):
        put(inbox, f"{turn}.jpg")
        assert watched.next() == f"in/{turn}.jpg"
        shutil.rmtree(inbox)
        if turn % 2:
            eventually(lambda: watched.state() == "missing")
        inbox.mkdir()
    put(inbox, "last.jpg")
    assert watched.next() == "in/last.jpg"


def test_a_folder_that_was_replaced_is_looked_through(
    inbox: Path, base: Path, start: Start
) -> None:
    (base / "other" / "deep").mkdir(parents=True)
    put(base / "other" / "deep")
    watched = start()
    assert watched.drained() == []
    inbox.rename(base / "away")
    (base / "other").rename(inbox)
    assert watched.next() == "in/deep/x.jpg"


def test_a_renamed_folder_is_watched_no_longer(inbox: Path, base: Path, start: Start) -> None:
    watched = start()
    assert watched.drained() == []
    inbox.rename(base / "away")
    put(base / "away", "same.jpg")
    eventually(lambda: watched.state() == "missing")
    inbox.mkdir()
    eventually(lambda: watched.state() == "watched")
    with open(inbox / "same.jpg", "wb") as file:
        file.write(b"half")
        file.flush()
        put(base / "away", "same.jpg")
        if sys.platform == "linux":
            assert watched.so_far() == []
    assert watched.next() == "in/same.jpg"
    put(base / "away", "other.jpg")
    assert watched.all_so_far() == []


def test_a_renamed_folder_above_the_watched_one_is_noticed(base: Path, start: Start) -> None:
    (base / "above" / "in").mkdir(parents=True)
    watched = start(Watch(path=str(base / "above" / "in")))
    assert watched.drained() == []
    (base / "above").rename(base / "away")
    eventually(lambda: watched.state() == "missing")
    (base / "away").rename(base / "above")
    put(base / "above" / "in")
    assert watched.next() == "above/in/x.jpg"


def test_a_watched_folder_may_be_a_link_and_may_be_pointed_elsewhere(
    inbox: Path, base: Path, start: Start
) -> None:
    (base / "disk 1").mkdir()
    (base / "disk 2").mkdir()
    link = base / "link"
    link.symlink_to("disk 1")
    watched = start(Watch(path=str(link)))
    put(base / "disk 1")
    assert watched.next() == "link/x.jpg"
    put(base / "disk 2", "y.jpg")
    link.unlink()
    link.symlink_to("disk 2")
    assert watched.next() == "link/y.jpg"
    put(base / "disk 1", "z.jpg")
    assert watched.all_so_far("link") == []


def test_a_watched_folder_may_be_moved_and_linked_to(inbox: Path, base: Path, start: Start) -> None:
    watched = start()
    assert watched.drained() == []
    inbox.rename(base / "disk")
    inbox.symlink_to("disk")
    put(inbox)
    assert watched.next() == "in/x.jpg"
    put(inbox, "y.jpg")
    assert watched.next() == "in/y.jpg"


def test_an_outbox_inside_a_watched_folder_is_never_fed_back(inbox: Path, start: Start) -> None:
    outbox = inbox / "clean"
    watched = start(excluded=(outbox,))
    assert watched.drained() == []
    (outbox / "trip").mkdir(parents=True)
    put(outbox)
    put(outbox / "trip")
    watched.watcher.rescan()
    assert watched.all_so_far() == []
    outbox.rename(inbox / "not the outbox any more")
    assert watched.some(2) == {
        "in/not the outbox any more/x.jpg",
        "in/not the outbox any more/trip/x.jpg",
    }


def test_an_outbox_that_is_reached_by_a_link_is_never_fed_back(
    inbox: Path, base: Path, start: Start
) -> None:
    (inbox / "clean").mkdir()
    (base / "link").symlink_to("in")
    watched = start(excluded=(base / "link" / "clean",))
    put(inbox / "clean")
    watched.watcher.rescan()
    assert watched.all_so_far() == []


def test_a_folder_in_the_outbox_cannot_be_watched(inbox: Path, start: Start) -> None:
    watched = start(Watch(path=str(inbox / "clean"), create=True), excluded=(inbox,))
    put(inbox / "clean")
    assert watched.drained() == []
    assert watched.state() == "excluded"


def test_where_watches_overlap_the_deepest_decides(inbox: Path, start: Start) -> None:
    (inbox / "share" / "deep").mkdir(parents=True)
    outer = Watch(path=str(inbox))
    inner = Watch(path=str(inbox / "share"), policy="strict", ignore=("draft*",))
    watched = start(outer, inner)
    files = ("x.jpg", "share/x.jpg", "share/deep/x.jpg", "share/draft.jpg")
    for name in files:
        put(inbox, name)
    assert sorted(watched.all_so_far()) == sorted(f"in/{name}" for name in files[:3])
    assert watched.by["in/x.jpg"] is outer
    assert watched.by["in/share/x.jpg"] is inner
    assert watched.by["in/share/deep/x.jpg"] is inner


def test_below_a_watch_that_is_not_recursive_the_enclosing_one_decides(
    inbox: Path, start: Start
) -> None:
    (inbox / "share" / "deep").mkdir(parents=True)
    put(inbox / "share" / "deep", "old.jpg")
    outer = Watch(path=str(inbox))
    inner = Watch(path=str(inbox / "share"), recursive=False)
    watched = start(inner, outer, everything=True)
    put(inbox / "share")
    put(inbox / "share" / "deep")
    assert watched.some(3) == {"in/share/x.jpg", "in/share/deep/x.jpg", "in/share/deep/old.jpg"}
    assert watched.by["in/share/x.jpg"] is inner
    assert watched.by["in/share/deep/x.jpg"] is outer
    assert watched.by["in/share/deep/old.jpg"] is outer
    assert watched.all_so_far() == []


def test_a_folder_that_is_watched_twice_gives_each_file_once(
    inbox: Path, base: Path, start: Start
) -> None:
    (base / "link").symlink_to("in")
    first, second = Watch(path=str(inbox)), Watch(path=str(base / "link"))
    watched = start(first, second)
    put(inbox)
    assert watched.next() == "in/x.jpg"
    assert watched.all_so_far() == []
    assert [watched.state(0), watched.state(1)] == ["watched", "duplicate"]


def test_a_deeper_watched_folder_that_is_removed_and_made_again_decides_again(
    inbox: Path, start: Start
) -> None:
    (inbox / "share").mkdir()
    outer, inner = Watch(path=str(inbox)), Watch(path=str(inbox / "share"))
    watched = start(outer, inner)
    put(inbox / "share")
    assert watched.next() == "in/share/x.jpg"
    shutil.rmtree(inbox / "share")
    eventually(lambda: watched.state(1) == "missing")
    (inbox / "share").mkdir()
    eventually(lambda: watched.state(1) == "watched")
    put(inbox / "share", "y.jpg")
    assert watched.next() == "in/share/y.jpg"
    assert watched.by["in/share/y.jpg"] is inner
    assert watched.all_so_far() == []


@pytest.fixture
def start_unprivileged(base: Path, start: Start) -> Iterator[Start]:
    """Start a Watcher as somebody whom rights keep out of folders, as root they do not."""
    if os.geteuid() != 0:
        yield start
        return
    above = [base, *base.parents]
    modes = {folder: folder.stat().st_mode & 0o7777 for folder in above}
    closed = {folder: mode for folder, mode in modes.items() if mode & 0o011 != 0o011}
    for folder, mode in closed.items():
        folder.chmod(mode | 0o011)
    for folder, folders, _ in os.walk(base):
        for path in (folder, *(os.path.join(folder, name) for name in folders)):
            os.chown(path, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    try:
        yield start
    finally:
        os.seteuid(0)
        for folder, mode in closed.items():
            folder.chmod(mode)


def warnings_about(path: Path, caplog: pytest.LogCaptureFixture) -> int:
    return sum(
        record.levelname == "WARNING" and repr(str(path)) in record.getMessage()
        for record in caplog.records
    )


def test_an_unreadable_folder_is_told_of_once_and_picked_up_when_it_can_be_read(
    inbox: Path, start_unprivileged: Start, caplog: pytest.LogCaptureFixture
) -> None:
    os.chmod(inbox, 0)
    watched = start_unprivileged()
    assert watched.drained() == []
    assert watched.state() == "unreadable"
    time.sleep(0.3)
    assert warnings_about(inbox, caplog) == 1
    os.chmod(inbox, 0o700)
    put(inbox)
    assert watched.next() == "in/x.jpg"
    os.chmod(inbox, 0)
    eventually(lambda: watched.state() == "unreadable")
    os.chmod(inbox, 0o700)
    put(inbox, "y.jpg")
    assert watched.next() == "in/y.jpg"


def test_an_unreadable_folder_in_a_watched_one_keeps_nothing_else_back(
    inbox: Path, start_unprivileged: Start, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("a", "closed", "locked"):
        (inbox / name).mkdir()
    os.chmod(inbox / "closed", 0)
    os.chmod(inbox / "locked", 0)
    watched = start_unprivileged()
    put(inbox / "a")
    assert watched.next() == "in/a/x.jpg"
    watched.watcher.rescan()
    assert watched.all_so_far() == []
    assert watched.state() == "watched"
    assert warnings_about(inbox / "closed", caplog) == 1
    assert warnings_about(inbox / "locked", caplog) == 1
    for name in ("closed", "locked"):
        os.chmod(inbox / name, 0o700)


@pytest.mark.skipif(sys.platform != "linux", reason="inotify's limits")
@pytest.mark.parametrize(("limit", "left"), [("watches", 10), ("watches", 0), ("instances", 0)])
def test_where_the_system_has_no_watches_left_the_folder_is_looked_through(
    base: Path, limit: str, left: int
) -> None:
    for number in range(30):
        (base / "in" / str(number)).mkdir(parents=True)
    script = """
        import logging, sys, threading, time
        from pathlib import Path
        from tests.builders.watching import Notebook, Watched
        from unexposed.config.settings import Watch, Watching
        from unexposed.watch import Watcher

        logging.basicConfig(format="%(message)s")
        base, memory = Path(sys.argv[1]), Notebook()
        seen = Watched(base, memory)
        watches = [Watch(path=str(base / "in"))]
        seen.watcher = Watcher(watches, Watching(rescan_seconds=0.3), (), memory, seen.on_file)
        seen.watcher.start()
        (base / "in" / "at once.jpg").write_bytes(b"picture")
        print(seen.next())
        (base / "in" / "29" / "later.jpg").write_bytes(b"picture")
        (base / "in" / "1" / "later.jpg").write_bytes(b"picture")
        print(*sorted(seen.some(2)))
        print(seen.state())
        seen.watcher.stop()
    """
    limited = f'echo {left} > /proc/sys/user/max_inotify_{limit} && exec "$@"'
    inside = ["unshare", "--user", "--map-root-user", "sh", "-c", limited, "sh"]
    if subprocess.run([*inside, "true"], capture_output=True, check=False).returncode:
        assert not os.environ.get("CI"), "no user namespace in which to lower the limit"
        pytest.skip("no user namespace in which to lower the limit")
    done = subprocess.run(
        [*inside, sys.executable, "-c", textwrap.dedent(script), str(base)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "in/at once.jpg\nin/1/later.jpg in/29/later.jpg\npolled\n", done.stderr
    assert done.stderr.count(f"fs.inotify.max_user_{limit}") == 1


def test_what_was_found_is_kept_small_and_given_back_as_it_was() -> None:
    found = Found()
    states = [(2**64 - 1, 2**63, 5, -1, 7), (1, 2, 3, 4, 5), (0, 0, 0, 0, 0)]
    for path, state in zip(("/in/a/x.jpg", "/in/b/x.jpg", "/in/c.jpg"), states, strict=True):
        found.add(path, state)
    assert list(found) == [
        ("/in/a/x.jpg", states[0]),
        ("/in/b/x.jpg", states[1]),
        ("/in/c.jpg", states[2]),
    ]
    assert list(found.without({"/in/a", "/in/c.jpg"})) == [("/in/b/x.jpg", states[1])]


def test_a_hundred_thousand_files_that_were_there_take_a_few_megabytes() -> None:
    found = Found()
    tracemalloc.start()
    for number in range(10_000):
        found.add(f"/home/anna/Pictures/IMG_{number:06}.jpg", (1, number << 40, 2, 3, 4))
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size < 10_000 * 200
