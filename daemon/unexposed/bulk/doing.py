"""What is done to each file of many, and what came of it."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from unexposed import __version__
from unexposed.bulk.files import Found
from unexposed.errors import UnexposedError
from unexposed.exposure import Outcome, Report
from unexposed.fault import blamed
from unexposed.identity import Identity
from unexposed.outbox import Copy, Outbox
from unexposed.pipeline import Gone, Result, Task, clean_file, inspect_file, looked_into
from unexposed.policy import Policy
from unexposed.wording import harmless
from unexposed.worker import Aborted, Reading

if TYPE_CHECKING:
    from unexposed.ledger import Copies, Made

log = logging.getLogger(__name__)


class Finished(msgspec.Struct, frozen=True):
    """What came of one file."""

    found: Found
    result: Result
    before: bool = False
    """Whether an earlier run did it."""

    @property
    def passed_over(self) -> bool:
        """Whether it is nothing to tell of: no picture, and not asked for by name."""
        return self.result.outcome is Outcome.SKIPPED and self.result.report is None

    @property
    def went_wrong(self) -> bool:
        """Whether the exit status should tell of it."""
        return self.result.outcome in (Outcome.HELD, Outcome.FAILED)


class Inspecting:
    """Reports on a file; nothing is written."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def __call__(self, found: Found, worker: Reading) -> Finished:
        """Raise nothing but Aborted."""
        return _guarded(
            found, lambda: Finished(found, inspect_file(found.path, self._policy, worker))
        )


class Cleaning:
    """Cleans a file, unless an earlier run did and neither file, copy nor rules changed since.

    `again` does it in any case. A copy that an earlier run made is replaced. Without `copies`
    nothing is known of earlier runs. May be called from many threads at once.
    """

    def __init__(
        self, policy: Policy, outbox: Outbox, copies: Copies | None = None, *, again: bool = False
    ) -> None:
        self._policy = policy
        self._outbox = outbox
        self._copies = copies
        self._again = again
        self._rules = rules_of(policy)

    def __call__(self, found: Found, worker: Reading) -> Finished:
        """Raise nothing but Aborted."""
        return _guarded(found, lambda: self._do(found, worker))

    def _do(self, found: Found, worker: Reading) -> Finished:
        path = os.path.abspath(found.path)
        made = self._copies.of(path, str(self._outbox.root)) if self._copies else None
        if made is not None and not self._again and self._holds(made):
            return Finished(found, _result_of(made), before=True)
        task = Task(
            path=found.path,
            policy=self._policy,
            folder=found.folder if self._policy.folders == "mirror" else "",
            replaces=made.copy if made else None,
            hashed=False,
        )
        result = clean_file(task, self._outbox, worker, partial(self._announce, path))
        result = looked_into(result, worker)
        self._finish(path, result)
        return Finished(found, result)

    def _holds(self, made: Made) -> bool:
        """Whether doing it anew would bring nothing new."""
        now = Identity.of(os.lstat(made.path))
        return made.finished and made.rules == self._rules and made.identity == now

    def _announce(
        self,
        path: str,
        identity: Identity,
        digest: bytes | None,  # noqa: ARG002
        copy: Copy,
        report: Report,  # noqa: ARG002
    ) -> None:
        if self._copies is not None:
            self._copies.announce(self._made(path, identity, copy=copy))

    def _finish(self, path: str, result: Result) -> None:
        needless = result.outcome is Outcome.SKIPPED and result.report is not None
        if self._copies is None or result.identity is None:
            return
        if result.outcome is Outcome.CLEANED or needless:
            made = self._made(
                path,
                result.identity,
                finished=True,
                outcome=result.outcome,
                reason=result.reason,
                copy=result.copy,
                report=result.report,
            )
            self._copies.finish(made)

    def _made(self, path: str, identity: Identity, **rest: Any) -> Made:
        from unexposed.ledger import Made  # noqa: PLC0415 - 7 ms that `inspect` does without

        outbox = str(self._outbox.root)
        return Made(path=path, outbox=outbox, rules=self._rules, identity=identity, **rest)


def rules_of(policy: Policy) -> bytes:
    """Return what tells one way of cleaning from another: the policy's hash and this version's.

    Any other version may clean differently, so what it made is done anew.
    """
    import hashlib  # noqa: PLC0415 - 3 ms, for OpenSSL, that `inspect` does without

    whole = f"{__version__}\n".encode() + msgspec.json.encode(policy)
    return hashlib.blake2b(whole, digest_size=16).digest()


def _result_of(made: Made) -> Result:
    return Result(
        outcome=made.outcome,
        reason=made.reason,
        report=made.report,
        copy=made.copy,
        identity=made.identity,
    )


def _guarded(found: Found, action: Callable[[], Finished]) -> Finished:
    """Do something to a file; whatever goes wrong costs this file only."""
    if found.problem:
        return Finished(found, Result(outcome=Outcome.FAILED, reason=found.problem))
    try:
        if not found.named and os.lstat(found.path).st_size == 0:
            return _passing_over(found, "it is empty")
        finished = action()
    except Aborted:
        raise
    except (Gone, FileNotFoundError) as problem:
        if not found.named:
            return _passing_over(found, str(problem))
        reason = str(problem)
    except UnexposedError as problem:
        reason = str(problem)
    except OSError as problem:
        reason = f"it cannot be done: {problem.strerror or problem}"
    except Exception as problem:
        log.debug("%s could not be done", harmless(found.path), exc_info=True)
        reason = blamed(problem)
    else:
        if found.named and finished.passed_over:
            held = Result(outcome=Outcome.HELD, reason=finished.result.reason)
            return Finished(found, held)
        return finished
    return Finished(found, Result(outcome=Outcome.FAILED, reason=reason))


def _passing_over(found: Found, reason: str) -> Finished:
    return Finished(found, Result(outcome=Outcome.SKIPPED, reason=reason))
