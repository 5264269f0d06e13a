from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unexposed.sd_notify import SystemdNotifier

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="abstract sockets are Linux's")


class Manager:
    """A socket that hears what systemd would hear."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._sock.bind(b"\0" + address[1:].encode() if address[0] == "@" else address)
        self._sock.settimeout(5)

    def heard(self) -> bytes:
        return self._sock.recv(65536)

    def close(self) -> None:
        self._sock.close()


@pytest.fixture(scope="module")
def manager(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Manager]:
    made = Manager(str(tmp_path_factory.mktemp("run") / "notify"))
    yield made
    made.close()


def notifier(address: str) -> SystemdNotifier:
    return SystemdNotifier({"NOTIFY_SOCKET": address})


def test_ready_comes_with_a_status(manager: Manager) -> None:
    notifier(manager.address).ready("watching 3 folders")
    assert manager.heard() == b"READY=1\nSTATUS=watching 3 folders"


def test_a_status_alone_changes_nothing_else(manager: Manager) -> None:
    notifier(manager.address).status("5 files cleaned")
    assert manager.heard() == b"STATUS=5 files cleaned"


def test_reloading_tells_when_it_began(manager: Manager) -> None:
    before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    notifier(manager.address).reloading()
    reloading, began = manager.heard().split(b"\n")
    assert reloading == b"RELOADING=1"
    name, _, microseconds = began.partition(b"=")
    assert name == b"MONOTONIC_USEC"
    assert before <= int(microseconds) <= time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000


def test_a_sign_of_life_is_told(manager: Manager) -> None:
    notifier(manager.address).alive()
    assert manager.heard() == b"WATCHDOG=1"


@pytest.mark.parametrize(
    ("said", "patience"),
    [
        ({"WATCHDOG_USEC": "3000000"}, 3.0),
        ({"WATCHDOG_USEC": "3000000", "WATCHDOG_PID": str(os.getpid())}, 3.0),
        ({"WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
)
def test_how_long_the_manager_waits_for_one_is_read(
    said: dict[str, str], patience: float | None
) -> None:
    assert SystemdNotifier({"NOTIFY_SOCKET": "/run/notify", **said}).patience == patience
    assert SystemdNotifier(said).patience is None


def test_stopping_is_told(manager: Manager) -> None:
    notifier(manager.address).stopping()
    assert manager.heard() == b"STOPPING=1"


@linux_only
def test_an_abstract_socket_is_spoken_to() -> None:
    manager = Manager(f"@unexposed-test-{os.getpid()}")
    notifier(manager.address).ready("here")
    assert manager.heard() == b"READY=1\nSTATUS=here"
    manager.close()


@settings(max_examples=50)
@given(st.text(max_size=50))
@pytest.mark.parametrize("length", [1, 200])
def test_no_text_makes_more_than_one_assignment_or_too_long_a_message(
    manager: Manager, length: int, text: str
) -> None:
    notifier(manager.address).ready(text * length)
    heard = manager.heard()
    assert len(heard) <= 4096
    assert len(heard.decode().split("\n")) == 2


def test_what_is_no_text_is_told_as_far_as_it_goes(manager: Manager) -> None:
    notifier(manager.address).status("folder caf\udce9")
    assert manager.heard() == b"STATUS=folder caf?"


def test_where_nobody_listens_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    for silent in (SystemdNotifier(), notifier("")):
        silent.ready("")
        silent.reloading()
        silent.stopping()


@pytest.mark.parametrize(
    "address", ["/nowhere/notify", "vsock:2:1234", "notify", "@", "/" + "long" * 100]
)
def test_an_address_that_leads_nowhere_is_no_error(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "unexposed.sd_notify"):
        notifier(address).ready("here")
    assert len(caplog.records) == 1
    assert caplog.records[0].levelno == logging.DEBUG


def test_a_manager_that_does_not_read_holds_nothing_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unexposed.sd_notify._PATIENCE", 0.01)
    manager = Manager(str(tmp_path / "deaf"))
    speaker = notifier(manager.address)
    started = time.monotonic()
    for _ in range(30):  # more than the queue of a socket takes
        speaker.status("still here")
    assert time.monotonic() - started < 5
    manager.close()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_socket_stays_open(manager: Manager) -> None:
    script = (
        "import os; from unexposed.sd_notify import SystemdNotifier\n"
        "before = os.listdir('/proc/self/fd')\n"
        "SystemdNotifier().ready('here')\n"
        "assert os.listdir('/proc/self/fd') == before"
    )
    subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"NOTIFY_SOCKET": manager.address},
        check=True,
    )
    assert manager.heard() == b"READY=1\nSTATUS=here"
