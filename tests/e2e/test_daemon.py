from __future__ import annotations

import hashlib
import io
import os
import shutil
import signal
import socket
import stat
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from tests.builders import photos
from tests.e2e.home import Home, wait_until
from unexposed.ledger import Ledger
from unexposed.presence import heartbeat

SECRETS = [
    one.encode() for one in (photos.SECRET_MODEL, photos.SECRET_SERIAL, photos.SECRET_AUTHOR)
]

linux_only = pytest.mark.skipif(not Path("/proc/self").exists(), reason="reads /proc")


def fingerprint(path: Path) -> tuple[str, os.stat_result]:
    return hashlib.sha256(path.read_bytes()).hexdigest(), path.stat()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("IMG_4021.jpg", photos.phone_photo()),
        ("shot.png", photos.phone_png()),
        ("saved.webp", photos.phone_webp()),
        ("fun.gif", photos.gif_with_comment()),
    ],
)
def test_a_picture_dropped_in_comes_out_clean_and_its_original_stays(
    home: Home, name: str, content: bytes
) -> None:
    assert any(secret in content for secret in SECRETS)
    home.start()
    original = home.drop(name, content)
    before = fingerprint(original)
    copy = home.copy(name)
    clean = copy.read_bytes()
    assert not any(secret in clean for secret in SECRETS)
    with Image.open(io.BytesIO(content)) as wanted, Image.open(io.BytesIO(clean)) as shown:
        assert shown.tobytes() == wanted.tobytes()
    after = fingerprint(original)
    assert before[0] == after[0]
    assert (before[1].st_mtime_ns, before[1].st_ino, before[1].st_mode) == (
        after[1].st_mtime_ns,
        after[1].st_ino,
        after[1].st_mode,
    )
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly_within_two_seconds(home: Home, number: signal.Signals) -> None:
    home.start()
    home.drop("a.jpg", photos.phone_photo())
    home.copy("a.jpg")
    started = time.monotonic()
    assert home.stop(number) == 0
    assert time.monotonic() - started < 2
    assert heartbeat(home.state) is None


def test_a_home_in_the_configuration_counts_at_once_when_that_is_read_again(home: Home) -> None:
    home.start()
    home.drop("a.jpg", photos.phone_photo(seed=1))
    home.copy("a.jpg")
    home.configure()
    with home.config.open("a") as config:
        config.write(f"[home]\nlatitude = {photos.LATITUDE}\nlongitude = {photos.LONGITUDE}\n")
    assert home.process is not None
    home.process.send_signal(signal.SIGHUP)
    wait_until(lambda: home.log().count("clean copies go to") == 2, "the new configuration")
    home.drop("b.jpg", photos.phone_photo(seed=2))
    home.copy("b.jpg")
    wait_until(
        lambda: "b.jpg: place of home" in home.log(), f"that b.jpg was taken at home: {home.log()}"
    )
    assert "a.jpg: place of home" not in home.log()


def test_files_that_came_while_it_was_down_are_taken_up(home: Home) -> None:
    home.start()
    home.stop()
    home.drop("later.jpg", photos.phone_photo())
    home.start()
    home.copy("later.jpg")


def test_files_from_before_the_first_start_are_left_alone(home: Home) -> None:
    home.drop("old.jpg", photos.phone_photo())
    home.start()
    home.drop("new.jpg", photos.phone_photo(seed=2))
    home.copy("new.jpg")
    home.settled()
    assert home.copies() == ["new.jpg"]


def test_a_file_saved_again_has_its_copy_replaced(home: Home) -> None:
    home.start()
    home.drop("a.jpg", photos.phone_photo())
    first = home.copy("a.jpg").read_bytes()
    home.drop("a.jpg", photos.phone_photo(seed=2))
    wait_until(lambda: (home.outbox / "a.jpg").read_bytes() != first, "the new content")
    home.settled()
    assert home.copies() == ["a.jpg"]


def test_the_same_content_saved_again_is_not_done_again(home: Home) -> None:
    home.start()
    home.drop("a.jpg", photos.phone_photo())
    first = home.copy("a.jpg").stat()
    home.drop("a.jpg", photos.phone_photo())
    home.settled()
    assert home.copies() == ["a.jpg"]
    assert (home.outbox / "a.jpg").stat().st_ino == first.st_ino


def test_a_renamed_file_makes_no_second_copy(home: Home) -> None:
    home.start()
    path = home.drop("a.jpg", photos.phone_photo())
    home.copy("a.jpg")
    os.rename(path, path.with_name("b.jpg"))
    home.settled()
    home.stop()
    home.start()
    home.settled()
    assert home.copies() == ["a.jpg"]


def test_an_outbox_inside_a_watched_folder_is_not_fed_back(home: Home) -> None:
    home.outbox = home.downloads / "Unexposed"
    home.configure()
    home.start()
    home.drop("a.jpg", photos.phone_photo())
    home.copy("a.jpg")
    home.settled(1.5)
    assert home.copies() == ["a.jpg"]


def test_copies_in_an_outbox_of_earlier_inside_a_watched_folder_are_not_fed_back(
    home: Home,
) -> None:
    home.outbox = home.downloads / "Earlier"
    home.configure()
    process = home.start()
    home.drop("a.jpg", photos.phone_photo())
    home.copy("a.jpg")
    home.outbox = home.downloads / "Later"
    home.configure()
    process.send_signal(signal.SIGHUP)
    wait_until(lambda: home.log().count("clean copies go to") == 2, "the new configuration")
    home.drop("b.jpg", photos.phone_photo(seed=2))
    home.copy("b.jpg")
    home.settled()
    assert home.copies() == ["b.jpg"]


def test_an_outbox_that_is_removed_while_it_runs_is_made_anew_at_once(home: Home) -> None:
    home.start()
    home.drop("a.jpg", photos.phone_photo())
    home.copy("a.jpg")
    shutil.rmtree(home.outbox)
    home.drop("b.jpg", photos.phone_photo(seed=2))
    wait_until((home.outbox / "b.jpg").exists, "the copy in a new outbox", 5)


@linux_only
def test_a_stop_during_the_second_look_makes_no_second_copy(home: Home) -> None:
    process = home.start()
    photo = photos.phone_photo(width=4000, height=3000, thumbnail=photos.scene(160, 120, 3), seed=1)
    home.drop("a.jpg", photo)
    home.copy("a.jpg")
    worker = _children(process.pid)[-1]
    os.kill(worker, signal.SIGSTOP)  # the copy stands, and the look does not end
    assert home.stop() == 0
    with closing(Ledger(home.state)) as ledger:
        assert ledger.counts() == {"cleaned": 1}
    home.start()
    home.settled()
    assert home.copies() == ["a.jpg"]


@linux_only
def test_a_worker_that_the_system_kills_costs_no_file(home: Home) -> None:
    process = home.start()
    home.drop("warm.jpg", photos.phone_photo())
    home.copy("warm.jpg")
    worker = _children(process.pid)[-1]
    os.kill(worker, signal.SIGSTOP)
    home.drop("a.jpg", photos.phone_photo(seed=2))
    home.settled(0.3)
    os.kill(worker, signal.SIGKILL)
    home.copy("a.jpg")


def test_workers_with_nothing_to_do_are_given_up(home: Home) -> None:
    home.configure("[worker]\nidle_seconds = 0.3")
    process = home.start()
    home.drop("a.jpg", photos.phone_photo(thumbnail=photos.scene(160, 120)))
    home.copy("a.jpg")
    wait_until(lambda: not any(_alive(process.pid)), "the daemon to be alone again")
    home.drop("b.jpg", photos.phone_photo())
    home.copy("b.jpg")


def _alive(pid: int) -> list[int]:
    """Return the children that a process has now."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(one) for task in tasks for one in (task / "children").read_text().split()]


def test_amid_an_update_files_wait_and_none_is_held_back(home: Home) -> None:
    half = home.root / "half an update"
    half.mkdir()
    (half / "piexif.py").write_text("raise ImportError('not there yet')")
    home.start(PYTHONPATH=str(half))
    home.drop("a.jpg", photos.phone_photo())
    wait_until(lambda: "a.jpg waits: starting made the worker" in home.log(), "the warning")
    told = subprocess.run(
        home.command("status", "--config", str(home.config)),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "a.jpg: starting made the worker end with status 1" in told.stdout
    home.stop()
    home.start()
    home.copy("a.jpg")


def test_a_damaged_file_is_held_back_with_the_reason(home: Home) -> None:
    home.start()
    home.drop("broken.jpg", photos.phone_photo()[:300])
    home.drop("fine.jpg", photos.phone_photo())
    home.copy("fine.jpg")
    assert home.copies() == ["fine.jpg"]
    listed = subprocess.run(
        home.command("history", "--held", "--config", str(home.config)),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "broken.jpg" in listed.stdout
    assert "held" in listed.stdout


def test_what_is_no_picture_makes_no_noise(home: Home) -> None:
    home.start()
    home.drop("paper.pdf", b"%PDF-1.7 ...")
    home.drop("a.jpg", photos.phone_photo())
    home.copy("a.jpg")
    assert home.copies() == ["a.jpg"]
    assert "paper.pdf was held" not in home.log()


def test_once_does_what_is_there_and_ends(home: Home) -> None:
    home.drop("a.jpg", photos.phone_photo())
    ended = home.once()
    assert ended.returncode == 0, ended.stderr
    assert home.copies() == ["a.jpg"]
    assert home.once().returncode == 0
    assert home.copies() == ["a.jpg"]


def test_once_tells_of_held_files_by_its_exit_status(home: Home) -> None:
    home.drop("broken.jpg", photos.phone_photo()[:300])
    assert home.once().returncode == 1
    assert home.copies() == []


def test_a_second_daemon_on_the_same_state_refuses_and_names_the_first(home: Home) -> None:
    first = home.start()
    second = home.once()
    assert second.returncode == 2
    assert f"process {first.pid}" in second.stderr


def test_a_changed_configuration_is_taken_up_and_a_bad_one_refused(home: Home) -> None:
    process = home.start()
    second = home.root / "Second"
    second.mkdir()
    good = home.config.read_text()
    home.config.write_text(good + "[[watch]]\npath = 5\n")
    process.send_signal(signal.SIGHUP)
    wait_until(lambda: "refused" in home.log(), "the refusal")
    home.drop("a.jpg", photos.phone_photo())
    home.copy("a.jpg")
    home.config.write_text(good + f'[[watch]]\npath = "{second}"\n')
    process.send_signal(signal.SIGHUP)
    wait_until(lambda: "watching 2 folders" in home.log(), "the second folder")
    (second / "b.jpg").write_bytes(photos.phone_photo(seed=2))
    home.copy("b.jpg")


def test_the_service_manager_hears_when_it_is_ready_and_when_it_stops(home: Home) -> None:
    heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    heard.bind(str(home.root / "notify"))
    heard.settimeout(10)
    home.start(NOTIFY_SOCKET=str(home.root / "notify"))
    said = heard.recv(4096).decode()
    assert "READY=1" in said
    assert "watching 1 folder" in said
    home.stop()
    while "STOPPING=1" not in said:
        said = heard.recv(4096).decode()
    heard.close()


@linux_only
def test_the_daemon_itself_loads_no_parser_and_no_picture_library(home: Home) -> None:
    process = home.start()
    home.drop("a.jpg", photos.phone_photo())
    home.copy("a.jpg")
    maps = Path(f"/proc/{process.pid}/maps").read_text()
    assert "msgspec" in maps, "a library that it does load is seen in this way"
    assert "_imaging" not in maps
    assert "pyexpat" not in maps


@linux_only
def test_it_has_no_socket_but_local_ones(home: Home) -> None:
    process = home.start()
    home.drop("a.jpg", photos.phone_photo())
    home.copy("a.jpg")
    family = [process.pid, *_children(process.pid)]
    assert len(family) == 2, "the daemon and its worker"
    for pid in family:
        abroad = _inet_inodes(pid)
        for number in os.listdir(f"/proc/{pid}/fd"):
            target = os.readlink(f"/proc/{pid}/fd/{number}")
            assert target.removeprefix("socket:[").removesuffix("]") not in abroad


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()] or [
        int(one)
        for task in os.listdir(f"/proc/{pid}/task")
        for one in Path(f"/proc/{pid}/task/{task}/children").read_text().split()
    ]


def _inet_inodes(pid: int) -> set[str]:
    found = set()
    for table in ("tcp", "tcp6", "udp", "udp6", "raw", "raw6"):
        path = Path(f"/proc/{pid}/net/{table}")
        if path.exists():
            found |= {line.split()[9] for line in path.read_text().splitlines()[1:]}
    return found
