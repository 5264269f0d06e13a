"""The worker process: takes jobs from its socket until that closes.

It is the only part of the daemon that reads what is in a file.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import os
import resource
import select
import signal
import socket
import sys
import threading
import time
import traceback
import warnings

import msgspec

from unexposed import __version__
from unexposed.errors import Held, UnsupportedFormat
from unexposed.exposure import Report, in_a_copy
from unexposed.fault import blamed
from unexposed.formats import Buffer, formats
from unexposed.metadata import readers
from unexposed.places import atlas
from unexposed.worker.clean import Examined, examine, taken_in, write_clean
from unexposed.worker.confinement import lock_in
from unexposed.worker.look import look_into, thumbnails_in
from unexposed.worker.protocol import (
    REQUESTS,
    Busy,
    Closed,
    Done,
    Job,
    Kind,
    Looked,
    Ready,
    Refused,
    Request,
    Show,
    Shown,
    receive,
    send,
)
from unexposed.worker.sight import Sight, available
from unexposed.worker.surroundings import attributes

_AT_LEISURE = 0.2
"""Seconds without a job after which what other files and policies need is loaded, too."""

_LATER = ("unexposed.worker.redact", "unexposed.worker.preview")
"""Modules that are loaded then: 6 ms that a command which looks at one file would wait in vain."""

_FULL = {errno.ENOSPC, errno.EDQUOT}


def main(argv: list[str]) -> int:
    """Serve one daemon. The arguments are the socket's descriptor, the memory limit in MiB and the niceness."""
    descriptor, memory_mb, niceness = (int(one) for one in argv)
    os.nice(niceness)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the daemon's to answer: without it this one ends
    warnings.simplefilter("ignore")
    limit = memory_mb << 20
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    atlas()
    confinement = lock_in()
    with socket.socket(fileno=descriptor) as sock, contextlib.suppress(Closed):
        _end_with_the_other_side(sock)
        send(sock, Ready(__version__, available(), confinement))
        while True:
            job, descriptors = receive(sock, REQUESTS)
            try:
                _serve(sock, job, descriptors)
            finally:
                for one in descriptors:
                    os.close(one)
            if not select.select([sock], [], [], _AT_LEISURE)[0]:
                formats()  # a command that looks at one file would wait for all of them in vain
                readers()
                for name in _LATER:
                    importlib.import_module(name)
    return 0


def _end_with_the_other_side(sock: socket.socket) -> None:
    """Have this process end as soon as nobody is there to hear of what it is at.

    A daemon that was killed cannot end it, and a picture may take minutes, or for ever. All
    that while its draft in the outbox would be taken for one that somebody is at work on.
    """

    def wait() -> None:
        end = select.poll()
        end.register(sock, 0)  # for nothing but the end, which is always told of
        end.poll()
        os._exit(0)

    threading.Thread(target=wait, name="end", daemon=True).start()


def _serve(sock: socket.socket, job: Request, descriptors: list[int]) -> None:
    try:
        with taken_in(descriptors[0]) as buffer:
            if isinstance(job, Show):
                send(sock, _shown(buffer))
                return
            sight = Sight(max(1, job.threads), lambda: send(sock, Busy()))
            examined, done = _clean(buffer, job, descriptors, sight)
            send(sock, done)
            if done.more and job.look:
                send(sock, _look(buffer, examined, job, copied=done.copied))
    except _Refusal as refusal:
        send(sock, refusal.message)
    except Held as problem:
        send(sock, Refused("held", str(problem)))


class _Refusal(Exception):
    def __init__(self, kind: Kind, reason: str, report: Report | None = None) -> None:
        self.message = Refused(kind, reason, report)


def _clean(buffer: Buffer, job: Job, descriptors: list[int], sight: Sight) -> tuple[Examined, Done]:
    started = time.perf_counter()
    report: Report | None = None
    try:
        examined = examine(buffer, attributes(descriptors[0]), job.home)
        report = examined.report
        container = examined.container
        if examined.obstacle:
            raise Held(examined.obstacle)
        copied = job.write and (
            job.policy.copy == "always" or examined.exposes or job.policy.covering
        )
        if copied:
            report, container = write_clean(
                examined, buffer, descriptors[0], descriptors[1], job.policy, sight=sight
            )
    except UnsupportedFormat as problem:
        unwanted = problem.family in job.policy.hold
        raise _Refusal("held" if unwanted else "unsupported", str(problem)) from problem
    except Held as problem:
        raise _Refusal("held", str(problem), report) from problem
    except MemoryError as problem:
        reason = "it needs more memory than the worker may use"
        raise _Refusal("held", reason, report) from problem
    except OSError as problem:
        reason = problem.strerror or str(problem)
        if problem.errno in _FULL:
            raise _Refusal("full", reason, report) from problem
        reason = f"the copy could not be written: {reason}"
        raise _Refusal("failed", reason, report) from problem
    except Exception as problem:  # a fault of ours must cost this file only, and be told
        raise _Refusal("failed", blamed(problem), report) from problem
    report = msgspec.structs.replace(report, seconds=time.perf_counter() - started)
    searching = bool(container.PILLOW) and _threads(job) > 0
    looked = copied and job.policy.covering  # all that there is to see was seen to be covered
    more = not looked and (searching or bool(thumbnails_in(examined.blocks)))
    return examined, Done(report, container.EXTENSIONS, copied, more)


def _threads(job: Job) -> int:
    """Return how many threads search the picture."""
    return job.threads if available() else 0


def _look(buffer: Buffer, examined: Examined, job: Job, *, copied: bool) -> Looked:
    try:
        found = look_into(buffer, examined.container, examined.blocks, _threads(job))
    except Exception:  # the copy is fine, whatever the search met
        traceback.print_exc()
        return Looked(())
    return Looked(in_a_copy(found) if copied else tuple(found))


def _shown(buffer: Buffer) -> Shown:
    from unexposed.worker.preview import previews  # noqa: PLC0415 - see `_LATER`

    try:
        return previews(buffer)
    except Exception:  # whatever it is, there is a page without a picture
        return Shown()


if __name__ == "__main__":
    # At once: whoever waits for the end need not wait until all memory was put in order.
    os._exit(main(sys.argv[1:]))
