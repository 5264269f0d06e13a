"""What a format's parts are called in docs/formats.md, what becomes of them, and why."""

from __future__ import annotations

import re
from typing import Literal

import msgspec


class Place(msgspec.Struct, frozen=True):
    """One row: parts whose whole names match `parts`, a pattern, as a person may call them.

    `fate` says what may become of such a part: it stays as it is, is made plain where it is not
    plain already, or goes. Where parts of one name have several fates, each has its row.
    """

    parts: str
    where: str
    fate: Literal["stays", "made plain", "goes"]
    why: str

    def covers(self, name: str, fate: str) -> bool:
        """Whether a part of this name and fate ("kept", "made plain", "removed") is of this row."""
        return fate in _FATES[self.fate] and re.fullmatch(self.parts, name) is not None


_FATES = {"stays": ("kept",), "made plain": ("kept", "made plain"), "goes": ("removed",)}
