"""Tell whether what was decoded of a frame is all that its data hold.

What no decoder shows is not looked at. Where a policy covers, it must not be copied either: such a
picture is encoded again, if there is nothing to cover on it, too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeAlias, cast

from PIL import Image

from unexposed.formats import Buffer
from unexposed.worker.decode import (
    BYTE,
    COMPRESSION,
    DECODE_ERRORS,
    deepest,
    is_first,
    opened,
    tags_of,
)

_WIDTH, _LENGTH, _SAMPLES, _TILE_WIDTH, _TILE_LENGTH = 256, 257, 277, 322, 323
"""TIFF's tags of these names."""

_COUNTED = frozenset({1, 5, 8, 32773, 32946, 34925, 50000})
"""TIFF's compressions of which a strip is known to end with its last line: those of fax do not tell,
and those of pictures would have to be looked into."""

_PNG_DEPTH = 24
"""Where a PNG says how many bits a sample has."""

_GREY_OF_16_BITS = "I;16"
"""How the names begin that Pillow has for such a mode."""

_LOOKED_AT = 12
"""Bits of a grey sample of 16, the lowest, of which nothing but noise is not looked at."""

_BLACK, _LEGIBLE = 224, 64
"""Black ink, 0 to 255, below which nothing is seen, and how far other inks may differ there."""

_MCU = 32
"""Pixels of a side of the largest piece in which a JPEG codes its picture."""
_MISSING = 128
"""What lines decode to in all bands that are not there."""
_SHRUNK = 8
"""By how much a JPEG is made smaller as it is decoded."""

_Range: TypeAlias = tuple[int, int]


def shows_all(image: Image.Image, source: Buffer) -> bool:
    """Tell whether what was decoded of a frame is all that its data in the `source` hold.

    Left out are colours that a palette makes alike, inks below black, a TIFF's samples that are no
    colours and what its tiles hold beyond the edge, lines behind the last one of a JPEG or WebP,
    what is cropped away from a HEIC, the lower bytes of samples of 16 bits, the colours of an animation's
    transparent places, as its frames are laid over each other, and alpha that a WebP says it has
    not. With an animation's first frame it is said of all that are laid so.
    """
    if image.mode.startswith(_GREY_OF_16_BITS):
        return _largest(image) < 1 << _LOOKED_AT
    if image.mode == "P" and not _tells_apart(image):
        return False
    if image.mode == "CMYK" and not _black_hides_nothing(image):
        return False
    match image.format:
        case "PNG":
            return source[_PNG_DEPTH] <= BYTE and not (
                _moves(image) and image.has_transparency_data
            )
        case "GIF":
            return not is_first(image) or _shows_all_of_gif(image, source)
        case "WEBP":
            return not is_first(image) or _shows_all_of_webp(image, source)
        case "TIFF":
            return _shows_all_of_tiff(image, tags_of(image))
        case "JPEG" | "MPO":
            return not (_is_dimmed(image) or _goes_on(source))
        case "HEIF" | "AVIF":
            return not (is_first(image) and _hides(source))
    return True


def _largest(image: Image.Image) -> float:
    return float(image.getextrema()[1])  # type: ignore[arg-type]


def _tells_apart(image: Image.Image) -> bool:
    """Tell whether the numbers that stand for colours, as far as pixels have them, look different."""
    numbers = image.getcolors(256) or ()
    colours = image.convert("RGBA").getcolors(256) or ()
    return len(numbers) == len(colours)


def _black_hides_nothing(image: Image.Image) -> bool:
    *inks, black = image.split()
    below = black.point([255 * (value >= _BLACK) for value in range(256)])
    if not below.getbbox():
        return True
    spreads = [ink.histogram(below) for ink in inks]
    return all(_spread(counts) < _LEGIBLE for counts in spreads)


def _spread(counts: list[int]) -> int:
    values = [value for value, count in enumerate(counts) if count]
    return values[-1] - values[0]


def _moves(image: Image.Image) -> bool:
    return getattr(image, "n_frames", 1) > 1


def _shows_all_of_gif(image: Image.Image, source: Buffer) -> bool:
    """Tell so of all frames; Pillow has no numbers of colours for those behind the first."""
    if not _moves(image):
        return True
    from unexposed.formats import gif  # noqa: PLC0415 - most files are of other formats

    for one in gif.stills(source):
        with opened(one, ("GIF",)) as picture:
            if picture.mode == "P" and not _tells_apart(picture):
                return False
    return True


def _shows_all_of_webp(image: Image.Image, source: Buffer) -> bool:
    """Tell so of all frames; what a decoder does with alpha does not hang on the flag in the header."""
    from unexposed.formats import webp  # noqa: PLC0415 - as above

    if _moves(image) and webp.has_alpha(source):
        return False
    if any(_decodes(one, "WEBP") for one in webp.without_their_ends(source)):
        return False
    if image.has_transparency_data:
        return True
    for one in webp.with_alpha(source):
        with opened(one, ("WEBP",)) as picture:
            low, high = picture.convert("RGBA").getchannel("A").getextrema()
        if low != high:
            return False
    return True


def _shows_all_of_tiff(image: Image.Image, tags: Mapping[int, Any]) -> bool:
    sides = (_WIDTH, _TILE_WIDTH), (_LENGTH, _TILE_LENGTH)
    return (
        int(tags.get(_SAMPLES, 1)) <= len(image.getbands())
        and deepest(tags) <= BYTE
        and tags.get(COMPRESSION, 1) in _COUNTED
        and not any(tile in tags and tags[whole] % tags[tile] for whole, tile in sides)
    )


def _is_dimmed(image: Image.Image) -> bool:
    """Tell whether a JPEG's tables have zeros, which no encoder writes, for what its scans hold."""
    tables: Mapping[int, list[int]] = image.quantization  # type: ignore[attr-defined]
    return any(0 in table for table in tables.values())


def _goes_on(source: Buffer) -> bool:
    """Tell whether a JPEG's data go on behind its last line."""
    from unexposed.formats import jpeg  # noqa: PLC0415 - as above

    parts = jpeg.dissect(source)
    if jpeg.comes_in_lines(parts):
        return _decodes(jpeg.without_its_end(source, parts), "JPEG")
    higher, lines, more = jpeg.with_more_lines(source, parts)
    with opened(higher, ("JPEG",)) as image:
        _shrink(image)
        top = math.ceil((lines + 2 * _MCU) * image.height / (lines + more))
        below = image.crop((0, top, *image.size))
    return any(
        abs(value - _MISSING) > 1
        for band in below.split()
        for value in cast("_Range", band.getextrema())
    )


def _decodes(picture: bytes, kind: str) -> bool:
    try:
        with opened(picture, (kind,)) as image:
            _shrink(image)
            image.load()
    except DECODE_ERRORS:
        return False
    return True


def _shrink(image: Image.Image) -> None:
    """Have a JPEG decoded in few pixels."""
    image.draft("", (max(1, image.width // _SHRUNK), max(1, image.height // _SHRUNK)))


def _hides(source: Buffer) -> bool:
    from unexposed.formats import heif  # noqa: PLC0415 - as above

    return heif.hides(source)
