"""Numbers of any width in bits, as the headers of coded pictures have them.

Sources: ITU-T H.265 section 9.2; AV1 bitstream specification section 4.10.
"""

from __future__ import annotations

from typing import Final

_MAX_ZEROS: Final = 32


class Short(Exception):
    """There are fewer bits than the fields take, or they stand for nothing."""


class Bits:
    """Reads bits from the first one on. All that reads raises Short."""

    def __init__(self, data: bytes) -> None:
        self._number = int.from_bytes(data)
        self._left = 8 * len(data)

    def take(self, size: int) -> int:
        """Return the next bits as a number."""
        if size > self._left:
            raise Short
        self._left -= size
        return self._number >> self._left & (1 << size) - 1

    def count(self) -> int:
        """Return the next number in the Exp-Golomb code."""
        zeros = 0
        while not self.take(1):
            zeros += 1
            if zeros > _MAX_ZEROS:
                raise Short
        return (1 << zeros) - 1 + self.take(zeros)
