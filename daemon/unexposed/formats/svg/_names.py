"""Names that somebody chose, and the numbers that stand for them in a clean copy."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final
from urllib.parse import unquote

from unexposed.formats.svg._tables import RESULTS

_NO_ID: Final = "i0"
_NO_CLASS: Final = "c0"
_NO_FRAMES: Final = "k0"


class Names:
    """New names for those that somebody chose.

    `frames` are animations that style sheets define, `variables` custom properties that are used.
    """

    def __init__(
        self,
        ids: dict[str, str],
        classes: dict[str, str],
        frames: Sequence[str] = (),
        variables: Collection[str] = (),
    ) -> None:
        self._ids = ids
        self._classes = classes
        self._frames = {name: f"k{number}" for number, name in enumerate(frames, 1)}
        self._variables = variables
        self._renamed: dict[str, str] = {}
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

    def has_frames(self, name: str) -> bool:
        """Tell whether a style sheet defines an animation of this name."""
        return name in self._frames

    def frames(self, name: str) -> str:
        """Return the new name of an animation, one of its own for none."""
        return self._frames.get(name, _NO_FRAMES)

    def has_variable(self, name: str) -> bool:
        """Tell whether something uses a custom property."""
        return name in self._variables

    def variable(self, name: str) -> str:
        """Return the new name of a custom property."""
        return self._renamed.setdefault(name, f"--v{len(self._renamed) + 1}")
