"""A desktop of its own: a message bus, a screen that nobody sees, and dunst to show notifications."""

from __future__ import annotations

import html
import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import msgspec
import pytest

PATIENCE = 15.0
PROGRAMS = ("dbus-daemon", "Xvfb", "dunst", "dunstctl", "notify-send", "gdbus")

# No service files: the bus starts no notification server by itself.
_BUS = """\
<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


# What dunst lets a person choose a button with: a line ends in the notification's number and the key.
_MENU = """\
#!/bin/sh
grep -F ",$(cat {keys})]"
"""


def require_programs() -> None:
    """Skip the test where there is no desktop, or fail where nothing may be missing."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing and os.environ.get("CI") == "true":
        pytest.fail(f"not installed: {', '.join(missing)}")
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


class Arrived(msgspec.Struct, frozen=True):
    """A notification as the server has it; `body` is markup, `seconds` 0 for one that stays."""

    app: str
    title: str
    body: str
    seconds: float
    image: str

    @property
    def shown(self) -> str:
        """The body as a person reads it, provided that it holds no tags."""
        assert "<" not in self.body
        return html.unescape(self.body)


class Desktop:
    """The bus and the screen; `show` and `leave` start and end the notification server."""

    def __init__(self, folder: Path) -> None:
        self._running: list[subprocess.Popen[bytes]] = []
        self._server: subprocess.Popen[bytes] | None = None
        self._keys = folder / "key"
        menu = folder / "menu"
        menu.write_text(_MENU.format(keys=self._keys))
        menu.chmod(0o755)
        (folder / "dunst").mkdir()
        (folder / "dunst" / "dunstrc").write_text(f'[global]\nmarkup = full\ndmenu = "{menu}"\n')
        configuration = folder / "bus.conf"
        configuration.write_text(_BUS.format(folder=folder))
        address = self._start(
            "dbus-daemon", f"--config-file={configuration}", "--nofork", "--print-address"
        )
        # The server writes its number when it is ready. It is not to begin anew whenever its last
        # client leaves: one that comes meanwhile would die.
        screen = ("-screen", "0", "640x480x24")
        display = self._start("Xvfb", "-displayfd", "1", "-noreset", *screen)
        self.environment = {
            "DBUS_SESSION_BUS_ADDRESS": address,
            "DISPLAY": f":{display}",
            "XDG_CONFIG_HOME": str(folder),
        }

    def _start(self, *command: str) -> str:
        """Start a program that goes on, and return the first line that it prints."""
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self._running.append(process)
        assert process.stdout is not None
        line = process.stdout.readline().decode().strip()
        assert line, f"{command[0]} does not start"
        return line

    def show(self) -> None:
        """Start the notification server."""
        self._server = subprocess.Popen(
            ["dunst"], env=os.environ | self.environment, stderr=subprocess.DEVNULL
        )
        end = time.monotonic() + PATIENCE
        while self._dunstctl("count").returncode:
            assert time.monotonic() < end, "dunst does not start"
            time.sleep(0.02)
        self._dunstctl("history-clear")

    def leave(self) -> None:
        """End the notification server."""
        if self._server is not None:
            self._server.terminate()
            self._server.wait(PATIENCE)
            self._server = None

    def close(self) -> None:
        self.leave()
        for process in reversed(self._running):
            process.kill()
            process.wait(PATIENCE)
            assert process.stdout is not None
            process.stdout.close()

    def arrived(self, count: int) -> list[Arrived]:
        """Wait until so many notifications are there; return all, the oldest first."""
        end = time.monotonic() + PATIENCE
        while len(found := self._history()) < count:
            assert time.monotonic() < end, f"{len(found)} of {count} notifications arrived"
            time.sleep(0.05)
        return found

    def call(self, *arguments: str) -> None:
        """Call the server's method Notify with arguments in GVariant's spelling."""
        name, path = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
        target = ("--session", "--dest", name, "--object-path", path, "--method", f"{name}.Notify")
        subprocess.run(
            ["gdbus", "call", *target, *arguments],
            env=os.environ | self.environment,
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def displayed(self) -> int:
        """Return how many notifications are on the screen."""
        end = time.monotonic() + PATIENCE
        while not (shown := int(self._dunstctl("count", "displayed").stdout)):
            assert time.monotonic() < end, "nothing is on the screen"
            time.sleep(0.05)
        return shown

    def click(self) -> None:
        """Press the notification itself, as a click does."""
        self.displayed()
        self._dunstctl("action", "0")

    def press(self, key: str) -> None:
        """Press a button of the only notification, by dunst's menu as a person sees it."""
        self.displayed()
        self._keys.write_text(key)
        self._dunstctl("context")

    def _history(self) -> list[Arrived]:
        self._dunstctl("close-all")  # what is on the screen is not yet in the history
        told = json.loads(self._dunstctl("history").stdout)["data"][0]
        fields = [{name: one["data"] for name, one in entry.items()} for entry in told]
        return [
            Arrived(
                one["appname"],
                one["summary"],
                one["body"],
                one["timeout"] / 1e6,
                one["icon_path"],
            )
            for one in sorted(fields, key=lambda one: one["id"])
        ]

    def _dunstctl(self, *order: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            ["dunstctl", *order],
            env=os.environ | self.environment,
            capture_output=True,
            check=False,
        )
