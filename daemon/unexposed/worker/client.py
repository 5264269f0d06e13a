"""The daemon's side of the worker: start it on demand, ask it, give it up.

Nothing here, nor in what it imports, parses a file or loads a picture library.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from typing import Protocol, Self

import msgspec

from unexposed import __version__
from unexposed.errors import UnexposedError
from unexposed.exposure import Finding
from unexposed.places import Home
from unexposed.policy import Policy
from unexposed.spawn import NETWORKS_MB, Spawned, spawn
from unexposed.worker.protocol import (
    GREETINGS,
    REPLIES,
    Busy,
    Closed,
    Confinement,
    Done,
    Job,
    Looked,
    Message,
    ProtocolError,
    Refused,
    Reply,
    Request,
    Show,
    Shown,
    receive,
    send,
)

_GRACE = 1.0
"""Seconds that a worker gets to end by itself when it is stopped."""

_START = 60.0
"""Seconds that a worker gets to load its libraries."""

_PACE = 20_000_000
"""Bytes of a file for which it gets another second: a slow disk's pace, as the copy is written too."""

_MANY_TIMES = 20
"""As often as that the time for a file may pass while the worker says that it goes on."""

_FROM_OUTSIDE = {signal.SIGKILL, signal.SIGTERM, signal.SIGHUP}
"""What a system short of memory, or a person, sends; a file that breaks the worker causes others."""


class Aborted(UnexposedError):
    """The worker was ended from outside while it was at work on a file."""


class WorkerUnavailable(UnexposedError):
    """No worker can be started, whatever the file; the text says why."""


class _EndedFromOutside(UnexposedError):
    """Somebody sent the worker a signal that ends it; the text is that signal's name."""


class Reading(Protocol):
    """What opens one file after the other and tells of it: a worker, or a part of its time."""

    def run(self, policy: Policy, source: int, output: int | None = None) -> Done | Refused:
        """Have a file examined and cleaned, as `Worker.run` does."""

    def look(self) -> tuple[Finding, ...]:
        """Return what decoding the last picture told, as `Worker.look` does."""


class Worker:
    """One worker process at a time, ended with the block; but for `abort` not to be shared between threads.

    A file may take `memory_mb` MiB and `timeout` seconds, and more of them the larger it is; so may
    each picture in one that is searched for what to cover. A file that takes more, or that kills
    the worker, is refused, and the next one gets a fresh process. `home` is where the pictures' person lives; it may change between two files. With
    `looks` the picture is decoded, too, where only that tells more. With `sight`, a number of
    threads, it is searched for what it shows, where the extra `vision` is installed. `niceness` is
    by how much the process stands back behind others. `begun` is a
    process that was started already, to be the first.
    """

    def __init__(
        self,
        *,
        timeout: float = 60.0,
        memory_mb: int = 1024,
        home: Home | None = None,
        looks: bool = True,
        sight: int = 0,
        niceness: int = 0,
        begun: Spawned | None = None,
    ) -> None:
        self.home = home
        self.sees: bool | None = None
        """Whether a worker could search pictures; None while none was started."""
        self.confinement = Confinement()
        """What holds the worker back, as it says itself."""
        self._sight = sight
        self._niceness = niceness
        self._looks = looks
        self._timeout = self._allowed = timeout
        self._memory_mb = memory_mb
        self._process: subprocess.Popen[bytes] | None = None
        self._sock: socket.socket | None = None
        self._begun = begun
        self._looking = False
        self._aborted = False
        self._heard = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def patience(self) -> float:
        """Seconds that the file at hand, or the last one, may take to be read."""
        return self._allowed

    @property
    def heard(self) -> float:
        """When the worker last said something, by the monotonic clock."""
        return self._heard

    @property
    def looking(self) -> bool:
        """Whether more is to come about the last file, for `look` to return."""
        return self._looking

    @property
    def pid(self) -> int | None:
        """The process id while a worker is up."""
        return self._process.pid if self._process else None

    def run(self, policy: Policy, source: int, output: int | None = None) -> Done | Refused:
        """Have the file behind `source` examined and, with `output`, a clean copy written into it.

        Both are descriptors and stay the caller's. Raises nothing for what the file is or does,
        WorkerUnavailable when no worker can be started, and Aborted after `abort`.
        """
        self.look()
        self._allowed = self._timeout + os.fstat(source).st_size // _PACE
        descriptors = (source,) if output is None else (source, output)
        job = Job(
            policy,
            write=output is not None,
            home=self.home,
            look=self._looks,
            threads=self._sight,
        )
        try:
            reply = self._ask(job, descriptors)
        except _EndedFromOutside:
            _empty(output)
            try:
                reply = self._ask(job, descriptors)
            except _EndedFromOutside as problem:
                return Refused(
                    "crashed",
                    f"the worker was ended from outside twice while it read it ({problem}), as by a"
                    " system short of memory; save it again to have it tried again",
                )
        if isinstance(reply, Looked | Shown):
            self.stop()
            return Refused("failed", "the worker answered out of turn")
        self._looking = self._looks and isinstance(reply, Done) and reply.more
        return reply

    def look(self) -> tuple[Finding, ...]:
        """Return what decoding the last picture told, waiting for it; nothing when it was asked before."""
        if not self._looking:
            return ()
        self._looking = False
        try:
            reply = self._receive()
        except _EndedFromOutside:
            return ()
        return reply.findings if isinstance(reply, Looked) else ()

    def show(self, source: int) -> Shown:
        """Return small pictures of what the file behind `source` shows and hides.

        Nothing for one that cannot be decoded. Raises as `run` does.
        """
        self.look()
        self._allowed = self._timeout + os.fstat(source).st_size // _PACE
        try:
            reply = self._ask(Show(), (source,))
        except _EndedFromOutside:
            return Shown()
        return reply if isinstance(reply, Shown) else Shown()

    def stop(self) -> None:
        """End the process, if there is one."""
        if self._begun is not None:
            self._process, self._sock, self._begun = self._begun.process, self._begun.sock, None
        self._looking = False
        if self._sock is not None:
            self._sock.close()
            self._sock = None
        if self._process is not None:
            try:
                self._process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                self._kill()
            self._process = None

    def abort(self) -> None:
        """End the process at once, for good, from any thread; who is at work with it waits for its end."""
        self._aborted = True
        process = self._process
        if process is not None:
            process.kill()

    def _ask(self, job: Request, descriptors: tuple[int, ...]) -> Reply:
        for _ in range(2):
            sock = self._connect()
            try:
                send(sock, job, descriptors)
            except Closed:
                self.stop()  # it died while it was idle, which is not this file's doing
            else:
                return self._receive()
        self._raise_when_aborted()
        raise WorkerUnavailable("the worker ends as soon as it has started")

    def _connect(self) -> socket.socket:
        """Return the connection to a worker that is ready for a job."""
        if self._sock is not None:
            return self._sock
        try:
            self._start()
        except BaseException:
            self._kill()
            self.stop()
            self._raise_when_aborted()
            raise
        assert self._sock is not None
        return self._sock

    def _start(self) -> None:
        """Start a process and wait until it is ready."""
        self._raise_when_aborted()
        try:
            memory_mb = self._memory_mb + (NETWORKS_MB if self._sight else 0)
            begun, self._begun = self._begun or spawn(memory_mb, self._niceness), None
        except OSError as problem:
            reason = f"the worker cannot be started: {problem.strerror}"
            raise WorkerUnavailable(reason) from problem
        self._process, self._sock = begun.process, begun.sock
        self._raise_when_aborted()  # an `abort` before this line found no process to end
        try:
            untrusted_ready = _received(self._sock, GREETINGS, _START)
        except TimeoutError as problem:
            reason = f"the worker was not ready {_START:g} seconds after its start"
            raise WorkerUnavailable(reason) from problem
        except (Closed, ProtocolError, OSError) as problem:
            reason = (
                f"starting made the worker {_ending(self._end())}; the log may say more, and "
                "where unexposed was just updated it has to be restarted"
            )
            raise WorkerUnavailable(reason) from problem
        if untrusted_ready.version != __version__:
            raise WorkerUnavailable("unexposed was updated while it ran; it has to be restarted")
        self.sees = untrusted_ready.sees
        self.confinement = untrusted_ready.confinement

    def _receive(self) -> Reply:
        """Wait for one reply; a worker that hangs, crashes or talks nonsense makes a refusal."""
        assert self._sock is not None
        code = None
        try:
            return self._reply(self._sock)
        except TimeoutError as problem:
            reason = f"it took longer than {problem} seconds to read"
        except (Closed, OSError):
            code = self._end()
            reason = f"reading it made the worker {_ending(code)}"
        except ProtocolError:
            reason = "the worker's answer made no sense"
        self._kill()
        self.stop()
        self._raise_when_aborted()
        if code is not None and -code in _FROM_OUTSIDE:
            raise _EndedFromOutside(signal.Signals(-code).name)
        return Refused("crashed", reason)

    def _reply(self, sock: socket.socket) -> Reply:
        """Wait for a reply, and for a while longer each time that the worker says that it is busy.

        Raises TimeoutError with the seconds that were too many.
        """
        end = time.monotonic() + _MANY_TIMES * self._allowed
        while True:
            try:
                untrusted_reply = _received(sock, REPLIES, self._allowed)
            except TimeoutError as problem:
                raise TimeoutError(f"{self._allowed:g}") from problem
            self._heard = time.monotonic()
            if not isinstance(untrusted_reply, Busy):
                return untrusted_reply
            if self._heard > end:
                raise TimeoutError(f"{_MANY_TIMES * self._allowed:g}")

    def _raise_when_aborted(self) -> None:
        if self._aborted:
            raise Aborted("stopped while a file was being read")

    def _kill(self) -> None:
        process = self._process
        if process is not None:
            process.kill()
            process.wait()

    def _end(self) -> int | None:
        """Wait for the end of a process that closed its connection.

        Return its exit status, as `subprocess` has it; None when it had to be killed.
        """
        assert self._process is not None
        try:
            return self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._kill()
            return None


def _received(
    sock: socket.socket, decoder: msgspec.msgpack.Decoder[Message], seconds: float
) -> Message:
    """Return the next message; a worker has no descriptors to give."""
    sock.settimeout(seconds)
    untrusted_message, descriptors = receive(sock, decoder)
    for one in descriptors:
        os.close(one)
    sock.settimeout(None)
    return untrusted_message


def _ending(code: int | None) -> str:
    if code is None:
        return "close its connection"
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"crash ({signal.Signals(-code).name})"
    return f"end with status {code}"


def _empty(output: int | None) -> None:
    """Take away what a worker had written of a copy."""
    if output is not None:
        os.ftruncate(output, 0)
        os.lseek(output, 0, os.SEEK_SET)
