"""What the levels are called."""

from __future__ import annotations

from typing import Final

from unexposed.exposure import Level
from unexposed.wording.language import tr, translatable

_CALLED: Final = {
    Level.NONE: translatable("none"),
    Level.LOW: translatable("low"),
    Level.MEDIUM: translatable("medium"),
    Level.HIGH: translatable("high"),
    Level.CRITICAL: translatable("critical"),
}


def called(level: Level) -> str:
    """Return "high" in the person's language."""
    return tr(_CALLED[level])
