"""What a film of 4 GB costs: the worker's own memory, and the time beside a copy that is synced.

The film is sparse: half an hour of pictures, each with a note in it and a hole where the rest of its
data would be. Its place is in the headers.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tests.builders import mp4
from unexposed.policy import Policy
from unexposed.worker import Done, Worker

PICTURES = 48_000
PICTURE_BYTES = 89_600
MEMORY_LIMIT = 80.0


def main() -> bool:
    """Print the figures; return whether they are within the limit."""
    with tempfile.TemporaryDirectory() as folder:
        film, copy = Path(folder, "film.mp4"), Path(folder, "copy.mp4")
        make_film(film)
        size = film.stat().st_size
        copying = [_copy(film, copy)]
        with (
            Worker(timeout=600) as worker,
            film.open("rb") as source,
            copy.open("w+b") as output,
            _watched(worker) as peak,
        ):
            started = time.perf_counter()
            reply = worker.run(Policy(), source.fileno(), output.fileno())
            os.fsync(output.fileno())
            cleaning = time.perf_counter() - started
        copying.append(_copy(film, copy))
        assert isinstance(reply, Done), reply.reason
    print(f"film: {size:,} bytes, {PICTURES:,} pictures with a note in each")
    print(f"  memory of the worker's own, at most {peak[0] / 1024:.1f} MB, limit {MEMORY_LIMIT:g}")
    print(
        f"  {cleaning:.2f} s, and {copying[0]:.2f} s before and {copying[1]:.2f} s after to copy it; all onto the disk"
    )
    return peak[0] / 1024 <= MEMORY_LIMIT


def make_film(path: Path) -> None:
    """Write a sparse film."""
    note = mp4.unit(mp4.sei(mp4.message(5, bytes(16) + b"an encoder and its settings")))
    rest = PICTURE_BYTES - len(note) - 4
    head = note + rest.to_bytes(4)
    start = len(mp4.FILE_TYPE) + 16
    data = PICTURES * PICTURE_BYTES
    track = replace(
        mp4.PICTURES,
        samples=(b"",) * PICTURES,
        per_chunk=1,
        sizes=mp4.words(0, PICTURES, *[PICTURE_BYTES] * PICTURES),
    )
    places = [start + number * PICTURE_BYTES for number in range(PICTURES)]
    with path.open("wb") as film:
        film.write(mp4.FILE_TYPE + (1).to_bytes(4) + b"mdat" + (16 + data).to_bytes(8))
        for number, place in enumerate(places):
            film.seek(place)
            film.write(head + (b"\x41" if number else b"\x65") + mp4.noise(40, number))
        film.seek(start + data)
        place_taken = mp4.box(b"udta", mp4.box(b"\xa9xyz", b"\0\x12\x15\xc7+38.7226-009.1392/"))
        film.write(replace(mp4.Film(), tracks=(track,), movie_boxes=(place_taken,)).movie([places]))


def _copy(source: Path, target: Path) -> float:
    """Return how many seconds a copy takes, which is gone afterwards."""
    target.unlink(missing_ok=True)
    started = time.perf_counter()
    shutil.copyfile(source, target)
    with target.open("rb") as written:
        os.fsync(written.fileno())
    took = time.perf_counter() - started
    target.unlink()
    return took


@contextmanager
def _watched(worker: Worker) -> Iterator[list[int]]:
    """Keep the most memory of its own, in KiB, that the worker was seen with."""
    peak, done = [0], threading.Event()

    def look() -> None:
        while not done.wait(0.01):
            if worker.pid is None:
                continue
            for line in Path(f"/proc/{worker.pid}/status").read_text().splitlines():
                if line.startswith("RssAnon:"):
                    peak[0] = max(peak[0], int(line.split()[1]))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()


if __name__ == "__main__":
    main()
