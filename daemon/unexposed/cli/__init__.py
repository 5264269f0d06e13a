"""The command line: one module a command, thin."""

from __future__ import annotations

import gc
import importlib
import os
import sys

from unexposed.spawn import begin

__all__ = ["main"]

_WITH_A_WORKER = frozenset({"inspect", "clean"})
"""Commands that have files opened, mostly few: the worker loads while the command does."""

_WITHOUT_FILES = frozenset({"-h", "--help", "--explain"})


_OBJECTS_BETWEEN_SWEEPS = 50_000
"""Loading makes far more objects than Python's 700, none of them garbage."""


def main() -> None:
    """Run the command that was given. Next to nothing is loaded before its worker is on its way."""
    words = frozenset(sys.argv[1:])
    if not words & _WITH_A_WORKER or words & _WITHOUT_FILES:
        importlib.import_module("unexposed.cli.app").main()
        return
    begin()
    gc.set_threshold(_OBJECTS_BETWEEN_SWEEPS)
    try:
        importlib.import_module("unexposed.cli.app").main()
    except SystemExit as end:
        _end_at_once(end.code)
        raise


def _end_at_once(status: object) -> None:
    """End the process without putting its memory in order, which takes 10 ms that a person waits.

    Return where something is left to do: words to say, or output that cannot be written.
    """
    if not isinstance(status, int):
        return
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):
        return
    os._exit(status)
