"""The thread that takes jobs from the ledger, one after the other."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Callable

from unexposed.config import Config
from unexposed.exposure import Outcome
from unexposed.ledger import Entry, Ledger
from unexposed.outbox import Outbox, OutboxError
from unexposed.pipeline import NotNow, Result, looked_into, work
from unexposed.policy import Policy
from unexposed.wording import Notice, harmless, title
from unexposed.worker import Aborted, Worker

log = logging.getLogger(__name__)

_RETRY = {NotNow: 2.0, OutboxError: 15.0}
"""Seconds until a job that could not be done yet is tried again."""

_TROUBLE = 60.0
"""Seconds until a job is tried again that met a fault of this program."""

_PATIENCE = 1.2
"""Seconds that a stop waits for the job at hand before it gives it up for the next start."""


class Processor:
    """Does the ledger's jobs in order of their arrival.

    `told` hears of each file that a person should hear of, on the processor's own thread.
    """

    def __init__(self, config: Config, ledger: Ledger, told: Callable[[Notice], None]) -> None:
        self._ledger = ledger
        self._told = told
        self._wake = threading.Event()
        self._stopping = False
        self._worker = Worker(
            timeout=config.worker.timeout_seconds, memory_mb=config.worker.memory_mb
        )
        self._thread = threading.Thread(target=self._run, name="processor", daemon=True)
        self._idle = threading.Event()
        self._warned: set[str] = set()
        self.counts: Counter[str] = Counter()
        self.use(config)

    def use(self, config: Config) -> None:
        """Take up a configuration, from the next job on."""
        policies = {watch.path: config.policy_for(watch) for watch in config.watch}
        self._settings: tuple[Config, dict[str, Policy], Outbox] = (
            config,
            policies,
            Outbox(config.outbox_path),
        )
        self._prepared = False

    def start(self) -> None:
        """Begin; jobs that the last run left are done first."""
        self.counts.update(self._ledger.counts())
        self._thread.start()

    def wake(self) -> None:
        """Say that there may be a new job."""
        self._idle.clear()
        self._wake.set()

    def wait_until_idle(self, timeout: float) -> bool:
        """Wait until no job is left that could be done now; return whether that came to be."""
        return self._idle.wait(timeout)

    def stop(self) -> None:
        """End within about two seconds; a job that is not finished then is done at the next start."""
        self._stopping = True
        self._wake.set()
        self._thread.join(_PATIENCE)
        if self._thread.is_alive():
            self._worker.abort()
            self._thread.join(0.5)

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._step()
            except Exception:
                # whatever went wrong (a full disk under the ledger, say), the daemon lives on
                log.exception("a job could not be done and will be tried again")
                time.sleep(1)
        self._worker.stop()

    def _step(self) -> None:
        self._wake.clear()
        job = self._ledger.next(time.time())
        if job is None:
            self._idle.set()
            self._rest()
            return
        try:
            self._do(job)
        except Exception:
            self._ledger.postpone(job, time.time() + _TROUBLE, "a fault of unexposed itself")
            raise

    def _rest(self) -> None:
        """Wait for a job; a worker with nothing to do for a while is given up."""
        due = self._ledger.waiting()
        pause = None if due is None else max(0.0, due - time.time())
        idle = self._settings[0].worker.idle_seconds
        if self._worker.pid is not None and (pause is None or pause > idle):
            if not self._wake.wait(idle):
                self._worker.stop()
            return
        self._wake.wait(pause)

    def _do(self, job: Entry) -> None:
        config, policies, outbox = self._settings
        self._worker.home = config.home
        policy = policies.get(job.root)
        if policy is None:
            self._ledger.drop(job)  # its folder is not watched any more
            return
        try:
            if not self._prepared:
                outbox.prepare()
                self._prepared = True
            result = work(job, policy, outbox, self._worker, self._ledger)
        except Aborted:
            return  # it is taken up again at the next start
        except (NotNow, OutboxError) as problem:
            self._prepared = False
            self._postpone(job, problem)
            return
        if result is not None:
            self._tell(job, result, outbox)

    def _postpone(self, job: Entry, problem: NotNow | OutboxError) -> None:
        reason = str(problem)
        self._ledger.postpone(job, time.time() + _RETRY[type(problem)], reason)
        if reason not in self._warned:
            self._warned.add(reason)
            log.warning("%s waits: %s", harmless(os.path.basename(job.path)), harmless(reason))

    def _tell(self, job: Entry, result: Result, outbox: Outbox) -> None:
        self._warned.clear()
        self.counts[result.outcome.value] += 1
        looked = looked_into(result, self._worker)
        if looked.report is not None and looked is not result:
            self._ledger.amend(job, looked.report)
        if result.outcome is Outcome.SKIPPED:
            log.debug("%s skipped: %s", harmless(os.path.basename(job.path)), result.reason)
            return
        notice = Notice(
            name=os.path.basename(job.path),
            outcome=result.outcome,
            report=looked.report,
            reason=result.reason,
            output=result.copy.path if result.copy else None,
            outbox=outbox.root.name,
        )
        reason = f" ({harmless(result.reason)})" if result.reason else ""
        log.info("%s%s", title(notice), reason)
        self._told(notice)
