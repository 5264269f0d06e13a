"""Workers that are lent: each thread has one for as long as a file needs it, and no longer."""

from __future__ import annotations

import queue

from unexposed.exposure import Finding
from unexposed.policy import Policy
from unexposed.worker import Done, Refused, Worker


class Lent:
    """Some idle worker, had from `run` until nothing more is to come of that file."""

    def __init__(self, idle: queue.LifoQueue[Worker]) -> None:
        self._idle = idle
        self._worker: Worker | None = None

    def run(self, policy: Policy, source: int, output: int | None = None) -> Done | Refused:
        """Do as a worker does, once one is idle."""
        self.give_back()
        worker = self._worker = self._idle.get()
        reply = worker.run(policy, source, output)
        if not worker.looking:
            self.give_back()
        return reply

    def look(self) -> tuple[Finding, ...]:
        """Do as the worker does that `run` had."""
        found = self._worker.look() if self._worker is not None else ()
        self.give_back()
        return found

    def give_back(self) -> None:
        """Let others have the worker, whatever it is at."""
        if self._worker is not None:
            self._idle.put(self._worker)
            self._worker = None
