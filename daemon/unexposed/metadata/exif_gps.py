"""Where a picture was taken, from the GPS directory of an Exif block.

Source: CIPA DC-008 (Exif 2.32) 4.6.6.
"""

from __future__ import annotations

from unexposed.exposure import Finding, finding
from unexposed.metadata.exif_values import Field, Fields, as_number
from unexposed.metadata.legible import legible, utf16
from unexposed.metadata.places import DESTINATION, half_told, place, valid
from unexposed.metadata.times import moment

_ALTITUDE_BELOW, _ALTITUDE, _CLOCK, _DATE = 0x05, 0x06, 0x07, 0x1D
_METHOD, _AREA = 0x1B, 0x1C
_SPEED_UNIT, _SPEED = 0x0C, 0x0D
_DILUTION, _HORIZONTAL_ERROR = 0x0B, 0x1F
_MOST_ERROR_M, _MOST_DILUTION = 1_000_000, 100
_RECEIVER_ERROR_M = 5
"""What a receiver is off under an open sky; satellites that stand close dilute that."""
_POSITIONS = ((0x01, ""), (0x13, DESTINATION))
"""The first of four tags each: latitude's hemisphere and degrees, then longitude's."""

_DIRECTIONS = ((0x10, "camera"), (0x0E, "movement"), (0x17, "destination"))
"""The first of two tags each: from which north it counts, then degrees; and what points there."""
_NORTHS = {"T": " from true north", "M": " from magnetic north"}
_SPEEDS = {"K": "km/h", "M": "mph", "N": "knots"}

USED = frozenset(
    {
        *range(0x01, 0x08), *range(0x0B, 0x12), *range(0x13, 0x19),
        _METHOD, _AREA, _DATE, _HORIZONTAL_ERROR,
    }
)  # fmt: skip
"""The tags that findings are made of."""

_PLAIN_CODES = (b"ASCII\0\0\0", bytes(8))


def positions(fields: Fields, ifd: str, where: str) -> list[Finding]:
    """Return places and times that a GPS directory gives away."""
    found = []
    for first, what in _POSITIONS:
        latitude, north_or_south = _degrees(fields, ifd, first, "NS")
        longitude, east_or_west = _degrees(fields, ifd, first + 2, "EW")
        if latitude is None or longitude is None or not valid(latitude, longitude):
            continue
        if north_or_south or east_or_west:
            half = half_told(
                where + what,
                latitude,
                longitude,
                north_or_south=north_or_south,
                east_or_west=east_or_west,
            )
            found.append(half)
        elif what:
            found.append(place(where + what, latitude, longitude))
        else:
            altitude, error = _altitude(fields, ifd), _error(fields, ifd)
            found.append(place(where, latitude, longitude, altitude, error))
    found += _movements(fields, ifd, where)
    found += [
        finding("location.place", where, text)
        for value in fields.all(ifd, _AREA)
        if (text := encoded_text(value, fields.walk.order))
    ]
    if when := _time(fields, ifd):
        found.append(finding("time.taken", where, when))
    found += [
        finding("hidden.metadata", where, f"the place was found by {text}")
        for value in fields.all(ifd, _METHOD)
        if (text := encoded_text(value, fields.walk.order))
    ]
    if not found and any(home == ifd and tag in USED for home, tag in fields.values):
        found.append(finding("hidden.metadata", where, "GPS data without a position"))
    return found


def _movements(fields: Fields, ifd: str, where: str) -> list[Finding]:
    """Return how high the camera was, which way it looked and went, and how fast."""
    found = []
    altitude = _altitude(fields, ifd)
    if altitude is not None:
        side = "below" if altitude < 0 else "above"
        found.append(finding("location.altitude", where, f"{abs(altitude):.0f} m {side} the sea"))
    for first, what in _DIRECTIONS:
        for degrees in fields.numbers(ifd, first + 1)[:1]:
            if 0 <= degrees <= 360:
                north = _NORTHS.get(fields.text(ifd, first).upper()[:1], "")
                told = f"{degrees:.1f}°{north}"
                found.append(finding("location.direction", f"{where} {what}", told))
    unit = _SPEEDS.get(fields.text(ifd, _SPEED_UNIT).upper()[:1], "km/h")
    # What stood still tells no more than that.
    found += [
        finding("location.speed", where, f"{speed:.1f} {unit}")
        for speed in fields.numbers(ifd, _SPEED)[:1]
        if 0 < speed < 100_000
    ]
    return found


def encoded_text(value: Field, order: str) -> str:
    """Return text that has its encoding in eight bytes before it, as UserComment does."""
    if not isinstance(value, bytes):
        return ""
    code, rest = value[:8], value[8:]
    if code == b"UNICODE\0":
        if rest[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return utf16(rest[2:], "le" if rest[0] == 0xFF else "be")
        return utf16(rest, _likely_order(rest, order))
    if code == b"JIS\0\0\0\0\0":
        return legible(rest[:4096].decode("iso2022_jp", "replace"))
    return legible(rest if code in _PLAIN_CODES else value)


def _likely_order(text: bytes, order: str) -> str:
    """Return the byte order that UTF-16 is in: writers often ignore that of the block."""
    sample = text[:512]
    high_first, low_first = sample[0::2].count(0), sample[1::2].count(0)
    if high_first == low_first:
        return "le" if order == "<" else "be"
    return "be" if high_first > low_first else "le"


def _degrees(fields: Fields, ifd: str, first: int, sides: str) -> tuple[float | None, bool]:
    """Return decimal degrees, and whether it is not told on which of two sides they are."""
    value = next(iter(fields.all(ifd, first + 1)), ())
    if isinstance(value, bytes):
        return None, False
    # Minutes and seconds may be left blank as 0/0, degrees may not.
    parts = [as_number(part) for part in value[:3]]
    if not parts or parts[0] is None:
        return None, False
    degrees: float = sum((part or 0) / float(60**n) for n, part in enumerate(parts))
    side = fields.text(ifd, first).upper()[:1]
    if side not in sides or not side:
        # On the zero line itself there are no sides, and a sign tells one.
        return degrees, degrees > 0
    return -degrees if side in "SW" else degrees, False


def _error(fields: Fields, ifd: str) -> float:
    """Return by how many metres the receiver says that it may be off, 0 where it says nothing."""
    for metres in fields.numbers(ifd, _HORIZONTAL_ERROR)[:1]:
        if 0 < metres < _MOST_ERROR_M:
            return metres
    for dilution in fields.numbers(ifd, _DILUTION)[:1]:
        if 0 < dilution < _MOST_DILUTION:
            return dilution * _RECEIVER_ERROR_M
    return 0.0


def _altitude(fields: Fields, ifd: str) -> float | None:
    metres = fields.numbers(ifd, _ALTITUDE)
    if not metres:
        return None
    return -metres[0] if fields.numbers(ifd, _ALTITUDE_BELOW)[:1] == [1] else metres[0]


def _time(fields: Fields, ifd: str) -> str:
    date = fields.text(ifd, _DATE)
    if not date:
        return ""
    clock = fields.numbers(ifd, _CLOCK)
    if len(clock) != 3 or not all(0 <= part < 100 for part in clock):
        return moment(date)
    hour, minute, second = (int(part) for part in clock)
    return moment(f"{date} {hour:02}:{minute:02}:{second:02}Z")
