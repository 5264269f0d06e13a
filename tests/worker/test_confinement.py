"""What a worker cannot do any more, tried in processes that are locked in as it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import photos
from tests.worker.bench import Bench
from unexposed.worker import Confinement, Done
from unexposed.worker.confinement import landlock_version

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux can lock a worker in"
)

LOCKED = """\
import ctypes, os, socket, subprocess, sys
from unexposed.worker.confinement import lock_in
mine, given, *attempts = sys.argv[1:]
given = os.open(given, os.O_RDWR)
libc = ctypes.CDLL(None, use_errno=True)

def failed():
    raise OSError(ctypes.get_errno(), "")

print(lock_in())
for attempt in attempts:
    try:
        exec(attempt)
    except OSError as problem:
        print(type(problem).__name__)
    else:
        print("it could")
"""

FILES = {
    "reading a file": "open(mine)",
    "reading one of the system": "open('/etc/passwd')",
    "listing a folder": "os.listdir(os.path.dirname(mine))",
    "listing the home folder": "os.listdir(os.path.expanduser('~'))",
    "writing to a file": "open(mine, 'a')",
    "making a file": "open(mine + '.new', 'w')",
    "making a nameless file": "os.open(os.path.dirname(mine), os.O_TMPFILE | os.O_RDWR)",
    "deleting a file": "os.unlink(mine)",
    "renaming a file": "os.rename(mine, mine + '.new')",
    "linking a file": "os.link(mine, mine + '.new')",
    "looking at another process": "open(f'/proc/{os.getppid()}/environ')",
    "opening anew what it was given": "open(f'/proc/self/fd/{given}')",
    "writing to its own program": "open(os.__file__, 'a')",
}
CALLS = {
    "an internet socket": "socket.socket()",
    "a local socket": "socket.socket(socket.AF_UNIX)",
    "a pair of sockets": "socket.socketpair()",
    "another program": "subprocess.run([sys.executable, '-c', ''])",
    "a signal": "os.kill(os.getppid(), 0)",
    "a descriptor of another process": "os.pidfd_open(os.getppid())",
    "other rights to a file": "os.chmod(mine, 0o777)",
    "other rights to what it was given": "os.fchmod(given, 0o777)",
    "a mark on what it was given": "os.setxattr(given, 'user.mark', b'x')",
    "no mark on what it was given": "os.removexattr(given, 'user.mark')",
    "another owner of what it was given": "os.fchown(given, os.getuid(), os.getgid())",
    "another time of what it was given": "os.utime(given, (0, 0))",
    "hearing of others' files": (
        "libc.inotify_add_watch(libc.inotify_init(), os.path.dirname(mine).encode(), 256) < 0"
        " and failed()"
    ),
    "another time of a file": "os.utime(mine, (0, 0))",
    "a mark on a file": "os.setxattr(mine, 'user.mark', b'x')",
    "cutting a file": "os.truncate(mine, 0)",
}


ALLOWED = (
    "os.pread(given, 5, 0), os.pwrite(given, b'x', 0), os.ftruncate(given, 1)",
    "import json, wave, sqlite3, unexposed.formats.svg, unexposed.worker.redact",
    "import threading; threading.Thread(target=int).start()",
    "open(os.__file__).read()",
)


def attempted(folder: Path, *attempts: str, before: str = "") -> list[str]:
    """What a process that is locked in says of its confinement, and of each attempt."""
    mine, given = folder / "mine", folder / "given"
    mine.write_text("mine")
    given.write_text("given")
    run = subprocess.run(
        [sys.executable, "-P", "-c", before + LOCKED, mine, given, *attempts],
        capture_output=True,
        text=True,
        check=False,
    )
    assert mine.read_text() == "mine", run.stderr
    return run.stdout.splitlines()


@pytest.fixture(scope="module")
def happened(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Each attempt, and what came of it."""
    attempts = (*FILES.values(), *CALLS.values(), *ALLOWED)
    _, *came = attempted(tmp_path_factory.mktemp("locked"), *attempts)
    return dict(zip(attempts, came, strict=True))


def require(there: object, what: str) -> None:
    if not there:
        if os.environ.get("CI") == "true":
            pytest.fail(f"this kernel has no {what}")
        pytest.skip(f"this kernel has no {what}")


@pytest.mark.parametrize("attempt", FILES.values(), ids=FILES)
def test_no_file_is_within_reach(attempt: str, happened: dict[str, str]) -> None:
    require(landlock_version(), "Landlock")
    assert happened[attempt] == "PermissionError"


@pytest.mark.parametrize("attempt", CALLS.values(), ids=CALLS)
def test_what_only_an_intruder_needs_is_refused(attempt: str, happened: dict[str, str]) -> None:
    require(os.uname().machine in ("x86_64", "aarch64"), "filter for this machine")
    assert happened[attempt] == "PermissionError"


@pytest.mark.parametrize("attempt", ALLOWED)
def test_what_was_given_and_the_program_itself_stay_within_reach(
    attempt: str, happened: dict[str, str]
) -> None:
    assert happened[attempt] == "it could"


def test_a_home_folder_on_the_search_path_for_modules_stays_shut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require(landlock_version(), "Landlock")
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PYTHONPATH", f"{home}:{tmp_path}")
    assert attempted(home, "open(mine)")[-1] == "PermissionError"


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.socket()",
        "os.kill(os.getppid(), 0)",
        "libc.tgkill(os.getppid(), os.getppid(), 0) and failed()",
    ],
)
def test_a_kernel_without_landlock_is_told_of_and_calls_are_refused_all_the_same(
    tmp_path: Path, attempt: str
) -> None:
    without = "import unexposed.worker.confinement as one; one._CREATE_RULESET = 999\n"
    told, happened = attempted(tmp_path, attempt, before=without)
    assert told == "Confinement(files=False, calls=True)"
    assert happened == "PermissionError"


def test_the_worker_is_locked_in_before_the_first_file_and_works(bench: Bench) -> None:
    require(landlock_version(), "Landlock")
    reply, _ = bench.run(photos.phone_photo())
    assert isinstance(reply, Done)
    assert bench.worker.confinement == Confinement(files=True, calls=True)
    threads = list(Path(f"/proc/{bench.worker.pid}/task").glob("*/status"))
    assert threads
    for status in (one.read_text() for one in threads):
        assert "\nSeccomp:\t2\n" in status
        assert "\nNoNewPrivs:\t1\n" in status
