"""A card about one file: its level, what it gives away, and what becomes of its bytes."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.text import Text

from unexposed.cli.bar import bar
from unexposed.cli.styles import LEVEL_STYLE, OUTCOME_STYLE
from unexposed.exposure import Finding, Report
from unexposed.wording import (
    cleaning,
    harmless,
    levelled,
    noun,
    sentence,
    shown,
    stays,
    tr,
    trn,
)
from unexposed.wording.families import grouped
from unexposed.wording.names import level_called, outcome_called

if TYPE_CHECKING:
    from unexposed.pipeline import Result

_INDENT: Final = "  "
_LEVEL_WIDTH: Final = 10
_BELOW: Final = 2 * len(_INDENT) + _LEVEL_WIDTH
"""Where the words about a finding begin, in columns."""
_WIDEST: Final = 100
"""Columns that a card takes at most; longer lines are hard to read."""
_MOST_OF_A_KIND: Final = 5
"""Findings of one kind that a card shows; the rest is counted."""


def card(path: str, result: Result, console: Console) -> Text:
    """Return what one file would give away, fit for the console's width and characters."""
    width = min(_WIDEST, console.width)
    lines = [Text(harmless(path), "bold")]
    if result.report is None:
        lines[0].append(f"  {outcome_called(result.outcome)}", OUTCOME_STYLE[result.outcome])
        lines[0].append(f": {harmless(result.reason)}", "default")
        return lines[0]
    report = result.report
    lines.append(Text(f"{_INDENT}{_description(report)}", "dim"))
    level, reason = levelled(report)
    head = Text(_INDENT)
    head.append(level_called(level), LEVEL_STYLE[level])
    _wrapped(lines, head + Text("  "), reason, width)
    if result.reason:
        said = f"{outcome_called(result.outcome)}: {harmless(result.reason)}"
        _wrapped(lines, Text(_INDENT), said, width, style="yellow")
    for family, findings in grouped(report.findings):
        lines += [Text(), Text(f"{_INDENT}{family}", "bold")]
        seen: Counter[str] = Counter()
        for one in findings:
            seen[one.kind] += 1
            if seen[one.kind] <= _MOST_OF_A_KIND:
                _finding(lines, one, width)
        if more := sum(max(0, number - _MOST_OF_A_KIND) for number in seen.values()):
            words = trn(
                "and one more, which --json tells", "and {number} more, which --json tells", more
            )
            lines.append(Text(f"{' ' * _BELOW}{words}", "dim"))
    _staying(lines, report, width)
    if report.spans:
        ascii_only = "utf" not in console.encoding
        lines.append(Text())
        for line in bar(report.spans, width - len(_INDENT), ascii_only=ascii_only).split("\n"):
            lines.append(Text(_INDENT) + line)
    return Text("\n").join(lines)


def _finding(lines: list[Text], one: Finding, width: int) -> None:
    head = Text(_INDENT * 2)
    head.append(f"{level_called(one.level):<{_LEVEL_WIDTH}}", LEVEL_STYLE[one.level])
    said, value = sentence(one), shown(one)
    where = f" ({harmless(one.where)}, {one.kind})"
    if not value or value in said:
        _wrapped(lines, head, said, width, dim=where)
        return
    _wrapped(lines, head, said, width)
    _wrapped(lines, Text(" " * _BELOW), value, width, dim=where)


def _staying(lines: list[Text], report: Report, width: int) -> None:
    """Add what a clean copy would still show, and why."""
    staying = [one for one in report.findings if stays(one)]
    if not staying:
        return
    lines += [Text(), Text(f"{_INDENT}{tr('What stays visible in a clean copy')}", "bold")]
    for said in dict.fromkeys(f"{noun(one)}: {cleaning(one)}" for one in staying):
        _wrapped(lines, Text(_INDENT * 2), said, width)


def _wrapped(
    lines: list[Text], head: Text, said: str, width: int, *, style: str = "", dim: str = ""
) -> None:
    """Add words behind `head`, broken so that further lines begin below the first."""
    indent = head.cell_len
    parts = textwrap.wrap(f"{said}{dim}", max(20, width - indent), break_on_hyphens=False)
    plain = len(said)
    for number, part in enumerate(parts):
        line = Text(" " * indent) if number else head.copy()
        line.append(part[: max(0, plain)], style)
        line.append(part[max(0, plain) :], "dim")
        plain -= len(part) + 1
        lines.append(line)


def _description(report: Report) -> str:
    size = f"{report.width} x {report.height}, " if report.width else ""
    return f"{report.format.upper()}, {size}{_bytes(report.bytes_total)}"


def _bytes(number: int) -> str:
    if number < 1000:
        return f"{number} {tr('bytes')}"
    if number < 1_000_000:
        return f"{number / 1000:.1f} kB".replace(".", tr("."))
    return f"{number / 1_000_000:.1f} MB".replace(".", tr("."))
