"""Living with it for long: what it says, what it keeps, and what the machine does to it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.builders import photos
from tests.e2e.home import Home, wait_until
from unexposed import __version__
from unexposed.ledger import Ledger
from unexposed.presence import heartbeat

linux_only = pytest.mark.skipif(not Path("/proc/self").exists(), reason="reads /proc")


def status(home: Home) -> dict[str, Any]:
    command = home.command("status", "--json", "--config", str(home.config))
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def test_no_line_holds_what_was_found_in_a_file(home: Home) -> None:
    """At its most talkative, of files that are cleaned and that are held back."""
    secrets = (photos.SECRET_MODEL, photos.SECRET_SERIAL, photos.SECRET_AUTHOR, "38.7", "Lisbon")
    home.start()
    for name, content in (
        ("a.jpg", photos.phone_photo(orientation=6)),
        ("b.png", photos.phone_png()),
        ("c.gif", photos.gif_with_comment()),
        ("d.heic", photos.phone_heic()),
        ("e.tif", photos.scanned_tiff()),
        ("half.jpg", photos.phone_photo()[:300]),
    ):
        home.drop(name, content)
    wait_until(lambda: "half.jpg: held back" in home.log(), f"the last: {home.log()}")
    home.stop()
    assert "a.jpg: place, author, serial number and more removed" in home.log()
    assert [one for one in secrets if one in home.log()] == []


@linux_only
def test_status_tells_of_a_running_daemon_all_that_one_asks(home: Home) -> None:
    process = home.start()
    home.drop("a.jpg", photos.phone_photo())
    home.copy("a.jpg")
    home.drop("half.jpg", photos.phone_photo()[:300])
    wait_until(lambda: "half.jpg: held back" in home.log(), "the second")
    told = status(home)
    assert (told["running"], told["pid"], told["version"]) == (True, process.pid, __version__)
    assert told["folders"] == [{"path": str(home.downloads), "state": "watched"}]
    assert told["counts"] == {"cleaned": 1, "held": 1}
    assert (told["queued"], told["working"], told["paused_until"]) == (0, [], None)
    assert [os.path.basename(one["path"]) for one in told["held"]] == ["half.jpg"]
    assert told["last_hour"] == 2
    assert 10e6 < told["worker_memory"] < 500e6
    subprocess.run(home.command("pause", "--config", str(home.config), "1h"), check=True)
    home.drop("later.jpg", photos.phone_photo(seed=2))
    wait_until(lambda: status(home)["queued"] == 1, "it to be noted")
    assert 3_500 < status(home)["paused_until"] - time.time() <= 3_600


@linux_only
def test_daemon_and_worker_that_were_asleep_take_up_what_came_meanwhile(home: Home) -> None:
    process = home.start()
    home.drop("a.jpg", photos.phone_photo(seed=1))
    home.copy("a.jpg")
    family = [process.pid, *children_of(process.pid)]
    assert len(family) == 2, "the daemon and its worker"
    for pid in family:
        os.kill(pid, signal.SIGSTOP)
    for number in range(20):
        home.drop(f"{number}.jpg", photos.phone_photo(seed=number))
    time.sleep(3)
    for pid in family:
        os.kill(pid, signal.SIGCONT)
    for number in range(20):
        home.copy(f"{number}.jpg")
    home.settled()
    assert len(home.copies()) == 21
    with closing(Ledger(home.state, read_only=True)) as ledger:
        assert ledger.counts() == {"cleaned": 21}


def children_of(pid: int) -> list[int]:
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(one) for children in lists for one in children.read_text().split()]


@contextlib.contextmanager
def mounted(folder: Path, size: str) -> Iterator[None]:
    """Put a file system of its own at a folder, as a drive that is plugged in."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a file system")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        taken_out(folder)


def taken_out(folder: Path) -> None:
    """Unmount a drive, once nobody reads on it: what its pictures show may still be looked for."""
    deadline = time.monotonic() + 10
    while subprocess.run(["umount", str(folder)], capture_output=True, check=False).returncode:
        assert time.monotonic() < deadline, "the drive stays busy"
        time.sleep(0.1)


def test_a_drive_that_is_taken_out_and_put_in_again_is_watched_again(home: Home) -> None:
    drive = home.root / "Drive"
    drive.mkdir()
    pictures = drive / "DCIM"
    home.configure(watch=f'[[watch]]\npath = "{pictures}"')

    def state() -> str:
        beat = heartbeat(home.state)
        return dict(beat.folders)[str(pictures)] if beat else ""

    with mounted(drive, "8m"):
        pictures.mkdir()
        home.start()
        (pictures / "a.jpg").write_bytes(photos.phone_photo(seed=1))
        home.copy("a.jpg")
    wait_until(lambda: state() == "missing", "it to be missed")
    with mounted(drive, "8m"):
        pictures.mkdir()
        (pictures / "b.jpg").write_bytes(photos.phone_photo(seed=2))
        home.copy("b.jpg")
        wait_until(lambda: state() == "watched", "it to be watched again")
        (pictures / "c.jpg").write_bytes(photos.phone_photo(seed=3))
        home.copy("c.jpg")
        home.stop()
    assert home.copies() == ["a.jpg", "b.jpg", "c.jpg"]
