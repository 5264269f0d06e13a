from __future__ import annotations

import os
import re
import sqlite3
import stat
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from unexposed.exposure import Outcome, Report, finding
from unexposed.ledger import Entry, Identity, Ledger, LedgerError, forgetting
from unexposed.ledger.database import FILE_NAME
from unexposed.ledger.schema import MIGRATIONS
from unexposed.outbox import Copy
from unexposed.watch.settle import state_of

DIGEST = b"\x01" * 32
REPORT = Report(format="jpeg", bytes_total=9, findings=(finding("location.gps", "EXIF GPS"),))


def file_at(path: Path, content: bytes = b"content") -> str:
    path.write_bytes(content)
    return str(path)


def identity(path: str) -> Identity:
    return Identity.of(os.stat(path))


def copy_at(path: Path) -> Copy:
    found = os.stat(file_at(path, b"clean"))
    return Copy(str(path), found.st_dev, found.st_ino, found.st_size)


def taken(ledger: Ledger, path: str) -> Entry:
    ledger.offer(path, os.path.dirname(path), "metadata")
    job = ledger.next(time.time())
    assert job is not None
    return job


def done(ledger: Ledger, path: str, copy: Copy | None = None) -> Entry:
    job = taken(ledger, path)
    ledger.finish(
        job,
        Outcome.CLEANED,
        identity=identity(path),
        digest=DIGEST,
        copy=copy,
        report=REPORT,
    )
    return job


def test_the_ledger_is_for_its_owner_alone(ledger: Ledger, tmp_path: Path) -> None:
    folder = tmp_path / "state"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / FILE_NAME).stat().st_mode) == 0o600


def test_it_writes_ahead_and_syncs_every_commit(ledger: Ledger) -> None:
    db = ledger._db
    assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert db.execute("PRAGMA synchronous").fetchone()[0] == 2


def test_a_job_is_handed_out_once(ledger: Ledger, tmp_path: Path) -> None:
    taken(ledger, file_at(tmp_path / "a.jpg"))
    assert ledger.next(time.time()) is None


def test_a_finished_file_is_known_until_it_changes(ledger: Ledger, tmp_path: Path) -> None:
    path = file_at(tmp_path / "a.jpg")
    assert not ledger.known(path, os.stat(path))
    done(ledger, path)
    assert ledger.known(path, os.stat(path))
    file_at(tmp_path / "a.jpg", b"other content")
    assert not ledger.known(path, os.stat(path))


def test_a_file_offered_while_it_is_worked_on_is_queued_again(
    ledger: Ledger, tmp_path: Path
) -> None:
    path = file_at(tmp_path / "a.jpg")
    job = taken(ledger, path)
    ledger.offer(path, str(tmp_path), "metadata")
    assert ledger.next(time.time()) is None
    ledger.finish(job, Outcome.CLEANED, identity=identity(path), digest=DIGEST)
    again = ledger.next(time.time())
    assert again is not None
    assert again.path == path


@pytest.mark.parametrize("changed", [False, True])
def test_what_took_too_long_is_done_again_at_once_only_if_it_changed(
    ledger: Ledger, tmp_path: Path, changed: bool
) -> None:
    """A look through its folder offers a file that is being worked on, too."""
    path = file_at(tmp_path / "a.jpg")
    job = taken(ledger, path)
    as_it_was = identity(path)
    if changed:
        file_at(tmp_path / "a.jpg", b"other content")
    ledger.offer(path, str(tmp_path), "metadata")
    ledger.finish(job, Outcome.HELD, identity=as_it_was, reason="it took longer than 60 seconds")
    assert (ledger.next(time.time()) is not None) is changed


def test_a_file_offered_twice_before_its_turn_is_one_job(ledger: Ledger, tmp_path: Path) -> None:
    path = file_at(tmp_path / "a.jpg")
    ledger.offer(path, str(tmp_path), "metadata")
    done(ledger, path)
    assert ledger.next(time.time()) is None


def test_what_stood_in_a_folder_before_is_remembered_and_no_job(
    ledger: Ledger, tmp_path: Path
) -> None:
    path = file_at(tmp_path / "old.jpg")
    assert ledger.first_time(str(tmp_path))
    ledger.remember(str(tmp_path), [(path, state_of(os.stat(path)))])
    assert not ledger.first_time(str(tmp_path))
    assert ledger.known(path, os.stat(path))
    assert ledger.next(time.time()) is None
    os.chmod(path, 0o600)
    assert ledger.known(path, os.stat(path))


def test_a_job_that_was_put_off_waits_and_says_for_what(ledger: Ledger, tmp_path: Path) -> None:
    path = file_at(tmp_path / "a.jpg")
    taken(ledger, path)
    now = time.time()
    assert ledger.settle(now + 10, "no room") == 1
    assert ledger.next(now) is None
    assert ledger.waiting() == now + 10
    assert [(one.path, one.reason) for one in ledger.held_up(5)] == [(path, "no room")]
    assert ledger.next(now + 11) is not None


def test_a_job_that_is_done_is_not_settled_again(ledger: Ledger, tmp_path: Path) -> None:
    done(ledger, file_at(tmp_path / "a.jpg"))
    assert ledger.settle(0, "a fault") == 0
    assert ledger.counts() == {"cleaned": 1}


def test_jobs_that_would_meet_the_same_wait_together(ledger: Ledger, tmp_path: Path) -> None:
    for name in ("a.jpg", "b.jpg"):
        ledger.offer(file_at(tmp_path / name), str(tmp_path), "metadata")
    now = time.time()
    ledger.postpone_all(now, now + 10, "no room")
    assert ledger.next(now) is None
    assert len(ledger.held_up(5)) == 2


def test_a_clock_that_is_set_back_keeps_no_job_waiting(ledger: Ledger, tmp_path: Path) -> None:
    taken(ledger, file_at(tmp_path / "a.jpg"))
    now = time.time()
    ledger.settle(now + 15, "no room")
    assert ledger.next(now - 5) is None
    assert ledger.next(now - 86_400) is not None


def test_clocks_that_jump_lose_no_job_and_do_none_twice(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a flat battery (1970), a wrong time zone, or the set of one that was far ahead."""
    now = time.time()
    path = file_at(tmp_path / "a.jpg")
    for clock in (now, 0.0, now + 30 * 365 * 86_400, now - 86_400, now):
        monkeypatch.setattr(time, "time", lambda clock=clock: clock)
        os.utime(path, (clock, clock))
        job = taken(ledger, path)
        ledger.settle(clock + 15, "no room")
        assert ledger.next(clock) is None
        job = ledger.next(clock + 16)  # type: ignore[assignment]
        assert job is not None
        ledger.finish(job, Outcome.CLEANED, identity=identity(path), digest=DIGEST)
        assert ledger.known(path, os.stat(path))
        about = ledger.about(path)
        assert about is not None
        assert about.outcome is Outcome.CLEANED
        assert ledger.next(clock + 1_000) is None
    assert len(ledger.history(10)) == 5


def test_what_is_tried_again_is_queued_once(ledger: Ledger, tmp_path: Path) -> None:
    held, kept = file_at(tmp_path / "held.jpg"), file_at(tmp_path / "kept.jpg")
    for path in (held, kept):
        ledger.finish(taken(ledger, path), Outcome.HELD, digest=DIGEST, reason="broken")
    done(ledger, file_at(tmp_path / "fine.jpg"))
    assert (ledger.retry(held), ledger.retry(held)) == (1, 0)
    assert (ledger.retry(), ledger.retry()) == (1, 0)
    assert ledger.retry(str(tmp_path / "fine.jpg")) == 0
    assert ledger.unfinished()["queued"] == 2


def test_after_a_new_start_no_job_waits(ledger: Ledger, tmp_path: Path) -> None:
    taken(ledger, file_at(tmp_path / "a.jpg"))
    now = time.time()
    ledger.settle(now + 15, "no room")
    assert ledger.recover() == 0
    assert ledger.held_up(5) == []
    assert ledger.next(now) is not None


def test_a_crash_before_the_copy_appeared_queues_the_job_again(
    ledger: Ledger, tmp_path: Path
) -> None:
    path = file_at(tmp_path / "a.jpg")
    job = taken(ledger, path)
    never = Copy(str(tmp_path / "out.jpg"), 1, 2, 3)
    ledger.publishing(job, identity(path), DIGEST, never, REPORT)
    assert ledger.recover() == 1
    again = ledger.next(time.time())
    assert again is not None
    assert ledger.last_copy(again) is None


def test_a_copy_that_could_not_be_seen_for_a_while_is_replaced_and_not_doubled(
    ledger: Ledger, tmp_path: Path
) -> None:
    path, out = file_at(tmp_path / "a.jpg"), tmp_path / "outbox" / "a.jpg"
    out.parent.mkdir()
    copy = copy_at(out)
    ledger.publishing(taken(ledger, path), identity(path), DIGEST, copy, REPORT)
    os.rename(out.parent, tmp_path / "unplugged")
    assert ledger.settle(0, "") == 1
    os.rename(tmp_path / "unplugged", out.parent)
    again = ledger.next(time.time())
    assert again is not None
    assert ledger.last_copy(again) == copy


def test_a_crash_after_the_copy_appeared_makes_no_second_one(
    ledger: Ledger, tmp_path: Path
) -> None:
    path = file_at(tmp_path / "a.jpg")
    copy = copy_at(tmp_path / "out.jpg")
    ledger.publishing(taken(ledger, path), identity(path), DIGEST, copy, REPORT)
    assert ledger.recover() == 0
    assert ledger.next(time.time()) is None
    (entry,) = ledger.history(10)
    assert (entry.outcome, entry.copy, entry.report) == (Outcome.CLEANED, copy, REPORT)


def test_history_keeps_what_became_of_earlier_content(ledger: Ledger, tmp_path: Path) -> None:
    path = file_at(tmp_path / "a.jpg")
    done(ledger, path)
    file_at(tmp_path / "a.jpg", b"second")
    done(ledger, path)
    assert [entry.path for entry in ledger.history(10)] == [path, path]
    assert ledger.counts() == {"cleaned": 1}, "a file counts once"


def test_a_file_that_was_held_back_once_is_so_no_more_when_it_is_cleaned(
    ledger: Ledger, tmp_path: Path
) -> None:
    path = file_at(tmp_path / "a.jpg")
    ledger.finish(taken(ledger, path), Outcome.HELD, reason="damaged", identity=identity(path))
    assert ledger.counts() == {"held": 1}
    done(ledger, path)
    assert ledger.counts() == {"cleaned": 1}
    assert ledger.history(10, outcomes=(Outcome.HELD,), current=True) == []
    assert len(ledger.history(10, outcomes=(Outcome.HELD,))) == 1


def test_reports_of_long_ago_are_dropped_and_outcomes_kept(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "_REPORTS", 2)
    for number in range(4):
        done(ledger, file_at(tmp_path / f"{number}.jpg"))
    ledger.forget_old_reports()
    entries = ledger.history(10)
    assert [entry.report for entry in entries] == [REPORT, REPORT, None, None]
    assert {(entry.outcome, entry.level) for entry in entries} == {(Outcome.CLEANED, REPORT.level)}


def test_a_copy_is_known_for_one_only_where_it_was_put(ledger: Ledger, tmp_path: Path) -> None:
    out = tmp_path / "out.jpg"
    done(ledger, file_at(tmp_path / "a.jpg"), copy_at(out))
    assert ledger.is_copy(str(out), identity(str(out)))
    assert not ledger.is_copy("a", identity(str(tmp_path / "a.jpg")))
    os.rename(out, tmp_path / "elsewhere.jpg")
    assert not ledger.is_copy("b", identity(str(tmp_path / "elsewhere.jpg")))


def test_an_earlier_copy_is_found_even_behind_a_held_content(
    ledger: Ledger, tmp_path: Path
) -> None:
    path = file_at(tmp_path / "a.jpg")
    copy = copy_at(tmp_path / "out.jpg")
    done(ledger, path, copy)
    ledger.finish(taken(ledger, path), Outcome.HELD, reason="damaged", identity=identity(path))
    assert ledger.last_copy(taken(ledger, path)) == copy


def test_a_renamed_file_is_found_by_what_it_is(ledger: Ledger, tmp_path: Path) -> None:
    path = file_at(tmp_path / "a.jpg")
    done(ledger, path)
    renamed = str(tmp_path / "b.jpg")
    os.rename(path, renamed)
    job = taken(ledger, renamed)
    (before,) = ledger.same_file_elsewhere(job, identity(renamed))
    ledger.unchanged(job, before, identity(renamed))
    assert ledger.known(renamed, os.stat(renamed))
    assert ledger.next(time.time()) is None


def test_names_that_are_not_utf8_are_kept_to_the_byte(ledger: Ledger, tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.jpg")
    Path(path).write_bytes(b"content")
    done(ledger, path, Copy(path, 1, 2, 3))
    (entry,) = ledger.history(1)
    assert entry.path == path
    assert entry.copy is not None
    assert entry.copy.path == path


def test_numbers_of_large_file_systems_fit(ledger: Ledger, tmp_path: Path) -> None:
    path = file_at(tmp_path / "a.jpg")
    huge = Copy("out.jpg", 2**64 - 1, 2**63 + 5, 3)
    done(ledger, path, huge)
    assert ledger.history(1)[0].copy == huge


def test_a_ledger_from_the_future_is_refused(tmp_path: Path) -> None:
    Ledger(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE_NAME) as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    db.close()
    with pytest.raises(LedgerError, match="newer unexposed"):
        Ledger(tmp_path)


def test_a_file_that_is_no_ledger_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"not a database" * 100)
    with pytest.raises(LedgerError, match=FILE_NAME):
        Ledger(tmp_path)


def test_it_survives_being_opened_again(tmp_path: Path) -> None:
    first = Ledger(tmp_path)
    done(first, file_at(tmp_path / "a.jpg"))
    first.close()
    second = Ledger(tmp_path)
    assert second.counts() == {"cleaned": 1}
    second.close()


def test_the_queries_of_every_job_need_no_walk_through_the_ledger(
    ledger: Ledger, tmp_path: Path
) -> None:
    asked: list[str] = []
    ledger._db.set_trace_callback(asked.append)
    job = taken(ledger, file_at(tmp_path / "a.jpg"))
    ledger.settle(0, "")
    ledger.recover()
    ledger.last_copy(job)
    ledger.is_copy(job.path, identity(job.path))
    ledger.forget_old_reports()
    ledger.retry(job.path)
    ledger.retry()
    ledger._db.set_trace_callback(None)
    for query in (one for one in asked if one.startswith(("SELECT", "UPDATE"))):
        for step in ledger._db.execute(f"EXPLAIN QUERY PLAN {query}").fetchall():
            assert not re.fullmatch("SCAN jobs", step["detail"]), query


def test_a_new_one_that_another_process_is_just_opening_is_waited_for(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")

    def finish() -> None:
        other.execute("ROLLBACK")
        other.close()

    later = threading.Timer(0.3, finish)
    later.start()
    Ledger(tmp_path).close()
    later.join()


def test_when_a_folder_was_met_first_outlives_a_run_that_did_not_get_to_know_it(
    tmp_path: Path,
) -> None:
    with closing(Ledger(tmp_path)) as first:
        assert first.meet("/in", 5) == 5
    with closing(Ledger(tmp_path)) as second:
        assert second.meet("/in", 9) == 5
        assert second.first_time("/in")
        second.remember("/in", [])
        assert not second.first_time("/in")


def test_a_file_that_is_no_ledger_comes_with_advice(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"not a database" * 100)
    for read_only in (False, True):
        with pytest.raises(LedgerError, match="move it away to begin a new one"):
            Ledger(tmp_path, read_only=read_only)


def test_damage_inside_is_an_error_of_the_ledger(tmp_path: Path) -> None:
    with closing(Ledger(tmp_path)) as ledger:
        done(ledger, file_at(tmp_path / "a.jpg"))
    path = tmp_path / FILE_NAME
    whole = path.read_bytes()
    with closing(Ledger(tmp_path)) as ledger:
        path.write_bytes(whole[:4096] + os.urandom(len(whole) - 4096))
        with pytest.raises(LedgerError, match=r"cannot be read: .*; move it away"):
            ledger.counts()
        with pytest.raises(LedgerError, match="cannot be written"):
            ledger.meet("/in", 5)
    with pytest.raises(LedgerError, match=r"cannot be opened: .*; move it away"):
        Ledger(tmp_path)


def test_one_that_another_holds_is_an_error_of_the_ledger(ledger: Ledger, tmp_path: Path) -> None:
    ledger._db.execute("PRAGMA busy_timeout = 10")
    with closing(sqlite3.connect(tmp_path / "state" / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="cannot be written: database is locked"):
            ledger.note("a", "b")
    ledger.note("a", "b")


def test_reading_makes_nothing_and_finds_nothing_where_there_is_none(tmp_path: Path) -> None:
    with closing(Ledger(tmp_path / "state", read_only=True)) as ledger:
        assert ledger.counts() == {}
        assert ledger.history(10) == []
    assert os.listdir(tmp_path) == []


def test_reading_leaves_nothing_behind(tmp_path: Path) -> None:
    with closing(Ledger(tmp_path)) as ledger:
        done(ledger, file_at(tmp_path / "a.jpg"))
    before = sorted(os.listdir(tmp_path))
    with closing(Ledger(tmp_path, read_only=True)) as ledger:
        assert ledger.counts() == {"cleaned": 1}
        with pytest.raises(LedgerError, match="readonly"):
            ledger.note("a", "b")
    assert sorted(os.listdir(tmp_path)) == before


def test_what_is_being_written_can_be_read(ledger: Ledger, tmp_path: Path) -> None:
    done(ledger, file_at(tmp_path / "a.jpg"))
    with closing(Ledger(tmp_path / "state", read_only=True)) as other:
        assert other.counts() == {"cleaned": 1}


def test_reading_an_older_ledger_leaves_it_as_it_is(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as db:
        for statement in MIGRATIONS[0]:
            db.execute(statement)
        db.execute("PRAGMA user_version = 1")
        db.commit()
    before = (tmp_path / FILE_NAME).read_bytes()
    with closing(Ledger(tmp_path, read_only=True)) as ledger:
        assert ledger.counts() == {}
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_a_ledger_that_was_removed_stands_no_more(ledger: Ledger, tmp_path: Path) -> None:
    assert ledger.stands()
    (tmp_path / "state" / FILE_NAME).unlink()
    assert not ledger.stands()


def test_closing_does_not_wait_for_a_thread_that_waits_for_another_process(
    tmp_path: Path,
) -> None:
    ledger = Ledger(tmp_path)
    ledger._db.execute("PRAGMA busy_timeout = 2000")
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        def write() -> None:
            with pytest.raises(LedgerError):
                ledger.note("a", "b")

        writer = threading.Thread(target=write)
        writer.start()
        time.sleep(0.1)
        started = time.monotonic()
        ledger.close()
        assert time.monotonic() - started < 1
        writer.join()
    ledger.close()
