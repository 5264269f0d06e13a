"""The codes of four characters that boxes and chunks are called by."""

from __future__ import annotations


def legible_code(code: bytes) -> str:
    """Return a code as it may be shown: unprintable letters become '?'."""
    return "".join(chr(byte) if 32 <= byte < 127 else "?" for byte in code)
