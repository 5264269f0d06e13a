"""Where text is: differentiable binarisation (Liao et al., 2020), on a smaller picture first.

A large picture is looked at whole at `COARSE` pixels, a long or very large one in pieces. Where that
finds small text, tiles of it are looked at again at up to full size.
"""

from __future__ import annotations

from math import atan2, dist
from typing import TYPE_CHECKING, Any, NamedTuple

from unexposed.vision.seen import Picture, Point
from unexposed.vision.text._models import marked

if TYPE_CHECKING:
    import numpy
    import numpy.typing

    from unexposed.vision.text.lines import Outline

    Map = numpy.typing.NDArray[numpy.float32]

WHOLE = 2_150_000
"""Pixels up to which a picture is looked at once: a screen of 1920 by 1080 is."""

FULL = 1_350_000
"""Pixels that it is made smaller to for that; letters 12 pixels high are still found."""

LONGEST = 4_096
"""Pixels on the long side up to which that holds, and of what is looked at as one at all."""

LONG = 3
"""Length to width from which a larger picture is cut in shorter pieces."""

_THICKER = 1.4
"""Up to so many times as high as the higher one of two boxes is the line that they are parts of."""

COARSE = 1_024
"""Pixels on the long side of the first look at a larger picture."""

TILE = 1_024
"""Pixels on a side of the tiles of the second look."""

MAX_TILES = 6

SMALL = 15.0
"""Height in pixels, in the first look, below which text is looked at again."""

WANTED = 32.0
"""Height in pixels that the second look brings small text to, if there are so many."""

LETTER = 40.0
"""Height in pixels from which a box about as long as high may be one letter of a line."""

_LETTERS = 6

STRIP = 900_000
"""Pixels that are looked at at once; memory grows with them. Strips are laid over each other."""

_REACH = 96
"""Rows beyond a strip that are looked at with it, so that no line is seen cut through."""

_INK = 0.3
_SURE = 0.5
_GROW = 1.6
_MAX_BOXES = 1_000
_MIN_SIDE = 3.0
_STEP = 32
_LEAST = 96
"""Pixels of the least side that is looked at; smaller pictures get a margin."""


class Box(NamedTuple):
    """Four corners from the upper left, clockwise, in pixels, and how sure it is that it is text."""

    outline: Outline
    score: float

    @property
    def height(self) -> float:
        """Pixels of the shorter side."""
        a, b, _, d = self.outline
        return min(dist(a, b), dist(a, d))

    @property
    def length(self) -> float:
        """Pixels of the longer side."""
        a, b, _, d = self.outline
        return max(dist(a, b), dist(a, d))

    @property
    def middle(self) -> Point:
        """The point between the corners."""
        xs, ys = zip(*self.outline, strict=True)
        return sum(xs) / 4, sum(ys) / 4


def find(picture: Picture) -> list[Box]:
    """Return the boxes of the lines in a picture, in its own pixels."""
    height, width = picture.shape[:2]
    if height * width <= WHOLE and max(height, width) <= LONGEST:
        return _joined(picture, _boxes(picture, min(1.0, (FULL / (height * width)) ** 0.5)))
    side = _side(min(height, width), max(height, width))
    return _in_two_looks(picture) if max(height, width) <= side else _in_pieces(picture, side)


def _side(shorter: int, longer: int) -> int:
    """Return how long a picture of this size may be to be looked at as one."""
    if longer <= LONG * shorter:
        return LONGEST
    return min(LONGEST, max(3 * shorter // 2, WHOLE // shorter))


def _in_pieces(picture: Picture, side: int) -> list[Box]:
    """Look at one piece of a picture after the other; whole, it would be made too small."""
    from unexposed.vision._windows import divide

    whole: list[Box] = []
    cut: list[Box] = []
    for left, top, right, bottom in divide(picture.shape[1], picture.shape[0], side, _REACH):
        for found in find(picture[top:bottom, left:right]):
            box = _moved(found, left, top)
            xs, ys = zip(*box.outline, strict=True)
            if min(xs) > left + 2 * _REACH and min(ys) > top + 2 * _REACH:
                whole.append(box)  # no earlier piece reaches so far
                continue
            parts = [one for one in (*whole, *cut) if _are_one(one, box)]
            whole = [one for one in whole if one not in parts]
            cut = [one for one in cut if one not in parts]
            if parts:
                cut.append(_around([box, *parts]))
            else:
                whole.append(box)
    return [*whole, *(box for line in cut for box in _seen_anew(picture, line))]


def _are_one(one: Box, other: Box) -> bool:
    """Tell whether two boxes are parts of one line, which the edge of a piece cuts."""
    if not _meet(one, other):
        return False
    return _around([one, other]).height <= _THICKER * max(one.height, other.height)


def _seen_anew(picture: Picture, line: Box) -> list[Box]:
    """Look at a line once more that was seen in parts, with what is around it."""
    xs, ys = zip(*line.outline, strict=True)
    around = round(2 * line.height)
    left, top = max(0, int(min(xs)) - around), max(0, int(min(ys)) - around)
    right, bottom = int(max(xs)) + around, int(max(ys)) + around
    boxes = _boxes(picture[top:bottom, left:right], min(1.0, WANTED / line.height))
    again = [_moved(box, left, top) for box in boxes]
    again = [box for box in again if _meet(box, line)]
    return again if any(_covers(box, line) for box in again) else [*again, line]


def _meet(one: Box, other: Box) -> bool:
    """Tell whether the upright bounds of two boxes share something."""
    return all(
        min(max(a), max(b)) > max(min(a), min(b))
        for a, b in zip(
            zip(*one.outline, strict=True), zip(*other.outline, strict=True), strict=True
        )
    )


def _around(boxes: list[Box]) -> Box:
    """Return the smallest box around others."""
    import cv2
    import numpy

    corners = cv2.boxPoints(
        cv2.minAreaRect(numpy.array([at for one in boxes for at in one.outline], numpy.float32))
    )
    points = [(float(x), float(y)) for x, y in corners]
    return Box(_ordered(points), max(one.score for one in boxes))


def _moved(box: Box, x: int, y: int) -> Box:
    a, b, c, d = ((left + x, top + y) for left, top in box.outline)
    return Box((a, b, c, d), box.score)


def _in_two_looks(picture: Picture) -> list[Box]:
    height, width = picture.shape[:2]
    scale = COARSE / max(height, width)
    boxes = _boxes(picture, scale)
    small = [box for box in boxes if box.height * scale < SMALL]
    if not small:
        return boxes
    heights = sorted(box.height for box in small)
    finer = min(1.0, WANTED / heights[len(heights) // 4])
    for left, top, right, bottom in _tiles(small, finer, (height, width)):
        again = [_moved(box, left, top) for box in _boxes(picture[top:bottom, left:right], finer)]
        again = [b for b in again if _inside(b, (left, top, right, bottom), (height, width))]
        boxes = [b for b in boxes if not any(_covers(a, b) for a in again)]
        boxes += [a for a in again if not any(_covers(b, a) for b in boxes)]
    return boxes


def _joined(picture: Picture, boxes: list[Box]) -> list[Box]:
    """Return the boxes, with lines in place of large letters that were found one by one.

    The network does so where wide letters stand far apart; in a smaller picture it sees lines.
    """
    letters = [box for box in boxes if box.height > LETTER and box.length < 1.6 * box.height]
    if len(letters) < _LETTERS or len(letters) < len(boxes) / 2:
        return boxes
    heights = sorted(box.height for box in letters)
    again = _boxes(picture, WANTED / 2 / heights[len(heights) // 2])
    again = [a for a in again if sum(_covers(a, b) for b in letters) > 1]
    return again + [b for b in boxes if not any(_covers(a, b) for a in again)]


def _tiles(
    small: list[Box], finer: float, size: tuple[int, int]
) -> list[tuple[int, int, int, int]]:
    """Return left, top, right and bottom of the tiles that hold most of the small text."""
    side, reach = round(TILE / finer), round(TILE / finer * 0.15)
    counts: dict[tuple[int, int], int] = {}
    for box in small:
        x, y = box.middle
        place = int(x // side), int(y // side)
        counts[place] = counts.get(place, 0) + 1
    places = sorted(counts, key=lambda place: -counts[place])[:MAX_TILES]
    return [
        (
            max(0, column * side - reach),
            max(0, row * side - reach),
            min(size[1], (column + 1) * side + reach),
            min(size[0], (row + 1) * side + reach),
        )
        for column, row in places
    ]


def _inside(box: Box, tile: tuple[int, int, int, int], size: tuple[int, int]) -> bool:
    """Tell whether no edge that the tile made cuts the box off."""
    (left, top, right, bottom), (height, width) = tile, size
    xs, ys = zip(*box.outline, strict=True)
    return (
        (left == 0 or min(xs) > left + 2)
        and (top == 0 or min(ys) > top + 2)
        and (right == width or max(xs) < right - 2)
        and (bottom == height or max(ys) < bottom - 2)
    )


def _covers(one: Box, other: Box) -> bool:
    """Tell whether most of the other's upright bounds lie in the first one's."""
    ax, ay = zip(*one.outline, strict=True)
    bx, by = zip(*other.outline, strict=True)
    width = min(max(ax), max(bx)) - max(min(ax), min(bx))
    height = min(max(ay), max(by)) - max(min(ay), min(by))
    if width <= 0 or height <= 0:
        return False
    return width * height > 0.6 * (max(bx) - min(bx)) * (max(by) - min(by))


def _boxes(picture: Picture, scale: float) -> list[Box]:
    import cv2
    import numpy

    height, width = picture.shape[:2]
    wide, high = max(1, round(width * scale)), max(1, round(height * scale))
    if scale < 1:
        picture = cv2.resize(picture, (wide, high), interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    strip = max(_STEP, STRIP // wide)
    sure = numpy.empty((high, wide), numpy.float32)
    for top in range(0, high, strip):
        bottom = min(high, top + strip)
        first, last = max(0, top - _REACH), min(high, bottom + _REACH)
        sure[top:bottom] = _marked(picture[first:last])[top - first : bottom - first]
    return _outlined(sure, width / wide, height / high)


def _marked(picture: Picture) -> Map:
    """Return how sure the network is, for every pixel, that it is within a line of text."""
    import cv2
    import numpy

    high, wide = picture.shape[:2]
    right = max(_LEAST, -(-wide // _STEP) * _STEP) - wide
    below = max(_LEAST, -(-high // _STEP) * _STEP) - high
    if right or below:
        picture = cv2.copyMakeBorder(picture, 0, below, 0, right, cv2.BORDER_REPLICATE)  # type: ignore[assignment]
    samples = picture[:, :, ::-1].transpose(2, 0, 1)[numpy.newaxis].astype(numpy.float32)
    samples *= 2 / 255
    samples -= 1
    sure: Map = marked(samples)[0, 0, :high, :wide]
    return sure


def _outlined(sure: Map, across: float, down: float) -> list[Box]:
    import cv2
    import numpy

    ink = cv2.dilate((sure > _INK).astype(numpy.uint8), numpy.ones((2, 2), numpy.uint8))
    contours, _ = cv2.findContours(ink, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for contour in contours[:_MAX_BOXES]:
        centre, (wide, high), turn = cv2.minAreaRect(contour)
        if min(wide, high) < _MIN_SIDE:
            continue
        score = _score(sure, cv2.boxPoints((centre, (wide, high), turn)))
        if score < _SURE:
            continue
        # The network marks the core of the letters, which is smaller than they are.
        grow = 2 * wide * high * _GROW / (2 * (wide + high))
        corners = cv2.boxPoints((centre, (wide + grow, high + grow), turn))
        points = [(float(x) * across, float(y) * down) for x, y in corners]
        found.append(Box(_ordered(points), score))
    return found


def _score(sure: Map, corners: numpy.typing.NDArray[Any]) -> float:
    """Return the mean of the map within the corners."""
    import cv2
    import numpy

    height, width = sure.shape
    left = max(0, int(corners[:, 0].min()))
    top = max(0, int(corners[:, 1].min()))
    right = min(width, int(corners[:, 0].max()) + 1)
    bottom = min(height, int(corners[:, 1].max()) + 1)
    if left >= right or top >= bottom:
        return 0.0
    mask = numpy.zeros((bottom - top, right - left), numpy.uint8)
    cv2.fillPoly(mask, [(corners - (left, top)).astype(numpy.int32)], 1)
    return float(cv2.mean(sure[top:bottom, left:right], mask)[0])


def _ordered(points: list[Point]) -> Outline:
    """Return a rectangle's corners clockwise, the first two along the side nearest to level."""
    middle_x = sum(x for x, _ in points) / 4
    middle_y = sum(y for _, y in points) / 4
    ring = sorted(points, key=lambda p: atan2(p[1] - middle_y, p[0] - middle_x))
    turns = [ring[i:] + ring[:i] for i in range(4)]

    def level(corners: list[Point]) -> float:
        (ax, _), (bx, _) = corners[:2]
        return (bx - ax) / (dist(corners[0], corners[1]) + 1e-9)

    a, b, c, d = max(turns, key=level)
    return a, b, c, d
