"""What the daemon costs: from drop to outbox, and at rest a minute after the last file."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.photo import twelve_megapixels

DROPS = 15
REST = 60.0
MEMORY_LIMIT = 45.0
CPU_LIMIT = 0.1
DROP_LIMIT = 60.0

CONFIG = """\
outbox = "{home}/Unexposed"
state_dir = "{home}/state"
[notifications]
enabled = false
[[watch]]
path = "{home}/Downloads"
[[watch]]
path = "{home}/Screenshots"
[[watch]]
path = "{home}/To Share"
policy = "strict"
"""


def main() -> bool:
    """Print the figures; return whether they are within the limits."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for name in ("Downloads", "Screenshots", "To Share"):
            (home / name).mkdir()
        (home / "config.toml").write_text(CONFIG.format(home=home))
        command = [sys.executable, "-m", "unexposed", "run", "--config", str(home / "config.toml")]
        daemon = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            time.sleep(2)
            drop = _drops(home)
            memory, cpu = _rest(daemon.pid)
        finally:
            daemon.terminate()
            daemon.wait(5)
    return drop <= DROP_LIMIT and memory <= MEMORY_LIMIT and cpu <= CPU_LIMIT


def _drops(home: Path) -> float:
    photo = twelve_megapixels()
    times = []
    for number in range(DROPS + 1):
        waiting = home / f"photo-{number}.jpg"
        waiting.write_bytes(photo)
        copy = home / "Unexposed" / waiting.name
        started = time.perf_counter()
        os.rename(waiting, home / "Downloads" / waiting.name)
        while not copy.exists():
            time.sleep(0.0005)
        times.append((time.perf_counter() - started) * 1e3)
        time.sleep(0.3)
    first, rest = times[0], times[1:]
    median = statistics.median(rest)
    print(f"drop to outbox: median {median:.1f} ms, worst {max(rest):.1f} ms of {DROPS}")
    print(f"  (limit {DROP_LIMIT:g} ms; the first, which starts the worker: {first:.0f} ms)")
    return median


def _rest(pid: int) -> tuple[float, float]:
    time.sleep(REST)
    before = _cpu(pid)
    time.sleep(REST)
    cpu = (_cpu(pid) - before) / REST * 100
    family = [pid, *_children(pid)]
    resident = sum(_memory(one, "Rss") for one in family) / 1024
    proportional = sum(_memory(one, "Pss") for one in family) / 1024
    print(
        f"at rest: {resident:.1f} MB resident ({proportional:.1f} proportional) "
        f"in {len(family)} process(es), limit {MEMORY_LIMIT:g} MB"
    )
    print(f"  {cpu:.3f} % of a core, limit {CPU_LIMIT:g} %")
    return resident, cpu


def _cpu(pid: int) -> float:
    """Return the processor time of a process in seconds, to the nanosecond."""
    ran = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        ran += int(Path(f"/proc/{pid}/task/{task}/schedstat").read_text().split()[0])
    return ran / 1e9


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(one) for one in text.split()]


def _memory(pid: int, what: str) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1])
    return 0
