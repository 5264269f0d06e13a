"""Names that somebody chose, and the numbers that stand for them in a clean copy."""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote

from unexposed.formats.svg._tables import RESULTS

_NO_ID: Final = "i0"
_NO_CLASS: Final = "c0"


class Names:
    """New names for those that somebody chose."""

    def __init__(self, ids: dict[str, str], classes: dict[str, str]) -> None:
        self._ids = ids
        self._classes = classes
        self._results: dict[str, str] = {}

    def has_id(self, name: str) -> bool:
        """Tell whether an element of the clean copy has this name."""
        return name in self._ids or unquote(name) in self._ids

    def has_class(self, name: str) -> bool:
        """Tell whether an element of the clean copy is of this class."""
        return name in self._classes

    def id(self, name: str) -> str:
        """Return the new name of an element that is referred to, one of its own for none."""
        return self._ids.get(name) or self._ids.get(unquote(name), _NO_ID)

    def css_class(self, name: str) -> str:
        """Return the new name of a class that a style sheet selects by."""
        return self._classes.get(name, _NO_CLASS)

    def result(self, name: str) -> str:
        """Return the new name of what a step of a filter makes."""
        if not name or name in RESULTS:
            return name
        return self._results.setdefault(name, f"r{len(self._results) + 1}")

    def shows(self) -> None:
        """Take note that something besides an element itself says whether it is displayed."""

    def hides(self) -> None:
        """Take note that a style sheet may keep something from being displayed."""
