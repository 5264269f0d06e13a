"""What commands that take files share: their options, how they stop, and a result as JSON."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

import click

from unexposed.bulk import Files, usual_jobs
from unexposed.config import Config
from unexposed.exposure import Finding, Outcome, Report
from unexposed.pipeline import Result
from unexposed.spawn import begun
from unexposed.worker import Worker

if TYPE_CHECKING:
    from unexposed.cli.render import Screen

_CONTRACT = {Outcome.SKIPPED: Outcome.INSPECTED}

_SIGNALS = (signal.SIGINT, signal.SIGTERM)

jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1),
    show_default="one for each processor, as far as memory goes",
    help="Files to work on at once, each in a process of its own.",
)


def check_paths(paths: Sequence[str]) -> None:
    """Raise click.UsageError for a path where nothing is."""
    for path in paths:
        if not os.path.lexists(path):
            raise click.UsageError(f"{path}: there is no such file or folder")


def workers(
    config: Config, files: Files, asked: int | None, *, looks: bool = True, covers: bool = False
) -> int:
    """Return how many workers to have: as many as were asked for, or are of use and have room.

    `looks` and `covers` tell whether they are to look at pictures, and to cover what these show.
    """
    if asked or files.only_one:
        return asked or 1
    from unexposed import vision  # noqa: PLC0415 - not for one file

    searching = covers or (looks and config.vision.sight > 0)
    return usual_jobs(searching=searching and vision.available())


def worker_for(config: Config, *, looks: bool = True) -> Worker:
    """Return a worker with the limits of a configuration, which knows where home is.

    With `looks` it decodes pictures, too, where only that tells more.
    """
    return Worker(
        timeout=config.worker.timeout_seconds,
        memory_mb=config.worker.memory_mb,
        home=config.home,
        looks=looks,
        sight=config.vision.sight,
        begun=begun(config.worker.memory_mb),
    )


def new_screen() -> Screen:
    """Return the screen; the 18 ms that loading it takes are best spent while the workers start."""
    from unexposed.cli.render import Screen  # noqa: PLC0415

    return Screen()


class Stopping:
    """Has the first Ctrl-C or SIGTERM stop a crew; a second one ends the command at once."""

    def __init__(self) -> None:
        self.status = 0
        """The exit status that a stop asks for: 128 and the signal's number, as shells have it."""

    @contextmanager
    def stops(self, stop: Callable[[], None]) -> Iterator[None]:
        """Call `stop` on a signal for as long as the block lasts."""
        before = {number: signal.getsignal(number) for number in _SIGNALS}

        def restore() -> None:
            for number, handler in before.items():
                signal.signal(number, handler)

        def heard(number: int, _: FrameType | None) -> None:
            restore()
            self.status = 128 + number
            stop()

        for number in _SIGNALS:
            signal.signal(number, heard)
        try:
            yield
        finally:
            restore()


def json_line(path: str, result: Result) -> str:
    """Return one file's result as the JSON object of the contract, in one line."""
    report = result.report or Report(format="", bytes_total=_size(path))
    return json.dumps(
        {
            "path": path,
            "format": report.format or None,
            "bytes": report.bytes_total,
            "level": report.level.value,
            "outcome": _CONTRACT.get(result.outcome, result.outcome).value,
            "output": result.copy.path if result.copy else None,
            "reason": result.reason or None,
            "findings": [_finding(one) for one in report.findings],
            "bytes_kept": report.bytes_kept,
            "bytes_removed": report.bytes_removed,
            "seconds": round(report.seconds, 6),
        }
    )


def _finding(one: Finding) -> dict[str, object]:
    return {
        "kind": one.kind,
        "where": one.where,
        "summary": one.summary,
        "value": one.value,
        "level": one.level.value,
        "removed": one.removed,
        "box": list(one.box) if one.box else None,
    }


def _size(path: str) -> int:
    try:
        return os.lstat(path).st_size
    except OSError:
        return 0
