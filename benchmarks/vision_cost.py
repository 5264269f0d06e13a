"""What looking at a picture costs, in time and memory, and how many codes of eight kinds are found.

The time is that of a second picture in the worker's own process, its models loaded, with two
threads; the memory is all that the process ever held.
"""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
import time

from PIL import Image, ImageDraw, ImageFont

from benchmarks.photo import twelve_megapixels

THREADS = 2
PHOTO_LIMIT, SCREEN_LIMIT = 1.5, 2.5
MEMORY_LIMIT = 700.0
RECALL_LIMIT = 0.98

MODULES = (2.0, 3.0, 4.0, 6.0)
"""Pixels of a code's modules."""
ANGLES = (0, 5, 17, 30, 45, 60, 90, 133, 180, 270)
CONDITIONS = "perspective up to 3 %, JPEG quality 60"


def main() -> bool:
    """Print the figures; return whether they are within the limits."""
    photo, screen = _measured("photo"), _measured("screen")
    recall, scenes = _recall()
    print(f"looking with {THREADS} threads: faces, text and codes")
    print(f"  12-megapixel photo        {photo['seconds']:7.2f} s     (limit {PHOTO_LIMIT:g})")
    print(f"  1080p screenshot of text  {screen['seconds']:7.2f} s     (limit {SCREEN_LIMIT:g})")
    most = max(photo["memory"], screen["memory"])
    print(f"  memory, the most          {most:7.0f} MiB   (limit {MEMORY_LIMIT:g})")
    print(f"codes of eight kinds, {scenes} scenes ({CONDITIONS})")
    print(f"  found                     {recall:7.3f}       (limit {RECALL_LIMIT:g})")
    return (
        photo["seconds"] <= PHOTO_LIMIT
        and screen["seconds"] <= SCREEN_LIMIT
        and most <= MEMORY_LIMIT
        and recall >= RECALL_LIMIT
    )


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

    image = (
        Image.open(io.BytesIO(twelve_megapixels())) if which == "photo" else screenshot()
    ).convert("RGB")
    seen_in(image, THREADS)
    started = time.perf_counter()
    seen_in(image, THREADS)
    seconds = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "memory": memory}))


def _recall() -> tuple[float, int]:
    """Return which part of the codes was read, and how many there were."""
    from tests.builders.codes import eight_kinds
    from unexposed.vision.codes import detect

    found = []
    for module in MODULES:
        for number, angle in enumerate(ANGLES):
            scenes = eight_kinds(module, angle, inverted=number % 5 == 1, seed=number)
            found += [bool(detect(picture)) for picture in scenes.values()]
    return sum(found) / len(found), len(found)


if __name__ == "__main__":
    _look(sys.argv[1])
