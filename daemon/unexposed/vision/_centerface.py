"""CenterFace, the network that finds faces: pixels -> boxes, at the size that they are given in.

Source: https://github.com/Star-Clouds/CenterFace (MIT); `tools/fetch_networks.py` gets it.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from unexposed.vision._network import Network
from unexposed.vision.seen import Picture

Boxes: TypeAlias = npt.NDArray[np.float32]
"""One row for each face: left, top, right, bottom, and how sure the network is (0 to 1)."""

_NETWORK: Final = Network(__package__, "centerface.onnx")
_OUTPUTS: Final = ("537", "538", "539", "540")
"""Its names for: is here a centre, the logarithm of the size, the rest of the place, landmarks."""
_CELL: Final = 4
"""Pixels of the side of what one number of the output stands for."""
_MULTIPLE: Final = 32
"""What the sides of its input are multiples of."""
_LARGEST: Final = 6.0
"""The largest logarithm of a size, in cells, that is believed: some 1,600 pixels."""
_MOST: Final = 1_000
"""Centres in one input that are looked at, the surest first."""


def boxes(pixels: Picture, least: float) -> Boxes:
    """Return the faces of which the network is at least this sure; one may be there twice."""
    height, width = pixels.shape[:2]
    padded = cv2.copyMakeBorder(
        pixels, 0, -height % _MULTIPLE, 0, -width % _MULTIPLE, cv2.BORDER_CONSTANT
    )
    centres, sizes, shifts, _ = _NETWORK(cv2.dnn.blobFromImage(padded), _OUTPUTS)
    sureness = centres[0, 0]
    peaks = (sureness >= least) & (sureness == cv2.dilate(sureness, np.ones((3, 3), np.uint8)))
    rows, columns = np.nonzero(peaks)
    if rows.size > _MOST:
        surest = np.argsort(-sureness[rows, columns], kind="stable")[:_MOST]
        rows, columns = rows[surest], columns[surest]
    half = np.exp(np.minimum(sizes[0][:, rows, columns], _LARGEST)) * (_CELL / 2)
    y = (rows + shifts[0, 0, rows, columns] + 0.5) * _CELL
    x = (columns + shifts[0, 1, rows, columns] + 0.5) * _CELL
    found = np.stack([x - half[1], y - half[0], x + half[1], y + half[0]], axis=1)
    np.clip(found, 0, [width, height, width, height], out=found)
    within = (found[:, 2] > found[:, 0]) & (found[:, 3] > found[:, 1])
    return np.column_stack([found, sureness[rows, columns]])[within].astype(np.float32)
