"""Windows on a picture: how it is divided into some that overlap, and which boxes are the same.

A window is left, top, right and bottom, in whole pixels. Rows of boxes begin with these four, and
their last number is how sure somebody is of them.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from unexposed.vision._centerface import Boxes

Flags: TypeAlias = npt.NDArray[np.bool_]
"""Something that is so, or not, of each row of boxes."""

SAME: Final = 0.35
"""Two boxes that share more than this part of what they cover together are one thing."""
INSIDE: Final = 0.7
"""A box is part of another that holds more than this part of it."""
_EDGE: Final = 2.0
"""Pixels: a box that comes this close to an edge is cut by it."""


class Window(NamedTuple):
    """A part of a picture."""

    left: int
    top: int
    right: int
    bottom: int


def divide(width: int, height: int, side: int, overlap: int) -> list[Window]:
    """Divide a picture into windows of at most this side, each overlapping its neighbours."""
    return [
        Window(left, top, right, bottom)
        for top, bottom in _spans(height, side, overlap)
        for left, right in _spans(width, side, overlap)
    ]


def around(x: float, y: float, side: int, width: int, height: int) -> Window:
    """Return a window with this centre and side, moved and cut so that it lies in the picture."""
    left = max(0, min(round(x - side / 2), width - side))
    top = max(0, min(round(y - side / 2), height - side))
    return Window(left, top, min(width, left + side), min(height, top + side))


def whole(boxes: Boxes, window: Window, width: int, height: int) -> Boxes:
    """Return those boxes of a picture that an edge of the window, inside of it, does not cut."""
    kept: Boxes = boxes[
        ((boxes[:, 0] > window.left + _EDGE) | (window.left == 0))
        & ((boxes[:, 1] > window.top + _EDGE) | (window.top == 0))
        & ((boxes[:, 2] < window.right - _EDGE) | (window.right == width))
        & ((boxes[:, 3] < window.bottom - _EDGE) | (window.bottom == height))
    ]
    return kept


def distinct(boxes: Boxes) -> Boxes:
    """Return the boxes without those that are the same as, or inside, one that is surer."""
    left = boxes[np.argsort(-boxes[:, -1], kind="stable")]
    kept = []
    while len(left):
        surest, left = left[0], left[1:]
        kept.append(surest)
        left = left[~_covered(left, surest)]
    return np.array(kept, boxes.dtype).reshape(-1, boxes.shape[1])


def _covered(boxes: Boxes, by: Boxes) -> Flags:
    """Return for each box whether it and another one are one thing."""
    width = np.minimum(boxes[:, 2], by[2]) - np.maximum(boxes[:, 0], by[0])
    height = np.minimum(boxes[:, 3], by[3]) - np.maximum(boxes[:, 1], by[1])
    shared = np.maximum(width, 0) * np.maximum(height, 0)
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    area = (by[2] - by[0]) * (by[3] - by[1])
    covered: Flags = (shared > SAME * (areas + area - shared)) | (
        shared > INSIDE * np.minimum(areas, area)
    )
    return covered


def _spans(length: int, side: int, overlap: int) -> list[tuple[int, int]]:
    count = max(1, -(-(length - overlap) // (side - overlap)))
    starts = [number * (length - overlap) // count for number in range(count + 1)]
    return (
        [(start, end + overlap) for start, end in pairwise(starts)] if count > 1 else [(0, length)]
    )
