"""How far a command is: a bar on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from unexposed.bulk import Files, Finished


@contextmanager
def progress(files: Files, *, quiet: bool) -> Iterator[Callable[[Finished], None]]:
    """Show a bar on a terminal, but not for one file; call what it gives with each finished one."""
    if quiet or files.only_one or not sys.stderr.isatty():
        yield lambda _: None
        return
    from unexposed.cli.progress_bar import shown  # noqa: PLC0415 - 7 ms, for many files only

    with shown(files) as advance:
        yield advance
