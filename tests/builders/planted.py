"""Every hiding place of every format, each in a file of its own with the same words in it.

A format's builder module takes part by a line in `_SHELVES`.
"""

from __future__ import annotations

import gzip
import itertools
from collections.abc import Callable, Iterator

from tests.builders import (
    animated,
    bmp,
    gif,
    heif_places,
    jpeg,
    jpeg_scans,
    jxl,
    mp4,
    png,
    svg,
    tiff,
    webp,
)
from tests.builders.heif import AV1, HEVC, Coding

Build = Callable[[], bytes]

CANARY = b"CANARY-0451-was-here"
"""What all builders hide, whole."""


def _jpegs() -> Iterator[tuple[str, Build]]:
    for picture in jpeg.PICTURES:
        for hide in jpeg.PLACES:
            yield f"{hide.__name__}-{picture.__name__}", lambda h=hide, p=picture: h(p())
    for hide, pictures in jpeg_scans.PLACES.items():
        for picture in pictures:
            yield f"{hide.__name__}-{picture.__name__}", lambda h=hide, p=picture: h(p())


def _named(builds: tuple[Build, ...]) -> Iterator[tuple[str, Build]]:
    for build in builds:
        yield build.__name__, build


def _heifs(coding: Coding) -> Iterator[tuple[str, Build]]:
    for place in heif_places.HIDING_PLACES:
        yield place.__name__, lambda place=place: place(coding).build()


def _animations(coding: Coding) -> Iterator[tuple[str, Build]]:
    for name, place in (animated.HIDING_PLACES | animated.UNTOLD).items():
        yield name, lambda place=place: place(coding)


def _branded(brand: bytes) -> Iterator[tuple[str, Build]]:
    """The hiding places of videos in files that say to be of another brand."""
    for build in mp4.HIDING_PLACES + mp4.UNTOLD:
        head = build()[:8]
        if head[4:] == b"ftyp":
            yield build.__name__, lambda build=build: _rebranded(build(), brand)


def _rebranded(data: bytes, brand: bytes) -> bytes:
    return data[:8] + brand + data[12:]


def _fragmented() -> Iterator[tuple[str, Build]]:
    for base in ("place", "fragment"):
        yield base, lambda base=base: mp4.fragments(base=base, gap=CANARY)


def _compressed() -> Iterator[tuple[str, Build]]:
    for build in svg.HIDING_PLACES:
        yield build.__name__, lambda build=build: gzip.compress(build(), mtime=0)


def _tiffs() -> Iterator[tuple[str, Build]]:
    for name, page in tiff.PICTURES.items():
        for order, big in itertools.product("<>", (False, True)):
            yield (
                f"gaps, {name}, {order}, {big}",
                lambda page=page, order=order, big=big: tiff.file(
                    page(), order=order, big=big, gap=CANARY
                ),
            )


TOO_SMALL = {
    "background of another depth",
    "impossible light levels",
    "data_behind_the_end_code_in_small_blocks",
    "ends of rows",
    "unused byte of each colour",
}
"""Places that hold a few bytes, or one here and one there; the formats' own tests see to them."""

_SHELVES: dict[str, Callable[[], Iterator[tuple[str, Build]]]] = {
    "jpeg": _jpegs,
    "png": lambda: iter((name, build) for name, (build, _) in png.PLACES.items()),
    "webp": lambda: _named(webp.HIDING_PLACES),
    "gif": lambda: _named(gif.HIDING_PLACES),
    "heic": lambda: _heifs(HEVC),
    "avif": lambda: _heifs(AV1),
    "animated heic": lambda: _animations(HEVC),
    "animated avif": lambda: _animations(AV1),
    "jxl": lambda: _named(jxl.HIDING_PLACES),
    "svg": lambda: _named(svg.HIDING_PLACES + svg.SMALL_PLACES),
    "mp4": lambda: _named(mp4.HIDING_PLACES + mp4.UNTOLD),
    "mov": lambda: _branded(b"qt  "),
    "3gp mp4": lambda: _branded(b"3gp5"),
    "m4v mp4": lambda: _branded(b"M4V "),
    "fragmented mp4": _fragmented,
    "tiff": lambda: iter(tiff.HIDING_PLACES.items()),
    "every tiff": _tiffs,
    "svgz": _compressed,
    "bmp": lambda: iter(bmp.HIDING_PLACES.items()),
}


def planted() -> list[tuple[str, str, Build]]:
    """Container and format, hiding place, and how to make the file."""
    return [
        (kind, name, build)
        for kind, shelf in _SHELVES.items()
        for name, build in shelf()
        if name not in TOO_SMALL
    ]
