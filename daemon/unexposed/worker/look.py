"""Look at the picture itself, for what only decoding it can tell."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from unexposed.exposure import Finding, Level, finding
from unexposed.formats import Buffer, Format
from unexposed.metadata import Block, exif
from unexposed.worker.decode import DECODE_ERRORS, MAX_PIXELS, opened
from unexposed.worker.sight import findings_of, seen_in, upright

_THUMBNAILS = ("JPEG", "PNG")
"""Names by which Pillow knows the formats of thumbnails, beside the picture's own."""

_SIDE = 32
"""Thumbnail and picture are compared as grey squares of so many pixels a side."""

_SAME = 0.85
"""Correlation from which two such squares show the same picture."""

_ASPECT = 1.03
"""Ratio of two aspect ratios up to which they count as the same."""

_BAR = 24
"""Grey value, 0 to 255, below which a strip is a black bar and not picture."""


def thumbnails_in(blocks: Sequence[Block]) -> list[tuple[str, bytes]]:
    """Return the encoded thumbnails among a file's metadata, each with where it stood."""
    found = []
    for block in blocks:
        if block.language == "exif" and (small := exif.thumbnail(block.payload)):
            found.append((f"{block.where} thumbnail", small))
        elif block.language == "thumbnail":
            found.append((block.where, block.payload))
    return found


def look_into(
    buffer: Buffer, container: Format, blocks: list[Block], threads: int
) -> list[Finding]:
    """Tell what the picture shows, and of each hidden thumbnail whether it shows the same.

    With no `threads` the picture is not searched. It is decoded once. A picture or thumbnail that
    does not decode is passed over: it was reported already.
    """
    thumbnails = thumbnails_in(blocks)
    try:
        with opened(buffer, container.PILLOW) as image:
            if image.width * image.height > MAX_PIXELS:
                return []
            if not threads:
                image.draft("L", (max(1, image.width // 8), max(1, image.height // 8)))
            found = compare_thumbnails(thumbnails, container, image)
            if threads:
                shown = [(0, seen_in(upright(image), threads))]
                found += findings_of(shown, copied=False)
            return found
    except DECODE_ERRORS:
        return []


def compare_thumbnails(
    thumbnails: Sequence[tuple[str, bytes]], container: Format, image: Image.Image
) -> list[Finding]:
    """Tell of each thumbnail, with where it stands, whether it shows what the picture shows."""
    if not thumbnails:
        return []
    picture = image.convert("L")
    names = (*_THUMBNAILS, *container.PILLOW)
    return [one for where, data in thumbnails if (one := _compare(where, data, names, picture))]


def _compare(
    where: str, data: bytes, names: tuple[str, ...], picture: Image.Image
) -> Finding | None:
    try:
        with opened(data, names) as image:
            if image.width * image.height > MAX_PIXELS:
                return None
            size = image.size
            thumbnail = image.convert("L")
    except DECODE_ERRORS:
        return None
    likeness = _likeness(thumbnail, picture)
    pixels = f"{size[0]} by {size[1]} pixels"
    if likeness is not None and likeness >= _SAME:
        return finding("content.thumbnail", where, f"{pixels}, shows the picture")
    how = "of another shape" if likeness is None else f"{max(0.0, likeness):.0%} alike"
    return finding(
        "content.thumbnail",
        where,
        f"{pixels}, differs from the picture, {how}",
        "a hidden thumbnail that shows something else than the picture, "
        f"perhaps what was there before it was cropped or covered: {pixels}",
        level=Level.HIGH,
    )


def _likeness(thumbnail: Image.Image, picture: Image.Image) -> float | None:
    """Return how far two grey pictures agree, 1 for the same and 0 for nothing in common.

    None for those of different shapes, of which one shows more than the other.
    """
    wanted = picture.width / picture.height
    inner = _without_bars(thumbnail, wanted)
    present = inner.width / inner.height
    if max(wanted / present, present / wanted) > _ASPECT + 2 / min(inner.size):
        return None
    return _correlation(_square(inner), _square(picture))


def _without_bars(thumbnail: Image.Image, aspect: float) -> Image.Image:
    """Cut off the black bars by which cameras fit a picture into a thumbnail of another shape."""
    width, height = thumbnail.size
    inner_width = min(width, round(height * aspect))
    inner_height = min(height, round(width / aspect))
    left, top = (width - inner_width) // 2, (height - inner_height) // 2
    inside = (left, top, left + inner_width, top + inner_height)
    bars = [
        (0, 0, width, top),
        (0, inside[3], width, height),
        (0, 0, left, height),
        (inside[2], 0, width, height),
    ]
    strips = [thumbnail.crop(bar) for bar in bars if bar[2] > bar[0] and bar[3] > bar[1]]
    dark = all(sum(strip.tobytes()) / (strip.width * strip.height) < _BAR for strip in strips)
    return thumbnail.crop(inside) if dark else thumbnail


def _square(image: Image.Image) -> bytes:
    return image.resize((_SIDE, _SIDE), Image.Resampling.BOX).tobytes()


def _correlation(left: bytes, right: bytes) -> float:
    """Return Pearson's correlation of two rows of grey values; 1 for two even surfaces."""
    count = len(left)
    mean_left, mean_right = sum(left) / count, sum(right) / count
    spread_left = sum((value - mean_left) ** 2 for value in left)
    spread_right = sum((value - mean_right) ** 2 for value in right)
    if min(spread_left, spread_right) < count:
        close = abs(mean_left - mean_right) < _BAR and max(spread_left, spread_right) < 4 * count
        return 1.0 if close else 0.0
    together = sum((a - mean_left) * (b - mean_right) for a, b in zip(left, right, strict=True))
    return float(together / (spread_left * spread_right) ** 0.5)
