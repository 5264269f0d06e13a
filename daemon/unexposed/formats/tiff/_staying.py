"""What stays in a TIFF with its picture and may not be looked for: further pages, further channels.

Viewers show the first page and its colours. Sources: TIFF 6.0, "PhotometricInterpretation" and
section 18, ExtraSamples.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from unexposed.formats.tiff import _tags as tags
from unexposed.formats.tiff._pages import Page, Source
from unexposed.formats.tiff._shape import read_shape
from unexposed.metadata.block import Block

_COLOURS: Final = {0: 1, 1: 1, 2: 3, 3: 1, 4: 1, 6: 3, 8: 3, 9: 3, 10: 3, 32845: 3}
"""Photometric interpretation -> samples that are its colours."""
_INKS: Final = 5
_TRANSPARENCY: Final = (1, 2)
_MOST_PAGES: Final = 200
"""Pages whose channels are counted."""


def staying(source: Source, kept: Sequence[Page]) -> Iterator[Block]:
    """Yield how many pages follow the first that stays, and the channels beside its colours."""
    further = len(kept) - 1
    if further > 0:
        size = min(sum(_size(source, page) for page in kept[1:]), len(source.buffer))
        yield Block(
            "pages", b"", "TIFF", max(1, size), "1 page" if further == 1 else f"{further:,} pages"
        )
    found = [_channels(source, page) for page in kept[:_MOST_PAGES]]
    if most := max(found, default=0):
        sizes = (
            _size(source, page) * number // max(1, read_shape(source, page).samples)
            for page, number in zip(kept, found, strict=False)
        )
        size = min(sum(sizes), len(source.buffer))
        label = "1 channel" if most == 1 else f"{most:,} channels"
        yield Block("channels", b"", "TIFF", max(1, size), label)


def _size(source: Source, page: Page) -> int:
    """Return how many bytes a page's strips or tiles are said to have."""
    counts = (
        source.numbers(page, tag, len(source.buffer))
        for tag in (tags.STRIP_COUNTS, tags.TILE_COUNTS)
    )
    return sum(map(sum, counts))


def _channels(source: Source, page: Page) -> int:
    """Return how many samples of a pixel are neither colours nor their transparency."""
    samples = read_shape(source, page).samples
    photometric = source.number(page, tags.PHOTOMETRIC, 0)
    if photometric == _INKS:
        colours = source.number(page, tags.NUMBER_OF_INKS, 4)
    else:
        colours = _COLOURS.get(photometric, samples)
    extra = source.numbers(page, tags.EXTRA_SAMPLES, samples)
    transparency = any(one in _TRANSPARENCY for one in extra[:1])
    return max(0, samples - colours - transparency)
