"""What the lines say: each is cut out at full resolution, laid level, and read by the network."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from unexposed.vision._crew import each
from unexposed.vision.seen import Picture
from unexposed.vision.text._finding import Box, find
from unexposed.vision.text._models import characters, classes
from unexposed.vision.text.lines import Line

if TYPE_CHECKING:
    from unexposed.vision.text.lines import Outline

HEIGHT = 48
"""Pixels of height in which the network reads a line."""

MAX_WIDTH = 3_072
"""Pixels of width, at that height, that are read of one line."""

MAX_LINES = 600
"""Lines that are read of one picture; the surest boxes come first."""

SURE = 0.5
"""Mean sureness of the characters from which a line counts as read."""

_DOUBT = 0.85
"""Sureness below which a line is also read the other way round."""

_TALL = 1.5
"""Height to width from which a box is taken for a line that runs up or down."""


def read(picture: Picture) -> list[Line]:
    """Return the lines of a picture, from top to bottom.

    A box that is text and cannot be read, as in a script that the network does not know, is a
    line without text.
    """
    boxes = sorted(find(picture), key=lambda box: -box.score)[:MAX_LINES]
    lines = [line for line in each(partial(_line, picture), boxes) if line is not None]
    return sorted(lines, key=lambda line: (min(y for _, y in line.outline), line.outline[0][0]))


def _line(picture: Picture, box: Box) -> Line | None:
    best = Line("", box.outline, 0.0)
    for outline in _ways(box.outline):
        line = _read(picture, outline)
        if line.text.strip() and line.score > best.score:
            best = line
        if best.score >= _DOUBT:
            break
    if best.score >= SURE:
        return best
    return Line("", box.outline, box.score) if box.score >= 0.7 else None


def _ways(outline: Outline) -> list[Outline]:
    """Return the corners from where reading may begin, the likeliest first."""
    a, b, c, d = outline
    line = Line("", outline)
    if line.height >= _TALL * line.length:
        return [(b, c, d, a), (d, a, b, c), outline]
    return [outline, (c, d, a, b)]


def _read(picture: Picture, outline: Outline) -> Line:
    import cv2
    import numpy

    strip = _cut(picture, outline)
    height, width = strip.shape[:2]
    wide = max(16, min(MAX_WIDTH, round(width * HEIGHT / height)))
    method = cv2.INTER_AREA if height > 2 * HEIGHT else cv2.INTER_LINEAR
    strip = cv2.resize(strip, (wide, HEIGHT), interpolation=method)  # type: ignore[assignment]
    samples = numpy.zeros((1, 3, HEIGHT, max(160, -(-wide // 32) * 32)), numpy.float32)
    samples[0, :, :, :wide] = strip[:, :, ::-1].transpose(2, 0, 1) * (2 / 255) - 1
    scores = classes(samples)[0]
    best = scores.argmax(axis=1)
    sure = scores[numpy.arange(len(best)), best]
    taken = [i for i, at in enumerate(best) if at and (i == 0 or at != best[i - 1])]
    if not taken:
        return Line("", outline, 0.0)
    step = samples.shape[3] / len(best)
    letters = characters()
    kept = [(letters[best[i]], min(1.0, (i + 0.5) * step / wide)) for i in taken]
    text = "".join(letter for letter, _ in kept)
    middles = tuple(at for letter, at in kept for _ in letter)
    return Line(text, outline, float(sure[taken].mean()), middles)


def _cut(picture: Picture, outline: Outline) -> Picture:
    """Return the picture within the corners, laid level."""
    import cv2
    import numpy

    line = Line("", outline)
    # OpenCV lays out no strip of over 32,767 pixels.
    shrink = min(1.0, 8 * MAX_WIDTH / max(line.length, line.height))
    width, height = (max(4, round(side * shrink)) for side in (line.length, line.height))
    # Only the part around is given to it, for the same reason.
    left = max(0, int(min(x for x, _ in outline)) - 2)
    top = max(0, int(min(y for _, y in outline)) - 2)
    right, bottom = (int(max(p[i] for p in outline)) + 3 for i in (0, 1))
    around = numpy.ascontiguousarray(picture[top:bottom, left:right])
    source = numpy.array([(x - left, y - top) for x, y in outline], numpy.float32)
    target = numpy.array([(0, 0), (width, 0), (width, height), (0, height)], numpy.float32)
    return cv2.warpPerspective(  # type: ignore[return-value]
        around,
        cv2.getPerspectiveTransform(source, target),
        (width, height),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
