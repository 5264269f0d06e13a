"""Having the desktop's programs open something for a person.

A confined service cannot run them itself: a browser without a network and with a read-only home is
no use. There the session's own systemd starts them, as if the person had.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from unexposed.errors import UnexposedError

OPENER = "open" if sys.platform == "darwin" else "xdg-open"
"""The program that opens a file in whatever is meant for it."""

_BY_SYSTEMD = ("systemd-run", "--user", "--collect", "--quiet")
_USERS = Path("/proc/self/uid_map")
_EVERYBODY = str((1 << 32) - 1)
"""How many users there are where they are not mapped."""

_AT_ONCE = 1.0
"""Seconds in which a program says that it cannot; one that goes on has begun its work."""
_PATIENCE = 5.0
"""Seconds that a program may take to read what it is given."""


class OpeningError(UnexposedError):
    """A program could not be started; the text says which and why."""


def open_path(path: str | Path) -> None:
    """Have the desktop open a file or folder in whatever program is meant for it.

    Raises OpeningError.
    """
    launch([OPENER, str(path)])


def launch(command: Sequence[str], given: bytes | None = None) -> None:
    """Start a program of the desktop's and let it be; it may read what it is `given`.

    Raises OpeningError.
    """
    if is_confined() and shutil.which(_BY_SYSTEMD[0]):
        literal = (word.replace("$", "$$") for word in command)  # it fills in variables
        command = [*_BY_SYSTEMD, *(["--pipe"] if given is not None else []), "--", *literal]
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL if given is None else subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        if given is not None:
            process.communicate(given, _PATIENCE)
        else:
            process.wait(_AT_ONCE)
    except subprocess.TimeoutExpired:
        # It goes on, as it should; somebody has to hear of its end all the same.
        threading.Thread(target=process.wait, name="program", daemon=True).start()
        return
    except OSError as problem:
        raise OpeningError(f"{command[0]} cannot be run: {problem.strerror}") from problem
    if process.returncode:
        raise OpeningError(f"{command[0]} ended with status {process.returncode}")


def is_confined() -> bool:
    """Whether this process lives in a user namespace of its own, as a confined service does."""
    try:
        lines = _USERS.read_text().split()
    except OSError:
        return False
    return lines[2:3] != [_EVERYBODY]
