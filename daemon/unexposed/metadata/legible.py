"""Text from untrusted files, made fit to be shown to a person."""

from __future__ import annotations

import re

_MOST = 16_384
"""Characters that are looked at; a finding holds fewer."""

# Direction marks and overrides can turn a sentence round; tags and marks of order are invisible.
_UNSEEN = re.compile(
    "[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def legible(value: bytes | str) -> str:
    """Return text in one line: no control characters, no direction overrides, single spaces.

    Bytes are taken for UTF-8, and where they are none for Windows-1252.
    """
    text = value if isinstance(value, str) else _decoded(value[:_MOST])
    return " ".join(_UNPRINTABLE.sub(" ", _UNSEEN.sub("", text[:_MOST])).split())


def _decoded(data: bytes) -> str:
    # The cut at the end may go through a character of up to four bytes.
    for end in range(len(data), max(0, len(data) - 4), -1):
        try:
            return data[:end].decode("utf-8")
        except UnicodeDecodeError:
            if len(data) < _MOST:
                break
    return data.decode("cp1252", "replace")


def utf16(value: bytes, order: str = "le") -> str:
    """Return UTF-16 text up to its first NUL, made legible; `order` is "le" or "be"."""
    text = value[: 2 * _MOST].decode(f"utf-16-{order}", "replace")
    return legible(text.split("\0", 1)[0])


def size_in_words(size: int) -> str:
    """Return a number of bytes for a person: "1,234 bytes"."""
    return f"{size:,} byte{'' if size == 1 else 's'}"
