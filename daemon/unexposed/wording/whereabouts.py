"""Places as the report has them, in the person's language and units."""

from __future__ import annotations

import re
from typing import Final

from unexposed.wording.language import KM_IN_MILE, in_miles, tr, trn

_FAR: Final = re.compile(r"(\d{1,4}) km from (.+)", re.ASCII | re.DOTALL)
_IN: Final = "in "
_AT_HOME: Final = "at home"
"""What `metadata/places.py` and `places.py` say of a position; names of towns stay as they are."""


def whereabouts(place: str) -> str:
    """Return "in Lisbon, Portugal", "2 miles from Sintra, Portugal" or "at home"."""
    if place == _AT_HOME:
        return tr("at home")
    if place.startswith(_IN):
        return tr("in {town}").format(town=place.removeprefix(_IN))
    match = _FAR.fullmatch(place)
    if match is None:
        return place
    kilometres, town = int(match[1]), match[2]
    if not in_miles():
        return trn("{number} km from {town}", "{number} km from {town}", kilometres, town=town)
    miles = max(1, round(kilometres / KM_IN_MILE))
    if miles >= 100:
        miles = round(miles, -1)
    return trn("{number} mile from {town}", "{number} miles from {town}", miles, town=town)
