"""Read the finished copy again: what is not what it should be does not go out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec
from PIL import Image, UnidentifiedImageError

from unexposed.errors import Held, Malformed, UnsupportedFormat, VerificationFailed
from unexposed.formats import HEAD, Buffer, Followed, Format, Keep, Part, Plan, Role, sniff
from unexposed.formats.parts import NOTHING
from unexposed.worker.decode import DECODE_ERRORS, MAX_PIXELS, frames_of, one_picture, opened

_KNOWN_IN_PART = frozenset({"TIFF"})
"""Formats, by Pillow's names, with kinds that it does not know: samples of floating point, say."""

_CHUNK = 64 << 10
"""Bytes that are compared at once: few enough to stay in the processor's cache."""

_OBJECT = re.compile(r" <[^<>]*>")
"""How Python shows a thing that has no words, within an error of a library."""


class Header(msgspec.Struct, frozen=True):
    """What a picture's header says, as Pillow reads it; the size is (width, height) in pixels."""

    size: tuple[int, int]
    mode: str


_NO_HEADER = Header((0, 0), "")


def verify_written(plan: Plan, source: Buffer, copy: Buffer) -> None:
    """Compare a finished copy with what the plan says, byte for byte.

    Raises VerificationFailed at the first difference.
    """
    position = 0
    for step in plan:
        if isinstance(step, Keep):
            end = position + step.end - step.start
            same = _same_bytes(source, step.start, copy, position, end)
        else:
            end = position + len(step.data)
            same = copy[position:end] == step.data
        if not same:
            raise VerificationFailed(f"the finished copy differs from its plan at byte {position}")
        position = end
    if position != len(copy):
        raise VerificationFailed("the finished copy is longer than its plan")


def placed(parts: Sequence[Part], plan: Plan) -> dict[int, int]:
    """Return start and end of each picture span of the source, as the plan places it in the copy.

    A span that the plan does not keep whole, as it stands, is not among them.
    """
    found: dict[int, int] = {}
    pictures = iter([part for part in parts if part.role is Role.PICTURE])
    part = next(pictures, None)
    position = 0
    for step in plan:
        if not isinstance(step, Keep):
            position += len(step.data)
            continue
        while part is not None and part.end <= step.end:
            if part.start >= step.start:
                moved = position - step.start
                found[part.start + moved] = part.end + moved
            part = next(pictures, None)
        position += step.end - step.start
    return found


def verify_parts(copy: Buffer, expected: Format, followed: Followed = NOTHING) -> list[Part]:
    """Dissect a finished copy and return its parts.

    `followed` are picture spans that are known to be the source's. Raises VerificationFailed
    when it is another format, cannot be accounted for, or has a part that is not allowed.
    """
    try:
        found = sniff(copy[:HEAD])
        parts = found.dissect(copy, followed)
    except (UnsupportedFormat, Malformed) as problem:
        raise VerificationFailed(f"the finished copy does not read back: {problem}") from problem
    if found is not expected:
        raise VerificationFailed(f"the finished copy reads back as {found.NAME}")
    position = 0
    for part in parts:
        if part.start != position:
            raise VerificationFailed(f"the finished copy has bytes unaccounted for at {position}")
        if not part.allowed:
            raise VerificationFailed(
                f"the finished copy still holds {part.name} (at byte {part.start})"
            )
        position = part.end
    if position != len(copy):
        raise VerificationFailed(f"the finished copy has bytes unaccounted for at {position}")
    return parts


def verify_same_picture(
    parts: Sequence[Part], followed: Followed, copy_parts: Sequence[Part]
) -> None:
    """See that the copy's picture is the source's, all of it and nothing else.

    `followed` says where the source's picture spans stand in the copy, byte for byte.
    Raises VerificationFailed when they do not.
    """
    if len(followed) != sum(part.role is Role.PICTURE for part in parts):
        raise VerificationFailed("the finished copy has less picture data")
    ours = [(part.start, part.end) for part in copy_parts if part.role is Role.PICTURE]
    if _joined(ours) != _joined(followed.items()):
        raise VerificationFailed("the picture data of the finished copy differs")


def verify_note(copy: Buffer, expected: Format, packet: bytes, followed: Followed) -> Plan:
    """See that a finished copy tells what the XMP packet tells and nothing else.

    `followed` are picture spans that are known to be the source's. Returns the plan by which
    the note would be taken out again. Raises VerificationFailed.
    """
    try:
        parts = expected.dissect(copy, followed)
        again = expected.rebuild(copy, parts)
    except Held as problem:
        raise VerificationFailed(f"the finished copy does not read back: {problem}") from problem
    told = [one for one in expected.blocks(copy, parts) if one.language != "encoder"]
    if [(one.language, one.payload) for one in told] != [("xmp", packet)]:
        raise VerificationFailed("the finished copy tells more than the note in it")
    return again


def verify_same_bytes(plan: Plan, expected: Plan, source: Buffer) -> None:
    """See that two plans make the same of a source. Raises VerificationFailed when they do not."""
    ours, theirs = _pieces(plan, source), _pieces(expected, source)
    left = right = b""
    while True:
        left = left or next(ours, b"")
        right = right or next(theirs, b"")
        size = min(len(left), len(right))
        if left[:size] != right[:size] or (not size and (left or right)):
            raise VerificationFailed("without its note the finished copy is not the clean one")
        if not size:
            return
        left, right = left[size:], right[size:]


def _pieces(plan: Plan, source: Buffer) -> Iterator[bytes]:
    for step in plan:
        if isinstance(step, Keep):
            for at in range(step.start, step.end, _CHUNK):
                yield source[at : min(step.end, at + _CHUNK)]
        elif step.data:
            yield step.data


def _same_bytes(source: Buffer, start: int, copy: Buffer, position: int, end: int) -> bool:
    """Tell whether [position, end) of the copy is what stands at `start` in the source."""
    with memoryview(copy) as view:
        if isinstance(source, bytes):
            return source.startswith(view[position:end], start) and end <= len(copy)
        for at in range(position, end, _CHUNK):
            stop = min(end, at + _CHUNK)
            begin = start + at - position
            piece = source[begin : begin + stop - at]
            # compares with the copy's bytes where they stand, instead of taking them out first
            if len(piece) != stop - at or not piece.startswith(view[at:stop]):
                return False
    return True


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join spans that touch."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and joined[-1][1] == start:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


def open_header(buffer: Buffer, expected: Format) -> Header:
    """Read size and mode with Pillow. Raises Held when it cannot.

    A format that Pillow does not know gets an empty header, and so does a kind of one that it
    knows in part: the parts have to speak for it.
    """
    if not expected.PILLOW:
        return _NO_HEADER
    try:
        with opened(buffer, expected.PILLOW) as image:
            return Header(image.size, image.mode)
    except UnidentifiedImageError as problem:
        if _KNOWN_IN_PART.isdisjoint(expected.PILLOW):
            raise Held(f"it cannot be opened as a picture ({_short(problem)})") from problem
        return _NO_HEADER
    except DECODE_ERRORS as problem:
        raise Held(f"it cannot be opened as a picture ({_short(problem)})") from problem


def verify_header(source: Header, copy: Header) -> None:
    """Compare what the headers of source and copy say. Raises VerificationFailed."""
    if source != copy:
        raise VerificationFailed(
            f"the finished copy opens as {copy.size} {copy.mode}, "
            f"the source as {source.size} {source.mode}"
        )


def verify_frames(copy: Buffer, container: Format, count: int) -> None:
    """See that a finished copy shows so many frames as were looked at. Raises VerificationFailed."""
    try:
        with opened(copy, container.PILLOW) as image:
            found = frames_of(image)
    except DECODE_ERRORS as problem:
        raise VerificationFailed(
            f"the finished copy does not open ({_short(problem)})"
        ) from problem
    if found != list(range(count)):
        raise VerificationFailed("the finished copy has frames that were not looked at")


def verify_pixels(source: Buffer, copy: Buffer, expected: Format) -> None:
    """Decode source and copy in full, all frames, and compare every pixel.

    Nothing is compared for a format that Pillow does not know. Raises Held when the source does
    not decode, VerificationFailed when the copy does not or shows something else.
    """
    if not expected.PILLOW:
        return
    try:
        with (
            opened(source, expected.PILLOW) as theirs,
            opened(copy, expected.PILLOW) as ours,
        ):
            frames = frames_of(theirs)
            if frames_of(ours) != list(range(len(frames))):
                raise VerificationFailed("the finished copy has another number of frames")
            for number, frame in enumerate(frames):
                _same_pixels(_shown(theirs, frame), ours, number)
    except UnidentifiedImageError as problem:
        raise Held("its pixels cannot be compared: no decoder here knows its kind") from problem
    except DECODE_ERRORS as problem:
        raise Held(f"its picture data is damaged ({_short(problem)})") from problem


def _same_pixels(left: Image.Image, ours: Image.Image, number: int) -> None:
    try:
        right = _shown(ours, number)
    except DECODE_ERRORS as problem:
        raise VerificationFailed(
            f"the finished copy does not decode ({_short(problem)})"
        ) from problem
    if left.size != right.size or left.mode != right.mode:
        raise VerificationFailed("the finished copy decodes to another size or mode")
    if left.tobytes() != right.tobytes() or _colours(left) != _colours(right):
        raise VerificationFailed("the finished copy shows other pixels")


def _colours(image: Image.Image) -> list[list[int]]:
    """Return the colours in a picture's palette that some pixel has, none where it has no palette."""
    palette = image.getpalette()
    if palette is None:
        return []
    pixels = image.histogram()[: len(palette) // 3]
    return [palette[3 * at : 3 * at + 3] for at, count in enumerate(pixels) if count]


def _shown(image: Image.Image, number: int) -> Image.Image:
    if image.width * image.height > MAX_PIXELS:
        raise Held(f"it is too large to decode ({image.width} by {image.height} pixels)")
    if not one_picture(image):
        image.seek(number)
    image.load()
    return image.copy()


def _short(problem: Exception) -> str:
    text = " ".join(_OBJECT.sub("", str(problem)).split()) or type(problem).__name__
    return text if len(text) <= 120 else text[:119] + "…"
