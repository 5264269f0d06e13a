"""When two findings tell one and the same fact, and which of them says more.

A fact is told once, with all places where it stood: what one of them leaves out the other says.
"""

from __future__ import annotations

import re
from typing import Final

from unexposed.exposure import Finding
from unexposed.metadata.places import DESTINATION, position

_MOMENT: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d)(?::(\d\d))?(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)?)?"
)
"""The fields of a time as `times.moment` has it."""
_SAME_DEGREES: Final = 0.000_05
"""Degrees (about five metres) up to which two positions are one: each rounds in its own way."""
_DECIMALS: Final = 5
_NAMES: Final = frozenset({"device.model", "device.lens"})
_NUMBERS: Final = frozenset({"device.serial", "device.lens_serial"})
"""What a maker's notes write with zeros before it, and Exif without."""

_PICTURE: Final = "a (?:JPEG|HEIC|PNG), .+"
_ANNOUNCED: Final[dict[str, tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]]] = {
    kind: tuple((re.compile(announced), re.compile(there)) for announced, there in pairs)
    for kind, pairs in {
        "content.depth": [("a depth map", ".+ bytes?")],
        "content.gain_map": [("an HDR gain map", ".+ bytes?")],
        "content.video": [("a motion photo", "(?:a motion photo|an MP4), .+")],
        "content.audio": [("sound", "sound, .+")],
        "content.thumbnail": [("a thumbnail", "a thumbnail, .+")],
        "content.second_picture": [
            ("the picture without effects", f"the picture without effects, .+|{_PICTURE}"),
            ("a second view", f"a second view, .+|{_PICTURE}"),
            ("2 pictures in all(?:: .+)?", _PICTURE),
        ],
    }.items()
}
"""Kind -> how content that stands elsewhere in the file is announced, and how it is told there."""


def tells_the_same(one: Finding, other: Finding) -> bool:
    """Tell whether two findings tell one fact, whichever of them says more of it."""
    return says_no_more(one, other) or says_no_more(other, one)


def says_no_more(one: Finding, other: Finding) -> bool:
    """Tell whether a finding says nothing that another one of its kind does not say."""
    if one.kind != other.kind:
        return False
    if one.value == other.value:
        return True
    if one.kind.startswith("time."):
        return _is_vaguer(one.value, other.value)
    if one.kind == "location.gps":
        return _is_there(one, other)
    if one.kind in _NAMES:
        return _is_part(one.value, other.value)
    if one.kind in _NUMBERS:
        return other.value.lstrip("0") == one.value != "" and other.value.isalnum()
    return any(
        announced.fullmatch(one.value) and there.fullmatch(other.value)
        for announced, there in _ANNOUNCED.get(one.kind, ())
    )


def _is_vaguer(one: str, other: str) -> bool:
    """Tell whether a time leaves out what another says, and differs in nothing else."""
    mine, theirs = _MOMENT.fullmatch(one), _MOMENT.fullmatch(other)
    if mine is None or theirs is None:
        return False
    return all(
        not said or said == there or (there or "").startswith(said)
        for said, there in zip(mine.groups(), theirs.groups(), strict=True)
    )


def _is_there(one: Finding, other: Finding) -> bool:
    """Tell whether a position is another one but for its rounding."""
    if one.where.endswith(DESTINATION) is not other.where.endswith(DESTINATION):
        return False
    mine, theirs = position(one), position(other)
    if mine is None or theirs is None:
        return False
    return all(
        round(abs(a - b), _DECIMALS) <= _SAME_DEGREES for a, b in zip(mine, theirs, strict=True)
    )


def _is_part(one: str, other: str) -> bool:
    """Tell whether a device's name is how another one begins or ends: maker or model alone."""
    mine, theirs = one.casefold().split(), other.casefold().split()
    return len(mine) < len(theirs) and mine in (theirs[: len(mine)], theirs[-len(mine) :])
