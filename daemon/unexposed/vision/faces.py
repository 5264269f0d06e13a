"""Faces, and whose picture it is.

A picture is looked at twice: all of it, small, for faces that are large; and in windows, at up to
`_FINE_PIXELS`, for those that are small. A face of which the network is not sure is looked at once
more by itself, from the picture as it is, at the size that the network knows best.

**Subject or bystander.** A face weighs its area, times how central it is: 1 in the middle of the
picture, falling evenly to `_AT_CORNER` at a corner. The heaviest face is the picture's subject, and so
is every other that weighs at least `SUBJECT_SHARE` of it, which in one place is half its height. All
others are bystanders, and so is whoever is lower than `LOWEST_SUBJECT` of the picture's shorter side.
"""

from __future__ import annotations

from math import hypot, sqrt
from typing import Final

import cv2
import numpy as np

from unexposed.vision._centerface import Boxes, boxes
from unexposed.vision._crew import each
from unexposed.vision._windows import Flags, Window, around, distinct, divide, whole
from unexposed.vision.seen import Picture, Seen

_SUBJECT: Final = "content.face.subject"
_BYSTANDER: Final = "content.face.bystander"

SUBJECT_SHARE: Final = 0.25
LOWEST_SUBJECT: Final = 1 / 40
_AT_CORNER: Final = 0.5

_FINE_PIXELS: Final = 3_000_000
"""In 12 megapixels a face 16 pixels high is 8 then: not sure, and found when looked at by itself."""
_ENLARGED: Final = 1024
"""A picture whose longer side is shorter is enlarged to this, at most to twice its size."""
_WHOLE_SIDE: Final = 640
_WINDOW: Final = 704
_OVERLAP: Final = 96
"""Pixels. A face that is larger and that a window cuts is found when all of it is looked at."""
_NARROWEST: Final = 8
"""Pixels of a side. In a narrower picture there is no face that anybody would know."""

_POSSIBLE: Final = 0.05
_SURE: Final = 0.6
_CONFIRMED: Final = 0.55
_CLOSE_SIDE: Final = 192
_CLOSE_FACE: Final = 40
_CLOSEST: Final = 4.0
"""How many times a face is enlarged at most, to be looked at by itself."""
_MOST_CLOSE: Final = 40
_MOST_IN_CROWDS: Final = 80
"""Looks at single faces in one picture, the surest first; and so many more for others that are sure."""


def detect(picture: Picture) -> list[Seen]:
    """Return the faces, the surest first."""
    height, width = picture.shape[:2]
    if min(height, width) < _NARROWEST:
        return []
    found = _confirmed(picture, distinct(_possible(picture)))
    return [
        Seen(kind, _outline(*face[:4]), float(face[4]))
        for kind, face in zip(kinds(found.tolist(), width, height), found.tolist(), strict=True)
    ]


def kinds(faces: list[list[float]], width: int, height: int) -> list[str]:
    """Return for each face (left, top, right, bottom, ...) whether it is the picture's subject."""
    weights = [_weight(face, width, height) for face in faces]
    least = SUBJECT_SHARE * max(weights, default=0.0)
    lowest = LOWEST_SUBJECT * min(width, height)
    return [
        _SUBJECT if weight >= least and face[3] - face[1] >= lowest else _BYSTANDER
        for face, weight in zip(faces, weights, strict=True)
    ]


def _weight(face: list[float], width: int, height: int) -> float:
    left, top, right, bottom = face[:4]
    away = hypot((left + right) / width - 1, (top + bottom) / height - 1) / sqrt(2)
    return (right - left) * (bottom - top) * (1 - (1 - _AT_CORNER) * min(1.0, away))


def _possible(picture: Picture) -> Boxes:
    height, width = picture.shape[:2]
    longer = max(width, height)
    scale = min(2.0, max(1.0, _ENLARGED / longer), sqrt(_FINE_PIXELS / (width * height)))
    fine = _scaled(picture, scale)
    windows = divide(fine.shape[1], fine.shape[0], _WINDOW, _OVERLAP)
    found = each(lambda window: _in_window(fine, window, _POSSIBLE), windows)
    if len(windows) > 1:
        small = _scaled(fine, _WHOLE_SIDE / max(fine.shape))
        found.append(_enlarged(boxes(small, _POSSIBLE), small, fine))
    return _enlarged(np.concatenate(found), fine, picture)


def _confirmed(picture: Picture, possible: Boxes) -> Boxes:
    sure = [possible[possible[:, 4] >= _SURE]]
    doubtful = possible[possible[:, 4] < _SURE]
    for _ in range(_MOST_CLOSE + min(_MOST_IN_CROWDS, len(sure[0]))):
        if not len(doubtful):
            break
        window, close = _close(picture, doubtful[0])
        sure.append(close)
        doubtful = doubtful[1:][~_central(doubtful[1:], window)]
    sure.append(doubtful[doubtful[:, 4] >= _CONFIRMED])
    return distinct(np.concatenate(sure))


def _close(picture: Picture, face: Boxes) -> tuple[Window, Boxes]:
    """Look at what may be a face, and what is around it."""
    height, width = picture.shape[:2]
    left, top, right, bottom = face[:4].tolist()
    scale = min(_CLOSEST, _CLOSE_FACE / max(right - left, bottom - top))
    window = around(
        (left + right) / 2, (top + bottom) / 2, round(_CLOSE_SIDE / scale), width, height
    )
    cut = picture[window.top : window.bottom, window.left : window.right]
    pixels = _scaled(cut, scale)
    found = _enlarged(boxes(pixels, _CONFIRMED), pixels, cut)
    found[:, :4] += window.left, window.top, window.left, window.top
    return window, whole(found, window, width, height)


def _central(faces: Boxes, window: Window) -> Flags:
    """Return for each face whether it was well within a window, of a size that is seen there."""
    x, y = (faces[:, 0] + faces[:, 2]) / 2, (faces[:, 1] + faces[:, 3]) / 2
    side = min(window.right - window.left, window.bottom - window.top)
    margin = side / 5
    size = faces[:, 3] - faces[:, 1]
    seen: Flags = (
        (x > window.left + margin)
        & (x < window.right - margin)
        & (y > window.top + margin)
        & (y < window.bottom - margin)
        & (size > side / 10)
        & (size < side / 2.5)
    )
    return seen


def _in_window(pixels: Picture, window: Window, least: float) -> Boxes:
    found = boxes(pixels[window.top : window.bottom, window.left : window.right], least)
    found[:, :4] += window.left, window.top, window.left, window.top
    return whole(found, window, pixels.shape[1], pixels.shape[0])


def _scaled(pixels: Picture, scale: float) -> Picture:
    if scale == 1:
        return pixels
    height, width = pixels.shape[:2]
    size = max(1, round(width * scale)), max(1, round(height * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return cv2.resize(pixels, size, interpolation=how).astype(np.uint8, copy=False)


def _enlarged(found: Boxes, seen_in: Picture, picture: Picture) -> Boxes:
    """Return boxes with the places that they have in a picture of another size."""
    across, down = picture.shape[1] / seen_in.shape[1], picture.shape[0] / seen_in.shape[0]
    found[:, :4] *= across, down, across, down
    return found


def _outline(
    left: float, top: float, right: float, bottom: float
) -> tuple[tuple[float, float], ...]:
    return ((left, top), (right, top), (right, bottom), (left, bottom))
