"""How many files a second `unexposed clean` does in bulk, with one worker and with two.

Each run starts with an empty outbox and an empty ledger, on the disk of the temporary folder.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.photo import as_a_messenger_sends_it, twelve_megapixels

SMALL, LARGE = 400, 100
LIMIT = 1.2
"""Two workers are at least so much faster than one, where there are two processors."""


def main() -> bool:
    """Print files and megabytes a second; return whether a second worker helps enough."""
    gains = [
        _gain("200 KB", as_a_messenger_sends_it(), SMALL),
        _gain("12 megapixels", twelve_megapixels(), LARGE),
    ]
    if len(os.sched_getaffinity(0)) < 2:
        return True
    return min(gains) >= LIMIT


def _gain(what: str, photo: bytes, files: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "in").mkdir()
        for number in range(files):
            (home / "in" / f"IMG_{number:04}.jpg").write_bytes(photo)
        print(f"bulk: {files} files of {what}, {len(photo):,} bytes each")
        one, two = (_seconds(home, jobs, files) for jobs in (1, 2))
        for jobs, seconds in ((1, one), (2, two)):
            rate = files / seconds
            print(f"  --jobs {jobs}   {rate:7.1f} files/s {rate * len(photo) / 1e6:7.1f} MB/s")
        again = _seconds(home, 2, files)
        print(f"  once more  {files / again:7.1f} files/s, all of them done before")
    return one / two


def _seconds(home: Path, jobs: int, files: int) -> float:
    """Return how long all files take, the start of the command included."""
    config = home / f"jobs-{jobs}.toml"
    outbox = home / f"out-{jobs}"
    config.write_text(
        f'outbox = "{outbox}"\nstate_dir = "{home}/state-{jobs}"\n[vision]\nenabled = false\n'
    )
    command = [
        *(sys.executable, "-m", "unexposed", "clean", "--json", "--jobs", str(jobs)),
        *("--config", str(config), str(home / "in")),
    ]
    started = time.perf_counter()
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - started
    assert {json.loads(line)["outcome"] for line in ended.stdout.splitlines()} == {"cleaned"}
    assert len(os.listdir(outbox)) == files
    return seconds


if __name__ == "__main__":
    main()
