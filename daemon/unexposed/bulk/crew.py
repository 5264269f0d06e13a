"""A crew: threads that do one thing to many items, and the workers that they share.

The workers' processes do the work; a thread takes the next item, waits for a worker, and hands
over what came of it. There are more threads than workers, so that while one waits for the disk
its worker has the next item at hand.
"""

from __future__ import annotations

import enum
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, NamedTuple, Self, TypeVar

from unexposed.bulk.lending import Lent
from unexposed.worker import Aborted, Reading, Worker

Item = TypeVar("Item")
Done = TypeVar("Done")

_AHEAD = 8
"""Items for each worker that may be taken before what came of them is taken from the crew."""

_HANDS = 4
"""Threads for each worker."""

_PATIENCE = 1.0
"""Seconds that a stop waits for what is in hand before it gives it up."""

_LAST = 0.5
"""Seconds that threads get to notice that their workers were ended."""

_PULSE = 0.05
"""Seconds between attempts to end a worker: one that was just being started is met by the next."""


class _Word(enum.Enum):
    """What the crew's threads and `stop` say beside results."""

    ENDED = enum.auto()
    STOP = enum.auto()


class _Result(NamedTuple, Generic[Done]):
    number: int
    done: Done


class Crew(Generic[Item, Done]):
    """Does `do(item, worker)` to all items, with `jobs` workers; iterate over it for the results.

    Items are taken only as results are, so neither pile up. Results come as they are finished, or
    with `in_order` in the order of their items. `do` should raise nothing but Aborted; what
    else it or the items raise ends the iteration with that.
    """

    def __init__(
        self,
        items: Iterable[Item],
        do: Callable[[Item, Reading], Done],
        new_worker: Callable[[], Worker],
        *,
        jobs: int,
        in_order: bool = False,
    ) -> None:
        self._items = enumerate(items)
        self._taking = threading.Lock()
        self._do = do
        self._in_order = in_order
        self._workers = [new_worker() for _ in range(jobs)]
        self._idle: queue.LifoQueue[Worker] = queue.LifoQueue()
        for worker in reversed(self._workers):
            self._idle.put(worker)
        self._leaving = threading.Lock()
        self._present = self._at_work = 0
        self._stopping = False
        self._give_up_at: float | None = None
        self._trouble: BaseException | None = None
        # A stop may come from a signal's handler, in the middle of anything: these let it.
        self._said: queue.SimpleQueue[_Result[Done] | _Word] = queue.SimpleQueue()
        self._room: queue.SimpleQueue[None] = queue.SimpleQueue()
        for _ in range(jobs * _AHEAD):
            self._room.put(None)

    def __enter__(self) -> Self:
        self._present = self._at_work = len(self._workers) * _HANDS
        for _ in range(self._at_work):
            threading.Thread(target=self._run, name="crew", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        while self._hear() is not None:
            pass

    def __iter__(self) -> Iterator[Done]:
        early: dict[int, Done] = {}
        due = 0
        while (result := self._hear()) is not None:
            if not self._in_order:
                self._room.put(None)
                yield result.done
                continue
            early[result.number] = result.done
            while due in early:
                self._room.put(None)
                yield early.pop(due)
                due += 1
        for number in sorted(early):  # a stop left gaps before them
            yield early[number]
        if self._trouble is not None:
            raise self._trouble

    def stop(self) -> None:
        """Take no more items, and end the iteration within two seconds.

        What is in hand gets a second to be finished. May be called from any thread, and from
        a signal's handler.
        """
        if self._stopping:
            return
        self._stopping = True
        self._give_up_at = time.monotonic() + _PATIENCE
        for _ in range(len(self._workers) * _HANDS):
            self._room.put(None)
        self._said.put(_Word.STOP)

    def _hear(self) -> _Result[Done] | None:
        """Return the next result, None when there will be none."""
        while self._at_work:
            try:
                said = self._said.get(timeout=self._patience())
            except queue.Empty:
                assert self._give_up_at is not None
                if time.monotonic() > self._give_up_at + _LAST:
                    self._at_work = 0
                for worker in self._workers:
                    worker.abort()
                continue
            if isinstance(said, _Result):
                return said
            if said is _Word.ENDED:
                self._at_work -= 1
        return None

    def _patience(self) -> float | None:
        if self._give_up_at is None:
            return None
        return max(_PULSE, self._give_up_at - time.monotonic())

    def _run(self) -> None:
        # A signal for the whole group, as Ctrl-C is, is the main thread's to answer. The workers
        # inherit this mask: one would die of the signal, and its file be held back for that.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        lent = Lent(self._idle)
        try:
            while (taken := self._take()) is not None:
                number, item = taken
                self._said.put(_Result(number, self._do(item, lent)))
                lent.give_back()
        except Aborted:
            pass
        except BaseException as problem:
            self._trouble = problem
            self.stop()
        finally:
            lent.give_back()
            self._leave()
            self._said.put(_Word.ENDED)

    def _leave(self) -> None:
        """End the workers with the last thread that goes."""
        with self._leaving:
            self._present -= 1
            if not self._present:
                for worker in self._workers:
                    worker.stop()

    def _take(self) -> tuple[int, Item] | None:
        self._room.get()
        with self._taking:
            return None if self._stopping else next(self._items, None)
