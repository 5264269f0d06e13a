"""A real `systemd --user` with a home and a runtime folder of its own, beside whatever runs here."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.service.account import Account

PROGRAMS = ("/usr/lib/systemd/systemd", "/lib/systemd/systemd")
PATIENCE = 10.0

_BOOTED = (Path("/run/systemd/system"), Path("/run/systemd/unit-root"))
"""Folders that the system's own systemd makes.

Without the first a machine is taken for one that systemd has no part in; the second is where a
service's room is put together.
"""

_CGROUPS = ("", "systemd", "unified")
_IN_A_SCOPE = ("systemd-run", "--user", "--scope", "--quiet", "--property=Delegate=yes")


class NotInstalled(Exception):
    """There is no systemd on this machine."""


class CannotRun(Exception):
    """There is one, but no user manager can be run here; the text says why."""


class UserManager:
    """The manager, and how to speak to it."""

    def __init__(self, home: Path, account: Account) -> None:
        self.home = home
        self.account = account
        self.units = home / ".config" / "systemd" / "user"
        # Where sessions have theirs: the daemon has temporary files of its own. Sockets have short names.
        place = "/run" if os.access("/run", os.W_OK) else None
        self._runtime = tempfile.TemporaryDirectory(prefix="unexposed-test-", dir=place)
        kept = ("PATH", "LANG", "LC_ALL", "USER", "LOGNAME", "SHELL")
        self.environment = {name: os.environ[name] for name in kept if name in os.environ}
        self.environment |= {"HOME": str(home), "XDG_RUNTIME_DIR": self._runtime.name}
        self.environment |= account.environment
        account.give(Path(self._runtime.name))

    def systemctl(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("systemctl", "--user", *arguments)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            env=self.environment,
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            **self.account.becomes,
        )

    def property(self, unit: str, name: str) -> str:
        return self.systemctl("show", unit, "--value", f"--property={name}").stdout.strip()

    @contextmanager
    def up(self) -> Iterator[UserManager]:
        """Run the manager for as long as the block lasts. Raises NotInstalled and CannotRun."""
        program = next(filter(os.path.exists, PROGRAMS), None)
        if sys.platform != "linux" or program is None or shutil.which("systemctl") is None:
            raise NotInstalled("systemd is not installed")
        with contextlib.ExitStack() as stack, tempfile.TemporaryFile() as log:
            stack.enter_context(self._runtime)
            launcher = stack.enter_context(_place(self.account))
            alone = ("env", "--ignore-environment", *self._assignments())
            process = subprocess.Popen(
                [*launcher, *alone, program, "--user", "--unit=basic.target"],
                cwd=self.home,
                stdout=log,
                stderr=log,
            )
            stack.callback(_end, process)
            self._wait(process, log.fileno())
            yield self

    def _assignments(self) -> list[str]:
        return [f"{name}={value}" for name, value in self.environment.items()]

    def _wait(self, process: subprocess.Popen[bytes], log: int) -> None:
        end = time.monotonic() + PATIENCE
        while self.systemctl("is-active", "basic.target").returncode != 0:
            if process.poll() is not None or time.monotonic() > end:
                said = os.pread(log, 2000, 0).decode(errors="replace").strip()
                raise CannotRun(
                    f"systemd --user does not come up here: {said or 'it says nothing'}"
                )
            time.sleep(0.05)


@contextmanager
def _place(account: Account) -> Iterator[Sequence[str]]:
    """Find a control group that a manager may divide; yield what has to stand before its command."""
    with contextlib.suppress(OSError):
        own = subprocess.run([*_IN_A_SCOPE, "true"], capture_output=True, check=False)
        if own.returncode == 0:
            yield _IN_A_SCOPE
            return
    if os.geteuid() != 0:
        raise CannotRun("a user manager needs a session that systemd runs, or root to make room")
    with _lock(), _booted(), _cell() as cells:
        join = "".join(f"echo $$ > {cell}/cgroup.procs; " for cell in cells)
        for cell in cells:
            for name in ("", "cgroup.procs", "cgroup.threads", "cgroup.subtree_control"):
                if (cell / name).exists():
                    account.give(cell / name)
        yield ("sh", "-c", join + 'exec "$@"', "sh", *account.launcher)


@contextmanager
def _lock() -> Iterator[None]:
    """Let no two tests at once set up and tear down what is the machine's."""
    with Path(tempfile.gettempdir(), "unexposed-test-systemd.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _booted() -> Iterator[None]:
    made = [folder for folder in _BOOTED if not folder.exists()]
    try:
        for folder in made:
            folder.mkdir(parents=True)
    except OSError as problem:
        raise CannotRun(f"{problem.filename} cannot be made: {problem.strerror}") from problem
    try:
        yield
    finally:
        for folder in made:
            folder.rmdir()


@contextmanager
def _cell() -> Iterator[list[Path]]:
    """Make a control group in each hierarchy that systemd may use; on the way out, remove them."""
    cells = []
    for name in _CGROUPS:
        root = Path("/sys/fs/cgroup", name)
        cell = root / f"unexposed-test-{os.getpid()}"
        with contextlib.suppress(OSError):
            if (root / "cgroup.procs").exists():
                cell.mkdir()
                cells.append(cell)
    if not cells:
        raise CannotRun("no control group can be made here")
    try:
        yield cells
    finally:
        for cell in cells:
            for folder, _, _ in os.walk(cell, topdown=False):
                with contextlib.suppress(OSError):
                    os.rmdir(folder)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
