from __future__ import annotations

from datetime import UTC, datetime

import pytest

from unexposed.config import Notifications
from unexposed.exposure import Outcome, Report, finding
from unexposed.notify.etiquette import Etiquette
from unexposed.wording import Notice

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def notice(kind: str = "", outcome: Outcome = Outcome.CLEANED, folder: str = "/in") -> Notice:
    found = (finding(kind, "EXIF", "x"),) if kind else ()
    report = Report(format="jpeg", bytes_total=1, findings=found)
    return Notice(name="a.jpg", folder=folder, outcome=outcome, report=report)


@pytest.mark.parametrize(
    ("min_level", "kind", "wanted"),
    [
        ("low", "", False),
        ("low", "device.software", True),
        ("none", "", True),
        ("high", "time.taken", False),
        ("high", "location.gps", True),
    ],
)
def test_files_below_the_level_are_not_worth_a_word(
    min_level: str, kind: str, wanted: bool
) -> None:
    polite = Etiquette(Notifications(min_level=min_level), {})  # type: ignore[arg-type]
    assert polite.wants(notice(kind)) is wanted


def test_what_weighs_little_and_stays_is_not_worth_a_word() -> None:
    """As the hour in a screenshot's name: nothing was done about it, and nothing is to be done."""
    found = (finding("device.software", "name", "x", removed=False),)
    report = Report(format="png", bytes_total=1, findings=found)
    shot = Notice(name="a.png", outcome=Outcome.CLEANED, report=report)
    assert not Etiquette(Notifications(), {}).wants(shot)
    assert Etiquette(Notifications(min_level="none"), {}).wants(shot)


def test_a_file_without_a_copy_is_always_worth_one() -> None:
    polite = Etiquette(Notifications(min_level="critical"), {"/silent": "never"})
    for outcome in (Outcome.HELD, Outcome.FAILED, Outcome.WAITING):
        assert polite.wants(notice(outcome=outcome))
        assert not polite.wants(notice(outcome=outcome, folder="/silent"))


def test_a_folder_has_its_own_level() -> None:
    polite = Etiquette(Notifications(), {"/share": "high"})
    assert polite.wants(notice("time.taken"))
    assert not polite.wants(notice("time.taken", folder="/share"))
    assert not Etiquette(Notifications(enabled=False), {}).wants(notice("location.gps"))


def test_three_may_come_close_together_and_then_one_a_minute() -> None:
    polite = Etiquette(Notifications(), {})
    for second in (100.0, 101.0, 102.0):
        assert polite.not_before(second, NOON) <= second
        polite.told(second)
    assert polite.not_before(103.0, NOON) == 160.0
    polite.told(160.0)
    assert polite.not_before(161.0, NOON) <= 161.0
    polite.told(161.0)
    assert polite.not_before(162.0, NOON) <= 162.0


@pytest.mark.parametrize(
    ("hours", "clock", "wait"),
    [
        ("", (23, 0), 0),
        ("22:00-07:00", (21, 59), 0),
        ("22:00-07:00", (22, 0), 9 * 3600),
        ("22:00-07:00", (6, 30), 1800),
        ("22:00-07:00", (7, 0), 0),
        ("12:30-13:00", (12, 45), 900),
        ("12:30-13:00", (13, 0), 0),
        ("08:00-08:00", (8, 0), 0),
    ],
)
def test_quiet_hours_are_waited_for(hours: str, clock: tuple[int, int], wait: int) -> None:
    polite = Etiquette(Notifications(quiet_hours=hours), {})
    now = NOON.replace(hour=clock[0], minute=clock[1])
    assert polite.not_before(50.0, now) == (50.0 + wait if wait else 0.0)
