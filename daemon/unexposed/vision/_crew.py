"""Who does the work of looking: so many threads, whoever has something to share out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

_threads = 1
_others: ThreadPoolExecutor | None = None
"""The threads beside the one that asks for a look, if there may be any."""


def use_threads(count: int) -> None:
    """Set how many threads work at once, the one that asks for a look among them."""
    global _threads, _others
    if _others is not None:
        _others.shutdown()
    _threads, _others = count, ThreadPoolExecutor(count - 1) if count > 1 else None


def each(do: Callable[[_Item], _Result], items: Iterable[_Item]) -> list[_Result]:
    """Return what is done with each item, in order; side by side where threads are free.

    What is done may call this again. Raises what that raises.
    """
    todo = deque(enumerate(items))
    done: dict[int, _Result] = {}

    def work() -> None:
        while todo:
            try:
                number, item = todo.popleft()
            except IndexError:  # another thread took the last one
                return
            try:
                done[number] = do(item)
            except BaseException:
                todo.clear()
                raise

    helping = [_others.submit(work) for _ in range(min(_threads, len(todo)) - 1)] if _others else []
    try:
        work()
    finally:
        # Who has not begun would find nothing left, and who asks may be one of those waited for.
        helping = [one for one in helping if not one.cancel()]
        wait(helping)
    for one in helping:
        one.result()
    return [done[number] for number in sorted(done)]
