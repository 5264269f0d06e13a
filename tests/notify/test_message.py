"""What a desktop that can do more is told of one file, and of a burst."""

from __future__ import annotations

import pytest

from unexposed.exposure import Level, Outcome, Report, finding
from unexposed.notify import CRITICAL, LOW, NORMAL, Message, message_of
from unexposed.notify.buttons import offered
from unexposed.wording import Burst, Notice


def cleaned(level: Level, name: str = "a.jpg") -> Notice:
    found = finding("device.model", "EXIF", "Example Phone 15", removed=True, level=level)
    return Notice(
        name=name,
        path=f"/in/{name}",
        outcome=Outcome.CLEANED,
        report=Report(format="jpeg", bytes_total=1, findings=(found,)),
        output=f"/out/{name}",
        outbox="out",
        preview=f"/state/previews/{name}",
    )


HELD = Notice(name="bad.jpg", path="/in/bad.jpg", outcome=Outcome.HELD, reason="it is cut short")


def told(*notices: Notice) -> Message:
    first, *others = map(Burst.of, notices)
    for one in others:
        first = first.followed_by(one)
    return message_of(first)


def labels(message: Message) -> list[str]:
    return [label for _, label in offered(message, can_copy=True)]


@pytest.mark.parametrize(
    ("level", "urgency"),
    [
        (Level.LOW, LOW),
        (Level.MEDIUM, NORMAL),
        (Level.HIGH, NORMAL),
        (Level.CRITICAL, CRITICAL),
    ],
)
def test_urgency_follows_the_level(level: Level, urgency: int) -> None:
    assert told(cleaned(level)).urgency == urgency
    assert told(cleaned(Level.LOW), cleaned(level, "b.jpg")).urgency == urgency


def test_what_weighs_little_is_one_line() -> None:
    assert told(cleaned(Level.LOW)).title
    assert told(cleaned(Level.LOW)).body == ""
    assert told(cleaned(Level.MEDIUM)).body


def test_a_held_file_stays_until_somebody_saw_it_and_says_why() -> None:
    alone, among_others = told(HELD), told(cleaned(Level.LOW), HELD)
    assert alone.stays
    assert among_others.stays
    assert not told(cleaned(Level.CRITICAL)).stays
    assert alone.urgency == NORMAL, "not among what may break through do-not-disturb"
    assert "it is cut short" in alone.body
    assert labels(alone) == ["Why"]


def test_one_file_has_its_picture_and_its_buttons() -> None:
    message = told(cleaned(Level.HIGH))
    assert (message.source, message.copy) == ("/in/a.jpg", "/out/a.jpg")
    assert message.image == "/state/previews/a.jpg"
    assert labels(message) == ["Show clean copy", "Details", "Copy"]


def test_a_burst_shows_its_worst_and_copies_none_of_its_files_for_all() -> None:
    message = told(cleaned(Level.LOW), cleaned(Level.HIGH, "worst.jpg"))
    assert (message.source, message.image) == ("", "")
    assert message.copy == "/out/worst.jpg"
    assert labels(message) == ["Show clean copy", "Details"]
