"""The bar that says how far a command is."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from unexposed.bulk import Files, Finished

_REFRESHES = 5
"""Times a second that the bar is drawn."""


class _Count(ProgressColumn):
    """How many of how many files, or how many so far before all are counted."""

    def render(self, task: Task) -> Text:
        of = "" if task.total is None else f" of {task.total:,.0f}"
        return Text(f"{task.completed:,.0f}{of} files")


class _Rate(ProgressColumn):
    """Files and bytes a second, over the last half minute."""

    def __init__(self, of_bytes: Task) -> None:
        super().__init__()
        self._of_bytes = of_bytes

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed or 0:.1f} files/s, {(self._of_bytes.speed or 0) / 1e6:.1f} MB/s")


class _Left(TimeRemainingColumn):
    """The time left, once there is one to tell."""

    def render(self, task: Task) -> Text:
        text = super().render(task)
        return text.append(" left") if text else text


@contextmanager
def shown(files: Files) -> Iterator[Callable[[Finished], None]]:
    """Show it for as long as the block lasts; call what it gives with each finished file.

    The files are counted meanwhile, on a second walk: the time left is told once all are.
    """
    bar = Progress(
        console=Console(highlight=False, stderr=True),
        transient=True,
        refresh_per_second=_REFRESHES,
        redirect_stdout=sys.stdout.isatty(),
    )
    bytes_done = bar.add_task("", total=None, visible=False)
    files_done = bar.add_task("", total=None)
    bar.columns = (
        TextColumn("cleaning"),
        BarColumn(),
        _Count(),
        _Rate(bar.tasks[bytes_done]),
        _Left(),
    )

    def advance(one: Finished) -> None:
        bar.advance(files_done)
        if one.result.report is not None and not one.before:
            bar.advance(bytes_done, one.result.report.bytes_total)

    with bar:
        threading.Thread(target=_count, args=(files, bar, files_done), daemon=True).start()
        yield advance


def _count(files: Files, bar: Progress, task: TaskID) -> None:
    bar.update(task, total=sum(1 for _ in files))
