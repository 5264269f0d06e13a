"""Pictures with a code in them, of each symbology that people meet."""

from __future__ import annotations

import cv2
import numpy
import zxingcpp
from numpy.random import Generator
from zxingcpp import BarcodeFormat

BOARDING_PASS = "M1BEISPIEL/ANNA       EABC123 LISFRATP 0576 226F001A0025 100"

# Symbology and content of each kind of code.
EIGHT_KINDS: dict[str, tuple[BarcodeFormat, str]] = {
    "QR": (BarcodeFormat.QRCode, "https://example.org/a/b?key=d"),
    "Micro QR": (BarcodeFormat.MicroQRCode, "12345"),
    "Aztec": (BarcodeFormat.Aztec, BOARDING_PASS),
    "Data Matrix": (BarcodeFormat.DataMatrix, "ABC-123456789"),
    "PDF417": (BarcodeFormat.PDF417, BOARDING_PASS),
    "EAN-13": (BarcodeFormat.EAN13, "4006381333931"),
    "Code 128": (BarcodeFormat.Code128, "ABC-1234567"),
    "ITF": (BarcodeFormat.ITF, "12345678901231"),
}

_FINE = 6
"""Pixels of a module in the code before it is laid into the picture."""


def code(kind: BarcodeFormat, content: str | bytes, module: int = 4) -> numpy.ndarray:
    """A code alone, black on white with a margin, as a grey picture."""
    small = numpy.array(zxingcpp.create_barcode(content, kind).to_image(scale=1))
    if small.shape[0] < 5:
        small = numpy.repeat(small[:1], 40, axis=0)
    drawn = numpy.repeat(numpy.repeat(small, module, axis=0), module, axis=1)
    margin = 4 * module
    return cv2.copyMakeBorder(drawn, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=255)


def scene_with(
    drawn: numpy.ndarray,
    *,
    scale: float,
    angle: float = 0.0,
    bent: float = 0.0,
    inverted: bool = False,
    seed: int = 1,
    size: tuple[int, int] = (1600, 1200),
) -> numpy.ndarray:
    """A code lying somewhere near the middle of a scene, as a JPEG of quality 60 shows it.

    `angle` in degrees, `bent` how far each corner may stand from its place, as part of the side.
    """
    rng = numpy.random.default_rng(seed)
    ground = cv2.resize(
        numpy.asarray(rng.integers(140, 255, (24, 32, 3)), numpy.uint8),
        size,
        interpolation=cv2.INTER_CUBIC,
    )
    height, width = drawn.shape
    corners = numpy.array([[0, 0], [width, 0], [width, height], [0, height]], numpy.float32)
    there = _placed(corners, scale, angle, bent, rng) + numpy.array(size) / 2
    fine = 2
    move = cv2.getPerspectiveTransform(corners, (there * fine).astype(numpy.float32))
    large = size[0] * fine, size[1] * fine
    laid = cv2.warpPerspective(255 - drawn if inverted else drawn, move, large)
    mask = cv2.warpPerspective(numpy.full_like(drawn, 255), move, large)
    laid, mask = (cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in (laid, mask))
    share = mask[..., None] / 255
    mixed = (ground * (1 - share) + laid[..., None] * share).astype(numpy.uint8)
    return as_jpeg(mixed, 60)


def as_jpeg(picture: numpy.ndarray, quality: int) -> numpy.ndarray:
    """A picture as a JPEG of that quality shows it."""
    _, data = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return numpy.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1])


def eight_kinds(
    module: float, angle: float, *, inverted: bool = False, seed: int = 1
) -> dict[str, numpy.ndarray]:
    """A scene for each kind of code, its modules of so many pixels."""
    return {
        name: scene_with(
            code(kind, content, _FINE),
            scale=module / _FINE,
            angle=angle,
            bent=0.03,
            inverted=inverted,
            seed=seed,
        )
        for name, (kind, content) in EIGHT_KINDS.items()
    }


def _placed(
    corners: numpy.ndarray, scale: float, angle: float, bent: float, rng: Generator
) -> numpy.ndarray:
    turn = numpy.radians(angle)
    axes = numpy.array([[numpy.cos(turn), -numpy.sin(turn)], [numpy.sin(turn), numpy.cos(turn)]])
    middle = corners.mean(axis=0)
    warped = (corners - middle) * scale * (1 + rng.uniform(-bent, bent, (4, 2)))
    return warped @ axes.T + rng.uniform(-50, 50, 2)
