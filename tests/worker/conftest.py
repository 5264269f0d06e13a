from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.worker.bench import Bench
from unexposed.worker import Worker


@pytest.fixture
def make_bench(tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    made: list[Worker] = []

    def make(**settings: object) -> Bench:
        worker = Worker(**settings)  # type: ignore[arg-type]
        made.append(worker)
        return Bench(worker, tmp_path)

    yield make
    for worker in made:
        worker.stop()


@pytest.fixture
def bench(make_bench: Callable[..., Bench]) -> Bench:
    return make_bench()
