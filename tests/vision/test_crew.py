from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from unexposed.vision._crew import each, use_threads


@pytest.fixture(autouse=True)
def alone_again() -> Iterator[None]:
    yield
    use_threads(1)


def test_results_come_in_the_order_of_the_items() -> None:
    use_threads(2)
    assert each(lambda n: (time.sleep(0.01 * (n == 0)), n)[1], range(20)) == list(range(20))
    assert each(str, []) == []


@pytest.mark.parametrize("count", [1, 2])
def test_no_more_threads_work_than_were_asked_for_however_deep_the_work_is(count: int) -> None:
    use_threads(count)
    lock, now, most = threading.Lock(), [0], [0]

    def leaf(_: int) -> None:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.005)
        with lock:
            now[0] -= 1

    each(lambda _: each(leaf, range(6)), range(4))
    assert most[0] == count


def test_alone_everything_is_done_by_who_asks() -> None:
    assert set(each(lambda _: threading.get_ident(), range(5))) == {threading.get_ident()}


@pytest.mark.parametrize("bad", [0, 1, 9])
def test_an_error_ends_the_work_and_reaches_who_asked(bad: int) -> None:
    use_threads(2)
    begun = []

    def do(number: int) -> None:
        begun.append(number)
        time.sleep(0.002)
        if number == bad:
            raise ValueError(number)

    with pytest.raises(ValueError, match=str(bad)):
        each(do, range(1_000))
    assert len(begun) < 1_000
    assert each(str, range(3)) == ["0", "1", "2"]
