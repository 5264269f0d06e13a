from __future__ import annotations

import itertools
import random
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from unexposed.bulk import Crew
from unexposed.exposure import Finding
from unexposed.policy import Policy
from unexposed.worker import Aborted, Reading, Refused, Worker

ANSWER = Refused("held", "as the test will have it")
HANGS = 99
"""A file's descriptor that no worker comes to an end with."""


class Stub(Worker):
    """A worker without a process."""

    def __init__(self) -> None:
        super().__init__()
        self.at_work = threading.Lock()
        self.given_up = threading.Event()

    def run(self, policy: Policy, source: int, output: int | None = None) -> Refused:
        assert self.at_work.acquire(blocking=False), "two files at once"
        if source == HANGS or self.given_up.is_set():
            assert self.given_up.wait(20)
            self.at_work.release()
            raise Aborted("stopped")
        time.sleep(0.001)
        self.at_work.release()
        return ANSWER

    def abort(self) -> None:
        self.given_up.set()


def crew_of(
    jobs: int, items: Iterator[int] | range, do: Callable[[int, Reading], int], **options: bool
) -> Crew[int, int]:
    return Crew(items, do, Stub, jobs=jobs, **options)


def dawdle(number: int, _: Reading) -> int:
    time.sleep(random.uniform(0, 0.004))
    return number


def nobody_is_left() -> bool:
    for thread in threading.enumerate():
        if thread.name == "crew":
            thread.join(1)
    return all(thread.name != "crew" for thread in threading.enumerate())


@pytest.mark.parametrize("jobs", [1, 2, 7])
def test_every_item_is_done_once(jobs: int) -> None:
    with crew_of(jobs, range(200), dawdle) as crew:
        assert sorted(crew) == list(range(200))
    assert nobody_is_left()


def test_results_come_in_order_where_that_is_asked_for() -> None:
    with crew_of(4, range(200), dawdle, in_order=True) as crew:
        assert list(crew) == list(range(200))


def test_results_come_as_they_are_finished_otherwise() -> None:
    first_waits = threading.Event()

    def do(number: int, _: Reading) -> int:
        if number == 0:
            assert first_waits.wait(20)
        return number

    with crew_of(2, range(5), do) as crew:
        came = []
        for number in crew:
            came.append(number)
            if len(came) == 4:
                first_waits.set()
    assert came[-1] == 0


def test_a_worker_is_at_one_file_at_a_time() -> None:
    def do(number: int, worker: Reading) -> int:
        assert worker.run(Policy(), 0) is ANSWER
        return number

    with crew_of(2, range(60), do) as crew:
        assert len(list(crew)) == 60


def test_a_worker_goes_on_while_what_it_did_is_put_onto_the_disk() -> None:
    second_was_read = threading.Event()

    def do(number: int, worker: Reading) -> int:
        worker.run(Policy(), 0)
        if number == 0:
            assert second_was_read.wait(20)
        else:
            second_was_read.set()
        return number

    with crew_of(1, range(2), do) as crew:
        assert list(crew) == [1, 0]


def test_a_worker_from_which_more_is_to_come_is_kept_until_it_is_there() -> None:
    class Looking(Stub):
        looking = False  # type: ignore[assignment]

        def run(self, policy: Policy, source: int, output: int | None = None) -> Refused:
            assert not self.looking
            self.looking = True
            return super().run(policy, source, output)

        def look(self) -> tuple[Finding, ...]:
            self.looking = False
            return ()

    def do(number: int, worker: Reading) -> int:
        worker.run(Policy(), 0)
        time.sleep(0.001)
        worker.look()
        return number

    with Crew(range(30), do, Looking, jobs=2) as crew:
        assert len(list(crew)) == 30


@pytest.mark.parametrize("in_order", [False, True])
def test_no_more_is_taken_than_somebody_wants(in_order: bool) -> None:
    taken = itertools.count()
    items = iter(lambda: next(taken), -1)
    with crew_of(2, items, lambda number, _: number, in_order=in_order) as crew:
        results = iter(crew)
        for _ in range(10):
            next(results)
        time.sleep(0.05)
        crew.stop()
    assert next(taken) < 10 + 20


def test_memory_does_not_grow_with_the_number_of_files() -> None:
    paths = (f"/photos/{'x' * 100}/{number}.jpg" for number in range(50_000))
    tracemalloc.start()
    try:
        with Crew(paths, lambda path, _: path * 2, Stub, jobs=2, in_order=True) as crew:
            assert sum(1 for _ in crew) == 50_000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 500_000


def test_a_stop_lets_what_is_in_hand_be_finished() -> None:
    with crew_of(2, range(1000), dawdle) as crew:
        results = iter(crew)
        next(results)
        crew.stop()
        rest = list(results)
    assert len(rest) < 40
    assert nobody_is_left()


def test_a_stop_gives_up_what_hangs_within_two_seconds() -> None:
    def do(number: int, worker: Reading) -> int:
        worker.run(Policy(), HANGS if number == 3 else 0)
        return number

    with crew_of(2, range(10), do, in_order=True) as crew:
        threading.Timer(0.1, crew.stop).start()
        started = time.monotonic()
        came = list(crew)
    assert time.monotonic() - started < 2
    assert came == [0, 1, 2, 4, 5, 6, 7, 8, 9]
    assert nobody_is_left()


def test_a_thread_that_cannot_be_ended_does_not_keep_the_crew() -> None:
    release = threading.Event()
    with crew_of(1, range(3), lambda number, _: number * release.wait(20)) as crew:
        threading.Timer(0.1, crew.stop).start()
        started = time.monotonic()
        assert list(crew) == []
    assert time.monotonic() - started < 2
    release.set()
    assert nobody_is_left()


def test_leaving_it_early_ends_it() -> None:
    with crew_of(2, range(1000), dawdle) as crew:
        for _ in crew:
            break
    assert nobody_is_left()


def test_an_error_in_the_walk_is_not_swallowed() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise RuntimeError("the walk broke")

    with pytest.raises(RuntimeError, match="the walk broke"), crew_of(2, items(), dawdle) as crew:
        list(crew)
    assert nobody_is_left()
