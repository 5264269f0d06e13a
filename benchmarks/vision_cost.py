"""What looking at a picture costs, in time and memory, and how many codes of eight kinds are found.

The times are those of a second picture in the worker's own process, its models loaded, and of the
first, which loads them, with two threads; the memory is all that the process ever held. The photo
shows lines of text and a code. A code counts as found when what it holds was read.
"""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from benchmarks.photo import twelve_megapixels

THREADS = 2
PHOTO_LIMIT, SCREEN_LIMIT = 1.5, 2.5
MEMORY_LIMIT = 700.0
"""Megabytes, of a million bytes each."""
RECALL_LIMIT = 0.98

MODULES = (2.0, 3.0, 4.0, 6.0)
"""Pixels of a code's modules."""
ANGLES = (0, 5, 17, 30, 45, 60, 90, 133, 180, 270)
CONDITIONS = "perspective up to 3 %, JPEG quality 60"


def main() -> bool:
    """Print the figures; return whether they are within the limits."""
    of_photo, of_screen = _measured("photo"), _measured("screen")
    recall, count = _recall()
    print(f"looking with {THREADS} threads: faces, text and codes")
    for name, told, limit in (
        ("12-megapixel photo      ", of_photo, PHOTO_LIMIT),
        ("1080p screenshot of text", of_screen, SCREEN_LIMIT),
    ):
        print(
            f"  {name}  {told['seconds']:7.2f} s     (limit {limit:g}; the first {told['first']:.2f} s,"
            f" {told['seen']:g} things seen)"
        )
    most = max(of_photo["memory"], of_screen["memory"])
    print(f"  memory, the most          {most:7.0f} MB    (limit {MEMORY_LIMIT:g})")
    print(f"codes of eight kinds, {count} scenes ({CONDITIONS})")
    print(f"  found                     {recall:7.3f}       (limit {RECALL_LIMIT:g})")
    return (
        of_photo["seconds"] <= PHOTO_LIMIT
        and of_screen["seconds"] <= SCREEN_LIMIT
        and most <= MEMORY_LIMIT
        and recall >= RECALL_LIMIT
    )


def photo() -> Image.Image:
    """Return 12 megapixels with a sheet of text and a code in them."""
    from tests.builders.codes import BOARDING_PASS, EIGHT_KINDS, code

    image = Image.open(io.BytesIO(twelve_megapixels())).convert("RGB")
    image.paste((240, 236, 226), (500, 400, 2100, 1300))
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(90)
    for line, row in enumerate(("Open daily", "anna@example.org", "Table 7", "Since 1987")):
        draw.text((600, 460 + 200 * line), row, (30, 30, 40), font)
    image.paste(Image.fromarray(code(EIGHT_KINDS["Aztec"][0], BOARDING_PASS, 12)), (2600, 1700))
    return image


def screenshot() -> Image.Image:
    """Return a screen of 1920 by 1080 full of text."""
    image = Image.new("RGB", (1920, 1080), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(18)
    words = "the quick brown fox jumps over the lazy dog and runs away from it "
    for line in range(40):
        shifted = words[line:] + words * 3
        draw.text((40, 20 + 26 * line), shifted[:170], "black", font)
    return image


def _measured(which: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.vision_cost", which]
    told: dict[str, float] = json.loads(
        subprocess.run(command, capture_output=True, check=True).stdout
    )
    return told


def _look(which: str) -> None:
    from unexposed.worker.sight import seen_in

    image = photo() if which == "photo" else screenshot()
    times = []
    for _ in range(2):
        started = time.perf_counter()
        seen = seen_in(image, THREADS)
        times.append(time.perf_counter() - started)
    unit = 1024 if sys.platform == "linux" else 1
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    print(json.dumps({"first": times[0], "seconds": times[1], "memory": memory, "seen": len(seen)}))


class Scene(NamedTuple):
    """A picture with one code: which kind, how it lies, and what is told of what it holds."""

    name: str
    told: tuple[str, str]
    picture: Image.Image


def scenes() -> Iterator[Scene]:
    """Yield a scene for each kind of code, size of its modules and angle."""
    from tests.builders.codes import EIGHT_KINDS, eight_kinds
    from unexposed.vision._payload import Payload, told_by

    for module in MODULES:
        for number, angle in enumerate(ANGLES):
            inverted = number % 5 == 1
            drawn = eight_kinds(module, angle, inverted=inverted, seed=number)
            for kind, picture in drawn.items():
                symbology, content = EIGHT_KINDS[kind]
                payload = Payload(content, content.encode(), str(symbology), binary=False)
                name = f"{kind}, modules of {module:g} pixels, {angle} degrees"
                yield Scene(name, told_by(payload), Image.fromarray(picture))


def _recall() -> tuple[float, int]:
    """Return which part of the codes was read as what it holds, and how many there were."""
    import numpy

    from unexposed.vision.codes import detect

    read = []
    for scene in scenes():
        seen = detect(numpy.asarray(scene.picture))
        read.append([_content(one.kind, one.value) for one in seen] == [_content(*scene.told)])
    return sum(read) / len(read), len(read)


def _content(kind: str, told: str) -> tuple[str, str]:
    """Return what is told of a code without its symbology, of which a reader knows the family."""
    return kind, told.rpartition(": ")[2]


if __name__ == "__main__":
    _look(sys.argv[1])
