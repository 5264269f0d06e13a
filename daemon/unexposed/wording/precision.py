"""How exact a position is, judged by how it is written down."""

from __future__ import annotations

import re
from typing import Final

_POSITION: Final = re.compile(r"-?(\d{1,2})\.(\d{5}), -?(\d{1,3})\.(\d{5})", re.ASCII)
_DEGREE_M: Final = 111_000
"""Metres in a degree of latitude."""
_STEPS: Final = ((1, 1), (1, 10), (60, 1), (1, 100), (1, 1_000), (3_600, 1), (1, 10_000))
"""Parts of a degree in which positions are written, as a product, the coarsest first."""
_FINEST_M: Final = 5
"""No receiver of a phone or camera does better."""


def precision(value: str) -> str:
    """Return "to about 1 km" for a position, "" for any other text.

    A value that is a whole number of degrees, minutes or seconds, or has few decimals, is
    rounded to those; both numbers have to be.
    """
    match = _POSITION.fullmatch(value)
    if match is None:
        return ""
    hundred_thousandths = [int(match[1] + match[2]), int(match[3] + match[4])]
    for sixtieths, decimals in _STEPS:
        steps = sixtieths * decimals
        if all(_whole(one, steps) for one in hundred_thousandths):
            return f"to about {_metres(_DEGREE_M / steps)}"
    return f"to about {_FINEST_M} m"


def _whole(hundred_thousandths: int, steps: int) -> bool:
    """Tell whether a rounded number of degrees is a whole number of `steps` to the degree."""
    nearest = round(hundred_thousandths * steps / 100_000) * 100_000 / steps
    return abs(nearest - hundred_thousandths) <= 0.5


def _metres(metres: float) -> str:
    if metres >= 950:
        return f"{round(metres / 1_000):,} km"
    step = 10 if metres < 95 else 100
    return f"{max(step, round(metres / step) * step)} m"
