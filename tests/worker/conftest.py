from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.worker.bench import Bench
from unexposed.worker import Worker


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    """One for the files of all tests of a module, as in a daemon."""
    with Worker() as worker:
        yield worker


@pytest.fixture
def bench(worker: Worker, tmp_path: Path) -> Bench:
    return Bench(worker, tmp_path)


@pytest.fixture
def make_bench(tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    """Make benches with workers of their own, which a test may change or harm."""
    made: list[Worker] = []

    def make(**settings: object) -> Bench:
        worker = Worker(**settings)  # type: ignore[arg-type]
        made.append(worker)
        return Bench(worker, tmp_path)

    yield make
    for worker in made:
        worker.stop()
