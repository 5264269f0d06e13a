"""The thread that looks at pictures whose copies are done already, behind everything else."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections.abc import Callable

import msgspec

from unexposed.config import Config
from unexposed.exposure import Report
from unexposed.ledger import Entry
from unexposed.pipeline import Result, looked_at
from unexposed.policy import Policy
from unexposed.wording import harmless
from unexposed.worker import Aborted, Worker, WorkerUnavailable

log = logging.getLogger(__name__)

_PATIENCE = 4
"""Pictures that are told of only when they were looked at; with more waiting they are told of at once."""

_GRACE = 0.5
"""Seconds that a stop waits for the end of the look at hand, which is given up."""


class Pending(msgspec.Struct, frozen=True):
    """A file that is done, and what is known of it before it is looked at.

    A result without a report has it in the ledger: thousands may wait for a look.
    """

    job: Entry
    result: Result
    policy: Policy
    outbox: str
    told: bool
    """Whether a person heard of it already."""


class Looker:
    """Looks at one picture after the other, in a worker of its own, so that no copy waits for it.

    `done` hears of each with what was found, on the looker's own thread; `report_of` returns the
    report that a job has in the ledger.
    """

    def __init__(
        self,
        worker: Worker,
        config: Config,
        report_of: Callable[[Entry], Report | None],
        done: Callable[[Pending, Result], None],
    ) -> None:
        self.worker = worker
        self._config = config
        self._report_of = report_of
        self._done = done
        self._waiting: queue.Queue[Pending | None] = queue.Queue()
        """The pictures; None wakes the thread to see that it has to end."""
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="looker", daemon=True)

    def use(self, config: Config) -> None:
        """Take up a configuration, from the next picture on."""
        self._config = config

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def behind(self) -> bool:
        """Whether so many pictures wait that a person should not have to wait for them."""
        return self._waiting.qsize() >= _PATIENCE

    def add(self, pending: Pending) -> None:
        """Have a picture looked at when those before it were."""
        self._waiting.put(pending)

    def wait_until_idle(self, timeout: float) -> bool:
        """Wait until no picture is left to look at; return whether that came to be."""
        done = self._waiting.all_tasks_done
        with done:
            return done.wait_for(lambda: not self._waiting.unfinished_tasks, timeout)

    def end(self) -> None:
        """Have the thread end at once; `stop` waits for that."""
        self._stopping = True
        self.worker.abort()
        self._waiting.put(None)

    def stop(self) -> None:
        """End at once; what was not looked at is told of as it is known."""
        self.end()
        if self._thread.is_alive():
            self._thread.join(_GRACE)
        with contextlib.suppress(queue.Empty):  # a thread that did not end takes one at most
            while True:
                self._deal_with(self._waiting.get_nowait(), lambda pending: pending.result)
        self.worker.stop()

    def step(self, seconds: float) -> None:
        """Look at the next picture, for which it waits so long; then the worker is given up."""
        try:
            pending = self._waiting.get(timeout=seconds)
        except queue.Empty:
            self.worker.stop()
            return
        self._deal_with(pending, self._look)

    def _deal_with(self, pending: Pending | None, look: Callable[[Pending], Result]) -> None:
        try:
            if pending is not None:
                self._tell(pending, look(pending))
        finally:
            self._waiting.task_done()

    def _look(self, pending: Pending) -> Result:
        """Return what is known of a picture once it was looked at, or could not be."""
        self.worker.home = self._config.home
        job, known = pending.job, pending.result
        name = harmless(job.path)
        try:
            if known.report is None:
                known = msgspec.structs.replace(known, report=self._report_of(job))
            if known.report is None:
                return pending.result  # it was forgotten
            looked = looked_at(job.path, known, pending.policy, self.worker)
            return pending.result if looked is known else looked
        except Aborted:
            pass
        except WorkerUnavailable as problem:
            log.warning("%s is not looked at: %s", name, problem)
        except Exception:  # the copy is out, and a person is to hear of it whatever is wrong here
            log.exception("%s could not be looked at", name)
        return pending.result

    def _tell(self, pending: Pending, looked: Result) -> None:
        try:
            self._done(pending, looked)
        except Exception:  # the next picture is to be looked at all the same
            log.exception("%s is done but could not be told of", harmless(pending.job.path))

    def _run(self) -> None:
        while not self._stopping:
            try:
                self.step(self._config.worker.idle_seconds or 1.0)
            except Exception:  # without this thread no picture would be looked at any more
                log.exception("the looker met an error, and goes on")
