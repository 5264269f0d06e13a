"""What a decoded picture shows: the detectors' answers, as findings."""

from __future__ import annotations

import importlib
import itertools
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

import msgspec
from PIL import Image, ImageChops, ImageOps

from unexposed import vision
from unexposed.errors import Held
from unexposed.exposure import IN_SIGHT, Finding, finding
from unexposed.fault import blamed, wants_memory

if TYPE_CHECKING:
    from unexposed.vision import Picture, Seen

MOST = 100
"""Findings of what a picture shows at most, those of the surest."""

_PLAIN_TEXT = "content.text"
"""Lines that give nothing away by themselves are told together."""

_FACE = "content.face."
_UNREAD = "content.possible_text"
"""What lines are told as that look like text and were not read: windows of a house do, too."""

_OF_THE_WHOLE = ("content.document", "content.screenshot")
"""Kinds that are said of the whole picture."""

_SIXTEEN_BITS = "I;16"
"""How the names begin that Pillow has for grey samples of 16 bits."""

_BOUNDLESS = ("I", "F")
"""Modes of grey samples of which nothing says what is black and what is white."""

_FINENESSES = (257, 16, 1)
"""Steps of 16-bit samples that make one of 8 bits: as screens show them, and as a viewer may that
fits the brightness to samples of which only 12 or 8 bits are used."""

_FAINT = 64
"""Alpha, 0 to 255, below which a colour is hardly seen on any ground."""

_SAMPLED = 512
"""Pixels of a side that are compared with and without a profile."""
_CLEAR = 40
"""Difference of two pixels, of 255, that is well seen; a fourth of it is not."""
_HIDDEN = 1e-4
"""Part of the pixels that a profile may make alike: those of wide gamuts do so with a few."""

_LONGEST = 65_535
"""Pixels of a side of a picture in which codes can be looked for."""

_WITHOUT_MEMORY = (
    "what it shows cannot be looked for in the memory that the worker may use; more memory_mb below"
    " [worker] may help"
)


class Sight(msgspec.Struct, frozen=True):
    """With how many `threads` pictures are searched, and who hears after each that it is `going_on`."""

    threads: int = 1
    going_on: Callable[[], None] = lambda: None


PLAIN_SIGHT = Sight()


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


def boundless(image: Image.Image) -> bool:
    """Tell whether every viewer decides for itself how dark a picture's samples are shown."""
    return image.mode in _BOUNDLESS


def in_bytes(image: Image.Image) -> Image.Image:
    """Return a picture with samples of 8 bits; Pillow's own way there makes all but the darkest white."""
    if image.mode.startswith(_SIXTEEN_BITS):
        return _levelled(image, 0, _FINENESSES[0])
    if not boundless(image):
        return image
    low, high = (float(value) for value in image.getextrema())  # type: ignore[arg-type]
    step = (high - low) / 255
    return _levelled(image, low, step if math.isfinite(step) and step else 1.0)


def makes_alike(plain: Image.Image, shown: Image.Image) -> bool:
    """Tell whether a profile or a gamma hides what the samples themselves show.

    Some viewers heed neither.
    """
    plainly, then = _steps(plain), _steps(shown)
    hidden = ImageChops.darker(
        plainly.point([255 * (value >= _CLEAR) for value in range(256)]),
        ImageChops.subtract(plainly, then.point([min(255, 4 * value) for value in range(256)])),
    )
    return sum(hidden.histogram()[1:]) > _HIDDEN * hidden.width * hidden.height


def _steps(image: Image.Image) -> Image.Image:
    """Return how much each of some pixels differs from the next, in the band where it does most."""
    size = min(image.width, _SAMPLED), min(image.height, _SAMPLED)
    few = image.resize(size, Image.Resampling.NEAREST).convert("RGB")
    red, green, blue = ImageChops.difference(few, ImageChops.offset(few, 1, 0)).split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def _levelled(image: Image.Image, low: float, step: float) -> Image.Image:
    """Return grey samples in which `low` is black and 255 such steps above it are white."""
    whole = image.convert("I") if image.mode.startswith(_SIXTEEN_BITS) else image
    levelled = whole.convert("F").point(lambda value: value * (1 / step) - low / step).convert("L")
    levelled.info.pop("transparency", None)  # told in the samples that were
    return levelled


def seen_in(
    image: Image.Image,
    threads: int,
    which: Collection[str] | None = None,
    *others: Image.Image,
) -> list[Seen]:
    """Return what the detectors, or those of these names, find in an upright picture.

    A picture that viewers show in more than one way is looked at in each, and `others` are further
    such ways. Raises ImportError without the detectors, Held when they cannot be brought to an end.
    """
    _ready(threads)
    if max(image.size) > _LONGEST:
        raise Held(f"what it shows cannot be looked for: a side has more than {_LONGEST:,} pixels")
    found: list[Seen] = []
    try:
        for shown in itertools.chain.from_iterable(map(_ways_to_show, (image, *others))):
            seen = vision.look(_samples(shown), which=which or tuple(vision.detectors()))
            before = list(found)
            found += [one for one in seen if not any(_same(one, other) for other in before)]
    except ImportError:
        raise
    except Exception as problem:  # the libraries have errors of their own
        raise Held(_WITHOUT_MEMORY if wants_memory(problem) else _faulty(problem)) from problem
    return found


def _faulty(problem: Exception) -> str:
    return (
        f"what it shows cannot be looked for: {blamed(problem)}."
        ' A policy with faces, text and codes = "report" lets it through, uncovered'
    )


def _ways_to_show(image: Image.Image) -> Iterator[Image.Image]:
    """Yield a picture as RGB as viewers may show it, the usual way first.

    White letters on a transparent ground are seen on a dark window alone, and what is all
    transparent by whoever takes that away.
    """
    if image.mode.startswith(_SIXTEEN_BITS):
        for step in _FINENESSES:
            yield _levelled(image, 0, step).convert("RGB")
        return
    if not image.has_transparency_data:
        yield in_bytes(image).convert("RGB")
        return
    yield on_white(image)
    layers = image.convert("RGBA")
    alpha = layers.getchannel("A")
    if alpha.getextrema()[0] == 255:
        return
    yield Image.alpha_composite(Image.new("RGBA", layers.size, "black"), layers).convert("RGB")
    colours = layers.convert("RGB")
    faint = alpha.point([255 * (value < _FAINT) for value in range(256)])
    if any(sum(map(bool, channel.histogram(faint))) > 1 for channel in colours.split()):
        yield colours


def _same(one: Seen, other: Seen) -> bool:
    """Tell whether what two looks found is one thing."""
    left, top, width, height = other.box
    x, y = one.box[0] + one.box[2] / 2, one.box[1] + one.box[3] / 2
    return one.kind == other.kind and left <= x <= left + width and top <= y <= top + height


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
            told[key] = finding(one.kind, where, _value(one), removed=removed, box=box)
    return list(told.values())


def _value(one: Seen) -> str:
    """Return what is told of one thing; of a face, how sure of it the detector is."""
    return f"{one.score:.0%} sure" if one.kind.startswith(_FACE) else one.value


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
