"""Tell what a covered picture still shows from what the covers themselves look like.

A row of black rectangles is read as letters. Covering these again would take away half of the
picture, and make more of them. So where text is seen that consists of covers for a good part, the
picture is looked at once more with what is around them drawn on over the covers: what is seen there
even so is no cover.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PIL import Image

from unexposed.worker.cover import cover_of, part_below
from unexposed.worker.sight import seen_in

if TYPE_CHECKING:
    from unexposed.vision import Seen

_TEXT = "content.text"

_LETTERS = 3
"""Letters and digits from which text is taken for what it says; covers are read as one or two."""

_PART = 0.3
"""Part of the text's place that was covered before, from which it may be covers."""

_DRAWN = 128
"""Pixels on the longer side in which what is around is drawn on: enough for what is even."""

_RIM = 7
"""Pixels across the edge of a cover that encoding darkens."""


def still_there(
    image: Image.Image, seen: Sequence[Seen], covers: Sequence[Seen], threads: int
) -> list[Seen]:
    """Return of what was seen on a covered picture that which is no cover.

    `covers` is what was covered, in this picture's pixels.
    """
    doubtful = {id(one) for one in seen if _looks_like_covers(one, covers, image.size)}
    if not doubtful:
        return list(seen)
    there = [one.box for one in seen_in(_without(image, covers), threads, ("text",))]
    return [
        one for one in seen if id(one) not in doubtful or any(_meet(one.box, box) for box in there)
    ]


def _looks_like_covers(one: Seen, covers: Sequence[Seen], size: tuple[int, int]) -> bool:
    return (
        one.kind == _TEXT
        and sum(map(str.isalnum, one.value)) < _LETTERS
        and part_below(one, covers, size) > _PART
    )


def _without(image: Image.Image, covers: Sequence[Seen]) -> Image.Image:
    """Return a picture with what is around each cover drawn on over it."""
    cv2 = importlib.import_module("cv2")
    numpy = importlib.import_module("numpy")
    mask = Image.new("L", image.size)
    for one in covers:
        if (cover := cover_of(one, image.size)) is not None:
            mask.paste(255, cover.box[:2], cover.mask)
    scale = min(1.0, _DRAWN / max(image.size))
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    small = numpy.asarray(image.convert("RGB").resize(size, Image.Resampling.BOX))
    hidden = numpy.asarray(mask.resize(size, Image.Resampling.BOX)) > 0
    hidden = cv2.dilate(hidden.astype(numpy.uint8), numpy.ones((3, 3), numpy.uint8))
    drawn = Image.fromarray(cv2.inpaint(small, hidden, 3, cv2.INPAINT_TELEA))
    wider = cv2.dilate(numpy.asarray(mask), numpy.ones((_RIM, _RIM), numpy.uint8))
    soft = Image.fromarray(cv2.GaussianBlur(wider, (0, 0), _RIM / 2))
    return Image.composite(
        drawn.resize(image.size, Image.Resampling.BICUBIC), image.convert("RGB"), soft
    )


def _meet(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return all(
        one[side] < other[side] + other[side + 2] and other[side] < one[side] + one[side + 2]
        for side in (0, 1)
    )
