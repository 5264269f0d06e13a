"""How long cleaning takes, beside copying the same file in the same run.

The worker's part: take apart, read the metadata, write the copy, read the copy again.
"""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.photo import twelve_megapixels
from unexposed.outbox import Outbox
from unexposed.pipeline import Task, clean_file
from unexposed.policy import Policy
from unexposed.worker import Worker
from unexposed.worker.clean import examine, taken_in, write_clean

RUNS = 60
LIMIT = 3.0


def timed(action: Callable[[], object]) -> float:
    """Return how many seconds one call takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def main() -> bool:
    """Print the medians and the ratio; return whether it is within the limit."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "photo.jpg")
        source.write_bytes(twelve_megapixels())
        ratio = _worker_part(source, Path(folder))
        _whole_file(source, Path(folder, "Unexposed"))
    return ratio <= LIMIT


def _worker_part(source: Path, folder: Path) -> float:
    target = folder / "copied.jpg"

    def copy() -> None:
        target.unlink(missing_ok=True)
        shutil.copyfile(source, target)

    def clean() -> None:
        given = os.open(source, os.O_RDONLY)
        output = os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o600)
        with taken_in(given) as buffer:
            write_clean(examine(buffer), buffer, given, output, Policy())
        os.close(output)
        os.close(given)

    copies, cleans, ratios = [], [], []
    for number in range(RUNS + 5):
        pair = timed(copy), timed(clean)
        if number >= 5:
            copies.append(pair[0])
            cleans.append(pair[1])
            ratios.append(pair[1] / pair[0])
    ratio = statistics.median(cleans) / statistics.median(copies)
    print(f"photo: {source.stat().st_size:,} bytes, 12 megapixels; medians of {RUNS} runs in turn")
    print(f"  shutil.copyfile             {statistics.median(copies) * 1e3:7.2f} ms")
    print(f"  clean, verification included{statistics.median(cleans) * 1e3:7.2f} ms")
    print(f"  ratio                       {ratio:7.2f}    (limit {LIMIT:g})")
    return ratio


def _whole_file(source: Path, folder: Path) -> None:
    outbox = Outbox(folder)
    outbox.prepare()
    with Worker() as worker:
        task = Task(path=str(source), policy=Policy())
        wholes = []
        for _ in range(21):
            wholes.append(timed(lambda: clean_file(task, outbox, worker)))
            worker.look()
        wholes = wholes[1:]  # the first one starts the worker
    print(f"  through the worker into the outbox, on disk{statistics.median(wholes) * 1e3:7.2f} ms")
