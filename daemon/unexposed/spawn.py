"""Starting the process that opens files, before anything else of a command is loaded.

It loads its libraries while the command loads its own; so this imports next to nothing.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from typing import NamedTuple

USUAL_MEMORY_MB = 1024
"""MiB that a worker may use where nothing else is configured."""

NETWORKS_MB = 512
"""MiB more for the networks that search pictures."""

_PROGRAM = "unexposed.worker.process"


class Spawned(NamedTuple):
    """A process that was started, and the socket to speak to it."""

    process: subprocess.Popen[bytes]
    sock: socket.socket

    def end(self) -> None:
        """Let it end, as nobody needs it."""
        self.sock.close()
        self.process.wait()


def spawn(memory_mb: int, niceness: int = 0) -> Spawned:
    """Start a process that stands back behind others by so much. Raises OSError.

    It gets a session of its own, where neither Ctrl-C nor a terminal that closes reaches it.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with theirs:
            arguments = (theirs.fileno(), memory_mb, niceness)
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", _PROGRAM, *map(str, arguments)],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
    except BaseException:
        ours.close()
        raise
    return Spawned(process, ours)


_early: list[Spawned] = []


def begin() -> None:
    """Start a process for the worker that this command is going to need."""
    if os.name == "posix" and not _early:
        try:
            _early.append(spawn(USUAL_MEMORY_MB + NETWORKS_MB))
        except OSError:
            return  # the worker's own start will say why


def begun(memory_mb: int) -> Spawned | None:
    """Return the process that was started, once, for a worker that may use so much without networks."""
    if not _early:
        return None
    found = _early.pop()
    if memory_mb == USUAL_MEMORY_MB:
        return found
    found.end()
    return None
