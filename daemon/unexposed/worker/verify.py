"""Read the finished copy again: what is not what it should be does not go out."""

from __future__ import annotations

import importlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import IO, Any, cast

import msgspec
from PIL import Image, ImageFile, UnidentifiedImageError

from unexposed.errors import Held, Malformed, UnsupportedFormat, VerificationFailed
from unexposed.formats import HEAD, Buffer, Followed, Format, Keep, Part, Plan, Role, sniff
from unexposed.formats.parts import NOTHING

Image.MAX_IMAGE_PIXELS = None  # the worker's own limits on pixels and memory stand instead

MAX_PIXELS = 1 << 28
"""Pixels of a picture that is decoded at most; a larger one is held back."""

_HEIF = "HEIF"

_OF_MANY_PICTURES = ("MPO", _HEIF)
"""Formats whose frames are pictures of their own: only the one that opens first is the picture."""

_KNOWN_IN_PART = frozenset({"TIFF"})
"""Formats, by Pillow's names, with kinds that it does not know: samples of floating point, say."""

_CHUNK = 64 << 10
"""Bytes that are compared at once: few enough to stay in the processor's cache."""

_MISREAD = b"MM\0\x2b"
"""How a BigTIFF begins that Pillow takes for a TIFF, and looks for its pages where none are."""

_SUBFILE_TYPE, _WHOLE_PAGES = 254, 0b110
"""TIFF's NewSubfileType, and its bits that do not tell of a smaller copy of another page."""
_OLD_SUBFILE_TYPE, _OLD_SMALL = 255, 2

_BITS, _COMPRESSION, _SAMPLES, _PLANES = 258, 259, 277, 284
"""TIFF's BitsPerSample, Compression, SamplesPerPixel and PlanarConfiguration."""
_BYTE, _PLAIN, _APART = 8, 1, 2

_LAID_OVER = ("PNG", "WEBP")
"""Formats whose animations may lay a frame with colours of its own over the last one."""

_OBJECT = re.compile(r" <[^<>]*>")
"""How Python shows a thing that has no words, within an error of a library."""

MISREAD = "the decoder here does not read its samples of 16 bits, which are in planes of their own"
"""Why a picture is held back that would be decoded to something else."""

DECODE_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    RuntimeError,
)
"""What Pillow's decoders raise on damaged pictures; anything else is a fault of the program.
A RuntimeError is what those of HEIC and AVIF pass on from their libraries."""


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


def frames_of(image: Image.Image) -> list[int]:
    """Return the frames that belong to the picture.

    Those are not the further pictures of some formats, nor a TIFF's smaller copies of its pages.
    """
    if image.format in _OF_MANY_PICTURES:
        return [0]
    frames = list(range(getattr(image, "n_frames", 1)))
    if image.format != "TIFF" or len(frames) == 1:
        return frames
    from PIL import TiffImagePlugin  # noqa: PLC0415 - 4 ms that other formats do without

    assert isinstance(image, TiffImagePlugin.TiffImageFile)
    whole = []
    for frame in frames:
        image.seek(frame)
        kind, old = (image.tag_v2.get(tag, 0) for tag in (_SUBFILE_TYPE, _OLD_SUBFILE_TYPE))
        if not kind & ~_WHOLE_PAGES and (kind or old != _OLD_SMALL):
            whole.append(frame)
    image.seek(0)
    return whole


def shows_all(image: Image.Image) -> bool:
    """Tell whether what is decoded of a frame is all that its data hold; to be asked before that.

    Left out are a TIFF's samples that are no colours, the lower bytes of colours of 16 bits, and
    the colours of an animation's transparent places, as its frames are laid over each other.
    """
    animated = image.format in _LAID_OVER and getattr(image, "n_frames", 1) > 1
    if animated and image.has_transparency_data:
        return False
    if image.format == "PNG":
        assert isinstance(image, ImageFile.ImageFile)
        return image.mode.startswith("I;16") or not str(image.tile[0].args).endswith(";16B")
    if image.format != "TIFF":
        return True
    tags = _tags_of(image)
    if int(tags.get(_SAMPLES, 1)) > len(image.getbands()):
        return False
    return image.mode.startswith("I;16") or max(tags.get(_BITS, (1,))) <= _BYTE


def misread(image: Image.Image) -> bool:
    """Tell whether Pillow decodes a frame to something else than it shows.

    It takes planes of 16-bit samples that are not compressed for such of 8 bits.
    """
    if image.format != "TIFF":
        return False
    tags = _tags_of(image)
    plain = tags.get(_COMPRESSION, _PLAIN) == _PLAIN
    apart = tags.get(_PLANES, 1) == _APART
    return plain and apart and bool(max(tags.get(_BITS, (1,))) > _BYTE)


def _tags_of(image: Image.Image) -> Mapping[int, Any]:
    from PIL import TiffImagePlugin  # noqa: PLC0415 - see above

    assert isinstance(image, TiffImagePlugin.TiffImageFile)
    return cast("Mapping[int, Any]", image.tag_v2)


def _shown(image: Image.Image, number: int) -> Image.Image:
    if image.width * image.height > MAX_PIXELS:
        raise Held(f"it is too large to decode ({image.width} by {image.height} pixels)")
    if image.format not in _OF_MANY_PICTURES:
        image.seek(number)
    image.load()
    return image.copy()


def _short(problem: Exception) -> str:
    text = " ".join(_OBJECT.sub("", str(problem)).split()) or type(problem).__name__
    return text if len(text) <= 120 else text[:119] + "…"


def opened(buffer: Buffer, names: tuple[str, ...]) -> Image.Image:
    """Open a picture in one of the formats that Pillow knows by these names.

    Raises one of `DECODE_ERRORS`.
    """
    if _HEIF in names:
        _teach_heif()
    if buffer[:4] == _MISREAD:
        raise UnidentifiedImageError("a BigTIFF of this order of bytes")
    return Image.open(_as_file(buffer), formats=names)


@cache
def _teach_heif() -> None:
    """Make Pillow read and write HEIC, which takes its time and most files do not need."""
    importlib.import_module("pillow_heif").register_heif_opener()


def _as_file(buffer: Buffer) -> IO[bytes]:
    """Return a buffer as a file to read, without copying it."""
    return io.BytesIO(buffer) if isinstance(buffer, bytes) else cast("IO[bytes]", buffer)
