"""What a person sees on the terminal: colour and tables there, plain text in a pipe."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from unexposed.exposure import Finding, Level, Outcome, Report
from unexposed.wording import Notice, harmless, title

if TYPE_CHECKING:
    from unexposed.config import Config
    from unexposed.daemon import Heartbeat
    from unexposed.ledger import Entry
    from unexposed.pipeline import Result

_LEVEL_STYLE = {
    Level.NONE: "green",
    Level.LOW: "cyan",
    Level.MEDIUM: "yellow",
    Level.HIGH: "red",
    Level.CRITICAL: "bold white on red",
}
_OUTCOME_STYLE = {
    Outcome.INSPECTED: "cyan",
    Outcome.CLEANED: "green",
    Outcome.SKIPPED: "dim",
    Outcome.HELD: "yellow",
    Outcome.FAILED: "red",
}
_MAX_VALUE = 60


class Screen:
    """Standard output as the commands use it."""

    def __init__(self) -> None:
        self._out = Console(highlight=False, soft_wrap=True)
        self._err = Console(highlight=False, stderr=True)

    def card(self, path: str, result: Result) -> None:
        """Show what one file would give away."""
        self._out.print(_heading(path, result))
        report = result.report
        if report is None:
            return
        for one in report.findings:
            self._out.print(_finding_line(one))
        if not report.findings:
            self._out.print("  it gives nothing away that is known", style="green")
        self._out.print(
            f"  a clean copy keeps {report.bytes_kept:,} of {report.bytes_total:,} bytes "
            f"as they are",
            style="dim",
        )

    def line(self, path: str, result: Result) -> None:
        """Tell in a line what became of one file."""
        name = harmless(os.path.basename(path))
        text = Text()
        text.append(f"{result.outcome.value:<8}", _OUTCOME_STYLE[result.outcome])
        if result.outcome is Outcome.CLEANED and result.copy is not None:
            notice = Notice(name=name, outcome=result.outcome, report=result.report)
            text.append(title(notice))
            text.append(f"  -> {harmless(result.copy.path)}", "dim")
        else:
            text.append(f"{name}: {harmless(result.reason)}")
        self._out.print(text)

    def total(self, results: Sequence[Result]) -> None:
        """Sum up many files."""
        counts = Counter(result.outcome.value for result in results)
        parts = [f"{number} {what}" for what, number in sorted(counts.items())]
        self._out.print(
            f"{len(results)} files: {', '.join(parts) or 'nothing to do'}", style="bold"
        )

    @contextmanager
    def progress(self, total: int, *, quiet: bool) -> Iterator[Callable[[], None]]:
        """Show a bar on a terminal while many files are done; call what it gives after each."""
        if quiet or total < 2 or not self._err.is_terminal:
            yield lambda: None
            return
        columns = (
            TextColumn("cleaning"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=self._err, transient=True) as bar:
            task = bar.add_task("", total=total)
            yield lambda: bar.advance(task)

    def history(self, entries: Sequence[Entry]) -> None:
        """Show finished files, one a row."""
        if not entries:
            self._out.print("nothing was done yet")
            return
        table = Table(box=None, pad_edge=False, header_style="dim")
        for column in ("when", "outcome", "level", "file", "what became of it"):
            table.add_column(
                column, overflow="fold" if column == "what became of it" else "ellipsis"
            )
        for entry in entries:
            outcome = entry.outcome or Outcome.FAILED
            when = datetime.fromtimestamp(entry.finished_at or 0).astimezone()
            table.add_row(
                f"{when:%Y-%m-%d %H:%M}",
                Text(outcome.value, _OUTCOME_STYLE[outcome]),
                Text(entry.level.value, _LEVEL_STYLE[entry.level]),
                Text(harmless(os.path.basename(entry.path))),
                Text(harmless(entry.reason or (entry.copy.path if entry.copy else ""))),
            )
        self._out.print(table)

    def status(
        self,
        beat: Heartbeat | None,
        config: Config,
        folders: Sequence[tuple[str, str]],
        counts: dict[str, int],
        held: Sequence[Entry],
    ) -> None:
        """Show how the daemon fares."""
        if beat is None:
            self._out.print(Text("not running", "yellow"), "- start it with: unexposed run")
        else:
            since = datetime.fromtimestamp(beat.started).astimezone()
            self._out.print(
                Text("running", "green"), f"since {since:%Y-%m-%d %H:%M} (process {beat.pid})"
            )
        for path, state in folders:
            self._out.print(Text(f"  {state or 'watch':<10} {harmless(path)}"))
        self._out.print(Text(f"  outbox     {harmless(config.outbox)}"))
        done = ", ".join(f"{number} {what}" for what, number in sorted(counts.items()))
        self._out.print(Text(f"  files      {done or 'none yet'}"))
        for entry in held:
            name = harmless(os.path.basename(entry.path))
            self._out.print(Text(f"  held back  {name}: {harmless(entry.reason)}", "yellow"))


def _heading(path: str, result: Result) -> Text:
    text = Text(harmless(path), "bold")
    report = result.report
    if report is None:
        text.append(f"  {result.outcome.value}", _OUTCOME_STYLE[result.outcome])
        text.append(f": {harmless(result.reason)}", "default")
        return text
    text.append(f"  {_description(report)}  ", "dim")
    text.append(report.level.value, _LEVEL_STYLE[report.level])
    if result.reason:
        text.append(f"\n  {result.outcome.value}: {harmless(result.reason)}", "yellow")
    return text


def _description(report: Report) -> str:
    size = f"{report.width} x {report.height}, " if report.width else ""
    return f"{report.format.upper()}, {size}{_bytes(report.bytes_total)}"


def _bytes(number: int) -> str:
    if number < 1000:
        return f"{number} bytes"
    if number < 1_000_000:
        return f"{number / 1000:.1f} kB"
    return f"{number / 1_000_000:.1f} MB"


def _finding_line(one: Finding) -> Text:
    value = harmless(one.value or one.summary)
    if len(value) > _MAX_VALUE:
        value = value[: _MAX_VALUE - 1] + "…"
    text = Text("  ")
    text.append(f"{one.level.value:<9}", _LEVEL_STYLE[one.level])
    text.append(f"{one.kind:<24} ")
    text.append(value)
    text.append(f"  ({one.where})", "dim")
    return text
