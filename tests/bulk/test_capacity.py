from __future__ import annotations

import os
from pathlib import Path

import pytest

from unexposed.bulk.capacity import usual_jobs


@pytest.fixture
def eight_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unexposed.bulk.capacity.processors", lambda: 8)


def memory(monkeypatch: pytest.MonkeyPatch, folder: Path, told: str) -> None:
    meminfo = folder / "meminfo"
    meminfo.write_text(told)
    monkeypatch.setattr("unexposed.bulk.capacity._MEMINFO", meminfo)


def test_there_is_a_worker_for_each_processor_that_this_process_may_use() -> None:
    assert 1 <= usual_jobs(searching=False) <= (os.cpu_count() or 1)


@pytest.mark.usefixtures("eight_processors")
@pytest.mark.parametrize(("free", "count"), [(64_000, 8), (3_000, 4), (700, 1), (10, 1)])
def test_workers_that_search_pictures_share_what_memory_is_free(
    free: int, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = (
        f"MemTotal: 65000000 kB\nMemFree: 5 kB\nMemAvailable:   {free * 1024} kB\nBuffers: 1 kB\n"
    )
    memory(monkeypatch, tmp_path, told)
    assert usual_jobs(searching=True) == count
    assert usual_jobs(searching=False) == 8


@pytest.mark.usefixtures("eight_processors")
def test_where_the_system_does_not_say_what_is_free_processors_decide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unexposed.bulk.capacity._MEMINFO", tmp_path / "none")
    assert usual_jobs(searching=True) == 8
    memory(monkeypatch, tmp_path, "MemTotal: 65000000 kB\n")
    assert usual_jobs(searching=True) == 8
