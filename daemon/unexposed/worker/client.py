"""The daemon's side of the worker: start it on demand, ask it, give it up.

Nothing here, nor in what it imports, parses a file or loads a picture library.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from typing import Self

from unexposed.errors import UnexposedError
from unexposed.exposure import Finding
from unexposed.places import Home
from unexposed.policy import Policy
from unexposed.worker.protocol import (
    REPLIES,
    Closed,
    Done,
    Job,
    Looked,
    ProtocolError,
    Refused,
    Reply,
    receive,
    send,
)

_GRACE = 1.0
"""Seconds that a worker gets to end by itself when it is stopped."""


class Aborted(UnexposedError):
    """The worker was ended from outside while it was at work on a file."""


class Worker:
    """One worker process at a time, ended with the block; but for `abort` not to be shared between threads.

    A file may take `timeout` seconds and `memory_mb` MiB; one that takes more, or that kills the
    worker, is refused, and the next one gets a fresh process. `home` is where the pictures'
    person lives; it may change between two files. With `looks` the picture is decoded, too, where
    only that tells more.
    """

    def __init__(
        self,
        *,
        timeout: float = 60.0,
        memory_mb: int = 1024,
        home: Home | None = None,
        looks: bool = True,
    ) -> None:
        self.home = home
        self._looks = looks
        self._timeout = timeout
        self._memory_mb = memory_mb
        self._process: subprocess.Popen[bytes] | None = None
        self._sock: socket.socket | None = None
        self._looking = False
        self._aborted = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """The process id while a worker is up."""
        return self._process.pid if self._process else None

    def run(self, policy: Policy, source: int, output: int | None = None) -> Done | Refused:
        """Have the file behind `source` examined and, with `output`, a clean copy written into it.

        Both are descriptors and stay the caller's. Raises nothing for what the file is or does,
        and Aborted after `abort`.
        """
        self.look()
        descriptors = (source,) if output is None else (source, output)
        job = Job(policy, write=output is not None, home=self.home, look=self._looks)
        for _ in range(2):
            sock = self._connect()
            try:
                send(sock, job, descriptors)
                break
            except Closed:
                self.stop()  # it died while it was idle, which is not this file's doing
        reply = self._receive()
        if isinstance(reply, Looked):
            self.stop()
            return Refused("failed", "the worker answered out of turn")
        self._looking = isinstance(reply, Done) and reply.more
        return reply

    def look(self) -> tuple[Finding, ...]:
        """Return what decoding the last picture told, waiting for it; nothing when it was asked before."""
        if not self._looking:
            return ()
        self._looking = False
        reply = self._receive()
        return reply.findings if isinstance(reply, Looked) else ()

    def stop(self) -> None:
        """End the process, if there is one."""
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
        """End the process at once, for good, from any thread."""
        self._aborted = True
        self._kill()

    def _connect(self) -> socket.socket:
        if self._sock is not None:
            return self._sock
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-P",
                    "-m",
                    "unexposed.worker.process",
                    str(theirs.fileno()),
                    str(self._memory_mb),
                ],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        self._sock = ours
        return ours

    def _receive(self) -> Reply:
        """Wait for one reply; a worker that hangs, dies or talks nonsense makes a refusal."""
        sock = self._sock
        assert sock is not None
        try:
            sock.settimeout(self._timeout)
            untrusted_reply, descriptors = receive(sock, REPLIES)
            sock.settimeout(None)
        except TimeoutError:
            self._kill()
            reason = f"it took longer than {self._timeout:g} seconds to read"
        except (Closed, OSError):
            reason = f"reading it made the worker {self._end()}"
        except ProtocolError:
            self._kill()
            reason = "the worker's answer made no sense"
        else:
            for one in descriptors:
                os.close(one)
            return untrusted_reply
        self.stop()
        if self._aborted:
            raise Aborted("stopped while a file was being read")
        return Refused("held", reason)

    def _kill(self) -> None:
        process = self._process
        if process is not None:
            process.kill()
            process.wait()

    def _end(self) -> str:
        assert self._process is not None
        try:
            code = self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._kill()
            return "close its connection"
        if code < 0:
            with contextlib.suppress(ValueError):
                return f"crash ({signal.Signals(-code).name})"
        return f"end with status {code}"
