"""What is done with the ledger's jobs: copies are made, pictures looked at, and files told of."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Callable

import msgspec

from unexposed.clock import Clock
from unexposed.config import Config
from unexposed.errors import UnexposedError
from unexposed.exposure import Outcome
from unexposed.lane import Hands, Lane
from unexposed.ledger import EVERY, Entry, Ledger, LedgerError, Share
from unexposed.looker import Looker, Pending
from unexposed.outbox import Outbox, OutboxError
from unexposed.pipeline import NotNow, Result, Unreadable, work
from unexposed.policy import Policy
from unexposed.previews import Previews
from unexposed.wording import Notice, harmless, title
from unexposed.worker import Aborted, Worker, WorkerUnavailable

log = logging.getLogger(__name__)

_DAY = 86_400.0

_TIDY = 3_600.0
"""Seconds at most between two looks for reports and copies that are old."""

_RETRY: dict[type[UnexposedError], float] = {
    NotNow: 2.0,
    Unreadable: 15.0,
    OutboxError: 15.0,
    WorkerUnavailable: 15.0,
}
"""Seconds until a job that could not be done yet is tried again."""

_CONCERNS_ALL = (OutboxError, WorkerUnavailable)
"""What keeps every job from being done, and is told to a person."""

SIGHT = "sight"
"""The ledger's fact that says why pictures are not searched for what they show, "" when they are."""

_SIGHTLESS = (
    "pictures are not searched for faces, text and codes, as what finds these is not installed;"
    " it comes with pip install 'unexposed[vision]', or say enabled = false below [vision]"
)

_NICENESS = 10
"""By how much workers that search pictures stand back behind other processes."""

_PATIENCE = 1.2
"""Seconds that a stop waits for the jobs at hand before it gives them up for the next start."""

_GRACE = 0.5
"""Seconds that it waits for the end of a job that was given up."""


class Processor:
    """Does the ledger's jobs, each lane its own in order of their arrival.

    Files whose policy covers something have a lane for themselves, as that takes long: its worker
    stands back behind other processes, and no other file waits for it. Pictures are looked at by a
    `Looker`. `told` hears of each file that a person should hear of, on a thread of either.
    """

    def __init__(self, config: Config, ledger: Ledger, told: Callable[[Notice], None]) -> None:
        self._ledger = ledger
        self._told = told
        hands = Hands()
        cleaner = _worker(config, looks=False)
        coverer = _worker(config, looks=False, niceness=_NICENESS)
        self._cleaning = Lane("processor", cleaner, ledger, hands, do=self._do, tidy=self._tidy)
        self._covering = Lane("coverer", coverer, ledger, hands, do=self._do, tidy=lambda: None)
        self._lanes = (self._cleaning, self._covering)
        looker = _worker(config, looks=True, niceness=_NICENESS)
        self._looker = Looker(looker, config, ledger.report_of, self._looked)
        self._seeing: bool | None = None
        """Whether pictures are searched, as far as it was told."""
        self._clock = Clock()
        self._previews = Previews(config.state_path / "previews")
        self._counting = threading.Lock()
        self._prepared: Outbox | None = None
        """The outbox that could be used when it was looked at last."""
        self._outbox_told_of = False
        """Whether a person heard of the outbox's trouble, which is that of all lanes."""
        self._stopping = False
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
        self._ledger.keep_values = config.history.keep_values
        self._looker.use(config)
        covered = tuple(root for root, policy in policies.items() if policy.covering)
        self._cleaning.share, self._covering.share = Share(covered), Share(covered, others=False)
        self._tidy_at = 0.0
        for lane in self._lanes:
            lane.idle_seconds = config.worker.idle_seconds
            lane.wake()

    def start(self) -> None:
        """Begin; jobs that the last run left are done first."""
        self.counts.update(self._ledger.counts())
        self._previews.clear()
        self._looker.start()
        for lane in self._lanes:
            lane.start()

    def pause(self, until: float) -> None:
        """Begin no job before `until`, in seconds since the epoch."""
        for lane in self._lanes:
            lane.pause(until)

    def wake(self) -> None:
        """Say that there may be a new job."""
        for lane in self._lanes:
            lane.wake()

    def wait_until_idle(self, timeout: float) -> bool:
        """Wait until no job is left that could be done now; return whether that came to be."""
        return all(one.wait_until_idle(timeout) for one in (*self._lanes, self._looker))

    def goes_on(self) -> bool:
        """Whether the threads are there, and no longer at a job than one can take."""
        return all(lane.goes_on() for lane in self._lanes)

    def stop(self) -> None:
        """End within about two seconds; a job that is not finished then is done at the next start."""
        self._stopping = True
        for lane in self._lanes:
            lane.end()
        self._looker.end()
        self._join(_PATIENCE)
        for lane in self._lanes:
            lane.give_up()
        self._join(_GRACE)
        self._looker.stop()  # only now, as the lanes' last jobs are told of by it

    def _join(self, patience: float) -> None:
        """Wait so many seconds at most for the end of all lanes."""
        until = time.monotonic() + patience
        for lane in self._lanes:
            lane.join(max(0.0, until - time.monotonic()))

    def _tidy(self) -> None:
        """Remove small pictures that nobody looks at, and from time to time what is old."""
        self._previews.clear_old()
        now = time.monotonic()
        if not self._clock.is_steady() or now < self._tidy_at:
            return
        self._tidy_at = now + _TIDY
        self._forget_old_reports()
        self._remove_old_copies()

    def _remove_old_copies(self) -> None:
        config, _, outbox = self._settings
        if not config.keep_copies_days:
            return
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
        self._ledger.forget_old_reports(time.time() - kept)

    def _do(self, lane: Lane, job: Entry) -> None:
        config, policies, outbox = self._settings
        policy = policies.get(job.root)
        if policy is None:
            self._ledger.drop(job)  # its folder is not watched any more
            return
        lane.worker.home = config.home
        afresh = self._prepared is not outbox
        try:
            if afresh:
                outbox.prepare()
                self._prepared = outbox
            result = work(job, policy, outbox, lane.worker, self._ledger)
        except Aborted:
            return  # it is taken up again at the next start
        except OutboxError as problem:
            self._prepared = None
            if afresh:
                self._put_off(lane, job, problem)
            else:  # it may only have been removed, so it is made anew at once
                lane.settle_later(0.0, "")
        except (NotNow, WorkerUnavailable) as problem:
            self._put_off(lane, job, problem)
        else:
            if result is not None:
                self._finished(lane, job, result, policy, outbox)

    def _put_off(self, lane: Lane, job: Entry, problem: UnexposedError) -> None:
        """Have a job wait, and those behind it where they would meet the same."""
        now, reason = time.time(), str(problem)
        until = now + _RETRY[type(problem)]
        lane.settle_later(until, reason)
        if isinstance(problem, _CONCERNS_ALL):
            share = lane.share if isinstance(problem, WorkerUnavailable) else EVERY
            self._ledger.postpone_all(now, until, reason, share)
        if reason in lane.warned:
            return
        lane.warned.add(reason)
        name = os.path.basename(job.path)
        log.warning("%s waits: %s", harmless(name), harmless(reason))
        if isinstance(problem, _CONCERNS_ALL) and not self._heard_of(lane, problem):
            self._told(Notice(name=name, path=job.path, outcome=Outcome.WAITING, reason=reason))

    def _heard_of(self, lane: Lane, problem: UnexposedError) -> bool:
        """Tell whether a person heard of such trouble before, and take it that one does now."""
        if isinstance(problem, OutboxError):
            before, self._outbox_told_of = self._outbox_told_of, True
            return before
        before, lane.worker_told_of = lane.worker_told_of, True
        return before

    def _finished(
        self, lane: Lane, job: Entry, result: Result, policy: Policy, outbox: Outbox
    ) -> None:
        """Count and tell of a job that a lane has done, and that stays so whatever happens here."""
        lane.warned.clear()
        lane.worker_told_of = False
        if result.copy is not None:
            self._outbox_told_of = False
        with self._counting:
            self.counts[result.outcome.value] += 1
        self._say_when_sightless(lane.worker)
        later = result.more
        told = not later or self._looker.behind
        try:
            if told:
                self._tell(job, result, outbox.root.name, lane.worker)
        except Exception:
            log.exception("%s is done but could not be told of", harmless(job.path))
        if later:
            if told and self._ledger.keep_values:
                result = msgspec.structs.replace(result, report=None)
            self._looker.add(Pending(job, result, policy, outbox.root.name, told))

    def _looked(self, pending: Pending, looked: Result) -> None:
        """Hear from the looker of a picture that was looked at."""
        if looked.report is not None and looked is not pending.result:
            try:
                self._ledger.amend(pending.job, looked.report)
            except LedgerError as problem:
                name = harmless(os.path.basename(pending.job.path))
                log.warning("what %s shows is not remembered: %s", name, problem)
        if not pending.told:
            self._tell(pending.job, looked, pending.outbox, self._looker.worker)

    def _say_when_sightless(self, worker: Worker) -> None:
        """Tell once that pictures are not searched for what they show, where that was wanted."""
        sees = worker.sees or not self._settings[0].vision.enabled
        if worker.sees is None or sees is self._seeing:
            return
        try:
            self._ledger.note(SIGHT, "" if sees else _SIGHTLESS)
        except LedgerError as problem:
            log.warning("%s", problem)  # and it is said with the next file
            return
        self._seeing = sees
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

        In a burst none could, so that files which wait go first; those that are covered do not count.
        """
        wanted = self._settings[0].notifications.enabled and not self._stopping
        if result.copy is None or not wanted:
            return ""
        if self._ledger.waiting(self._cleaning.share) is not None:
            return ""
        return self._previews.make(result.copy.path, worker)


def _worker(config: Config, *, looks: bool, niceness: int = 0) -> Worker:
    return Worker(
        timeout=config.worker.timeout_seconds,
        memory_mb=config.worker.memory_mb,
        looks=looks,
        sight=config.vision.sight,
        niceness=niceness,
    )
