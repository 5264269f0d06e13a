"""Which jobs are meant: those of some watched folders, or of all others."""

from __future__ import annotations

from typing import Final, NamedTuple

from unexposed.ledger.entry import stored


class Share(NamedTuple):
    """The jobs of the watched folders `roots`, or with `others` those of every other folder."""

    roots: tuple[str, ...] = ()
    others: bool = True

    def condition(self) -> tuple[str, tuple[str | bytes, ...]]:
        """Return what SQL says of such jobs, and the values that it takes."""
        marks = ", ".join("?" * len(self.roots))
        inverted = "NOT " if self.others else ""
        return f"root {inverted}IN ({marks})", tuple(stored(root) for root in self.roots)


EVERY: Final = Share()
