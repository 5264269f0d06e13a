"""Run every benchmark, print what was measured, and end with 1 when a limit is passed."""

from __future__ import annotations

import sys

from benchmarks import agreement, bulk_speed, clean_speed, daemon_cost, places_speed

within = [
    benchmark.main()
    for benchmark in (agreement, clean_speed, places_speed, bulk_speed, daemon_cost)
]
sys.exit(int(not all(within)))
