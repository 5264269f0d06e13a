"""A thread that takes jobs of some watched folders from the ledger, one after the other."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from unexposed.ledger import Entry, Ledger, LedgerError, Share
from unexposed.worker import Worker

log = logging.getLogger(__name__)

Do = Callable[["Lane", Entry], None]

_LEDGER_RETRY = 2.0
"""Seconds until a job is tried again that the ledger could not take note of."""

_TROUBLE = 60.0
"""Seconds until a job is tried again that met a fault of this program."""

_QUIET = 600.0
"""Seconds that a lane with nothing to do waits at most until it tidies up again."""

_SLOWEST = 300.0
"""Seconds that a job may take beside what its file may take to be read, three times over, before
something must have gone wrong: it is read to be recognised, and a slow disk has to be waited for."""


class Hands:
    """Which job each lane of a ledger is at; `lock` is held while one is taken or settled.

    A job stays in the hands that took it until it is settled, so that no other lane does that. Once
    one is dropped, the ledger may give its number to the next, which another lane takes.
    """

    def __init__(self) -> None:
        """Nothing is at hand."""
        self.lock = threading.Lock()
        self.jobs: dict[Lane, int] = {}


class Lane:
    """Does the jobs of its `share` in order of their arrival, in a worker of its own.

    A job with which something went wrong is settled before the next one is taken; those that other
    lanes have at hand are left alone then.
    """

    def __init__(
        self,
        name: str,
        worker: Worker,
        ledger: Ledger,
        hands: Hands,
        *,
        do: Do,
        tidy: Callable[[], None],
    ) -> None:
        """`do` does a job, and `tidy` is called before the lane waits for one."""
        self.worker = worker
        self.share = Share()
        self.idle_seconds = 0.0
        """Seconds after which a worker with nothing to do is given up."""
        self.warned: set[str] = set()
        """Troubles that the log has told since a job was last done."""
        self.worker_told_of = False
        """Whether a person heard since then that no worker can be started."""
        self._ledger = ledger
        self._hands = hands
        self._do = do
        self._tidy = tidy
        self._wake = threading.Event()
        self._idle = threading.Event()
        self._stopping = False
        self._paused_until = 0.0
        self._begun: float | None = None
        """When the job at hand was begun, by the monotonic clock."""
        self._unsettled: tuple[float, str] | None = None
        """When to try the job again that was begun last, and why it was not brought to its end."""
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def pause(self, until: float) -> None:
        """Begin no job before `until`, in seconds since the epoch."""
        if until != self._paused_until:
            self._paused_until = until
            self._wake.set()

    def wake(self) -> None:
        """Say that there may be a new job, or another share."""
        self._idle.clear()
        self._wake.set()

    def wait_until_idle(self, timeout: float) -> bool:
        """Wait until no job is left that could be done now; return whether that came to be."""
        return self._idle.wait(timeout)

    def goes_on(self) -> bool:
        """Whether the thread is there, and at no job for longer than its worker can be silent."""
        begun = self._begun
        if begun is None or not self._thread.is_alive():
            return self._thread.is_alive()
        most = 3 * self.worker.patience + _SLOWEST
        return time.monotonic() < max(begun, self.worker.heard) + most

    def end(self) -> None:
        """Have the thread end after the job at hand."""
        self._stopping = True
        self._wake.set()

    def join(self, patience: float) -> None:
        """Wait so many seconds at most for the end."""
        if self._thread.is_alive():
            self._thread.join(patience)

    def give_up(self) -> None:
        """Have the job at hand, if it is not finished, be done at the next start."""
        if self._thread.is_alive():
            self.worker.abort()

    def settle_later(self, until: float, reason: str) -> None:
        """Have the job at hand settled before the next, which is not to be tried before `until`."""
        self._unsettled = (until, reason)

    def step(self) -> None:
        """Do a job, or wait for one."""
        self._wake.clear()
        if self._stopping:  # said just before the line above
            return
        self._idle.clear()
        left = self._paused_until - time.time()
        with self._hands.lock:
            if self._unsettled is not None:
                theirs = {job for lane, job in self._hands.jobs.items() if lane is not self}
                self._ledger.settle(*self._unsettled, besides=theirs)
                self._unsettled = None
            self._hands.jobs.pop(self, None)
            job = self._ledger.next(time.time(), self.share) if left <= 0 else None
            if job is not None:
                self._hands.jobs[self] = job.id
        if job is None:
            self._idle.set()
            self._tidy()
            self.rest(left)
            return
        self._begun = time.monotonic()
        try:
            self._do(self, job)
        finally:
            self._begun = None

    def fail(self, problem: Exception) -> None:
        """Have the job at hand, if there is one, settled before the next; the log tells once why."""
        retry, reason = _TROUBLE, "a fault of unexposed itself; the log says more"
        if isinstance(problem, LedgerError):
            retry, reason = _LEDGER_RETRY, str(problem)
        self.settle_later(time.time() + retry, reason)
        once = f"{type(problem).__name__}: {problem}"
        if once not in self.warned:
            self.warned.add(once)
            log.error("a job could not be done and will be tried again", exc_info=problem)

    def rest(self, paused: float) -> None:
        """Wait for a job; a worker with nothing to do for a while is given up.

        None is begun for the seconds that it is `paused`.
        """
        due = self._ledger.waiting(self.share)
        # Never long, as a clock that is set back would make it so.
        pause = None if due is None else min(max(0.0, due - time.time(), paused), _TROUBLE)
        if self.worker.pid is not None and (pause is None or pause > self.idle_seconds):
            if not self._wake.wait(self.idle_seconds):
                self.worker.stop()
            return
        self._wake.wait(_QUIET if pause is None else pause)

    def _run(self) -> None:
        while not self._stopping:
            try:
                self.step()
            except Exception as problem:
                # whatever went wrong (a full disk under the ledger, say), the daemon lives on
                self.fail(problem)
                time.sleep(1)
        self.worker.stop()
