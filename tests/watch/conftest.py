"""Watchers that are started for a test and stopped after it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.watching import Notebook, Start, Watched
from unexposed.config.settings import Watch, Watching
from unexposed.watch import Acquaintance, Watcher, sweep, upkeep, watcher


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let watchdog warn, which otherwise raises in its threads; see `unexposed.watch.observe`."""
    item.add_marker(pytest.mark.filterwarnings("ignore:Callback with id:RuntimeWarning"))


@pytest.fixture
def memory() -> Notebook:
    return Notebook()


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def start(base: Path, memory: Notebook, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Start a Watcher over "in", or over the watches given; stopped after the test."""
    monkeypatch.setattr(upkeep, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(sweep, "HEARD_SECONDS", 0.05)
    monkeypatch.setattr(watcher, "SECOND_LOOK_SECONDS", 0.2)
    running: list[Watcher] = []

    def start(
        *watches: Watch,
        settle: float = 0.2,
        rescan: float = 0.0,
        catch_up: str = "new",
        excluded: tuple[Path, ...] = (),
        everything: bool = False,
        acquaintance: Acquaintance | None = None,
        **options: object,
    ) -> Watched:
        if not watches:
            watches = (Watch(path=str(base / "in"), **options),)  # type: ignore[arg-type]
        watched = Watched(base, memory)
        settings = Watching(settle_seconds=settle, rescan_seconds=rescan, catch_up=catch_up)
        watched.watcher = Watcher(
            watches,
            settings,
            excluded,
            memory,
            watched.on_file,
            everything=everything,
            acquaintance=acquaintance,
        )
        watched.watcher.start()
        running.append(watched.watcher)
        return watched

    yield start
    for one in running:
        one.stop()


@pytest.fixture
def inbox(base: Path) -> Path:
    folder = base / "in"
    folder.mkdir()
    return folder
