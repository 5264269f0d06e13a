"""What a person sees on the terminal: colour and tables there, plain text in a pipe."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from unexposed.cli.card import card
from unexposed.cli.styles import LEVEL_STYLE, OUTCOME_STYLE
from unexposed.exposure import KINDS, Outcome
from unexposed.wording import Notice, digits, harmless, title, tr, trn
from unexposed.wording.names import outcome_called

if TYPE_CHECKING:
    from unexposed.bulk import Finished, Tally
    from unexposed.cli.standing import Standing
    from unexposed.ledger import Entry
    from unexposed.pipeline import Result

_LEVEL_WIDTH = 10
_BELOW = " " * 18
"""What stands below the first line about a file, begins below its outcome."""


class Screen:
    """Standard output as the commands use it."""

    def __init__(self) -> None:
        self._out = Console(highlight=False, soft_wrap=True)

    def card(self, path: str, result: Result, *, first: bool = True) -> None:
        """Show what one file would give away, below an empty line unless it is the first."""
        if not first:
            self._out.print()
        self._out.print(card(path, result, self._out))

    def line(self, one: Finished) -> None:
        """Tell in a line what became of one file."""
        result = one.result
        name = harmless(os.path.basename(one.found.path))
        text = Text()
        if one.before:
            text.append(f"{tr('before'):<{_outcome_width()}}{name}", "dim")
        else:
            text.append(
                f"{outcome_called(result.outcome):<{_outcome_width()}}",
                OUTCOME_STYLE[result.outcome],
            )
            if result.outcome is Outcome.CLEANED:
                text.append(title(Notice(name=name, outcome=result.outcome, report=result.report)))
            else:
                text.append(f"{name}: {harmless(result.reason)}")
        if result.copy is not None:
            text.append(f"  -> {harmless(result.copy.path)}", "dim")
        self._out.print(text)

    def total(self, tally: Tally, *, stopped: bool) -> None:
        """Sum up many files: what became of them, and what they told."""
        counts = [
            f"{digits(tally.outcomes[outcome])} {outcome_called(outcome)}"
            for outcome in Outcome
            if tally.outcomes[outcome]
        ]
        if tally.before:
            counts.append(tr("{number} done before").format(number=digits(tally.before)))
        counted = ", ".join(counts) or tr("nothing to do")
        if stopped:
            said = trn(
                "stopped after {number} file: {counts}",
                "stopped after {number} files: {counts}",
                tally.files,
                counts=counted,
            )
        else:
            said = trn(
                "{number} file: {counts}", "{number} files: {counts}", tally.files, counts=counted
            )
        self._out.print(said, style="bold")
        told = tally.told()
        if not told:
            return
        inspected = tally.outcomes[Outcome.INSPECTED]
        self._out.print(tr("They tell:") if inspected else tr("They would have told:"))
        width = max(len(f"{one.files:,}") for one in told)
        for one in told:
            text = Text(f"  {one.files:>{width},}  ")
            text.append(
                tr(KINDS[one.kind].tells) if one.kind in KINDS else one.kind, LEVEL_STYLE[one.level]
            )
            if one.kept:
                text.append(f"  ({tr('stays in {number}').format(number=digits(one.kept))})", "dim")
            self._out.print(text)

    def history(self, entries: Sequence[Entry]) -> None:
        """Show finished files: one a line with whole paths, or two where the terminal is narrow."""
        if not entries:
            self._out.print("nothing was done yet")
            return
        lines = [_history_line(entry) for entry in entries]
        if self._out.is_terminal and max(line.cell_len for line in lines) > self._out.width:
            lines = [_history_line(entry, self._out.width) for entry in entries]
        for line in lines:
            self._out.print(line)

    def status(self, found: Standing) -> None:
        """Show how the daemon fares."""
        from unexposed.cli.standing import standing_lines  # noqa: PLC0415 - 8 ms, with the ledger

        for line in standing_lines(found):
            self._out.print(line)


def _history_line(entry: Entry, width: int | None = None) -> Text:
    """Tell of one finished file in a line, its paths whole.

    With `width` in several that are no longer: the file by its path below the watched folder, the
    copy by its name.
    """
    outcome = entry.outcome or Outcome.FAILED
    when = datetime.fromtimestamp(entry.finished_at or 0).astimezone()
    path = os.path.relpath(entry.path, entry.root) if width else entry.path
    copy = entry.copy.path if entry.copy else ""
    became = entry.reason or (f"-> {os.path.basename(copy) if width else copy}" if copy else "")
    text = Text()
    text.append(f"{when:%Y-%m-%d %H:%M}  ", "dim")
    text.append(f"{outcome.value:<8}  ", OUTCOME_STYLE[outcome])
    text.append(entry.level.value, LEVEL_STYLE[entry.level])
    text.append(f"{'':<{_LEVEL_WIDTH - len(entry.level.value)}}{harmless(path)}")
    if width:
        below = textwrap.wrap(harmless(became), max(20, width - len(_BELOW)))
        text.append("".join(f"\n{_BELOW}{line}" for line in below))
    elif became:
        text.append(f"  {harmless(became)}")
    return text


def _outcome_width() -> int:
    """Return the columns that the outcomes of cleaning take in the person's language."""
    words = [outcome_called(one) for one in Outcome if one is not Outcome.INSPECTED]
    return 1 + max(map(len, [*words, tr("before")]))
