"""Lay parts end to end, so that no byte is left out and none is counted twice."""

from __future__ import annotations

import msgspec

from unexposed.errors import Malformed
from unexposed.formats.parts import Part, Role

MAX_PARTS = 1_000_000
"""A file that falls into more parts is held back."""


class Tiling:
    """The parts of a file so far; they tile [0, `position`)."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.position = 0

    def add(self, end: int, role: Role, name: str, *, plain: bool = True) -> int:
        """Add the part from `position` to `end` and return its index, -1 for an empty one.

        Raises Malformed for a part too many.
        """
        if end == self.position:
            return -1
        if len(self.parts) >= MAX_PARTS:
            raise Malformed(f"falls into more than {MAX_PARTS:,} parts", self.position)
        self.parts.append(Part(self.position, end, role, name, plain))
        self.position = end
        return len(self.parts) - 1

    def demote(self, index: int, name: str) -> None:
        """Say of an earlier part that no decoder uses it."""
        self.parts[index] = msgspec.structs.replace(self.parts[index], role=Role.UNKNOWN, name=name)
