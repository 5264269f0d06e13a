"""The whole way with a real `systemd --user`: installed, ready, killed, reloaded, uninstalled."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import photos
from tests.e2e.home import Home, wait_until
from tests.service.user_manager import CannotRun, NotInstalled, UserManager

UNIT = "unexposed.service"
ODD = 'o\'dd "$HOME" 100%n \\ é\nfolder'
"""Nothing in it that systemd takes as it stands."""

# There is no journal to write to, and a test does not wait for its turn on a busy machine.
DROP_IN = """\
[Service]
StandardError=append:{log}
RestartSec=200ms
"""
IN_A_HURRY = """\
[Service]
Nice=0
CPUWeight=100
"""


class Person:
    """Somebody with a home, a systemd, and unexposed in a folder with a name of its own."""

    def __init__(self, manager: UserManager, home: Home, odd: Path) -> None:
        self.manager = manager
        self.home = home
        self.odd = odd
        self._python = odd / "venv" / "bin" / "python"
        self.drop_in("test", DROP_IN.format(log=home.root / "log"))

    def drop_in(self, name: str, text: str) -> None:
        path = self.manager.units / f"{UNIT}.d" / f"{name}.conf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def service(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        python = str(self._python if self._python.exists() else sys.executable)
        return self.manager.run(python, "-m", "unexposed", "service", *map(str, arguments))

    def install(self) -> subprocess.CompletedProcess[str]:
        return self.service("install", "--config", self.home.config)

    @property
    def pid(self) -> int:
        return int(self.manager.property(UNIT, "MainPID"))


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    home = Home(tmp_path / "home")
    odd = tmp_path / ODD
    odd.mkdir()
    if sys.prefix != sys.base_prefix:
        (odd / "venv").symlink_to(sys.prefix)
    home.config = odd / "config.toml"
    home.configure()
    manager = UserManager(home.root)
    try:
        with manager.up():
            yield Person(manager, home, odd)
    except NotInstalled as problem:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{problem}, and it is to be tested in CI")
        pytest.skip(str(problem))
    except CannotRun as problem:
        pytest.skip(str(problem))
    finally:
        if home.process is not None:
            home.stop(signal.SIGKILL)


def facts(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def test_the_daemon_lives_as_a_service_from_install_to_uninstall(person: Person) -> None:
    home, manager = person.home, person.manager
    person.drop_in("hurry", IN_A_HURRY)

    installed = person.install()
    assert installed.returncode == 0, installed.stderr + home.log()
    assert re.search(r"running \(process \d+\): watching 1 folder", installed.stdout)
    assert manager.property(UNIT, "UnitFileState") == "enabled"
    first = person.pid

    home.drop("a.jpg", photos.phone_photo())
    home.copy("a.jpg")
    wait_until(lambda: "1 files cleaned" in person.service("status").stdout, "the count")
    wait_until(lambda: "are left alone" in home.log(), "what was there before to be noted")

    os.kill(first, signal.SIGKILL)
    home.drop("b.jpg", photos.phone_photo(seed=2))
    home.copy("b.jpg")
    home.copy("b.jpg")
    second = person.pid
    assert second not in {0, first}

    (home.root / "Second").mkdir()
    home.configure(watch=f'[[watch]]\npath = "{home.root / "Second"}"')
    assert manager.systemctl("reload", UNIT).returncode == 0
    wait_until(lambda: "2 folders" in manager.property(UNIT, "StatusText"), "the reload")
    (home.root / "Second" / "c.jpg").write_bytes(photos.phone_photo(seed=3))
    home.copy("c.jpg")

    again = person.install()
    assert "it is up already" in again.stdout
    assert person.pid == second

    assert person.service("stop").returncode == 0
    assert person.service("status").returncode == 1
    assert manager.property(UNIT, "Result") == "success"
    assert person.service("start").returncode == 0
    assert person.service("status").returncode == 0
    last = person.pid

    removed = person.service("uninstall")
    assert removed.returncode == 0, removed.stderr
    assert not os.path.exists(f"/proc/{last}")
    assert manager.property(UNIT, "LoadState") == "not-found"
    assert list(home.root.rglob(UNIT)) == []
    assert person.service("uninstall").returncode == 0
    assert person.service("status").returncode == 1
    assert home.copies() == ["a.jpg", "b.jpg", "c.jpg"]
    assert home.config.exists()
    assert home.state.exists()


def test_every_line_of_the_unit_takes_effect(person: Person) -> None:
    installed = person.install()
    assert installed.returncode == 0, installed.stderr + person.home.log()
    pid = person.pid
    told = facts(pid)
    assert told["NoNewPrivs"] == "1"
    assert told["Seccomp"] == "2"
    assert told["Umask"] == "0077"
    assert re.search(r"core file size +0 +0", Path(f"/proc/{pid}/limits").read_text())
    assert os.getpriority(os.PRIO_PROCESS, pid) == 5
    for name, value in (
        ("Type", "notify"),
        ("KillMode", "mixed"),
        ("IOSchedulingPriority", "7"),
        ("CPUWeight", "50"),
        ("MemoryHigh", str((1024 + 256) << 20)),
        ("StartLimitIntervalUSec", "0"),
    ):
        assert person.manager.property(UNIT, name) == value


def test_no_socket_but_a_local_one_can_be_made(person: Person) -> None:
    """In a service with the unit's own lines, which another program tries out."""
    assert person.install().returncode == 0
    script = (
        "import socket, pathlib\n"
        "socket.socketpair()\n"
        "try: socket.socket(socket.AF_INET)\n"
        "except OSError: pathlib.Path('refused').touch()\n"
    )
    (person.home.root / "try.py").write_text(script)
    unit = (person.manager.units / UNIT).read_text()
    unit = re.sub("(?m)^ExecStart=.*", f'ExecStart="{sys.executable}" %h/try.py', unit)
    unit = unit.replace("Type=notify", "Type=oneshot\nWorkingDirectory=%h")
    unit = unit.replace("Restart=on-failure", "")
    (person.manager.units / "try.service").write_text(unit)
    person.manager.systemctl("daemon-reload")
    tried = person.manager.systemctl("start", "try.service")
    assert tried.returncode == 0, tried.stderr
    assert (person.home.root / "refused").exists()


def test_a_daemon_that_cannot_start_is_told_of_and_comes_when_it_can(person: Person) -> None:
    home = person.home
    person.drop_in("hurry", IN_A_HURRY)
    home.start()  # by hand, with the same state folder
    failed = person.install()
    assert failed.returncode == 2
    assert "the daemon did not start: not running (exit-code, will be tried again)" in failed.stderr
    assert "runs already" in home.log()
    home.stop()
    wait_until(lambda: person.service("status").returncode == 0, "it to come up by itself")
    home.drop("a.jpg", photos.phone_photo())
    home.copy("a.jpg")


def test_a_shell_that_calls_its_folders_otherwise_gets_a_daemon_that_does_so_too(
    person: Person,
) -> None:
    home, manager = person.home, person.manager
    person.drop_in("hurry", IN_A_HURRY)
    settings = home.root / "my settings"
    home.config = settings / "unexposed" / "config.toml"
    home.config.parent.mkdir(parents=True)
    home.configure()
    manager.environment["XDG_CONFIG_HOME"] = str(settings)  # of the shell; systemd is up already
    installed = person.service("install")
    assert installed.returncode == 0, installed.stderr + home.log()
    home.drop("a.jpg", photos.phone_photo())
    home.copy("a.jpg")
    assert person.service("uninstall").returncode == 0
    assert manager.property(UNIT, "LoadState") == "not-found"
    assert list(home.root.rglob(UNIT)) == []
