"""Cover what a policy does not let be seen, encode that, and look at what came of it.

What is still seen on the finished picture is covered again, a few times; after that it is held back.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from PIL import Image, UnidentifiedImageError

from unexposed.errors import Held
from unexposed.exposure import KINDS, Finding
from unexposed.formats import Buffer, Format, unseen
from unexposed.policy import Policy
from unexposed.worker.afterimage import still_there
from unexposed.worker.cover import covered
from unexposed.worker.reencode import encoded, fitted, in_srgb
from unexposed.worker.sight import (
    available,
    boundless,
    findings_of,
    in_bytes,
    seen_in,
    upright,
)
from unexposed.worker.verify import DECODE_ERRORS, MAX_PIXELS, frames_of, opened

if TYPE_CHECKING:
    from unexposed.vision import Seen

_INSTALL = (
    "covering what it shows was asked for, and what finds faces, text and codes is not installed;"
    " it comes with pip install 'unexposed[vision]'"
)

_BROKEN = (
    "covering what it shows was asked for, and what finds faces, text and codes cannot be used"
)

_VIDEOS = ("mp4", "mov")
"""Formats by their names that are told of as videos."""

_PASSES = 4
"""How often a picture is covered, from the second time on what was seen on the covered one.

One is enough for most. In a crowd, faces are found when those beside them are gone.
"""

_DETECTORS = ("faces", "text", "codes")
"""Names of detectors that are names of what a policy covers, too."""

# What Pillow is told of an animation, by its names for formats.
_ANIMATIONS: dict[str, dict[str, Any]] = {
    "GIF": {"disposal": 2, "optimize": False},
    "WEBP": {"method": 4},
    "PNG": {},
    "AVIF": {},
    "TIFF": {"compression": "tiff_adobe_deflate"},
}


class Redaction(msgspec.Struct, frozen=True):
    """What came of it; no `picture` when there was nothing to cover on any of its `frames`."""

    container: Format
    findings: list[Finding]
    frames: int
    picture: bytes | None = None


class _Frame(msgspec.Struct, frozen=True):
    image: Image.Image
    seen: list[Seen]
    duration: float


def redact(
    source: Buffer, container: Format, target: Format, policy: Policy, threads: int
) -> Redaction:
    """Return the picture, covered and encoded in the format `target`, with all that it showed.

    An animation keeps its format. Raises Held when it cannot be covered, or was not with certainty.
    """
    if not available():
        raise Held(_INSTALL)
    if not container.PILLOW:
        what = "a video" if container.NAME in _VIDEOS else f"a file of the format {container.NAME}"
        raise Held(f"covering what it shows was asked for and cannot be done in {what}")
    try:
        with opened(source, container.PILLOW) as image:
            frames = _frames(image, threads)
            loop = image.info.get("loop", 0)
    except ImportError as problem:
        raise Held(
            f"{_BROKEN} ({problem.name or type(problem).__name__} does not load)"
        ) from problem
    except UnidentifiedImageError as problem:
        raise Held("it cannot be covered: no decoder here knows its kind") from problem
    except DECODE_ERRORS as problem:
        raise Held(f"its picture data is damaged ({problem})") from problem
    chosen = [[one for one in frame.seen if policy.covers(one.kind)] for frame in frames]
    findings = findings_of(
        ((number, frame.seen) for number, frame in enumerate(frames)),
        covered=[one for seen in chosen for one in seen],
        copied=True,
    )
    hidden = unseen(source, container, len(frames))
    if hidden and (len(frames) == 1 or not any(chosen)):
        raise Held(
            f"covering what it shows was asked for and cannot be done in {hidden}"
            f" of the format {container.NAME}"
        )
    if not any(chosen):
        return Redaction(container, findings, len(frames))
    into, count = (target if len(frames) == 1 else container), len(frames)
    picture = _covered_for_good(frames, chosen, into, policy, loop=loop, threads=threads)
    return Redaction(into, findings, count, picture)


def _frames(image: Image.Image, threads: int, which: Collection[str] | None = None) -> list[_Frame]:
    """Decode all frames and look at each; one that repeats the last is not looked at anew."""
    numbers = frames_of(image)
    if numbers[:1] != [0]:
        raise Held("covering what it shows was asked for, and its first page is only a small copy")
    frames: list[_Frame] = []
    for number in numbers:
        if len(numbers) > 1:
            image.seek(number)
        if image.width * image.height * len(numbers) > MAX_PIXELS:
            raise Held(f"it is too large to decode ({image.width} by {image.height} pixels)")
        if boundless(image):
            raise Held(
                "covering what it shows was asked for, and viewers do not agree on how dark its"
                f" samples are (mode {image.mode})"
            )
        image.load()
        frames.append(_frame(image, frames[-1] if frames else None, threads, which))
    return frames


def _frame(
    image: Image.Image, last: _Frame | None, threads: int, which: Collection[str] | None
) -> _Frame:
    decoded = in_srgb(upright(image))
    shown = in_bytes(decoded)
    deep = shown is not decoded
    mode = "RGBA" if shown.has_transparency_data else "RGB"
    if shown.mode != mode:
        shown = shown.convert(mode)
    if last and not deep and _same_picture(last.image, shown):
        seen = last.seen
    else:
        seen = seen_in(decoded if deep else shown, threads, which)
    return _Frame(shown, seen, image.info.get("duration", 0))


def _same_picture(one: Image.Image, other: Image.Image) -> bool:
    return (one.size, one.mode) == (other.size, other.mode) and one.tobytes() == other.tobytes()


def _covered_for_good(
    frames: list[_Frame],
    chosen: Sequence[Sequence[Seen]],
    target: Format,
    policy: Policy,
    *,
    loop: int,
    threads: int,
) -> bytes:
    """Return the encoded frames once nothing is seen on them that the policy covers."""
    images: list[Image.Image] = []
    covers: list[list[Seen]] = []
    durations = [frame.duration for frame in frames]
    for seen in chosen:
        image = frames.pop(0).image  # large ones do not stay for longer than they are needed
        images.append(fitted(covered(image, seen, policy.cover), policy.max_side))
        covers.append([_scaled(one, images[-1].width / image.width) for one in seen])
    for _ in range(_PASSES):
        picture = _encoded(images, durations, target, policy.quality, loop)
        left = _left(picture, target, policy, covers, threads)
        if not any(left):
            return picture
        images = [covered(one, seen, "fill") for one, seen in zip(images, left, strict=True)]
        covers = [[*before, *seen] for before, seen in zip(covers, left, strict=True)]
    still = {KINDS[one.kind].tells for seen in left for one in seen}
    raise Held(f"covered {_PASSES} times, it still shows {' and '.join(sorted(still))}")


def _scaled(one: Seen, scale: float) -> Seen:
    outline = tuple((x * scale, y * scale) for x, y in one.outline)
    return msgspec.structs.replace(one, outline=outline)


def _encoded(
    images: list[Image.Image], durations: list[float], target: Format, quality: int, loop: int
) -> bytes:
    if len(images) == 1:
        return encoded(images[0], target, quality)
    encoder = target.PILLOW[0]
    options = _ANIMATIONS.get(encoder)
    if options is None:
        raise Held(
            f"covering what it shows was asked for and cannot be done in an animation of the format {target.NAME}"
        )
    written = io.BytesIO()
    first, *rest = images
    if encoder != "TIFF":
        options = options | {"duration": durations, "loop": loop, "quality": quality}
    first.save(written, encoder, save_all=True, append_images=rest, **options)
    return written.getvalue()


def _left(
    picture: bytes, target: Format, policy: Policy, covers: list[list[Seen]], threads: int
) -> list[list[Seen]]:
    """Return what is seen on each frame of a covered picture though it should not be."""
    which = [name for name in _DETECTORS if getattr(policy, name) != "report"]
    with opened(picture, target.PILLOW) as image:
        frames = _frames(image, threads, which)
    if len(frames) != len(covers):
        raise Held("the covered picture has another number of frames")
    return [
        still_there(
            frame.image, [one for one in frame.seen if policy.covers(one.kind)], below, threads
        )
        for frame, below in zip(frames, covers, strict=True)
    ]
