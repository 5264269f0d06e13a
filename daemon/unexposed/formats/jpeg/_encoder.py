"""The fingerprint that an encoder leaves in a JPEG: its quantisation tables and sampling.

Nearly all programs take the example tables of ITU-T T.81 annex K and scale them as the
Independent JPEG Group's library does (jcparam.c); a camera's own tables tell its model.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from unexposed.formats.jpeg._headers import Frame

_LUMINANCE: Final = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)
"""Table K.1."""
_CHROMINANCE: Final = (
    (17, 18, 24, 47, 99, 99, 99, 99),
    (18, 21, 26, 66, 99, 99, 99, 99),
    (24, 26, 56, 99, 99, 99, 99, 99),
    (47, 66, 99, 99, 99, 99, 99, 99),
    *((99,) * 8 for _ in range(4)),
)
"""Table K.2."""

_SCALES: Final = tuple(
    5000 // quality if quality < 50 else 200 - 2 * quality for quality in range(1, 101)
)
"""By how much the tables are scaled for each quality from 1 to 100, in percent."""

_SAMPLINGS: Final = {
    (1, 1): "4:4:4",
    (2, 1): "4:2:2",
    (2, 2): "4:2:0",
    (1, 2): "4:4:0",
    (4, 1): "4:1:1",
    (4, 2): "4:1:0",
}
"""How often luminance is sampled across and down for each sample of chrominance."""


def is_standard(tables: set[bytes]) -> bool:
    """Tell whether 64-byte tables in zigzag order are annex K's, scaled to one quality."""
    firsts = {table[0] for table in tables}
    return any(
        firsts <= {_scaled(_LUMINANCE[0][0], scale), _scaled(_CHROMINANCE[0][0], scale)}
        and tables <= _pair(scale)
        for scale in _SCALES
    )


def sampling(frame: Frame) -> str:
    """Return the sampling as it is usually written, "grey" for a single component."""
    if len(frame.components) == 1:
        return "grey"
    factors = [(component.across, component.down) for component in frame.components]
    name = _SAMPLINGS.get(factors[0])
    if name and len(factors) == 3 and set(factors[1:]) == {(1, 1)}:
        return name
    return ",".join(f"{across}x{down}" for across, down in factors)


def _scaled(number: int, scale: int) -> int:
    return min(255, max(1, (number * scale + 50) // 100))


@cache
def _pair(scale: int) -> frozenset[bytes]:
    """Return both tables for a scale, in percent."""
    order = sorted(((row, column) for row in range(8) for column in range(8)), key=_zigzag)
    return frozenset(
        bytes(_scaled(table[row][column], scale) for row, column in order)
        for table in (_LUMINANCE, _CHROMINANCE)
    )


def _zigzag(place: tuple[int, int]) -> tuple[int, int]:
    """Sort key of T.81 figure A.6: by diagonal, upwards on the even ones."""
    row, column = place
    return row + column, column if (row + column) % 2 == 0 else row
