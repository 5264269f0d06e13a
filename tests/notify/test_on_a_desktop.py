"""What really arrives at a notification server."""

from __future__ import annotations

import logging
import time

import pytest

from tests.notify.desktop import PATIENCE, Desktop
from unexposed.config import Notifications
from unexposed.exposure import Outcome, Report, finding
from unexposed.notify import Announcer, Message, Undelivered, announcer
from unexposed.notify.portable import send
from unexposed.notify.through_plyer import markup, quoted
from unexposed.wording import Notice, body, title

NASTY = Notice(
    name="-t <b>x</b> & \u202egnp.exe",
    outcome=Outcome.CLEANED,
    report=Report(
        format="jpeg",
        bytes_total=1,
        findings=(
            finding("person.author", "EXIF", '<a href="//x">T & J</a> \\033[31m', removed=True),
            finding("hidden.comment", "COM", "'>, 'b': <'\\u202e\n\u2066", removed=True),
        ),
    ),
    output="/home/anna/Unexposed/-u <i>.jpg",
    outbox="Unexposed",
)


class Plyer:
    """The way that is left where there is no server to speak to directly."""

    def shows(self, tag: str) -> bool:
        return False

    def show(self, message: Message) -> None:
        send(message.title, message.body)


def test_a_nasty_file_is_told_letter_by_letter(desktop: Desktop) -> None:
    send(title(NASTY), body(NASTY))
    (arrived,) = desktop.arrived(1)
    assert arrived.title == title(NASTY) == "“-t <b>x</b> & gnp.exe”: author and comment removed"
    assert arrived.shown == body(NASTY)
    assert '(<a href="//x">T & J</a> \\033[31m)' in arrived.shown
    assert "('>, 'b': <'\\u202e)" in arrived.shown


@pytest.mark.parametrize("text", ["-u critical", "--help", "-", "\\", "\\n", "a\\", "&amp;", "'"])
def test_text_of_any_form_arrives_as_it_is(desktop: Desktop, text: str) -> None:
    send(text, text)
    (arrived,) = desktop.arrived(1)
    assert arrived.title.lstrip(" ") == text
    assert arrived.shown.lstrip(" ") == text


def test_a_notification_bears_our_name_and_goes_away_by_itself(desktop: Desktop) -> None:
    send("a title", "a body")
    (arrived,) = desktop.arrived(1)
    assert arrived.app == "unexposed"
    assert arrived.seconds > 0


def test_a_burst_arrives_as_one_summary(desktop: Desktop) -> None:
    told = Announcer(Notifications(burst_seconds=0.3), Plyer())
    told.start()
    for _ in range(14):
        told.add(NASTY)
    (arrived,) = desktop.arrived(1)
    told.stop()
    assert arrived.title == "14 pictures cleaned"
    assert arrived.shown == (
        "14 gave away the author, a comment. Worst: “-t <b>x</b> & gnp.exe”. "
        "Clean copies in Unexposed."
    )


def test_what_flatpaks_portal_gets_is_read_back_as_it_was(desktop: Desktop) -> None:
    """plyer puts text between single quotes of a GVariant there."""
    wild = "it's \\ a \\'trap\\', 'body': <'x'> \\u0041 \" %s"
    told, marked_up = f"'{quoted(wild)}'", f"'{quoted(markup(wild))}'"
    desktop.call("unexposed", "0", "''", told, marked_up, "[]", "{}", "0")
    (arrived,) = desktop.arrived(1)
    assert arrived.title == wild
    assert arrived.shown == wild


def test_without_a_server_it_says_so(bare_desktop: Desktop) -> None:
    with pytest.raises(Undelivered, match=r"org\.freedesktop\.Notifications"):
        send("a title", "a body")


def test_a_server_that_comes_later_gets_what_was_missed(
    bare_desktop: Desktop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(announcer, "_AGAIN", (0.2,) * 200)
    caplog.set_level(logging.INFO)
    told = Announcer(Notifications(burst_seconds=0.0), Plyer())
    told.start()
    told.add(NASTY)
    end = time.monotonic() + PATIENCE
    while not caplog.messages:
        assert time.monotonic() < end
        time.sleep(0.02)
    bare_desktop.show()
    arrived = bare_desktop.arrived(1)
    told.stop()
    assert arrived[0].title == title(NASTY)
    assert len(caplog.messages) == 2
    assert caplog.messages[1] == "notifications are shown again"
