"""Each look, with what it finds wrong made wrong for real."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.doctor.patient import Patient
from tests.e2e.home import wait_until
from tests.notify.desktop import Desktop
from tests.service.fake import Fake
from unexposed import __version__, vision
from unexposed.config import load
from unexposed.doctor import (
    State,
    clock,
    daemon,
    folders,
    inotify,
    language,
    ledger,
    notifications,
    opener,
    outbox,
    parts,
    sandbox,
    service,
    worker,
)
from unexposed.exposure import Outcome
from unexposed.ledger import FILE_NAME, Ledger
from unexposed.notify import centre
from unexposed.presence import Heartbeat, heartbeat, note_heartbeat, note_pause, the_only_daemon
from unexposed.worker import Confinement, Worker
from unexposed_service import KINDS, OWN, Systemd, describe
from unexposed_service.commands import Ran

FINE, ATTENTION, WRONG, UNKNOWN = State.FINE, State.ATTENTION, State.WRONG, State.UNKNOWN
ALONE = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c")
"""A room in which a person is root: file systems and limits of one's own."""


@pytest.fixture
def ordinary(patient: Patient) -> Sequence[str]:
    """What to put before a command that is to be bound by permissions."""
    if os.geteuid():
        return ()
    if subprocess.run(["setpriv", "--version"], capture_output=True, check=False).returncode:
        pytest.skip("setpriv is not installed")
    return ("setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-all")


@pytest.fixture
def room() -> Sequence[str]:
    if subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode:
        pytest.skip("user namespaces cannot be made here")
    return ALONE


def in_a_room(room: Sequence[str], first: str) -> list[str]:
    return [*room, f'{first} && exec "$@"', "sh"]


def test_a_watched_folder_is_told_with_its_policy(patient: Patient) -> None:
    found = patient.one(folders.look)
    assert (found.state, found.what) == (FINE, f"{patient.downloads}: policy metadata")


def test_a_folder_that_is_missing_is_waited_for_or_made(patient: Patient) -> None:
    patient.downloads.rmdir()
    assert patient.one(folders.look).state is ATTENTION
    patient.write(watch="create = true")
    assert patient.one(folders.look).state is FINE


def test_a_folder_that_is_a_file_is_wrong(patient: Patient) -> None:
    patient.downloads.rmdir()
    patient.downloads.write_text("x")
    found = patient.one(folders.look)
    assert found.state is WRONG
    assert "a file, not a folder" in found.what


def test_a_folder_that_may_not_be_read_or_made_is_wrong(
    patient: Patient, ordinary: Sequence[str]
) -> None:
    patient.downloads.chmod(0)
    name = "watched folder"
    found = patient.told(before=ordinary)[name]
    assert found.state is WRONG
    assert "Permission denied" in found.what
    patient.downloads.rmdir()
    patient.write(watch="create = true")
    patient.home.chmod(0o500)
    try:
        assert patient.told(before=ordinary)[name].state is WRONG
    finally:
        patient.home.chmod(0o700)


def test_folders_within_each_other_and_the_outbox_in_one_are_told(patient: Patient) -> None:
    inner = patient.downloads / "inner"
    inner.mkdir()
    patient.outbox = patient.downloads / "Unexposed"
    patient.write(watch=f'[[watch]]\npath = "{inner}"\npolicy = "strict"')
    outer, deeper = patient.looked(folders.look)
    assert (outer.state, deeper.state) == (FINE, FINE)
    assert "the outbox in it is passed over" in outer.what
    assert f"it lies in {patient.downloads}" in deeper.what


def test_one_folder_at_two_places_needs_a_look(patient: Patient, room: Sequence[str]) -> None:
    again = patient.home / "again"
    again.mkdir()
    patient.write(watch=f'[[watch]]\npath = "{again}"')
    bound = in_a_room(room, f'mount --bind "{patient.downloads}" "{again}"')
    found = patient.told(before=bound)["watched folder"]
    assert found.state is ATTENTION
    assert f"the very folder {patient.downloads}" in found.what


def test_a_folder_that_others_write_to_is_known_by_its_file_system(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    table = tmp_path / "mountinfo"
    place = str(patient.downloads).replace(" ", "\\040")
    table.write_text(
        "1 0 8:1 / / rw shared:1 - ext4 /dev/sda1 rw\n"
        f"2 1 0:50 / {place} rw,relatime shared:2 - nfs4 server:/x rw\n"
    )
    monkeypatch.setattr("unexposed.doctor.mounts._MOUNTS", table)
    found = patient.one(folders.look)
    assert found.state is ATTENTION
    assert "nfs4" in found.what
    assert patient.one(outbox.look).state is FINE


def test_an_outbox_takes_a_copy_and_keeps_nothing_of_the_try(patient: Patient) -> None:
    found = patient.one(outbox.look)
    assert found.state is FINE
    assert "takes copies" in found.what
    assert os.listdir(patient.outbox) == []


def test_an_outbox_that_cannot_be_written_or_made_is_wrong(
    patient: Patient, ordinary: Sequence[str]
) -> None:
    patient.outbox.chmod(0o500)
    found = patient.told(before=ordinary)["outbox"]
    assert found.state is WRONG
    assert "Permission denied" in found.what
    patient.outbox.rmdir()
    patient.home.chmod(0o500)
    try:
        assert patient.told(before=ordinary)["outbox"].state is WRONG
    finally:
        patient.home.chmod(0o700)
    assert patient.one(outbox.look).state is FINE, "it can be made again"


def test_a_full_disk_is_wrong_and_a_small_one_needs_a_look(
    patient: Patient, room: Sequence[str]
) -> None:
    for size, state in (("8m", WRONG), ("500m", ATTENTION)):
        small = in_a_room(room, f'mount -t tmpfs -o size={size} none "{patient.outbox}"')
        told = patient.doctor("--quiet", "--json", before=small).stdout
        assert f'"name":"free space","state":"{state.value}"' in told.replace('": ', '":').replace(
            ', "', ',"'
        )


def test_a_disk_without_room_for_another_file_is_wrong(
    patient: Patient, room: Sequence[str]
) -> None:
    small = in_a_room(
        room,
        f'mount -t tmpfs -o size=2g,nr_inodes=2 none "{patient.outbox}" && touch "{patient.outbox}/x"',
    )
    told = patient.doctor("--quiet", before=small).stdout
    assert "wrong      free space: no further file fits" in told


def test_a_ledger_that_is_damaged_is_wrong(patient: Patient) -> None:
    assert "will be made" in patient.one(ledger.look).what
    with closing(Ledger(patient.state)) as book:
        for number in range(2_000):
            book.offer(f"/x/{number}.jpg", "/x", "metadata")
    found = patient.one(ledger.look)
    assert found.state is FINE
    assert "2,000 files" in found.what
    path = patient.state / FILE_NAME
    path.chmod(0o644)
    assert patient.one(ledger.look).state is ATTENTION
    content = bytearray(path.read_bytes())
    content[20 * 4096 : 24 * 4096] = bytes(4 * 4096)
    path.write_bytes(content)
    assert patient.one(ledger.look).state is WRONG
    path.write_text("no database")
    told = patient.told()
    assert told["ledger"].state is WRONG
    assert "move it away" in told["ledger"].what
    assert told["clock"].state is UNKNOWN
    assert told["worker"].state is FINE


def test_a_ledger_of_a_newer_version_is_wrong(patient: Patient) -> None:
    Ledger(patient.state).close()
    with closing(sqlite3.connect(patient.state / FILE_NAME)) as db:
        db.execute("PRAGMA user_version = 999")
    found = patient.one(ledger.look)
    assert found.state is WRONG
    assert "a newer unexposed wrote it" in found.what


def test_the_folders_of_a_tree_are_counted_without_following_links(patient: Patient) -> None:
    (patient.downloads / "a" / "b").mkdir(parents=True)
    (patient.downloads / "loop").symlink_to(patient.downloads)
    found, _ = patient.looked(inotify.look)
    assert found.what.startswith("the watched folders take 3 and other programs ")


@pytest.mark.parametrize(
    ("name", "limit", "check"),
    [
        ("max_inotify_watches", "max_user_watches=524288", "inotify watches"),
        ("max_inotify_instances", "max_user_instances=1024", "inotify instances"),
    ],
)
def test_a_limit_that_is_too_low_is_wrong_with_the_line_that_raises_it(
    patient: Patient, room: Sequence[str], name: str, limit: str, check: str
) -> None:
    for number in range(5):
        (patient.downloads / str(number)).mkdir()
    low = 3 if check == "inotify watches" else 0
    bound = in_a_room(room, f"echo {low} > /proc/sys/user/{name}")
    found = patient.told(before=bound)[check]
    assert found.state is WRONG, found
    assert found.advice.startswith(f"echo fs.inotify.{limit} | sudo tee /etc/sysctl.d/6")
    assert found.advice.endswith("-unexposed.conf && sudo sysctl --system")


def test_a_notification_arrives_and_the_server_is_named(patient: Patient, desktop: Desktop) -> None:
    found = patient.one(notifications.look, notify=True)
    assert found.state is FINE
    assert found.what.startswith("dunst 1")
    assert "buttons" in found.what
    (arrived,) = desktop.arrived(1)
    assert arrived.title == "unexposed doctor"


def test_quiet_asks_the_server_and_shows_nothing(patient: Patient, desktop: Desktop) -> None:
    assert patient.told()["notifications"].state is FINE
    assert desktop.arrived(0) == []


@pytest.mark.usefixtures("bare_desktop")
def test_a_desktop_without_a_notification_server_is_wrong(patient: Patient) -> None:
    found = patient.one(notifications.look, notify=True)
    assert found.state is WRONG
    assert "enabled = false" in found.advice
    patient.write("[notifications]\nenabled = false")
    assert patient.one(notifications.look).state is FINE


def test_without_a_session_bus_nothing_is_known(patient: Patient) -> None:
    assert patient.one(notifications.look, notify=True).state is UNKNOWN


def test_on_macos_the_notification_centre_is_asked(
    patient: Patient, desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("desktop_notifier")
    monkeypatch.setattr(sys, "platform", "darwin")
    found = patient.one(notifications.look, notify=True)
    assert found.state is FINE
    assert found.what.startswith("the notification centre shows them, with buttons")
    assert desktop.arrived(1)[0].title == "unexposed doctor"


def test_on_macos_what_the_centre_does_not_take_is_told_and_shown_without_buttons(
    patient: Patient, desktop: Desktop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    refusing = tmp_path / "refusing.py"
    refusing.write_text('print(\'["unable", 0, "the settings do not allow any"]\')')
    monkeypatch.setattr(centre, "_PROGRAM", refusing)
    monkeypatch.setattr(sys, "platform", "darwin")
    by_centre, by_plyer = patient.looked(notifications.look, notify=True)
    assert by_centre.state is ATTENTION
    assert by_centre.what.endswith("none with buttons: the settings do not allow any")
    assert "docs/macos.md" in by_centre.advice
    assert by_plyer.state is FINE
    assert desktop.arrived(1)[0].title == "unexposed doctor"


UP = "LoadState=loaded\nActiveState=active\nMainPID=4711\nStatusText=watching 1 folder\n"
DOWN = "LoadState=loaded\nActiveState=failed\nResult=exit-code\n"


@pytest.fixture
def systemd(monkeypatch: pytest.MonkeyPatch) -> Fake:
    fake = Fake({"systemctl --user show": Ran(0, UP)})
    monkeypatch.setitem(KINDS, OWN, lambda say: Systemd(say, fake))
    return fake


def test_the_service_is_compared_with_what_would_be_installed(
    patient: Patient, systemd: Fake
) -> None:
    def states() -> tuple[State, str]:
        found = patient.one(service.look)
        return found.state, found.what

    assert states()[0] is ATTENTION
    assert "not installed" in states()[1]
    unit = Systemd(lambda _: None, systemd)
    unit.install(describe(load(patient.file), patient.file))
    assert states()[0] is FINE, states()
    patient.write("[worker]\nmemory_mb = 3000")
    assert states()[0] is ATTENTION
    assert "defined otherwise" in states()[1]
    systemd.answers["systemd-run --user"] = Ran(1, said="refused")
    unit.install(describe(load(patient.file), patient.file))
    assert states()[0] is ATTENTION
    assert "without a room of its own" in states()[1]
    systemd.answers["systemctl --user show"] = Ran(0, DOWN)
    assert states() == (WRONG, "it is installed and not running (exit-code)")
    systemd.answers["systemctl --user show"] = Ran(1, said="No medium found")
    assert states()[0] is UNKNOWN


def test_the_running_daemon_is_told_with_its_version(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "unexposed", "run", "--config", str(patient.file)],
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: heartbeat(patient.state) is not None, "the daemon to be ready")
        found, *_ = patient.looked(daemon.look)
        assert found.state is FINE, found
        assert f"process {process.pid}" in found.what
        found = patient.one(sandbox.look)
        assert found.state is ATTENTION, "by hand nothing holds it back"
        assert "no network is around it" in found.what
        for manager, advice in (("systemd", "`unexposed service install`"), ("autostart", "none ")):
            monkeypatch.setattr(sandbox, "OWN", manager)
            assert patient.one(sandbox.look).advice.startswith(advice)
        with closing(Ledger(patient.state)) as book:
            note_pause(book, time.time() + 3_600)
        found, *_ = patient.looked(daemon.look)
        assert (found.state, found.advice) == (ATTENTION, "`unexposed resume`")
        patient.write(watch=f'[[watch]]\npath = "{patient.home / "More"}"')
        _, found, *_ = patient.looked(daemon.look)
        assert found.state is ATTENTION
        assert "other folders" in found.what
    finally:
        process.terminate()
        process.wait(20)


def test_a_daemon_of_another_version_is_wrong(patient: Patient) -> None:
    with the_only_daemon(patient.state), closing(Ledger(patient.state)) as book:
        note_heartbeat(book, Heartbeat(1, 0.0, (), "0.0.1"))
        found, *_ = patient.looked(daemon.look)
    assert found.state is WRONG
    assert "version 0.0.1" in found.what


def test_what_the_daemon_says_of_a_folder_is_passed_on(patient: Patient) -> None:
    with the_only_daemon(patient.state), closing(Ledger(patient.state)) as book:
        folder = (str(patient.downloads), "polled")
        note_heartbeat(book, Heartbeat(1, 0.0, (folder,), __version__))
        _, found, *_ = patient.looked(daemon.look)
    assert found.state is ATTENTION
    assert "limit of inotify" in found.what


def test_a_worker_with_too_little_memory_is_wrong(patient: Patient) -> None:
    assert patient.one(worker.look).state is FINE
    patient.write("[worker]\ntimeout_seconds = 0.001")
    found = patient.one(worker.look)
    assert found.state is WRONG
    assert "longer than 0.001 seconds" in found.what


def test_a_worker_that_cannot_start_is_wrong(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    found = patient.one(worker.look)
    assert found.state is WRONG
    assert "cannot be started" in found.what


@pytest.mark.parametrize(
    ("holds", "state", "said"),
    [
        (Confinement(files=True, calls=True), FINE, "no file but those of programs, and no socket"),
        (Confinement(files=False, calls=True), ATTENTION, "it could open other files"),
        (Confinement(files=True, calls=False), ATTENTION, "it could open sockets"),
    ],
)
def test_a_worker_tells_whether_it_is_locked_in(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, holds: Confinement, state: State, said: str
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(Worker, "confinement", property(lambda _: holds, lambda *_: None), False)
    found = patient.one(worker.look)
    assert found.state is state
    assert said in found.what


def test_a_clock_that_was_set_back_needs_a_look(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert patient.one(clock.look).state is FINE
    with closing(Ledger(patient.state)) as book:
        book.offer("/x/a.jpg", "/x", "metadata")
        job = book.next(time.time())
        assert job is not None
        book.finish(job, outcome=Outcome.HELD, reason="x")
    assert patient.one(clock.look).state is FINE
    real = time.time()
    monkeypatch.setattr(time, "time", lambda: real - 86_400)
    found = patient.one(clock.look)
    assert found.state is ATTENTION
    assert "already" in found.what
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert patient.one(clock.look).state is WRONG


def test_the_language_is_told_with_who_asked_for_it(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert patient.one(language.look).what == "English (LANG=C.UTF-8)"
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    assert patient.one(language.look).what == "German (LANG=de_DE.UTF-8)"
    patient.write('language = "en"')
    assert patient.one(language.look).what == "English (the configuration)"


def test_names_that_are_not_taken_for_utf_8_need_a_look(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("PYTHONUTF8", "0"), ("PYTHONCOERCECLOCALE", "0"), ("LC_ALL", "C")):
        monkeypatch.setenv(name, value)
    assert patient.told()["language"].state is ATTENTION


def test_a_desktop_that_opens_nothing_needs_a_look(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert patient.one(opener.look).state is ATTENTION
    program = tmp_path / "xdg-open"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert patient.one(opener.look).state is FINE


def test_optional_parts_are_looked_for_and_not_loaded(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(vision, "NEEDED", ("unexposed_first", "unexposed_second"))
    assert patient.one(parts.look).state is FINE
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "unexposed_first.py").write_text("raise SystemExit")
    found = patient.one(parts.look)
    assert "unexposed_second is not installed" in found.what
    (tmp_path / "unexposed_second.py").write_text("raise SystemExit")
    found = patient.one(parts.look)
    assert (found.state, found.what) == (FINE, "what looks at faces, text and codes is installed")


def test_a_policy_that_covers_cannot_do_without_them(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vision, "NEEDED", ("unexposed_first",))
    patient.write('[policy.metadata]\nfaces = "all"')
    found = patient.one(parts.look)
    assert found.state is WRONG
    assert "the policy metadata covers" in found.what
