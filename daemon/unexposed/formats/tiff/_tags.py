"""Which of a TIFF's tags a picture needs, and what the others are called.

Sources: TIFF 6.0; Adobe's TIFF technical notes 1 to 3; the DNG specification 1.7; libtiff's
tiff.h for tags that only programs define.
"""

from __future__ import annotations

from typing import Final

import msgspec

NEW_SUBFILE_TYPE, SUBFILE_TYPE = 254, 255
WIDTH, LENGTH, BITS, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
FILL_ORDER, ORIENTATION, SAMPLES, PLANAR = 266, 274, 277, 284
STRIP_OFFSETS, ROWS_PER_STRIP, STRIP_COUNTS = 273, 278, 279
TILE_WIDTH, TILE_LENGTH, TILE_OFFSETS, TILE_COUNTS = 322, 323, 324, 325
X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT = 282, 283, 296
SUB_IFDS, JPEG_TABLES, SUBSAMPLING = 330, 347, 530
JPEG_OFFSET, JPEG_SIZE = 513, 514
XMP, IPTC, PHOTOSHOP, LAYERS, C2PA = 700, 33723, 34377, 37724, 52545
EXIF, PROFILE, GPS = 34665, 34675, 34853
NUMBER_OF_INKS, EXTRA_SAMPLES = 334, 338
IMAGE_DEPTH = 32997

OLD_REDUCED = 2
"""The value of SubfileType for a smaller copy of another page."""
PAGE_BITS = 0b110
"""The bits of NewSubfileType for one page of several, and for a transparency mask."""

COUNTED: Final = frozenset({1, 3, 4, 16})
"""BYTE, SHORT, LONG, LONG8: the types of whole numbers."""
_SHORT: Final = frozenset({3})
_SMALL: Final = frozenset({1, 3})
_RATIONAL: Final = frozenset({5, 10, 11, 12})
_ANY: Final = COUNTED | _RATIONAL | {6, 8, 9, 17}


class Rule(msgspec.Struct, frozen=True):
    """How a tag may stand in a clean copy: its value's types, and how many values at most.

    `most` is a number, or what the number follows from: the "samples" of a pixel, or the colours
    of a "palette". Where `only` is given, the tag counts on pages alone that have one of some
    values in another tag. `within` is what the numbers may be; fractions are written anew in
    steps of 1 / `scale`. Of a value that is anything else nothing stays, or if it is `needed` the
    file is held back.
    """

    types: frozenset[int]
    most: int | str
    only: tuple[int, frozenset[int]] | None = None
    within: range | None = None
    scale: int = 0
    needed: bool = True


_FAX_3: Final = (COMPRESSION, frozenset({3}))
_FAX_4: Final = (COMPRESSION, frozenset({4}))
_PREDICTED: Final = (COMPRESSION, frozenset({5, 8, 32946, 34925, 50000}))
_PALETTE: Final = (PHOTOMETRIC, frozenset({3}))
_INKS: Final = (PHOTOMETRIC, frozenset({5}))
_YCBCR: Final = (PHOTOMETRIC, frozenset({6}))

_TO_ONE: Final = range(2)
_MILLIONTHS: Final = 1_000_000
_MOST_SAMPLES: Final = 4_096

KEPT: Final[dict[int, Rule]] = {
    WIDTH: Rule(COUNTED, 1),
    LENGTH: Rule(COUNTED, 1),
    BITS: Rule(COUNTED, "samples"),
    COMPRESSION: Rule(COUNTED, 1),
    PHOTOMETRIC: Rule(COUNTED, 1, within=range(1 << 16)),
    FILL_ORDER: Rule(COUNTED, 1, within=range(1, 3), needed=False),
    ORIENTATION: Rule(COUNTED, 1, within=range(1, 9), needed=False),
    SAMPLES: Rule(COUNTED, 1),
    ROWS_PER_STRIP: Rule(COUNTED, 1, within=range(1, 1 << 32)),
    PLANAR: Rule(COUNTED, 1, within=range(1, 3)),
    292: Rule(COUNTED, 1, _FAX_3, range(8)),  # T4Options
    293: Rule(COUNTED, 1, _FAX_4, range(8)),  # T6Options
    317: Rule(COUNTED, 1, _PREDICTED, range(1, 4)),  # Predictor
    318: Rule(_RATIONAL, 2, None, _TO_ONE, _MILLIONTHS, needed=False),  # WhitePoint
    319: Rule(_RATIONAL, 6, None, _TO_ONE, _MILLIONTHS, needed=False),  # PrimaryChromaticities
    320: Rule(_SHORT, "palette", _PALETTE),  # ColorMap
    TILE_WIDTH: Rule(COUNTED, 1),
    TILE_LENGTH: Rule(COUNTED, 1),
    332: Rule(COUNTED, 1, _INKS, range(1, 3)),  # InkSet
    NUMBER_OF_INKS: Rule(COUNTED, 1, _INKS, range(1, _MOST_SAMPLES + 1)),
    336: Rule(_SMALL, 2, _INKS),  # DotRange
    EXTRA_SAMPLES: Rule(COUNTED, "samples", None, range(3)),
    339: Rule(COUNTED, "samples", None, range(1, 7)),  # SampleFormat
    529: Rule(_RATIONAL, 3, _YCBCR, _TO_ONE, _MILLIONTHS),  # YCbCrCoefficients
    SUBSAMPLING: Rule(COUNTED, 2, _YCBCR, range(1, 5)),
    531: Rule(COUNTED, 1, _YCBCR, range(1, 3), needed=False),  # YCbCrPositioning
    532: Rule(_ANY, 6, _YCBCR, range(1 << 16), 100),  # ReferenceBlackWhite
    32995: Rule(COUNTED, 1, None, range(2)),  # Matteing, which came before ExtraSamples
    32996: Rule(COUNTED, "samples", None, range(5)),  # DataType, which came before SampleFormat
}
"""The allowlist of tags of which the value stays, as it stands unless it is a fraction."""

MADE: Final = frozenset(
    {
        NEW_SUBFILE_TYPE,
        STRIP_OFFSETS,
        STRIP_COUNTS,
        TILE_OFFSETS,
        TILE_COUNTS,
        X_RESOLUTION,
        Y_RESOLUTION,
        RESOLUTION_UNIT,
        JPEG_TABLES,
        PROFILE,
    }
)
"""Tags that stay with a value made anew."""

SILENT: Final = KEPT.keys() | MADE | {
    SUBFILE_TYPE,
    263,  # Threshholding
    264,  # CellWidth
    265,  # CellLength
    288,  # FreeOffsets
    289,  # FreeByteCounts
    290,  # GrayResponseUnit
    291,  # GrayResponseCurve
    297,  # PageNumber
    321,  # HalftoneHints
    326,  # BadFaxLines
    327,  # CleanFaxData
    328,  # ConsecutiveBadFaxLines
    346,  # Indexed
    IMAGE_DEPTH,
    32998,  # TileDepth
    *range(512, 522),  # tables of the old kind of JPEG
    34665, 34853,  # Exif and GPS directories, which speak for themselves
    SUB_IFDS,
}  # fmt: skip
"""Tags that tell nothing worth a finding."""

NAMES: Final[dict[int, str]] = {
    269: "DocumentName",
    270: "ImageDescription",
    271: "Make",
    272: "Model",
    285: "PageName",
    305: "Software",
    306: "DateTime",
    315: "Artist",
    316: "HostComputer",
    333: "InkNames",
    XMP: "XMP",
    33432: "Copyright",
    IPTC: "IPTC",
    PHOTOSHOP: "Photoshop",
    LAYERS: "Photoshop layers",
    C2PA: "C2PA",
    PROFILE: "ICC profile",
}


def name_of(tag: int) -> str:
    """Return what a tag's value is called in a report."""
    return NAMES.get(tag, "values" if tag in SILENT else f"tag {tag}")
