"""The thread that takes jobs from the ledger, one after the other."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Callable

from unexposed.clock import Clock
from unexposed.config import Config
from unexposed.errors import UnexposedError
from unexposed.exposure import Outcome
from unexposed.ledger import Entry, Ledger, LedgerError
from unexposed.looker import NICENESS, Looker, Pending
from unexposed.outbox import Outbox, OutboxError
from unexposed.pipeline import NotNow, Result, Unreadable, work
from unexposed.policy import Policy
from unexposed.previews import Previews
from unexposed.wording import Notice, harmless, title
from unexposed.worker import Aborted, Worker, WorkerUnavailable

log = logging.getLogger(__name__)

_TROUBLE = 60.0
"""Seconds until a job is tried again that met a fault of this program."""

_DAY = 86_400.0
_TIDY = 3_600.0
"""Seconds between looks for copies that are older than they are to be kept."""

_RETRY: dict[type[UnexposedError], float] = {
    NotNow: 2.0,
    Unreadable: 15.0,
    OutboxError: 15.0,
    WorkerUnavailable: 15.0,
    LedgerError: 2.0,
}
"""Seconds until a job that could not be done yet is tried again."""

_CONCERNS_ALL = (OutboxError, WorkerUnavailable)
"""What keeps every job from being done, and is told to a person."""

_SLOWEST = 300.0
"""Seconds that a job may take beside what its file may take to be read, three times over, before
something must have gone wrong: it is read to be recognised, and a slow disk has to be waited for."""

SIGHT = "sight"
"""The ledger's fact that says why pictures are not searched for what they show, "" when they are."""

_SIGHTLESS = (
    "pictures are not searched for faces, text and codes, as what finds these is not installed;"
    " it comes with pip install 'unexposed[vision]', or say enabled = false below [vision]"
)

_PATIENCE = 1.2
"""Seconds that a stop waits for the job at hand before it gives it up for the next start."""


class Processor:
    """Does the ledger's jobs in order of their arrival.

    Copies are written here, those that are covered in a worker that stands back behind other
    processes, and pictures looked at by a `Looker`. `told` hears of each file that a
    person should hear of, on a thread of either.
    """

    def __init__(self, config: Config, ledger: Ledger, told: Callable[[Notice], None]) -> None:
        self._ledger = ledger
        self._told = told
        self._wake = threading.Event()
        self._stopping = False
        self._worker, self._coverer = (
            Worker(
                timeout=config.worker.timeout_seconds,
                memory_mb=config.worker.memory_mb,
                looks=False,
                sight=config.vision.sight,
                niceness=niceness,
            )
            for niceness in (0, NICENESS)
        )
        self._workers = (self._worker, self._coverer)
        self._looker = Looker(config, self._looked)
        self._seeing: bool | None = None
        """Whether pictures are searched, as far as it was told."""
        self._thread = threading.Thread(target=self._run, name="processor", daemon=True)
        self._idle = threading.Event()
        self._paused_until = 0.0
        self._begun: float | None = None
        """When the job at hand was begun, by the monotonic clock."""
        self._warned: set[str] = set()
        self._told_of: set[type[UnexposedError]] = set()
        self._unsettled: tuple[float, str] | None = None
        """When to try the job again that was begun last, and why it was not brought to its end."""
        self._clock = Clock()
        self._previews = Previews(config.state_path / "previews")
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
        self._ledger.keep_values = config.history.keep_values
        self._looker.use(config)
        self._last = tuple(root for root, policy in policies.items() if policy.covering)
        self._tidy_at = 0.0
        self._wake.set()

    def start(self) -> None:
        """Begin; jobs that the last run left are done first."""
        self.counts.update(self._ledger.counts())
        self._previews.clear()
        self._forget_old_reports()
        self._looker.start()
        self._thread.start()

    def pause(self, until: float) -> None:
        """Begin no job before `until`, in seconds since the epoch."""
        if until != self._paused_until:
            self._paused_until = until
            self._wake.set()

    def wake(self) -> None:
        """Say that there may be a new job."""
        self._idle.clear()
        self._wake.set()

    def wait_until_idle(self, timeout: float) -> bool:
        """Wait until no job is left that could be done now; return whether that came to be."""
        return self._idle.wait(timeout) and self._looker.wait_until_idle(timeout)

    def goes_on(self) -> bool:
        """Whether the thread is there, and no longer at a job than one can take."""
        begun = self._begun
        most = 3 * max(one.patience for one in self._workers) + _SLOWEST
        return self._thread.is_alive() and (begun is None or time.monotonic() - begun < most)

    def stop(self) -> None:
        """End within about two seconds; a job that is not finished then is done at the next start."""
        self._stopping = True
        self._wake.set()
        self._thread.join(_PATIENCE)
        if self._thread.is_alive():
            for one in self._workers:
                one.abort()
            self._thread.join(0.5)
        self._looker.stop()

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._step()
            except Exception as problem:
                # whatever went wrong (a full disk under the ledger, say), the daemon lives on
                self._fail(problem)
                time.sleep(1)
        self._give_up_workers()

    def _step(self) -> None:
        self._wake.clear()
        self._idle.clear()
        if self._unsettled is not None:
            self._ledger.settle(*self._unsettled)
            self._unsettled = None
        left = self._paused_until - time.time()
        job = self._ledger.next(time.time(), last=self._last) if left <= 0 else None
        if job is None:
            self._idle.set()
            self._previews.clear_old()
            self._remove_old_copies()
            self._rest(left)
            return
        self._begun = time.monotonic()
        try:
            self._do(job)
        finally:
            self._begun = None

    def _fail(self, problem: Exception) -> None:
        """Have the job at hand, if there is one, settled before the next; the log tells once why."""
        retry, reason = _TROUBLE, "a fault of unexposed itself; the log says more"
        if isinstance(problem, LedgerError):
            retry, reason = _RETRY[LedgerError], str(problem)
        self._unsettled = (time.time() + retry, reason)
        once = f"{type(problem).__name__}: {problem}"
        if once not in self._warned:
            self._warned.add(once)
            log.error("a job could not be done and will be tried again", exc_info=problem)

    def _rest(self, paused: float) -> None:
        """Wait for a job; a worker with nothing to do for a while is given up.

        None is begun for the seconds that it is `paused`.
        """
        due = self._ledger.waiting()
        # Never long, as a clock that is set back would make it so.
        pause = None if due is None else min(max(0.0, due - time.time(), paused), _TROUBLE)
        idle = self._settings[0].worker.idle_seconds
        if any(one.pid for one in self._workers) and (pause is None or pause > idle):
            if not self._wake.wait(idle):
                self._give_up_workers()
                self._forget_old_reports()
            return
        self._wake.wait(_TIDY if pause is None else pause)

    def _give_up_workers(self) -> None:
        for one in self._workers:
            one.stop()

    def _remove_old_copies(self) -> None:
        """From time to time, remove the copies that are older than they are to be kept."""
        config, _, outbox = self._settings
        now = time.monotonic()
        if not config.keep_copies_days or not self._clock.is_steady() or now < self._tidy_at:
            return
        self._tidy_at = now + _TIDY
        until = time.time() - config.keep_copies_days * _DAY
        copies = (entry.copy for entry in self._ledger.copied_before(until))
        try:
            removed = sum(outbox.remove(copy) for copy in copies if copy)
        except OutboxError as problem:
            log.warning("%s", problem)
        else:
            if removed:
                log.info("%d copies were older than they are to be kept and are removed", removed)

    def _forget_old_reports(self) -> None:
        kept = self._settings[0].history.keep_days * _DAY
        if self._clock.is_steady():
            self._ledger.forget_old_reports(time.time() - kept)

    def _do(self, job: Entry) -> None:
        config, policies, outbox = self._settings
        policy = policies.get(job.root)
        if policy is None:
            self._ledger.drop(job)  # its folder is not watched any more
            return
        worker = self._coverer if policy.covering else self._worker
        worker.home = config.home
        afresh = not self._prepared
        try:
            if afresh:
                outbox.prepare()
                self._prepared = True
            result = work(job, policy, outbox, worker, self._ledger)
        except Aborted:
            return  # it is taken up again at the next start
        except OutboxError as problem:
            self._prepared = False
            if afresh:
                self._put_off(job, problem)
            else:  # it may only have been removed, so it is made anew at once
                self._unsettled = (0.0, "")
        except (NotNow, WorkerUnavailable) as problem:
            self._put_off(job, problem)
        else:
            if result is not None:
                self._finished(job, result, policy, outbox, worker)

    def _put_off(self, job: Entry, problem: UnexposedError) -> None:
        """Have a job wait, and those behind it where they would meet the same."""
        now, reason = time.time(), str(problem)
        until = now + _RETRY[type(problem)]
        self._unsettled = (until, reason)
        if isinstance(problem, _CONCERNS_ALL):
            self._ledger.postpone_all(now, until, reason)
        if reason in self._warned:
            return
        self._warned.add(reason)
        name = os.path.basename(job.path)
        log.warning("%s waits: %s", harmless(name), harmless(reason))
        if isinstance(problem, _CONCERNS_ALL) and type(problem) not in self._told_of:
            self._told_of.add(type(problem))
            self._told(Notice(name=name, path=job.path, outcome=Outcome.WAITING, reason=reason))

    def _finished(
        self, job: Entry, result: Result, policy: Policy, outbox: Outbox, worker: Worker
    ) -> None:
        """Count and tell of a job that `worker` has done, and that stays so whatever happens here."""
        self._warned.clear()
        self._told_of.clear()
        self.counts[result.outcome.value] += 1
        self._say_when_sightless(worker)
        later = result.more
        told = not later or self._looker.behind
        try:
            if told:
                self._tell(job, result, outbox.root.name, worker)
        except Exception:
            log.exception("%s is done but could not be told of", harmless(job.path))
        if later:
            self._looker.add(Pending(job, result, policy, outbox.root.name, told))

    def _looked(self, pending: Pending, looked: Result) -> None:
        """Hear from the looker of a picture that was looked at."""
        if looked.report is not None and looked is not pending.result:
            self._ledger.amend(pending.job, looked.report)
        if not pending.told:
            self._tell(pending.job, looked, pending.outbox, self._looker.worker)

    def _say_when_sightless(self, worker: Worker) -> None:
        """Tell once that pictures are not searched for what they show, where that was wanted."""
        sees = worker.sees or not self._settings[0].vision.enabled
        if worker.sees is None or sees is self._seeing:
            return
        self._seeing = sees
        self._ledger.note(SIGHT, "" if sees else _SIGHTLESS)
        if not sees:
            log.warning(_SIGHTLESS)

    def _tell(self, job: Entry, result: Result, outbox: str, worker: Worker) -> None:
        """Tell of a file; `worker` is that of the thread which calls."""
        if result.outcome is Outcome.SKIPPED:
            log.debug("%s skipped: %s", harmless(os.path.basename(job.path)), result.reason)
            return
        notice = Notice(
            name=os.path.basename(job.path),
            preview=self._preview_of(result, worker),
            path=job.path,
            folder=job.root,
            outcome=result.outcome,
            report=result.report,
            reason=result.reason,
            output=result.copy.path if result.copy else None,
            outbox=outbox,
        )
        reason = f" ({harmless(result.reason)})" if result.reason else ""
        log.info("%s%s", title(notice), reason)
        self._told(notice)

    def _preview_of(self, result: Result, worker: Worker) -> str:
        """Return the path of a small picture of the clean copy, if its notification can show one.

        In a burst none could, so that files which wait go first.
        """
        wanted = self._settings[0].notifications.enabled and self._ledger.waiting() is None
        if result.copy is None or not wanted or self._stopping:
            return ""
        return self._previews.make(result.copy.path, worker)
