from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from unexposed.exposure import Outcome, Report, finding
from unexposed.ledger import Ledger
from unexposed.notify import LOW, week, week_in_review
from unexposed.outbox import Copy

DAY = 86_400.0
PLACE = finding("location.gps", "EXIF GPS", "38.72260, -9.13920", removed=True)
AUTHOR = finding("person.author", "EXIF", "Anna", removed=True)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(Ledger(tmp_path)) as made:
        yield made


def finish(
    ledger: Ledger, name: str, *found: object, outcome: Outcome = Outcome.CLEANED, reason: str = ""
) -> None:
    ledger.offer(f"/in/{name}", "/in", "metadata")
    job = ledger.next(time.time())
    assert job is not None
    report = Report(format="jpeg", bytes_total=1, findings=found)  # type: ignore[arg-type]
    copy = Copy(f"/out/2026/{name}", 1, 1, 1) if outcome is Outcome.CLEANED else None
    ledger.finish(job, outcome, report=report, copy=copy, reason=reason)


def begun(ledger: Ledger, days_ago: float) -> None:
    ledger.note(week._TOLD, str(time.time() - days_ago * DAY))


def test_a_week_is_summed_up_once(ledger: Ledger) -> None:
    finish(ledger, "a.jpg", PLACE)
    finish(ledger, "b.jpg", PLACE, AUTHOR)
    finish(ledger, "c.jpg", outcome=Outcome.HELD, reason="it is cut short")
    finish(ledger, "notes.txt", outcome=Outcome.SKIPPED)
    begun(ledger, 7.01)
    told = week_in_review(ledger, "Unexposed", time.time())
    assert told is not None
    assert (told.urgency, told.stays, told.tag) == (LOW, False, "week")
    assert told.title == "This week: 2 pictures cleaned, 1 held back"
    assert told.body == (
        "No copy of c.jpg: it is cut short. 2 gave away the place; 1 the author. "
        "Worst: b.jpg. Clean copies in Unexposed."
    )
    assert week_in_review(ledger, "Unexposed", time.time()) is None
    assert week_in_review(ledger, "Unexposed", time.time() + 6.9 * DAY) is None


def test_nothing_is_said_of_a_week_in_which_nothing_came(ledger: Ledger) -> None:
    finish(ledger, "a.jpg", PLACE)
    begun(ledger, 7.01)
    assert week_in_review(ledger, "Unexposed", time.time() + 8 * DAY) is None


def test_the_first_week_begins_when_it_is_asked_for_first(ledger: Ledger) -> None:
    finish(ledger, "a.jpg", PLACE)
    assert week_in_review(ledger, "Unexposed", time.time()) is None
    told = week_in_review(ledger, "Unexposed", time.time() + 6.99 * DAY)
    assert told is None
    told = week_in_review(ledger, "Unexposed", time.time() + 7.0001 * DAY)
    assert told is None, "it was finished before that week"


def test_after_months_without_only_the_last_week_is_told(ledger: Ledger) -> None:
    begun(ledger, 90)
    finish(ledger, "a.jpg", PLACE)
    told = week_in_review(ledger, "Unexposed", time.time() + 3 * DAY)
    assert told is not None
    assert told.title == "This week: a.jpg: place removed"


def test_a_clock_that_was_set_back_begins_another_week(ledger: Ledger) -> None:
    finish(ledger, "a.jpg", PLACE)
    begun(ledger, -300)
    assert week_in_review(ledger, "Unexposed", time.time()) is None
    noted = ledger.fact(week._TOLD)
    assert noted is not None
    assert float(noted) <= time.time()


def test_what_was_forgotten_is_not_told(ledger: Ledger) -> None:
    finish(ledger, "a.jpg", PLACE)
    ledger.forget("/in/a.jpg")
    begun(ledger, 7.01)
    assert week_in_review(ledger, "Unexposed", time.time()) is None
