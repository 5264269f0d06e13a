"""How much an exposed fact matters."""

from __future__ import annotations

import enum


class Level(enum.StrEnum):
    """How much an exposed fact matters, from the least to the most."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for none up to 4 for critical."""
        return _RANKS[self]


_RANKS = {level: rank for rank, level in enumerate(Level)}
