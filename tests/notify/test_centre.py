"""The back end for macOS, driven through its library against a real server of Linux.

What only macOS has stays untried: its permission, its loop, and Python as an application.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.builders.fresh import said_by

pytest.importorskip("desktop_notifier")

from tests.notify.desktop import Desktop
from tests.notify.test_freedesktop import PATIENCE, Pressed, wait_until
from unexposed.notify import LOW, Message, Undelivered, centre
from unexposed.notify.centre import Centre
from unexposed.notify.desktop import Desktop as Way

DONE = Message(
    title="IMG_4021.jpg: place and time removed",
    body="Taken in Lisbon on 1 April 2025.",
    source="/home/ada/Downloads/IMG_4021.jpg",
    copy="/home/ada/Unexposed/IMG_4021.jpg",
    tag="files",
)
HELD = Message(title="bad.jpg: held back", body="No copy.", stays=True, source="/in/bad.jpg")


@pytest.fixture
def pressed() -> Pressed:
    return Pressed()


@pytest.fixture
def server(desktop: Desktop, pressed: Pressed) -> Iterator[Centre]:
    made = Centre(pressed, can_copy=True)
    yield made
    made.close()


def test_it_arrives_as_it_is(server: Centre, desktop: Desktop) -> None:
    assert server.has_buttons()
    server.show(DONE)
    (arrived,) = desktop.arrived(1)
    assert (arrived.app, arrived.title, arrived.body) == ("unexposed", DONE.title, DONE.body)
    assert arrived.seconds > 0


def test_what_stays_is_shown_until_somebody_saw_it(server: Centre, desktop: Desktop) -> None:
    server.show(HELD)
    server.show(Message(title="a.jpg: device removed", body="", urgency=LOW))
    held, low = desktop.arrived(2)
    assert (held.seconds, low.seconds > 0) == (0, True)


@pytest.mark.parametrize(
    ("key", "message"), [("show", DONE), ("details", DONE), ("copy", DONE), ("why", HELD)]
)
def test_a_button_that_is_pressed_says_which_of_which(
    server: Centre, desktop: Desktop, pressed: Pressed, key: str, message: Message
) -> None:
    server.show(message)
    desktop.press(key)
    assert pressed.what.get(timeout=PATIENCE) == (key, message)


def test_a_click_on_the_body_asks_for_the_details(
    server: Centre, desktop: Desktop, pressed: Pressed
) -> None:
    server.show(DONE)
    desktop.click()
    assert pressed.what.get(timeout=PATIENCE) == ("details", DONE)
    wait_until(lambda: not server.shows(DONE.tag))


def test_the_second_of_the_same_buttons_works_like_the_first(
    server: Centre, desktop: Desktop, pressed: Pressed
) -> None:
    for name in ("a.jpg", "b.jpg"):
        message = msgspec.structs.replace(DONE, title=name, tag="")
        server.show(message)
        desktop.press("show")
        assert pressed.what.get(timeout=PATIENCE) == ("show", message)
        desktop.arrived(1)


def test_a_later_one_takes_the_place_of_one_with_the_same_tag(
    server: Centre, desktop: Desktop
) -> None:
    server.show(DONE)
    assert server.shows(DONE.tag)
    server.show(Message(title="2 pictures cleaned", body="more", tag=DONE.tag))
    wait_until(lambda: desktop.displayed() == 1)
    assert [one.title for one in desktop.arrived(2)] == [DONE.title, "2 pictures cleaned"]


def test_the_picture_of_the_copy_is_shown(server: Centre, desktop: Desktop, tmp_path: Path) -> None:
    image = tmp_path / "preview.png"
    image.write_bytes(b"")
    server.show(msgspec.structs.replace(DONE, image=str(image)))
    assert desktop.arrived(1)[0].image.removeprefix("file://") == str(image)


def test_no_server_is_told_and_one_that_comes_later_found(bare_desktop: Desktop) -> None:
    server = Centre(lambda *_: None)
    with pytest.raises(Undelivered, match=r"org\.freedesktop\.Notifications"):
        server.show(DONE)
    assert not server.shows(DONE.tag)
    bare_desktop.show()
    server.show(DONE)
    assert len(bare_desktop.arrived(1)) == 1
    server.close()


def test_a_process_that_ended_is_started_anew(server: Centre, desktop: Desktop) -> None:
    server.show(DONE)
    assert server._process is not None
    server._process._process.kill()
    server._process._process.wait(PATIENCE)
    server.show(HELD)
    assert len(desktop.arrived(2)) == 2


def test_a_server_that_goes_away_is_told(server: Centre, desktop: Desktop) -> None:
    server.show(DONE)
    desktop.leave()
    with pytest.raises(Undelivered):
        server.show(DONE)


REFUSING = """
print('["able", 0, ""]', flush=True)
input()
print('["failed", 1, "no"]')
"""


def instead(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str) -> None:
    program = folder / "program.py"
    program.write_text(text)
    monkeypatch.setattr(centre, "_PROGRAM", program)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('print(\'["unable", 0, "no application"]\')', "no application"),
        ("raise SystemExit(3)", "the process that shows them ended"),
        ("print('nonsense')", "the process that shows them ended"),
        ("import time; time.sleep(60)", "no answer within 0.5 seconds"),
        (REFUSING, "^no$"),
    ],
)
def test_a_process_that_cannot_do_it_is_told_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, reason: str
) -> None:
    instead(monkeypatch, tmp_path, text)
    monkeypatch.setattr(centre, "_PATIENCE", 10.0 if "no answer" not in reason else 0.5)
    server = Centre(lambda *_: None)
    with pytest.raises(Undelivered, match=reason):
        server.show(DONE)
    server.close()


LIKE_ON_A_MAC = """
import asyncio, logging
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

log = logging.getLogger("desktop_notifier.backends.macos")
Capability = Enum("Capability", "BUTTONS")
Urgency = Enum("Urgency", "Low Normal Critical")
class Attachment:
    def __init__(self, path): pass
class Button:
    def __init__(self, title, on_pressed, identifier): pass
class Notification:
    def __init__(self, **fields): self.__dict__ |= fields
class DesktopNotifier:
    def __init__(self, app_name, app_icon): pass
    async def get_capabilities(self): return frozenset({able})
    async def request_authorisation(self): {answer}
    async def send_notification(self, told):
        {sends}
        told.on_dispatched()
    async def clear(self, name): pass
"""
"""What the library does on macOS, as its source has it; none of it raises."""


@pytest.mark.parametrize(
    ("able", "answer", "sends", "reason"),
    [
        ("()", "return True", "", "no application that the notification centre knows"),
        ("Capability", "return False", "", "the system's settings do not allow any"),
        (
            "Capability",
            "log.warning('Error requesting notification authorization: code=1'); return False",
            "",
            "Error requesting notification authorization: code=1",
        ),
        ("Capability", "await asyncio.sleep(60)", "", "nobody has answered yet"),
        (
            "Capability",
            "return True",
            "log.warning('Error when scheduling notification: code=1401')",
            "Error when scheduling notification: code=1401",
        ),
        ("Capability", "return True", "return", "for no reason that it tells"),
    ],
)
def test_what_the_library_keeps_to_itself_on_macos_is_told(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    *,
    able: str,
    answer: str,
    sends: str,
    reason: str,
) -> None:
    library = LIKE_ON_A_MAC
    for name, text in {"able": able, "answer": answer, "sends": sends or "pass"}.items():
        library = library.replace(f"{{{name}}}", text)
    (tmp_path / "desktop_notifier.py").write_text(library)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    program = centre._PROGRAM.read_text().replace("_ANSWER: Final = 5.0", "_ANSWER: Final = 0.2")
    instead(monkeypatch, tmp_path, program)
    server = Centre(lambda *_: None)
    with pytest.raises(Undelivered, match=reason):
        server.show(DONE)
    assert not server.shows(DONE.tag)
    server.close()


def test_on_macos_it_is_the_first_way_and_plyer_the_second(
    bare_desktop: Desktop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    way = Way()
    assert isinstance(way._server, Centre)
    instead(monkeypatch, tmp_path, 'print(\'["unable", 0, "no application"]\')')
    bare_desktop.show()
    way.show(DONE)
    assert bare_desktop.arrived(1)[0].title == DONE.title, "by plyer"
    assert not way.shows(DONE.tag)
    way.close()


def test_on_windows_plyer_is_the_only_way(
    desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as there:
        there.setattr(sys, "platform", "win32")
        way = Way()
    assert way._server is None
    way.show(DONE)
    assert desktop.arrived(1)[0].title == DONE.title
    assert not way.shows(DONE.tag)
    way.close()


def test_elsewhere_nothing_of_it_is_loaded() -> None:
    script = (
        "import sys; from unexposed.notify import Desktop; Desktop()\n"
        "print([one for one in sys.modules if one.endswith('notify.centre')"
        " or one.startswith(('desktop_notifier', 'rubicon', 'asyncio'))])"
    )
    said = said_by(script)
    assert said == "[]\n"
