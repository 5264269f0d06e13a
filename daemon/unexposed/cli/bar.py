"""A file as a bar: what of it is kept, made plain and removed, byte range by byte range."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Final, NamedTuple

from rich.text import Text

from unexposed.exposure import Span
from unexposed.wording import digits, tr
from unexposed.wording.language import translatable

KEPT, PLAIN, REMOVED = "kept", "made plain", "removed"


class _Look(NamedTuple):
    """How a fate looks; each is told from the others without colour, too."""

    words: str
    style: str
    block: str
    letter: str


_LOOKS: Final = {
    KEPT: _Look(translatable("kept"), "green", "█", "#"),
    PLAIN: _Look(translatable("made plain"), "yellow", "▒", "+"),
    REMOVED: _Look(translatable("removed"), "red", "░", "-"),
}
"""Fate -> its look. Where there is room for one only, the later one is shown."""


def cells(spans: Sequence[Span], width: int) -> list[str]:
    """Return the fate that each of `width` cells shows.

    That is what most of its bytes become; but no stretch is too small to be seen, unless one
    that is made plain or removed stands in the same cell.
    """
    runs = [(list(same), fate) for fate, same in groupby(spans, key=lambda span: span.fate)]
    stretches = [
        (same[0].start, same[-1].end, fate) for same, fate in runs if same[-1].end > same[0].start
    ]
    total = max((end for _, end, _ in stretches), default=0)
    if not total:
        return []
    shares: list[Counter[str]] = [Counter() for _ in range(width)]
    for start, end, fate in stretches:
        for cell in range(start * width // total, min(width, -(-end * width // total))):
            inside = min(end * width, (cell + 1) * total) - max(start * width, cell * total)
            shares[cell][fate] += inside
    shown = [max(share, key=lambda fate: share[fate]) for share in shares]
    for wanted in _LOOKS:
        for start, end, fate in stretches:
            first, last = start * width // total, (end * width - 1) // total
            if fate == wanted and fate not in shown[first : last + 1]:
                shown[(start + end) * width // (2 * total)] = fate
    return shown


def bar(spans: Sequence[Span], width: int, *, ascii_only: bool = False) -> Text:
    """Return the bar and below it what its cells mean, with how many bytes become what."""
    text = Text()
    for fate, same in groupby(cells(spans, width)):
        look = _LOOKS[fate]
        text.append((look.letter if ascii_only else look.block) * len(list(same)), look.style)
    text.append("\n")
    sizes: Counter[str] = Counter()
    for span in spans:
        sizes[span.fate] += span.end - span.start
    legend = [
        Text.assemble(
            (look.letter if ascii_only else look.block, look.style),
            f" {tr(look.words)} {digits(sizes[fate])}",
        )
        for fate, look in _LOOKS.items()
        if sizes[fate]
    ]
    return text + Text("   ").join(legend) + Text(f" {tr('bytes')}")
