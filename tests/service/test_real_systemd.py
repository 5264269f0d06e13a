"""The whole way with a real `systemd --user`: installed, ready, killed, reloaded, uninstalled.

As an ordinary person, whom root finds among the users of the machine.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import photos
from tests.e2e.home import Home, wait_until
from tests.service.account import Account
from tests.service.user_manager import CannotRun, NotInstalled, UserManager
from unexposed.worker import Confinement
from unexposed_service.systemd import quoted

UNIT = "unexposed.service"
ODD = 'o\'dd "$HOME" 100%n \\ é\nfolder'
"""Nothing in it that systemd takes as it stands."""

# There is no journal to write to, and a test does not wait for its turn on a busy machine.
DROP_IN = """\
[Service]
StandardError=append:{log}
RestartSec=200ms
"""
# Where the project itself is among temporary files, a service that does not see these cannot run.
AMONG_TEMPORARY_FILES = tempfile.gettempdir() in map(str, Path(__file__).parents)
SEES_THEM = "PrivateTmp=no\n" if AMONG_TEMPORARY_FILES else ""
IN_A_HURRY = """\
[Service]
Nice=0
CPUWeight=100
"""


INSIDE = """\
import ctypes, errno, json, mmap, os, pathlib, socket, sys
try:
    from unexposed.worker.confinement import lock_in
except ImportError:  # among temporary files, of which the service sees none but its own
    lock_in = lambda: None

state, outbox, downloads, home = map(pathlib.Path, sys.argv[1:])
libc = ctypes.CDLL(None, use_errno=True)


def tried(action, done):
    try:
        action()
    except OSError as problem:
        return errno.errorcode[problem.errno]
    return done


def called(name, *arguments):
    if getattr(libc, name)(*arguments) != 0:
        raise OSError(ctypes.get_errno(), name)


capabilities = next(
    line.split()[1] for line in open("/proc/self/status") if line.startswith("CapBnd")
)
seen = {
    "outbox": tried((outbox / "x").touch, "written"),
    "downloads": tried((downloads / "x").touch, "written"),
    "home": tried((home / "x").touch, "written"),
    "system": tried(pathlib.Path("/usr/x").touch, "written"),
    "internet socket": tried(lambda: socket.socket(socket.AF_INET), "made"),
    "local socket": tried(socket.socketpair, "made"),
    "interfaces": [line.split(":")[0].strip() for line in open("/proc/self/net/dev") if ":" in line],
    "capabilities": capabilities,
    "temporary files": os.listdir("/tmp"),
    "memory to write and run": tried(
        lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC), "had"
    ),
    "namespace": tried(lambda: called("unshare", 0x10000000), "made"),
    "mount": tried(lambda: called("mount", b"none", b"/mnt", b"tmpfs", 0, None), "made"),
    "disks": [name for name in os.listdir("/dev") if name.startswith(("sd", "vd", "nvme"))],
}
with (state / "seen.json").open("w") as file:
    # The worker's own lock, which the unit has to leave room for; last, as nothing undoes it.
    seen["worker"] = repr(lock_in())
    json.dump(seen, file)
"""


class Person:
    """Somebody with a home, a systemd, and unexposed in a folder with a name of its own."""

    def __init__(self, manager: UserManager, home: Home, odd: Path) -> None:
        self.manager = manager
        self.home = home
        self.odd = odd
        self._python = odd / "venv" / "bin" / "python"
        if not self._python.exists():
            self._python = Path(manager.account.python)
        self.drop_in("test", DROP_IN.format(log=home.root / "log") + SEES_THEM)

    def drop_in(self, name: str, text: str) -> None:
        path = self.manager.units / f"{UNIT}.d" / f"{name}.conf"
        path.parent.mkdir(parents=True, exist_ok=True)
        for folder in path.parents[: len(path.relative_to(self.home.root).parts)]:
            self.manager.account.give(folder)
        path.write_text(text)

    def service(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return self.manager.run(
            str(self._python), "-m", "unexposed", "service", *map(str, arguments)
        )

    def doctor(self) -> dict[str, str]:
        """What it says of each part: its state."""
        command = (str(self._python), "-m", "unexposed", "doctor", "--quiet", "--json")
        told = self.manager.run(*command, "--config", str(self.home.config))
        return {one["name"]: one["state"] for one in map(json.loads, told.stdout.splitlines())}

    def install(self) -> subprocess.CompletedProcess[str]:
        return self.service("install", "--config", self.home.config)

    def start_by_hand(self) -> None:
        command = [str(self._python), "-m", "unexposed", "run", "--config", str(self.home.config)]
        self.home.process = subprocess.Popen(
            command, env=self.manager.environment, **self.manager.account.becomes
        )
        wait_until(self.home.is_ready, "the daemon to be ready")

    @property
    def pid(self) -> int:
        return int(self.manager.property(UNIT, "MainPID"))


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Path]:
    """A folder for somebody's home: where homes are, if that can be, as systemd protects these."""
    if os.access("/home", os.W_OK):
        with tempfile.TemporaryDirectory(dir="/home", prefix="unexposed-test-") as folder:
            os.chmod(folder, 0o755)
            yield Path(folder)
    else:
        yield tmp_path


@pytest.fixture
def person(rooms: Path) -> Iterator[Person]:
    home = Home(rooms / "home")
    odd = rooms / ODD
    odd.mkdir()
    account = Account.ordinary()
    if sys.prefix != sys.base_prefix and account.python == sys.executable:
        (odd / "venv").symlink_to(sys.prefix)
    home.config = odd / "config.toml"
    home.configure()
    manager = UserManager(home.root, account)
    for path in (home.root, home.downloads, odd):
        account.give(path)
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


def test_doctor_tells_how_the_service_is(person: Person) -> None:
    person.drop_in("hurry", IN_A_HURRY)
    assert person.doctor()["service"] == "attention", "it is not installed"
    installed = person.install()
    assert installed.returncode == 0, installed.stderr + person.home.log()
    told = person.doctor()
    confined = "a room of its own" not in installed.stdout
    assert told["daemon"] == "fine"
    assert told["service"] == told["sandbox"] == ("fine" if confined else "attention")
    person.home.configure("[worker]\nmemory_mb = 2000")
    assert person.doctor()["service"] == "attention", "it is not up to date"
    assert person.service("stop").returncode == 0
    assert person.doctor()["service"] == "wrong"


def test_a_daemon_that_stands_still_is_ended_and_started_again(person: Person) -> None:
    person.drop_in("hurry", IN_A_HURRY)
    person.drop_in("watchdog", "[Service]\nWatchdogSec=1s\nTimeoutAbortSec=1s\n")
    installed = person.install()
    assert installed.returncode == 0, installed.stderr + person.home.log()
    first = person.pid
    person.home.settled(2.5)
    assert person.pid == first, "it gave signs of life"
    os.kill(first, signal.SIGSTOP)
    wait_until(lambda: person.pid not in {0, first}, "another one")
    person.home.drop("a.jpg", photos.phone_photo())
    person.home.copy("a.jpg")


def test_an_outbox_that_was_taken_away_is_made_anew(person: Person) -> None:
    person.drop_in("hurry", IN_A_HURRY)
    home = person.home
    assert person.install().returncode == 0
    home.drop("a.jpg", photos.phone_photo())
    home.copy("a.jpg")
    shutil.rmtree(home.outbox)
    home.drop("b.jpg", photos.phone_photo(seed=2))
    home.copy("b.jpg")


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
        ("MemoryMax", str((1024 + 256 + 512) << 20)),
        ("WatchdogUSec", "3min"),
        ("NotifyAccess", "main"),
        ("StartLimitIntervalUSec", "0"),
    ):
        assert person.manager.property(UNIT, name) == value


def test_the_lines_that_confine_it_are_seen_from_inside(person: Person) -> None:
    """By another program, in a service with the unit's own lines."""
    installed = person.install()
    assert installed.returncode == 0, installed.stderr
    if "a room of its own" in installed.stdout:
        pytest.skip(installed.stdout.splitlines()[0])
    home, manager = person.home, person.manager
    script = home.root / "try.py"
    script.write_text(INSIDE)
    unit = (manager.units / UNIT).read_text()
    places = " ".join(map(quoted, map(str, (home.state, home.outbox, home.downloads, home.root))))
    command = f'ExecStart="{manager.account.python}" {quoted(str(script))} {places}'
    unit = re.sub("(?m)^ExecStart=.*", lambda _: command, unit)
    unit = unit.replace("Type=notify", "Type=oneshot").replace("Restart=on-failure", "")
    (manager.units / "try.service").write_text(unit)
    manager.systemctl("daemon-reload")
    tried = manager.systemctl("start", "try.service")
    assert tried.returncode == 0, tried.stderr
    seen = json.loads((home.state / "seen.json").read_text())
    assert seen == {
        "outbox": "written",
        "downloads": "EROFS",
        "home": "EROFS",
        "system": "EROFS",
        "internet socket": "EAFNOSUPPORT",
        "local socket": "made",
        "interfaces": ["lo"],
        "capabilities": "0000000000000000",
        "temporary files": [],
        "memory to write and run": "EPERM",
        "namespace": "EPERM",
        "mount": "EPERM",
        "disks": [],
        "worker": repr(None if AMONG_TEMPORARY_FILES else Confinement(files=True, calls=True)),
    }


def test_a_daemon_that_cannot_start_is_told_of_and_comes_when_it_can(person: Person) -> None:
    home = person.home
    person.drop_in("hurry", IN_A_HURRY)
    person.start_by_hand()  # with the same state folder
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
    for folder in (settings, home.config.parent):
        manager.account.give(folder)
    home.configure()
    manager.environment["XDG_CONFIG_HOME"] = str(settings)  # of the shell; systemd is up already
    installed = person.service("install")
    assert installed.returncode == 0, installed.stderr + home.log()
    home.drop("a.jpg", photos.phone_photo())
    home.copy("a.jpg")
    assert person.service("uninstall").returncode == 0
    assert manager.property(UNIT, "LoadState") == "not-found"
    assert list(home.root.rglob(UNIT)) == []
