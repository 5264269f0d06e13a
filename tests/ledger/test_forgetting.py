from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from unexposed.exposure import Outcome, Report, finding
from unexposed.ledger import Copies, Entry, Identity, Ledger, Made
from unexposed.outbox import Copy

SERIAL, PLACE = "F2LX0123456", "38.72260, -9.13920"
REPORT = Report(
    format="jpeg",
    bytes_total=9,
    findings=(
        finding("device.serial", "EXIF", SERIAL),
        finding("location.gps", "EXIF GPS", PLACE, place="in Lisbon, Portugal"),
    ),
)
NAME = "holiday-with-anna.jpg"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def ledger(state: Path) -> Iterator[Ledger]:
    with closing(Ledger(state)) as opened:
        yield opened


@pytest.fixture
def photo(tmp_path: Path) -> str:
    path = tmp_path / NAME
    path.write_bytes(b"content")
    return str(path)


def done(ledger: Ledger, path: str, outcome: Outcome = Outcome.CLEANED) -> Entry:
    ledger.offer(path, os.path.dirname(path), "metadata")
    job = ledger.next(time.time())
    assert job is not None
    output = Path(path).parent / "out" / os.path.basename(path)
    output.parent.mkdir(exist_ok=True)
    output.write_bytes(b"clean")
    found = output.stat()
    ledger.finish(
        job,
        outcome,
        identity=Identity.of(os.stat(path)),
        digest=b"\x01" * 32,
        reason="because of Anna" if outcome is Outcome.HELD else "",
        copy=Copy(str(output), found.st_dev, found.st_ino, found.st_size),
        report=REPORT,
    )
    return job


def bytes_in(state: Path) -> bytes:
    """All that stands in the database's files, the log of what is not yet merged among them."""
    return b"".join(path.read_bytes() for path in sorted(state.iterdir()))


def test_what_is_forgotten_is_in_none_of_the_databases_files(
    ledger: Ledger, state: Path, photo: str
) -> None:
    done(ledger, photo, Outcome.HELD)
    told = (SERIAL.encode(), PLACE.encode(), NAME.encode(), b"because of Anna", b"Lisbon")
    assert all(one in bytes_in(state) for one in told)
    assert ledger.forget(photo) == (1, True)
    assert [one for one in told if one in bytes_in(state)] == []


def test_all_of_many_files_is_gone_and_nothing_of_it_left_between_the_rows(
    ledger: Ledger, state: Path, tmp_path: Path
) -> None:
    for number in range(200):
        path = tmp_path / f"{number}-{NAME}"
        path.write_bytes(b"content")
        done(ledger, str(path))
    assert ledger.forget() == (200, True)
    assert [one for one in (SERIAL, PLACE, NAME) if one.encode() in bytes_in(state)] == []
    assert ledger.history(10) == []


def test_a_forgotten_file_is_still_known_so_that_it_is_not_done_again(
    ledger: Ledger, photo: str
) -> None:
    done(ledger, photo)
    ledger.forget(photo)
    assert ledger.known(photo, os.stat(photo))
    assert ledger.about(photo) is None
    assert ledger.counts() == {"cleaned": 1}


def test_a_forgotten_file_is_still_known_after_it_was_renamed_and_its_new_name_not_told(
    ledger: Ledger, state: Path, photo: str
) -> None:
    done(ledger, photo)
    ledger.forget(photo)
    moved = f"{photo}-moved.jpg"
    os.rename(photo, moved)
    ledger.offer(moved, os.path.dirname(moved), "metadata")
    job = ledger.next(time.time())
    assert job is not None
    (before,) = ledger.same_file_elsewhere(job, Identity.of(os.stat(moved)))
    assert not os.path.lexists(before.path)
    ledger.unchanged(job, before, Identity.of(os.stat(moved)))
    assert ledger.known(moved, os.stat(moved))
    assert ledger.history(10) == []


def test_its_copy_is_still_known_as_one(ledger: Ledger, photo: str, tmp_path: Path) -> None:
    done(ledger, photo)
    ledger.forget(photo)
    copy = str(tmp_path / "out" / NAME)
    assert ledger.is_copy(copy, Identity.of(os.stat(copy)))
    assert not ledger.is_copy(photo, Identity.of(os.stat(copy)))


def test_a_file_can_be_forgotten_by_the_name_of_its_copy(
    ledger: Ledger, photo: str, tmp_path: Path
) -> None:
    done(ledger, photo)
    assert ledger.about(str(tmp_path / "out" / NAME)) == ledger.about(photo)
    assert ledger.forget(str(tmp_path / "out" / NAME))[0] == 1
    assert ledger.about(photo) is None


def test_forgetting_one_file_leaves_the_others(ledger: Ledger, photo: str, tmp_path: Path) -> None:
    other = tmp_path / "other.jpg"
    other.write_bytes(b"other")
    done(ledger, photo)
    done(ledger, str(other))
    ledger.forget(photo)
    assert [one.path for one in ledger.history(10)] == [str(other)]
    assert ledger.forget("nowhere.jpg")[0] == 0


def test_a_forgotten_file_that_is_saved_again_is_done_and_told_again(
    ledger: Ledger, photo: str
) -> None:
    done(ledger, photo)
    ledger.forget(photo)
    Path(photo).write_bytes(b"another content")
    assert not ledger.known(photo, os.stat(photo))
    done(ledger, photo)
    assert [one.path for one in ledger.history(10)] == [photo]
    assert ledger.forget(photo)[0] == 1


def test_what_it_was_earlier_is_forgotten_with_it(ledger: Ledger, state: Path, photo: str) -> None:
    done(ledger, photo)
    Path(photo).write_bytes(b"another content")
    done(ledger, photo)
    ledger.forget(photo)
    assert SERIAL.encode() not in bytes_in(state)


def test_reports_of_long_ago_leave_the_files_and_what_became_of_them_stays(
    ledger: Ledger, state: Path, photo: str
) -> None:
    done(ledger, photo)
    ledger.forget_old_reports(time.time() - 60)
    assert SERIAL.encode() in bytes_in(state)
    ledger.forget_old_reports(time.time() + 1)
    assert SERIAL.encode() not in bytes_in(state)
    (entry,) = ledger.history(10)
    assert (entry.path, entry.outcome, entry.report) == (photo, Outcome.CLEANED, None)
    assert ledger.known(photo, os.stat(photo))


def test_values_can_be_left_out_and_the_kinds_stay(ledger: Ledger, state: Path, photo: str) -> None:
    ledger.keep_values = False
    job = done(ledger, photo)
    ledger.amend(job, REPORT)
    assert [one for one in (SERIAL, PLACE, "Lisbon") if one.encode() in bytes_in(state)] == []
    (entry,) = ledger.history(10)
    assert entry.report is not None
    assert [(one.kind, one.where, one.level) for one in entry.report.findings] == [
        (one.kind, one.where, one.level) for one in REPORT.findings
    ]
    assert entry.level is REPORT.level


def test_many_files_are_forgotten_with_the_database_written_anew_once(
    ledger: Ledger, tmp_path: Path
) -> None:
    paths = [str(tmp_path / f"{number}.jpg") for number in range(5)]
    for path in paths:
        Path(path).write_bytes(b"content")
        done(ledger, path)
    statements: list[str] = []
    ledger._db.set_trace_callback(statements.append)
    assert ledger.forget(*paths[:3], str(tmp_path / "unknown.jpg")) == (3, True)
    assert statements.count("VACUUM") == 1
    assert {entry.path for entry in ledger.history(10)} == set(paths[3:])


def noted(photo: str, copies: Copies) -> None:
    identity = Identity.of(os.stat(photo))
    copies.announce(
        Made(path=photo, outbox="/out", rules=b"", identity=identity, finished=True, report=REPORT)
    )


def test_what_the_command_clean_noted_goes_too(ledger: Ledger, state: Path, photo: str) -> None:
    with closing(Copies(state)) as copies:
        noted(photo, copies)
    assert NAME.encode() in bytes_in(state)
    assert ledger.forget(photo) == (1, True)
    assert NAME.encode() not in bytes_in(state)


def test_the_command_clean_can_leave_values_out_too(state: Path, photo: str) -> None:
    with closing(Copies(state, keep_values=False)) as copies:
        noted(photo, copies)
        made = copies.of(photo, "/out")
    assert made is not None
    assert made.report is not None
    assert {one.value for one in made.report.findings} == {""}
