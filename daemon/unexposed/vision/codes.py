"""QR, Aztec, Data Matrix, PDF417 and striped codes, and what they hold."""

from __future__ import annotations

import cv2
import numpy
import zxingcpp
from cv2.typing import MatLike
from zxingcpp import BarcodeFormat, ContentType, TextMode

from unexposed.vision._bars import until_quiet, whole_code
from unexposed.vision._payload import Payload, told_by
from unexposed.vision._places import places, shrunk, turned
from unexposed.vision.seen import Picture, Point, Seen

_OF_LINES = (
    BarcodeFormat.Codabar,
    BarcodeFormat.Code39,
    BarcodeFormat.Code93,
    BarcodeFormat.Code128,
    BarcodeFormat.DataBarExp,
    BarcodeFormat.DataBarOmni,
    BarcodeFormat.EANUPC,
    BarcodeFormat.ITF,
)
_OF_ROWS = (BarcodeFormat.PDF417,)
_STRIPED = _OF_LINES + _OF_ROWS
_OF_DOTS = (
    BarcodeFormat.Aztec,
    BarcodeFormat.DataMatrix,
    BarcodeFormat.MaxiCode,
    BarcodeFormat.MicroQRCode,
    BarcodeFormat.QRCode,
    BarcodeFormat.RMQRCode,
)
"""Symbologies that people meet; each further one costs time and finds codes that are none."""

_ASKEW = 45
"""Degrees by which all of a picture is turned once: where much is busy no place stands out in it."""

_SHORTEST = {BarcodeFormat.ITF: 6, BarcodeFormat.Codabar: 6, BarcodeFormat.Code39: 4}
"""Characters that a code of a symbology without a check digit must have to be no chance pattern."""


def detect(picture: Picture) -> list[Seen]:
    """Return the codes in a picture, each once, whichever way it is turned."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    whole = numpy.eye(2, 3)
    found = _read(grey, whole, _OF_LINES + _OF_DOTS)
    found += _read(255 - grey, whole, _OF_LINES)
    small = shrunk(grey)
    back = whole * (grey.shape[1] / small.shape[1])
    found += _read_either_way(small, back, _OF_ROWS)
    askew, there = turned(small, _ASKEW)
    there = back[:, :2] @ there
    found += _read_either_way(askew, there, _OF_LINES)
    for piece, back, striped in places(grey, small):
        if striped:
            found += _read_either_way(piece, back, _STRIPED)
        else:
            found += _read(piece, back, _STRIPED + _OF_DOTS)
    return _distinct(found)


def _read_either_way(
    grey: MatLike, back: MatLike, formats: tuple[BarcodeFormat, ...]
) -> list[Seen]:
    """Read codes that are dark on a light ground, then those that are light on a dark one."""
    return _read(grey, back, formats) + _read(255 - grey, back, formats)


def _read(grey: MatLike, back: MatLike, formats: tuple[BarcodeFormat, ...]) -> list[Seen]:
    """Read a grey picture, a piece of another one in which `back` places its points."""
    found = zxingcpp.read_barcodes(
        grey,
        formats=zxingcpp.BarcodeFormats(formats),
        text_mode=TextMode.Plain,
    )
    return [
        _seen(code, grey, back)
        for code in found
        if len(code.bytes) >= _SHORTEST.get(code.symbology, 1)
    ]


def _seen(code: zxingcpp.Barcode, grey: MatLike, back: MatLike) -> Seen:
    position = code.position
    corners = (
        position.top_left,
        position.top_right,
        position.bottom_right,
        position.bottom_left,
    )
    outline: tuple[Point, ...] = tuple((corner.x, corner.y) for corner in corners)
    if code.symbology in _OF_LINES:
        outline = whole_code(grey, outline)
    elif code.symbology == BarcodeFormat.PDF417:
        outline = until_quiet(grey, outline)
    binary = code.content_type in (ContentType.Binary, ContentType.UnknownECI)
    kind, value = told_by(Payload(code.text, code.bytes, str(code.symbology), binary))
    return Seen(kind, _moved(outline, back), 1.0, value)


def _moved(outline: tuple[Point, ...], back: MatLike) -> tuple[Point, ...]:
    points = numpy.array([(x, y, 1) for x, y in outline]) @ back.T
    return tuple((float(x), float(y)) for x, y in points)


def _distinct(found: list[Seen]) -> list[Seen]:
    """Leave out what is part of something larger, or the same."""
    kept: list[Seen] = []
    for one in sorted(found, key=lambda seen: -seen.box[2] * seen.box[3]):
        if not any(_inside(one, other) for other in kept):
            kept.append(one)
    return kept


def _inside(one: Seen, other: Seen) -> bool:
    """Tell whether the middle of one lies in the box of the other."""
    x, y = (sum(values) / len(one.outline) for values in zip(*one.outline, strict=True))
    left, top, width, height = other.box
    return bool(left <= x <= left + width and top <= y <= top + height)
