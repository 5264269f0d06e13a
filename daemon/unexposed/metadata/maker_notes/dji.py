"""DJI's notes: how fast a drone flew, and which way it and its camera pointed.

Sources: ExifTool's tag names, "DJI Tags" and "DJI Info Tags".
"""

from __future__ import annotations

import math
import re
from itertools import islice
from typing import Final

from unexposed.exposure import Finding
from unexposed.metadata.legible import legible
from unexposed.metadata.maker_notes._directory import damage, directory
from unexposed.metadata.maker_notes._note import Note
from unexposed.metadata.maker_notes._tells import Tell, numbers, one, text

_TEXT: Final = b"["
_ITEM: Final = re.compile(rb"\[([^\[\]:]{1,60}):([^\[\]]{1,200})\]")
_MOST: Final = 1 << 20
_MOST_ITEMS: Final = 200
_AMBARELLA: Final = b"@AMBA"
"""Another firm's notes, which some of DJI's cameras keep."""

_SPEED: Final = Tell("location.speed", "speed", text)
_HEADING: Final = Tell("location.direction", "heading", text)
_CAMERA: Final = Tell("location.direction", "camera", text)
_SENSOR: Final = Tell("device.serial", "sensor", text)
_ITEMS: Final = {
    "FlightSpeed(X,Y,Z)": _SPEED,
    "FlightDegree(Y,P,R)": _HEADING,
    "GimbalDegree(Y,P,R)": _CAMERA,
    "sensor_id": _SENSOR,
}
_SPEEDS: Final = (0x0003, 0x0004, 0x0005)
_YAWS: Final = ((0x0007, _HEADING), (0x000A, _CAMERA))


def read(note: Note) -> list[Finding]:
    """Return what DJI's note gives away."""
    if note.head.startswith(_TEXT):
        return _items(note)
    if note.head[3:8] == _AMBARELLA:
        return []
    fields = directory(note, note.start)
    if not fields.values:
        return []  # of a form that nobody has told of
    speeds = [value for tag in _SPEEDS for value in numbers(fields, tag)[:1]]
    found = damage(fields, note)
    if len(speeds) == len(_SPEEDS):
        found += one(_SPEED, speed(speeds), note.where)
    for tag, row in _YAWS:
        found += one(row, direction(numbers(fields, tag)), note.where)
    return found


def _items(note: Note) -> list[Finding]:
    found = []
    items = _ITEM.finditer(note.data, note.start, min(note.end, note.start + _MOST))
    for item in islice(items, _MOST_ITEMS):
        row = _ITEMS.get(legible(item[1]))
        if row is None:
            continue
        shown = legible(item[2])
        if row is not _SENSOR:
            values = [float(n) for n in re.findall(r"-?\d{1,9}(?:\.\d{1,9})?", shown)]
            # The text counts in tenths.
            tenths = [value / 10 for value in values]
            shown = speed(tenths) if row is _SPEED else direction(tenths)
        found += one(row, shown, note.where)
    return found


def speed(parts: list[float]) -> str:
    """Show how fast something goes by its speeds in three directions, in metres a second."""
    metres = math.hypot(*parts)
    return f"{metres * 3.6:.1f} km/h" if 0 < metres < 1_000 else ""


def direction(yaw: list[float]) -> str:
    """Show a yaw in degrees, which is negative to the west of north."""
    return f"{yaw[0] % 360:.1f}°" if yaw and abs(yaw[0]) <= 360 else ""
