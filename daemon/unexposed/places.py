"""Coordinates -> the town that they are in or near, from a table that the package carries.

Nothing is asked of anybody. `tools/build_places.py` makes the table, and says how.
Source: GeoNames (https://www.geonames.org), licensed CC BY 4.0.
"""

from __future__ import annotations

import mmap
import os
import struct
import sys
import zlib
from array import array
from bisect import bisect_left, bisect_right
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from math import asin, ceil, cos, degrees, floor, radians, sin, sqrt
from typing import Annotated, Final, Literal, NamedTuple, Self

import msgspec

FARTHEST: Final = 500.0
"""Kilometres from which on no town is named."""
WIDEST: Final = 25.0
"""Kilometres that the largest city reaches from its centre."""

MAGIC: Final = b"unexposed places"
HEADER: Final = struct.Struct("<16s3I")
"""`MAGIC`, the numbers of towns and of blocks, and the bytes of the list of countries."""
ROWS: Final = 360
"""The globe's rows of towns, from south to north; each is sorted from west to east."""
STEPS: Final = 100_000
"""Steps in a degree."""
STEP_KM: Final = 0.125
"""Kilometres in a step of a town's extent."""
BLOCK: Final = 512
"""Towns whose countries and names are packed together."""

_EARTH_KM: Final = 6_371.0
_DEGREE_KM: Final = _EARTH_KM * radians(1)
_ROW: Final = 180 / ROWS
_ROUNDING: Final = 1e-9
_FIRST_REACH: Final = 30.0


class Home(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `[home]` table: a place that pictures must not give away, in decimal degrees."""

    latitude: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    longitude: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    radius_m: Annotated[float, msgspec.Meta(ge=10, le=50_000)] = 200.0
    """Metres around it that count as home."""

    def holds(self, latitude: float, longitude: float) -> bool:
        """Tell whether a position is at home."""
        metres = 1_000 * distance(self.latitude, self.longitude, latitude, longitude)
        return metres <= self.radius_m


class Place(NamedTuple):
    """A town, how far its centre is, and how far it reaches from there."""

    name: str
    country: str
    distance_km: float
    extent_km: float

    @property
    def inside(self) -> bool:
        """Whether the position is likely in the town and not only near it."""
        return self.distance_km <= self.extent_km

    @property
    def words(self) -> str:
        """Return "in Lisbon, Portugal" or "4 km from Sintra, Portugal".

        Two digits of a distance at most: nobody knows where exactly the centre of a town is.
        """
        called = self.name if self.name == self.country else f"{self.name}, {self.country}"
        if self.inside:
            return f"in {called}"
        step = 10 if self.distance_km >= 100 else 1
        return f"{step * max(1, round(self.distance_km / step))} km from {called}"


def distance(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Return the kilometres between two positions in decimal degrees, along a great circle."""
    south, north = radians(latitude), radians(to_latitude)
    across = sin(radians(to_longitude - longitude) / 2) ** 2
    chord = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * across
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(chord)))


def beyond(kilometres: float, extent: float) -> float:
    """Return how far a position is out of a town: up to 1 inside, and the kilometres to its edge more.

    So of two towns that a position is in, the one counts whose centre is nearer for its size.
    """
    return kilometres / extent if kilometres <= extent else 1 + kilometres - extent


class Atlas:
    """The table, read where it stands.

    Behind the header come the first town of each row, where each block begins, and for each town
    its longitude (steps from -180), latitude (steps from its row's south) and extent; then the
    countries, and the blocks: a country's number for each town, and the names.
    """

    def __init__(self, buffer: mmap.mmap | bytes) -> None:
        view = memoryview(buffer)
        magic, towns, blocks, size = HEADER.unpack_from(view)
        if magic != MAGIC:
            raise ValueError("this is no table of places")
        sizes = (4 * (ROWS + 1), 4 * (blocks + 1), 4 * towns, 2 * towns, towns, size)
        ends = list(accumulate(sizes, initial=HEADER.size))
        columns = [view[start:end] for start, end in pairwise(ends)]
        self._rows, self._starts, self._longitudes = (_numbers("I", one) for one in columns[:3])
        self._latitudes, self._extents = _numbers("H", columns[3]), columns[4]
        self._countries = bytes(columns[5]).decode().split("\n")
        self._blocks = view[ends[-1] :]

    @classmethod
    def packaged(cls) -> Self:
        """Map the table that stands beside this module."""
        # to import importlib.resources would cost each new worker 15 ms
        with open(os.path.join(os.path.dirname(__file__), "places.bin"), "rb") as file:
            return cls(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))

    def __len__(self) -> int:
        return len(self._extents)

    def nearest(self, latitude: float, longitude: float) -> Place | None:
        """Return the town that a position is in, else the one whose edge is nearest.

        None when no town's centre is within `FARTHEST` kilometres.
        """
        reach = _FIRST_REACH
        while True:
            best = self._within(reach, latitude, longitude)
            # A town whose centre is out of reach is beyond by more than `1 + reach - WIDEST`.
            enough = min(FARTHEST, reach * 1.5 if best is None else best[0] - 1 + WIDEST)
            if reach >= enough:
                break
            reach = enough
        if best is None:
            return None
        _, kilometres, town = best
        return Place(*self._called(town), kilometres, self._extents[town] * STEP_KM)

    def _within(
        self, reach: float, latitude: float, longitude: float
    ) -> tuple[float, float, int] | None:
        """Return (how far beyond, kilometres, number) of the least beyond of the towns within reach.

        A few more than those are looked at.
        """
        angle = reach / _EARTH_KM
        margin = degrees(angle)
        width = 180.0
        if abs(latitude) + margin < 90:
            width = degrees(asin(sin(angle) / cos(radians(latitude))))
        rows = range(
            max(0, floor((latitude - margin + 90) / _ROW)),
            min(ROWS - 1, floor((latitude + margin + 90) / _ROW)) + 1,
        )
        own = (latitude + 90) / _ROW
        best: tuple[float, float, int] | None = None
        for row in sorted(rows, key=lambda row: abs(row + 0.5 - own)):
            for west, east in _windows(longitude - width, longitude + width):
                first = bisect_left(self._longitudes, west, self._rows[row], self._rows[row + 1])
                last = bisect_right(self._longitudes, east, first, self._rows[row + 1])
                for town in range(first, last):
                    to_latitude, to_longitude = self._position(row, town)
                    apart = abs(to_latitude - latitude)
                    extent = self._extents[town] * STEP_KM
                    # No way is shorter than the one due north or south, but for rounding.
                    least = beyond(apart * _DEGREE_KM, extent) - _ROUNDING
                    if apart > margin or (best is not None and least > best[0]):
                        continue
                    kilometres = distance(latitude, longitude, to_latitude, to_longitude)
                    found = beyond(kilometres, extent), kilometres, town
                    if kilometres <= FARTHEST and (best is None or found < best):
                        best = found
        return best

    def _position(self, row: int, town: int) -> tuple[float, float]:
        latitude = row * _ROW - 90 + self._latitudes[town] / STEPS
        return latitude, self._longitudes[town] / STEPS - 180

    def _called(self, town: int) -> tuple[str, str]:
        """Return a town's name and country."""
        block, number = divmod(town, BLOCK)
        unpacked = zlib.decompress(self._blocks[self._starts[block] : self._starts[block + 1]])
        towns = min(BLOCK, len(self) - block * BLOCK)
        return (
            unpacked[towns:].decode().split("\n")[number],
            self._countries[unpacked[number]],
        )


def _numbers(kind: Literal["H", "I"], column: memoryview) -> memoryview | array[int]:
    """Return a column's little-endian numbers, where they stand if the machine reads them so."""
    if sys.byteorder == "little":
        return column.cast(kind)
    numbers = array(kind, column.tobytes())
    numbers.byteswap()
    return numbers


def _windows(west: float, east: float) -> list[tuple[int, int]]:
    """Return a stretch of longitudes as steps from -180, in two parts where it crosses that."""
    whole = 360 * STEPS
    if east - west >= 360:
        return [(0, whole)]
    first, last = floor((west + 180) * STEPS), ceil((east + 180) * STEPS)
    if first < 0:
        return [(0, last), (first + whole, whole)]
    if last > whole:
        return [(first, whole), (0, last - whole)]
    return [(first, last)]


@cache
def atlas() -> Atlas:
    """Return the packaged table, mapped at the first call."""
    return Atlas.packaged()


@lru_cache(maxsize=64)
def nearest(latitude: float, longitude: float) -> Place | None:
    """Return the town that a position is in or near, None far from any."""
    return atlas().nearest(latitude, longitude)
