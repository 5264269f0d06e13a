"""How long it takes to say where a position is: the first time in a process, and after that."""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from unexposed import places

STARTS = 15
POSITIONS = 2_000
COLD_LIMIT = 5.0
WARM_LIMIT = 0.5

FIRST_LOOK = """\
import time
from unexposed.places import nearest
started = time.perf_counter()
nearest(38.7226, -9.1392)
print(time.perf_counter() - started)
"""

BUSY = [
    (48.9, 2.3), (51.5, -0.1), (50.9, 6.9), (45.5, 9.2), (40.7, -74.0), (19.4, -99.1), (23.1, 113.3),
    (35.7, 139.7), (28.6, 77.2), (-6.2, 106.8),
]  # fmt: skip
"""Where many towns are, and most pictures are taken."""


def main() -> bool:
    """Print the figures; return whether they are within the limits."""
    chance = random.Random(7)
    near = [
        (latitude + chance.gauss(0, 0.5), longitude + chance.gauss(0, 0.5))
        for latitude, longitude in (chance.choice(BUSY) for _ in range(POSITIONS))
    ]
    far = [(chance.uniform(-90, 90), chance.uniform(-180, 180)) for _ in range(POSITIONS)]
    size = Path(places.__file__).with_name("places.bin").stat().st_size
    cold = statistics.median(_first_look() for _ in range(STARTS))
    before = _resident()
    busy, anywhere = _looks(near), _looks(far)
    print(f"places: {len(places.atlas()):,} towns in {size:,} bytes")
    print(f"  first look in a process  {cold:7.2f} ms    (limit {COLD_LIMIT:g})")
    print(f"  in and around cities     {busy[0]:7.2f} ms    (limit {WARM_LIMIT:g})")
    print(
        f"  anywhere on the globe    {anywhere[0]:7.2f} ms, one in a hundred {anywhere[1]:.2f} ms"
    )
    print(f"  memory after all these   {(_resident() - before) / 1024:7.2f} MiB more")
    return cold <= COLD_LIMIT and busy[0] <= WARM_LIMIT and anywhere[0] <= WARM_LIMIT


def _first_look() -> float:
    command = [sys.executable, "-c", FIRST_LOOK]
    return 1e3 * float(subprocess.run(command, capture_output=True, check=True).stdout)


def _looks(positions: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """Return the median and the 99th percentile, in milliseconds."""
    times = []
    for position in positions:
        started = time.perf_counter()
        places.nearest(*position)
        times.append(1e3 * (time.perf_counter() - started))
    return statistics.median(times), statistics.quantiles(times, n=100)[-1]


def _resident() -> int:
    """Return the KiB of memory that the process has, 0 where the system does not tell."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return 0
    return int(status.partition("VmRSS:")[2].split()[0])
