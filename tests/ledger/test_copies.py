from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from unexposed.exposure import Outcome, Report, Span, finding
from unexposed.ledger import Copies, Identity, Ledger, LedgerError, Made
from unexposed.ledger.database import FILE_NAME
from unexposed.ledger.schema import MIGRATIONS
from unexposed.outbox import Copy

OUTBOX = "/outbox"
REPORT = Report(
    format="jpeg",
    bytes_total=9,
    findings=(finding("location.gps", "EXIF GPS", "38.7, -9.1"),),
    spans=(Span(0, 9, "picture", "scan", "kept"),),
    bytes_kept=9,
)


@pytest.fixture
def copies(tmp_path: Path) -> Iterator[Copies]:
    opened = Copies(tmp_path / "state")
    yield opened
    opened.close()


def copy_at(path: Path) -> Copy:
    path.write_bytes(b"clean")
    found = path.stat()
    return Copy(str(path), found.st_dev, found.st_ino, found.st_size)


def made_at(path: Path, source: str = "/photos/a.jpg", **rest: object) -> Made:
    """What is known of a copy once it stands."""
    known = Made(
        path=source,
        outbox=OUTBOX,
        rules=b"rules",
        identity=Identity(1, 2, 3, 4, 5),
        copy=copy_at(path),
        finished=True,
        report=REPORT,
    )
    return msgspec.structs.replace(known, **rest)


def test_what_is_finished_is_known_to_the_next_run(tmp_path: Path) -> None:
    made = made_at(tmp_path / "a.jpg", source=os.fsdecode(b"/photos/\xff.jpg"))
    first = Copies(tmp_path)
    first.finish(made)
    first.close()
    second = Copies(tmp_path)
    known = second.of(made.path, OUTBOX)
    assert second.of(made.path, "/another outbox") is None
    second.close()
    assert known is not None
    assert known.report is not None
    assert known == msgspec.structs.replace(made, report=known.report)
    assert (known.report.findings, known.report.spans) == (REPORT.findings, ())


def test_a_copy_that_never_appeared_is_not_known(copies: Copies, tmp_path: Path) -> None:
    made = made_at(tmp_path / "a.jpg", finished=False)
    os.unlink(tmp_path / "a.jpg")
    copies.announce(made)
    assert copies.of(made.path, OUTBOX) is None


def test_a_copy_that_appeared_just_before_a_crash_is_known_as_not_finished(
    copies: Copies, tmp_path: Path
) -> None:
    made = made_at(tmp_path / "a.jpg", finished=False)
    copies.announce(made)
    known = copies.of(made.path, OUTBOX)
    assert known is not None
    assert not known.finished
    assert known.copy == made.copy


def test_the_copy_before_counts_when_its_replacement_never_appeared(
    copies: Copies, tmp_path: Path
) -> None:
    first = made_at(tmp_path / "a.jpg")
    assert first.copy is not None
    copies.finish(first)
    gone = msgspec.structs.replace(first.copy, ino=first.copy.ino + 1)
    copies.announce(msgspec.structs.replace(first, copy=gone, finished=False))
    known = copies.of(first.path, OUTBOX)
    assert known is not None
    assert known.copy == first.copy


def test_a_file_that_needed_no_copy_is_known_without_one(copies: Copies, tmp_path: Path) -> None:
    made = made_at(tmp_path / "a.jpg", copy=None, outcome=Outcome.SKIPPED, reason="harmless")
    copies.finish(made)
    copies.announce(made_at(tmp_path / "b.jpg", source="/photos/b.jpg"))
    known = copies.of(made.path, OUTBOX)
    assert known is not None
    assert (known.copy, known.outcome, known.reason) == (None, Outcome.SKIPPED, "harmless")


def test_one_commit_writes_an_announcement_and_all_that_was_finished(
    copies: Copies, tmp_path: Path
) -> None:
    for name in "abc":
        copies.finish(made_at(tmp_path / name, source=f"/photos/{name}"))
    with sqlite3.connect(tmp_path / "state" / FILE_NAME) as db:
        assert db.execute("SELECT COUNT(*) FROM copies").fetchone() == (0,)
        copies.announce(made_at(tmp_path / "d", source="/photos/d"))
        assert db.execute("SELECT COUNT(*) FROM copies").fetchone() == (4,)
    db.close()


def test_nothing_piles_up_where_no_copy_is_made(copies: Copies, tmp_path: Path) -> None:
    for number in range(200):
        copies.finish(made_at(tmp_path / "a", source=f"/photos/{number}", copy=None))
    assert len(copies._finished) < 64


def test_a_file_keeps_one_row_however_often_it_is_done(copies: Copies, tmp_path: Path) -> None:
    for _ in range(5):
        made = made_at(tmp_path / "a.jpg")
        copies.announce(msgspec.structs.replace(made, finished=False))
        copies.finish(made)
    copies.announce(made_at(tmp_path / "b.jpg", source="/photos/b.jpg"))
    assert len(copies._rows("SELECT 1 FROM copies WHERE path = ?", (made.path,))) == 1


def test_the_daemon_may_be_at_work_on_the_same_ledger(copies: Copies, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "state")

    def arrive() -> None:
        for number in range(100):
            ledger.offer(f"/in/{number}", "/in", "metadata")

    daemon = threading.Thread(target=arrive)
    daemon.start()
    for number in range(100):
        copies.announce(made_at(tmp_path / "a.jpg", source=f"/photos/{number}"))
    daemon.join()
    assert ledger.counts() == {"queued": 100}
    assert len(copies._rows("SELECT 1 FROM copies")) == 100
    ledger.close()


def test_a_ledger_of_the_first_version_gets_the_list_and_keeps_its_jobs(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / FILE_NAME)
    for statement in MIGRATIONS[0]:
        db.execute(statement)
    db.execute(
        "INSERT INTO jobs (path, root, policy, current, state) VALUES ('a', '', '', 1, 'queued')"
    )
    db.execute("PRAGMA user_version = 1")
    db.commit()
    db.close()
    copies = Copies(tmp_path)
    assert copies.of("/photos/a.jpg", OUTBOX) is None
    copies.close()
    ledger = Ledger(tmp_path)
    assert ledger.counts() == {"queued": 1}
    ledger.close()


def test_a_list_that_cannot_be_written_says_so(copies: Copies, tmp_path: Path) -> None:
    copies._db.execute("PRAGMA query_only = ON")
    with pytest.raises(LedgerError, match="cannot be written"):
        copies.announce(made_at(tmp_path / "a.jpg"))
    copies._db.execute("PRAGMA query_only = OFF")
    copies.announce(made_at(tmp_path / "a.jpg"))


class Crowd:
    """Threads that announce copies while the first one's commit takes its time."""

    def __init__(self, copies: Copies, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.commits: list[int] = []
        """How many copies each commit announced."""
        self.failures = 0
        """So many commits fail, of those behind the first."""
        self.refused: list[str] = []
        """What those were told whose commit failed."""
        self._copies = copies
        self._folder = folder
        self._write = copies._write
        self._first_is_at_it = threading.Event()
        self._all_wait = threading.Event()
        monkeypatch.setattr(copies, "_write", self._slowly)

    def come(self, number: int) -> None:
        first, *others = [
            threading.Thread(target=self._announce, args=(one,)) for one in range(number)
        ]
        first.start()
        assert self._first_is_at_it.wait(20)
        for thread in others:
            thread.start()
        while self._copies._announced.qsize() < number - 1:
            time.sleep(0.001)
        self._all_wait.set()
        for thread in (first, *others):
            thread.join()

    def _announce(self, number: int) -> None:
        try:
            self._copies.announce(made_at(self._folder / f"{number}.jpg", source=f"/{number}.jpg"))
        except LedgerError as problem:
            self.refused.append(str(problem))

    def _slowly(self, *announced: Made) -> None:
        self._first_is_at_it.set()
        assert self._all_wait.wait(20)
        if self.commits and self.failures:
            self.failures -= 1
            raise LedgerError("the disk is full")
        self.commits.append(len(announced))
        self._write(*announced)


def test_those_who_wait_for_a_commit_share_the_next(
    copies: Copies, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd = Crowd(copies, tmp_path, monkeypatch)
    crowd.come(6)
    assert crowd.commits == [1, 5]
    assert all(copies.of(f"/{number}.jpg", OUTBOX) for number in range(6))


def test_a_commit_that_fails_is_told_to_one_and_tried_by_the_others(
    copies: Copies, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd = Crowd(copies, tmp_path, monkeypatch)
    crowd.failures = 1
    crowd.come(6)
    assert crowd.refused == ["the disk is full"]
    noted = [number for number in range(6) if copies.of(f"/{number}.jpg", OUTBOX)]
    assert len(noted) == 5
