"""Desktop notifications, through plyer in a process of its own.

That process bears what plyer does: it may hang on a bus that does not answer, warn on import,
print to the terminal, or load libraries that stay.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, Final

import msgspec

from unexposed.notify.undelivered import Undelivered
from unexposed.wording import MAX_BODY, MAX_TITLE, harmless, shortened

_PROGRAM: Final = Path(__file__).with_name("through_plyer.py")
"""Run by its path, as it then loads plyer alone: 25 ms instead of 80."""

_PATIENCE: Final = 10.0
"""Seconds that a notification may take. A notification server may just be starting."""

_MAX_SAID: Final = 65_536


def send(title: str, body: str) -> None:
    """Show a notification on the desktop, whatever the text holds. Raises Undelivered."""
    text = msgspec.json.encode((_plain(title, MAX_TITLE), _plain(body, MAX_BODY)))
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=os.environ | {"LC_ALL": "C.UTF-8"},
            start_new_session=True,
        )
    except OSError as problem:
        raise Undelivered(f"no process could be started: {problem.strerror}") from problem
    with process:
        assert process.stdin is not None
        assert process.stderr is not None
        try:
            with contextlib.suppress(BrokenPipeError), process.stdin as entrance:
                entrance.write(text)
            status = process.wait(_PATIENCE)
        except subprocess.TimeoutExpired as problem:
            os.killpg(process.pid, signal.SIGKILL)  # with the program that plyer has started
            raise Undelivered(f"no answer within {_PATIENCE:g} seconds") from problem
        if status != 0:
            raise Undelivered(_last_line(process.stderr) or f"it ended with status {status}")


def _plain(text: str, most: int) -> str:
    return shortened(harmless(text), most)


def _last_line(said: IO[bytes]) -> str:
    """Return the last line that was printed, without waiting for whoever keeps the pipe open."""
    os.set_blocking(said.fileno(), False)
    try:
        text = os.read(said.fileno(), _MAX_SAID).decode("utf-8", "replace")
    except BlockingIOError:
        return ""
    lines = [line for line in text.splitlines() if line.strip()]
    return harmless(lines[-1]).strip() if lines else ""
