"""What a decoded picture shows: the detectors' answers, as findings."""

from __future__ import annotations

import importlib
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from PIL import Image, ImageOps

from unexposed import vision
from unexposed.errors import Held
from unexposed.exposure import IN_SIGHT, Finding, finding

if TYPE_CHECKING:
    from unexposed.vision import Picture, Seen

MOST = 100
"""Findings of what a picture shows at most, those of the surest."""

_PLAIN_TEXT = "content.text"
"""Lines that give nothing away by themselves are told together."""

_UNREAD = "content.possible_text"
"""What lines are told as that look like text and were not read: windows of a house do, too."""

_OF_THE_WHOLE = ("content.document", "content.screenshot")
"""Kinds that are said of the whole picture."""


def available() -> bool:
    """Tell whether the detectors are installed."""
    return vision.available()


def upright(image: Image.Image) -> Image.Image:
    """Return a picture as viewers turn it."""
    return ImageOps.exif_transpose(image)


def on_white(image: Image.Image) -> Image.Image:
    """Lay a picture with transparent places on white, which is what most viewers show there."""
    opaque = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", opaque.size, "white"), opaque).convert("RGB")


def seen_in(image: Image.Image, threads: int, which: Collection[str] | None = None) -> list[Seen]:
    """Return what the detectors, or those of these names, find in an upright picture.

    Raises ImportError without them, Held when they cannot be brought to an end.
    """
    _ready(threads)
    if image.has_transparency_data:
        image = on_white(image)
    elif image.mode != "RGB":
        image = image.convert("RGB")
    try:
        return vision.look(_samples(image), which=which or tuple(vision.detectors()))
    except (MemoryError, ImportError):
        raise
    except (
        Exception
    ) as problem:  # the libraries have errors of their own, want of memory among them
        raise Held(
            f"what it shows cannot be looked for ({type(problem).__name__}); more memory_mb below"
            " [worker] may help"
        ) from problem


def findings_of(
    frames: Iterable[tuple[int, Sequence[Seen]]], *, covered: Sequence[Seen] = (), copied: bool
) -> list[Finding]:
    """Return findings of what each frame shows, by its number from 0; the same is told once.

    `covered` are those that the finished copy was checked not to show.
    """
    gone = {id(one) for one in covered}
    told: dict[tuple[str, str, tuple[int, ...]], Finding] = {}
    for number, seen in frames:
        for one in [*_lines_together(seen), *(o for o in seen if o.kind != _PLAIN_TEXT)]:
            x, y, width, height = one.box
            key = (one.kind, one.value, (x // 64, y // 64))
            if key in told or len(told) >= MOST:
                continue
            removed = (_is_gone(one, seen, gone) or False) if copied else None
            where = IN_SIGHT if number == 0 else f"frame {number + 1} of {IN_SIGHT}"
            box = None if one.kind in _OF_THE_WHOLE else (x, y, width, height)
            told[key] = finding(one.kind, where, one.value, removed=removed, box=box)
    return list(told.values())


def _is_gone(one: Seen, seen: Sequence[Seen], gone: set[int]) -> bool:
    """Tell whether one thing was covered, or each of the lines that were joined to it."""
    if one.kind in (_PLAIN_TEXT, _UNREAD):
        return all(id(line) in gone for line in seen if line.kind == _PLAIN_TEXT)
    return id(one) in gone


def _lines_together(seen: Sequence[Seen]) -> list[Seen]:
    """Return all plain lines of a frame as one, with what the first says that was read."""
    lines = [one for one in seen if one.kind == _PLAIN_TEXT]
    if not lines or (len(lines) == 1 and lines[0].value):
        return lines
    xs = [x for line in lines for x, _ in line.outline]
    ys = [y for line in lines for _, y in line.outline]
    frame = ((min(xs), min(ys)), (max(xs), min(ys)), (max(xs), max(ys)), (min(xs), max(ys)))
    first = next((line.value for line in lines if line.value), "")
    if first:
        kind, value = _PLAIN_TEXT, f"{len(lines)} lines, such as “{first}”"
    else:
        kind, value = _UNREAD, "1 place" if len(lines) == 1 else f"{len(lines)} places"
    return [type(lines[0])(kind, frame, max(line.score for line in lines), value)]


@cache
def _ready(threads: int) -> None:
    vision.use_threads(threads)


def _samples(image: Image.Image) -> Picture:
    """Return a picture's pixels in the detectors' form; its memory is shared where that can be."""
    samples: Picture = importlib.import_module("numpy").asarray(image)
    return samples
