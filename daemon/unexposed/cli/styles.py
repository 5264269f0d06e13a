"""The colours of levels and outcomes on a terminal."""

from __future__ import annotations

from typing import Final

from unexposed.exposure import Level, Outcome

LEVEL_STYLE: Final = {
    Level.NONE: "green",
    Level.LOW: "cyan",
    Level.MEDIUM: "yellow",
    Level.HIGH: "red",
    Level.CRITICAL: "bold white on red",
}
OUTCOME_STYLE: Final = {
    Outcome.INSPECTED: "cyan",
    Outcome.CLEANED: "green",
    Outcome.SKIPPED: "dim",
    Outcome.HELD: "yellow",
    Outcome.FAILED: "red",
    Outcome.WAITING: "yellow",
}
