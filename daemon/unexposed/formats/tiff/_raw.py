"""Tell camera raw files from TIFFs: they are built alike, but their picture is no picture yet.

Sources: the DNG specification 1.7; TIFF/EP (ISO 12234-2); ExifTool's tables of tags and
compressions for CR2, NEF, ARW, PEF, SRW, KDC and their like.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from unexposed.errors import Malformed
from unexposed.formats.tiff import _tags as tags
from unexposed.formats.tiff._pages import Page, Source, read_page

_CANON: Final = b"CR\x02\0"
_CANON_AT: Final = 8

_SENSOR_TAGS: Final = frozenset(
    {
        33421,  # CFARepeatPatternDim
        33422,  # CFAPattern
        50706,  # DNGVersion
        50741,  # MakerNoteSafety
        50752,  # CR2 slices
    }
)
_SENSOR_COLOURS: Final = frozenset({32803, 34892, 52527})
"""Photometric interpretations: a colour filter's mosaic, linear raw, a depth map."""
_SENSOR_CODINGS: Final = frozenset({262, 32767, 32769, 32770, 34713, 34892, 65000, 65535})
"""Compressions: Kodak, Sony, packed, Samsung, Nikon, lossy DNG, Kodak, Pentax."""

_MOST_BELOW = 64


def is_raw(source: Source, pages: Sequence[Page]) -> bool:
    """Tell whether a file holds a sensor's data."""
    if source.buffer[_CANON_AT : _CANON_AT + len(_CANON)] == _CANON:
        return True
    return any(_is_sensors(source, page) for page in (*pages, *below(source, pages[:1])))


def _is_sensors(source: Source, page: Page) -> bool:
    return (
        source.number(page, tags.PHOTOMETRIC, 0) in _SENSOR_COLOURS
        or source.number(page, tags.COMPRESSION, 1) in _SENSOR_CODINGS
        or not _SENSOR_TAGS.isdisjoint(page.entries)
    )


def below(source: Source, pages: Sequence[Page]) -> Iterator[Page]:
    """Yield the sub-directories of pages, the first few, as far as they can be read."""
    starts = (
        (page.number, start)
        for page in pages
        for start in source.numbers(page, tags.SUB_IFDS, _MOST_BELOW)
    )
    for number, start in islice(starts, _MOST_BELOW):
        try:
            yield read_page(source, number, start)
        except Malformed:
            continue
