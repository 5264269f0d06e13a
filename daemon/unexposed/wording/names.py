"""What levels and outcomes are called."""

from __future__ import annotations

from typing import Final

from unexposed.exposure import Level, Outcome
from unexposed.wording.language import tr, translatable

_LEVELS: Final = {
    Level.NONE: translatable("none"),
    Level.LOW: translatable("low"),
    Level.MEDIUM: translatable("medium"),
    Level.HIGH: translatable("high"),
    Level.CRITICAL: translatable("critical"),
}
_OUTCOMES: Final = {
    Outcome.INSPECTED: translatable("inspected"),
    Outcome.CLEANED: translatable("cleaned"),
    Outcome.HELD: translatable("held"),
    Outcome.SKIPPED: translatable("skipped"),
    Outcome.FAILED: translatable("failed"),
    Outcome.WAITING: translatable("waiting"),
}


def level_called(level: Level) -> str:
    """Return "high" in the person's language."""
    return tr(_LEVELS[level])


def outcome_called(outcome: Outcome) -> str:
    """Return "cleaned" in the person's language."""
    return tr(_OUTCOMES[outcome])
