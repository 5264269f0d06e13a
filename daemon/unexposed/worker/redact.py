"""Cover what a policy does not let be seen, encode that, and look at what came of it.

What is still seen on the finished picture is covered again, a few times; after that it is held back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from PIL import Image, UnidentifiedImageError

from unexposed.errors import Held
from unexposed.exposure import KINDS, in_a_copy
from unexposed.formats import Buffer, Format, unseen
from unexposed.policy import Policy
from unexposed.worker.afterimage import still_there
from unexposed.worker.cover import covered
from unexposed.worker.decode import (
    DECODE_ERRORS,
    MAX_PIXELS,
    frames_of,
    misread,
    opened,
)
from unexposed.worker.encoded import Encoded
from unexposed.worker.look import compare_thumbnails
from unexposed.worker.reencode import encoded, fitted, in_srgb, saved
from unexposed.worker.sight import (
    PLAIN_SIGHT,
    Sight,
    available,
    boundless,
    findings_of,
    in_bytes,
    makes_alike,
    seen_in,
    upright,
)
from unexposed.worker.whole import shows_all

if TYPE_CHECKING:
    from unexposed.vision import Seen

_ASKED = "covering what it shows was asked for"
"""How the reasons begin for which a picture is held back that need not be under another policy."""

_INSTALL = (
    f"{_ASKED}, and what finds faces, text and codes is not installed;"
    " it comes with pip install 'unexposed[vision]'"
)

_BROKEN = f"{_ASKED}, and what finds faces, text and codes cannot be used"

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

_JOINING = ("GIF", "WEBP", "PNG")
"""Names of those that make one frame of several in a row that are alike."""


class _Frame(msgspec.Struct, frozen=True):
    """A frame as it is shown, and whether that is the `whole` of what its data hold.

    Of one that is to be covered that does not matter.
    """

    image: Image.Image
    seen: list[Seen]
    duration: float
    whole: bool = True


class _Covered(msgspec.Struct, frozen=True):
    """A frame to be written, and what is covered on it, in its own pixels."""

    image: Image.Image
    covers: list[Seen]
    duration: float


class _Playing(msgspec.Struct, frozen=True):
    """How frames are shown one after the other.

    `loop` is how often, 0 for without end; None where nothing says so, as in a GIF that is shown once.
    With `apart` the first is no part of that: it is for viewers that know no animations.
    """

    loop: int | None
    apart: bool


def redact(
    source: Buffer,
    container: Format,
    target: Format,
    policy: Policy,
    sight: Sight = PLAIN_SIGHT,
    *,
    thumbnails: Sequence[tuple[str, bytes]] = (),
) -> Encoded:
    """Return the picture, covered and encoded in the format `target`, with all that it showed.

    It is left as it is where nothing had to be covered, nor was left out.

    It is decoded once, so hidden `thumbnails`, each with its place, are compared with it here. An
    animation keeps its format. Raises Held when it cannot be covered, or was not with certainty.
    """
    if not available():
        raise Held(_INSTALL)
    if not container.PILLOW:
        what = "a video" if container.NAME in _VIDEOS else f"a file of the format {container.NAME}"
        raise Held(f"{_ASKED} and cannot be done in {what}")
    try:
        with opened(source, container.PILLOW) as image:
            frames = _frames(image, source, policy, sight)
            if thumbnails and len(frames) > 1:
                image.seek(0)
            alike = compare_thumbnails(thumbnails, container, image)
            playing = _Playing(image.info.get("loop"), apart=image.info.get("default_image", False))
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
    findings += in_a_copy(alike)
    hidden = unseen(source, container, len(frames))
    if hidden and (len(frames) == 1 or not any(chosen)):
        raise Held(f"{_ASKED} and cannot be done in {hidden} of the format {container.NAME}")
    if not any(chosen) and all(frame.whole for frame in frames):
        return Encoded(container, findings, len(frames))
    into = target if len(frames) == 1 else container
    picture, count = _covered_for_good(frames, chosen, into, policy, playing=playing, sight=sight)
    return Encoded(into, findings, count, picture)


def _frames(
    image: Image.Image,
    source: Buffer,
    policy: Policy,
    sight: Sight,
    which: Collection[str] | None = None,
) -> list[_Frame]:
    """Decode all frames and look at each; one that repeats the last is not looked at anew.

    With `which`, the names of detectors, it is a covered picture, of which all is shown.
    """
    numbers = frames_of(image)
    if numbers[:1] != [0]:
        raise Held(f"{_ASKED}, and its first page is only a small copy")
    frames: list[_Frame] = []
    for number in numbers:
        if len(numbers) > 1:
            image.seek(number)
        if image.width * image.height * len(numbers) > MAX_PIXELS:
            raise Held(f"it is too large to decode ({image.width} by {image.height} pixels)")
        if problem := misread(image, source):
            raise Held(f"{_ASKED}, and {problem}")
        if boundless(image):
            raise Held(
                f"{_ASKED}, and viewers do not agree on how dark its"
                f" samples are (mode {image.mode})"
            )
        image.load()
        frame = _frame(image, frames[-1] if frames else None, sight.threads, which)
        covers = which is not None or any(policy.covers(one.kind) for one in frame.seen)
        if not covers and not shows_all(image, source):
            frame = msgspec.structs.replace(frame, whole=False)
        frames.append(frame)
        sight.going_on()
    return frames


def _frame(
    image: Image.Image, last: _Frame | None, threads: int, which: Collection[str] | None
) -> _Frame:
    plain = upright(image)
    decoded = in_srgb(plain)
    shown = in_bytes(decoded)
    deep = shown is not decoded
    mode = "RGBA" if shown.has_transparency_data else "RGB"
    if shown.mode != mode:
        shown = shown.convert(mode)
    hidden = [plain] if decoded is not plain and makes_alike(plain, decoded) else []
    if last and not (deep or hidden) and _same_picture(last.image, shown):
        seen = last.seen
    else:
        seen = seen_in(decoded if deep else shown, threads, which, *hidden)
    return _Frame(shown, seen, image.info.get("duration", 0))


def _same_picture(one: Image.Image, other: Image.Image) -> bool:
    return (one.size, one.mode) == (other.size, other.mode) and one.tobytes() == other.tobytes()


def _covered_for_good(
    frames: list[_Frame],
    chosen: Sequence[Sequence[Seen]],
    target: Format,
    policy: Policy,
    *,
    playing: _Playing,
    sight: Sight,
) -> tuple[bytes, int]:
    """Return the encoded frames once nothing is seen on them that the policy covers, and their number."""
    pictures: list[_Covered] = []
    for seen in chosen:
        frame = frames.pop(0)  # large ones do not stay for longer than they are needed
        image = fitted(covered(frame.image, seen, policy.cover), policy.max_side)
        scale = image.width / frame.image.width
        pictures.append(_Covered(image, [_scaled(one, scale) for one in seen], frame.duration))
    for _ in range(_PASSES):
        if target.PILLOW[0] in _JOINING:
            pictures = _joined(pictures, playing)
        picture = _encoded(pictures, target, policy.quality, playing)
        left = _left(picture, target, policy, pictures, sight)
        if not any(left):
            return picture, len(pictures)
        pictures = [
            _Covered(covered(one.image, seen, "fill"), [*one.covers, *seen], one.duration)
            for one, seen in zip(pictures, left, strict=True)
        ]
    still = {KINDS[one.kind].tells for seen in left for one in seen}
    raise Held(f"covered {_PASSES} times, it still shows {' and '.join(sorted(still))}")


def _scaled(one: Seen, scale: float) -> Seen:
    outline = tuple((x * scale, y * scale) for x, y in one.outline)
    return msgspec.structs.replace(one, outline=outline)


def _joined(pictures: list[_Covered], playing: _Playing) -> list[_Covered]:
    """Join frames in a row that covering made alike, as those that encode them do."""
    joined: list[_Covered] = []
    for number, one in enumerate(pictures):
        if number > int(playing.apart) and _same_picture(joined[-1].image, one.image):
            last = joined[-1]
            covers, duration = [*last.covers, *one.covers], last.duration + one.duration
            joined[-1] = _Covered(last.image, covers, duration)
        else:
            joined.append(one)
    return joined


def _encoded(
    pictures: Sequence[_Covered], target: Format, quality: int, playing: _Playing
) -> bytes:
    if len(pictures) == 1:
        return encoded(pictures[0].image, target, quality)
    encoder = target.PILLOW[0]
    options = _ANIMATIONS.get(encoder)
    if options is None:
        raise Held(f"{_ASKED} and cannot be done in an animation of the format {target.NAME}")
    first, *rest = (one.image for one in pictures)
    if encoder != "TIFF":
        durations = [one.duration for one in pictures[int(playing.apart) :]]
        options = options | {"duration": durations, "quality": quality}
    if playing.loop is not None:
        options = options | {"loop": playing.loop}
    if encoder == "PNG":
        options = options | {"default_image": playing.apart}
    try:
        return saved(first, target, save_all=True, append_images=rest, **options)
    except OverflowError as problem:  # frames that became one may be shown for longer than one can
        raise Held(
            f"{_ASKED}, and a frame of the covered animation would be"
            f" shown for longer than the format {target.NAME} can say"
        ) from problem


def _left(
    picture: bytes, target: Format, policy: Policy, pictures: Sequence[_Covered], sight: Sight
) -> list[list[Seen]]:
    """Return what is seen on each frame of a covered picture though it should not be."""
    which = [name for name in _DETECTORS if getattr(policy, name) != "report"]
    try:
        with opened(picture, target.PILLOW) as image:
            frames = _frames(image, picture, policy, sight, which)
    except DECODE_ERRORS as problem:
        raise Held(f"covered, it does not decode again ({problem})") from problem
    if len(frames) != len(pictures):
        raise Held(
            f"{_ASKED}, and the covered animation came out with"
            f" {len(frames)} frames instead of {len(pictures)}; save it in another format first"
        )
    return [
        still_there(
            frame.image,
            [one for one in frame.seen if policy.covers(one.kind)],
            one.covers,
            sight.threads,
        )
        for frame, one in zip(frames, pictures, strict=True)
    ]
