"""What in an Exif block its tags do not account for: small copies that are cut, bytes behind the last.

Source: Exif 3.0 (CIPA DC-008) section 4.6.2; TIFF 6.0 sections 3 and 15.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from unexposed.exposure import Finding, finding
from unexposed.metadata.exif_values import Fields
from unexposed.metadata.legible import size_in_words

_HEADER: Final = 8
_DATA: Final = ((0x0201, 0x0202), (0x0111, 0x0117), (0x0144, 0x0145))
"""Tags of where pictures lie, and of how many bytes these have: JPEG, strips and tiles."""


def cut_short(told: Fields) -> str:
    """Say that a small copy reaches beyond the block; "" where none does."""
    end = len(told.walk.data)
    beyond = any(end < last for ifd, _, last in _pictures(told) if ifd != "IFD0")
    return "a small copy that is cut short" if beyond else ""


def behind(told: Fields, where: str) -> list[Finding]:
    """Return that something stands behind all that the tags hold and point at."""
    walk = told.walk
    if not walk.directories or walk.damage:
        return []
    ends = (
        _HEADER,
        *(one.end for one in walk.directories),
        *(one.start + one.size for one in walk.entries),
        *(last for _, _, last in _pictures(told)),
    )
    rest = bytes(walk.data[max(ends) :])
    if not rest.strip(b"\0"):
        return []
    return [finding("hidden.unknown", where, f"{size_in_words(len(rest))} behind its last value")]


def _pictures(told: Fields) -> Iterator[tuple[str, int, int]]:
    """Yield the directory, start and end of each picture or part of one."""
    for ifd in {one.ifd for one in told.walk.directories}:
        for place, size in _DATA:
            starts, sizes = told.numbers(ifd, place), told.numbers(ifd, size)
            for start, length in zip(starts, sizes, strict=False):
                if start > 0 and length > 0:
                    yield ifd, int(start), int(start) + int(length)
