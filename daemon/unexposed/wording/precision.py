"""How exact a position is, judged by how it is written down."""

from __future__ import annotations

import re
from typing import Final

from unexposed.wording.language import KM_IN_MILE, digits, in_miles, tr, trn

_POSITION: Final = re.compile(r"-?(\d{1,2})\.(\d{5}), -?(\d{1,3})\.(\d{5})", re.ASCII)
_DEGREE_M: Final = 111_000
"""Metres in a degree of latitude."""
_STEPS: Final = ((1, 1), (1, 10), (60, 1), (1, 100), (1, 1_000), (3_600, 1), (1, 10_000))
"""Parts of a degree in which positions are written, as a product, the coarsest first."""
_FEET_IN_M: Final = 3.28084
_LEAST_MILES: Final = 0.6
"""Miles from which on a distance is told in them."""
_FINEST_M: Final = 5
"""No receiver of a phone or camera does better."""


def precision(value: str, within_m: float = 0.0) -> str:
    """Return "to about 1 km" for a position, "" for any other text.

    A value that is a whole number of degrees, minutes or seconds, or has few decimals, is
    rounded to those; both numbers have to be. It is no better than `within_m`, by how many metres
    the receiver says that it may be off.
    """
    match = _POSITION.fullmatch(value)
    if match is None:
        return ""
    hundred_thousandths = [int(match[1] + match[2]), int(match[3] + match[4])]
    for sixtieths, decimals in _STEPS:
        steps = sixtieths * decimals
        if all(_whole(one, steps) for one in hundred_thousandths):
            return _about(max(within_m, _DEGREE_M / steps))
    return _about(max(within_m, _FINEST_M))


def _whole(hundred_thousandths: int, steps: int) -> bool:
    """Tell whether a rounded number of degrees is a whole number of `steps` to the degree."""
    nearest = round(hundred_thousandths * steps / 100_000) * 100_000 / steps
    return abs(nearest - hundred_thousandths) <= 0.5


def _about(metres: float) -> str:
    """Return "to about 100 m", or in the feet and miles of those who have these."""
    if in_miles():
        miles = metres / (1_000 * KM_IN_MILE)
        if miles >= _LEAST_MILES:
            return trn("to about {number} mile", "to about {number} miles", max(1, round(miles)))
        feet = _round(metres * _FEET_IN_M)
        return trn("to about {number} foot", "to about {number} feet", feet)
    if metres >= 950:
        return tr("to about {distance}").format(distance=f"{digits(round(metres / 1_000))} km")
    return tr("to about {distance}").format(distance=f"{_round(metres)} m")


def _round(number: float) -> int:
    """Return a number with its first digit only."""
    return int(float(f"{number:.0e}"))
