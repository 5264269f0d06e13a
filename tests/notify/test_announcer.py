from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from unexposed.config import Notifications
from unexposed.exposure import Outcome, Report, finding
from unexposed.notify import Announcer, Message, Undelivered, announcer
from unexposed.wording import Burst, Notice, body, title

PATIENCE = 10.0
LONG = 60.0
"""Seconds of a burst that no test waits for."""

Start = Callable[..., Announcer]


def cleaned(name: str = "a.jpg") -> Notice:
    place = finding("location.gps", "EXIF GPS", "38.72260, -9.13920", removed=True)
    seen = Report(format="jpeg", bytes_total=1, findings=(place,))
    return Notice(name=name, outcome=Outcome.CLEANED, report=seen, outbox="Unexposed")


HELD = Notice(name="bad.jpg", outcome=Outcome.HELD, reason="it is cut short", outbox="Unexposed")


class Person:
    """Hears of files; with `trouble` set, cannot be reached."""

    def __init__(self) -> None:
        self.told: queue.Queue[tuple[str, str]] = queue.Queue()
        self.messages: list[Message] = []
        self.replaces = False
        self.closed: set[str] = set()
        self.tries = 0
        self.trouble: Exception | None = None

    def show(self, message: Message) -> None:
        self.tries += 1
        if self.trouble is not None:
            raise self.trouble
        self.messages.append(message)
        self.told.put((message.title, message.body))

    def shows(self, tag: str) -> bool:
        shown = {message.tag for message in self.messages}
        return self.replaces and tag in shown - self.closed

    def next(self) -> tuple[str, str]:
        return self.told.get(timeout=PATIENCE)

    def hears_nothing(self, seconds: float = 0.2) -> bool:
        time.sleep(seconds)
        return self.told.empty()


@pytest.fixture
def person() -> Person:
    return Person()


@pytest.fixture
def start(person: Person) -> Iterator[Start]:
    """Start an announcer; stopped after the test."""
    running: list[Announcer] = []

    def start(burst: float = 0.3, *, enabled: bool = True) -> Announcer:
        made = Announcer(Notifications(enabled=enabled, burst_seconds=burst), person)
        made.start()
        running.append(made)
        return made

    yield start
    for one in running:
        one.stop()


def wait_until(came: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not came():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_one_file_is_told_of_by_itself(start: Start, person: Person) -> None:
    start().add(cleaned())
    assert person.next() == (title(cleaned()), body(cleaned()))


def test_files_that_finish_together_are_told_of_together(start: Start, person: Person) -> None:
    told = start()
    for number in range(14):
        told.add(cleaned(f"{number}.jpg"))
    assert person.next()[0] == "14 pictures cleaned"
    assert person.hears_nothing()


def test_a_file_that_is_saved_again_and_again_is_one_file(start: Start, person: Person) -> None:
    told = start()
    held = msgspec.structs.replace(HELD, path="/in/a.jpg")
    for notice in (held, *[msgspec.structs.replace(cleaned(), path="/in/a.jpg")] * 3):
        told.add(notice)
    assert person.next() == (title(cleaned()), body(cleaned()))
    assert person.hears_nothing()


def test_files_that_finish_apart_are_told_of_apart(start: Start, person: Person) -> None:
    told = start(0.05)
    for name in ("a.jpg", "b.jpg"):
        told.add(cleaned(name))
        assert person.next()[0].startswith(name)


def test_a_pause_of_zero_seconds_tells_at_once(start: Start, person: Person) -> None:
    start(0.0).add(cleaned())
    assert person.next()[0] == title(cleaned())


def test_a_stream_that_does_not_end_is_told_of_now_and_then(start: Start, person: Person) -> None:
    told = start(0.1)
    end = time.monotonic() + PATIENCE
    while person.told.empty():
        assert time.monotonic() < end
        told.add(cleaned())
        time.sleep(0.01)
    assert person.next()[0].endswith("pictures cleaned")


def test_a_burst_ends_with_a_pause_or_after_ten_of_them() -> None:
    burst = Burst.of(cleaned())
    assert announcer._Pending(burst, first=100.0, latest=101.0).due(3.0) == 104.0
    assert announcer._Pending(burst, first=100.0, latest=129.5).due(3.0) == 130.0
    assert announcer._Pending(burst, 100.0, 101.0, not_before=200.0).due(3.0) == 200.0


def test_a_file_that_was_held_back_is_named_in_a_burst(start: Start, person: Person) -> None:
    told = start()
    for notice in (cleaned(), HELD, cleaned()):
        told.add(notice)
    title, body = person.next()
    assert title == "2 pictures cleaned, 1 held back"
    assert body.startswith("No copy of bad.jpg: it is cut short.")


def test_switched_off_it_says_nothing(start: Start, person: Person) -> None:
    told = start(0.0, enabled=False)
    told.add(cleaned())
    assert person.hears_nothing()
    told.use(Notifications(burst_seconds=0.0))
    told.add(cleaned("b.jpg"))
    assert person.next()[0].startswith("b.jpg")


def test_switching_off_drops_what_is_pending(start: Start, person: Person) -> None:
    told = start(LONG)
    told.add(cleaned())
    told.use(Notifications(enabled=False))
    told.stop()
    assert person.hears_nothing()


def test_a_shorter_pause_counts_at_once(start: Start, person: Person) -> None:
    told = start(LONG)
    told.add(cleaned())
    told.use(Notifications(burst_seconds=0.0))
    assert person.next()[0] == title(cleaned())


def test_a_stop_tells_what_is_pending(start: Start, person: Person) -> None:
    told = start(LONG)
    told.add(cleaned())
    started = time.monotonic()
    told.stop()
    assert time.monotonic() - started < 1
    assert person.told.get_nowait()[0] == title(cleaned())
    told.add(cleaned("too late.jpg"))
    assert person.hears_nothing(0.05)


def test_a_stop_does_not_wait_for_a_person_who_hangs() -> None:
    let_go, hangs = threading.Event(), threading.Event()

    class Hanging:
        def shows(self, tag: str) -> bool:
            return False

        def show(self, _: Message) -> None:
            hangs.set()
            let_go.wait(PATIENCE)

    told = Announcer(Notifications(burst_seconds=0.0), Hanging())
    told.start()
    told.add(cleaned())
    assert hangs.wait(PATIENCE)
    told.add(cleaned())
    started = time.monotonic()
    told.stop()
    assert time.monotonic() - started < 1
    let_go.set()


def test_one_that_was_not_started_can_be_stopped(person: Person) -> None:
    Announcer(Notifications(), person).stop()


def test_trouble_is_logged_once_until_it_is_over(
    start: Start,
    person: Person,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(announcer, "_AGAIN", ())
    caplog.set_level(logging.INFO)
    told = start(0.0)
    person.trouble = Undelivered("no bus\nanywhere")
    for tries in (1, 2, 3):
        told.add(cleaned())
        wait_until(lambda tries=tries: person.tries == tries)  # type: ignore[misc]
    person.trouble = None
    told.add(cleaned("d.jpg"))
    assert person.next()[0].startswith("d.jpg")
    wait_until(lambda: len(caplog.messages) > 1)
    assert caplog.messages == [
        "notifications cannot be shown, and will be tried again: no bus anywhere",
        "notifications are shown again",
    ]


def test_what_could_not_be_shown_is_tried_again_with_what_came_since(
    start: Start, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcer, "_AGAIN", (0.3, LONG))
    told = start(0.0)
    person.trouble = Undelivered("no bus")
    told.add(cleaned())
    wait_until(lambda: person.tries == 1)
    person.trouble = None
    told.add(cleaned())
    assert person.next()[0] == "2 pictures cleaned"


def test_it_is_given_up_in_the_end_and_later_files_are_tried_anew(
    start: Start, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcer, "_AGAIN", (0.01, 0.01))
    told = start(0.0)
    person.trouble = RuntimeError()
    told.add(cleaned())
    wait_until(lambda: person.tries == 3)
    time.sleep(0.1)
    assert person.tries == 3
    person.trouble = None
    told.add(cleaned("b.jpg"))
    assert person.next()[0].startswith("b.jpg")


def test_a_fault_in_the_wording_is_not_the_callers(
    start: Start, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    told = start(0.0)
    told.add(Notice(name="a.jpg", outcome=Outcome.CLEANED, report="no report"))  # type: ignore[arg-type]
    told.add(Notice(name=None, outcome=Outcome.HELD))  # type: ignore[arg-type]
    wait_until(lambda: len(caplog.messages) == 2)
    told.add(cleaned())
    assert person.next()[0] == title(cleaned())


def test_files_of_many_threads_are_all_counted(start: Start, person: Person) -> None:
    told = start()
    threads = [
        threading.Thread(target=lambda: [told.add(cleaned()) for _ in range(50)]) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told.stop()
    counted = 0
    while not person.told.empty():
        counted += int(person.next()[0].split()[0])
    assert counted == 400


def test_on_a_desktop_that_can_more_of_the_same_takes_the_place_of_what_was_told(
    start: Start, person: Person
) -> None:
    person.replaces = True
    told = start(0.0)
    told.add(cleaned())
    assert person.next()[0] == title(cleaned())
    told.add(cleaned("b.jpg"))
    assert person.next()[0] == "2 pictures cleaned"
    assert [one.tag for one in person.messages] == ["files 1", "files 1"]
    told.use(Notifications(burst_seconds=0.0, seconds_between=0.0))
    told.add(cleaned("c.jpg"))
    assert person.next()[0] == title(cleaned("c.jpg"))
    assert person.messages[-1].tag == "files 2", "what was shown stays"


def test_a_file_that_is_tried_again_takes_the_place_of_what_was_told_of_it(
    start: Start, person: Person
) -> None:
    person.replaces = True
    told = start(0.0)
    held = msgspec.structs.replace(HELD, path="/in/bad.jpg")
    for _ in range(2):
        told.add(held)
        assert person.next()[0] == title(held)
    told.add(cleaned("b.jpg"))
    assert person.next()[0] == "1 picture cleaned, 1 held back"
    assert {one.tag for one in person.messages} == {"files 1"}


def test_what_somebody_closed_is_not_told_again(start: Start, person: Person) -> None:
    person.replaces = True
    told = start(0.0)
    told.add(cleaned())
    assert person.next()[0] == title(cleaned())
    person.closed.add("files 1")
    told.add(cleaned("b.jpg"))
    assert person.next()[0] == title(cleaned("b.jpg")), "the first is not counted again"
    assert person.messages[-1].tag == "files 2"


def test_a_long_run_is_told_of_once_in_a_while(start: Start, person: Person) -> None:
    told = start(0.0)
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        told.add(cleaned(name))
        assert person.next()[0].startswith(name)
    for _ in range(50):
        told.add(cleaned())
    assert person.hears_nothing()
    told.use(Notifications(burst_seconds=0.0, seconds_between=0.0))
    assert person.next()[0] == "50 pictures cleaned"


class Wall:
    """A clock on the wall, which somebody may set."""

    def __init__(self, hour: int) -> None:
        self.time = datetime(2026, 11, 25, hour, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    """It is noon, and the clock is looked at often."""
    made = Wall(12)
    monkeypatch.setattr(announcer, "datetime", made)
    monkeypatch.setattr(announcer, "_LATER", 0.05)
    return made


def test_a_clock_that_is_set_into_quiet_hours_or_out_of_them_is_followed(
    start: Start, person: Person, wall: Wall
) -> None:
    told = start(0.0)
    wall.time = wall.time.replace(hour=23).astimezone()
    told.use(Notifications(burst_seconds=0.0, quiet_hours=around(wall.time)))
    told.add(cleaned())
    told.say(Message(title="The settings are refused", body=""))
    assert person.hears_nothing()
    wall.time -= timedelta(days=400, hours=3)  # and back by more than a year
    assert {person.next()[0], person.next()[0]} == {title(cleaned()), "The settings are refused"}


def around(moment: datetime) -> str:
    """Quiet hours from one hour before a moment to one after it."""
    begin, end = moment - timedelta(hours=1), moment + timedelta(hours=1)
    return f"{begin:%H:%M}-{end:%H:%M}"


@pytest.mark.parametrize("jump", [timedelta(days=-1000), timedelta(days=1000), timedelta(hours=8)])
def test_a_jump_of_the_clock_or_a_sleep_neither_delays_nor_repeats_a_word(
    start: Start, person: Person, wall: Wall, jump: timedelta
) -> None:
    told = start(0.2)
    told.add(cleaned())
    wall.time += jump
    assert person.next()[0] == title(cleaned())
    wall.time -= jump
    assert person.hears_nothing(0.4)
    told.add(cleaned("b.jpg"))
    assert person.next()[0] == title(cleaned("b.jpg"))


def test_what_is_about_no_file_is_said_too(start: Start, person: Person) -> None:
    start(LONG).say(Message(title="a title", body="a body"))
    assert person.next() == ("a title", "a body")


def test_what_is_about_no_file_is_tried_again_too(
    start: Start, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a summary at the start of a session, before anything can show it."""
    monkeypatch.setattr(announcer, "_AGAIN", (0.1,) * 3)
    person.trouble = Undelivered("no server")
    told = start()
    told.say(Message(title="This week: 2 pictures cleaned", body=""))
    wait_until(lambda: person.tries == 2)
    person.trouble = None
    assert person.next()[0] == "This week: 2 pictures cleaned"
    assert person.hears_nothing()


def test_what_cannot_be_said_is_given_up_in_the_end(
    start: Start, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcer, "_AGAIN", (0.01,) * 3)
    person.trouble = Undelivered("no server")
    start().say(Message(title="This week: 2 pictures cleaned", body=""))
    wait_until(lambda: person.tries == 4)
    assert person.hears_nothing()
    assert person.tries == 4
