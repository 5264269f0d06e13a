"""What every way to notify raises when it cannot."""

from __future__ import annotations

from unexposed.errors import UnexposedError


class Undelivered(UnexposedError):
    """A notification could not be shown; the text says why."""
