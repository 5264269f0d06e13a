"""One file from its path to its outcome."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, overload

import msgspec

from unexposed.errors import Held, UnexposedError
from unexposed.exposure import (
    Finding,
    Outcome,
    Report,
    in_a_copy,
    looked_closer,
    worst_first,
)
from unexposed.identity import Identity
from unexposed.naming import is_numbered, told_by, wanted_name
from unexposed.outbox import Copy, Draft, Outbox, OutboxError
from unexposed.policy import Policy
from unexposed.worker import Done, Kind, Reading, Refused, Worker

if TYPE_CHECKING:
    from unexposed.ledger import Entry, Ledger


class Gone(UnexposedError):
    """The file is not there any more."""


class NotNow(UnexposedError):
    """The file cannot be dealt with yet, as it is changing."""


class Unreadable(NotNow):
    """The system does not let the file be read at present, for a reason that may pass."""


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one file.

    `identity` tells which file it was, `digest` (SHA-256) on which content there was a verdict.
    """

    outcome: Outcome
    reason: str = ""
    report: Report | None = None
    copy: Copy | None = None
    identity: Identity | None = None
    digest: bytes | None = None
    more: bool = False
    """Whether decoding the picture would tell more."""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One file to clean: its path, the rules, and where the copy goes.

    `folder` is a sub-folder of the outbox, `replaces` an earlier copy that this one replaces. With
    `hashed` the content's digest is told, which takes reading it once more.
    """

    path: str
    policy: Policy
    folder: str = ""
    replaces: Copy | None = None
    hashed: bool = True


_OUTCOMES: dict[Kind, Outcome] = {
    "unsupported": Outcome.SKIPPED,
    "held": Outcome.HELD,
    "crashed": Outcome.HELD,
    "full": Outcome.FAILED,
    "failed": Outcome.FAILED,
}

_NO_VERDICT: frozenset[Kind] = frozenset({"unsupported", "crashed"})
"""Refusals after which no digest is taken: of a file of any size, or that is worth another try."""

_NOT_REGULAR = "it is not a regular file"
_REFUSALS = {
    errno.ELOOP: "it is a symbolic link, which is not followed",
    errno.EACCES: "it cannot be opened: Permission denied",
    errno.EPERM: "it cannot be opened: Operation not permitted",
    errno.ENXIO: _NOT_REGULAR,
    errno.ENODEV: _NOT_REGULAR,
}
"""What opening says of the file itself; whatever else it says is the system's trouble of the moment."""

Announce = Callable[[Identity, bytes | None, Copy, Report], None]


@contextmanager
def opened(path: str) -> Iterator[int]:
    """Open a file for reading, without following a link or waiting on a pipe.

    Raises Gone when nothing is there, Held when it is no regular file or may not be read,
    Unreadable when the system fails.
    """
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags)
    except (FileNotFoundError, NotADirectoryError) as problem:
        raise Gone(f"{path} is not there any more") from problem
    except OSError as problem:
        if problem.errno in _REFUSALS:
            raise Held(_REFUSALS[problem.errno]) from problem
        raise Unreadable(f"it cannot be opened: {problem.strerror}") from problem
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Held(_NOT_REGULAR)
        yield descriptor
    finally:
        os.close(descriptor)


def digest_of(descriptor: int) -> bytes:
    """Return the SHA-256 of an open file's content; the position moves to its end.

    Raises Unreadable.
    """
    import hashlib  # noqa: PLC0415 - 3 ms, for OpenSSL, that `inspect` does without

    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        with open(descriptor, "rb", buffering=0, closefd=False) as content:
            return hashlib.file_digest(content, "sha256").digest()
    except OSError as problem:
        raise Unreadable(f"it cannot be read: {problem.strerror}") from problem


def inspect_file(path: str, policy: Policy, worker: Reading) -> Result:
    """Report what a file would give away; nothing is written.

    Raises Gone, Unreadable and WorkerUnavailable.
    """
    try:
        with opened(path) as source:
            reply = worker.run(policy, source)
    except Held as problem:
        return Result(outcome=Outcome.HELD, reason=str(problem))
    report = _with_name(reply.report, path)
    if isinstance(reply, Refused):
        return Result(outcome=_OUTCOMES[reply.kind], reason=reply.reason, report=report)
    return looked_into(Result(outcome=Outcome.INSPECTED, report=report), worker)


def clean_file(
    task: Task, outbox: Outbox, worker: Reading, announce: Announce = lambda *_: None
) -> Result:
    """Write a verified clean copy of a file into the outbox.

    `announce` hears of the copy just before it appears. The source is opened for reading
    only. Raises Gone when it is not there, NotNow when it changed while it was read or cannot
    be read at present, OutboxError when the outbox cannot be used or has no room, and
    WorkerUnavailable.
    """
    try:
        with opened(task.path) as source:
            identity = Identity.of(os.fstat(source))
            with outbox.draft() as draft:
                reply = worker.run(task.policy, source, draft.descriptor)
                if isinstance(reply, Refused):
                    if reply.kind == "full":
                        raise OutboxError(f"the outbox {outbox.root} is full: {reply.reason}")
                    return _refused(reply, task, source, identity)
                digest = digest_of(source) if task.hashed else None
                _see_unchanged(task.path, source, identity)
                if not reply.copied:
                    return Result(
                        outcome=Outcome.SKIPPED,
                        reason="it gives nothing away, so no copy was written",
                        report=_with_name(reply.report, task.path),
                        identity=identity,
                        digest=digest,
                        more=reply.more,
                    )
                copy = _publish(task, outbox, draft, reply, partial(announce, identity, digest))
    except Held as problem:
        return Result(outcome=Outcome.HELD, reason=str(problem))
    return Result(
        outcome=Outcome.CLEANED,
        report=_with_name(reply.report, task.path, copy.path),
        copy=copy,
        identity=identity,
        digest=digest,
        more=reply.more,
    )


def _publish(
    task: Task, outbox: Outbox, draft: Draft, reply: Done, announce: Callable[[Copy, Report], None]
) -> Copy:
    name = wanted_name(os.path.basename(task.path), task.policy.names, reply.extensions)
    replaces = task.replaces
    if replaces is not None:
        folder, earlier = os.path.split(replaces.path)
        if folder != str(outbox.root / task.folder) or not is_numbered(earlier, name):
            replaces = None  # by the rules of now it would stand elsewhere, or tell less
    return outbox.publish(
        draft,
        name,
        mode=task.policy.permissions,
        folder=task.folder,
        replaces=replaces,
        announce=lambda copy: announce(copy, _with_name(reply.report, task.path, copy.path)),
    )


@overload
def _with_name(report: Report, path: str, copied_to: str = "") -> Report: ...
@overload
def _with_name(report: Report | None, path: str, copied_to: str = "") -> Report | None: ...
def _with_name(report: Report | None, path: str, copied_to: str = "") -> Report | None:
    """Add what the file's name tells, and whether the copy's name tells it still."""
    if report is None:
        return None
    told = told_by(os.path.basename(path))
    if copied_to:
        still = {(one.kind, one.value) for one in told_by(os.path.basename(copied_to))}
        told = tuple(
            msgspec.structs.replace(one, removed=(one.kind, one.value) not in still) for one in told
        )
    return msgspec.structs.replace(report, findings=worst_first([*report.findings, *told]))


def _see_unchanged(path: str, source: int, identity: Identity) -> None:
    now = os.fstat(source)
    if now.st_nlink == 0:
        raise Gone(f"{path} was deleted while it was read")
    if not Identity.of(now).same_file(identity):
        raise NotNow("it changed while it was read")


def _refused(reply: Refused, task: Task, source: int, identity: Identity) -> Result:
    digest = digest_of(source) if task.hashed and reply.kind not in _NO_VERDICT else None
    _see_unchanged(task.path, source, identity)
    return Result(
        outcome=_OUTCOMES[reply.kind],
        reason=reply.reason,
        report=_with_name(reply.report, task.path),
        identity=identity,
        digest=digest,
    )


def work(
    job: Entry, policy: Policy, outbox: Outbox, worker: Worker, ledger: Ledger
) -> Result | None:
    """Do one job of the ledger; return None when there was nothing to do.

    That is so when the content was done before under this path or, before a rename, under
    another. When this returns, the ledger knows the outcome. Raises NotNow, OutboxError
    and WorkerUnavailable as `clean_file` does; the job is then to be settled.
    """
    try:
        found = os.lstat(job.path)
        if found.st_size == 0 or not stat.S_ISREG(found.st_mode):
            ledger.drop(job)
            return None
        if _done_before(job, ledger):
            return None
        if ledger.is_copy(
            job.path, Identity.of(found)
        ):  # in an outbox of earlier, or one that was moved
            reason = "it is a clean copy that was made before"
            result = Result(outcome=Outcome.SKIPPED, reason=reason)
        else:
            task = _task_of(job, policy, ledger)
            result = clean_file(task, outbox, worker, partial(ledger.publishing, job))
    except (FileNotFoundError, NotADirectoryError, Gone):
        ledger.drop(job)
        return None
    except OSError as problem:
        raise Unreadable(f"it cannot be looked at: {problem.strerror}") from problem
    ledger.finish(
        job,
        result.outcome,
        identity=result.identity or Identity.of(found),
        digest=result.digest,
        reason=result.reason,
        copy=result.copy,
        report=result.report,
    )
    return result


def _task_of(job: Entry, policy: Policy, ledger: Ledger) -> Task:
    folder = ""
    if policy.folders == "mirror":
        folder = os.path.dirname(os.path.relpath(job.path, job.root))
    return Task(path=job.path, policy=policy, folder=folder, replaces=ledger.last_copy(job))


def _done_before(job: Entry, ledger: Ledger) -> bool:
    """Drop a job whose very content has its outcome already, here or before a rename."""
    try:
        with opened(job.path) as source:
            identity = Identity.of(os.fstat(source))
            earlier = [one for one in [ledger.before(job)] if one]
            earlier += [
                one
                for one in ledger.same_file_elsewhere(job, identity)
                if not os.path.lexists(one.path)
            ]
            for one in earlier:
                if _same_content(one, job, identity, source):
                    ledger.unchanged(job, one, identity)
                    return True
    except Held:
        return False  # cleaning it will say why
    return False


def _same_content(earlier: Entry, job: Entry, identity: Identity, source: int) -> bool:
    if earlier.identity is None or earlier.identity.size != identity.size:
        return False
    if earlier.state == "baseline":
        return earlier.root == job.root and earlier.identity.mtime_ns == identity.mtime_ns
    if earlier.policy != job.policy or earlier.outcome is Outcome.FAILED:
        return False
    if earlier.digest is None:
        return earlier.outcome is not Outcome.HELD and earlier.identity.same_file(identity)
    if earlier.copy and identity.saved_after(earlier.identity) and not earlier.copy.stands():
        return False  # its copy was taken away, and now somebody wants another
    return earlier.digest == digest_of(source)


def looked_into(result: Result, worker: Reading) -> Result:
    """Wait for what decoding the picture tells, and return the result with that in its report."""
    return with_more(result, worker.look())


def looked_at(path: str, result: Result, policy: Policy, worker: Worker) -> Result:
    """Open a file once more for what decoding it tells, and return the result with that.

    As it was when the file is not the same any more. Raises WorkerUnavailable and Aborted.
    """
    try:
        with opened(path) as source:
            if result.identity is None or not Identity.of(os.fstat(source)).same_file(
                result.identity
            ):
                return result
            worker.run(policy, source)
            found = worker.look()
    except (Held, Gone, NotNow):
        return result
    if result.copy is not None:
        found = in_a_copy(found)
    return with_more(result, found)


def with_more(result: Result, found: Iterable[Finding]) -> Result:
    """Return a result with further findings; one of a hidden thumbnail stands in for the first."""
    further = list(found)
    if result.report is None or not further:
        return result
    report = msgspec.structs.replace(
        result.report, findings=worst_first(looked_closer(result.report.findings, further))
    )
    return msgspec.structs.replace(result, report=report)
