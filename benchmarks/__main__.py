"""Run every benchmark, print what was measured, and end with 1 when a limit is passed."""

from __future__ import annotations

import sys

from benchmarks import agreement, bulk_speed, clean_speed, daemon_cost, film_cost, places_speed

BENCHMARKS = (agreement, clean_speed, places_speed, bulk_speed, film_cost, daemon_cost)

within = [benchmark.main() for benchmark in BENCHMARKS]
sys.exit(int(not all(within)))
