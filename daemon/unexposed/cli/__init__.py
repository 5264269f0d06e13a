"""The command line: one module a command, thin."""

from __future__ import annotations

import importlib
import sys

from unexposed.spawn import begin

__all__ = ["main"]

_WITH_A_WORKER = frozenset({"inspect", "clean"})
"""Commands that have files opened, mostly few: the worker loads while the command does."""

_WITHOUT_FILES = frozenset({"-h", "--help", "--explain"})


def main() -> None:
    """Run the command that was given. Next to nothing is loaded before its worker is on its way."""
    words = frozenset(sys.argv[1:])
    if words & _WITH_A_WORKER and not words & _WITHOUT_FILES:
        begin()
    importlib.import_module("unexposed.cli.app").main()
