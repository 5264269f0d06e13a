"""Running the programs that service managers are spoken to by."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Sequence
from typing import Protocol

import msgspec

from unexposed_service.interface import ServiceError


class Ran(msgspec.Struct, frozen=True):
    """What became of a command; `said` is what it wrote to standard error, or else to output."""

    status: int
    output: str = ""
    said: str = ""


class Run(Protocol):
    """Runs a command; with `show` the person sees what it writes, and its output is empty here.

    Raises ServiceError when there is no such program.
    """

    def __call__(self, command: Sequence[str], *, show: bool = False) -> Ran:
        """Run it to its end."""


def run(command: Sequence[str], *, show: bool = False) -> Ran:
    """Run a command on this machine, as `Run` says."""
    try:
        if show:
            return Ran(_watched(command))
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", check=False
        )
    except (FileNotFoundError, PermissionError) as problem:
        raise ServiceError(
            f"there is no {command[0]} on this machine to speak with its service manager; "
            "`unexposed run` does without one"
        ) from problem
    said = done.stderr.strip() or done.stdout.strip()
    return Ran(done.returncode, done.stdout, " ".join(said.split()))


def _watched(command: Sequence[str]) -> int:
    """Run a command on the person's terminal; Ctrl-C is for the command, whose status counts."""
    # As an exception it could come between the end of the command and the note of its status. And
    # to ignore it would be inherited.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        return subprocess.call(command)
    finally:
        signal.signal(signal.SIGINT, before or signal.SIG_DFL)
