"""JPEGs by which a decoder tells whether a scan codes more lines than the header counts.

Decoders stop at the last line that is counted. What a scan codes behind it, perhaps the lower part of
the picture before its height was lowered, only decoding can tell from the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from unexposed.formats.jpeg import _segments as names
from unexposed.formats.parts import Buffer, Part, Role

_SPARE: Final = 2
"""Bytes without which the last code of a scan cannot be read whole."""

_HUFFMAN_IN_ONE: Final = ("SOF0", "SOF1")
"""Frames whose lines come one after the other, if they have one scan."""

_HEIGHT: Final = slice(5, 7)
"""Where in its segment a frame says its height."""
_MORE: Final = 1024
"""Lines that would follow: many of the largest pieces in which a JPEG codes its picture."""
_TALLEST: Final = 65_500
"""Lines of a picture that libjpeg takes at most."""


def comes_in_lines(parts: Sequence[Part]) -> bool:
    """Tell whether a decoder has each line as soon as it has read that far."""
    scans = sum(part.name == "SOS" for part in parts)
    return scans == 1 and _frame(parts).name in _HUFFMAN_IN_ONE


def without_its_end(buffer: Buffer, parts: Sequence[Part]) -> bytes:
    """Return a JPEG that ends just before its last scan does: none of its last lines can be read.

    They can where the scan goes on behind them.
    """
    end = max(part.end for part in parts if part.role is Role.PICTURE and part.name == names.SCAN)
    return buffer[: end - _SPARE]


def with_more_lines(buffer: Buffer, parts: Sequence[Part]) -> tuple[bytes, int, int]:
    """Return a JPEG that says it has more lines than it does, its own number, and how many more.

    What is missing decodes to an even grey, but for the beginning of the first piece.
    """
    frame = _frame(parts)
    head = buffer[frame.start : frame.end]
    lines = int.from_bytes(head[_HEIGHT])
    more = max(0, min(_TALLEST - lines, _MORE))
    said = head[: _HEIGHT.start] + (lines + more).to_bytes(2) + head[_HEIGHT.stop :]
    return buffer[: frame.start] + said + buffer[frame.end :], lines, more


def _frame(parts: Sequence[Part]) -> Part:
    return next(part for part in parts if part.name.startswith("SOF"))
