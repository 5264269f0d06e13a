"""Cover in a picture what a policy does not let be seen.

A solid fill leaves nothing to undo. A mosaic does, unless it is coarse: blur and small cells have
been turned back into faces and text. So a mosaic is laid over faces alone, of at most `CELLS` cells
across and with noise in each, and text and codes are filled whatever is asked for.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from typing import Literal, NamedTuple

from PIL import Image, ImageChops, ImageDraw

from unexposed.vision import Point, Seen

CELLS = 8
"""Cells of a mosaic along the longer side of what it covers, at most."""

_NOISE = 32
"""By how much each cell of a mosaic may be lighter or darker than what it stands for, of 255."""

# How far a cover reaches over the outline, as part of its shorter side, and in pixels at least.
_MARGINS: dict[str, float] = {"content.face": 0.15, "content.text": 0.25, "content.code": 0.06}
_LEAST_MARGIN = 2.0

_FILL = (0, 0, 0)

_secure = random.SystemRandom()
"""Noise that nobody can compute again."""


class Cover(NamedTuple):
    """Left, top, right and bottom of pixels, and which of them are covered."""

    box: tuple[int, int, int, int]
    mask: Image.Image


def covered(
    image: Image.Image, seen: Iterable[Seen], way: Literal["fill", "pixelate"]
) -> Image.Image:
    """Return an upright picture with all that was seen covered, as RGB or, with alpha, RGBA."""
    copy = image.convert("RGBA" if image.has_transparency_data else "RGB")
    for one in seen:
        cover = cover_of(one, copy.size)
        if cover is None:
            continue
        if way == "pixelate" and one.kind.startswith("content.face"):
            patch = _mosaic(copy.crop(cover.box).convert("RGB"))
        else:
            patch = Image.new("RGB", cover.mask.size, _FILL)
        copy.paste(patch.convert(copy.mode), cover.box, cover.mask)
    return copy


def cover_of(one: Seen, size: tuple[int, int]) -> Cover | None:
    """Return what covers something in a picture of this size, None for what is not in it."""
    margin = _margin(one)
    box = _frame(one.outline, margin, size)
    return None if box is None else Cover(box, _mask(one.outline, margin, box))


def part_below(one: Seen, covers: Iterable[Seen], size: tuple[int, int]) -> float:
    """Return which part of the place of something lies below what covers others, 0 to 1."""
    box = _frame(one.outline, 0, size)
    if box is None:
        return 0.0
    place = _mask(one.outline, 0, box)
    below = Image.new("L", place.size)
    for other in covers:
        if (cover := cover_of(other, size)) is not None:
            below.paste(255, (cover.box[0] - box[0], cover.box[1] - box[1]), cover.mask)
    both = ImageChops.darker(place, below)
    return sum(both.histogram()[128:]) / sum(place.histogram()[128:])


def _margin(one: Seen) -> float:
    share = next(part for kind, part in _MARGINS.items() if one.kind.startswith(kind))
    sides = zip(one.outline, one.outline[1:] + one.outline[:1], strict=True)
    shortest = min(math.hypot(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in sides)
    return max(_LEAST_MARGIN, share * shortest)


def _frame(
    outline: tuple[Point, ...], margin: float, size: tuple[int, int]
) -> tuple[int, int, int, int] | None:
    """Return left, top, right and bottom of the pixels to cover, None for none within the picture."""
    xs, ys = zip(*outline, strict=True)
    left, top = (max(0, int(min(values) - margin)) for values in (xs, ys))
    right, bottom = (
        min(most, int(max(values) + margin) + 1)
        for values, most in zip((xs, ys), size, strict=True)
    )
    return (left, top, right, bottom) if left < right and top < bottom else None


def _mask(outline: tuple[Point, ...], margin: float, box: tuple[int, int, int, int]) -> Image.Image:
    """Return what is to be covered within a box: the outline and so much around it."""
    mask = Image.new("L", (box[2] - box[0], box[3] - box[1]))
    corners = [(x - box[0], y - box[1]) for x, y in outline]
    draw = ImageDraw.Draw(mask)
    draw.polygon(corners, fill=255, outline=255)
    draw.line([*corners, *corners[:2]], fill=255, width=round(2 * margin) + 1, joint="curve")
    return mask


def _mosaic(piece: Image.Image) -> Image.Image:
    """Return a piece of a picture as a mosaic."""
    cell = max(piece.size) / CELLS
    cells = max(1, int(piece.width / cell)), max(1, int(piece.height / cell))
    small = piece.resize(cells, Image.Resampling.BOX)
    noisy = bytes(
        min(255, max(0, value + _secure.randint(-_NOISE, _NOISE))) for value in small.tobytes()
    )
    return Image.frombytes("RGB", cells, noisy).resize(piece.size, Image.Resampling.NEAREST)
