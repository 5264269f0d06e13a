"""How a TIFF page's picture is laid out: its strips or tiles, and the bytes of each.

Sources: TIFF 6.0 sections 3, 15 and 21; libtiff's tif_strip.c and tif_tile.c.
"""

from __future__ import annotations

import msgspec

from unexposed.errors import Malformed
from unexposed.formats.tiff import _tags as tags
from unexposed.formats.tiff._pages import Page, Source

_MOST_SAMPLES = 4_096
_MOST_PIXELS_ASIDE = 0x7FFF_FFFF
_MOST_BITS = 128
_YCBCR = 6
_USUAL_TILE = 512
"""Pixels of a tile's side that are nothing special, however small the picture is."""
_BLOCK = 64
"""Pixels up to whose multiple programs round a picture's side that is to be a single tile."""


class Shape(msgspec.Struct, frozen=True):
    """The layout of one page; sides in pixels, `bits` of each sample.

    `across` and `down` are the sides of a full strip or tile, `subsampling` is how many pixels
    share a colour, each way.
    """

    width: int
    height: int
    bits: tuple[int, ...]
    planar: bool
    tiled: bool
    across: int
    down: int
    subsampling: tuple[int, int]
    compression: int
    reversed_bits: bool

    @property
    def samples(self) -> int:
        """Samples of a pixel."""
        return len(self.bits)

    @property
    def layers(self) -> int:
        """Planes that are stored apart."""
        return self.samples if self.planar else 1

    @property
    def per_layer(self) -> int:
        """Strips or tiles of one plane."""
        return -(-self.width // self.across) * -(-self.height // self.down)

    @property
    def pieces(self) -> int:
        """Strips or tiles in all."""
        return self.layers * self.per_layer

    def rows(self, index: int) -> int:
        """Return the rows of a strip or tile: fewer in the last strip."""
        if self.tiled:
            return self.down
        return min(self.down, self.height - index % self.per_layer * self.down)

    def decoded_size(self, index: int) -> int:
        """Return how many bytes a strip or tile has before compression."""
        across, down = self.subsampling
        if (across, down) != (1, 1):
            blocks = -(-self.across // across) * -(-self.rows(index) // down)
            row_blocks = -(-self.across // across)
            row = (row_blocks * (across * down + 2) * self.bits[0] + 7) // 8
            return row * (blocks // row_blocks)
        bits = self.bits[index // self.per_layer] if self.planar else sum(self.bits)
        return (self.across * bits + 7) // 8 * self.rows(index)


def read_shape(source: Source, page: Page) -> Shape:
    """Return how a page's picture is laid out. Raises Malformed for one that cannot be."""
    width, height = (source.number(page, tag, 0) for tag in (tags.WIDTH, tags.LENGTH))
    samples = source.number(page, tags.SAMPLES, 1)
    if not (0 < width <= _MOST_PIXELS_ASIDE and 0 < height <= _MOST_PIXELS_ASIDE):
        raise Malformed("a page without width or height", page.start)
    if not 0 < samples <= _MOST_SAMPLES:
        raise Malformed("a page with an impossible number of samples", page.start)
    bits = source.numbers(page, tags.BITS, samples) or (1,)
    bits += bits[:1] * (samples - len(bits))
    if not all(0 < one <= _MOST_BITS for one in bits):
        raise Malformed("a page with an impossible number of bits", page.start)
    if source.number(page, tags.IMAGE_DEPTH, 1) != 1:
        raise Malformed("a page with depth as well as width and height", page.start)
    planar = source.number(page, tags.PLANAR, 1) == 2 and samples > 1
    tiled, across, down = _grid(source, page, width, height)
    return Shape(
        width=width,
        height=height,
        bits=bits,
        planar=planar,
        tiled=tiled,
        across=across,
        down=down,
        subsampling=_subsampling(source, page, planar=planar or samples != 3),
        compression=source.number(page, tags.COMPRESSION, 1),
        reversed_bits=source.number(page, tags.FILL_ORDER, 1) == 2,
    )


def _grid(source: Source, page: Page, width: int, height: int) -> tuple[bool, int, int]:
    """Return whether a page has tiles, and the sides of a full strip or tile."""
    tiled = tags.TILE_OFFSETS in page.entries
    if tiled == (tags.STRIP_OFFSETS in page.entries):
        problem = "says in two ways where its picture is" if tiled else "without picture data"
        raise Malformed(f"a page {problem}", page.start)
    if not tiled:
        rows = source.number(page, tags.ROWS_PER_STRIP, height)
        if tags.TILE_WIDTH in page.entries or tags.TILE_LENGTH in page.entries or not rows:
            raise Malformed("a page with strips of an impossible size", page.start)
        return False, width, min(rows, height)
    across, down = (source.number(page, tag, 0) for tag in (tags.TILE_WIDTH, tags.TILE_LENGTH))
    if not (0 < across <= _MOST_PIXELS_ASIDE and 0 < down <= _MOST_PIXELS_ASIDE):
        raise Malformed("a page with tiles of an impossible size", page.start)
    if across > _largest_tile(width) or down > _largest_tile(height):
        raise Malformed("tiles that reach far beyond the picture", page.start)
    return True, across, down


def _largest_tile(side: int) -> int:
    """Return how long a tile's side may be for a picture's: what is beyond that nobody sees."""
    return max(_USUAL_TILE, -(-side // _BLOCK) * _BLOCK)


def _subsampling(source: Source, page: Page, *, planar: bool) -> tuple[int, int]:
    """Return how many pixels share a colour, across and down; two each way unless said."""
    if planar or source.number(page, tags.PHOTOMETRIC, 0) != _YCBCR:
        return 1, 1
    across, down = (*source.numbers(page, tags.SUBSAMPLING, 2), 2, 2)[:2]
    if across not in (1, 2, 4) or down not in (1, 2, 4):
        raise Malformed("a page with an impossible subsampling", page.start)
    return across, down
