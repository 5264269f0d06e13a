"""Boxes as metadata readers see them: damaged perhaps, and read as far as that goes.

Source: ISO/IEC 14496-12:2022 section 4.2; QuickTime File Format (2016), "Atom Layout".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_HEADER: Final = 8
_MOST: Final = 10_000


def atoms(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield type and payload of the boxes that stand one behind the other.

    It ends at the first that is none; one that is cut short is yielded as far as it goes.
    """
    at = 0
    for _ in range(_MOST):
        size = int.from_bytes(data[at : at + 4])
        if len(data) - at < _HEADER or size < _HEADER:
            return
        yield data[at + 4 : at + 8], data[at + _HEADER : at + size]
        at += size


def broken(data: bytes) -> bool:
    """Tell whether a box is cut short, or something that is no box stands behind the last.

    Zeros are nothing: QuickTime ends a list of user data with four.
    """
    at = 0
    for _, payload in atoms(data):
        size = int.from_bytes(data[at : at + 4])
        if size > _HEADER + len(payload):
            return True
        at += size
    return bool(data[at:].strip(b"\0"))


def legible_type(kind: bytes) -> str:
    """Return a box's type as it may be shown: '©xyz', or '?' for letters that cannot be."""
    text = kind.decode("latin-1")
    return "".join(letter if letter.isprintable() else "?" for letter in text)
