"""The daemon in this process, with the ledger or the clock in the way."""

from __future__ import annotations

import fcntl
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
import pytest

from tests.builders import photos
from tests.builders.watching import eventually
from unexposed import daemon as daemon_module
from unexposed.config import Changes, Config, Notifications, Watch
from unexposed.daemon import Daemon
from unexposed.ledger import Ledger
from unexposed.ledger.database import FILE_NAME
from unexposed.notify import Message
from unexposed.notify.week import _TOLD as _WEEK_TOLD
from unexposed.presence import StateError, heartbeat, the_only_daemon
from unexposed.processor import Processor
from unexposed.watch import Watcher


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(daemon_module, "_LOOK_AROUND", 0.1)
    monkeypatch.setattr(daemon_module, "_NO_PROGRESS", 1.0)
    monkeypatch.setattr("unexposed.ledger.database._PATIENCE", 0.2)
    mask = os.umask(0)
    handler = signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once the daemon has ended
    yield
    signal.signal(signal.SIGTERM, handler)
    os.umask(mask)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "in").mkdir()
    return Config(
        outbox=str(tmp_path / "out"),
        state_dir=str(tmp_path / "state"),
        notifications=Notifications(enabled=False),
        watch=(Watch(path=str(tmp_path / "in")),),
    )


@contextmanager
def meanwhile(act: Callable[[], None]) -> Iterator[None]:
    """Do something in a thread while the daemon runs in this one; at the end, stop it."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as problem:
            failures.append(problem)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=run)
    thread.start()
    yield
    thread.join()
    if failures:
        raise failures[0]


@contextmanager
def locked(state: Path) -> Iterator[None]:
    with closing(sqlite3.connect(state / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def run(config: Config, *, once: bool = False) -> int:
    changes = Changes(Path(config.state_dir, "config.toml"))
    return Daemon(config, lambda: config, changes).run(once=once)


def folders(config: Config) -> list[str]:
    beat = heartbeat(config.state_path)
    return [state for _, state in beat.folders] if beat else []


def test_a_folder_that_vanishes_while_the_ledger_is_locked_is_told_of_later(
    config: Config, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def act() -> None:
        eventually(lambda: folders(config) == ["watched"])
        with locked(config.state_path):
            (tmp_path / "in").rename(tmp_path / "away")
            eventually(lambda: caplog.text.count("database is locked") >= 1)
            time.sleep(0.5)
        eventually(lambda: folders(config) == ["missing"])

    with meanwhile(act):
        assert run(config) == 0
    assert caplog.text.count("it is tried again") == 1


def test_a_configuration_read_again_while_the_ledger_is_locked_is_taken_up_later(
    config: Config, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def act() -> None:
        eventually(lambda: folders(config) == ["watched"])
        with locked(config.state_path):
            os.kill(os.getpid(), signal.SIGHUP)
            eventually(lambda: "database is locked" in caplog.text)
        (tmp_path / "in" / "a.jpg").write_bytes(photos.phone_photo())
        eventually((tmp_path / "out" / "a.jpg").exists)

    with meanwhile(act):
        assert run(config) == 0


@pytest.mark.parametrize("name", ["daemon.lock", FILE_NAME])
def test_it_ends_when_its_state_is_taken_away(
    config: Config, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    ended = []

    def act() -> None:
        eventually(lambda: folders(config) == ["watched"])
        (config.state_path / name).unlink()
        eventually(lambda: ended or "was taken away" in caplog.text)

    with meanwhile(act):
        ended.append(run(config))
    assert ended == [1]


def test_many_reloads_do_not_keep_it_from_stopping(config: Config) -> None:
    reloads = []

    def reload() -> Config:
        reloads.append(None)
        for _ in range(20):
            os.kill(os.getpid(), signal.SIGHUP)
        os.kill(os.getpid(), signal.SIGTERM)
        return config

    def act() -> None:
        eventually(lambda: folders(config) == ["watched"])
        os.kill(os.getpid(), signal.SIGHUP)
        eventually(lambda: reloads)

    with meanwhile(act):
        changes = Changes(Path(config.state_dir, "config.toml"))
        assert Daemon(config, reload, changes).run() == 0
    assert len(reloads) == 1


def test_once_tells_by_its_status_that_files_are_left(config: Config, tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"not a folder")
    (tmp_path / "in" / "a.jpg").write_bytes(photos.phone_photo())
    assert run(config, once=True) == 1
    with closing(Ledger(config.state_path)) as ledger:
        assert ledger.unfinished() == {"queued": 1}


def test_once_is_not_ended_by_an_order_to_read_the_configuration_again(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        (tmp_path / "in" / f"{number}.jpg").write_bytes(photos.phone_photo(seed=number))
    notify_ready = daemon_module.SystemdNotifier.ready

    def ready(self: daemon_module.SystemdNotifier, status: str) -> None:
        os.kill(os.getpid(), signal.SIGHUP)
        notify_ready(self, status)

    monkeypatch.setattr(daemon_module.SystemdNotifier, "ready", ready)
    assert run(config, once=True) == 0
    assert len(os.listdir(tmp_path / "out")) == 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_once_tells_by_its_status_that_it_was_stopped(
    config: Config, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    monkeypatch.setattr(
        daemon_module.SystemdNotifier, "ready", lambda *_: os.kill(os.getpid(), number)
    )
    assert run(config, once=True) == 128 + number


def test_a_state_folder_that_is_a_file_is_refused_in_a_sentence(config: Config) -> None:
    config.state_path.write_bytes(b"")
    with pytest.raises(StateError, match="state is a file, not a folder"):
        run(config)


def test_who_asks_whether_it_runs_does_not_keep_it_from_starting(tmp_path: Path) -> None:
    with the_only_daemon(tmp_path):
        pass
    asking = os.open(tmp_path / "daemon.lock", os.O_RDONLY)
    fcntl.flock(asking, fcntl.LOCK_SH)
    threading.Timer(0.03, os.close, [asking]).start()
    with the_only_daemon(tmp_path) as lock:
        assert lock.stands()


class Person:
    """Hears what is told; stands where the desktop stands."""

    def shows(self, tag: str) -> bool:
        return False

    def __init__(self) -> None:
        self.titles: list[str] = []

    def show(self, message: Message) -> None:
        self.titles.append(message.title)

    def close(self) -> None:
        pass


@pytest.mark.parametrize("wanted", [True, False])
def test_the_week_is_summed_up_where_that_is_wanted(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: bool
) -> None:
    person = Person()
    monkeypatch.setattr(daemon_module, "Desktop", lambda _: person)
    run(config, once=True)
    (tmp_path / "in" / "a.jpg").write_bytes(photos.phone_photo())
    run(config, once=True)
    with closing(Ledger(tmp_path / "state")) as ledger:
        ledger.note(_WEEK_TOLD, str(time.time() - 8 * 86_400))
    weekly = Notifications(weekly_summary=wanted)
    with meanwhile(lambda: eventually(lambda: bool(person.titles)) if wanted else time.sleep(0.5)):
        run(msgspec.structs.replace(config, notifications=weekly))
    summary = "This week: a.jpg: place, author, serial number and more removed"
    assert person.titles == ([summary] if wanted else [])


def test_another_state_folder_is_refused_while_it_runs_and_said(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person()
    monkeypatch.setattr(daemon_module, "Desktop", lambda _: person)
    shown = msgspec.structs.replace(config, notifications=Notifications(burst_seconds=0.0))
    moved = msgspec.structs.replace(shown, state_dir=str(tmp_path / "elsewhere"))

    def act() -> None:
        eventually(lambda: folders(config) == ["watched"])
        os.kill(os.getpid(), signal.SIGHUP)
        eventually(lambda: bool(person.titles))

    with meanwhile(act):
        assert Daemon(shown, lambda: moved, Changes(tmp_path / "config.toml")).run() == 0
    assert person.titles == ["The new settings are refused, the old ones stay"]
    assert not (tmp_path / "elsewhere").exists()


def test_a_configuration_that_changed_is_looked_at_again_soon(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon_module, "_LOOK_AROUND", 1.0)
    monkeypatch.setattr(daemon_module, "_LOOK_AGAIN", 0.05)
    file = tmp_path / "config.toml"
    looks: list[float] = []
    reloads: list[float] = []

    class Watched(Changes):
        def came(self) -> bool:
            looks.append(time.monotonic())
            return super().came()

    def reload() -> Config:
        reloads.append(time.monotonic())
        return config

    def act() -> None:
        eventually(lambda: bool(looks))
        file.write_text("")
        eventually(lambda: bool(reloads))

    with meanwhile(act):
        assert Daemon(config, reload, Watched(file)).run() == 0
    first, second = [one for one in looks if one < reloads[0]][-2:]
    assert second - first < 0.9, "not only when it looks around the next time"


@pytest.mark.parametrize("stuck", [Watcher, Processor])
def test_a_daemon_of_which_a_part_stands_still_gives_no_signs_of_life(
    config: Config, monkeypatch: pytest.MonkeyPatch, stuck: type[Watcher] | type[Processor]
) -> None:
    signs: list[float] = []
    monkeypatch.setattr(
        daemon_module.SystemdNotifier, "alive", lambda _: signs.append(time.monotonic())
    )

    def act() -> None:
        eventually(lambda: len(signs) > 1)
        monkeypatch.setattr(stuck, "goes_on", lambda _: False)
        time.sleep(0.2)  # a look may be under way
        before = len(signs)
        time.sleep(0.5)
        assert len(signs) == before

    with meanwhile(act):
        assert run(config) == 0
