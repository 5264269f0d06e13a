"""How many faces are found in photos, how many false ones, and what looking for them costs.

    python -m benchmarks.faces [PHOTOS [NOBODY]] [--counts FILE]

PHOTOS is a folder of photos with people, FILE says how many each shows (`benchmarks/faces.toml`,
which says where those photos are). They are looked at as they are, shrunk so that their faces
are 16 pixels high, and pasted into a picture of 12 megapixels. NOBODY is a folder of pictures
without people. Without both, only time and memory are measured.

A face counts as found when a box lies on it. Where the file has no boxes, those found in the
photo as it is stand for them, if they are as many as were counted; otherwise numbers are compared.
"""

from __future__ import annotations

import argparse
import io
import random
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageOps

from benchmarks.photo import twelve_megapixels
from unexposed.vision import faces

COUNTS = Path(__file__).with_suffix(".toml")
SMALL = 16
SAME = 0.3
"""Part of what two boxes cover together that they share at least when they mean the same face."""
LIMITS = {"as they are": 0.95, "faces 16 pixels high": 0.9, "in 12 megapixels": 0.95}
NOBODY_LIMIT = 1 / 50
SECONDS_LIMIT = 1.0
"""With two threads: faces, codes and text together may take 1.5."""
MEMORY_LIMIT = 700
"""Megabytes, of a million bytes each."""

Box = tuple[float, float, float, float]
"""Left, top, width and height."""

COST = """\
import io, resource, statistics, sys, time
import numpy
from PIL import Image
from unexposed.vision import faces, use_threads
use_threads(int(sys.argv[1]))
picture = numpy.asarray(Image.open(io.BytesIO(sys.stdin.buffer.read())).convert("RGB"))
faces.detect(picture)
times = []
for _ in range(5):
    started, worked = time.perf_counter(), time.process_time()
    faces.detect(picture)
    times.append((time.perf_counter() - started, time.process_time() - worked))
unit = 1024 if sys.platform == "linux" else 1
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit // 1_000_000
print(*(statistics.median(column) for column in zip(*times)), peak)
"""


class Photo(NamedTuple):
    """A photo, how many faces it shows, and where they are if somebody knows."""

    image: Image.Image
    there: int
    boxes: list[Box] | None


class Tally(NamedTuple):
    """Faces that are there, that were found, and boxes that mean none."""

    there: int = 0
    found: int = 0
    false: int = 0

    def plus(self, other: Tally) -> Tally:
        """Return both together."""
        return Tally(*(mine + its for mine, its in zip(self, other, strict=True)))

    @property
    def recall(self) -> float:
        """Return the part of the faces that was found."""
        return self.found / max(1, self.there)

    @property
    def precision(self) -> float:
        """Return the part of the boxes that mean a face."""
        return self.found / max(1, self.found + self.false)


def main(argv: list[str] | None = None) -> bool:
    """Print the figures; return whether they are within the limits."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faces")
    parser.add_argument("photos", nargs="?", type=Path)
    parser.add_argument("nobody", nargs="?", type=Path)
    parser.add_argument("--counts", type=Path, default=COUNTS)
    given = parser.parse_args(argv or [])
    within = [_cost()]
    if not given.photos or not given.nobody:
        print("faces: how many are found is measured where folders of photos are given")
    if given.photos:
        within.append(_people(list(_photos(given.photos, given.counts))))
    if given.nobody:
        within.append(_nobody(given.nobody))
    return all(within)


def _cost() -> bool:
    scene, within = twelve_megapixels(), True
    print("faces: 12 megapixels, medians of 5 looks in a process of their own")
    for threads in (1, 2):
        command = [sys.executable, "-c", COST, str(threads)]
        told = subprocess.run(command, input=scene, capture_output=True, check=True).stdout.split()
        seconds, worked, memory = float(told[0]), float(told[1]), int(told[2])
        print(
            f"  {threads} thread{'s' if threads > 1 else ' '}  {seconds:6.2f} s"
            f"  ({worked:.2f} s of processors)  {memory} MB at most"
        )
        within &= memory <= MEMORY_LIMIT and (threads == 1 or seconds <= SECONDS_LIMIT)
    print(f"  limits for 2 threads: {SECONDS_LIMIT:g} s, {MEMORY_LIMIT} MB")
    return within


def _photos(folder: Path, counts: Path) -> Iterator[Photo]:
    known = tomllib.loads(counts.read_text("utf-8"))
    for name, count in known["counts"].items():
        if not (folder / name).is_file():
            print(f"faces: {name} is not in {folder}")
            continue
        boxes = known.get("boxes", {}).get(name)
        image = _opened(folder / name)
        found = _look(image)
        if boxes is None and len(found) == count:
            boxes = found
        yield Photo(image, count, boxes)


def pictures(folder: Path, counts: Path = COUNTS) -> Iterator[tuple[str, int, Image.Image]]:
    """Yield the counted photos in every way but as they are: the way, a photo's number, the picture."""
    photos = list(_photos(folder, counts))
    for way, made in list(_ways().items())[1:]:
        for number, photo in enumerate(photos):
            yield way, number, made(photo).image


def _ways() -> dict[str, Callable[[Photo], Photo]]:
    scene = Image.open(io.BytesIO(twelve_megapixels())).convert("RGB")
    chance = random.Random(1)
    return {
        "as they are": lambda photo: photo,
        "faces 16 pixels high": lambda photo: _shrunk(photo, SMALL),
        "in 12 megapixels": lambda photo: _pasted(photo, scene, chance),
        "24 pixels high, in 12 megapixels": lambda photo: _pasted(
            _shrunk(photo, 24), scene, chance
        ),
        "16 pixels high, in 12 megapixels": lambda photo: _pasted(
            _shrunk(photo, SMALL), scene, chance
        ),
    }


def _people(photos: list[Photo]) -> bool:
    if not photos:
        return False
    within = True
    print(f"faces: {len(photos)} photos            there  found  false  recall  precision")
    for way, made in _ways().items():
        tally = Tally()
        for photo in photos:
            tally = tally.plus(_compared(made(photo)))
        limit = LIMITS.get(way)
        print(
            f"  {way:32} {tally.there:6} {tally.found:6} {tally.false:6}"
            f"  {tally.recall:6.3f}  {tally.precision:6.3f}"
            f"{f'    (limit {limit:g})' if limit else ''}"
        )
        within &= limit is None or min(tally.recall, tally.precision) >= limit
    return within


def _nobody(folder: Path) -> bool:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    false = {path.name: len(found) for path in paths if (found := _look(_opened(path)))}
    print(f"faces: {sum(false.values())} in {len(paths)} pictures without people", end="")
    print(f"    (limit {NOBODY_LIMIT * len(paths):.1f})")
    for name, count in false.items():
        print(f"  {count} in {name}")
    return sum(false.values()) <= NOBODY_LIMIT * len(paths)


def _compared(photo: Photo) -> Tally:
    found = _look(photo.image)
    if photo.boxes is None:
        met = min(photo.there, len(found))
    else:
        met = 0
        left = list(photo.boxes)
        for box in found:
            on = [one for one in left if _shared(one, box) > SAME]
            if on:
                left.remove(max(on, key=lambda one: _shared(one, box)))
                met += 1
    return Tally(photo.there, met, len(found) - met)


def _look(image: Image.Image) -> list[Box]:
    return [
        (left, top, right - left, bottom - top)
        for seen in faces.detect(np.asarray(image))
        for (left, top), _, (right, bottom), _ in [seen.outline]
    ]


def _shared(one: Box, other: Box) -> float:
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    shared = max(0.0, width) * max(0.0, height)
    return shared / (one[2] * one[3] + other[2] * other[3] - shared)


def _shrunk(photo: Photo, high: int) -> Photo:
    """Return the photo so small that half of its faces are no higher than this."""
    heights = [box[3] for box in photo.boxes or _look(photo.image)]
    scale = high / statistics.median(heights or [high])
    size = round(photo.image.width * scale), round(photo.image.height * scale)
    boxes = photo.boxes and [_scaled(box, scale) for box in photo.boxes]
    return Photo(photo.image.resize(size, Image.Resampling.LANCZOS), photo.there, boxes)


def _scaled(box: Box, scale: float) -> Box:
    left, top, width, height = box
    return left * scale, top * scale, width * scale, height * scale


def _pasted(photo: Photo, scene: Image.Image, chance: random.Random) -> Photo:
    """Return a scene with the photo somewhere in it."""
    x = chance.randrange(max(1, scene.width - photo.image.width))
    y = chance.randrange(max(1, scene.height - photo.image.height))
    image = scene.copy()
    image.paste(photo.image, (x, y))
    boxes = photo.boxes and [
        (left + x, top + y, width, height) for left, top, width, height in photo.boxes
    ]
    return Photo(image, photo.there, boxes)


def _opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image).convert("RGBA")
    white = Image.new("RGBA", upright.size, "white")
    return Image.alpha_composite(white, upright).convert("RGB")


if __name__ == "__main__":
    sys.exit(int(not main(sys.argv[1:])))
