"""Where log lines go: the terminal, the journal, or a file that does not grow without end.

No line holds what was found in a file: files are named, their values never.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

_FORMAT: Final = "%(asctime)s %(message)s"
_OF_DAY: Final = "%H:%M:%S"
_IN_FILE: Final = "%Y-%m-%d %H:%M:%S"

_STREAM: Final = "JOURNAL_STREAM"
"""Holds device and inode of the journal's end of standard error. Source: systemd.exec(5)."""

_LEVELS: Final = (
    (logging.ERROR, "<3>"),
    (logging.WARNING, "<4>"),
    (logging.INFO, "<6>"),
    (logging.DEBUG, "<7>"),
)
"""From which level on -> what begins a line. Source: sd-daemon(3)."""

_MAX_BYTES: Final = 1_000_000
_OLDER: Final = 2
"""Files beside the one that is written to, each as large at most."""


def set_up(*, verbose: bool) -> None:
    """Have log lines go to standard error, with their levels where that is the journal."""
    handler = logging.StreamHandler()
    handler.setFormatter(
        _Journal() if _to_journal(os.environ) else logging.Formatter(_FORMAT, _OF_DAY)
    )
    logging.basicConfig(level=logging.DEBUG if verbose else logging.INFO, handlers=[handler])
    if not verbose:
        logging.getLogger("watchdog").setLevel(logging.ERROR)
    logging.getLogger("PIL").setLevel(logging.INFO)


def into_file(path: Path) -> None:
    """Have log lines go to a file from now on; where that cannot be, they go where they went."""
    from unexposed.log_file import Bounded  # noqa: PLC0415 - 4 ms for what the daemon alone needs

    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = Bounded(path, maxBytes=_MAX_BYTES, backupCount=_OLDER, encoding="utf-8")
        if path.stat().st_size >= _MAX_BYTES:
            handler.doRollover()
    except OSError as problem:
        log.warning("the log %s cannot be written: %s", path, problem.strerror)
        return
    handler.setFormatter(logging.Formatter(_FORMAT, _IN_FILE))
    root = logging.getLogger()
    root.handlers[:] = [handler]


class _Journal(logging.Formatter):
    """Begins each line with its level; the journal has the time."""

    def format(self, record: logging.LogRecord) -> str:
        level = next((sign for least, sign in _LEVELS if record.levelno >= least), "<7>")
        return "\n".join(f"{level}{line}" for line in super().format(record).split("\n"))


def _to_journal(environment: Mapping[str, str]) -> bool:
    """Whether standard error is the very stream that the journal reads."""
    try:
        found = os.fstat(sys.stderr.fileno())
    except (OSError, ValueError, AttributeError):
        return False
    return environment.get(_STREAM, "") == f"{found.st_dev}:{found.st_ino}"
