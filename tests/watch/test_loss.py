"""Events that get lost, for real, and watchdog's own accidents."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from pathlib import Path

import pytest

from tests.builders.watching import PATIENCE, Start, eventually
from unexposed.watch import watcher

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inotify's queue")

QUEUE = Path("/proc/sys/fs/inotify/max_queued_events")


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Clear it to keep the kernel's queue from being read, set it to go on."""
    from watchdog.observers.inotify_c import InotifyEvent, InotifyFD

    gate = threading.Event()
    gate.set()
    read_events = InotifyFD.read_events

    def read_when_open(self: InotifyFD) -> list[InotifyEvent]:
        events = read_events(self)
        gate.wait(PATIENCE)
        return events

    monkeypatch.setattr(InotifyFD, "read_events", read_when_open)
    return gate


def overflow(folder: Path) -> None:
    """Raise more events in a folder than the kernel queues, none of which is of a picture."""
    file, link = folder / ".file", folder / ".link"
    file.touch()
    for _ in range(int(QUEUE.read_text()) // 2 + 4096):  # watchdog takes some off at first
        os.link(file, link)
        os.unlink(link)


def test_what_an_overflow_swallowed_is_found(
    inbox: Path, start: Start, reader: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    watched = start()
    assert watched.drained() == []
    reader.clear()
    overflow(inbox)
    (inbox / "lost.jpg").write_bytes(b"picture")
    (inbox / "new" / "deep").mkdir(parents=True)
    (inbox / "new" / "deep" / "lost.jpg").write_bytes(b"picture")
    reader.set()
    assert watched.some(2) == {"in/lost.jpg", "in/new/deep/lost.jpg"}
    assert "overflowed; every watched folder is looked through again" in caplog.text
    (inbox / "new" / "deep" / "next.jpg").write_bytes(b"picture")
    assert watched.next() == "in/new/deep/next.jpg"


def test_a_folder_moved_out_replaced_and_removed_does_not_make_it_deaf(
    inbox: Path, base: Path, start: Start
) -> None:
    (inbox / "trip").mkdir()
    watched = start()
    assert watched.drained() == []
    (inbox / "trip").rename(base / "archive")
    (inbox / "trip").mkdir()
    (inbox / "trip" / "x.jpg").write_bytes(b"picture")
    assert watched.next() == "in/trip/x.jpg"
    shutil.rmtree(inbox / "trip")
    (inbox / "y.jpg").write_bytes(b"picture")
    assert watched.next() == "in/y.jpg"
    (base / "archive").rmdir()
    for name in ("1.jpg", "2.jpg"):
        (inbox / name).write_bytes(b"picture")
        assert watched.next() == f"in/{name}"
    (inbox / "trip").mkdir()
    (inbox / "trip" / "z.jpg").write_bytes(b"picture")
    assert watched.next() == "in/trip/z.jpg"


def test_a_thread_of_watchdogs_that_died_is_noticed(inbox: Path, start: Start) -> None:
    watched = start()
    assert watched.drained() == []
    observation = watched.watcher._upkeep._observation
    assert observation is not None
    observation._observer._reader.stop()  # type: ignore[attr-defined]
    eventually(lambda: watched.watcher._upkeep._observation not in {None, observation})
    (inbox / "x.jpg").write_bytes(b"picture")
    assert watched.next() == "in/x.jpg"


def test_a_rescan_finds_what_no_event_told_of(
    inbox: Path, start: Start, reader: threading.Event
) -> None:
    watched = start(rescan=0.1)
    assert watched.drained() == []
    reader.clear()
    (inbox / "x.jpg").write_bytes(b"picture")
    assert watched.next() == "in/x.jpg"
    reader.set()


def test_a_memory_that_fails_does_not_end_the_watching(
    inbox: Path, start: Start, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(watcher, "RETRY_SECONDS", 0.1)
    watched = start()
    assert watched.drained() == []
    known = watched.memory.known
    failures = iter([OSError("disk full")] * 3)

    def fail_at_first(path: str, found: object) -> bool:
        for failure in failures:
            raise failure
        return known(path, found)  # type: ignore[arg-type]

    monkeypatch.setattr(watched.memory, "known", fail_at_first)
    (inbox / "x.jpg").write_bytes(b"picture")
    assert watched.next() == "in/x.jpg"
    assert "disk full" in caplog.text
