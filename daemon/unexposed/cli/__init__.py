"""The command line: one module a command, thin."""

from unexposed.cli.app import main

__all__ = ["main"]
