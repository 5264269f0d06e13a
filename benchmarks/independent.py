"""Detectors that are not ours, for a second opinion on what covered pictures still show.

tesseract (Debian's tesseract-ocr) reads text and zbarimg (zbar-tools) codes. Faces are looked for by
the networks RFB of https://github.com/Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB (MIT), of
another make, size and training than the one that covers: models/onnx/version-RFB-640.onnx there.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

if TYPE_CHECKING:
    import cv2

PROGRAMS = ("tesseract", "zbarimg")

Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""

LETTERS = 3
"""Letters or digits of a word that is taken for one."""
SURE = 60.0
"""Of 100, from which tesseract's word is taken for one that is there."""
FACE = 0.7
"""Of 1, from which the network's face is taken for one; its makers' own limit."""
_SIZE = (640, 480)
"""Pixels of what the network looks at."""


class Word(NamedTuple):
    """A word, where it stands, and how sure of it tesseract is, of 100."""

    text: str
    box: Box
    sure: float


def missing() -> list[str]:
    """Return the programs that are not installed."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


def words(path: Path) -> list[Word]:
    """Return what tesseract reads, in small letters and digits alone, wherever it stands."""
    told = _told("tesseract", str(path), "stdout", "--psm", "12", "tsv")
    found = []
    for row in csv.DictReader(io.StringIO(told), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = "".join(filter(str.isalnum, row["text"] or "")).casefold()
        if row["level"] == "5" and len(text) >= LETTERS:
            left, top, width, height = (
                float(row[key]) for key in ("left", "top", "width", "height")
            )
            box = left, top, left + width, top + height
            found.append(Word(text, box, float(row["conf"])))
    return found


def codes(path: Path) -> list[str]:
    """Return what zbar reads, with the names of the symbologies."""
    return _told("zbarimg", "--quiet", str(path)).splitlines()


def faces(image: Image.Image, model: Path) -> list[Box]:
    """Return the faces that the network finds."""
    import numpy

    small = numpy.asarray(image.resize(_SIZE, Image.Resampling.BILINEAR), numpy.float32)
    samples = ((small - 127) / 128).transpose(2, 0, 1)[numpy.newaxis]
    network = _network(model)
    network.setInput(samples)
    scores, places = network.forward(("scores", "boxes"))
    sure = scores[0, :, 1] > FACE
    order = numpy.argsort(-scores[0, sure, 1])
    kept: list[Box] = []
    for x0, y0, x1, y1 in places[0, sure][order].tolist():
        box = x0 * image.width, y0 * image.height, x1 * image.width, y1 * image.height
        if not any(shared(box, other) > 0.3 for other in kept):
            kept.append(box)
    return kept


def shared(one: Box, other: Box) -> float:
    """Return how much two boxes share of what they cover together."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    common = max(0.0, width) * max(0.0, height)
    areas = ((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return common / max(1e-9, sum(areas) - common)


def _told(*command: str) -> str:
    one_thread = os.environ | {"OMP_THREAD_LIMIT": "1"}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=one_thread
    ).stdout


@cache
def _network(model: Path) -> cv2.dnn.Net:
    import cv2

    return cv2.dnn.readNetFromONNX(str(model))
