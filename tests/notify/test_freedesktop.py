"""What really arrives at a notification server that can do more, and what its buttons do."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.notify.desktop import PATIENCE, Desktop
from unexposed.notify import CRITICAL, LOW, Message, Undelivered
from unexposed.notify.actions import Actions, can_copy
from unexposed.notify.desktop import Desktop as Way
from unexposed.notify.freedesktop import Freedesktop
from unexposed.notify.shown import _MOST, Shown

DONE = Message(
    title="IMG_4021.jpg: place and time removed",
    body="Taken in <Lisbon> & on 1 April 2025.",
    source="/home/ada/Downloads/IMG_4021.jpg",
    copy="/home/ada/Unexposed/IMG_4021.jpg",
    tag="files",
)


class Pressed:
    """Keeps which button was pressed on which message."""

    def __init__(self) -> None:
        self.what: queue.Queue[tuple[str, Message]] = queue.Queue()

    def __call__(self, key: str, message: Message) -> None:
        self.what.put((key, message))


@pytest.fixture
def pressed() -> Pressed:
    return Pressed()


@pytest.fixture
def server(desktop: Desktop, pressed: Pressed) -> Iterator[Freedesktop]:
    made = Freedesktop(pressed, can_copy=True)
    yield made
    made.close()


def wait_until(came: Any) -> None:
    end = time.monotonic() + PATIENCE
    while not came():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_it_arrives_letter_by_letter(server: Freedesktop, desktop: Desktop) -> None:
    server.show(DONE)
    (arrived,) = desktop.arrived(1)
    assert (arrived.app, arrived.title) == ("unexposed", DONE.title)
    assert arrived.shown == DONE.body
    assert arrived.seconds > 0


def test_what_stays_is_shown_until_somebody_saw_it(server: Freedesktop, desktop: Desktop) -> None:
    server.show(Message(title="bad.jpg: held back", body="No copy.", stays=True, urgency=CRITICAL))
    server.show(Message(title="a.jpg: device removed", body="", urgency=LOW))
    held, low = desktop.arrived(2)
    assert held.seconds == 0
    assert low.seconds > 0


def test_a_later_one_takes_the_place_of_one_with_the_same_tag(
    server: Freedesktop, desktop: Desktop
) -> None:
    server.show(DONE)
    server.show(Message(title="2 pictures cleaned", body="more", tag="files"))
    server.show(Message(title="about something else", body="", tag="config"))
    assert desktop.displayed() == 2
    titles = [one.title for one in desktop.arrived(2)]
    assert titles == ["2 pictures cleaned", "about something else"]


@pytest.mark.parametrize("key", ["show", "details", "copy"])
def test_a_button_that_is_pressed_says_which_of_which(
    server: Freedesktop, desktop: Desktop, pressed: Pressed, key: str
) -> None:
    server.show(DONE)
    desktop.press(key)
    assert pressed.what.get(timeout=PATIENCE) == (key, DONE)


def test_a_click_on_the_body_asks_for_the_details(
    server: Freedesktop, desktop: Desktop, pressed: Pressed
) -> None:
    server.show(DONE)
    desktop.click()
    assert pressed.what.get(timeout=PATIENCE) == ("details", DONE)


def test_a_held_file_has_a_button_that_says_why(
    server: Freedesktop, desktop: Desktop, pressed: Pressed
) -> None:
    held = Message(title="bad.jpg: held back", body="", stays=True, source="/in/bad.jpg")
    server.show(held)
    desktop.press("why")
    assert pressed.what.get(timeout=PATIENCE) == ("why", held)


def test_what_somebody_closed_stands_there_no_more(server: Freedesktop, desktop: Desktop) -> None:
    server.show(DONE)
    assert server.shows(DONE.tag)
    desktop.arrived(1)  # which closes it
    wait_until(lambda: not server.shows(DONE.tag))


def test_a_server_that_never_says_what_is_closed_fills_no_memory() -> None:
    shown = Shown()
    for number in range(1, 10_000):
        shown.add(number, Message(title="", body="", tag=f"files {number}"))
    assert shown.of(9_999)
    assert shown.number("files 9999") == 9_999
    assert shown.of(1) is shown.number("files 1") is None
    assert len(shown._messages) == len(shown._numbers) == _MOST


def test_a_server_that_is_started_anew_is_spoken_to(server: Freedesktop, desktop: Desktop) -> None:
    server.show(DONE)
    desktop.leave()
    with pytest.raises(Undelivered):
        server.show(DONE)
    desktop.show()
    server.show(DONE)
    assert [one.title for one in desktop.arrived(1)] == [DONE.title]


def test_a_bus_that_comes_later_is_found(
    bare_desktop: Desktop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    address = os.environ["DBUS_SESSION_BUS_ADDRESS"]
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/nobody")
    server = Freedesktop(lambda *_: None)
    with pytest.raises(Undelivered, match="no session bus answers"):
        server.show(DONE)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    bare_desktop.show()
    server.show(DONE)
    assert len(bare_desktop.arrived(1)) == 1
    server.close()


PLAIN_SERVER = """
    import sys
    from jeepney import DBusAddress, HeaderFields, MessageType, new_method_return
    from jeepney.bus_messages import message_bus
    from jeepney.io.blocking import open_dbus_connection
    bus = open_dbus_connection("SESSION")
    bus.send_and_get_reply(message_bus.RequestName("org.freedesktop.Notifications"))
    print("up", flush=True)
    while True:
        message = bus.receive()
        if message.header.message_type is not MessageType.method_call:
            continue
        if message.header.fields[HeaderFields.member] == "GetCapabilities":
            bus.send(new_method_return(message, "as", ([],)))
        else:
            print(repr(message.body), flush=True)
            bus.send(new_method_return(message, "u", (1,)))
"""


def test_a_server_that_can_do_nothing_gets_plain_text_and_no_buttons(
    bare_desktop: Desktop,
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PLAIN_SERVER)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        server = Freedesktop(lambda *_: None, can_copy=True)
        server.show(DONE)
        arrived = process.stdout.readline()
        server.close()
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
    assert "Taken in <Lisbon> & on 1 April 2025." in arrived
    assert ", [], {" in arrived, "no actions"
    assert "'urgency': ('y', 1)" in arrived
    assert arrived.endswith("-1)\n"), "it goes away as the server likes"


SYSTEMS_PYTHON = "/usr/bin/python3"
"""Which has dbusmock, where that is installed at all."""


@contextmanager
def mocked(folder: Path, capabilities: str) -> Iterator[Path]:
    """Run python-dbusmock's notification server with chosen abilities; yield what it was called with."""
    python = (SYSTEMS_PYTHON, "-m", "dbusmock")
    if subprocess.run([*python, "--help"], capture_output=True, check=False).returncode:
        if os.environ.get("CI") == "true":
            pytest.fail("python3-dbusmock is not installed")
        pytest.skip("python3-dbusmock is not installed")
    able = json.dumps({"capabilities": capabilities})
    log = folder / "calls"
    command = [*python, "--session", "--logfile", log, "-t", "notification_daemon", "-p", able]
    with subprocess.Popen(command) as process:
        try:
            server = Freedesktop(lambda *_: None)
            wait_until(lambda: _answers(server))
            server.close()
            yield log
        finally:
            process.terminate()


def _answers(server: Freedesktop) -> bool:
    try:
        return server.called() == "mock-notify 1.0"
    except Undelivered:
        return False


def emit(signal: str, signature: str, values: str) -> None:
    name, path = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
    target = ("--session", "--dest", name, "--object-path", path)
    method = ("--method", "org.freedesktop.DBus.Mock.EmitSignal")
    subprocess.run(
        ["gdbus", "call", *target, *method, "", signal, signature, values],
        stdout=subprocess.DEVNULL,
        check=True,
    )


@pytest.mark.usefixtures("bare_desktop")
@pytest.mark.parametrize(
    ("capabilities", "body", "buttons", "picture"),
    [
        ("body", "Taken in <Lisbon> & on", False, False),
        ("body body-markup", "Taken in &lt;Lisbon&gt; &amp; on", False, False),
        ("body actions body-images", "Taken in <Lisbon> & on", True, True),
        ("body actions icon-static body-markup", "Taken in &lt;Lisbon&gt;", True, True),
    ],
)
def test_a_server_gets_what_it_says_that_it_can_do(
    tmp_path: Path, capabilities: str, body: str, buttons: bool, picture: bool
) -> None:
    with mocked(tmp_path, capabilities) as calls:
        server = Freedesktop(lambda *_: None, can_copy=True)
        server.show(msgspec.structs.replace(DONE, image="/state/previews/a.png"))
        server.close()
        said = calls.read_text().splitlines()[-1]
    assert " Notify " in said
    assert body in said
    assert ("Show clean copy" in said) is ("Copy" in said) is buttons
    assert ("file:///state/previews/a.png" in said) is picture


@pytest.mark.usefixtures("bare_desktop")
def test_replacing_pressing_and_closing_are_told_apart(tmp_path: Path, pressed: Pressed) -> None:
    with mocked(tmp_path, "body actions") as calls:
        server = Freedesktop(pressed)
        for _ in range(2):
            server.show(DONE)
        first, second = (one for one in calls.read_text().splitlines() if " Notify " in one)
        assert ' "unexposed" 0 ' in first
        assert ' "unexposed" 1 ' in second
        emit("ActionInvoked", "us", "[<uint32 7>, <'show'>]")
        emit("ActionInvoked", "us", "[<uint32 1>, <'default'>]")
        assert pressed.what.get(timeout=PATIENCE) == ("details", DONE)
        assert server.shows(DONE.tag), "a server that lets it stand"
        emit("NotificationClosed", "uu", "[<uint32 1>, <uint32 2>]")
        wait_until(lambda: not server.shows(DONE.tag))
        emit("ActionInvoked", "us", "[<uint32 1>, <'show'>]")
        server.show(DONE)
        assert pressed.what.empty(), "what is closed cannot be pressed"
        server.close()


def test_without_a_server_the_portable_way_is_tried_and_says_why(bare_desktop: Desktop) -> None:
    way = Way()
    with pytest.raises(Undelivered, match=r"org\.freedesktop\.Notifications"):
        way.show(DONE)
    assert not way.shows(DONE.tag)
    bare_desktop.show()
    way.show(DONE)
    assert way.shows(DONE.tag)
    way.close()


FILE_MANAGER = PLAIN_SERVER.replace(
    "freedesktop.Notifications", "freedesktop.FileManager1"
).replace('"u", (1,)', '""')


def test_show_asks_the_file_manager_for_the_copy(desktop: Desktop, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(FILE_MANAGER)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        showing = threading.Thread(target=Actions(None), args=("show", DONE))
        showing.start()
        assert process.stdout.readline() == ("(['file:///home/ada/Unexposed/IMG_4021.jpg'], '')\n")
        showing.join(PATIENCE)
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs that only note how they were called."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("xdg-open", "xclip", "open", "osascript"):
        stub = folder / name
        stub.write_text(
            f'#!/bin/sh\necho "$@" >> "{tmp_path}/{name}"\ncat >> "{tmp_path}/{name}"\n'
        )
        stub.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.defpath}")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return tmp_path


def noted(path: Path) -> str:
    wait_until(lambda: path.exists() and path.read_text())
    return path.read_bytes().decode()


def test_show_opens_the_folder_where_there_is_no_file_manager_to_ask(
    desktop: Desktop, programs: Path
) -> None:
    Actions(None)("show", DONE)
    assert noted(programs / "xdg-open") == "/home/ada/Unexposed\n"


def test_copy_puts_the_file_on_the_clipboard(desktop: Desktop, programs: Path) -> None:
    assert can_copy()
    Actions(None)("copy", DONE)
    assert noted(programs / "xclip") == (
        "-selection clipboard -t text/uri-list\nfile:///home/ada/Unexposed/IMG_4021.jpg\r\n"
    )


def test_on_macos_the_finder_shows_the_copy_and_the_pasteboard_takes_it(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert can_copy()
    Actions(None)("show", DONE)
    assert noted(programs / "open") == f"-R {DONE.copy}\n"
    Actions(None)("copy", DONE)
    assert noted(programs / "osascript") == (
        "-e on run argv -e set the clipboard to (POSIX file (item 1 of argv)) -e end run"
        f" {DONE.copy}\n"
    )


def test_what_goes_wrong_with_a_button_is_logged(
    desktop: Desktop,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    Actions(None)("show", DONE)
    (said,) = caplog.messages
    assert said.startswith(
        "a button of a notification could not do its work: xdg-open cannot be run"
    )


FORGER = """
    import sys
    from jeepney import DBusAddress, new_signal
    from jeepney.io.blocking import open_dbus_connection
    bus = open_dbus_connection("SESSION")
    server = DBusAddress("/org/freedesktop/Notifications", interface="org.freedesktop.Notifications")
    for number in range(1, 20):
        bus.send(new_signal(server, "ActionInvoked", "us", (number, "details")))
        bus.send(new_signal(server, "NotificationClosed", "as", (["odd"],)))
"""


def test_nobody_but_the_server_presses_buttons(
    server: Freedesktop, desktop: Desktop, pressed: Pressed
) -> None:
    server.show(DONE)
    subprocess.run([sys.executable, "-c", textwrap.dedent(FORGER)], check=True)
    desktop.press("show")
    assert pressed.what.get(timeout=PATIENCE) == ("show", DONE)
    assert pressed.what.empty()
