"""Decode pictures with Pillow: which of a file's frames are the picture, and which are misread."""

from __future__ import annotations

import importlib
import io
from collections.abc import Mapping
from functools import cache
from typing import IO, Any, cast

from PIL import Image, UnidentifiedImageError

from unexposed.formats import Buffer

Image.MAX_IMAGE_PIXELS = None  # the worker's own limits on pixels and memory stand instead

MAX_PIXELS = 1 << 28
"""Pixels of a picture that is decoded at most; a larger one is held back."""

_HEIF = "HEIF"

_OF_MANY_PICTURES = ("MPO", _HEIF)
"""Formats whose frames are pictures of their own: only the one that opens first is the picture."""

_MISREAD = b"MM\0\x2b"
"""How a BigTIFF begins that Pillow takes for a TIFF, and looks for its pages where none are."""

_SUBFILE_TYPE, _WHOLE_PAGES = 254, 0b110
"""TIFF's NewSubfileType, and its bits that do not tell of a smaller copy of another page."""
_OLD_SUBFILE_TYPE, _OLD_SMALL = 255, 2

COMPRESSION = 259
_BITS, _PLANES = 258, 284
"""TIFF's Compression, BitsPerSample and PlanarConfiguration."""
_PLAIN, _APART = 1, 2

BYTE = 8
"""Bits of a sample that is decoded as it is; of larger ones Pillow leaves the lower out."""

_PNG_COLOURS, _PNG_PICTURE = b"cICP", b"IDAT"
_LINEAR = frozenset({8, 9, 10})
"""Transfer characteristics (ITU-T H.273) of which the darkest samples are far from black."""

_IN_PLANES = (
    "the decoder here does not read its samples of 16 bits, which are in planes of their own"
)
_IN_LIGHT = "the decoder here shows it darker than viewers do that heed what its samples stand for"
_CROPPED = "the decoder here shows what is cropped away from it; export it as a new picture"

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


def one_picture(image: Image.Image) -> bool:
    """Tell whether a file's frames are pictures of their own, of which one is the picture."""
    return image.format in _OF_MANY_PICTURES


def is_first(image: Image.Image) -> bool:
    """Tell whether an image is at the frame with which is said what is true of all in the file.

    Of many pictures the one that opens may have any number.
    """
    return one_picture(image) or image.tell() == 0


def frames_of(image: Image.Image) -> list[int]:
    """Return the frames that belong to the picture.

    Those are not the further pictures of some formats, nor a TIFF's smaller copies of its pages.
    """
    if one_picture(image):
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


def misread(image: Image.Image, source: Buffer) -> str:
    """Say why Pillow decodes a frame to something else than it shows; "" if it does not.

    It takes a TIFF's planes of 16-bit samples that are not compressed for such of 8 bits, does not
    crop an AVIF, and takes samples in proportion to light, in which the dark has few steps, for the
    usual ones. What is so of a whole file is said with its first frame.
    """
    if image.format == "TIFF":
        return _misread_tiff(tags_of(image))
    if not is_first(image):
        return ""
    match image.format:
        case "AVIF" | "HEIF":
            from unexposed.formats import heif  # noqa: PLC0415 - see above

            if image.format == "AVIF" and heif.crops(source):
                return _CROPPED
            return _IN_LIGHT if heif.curves(source) & _LINEAR else ""
        case "PNG":
            said = source.find(_PNG_COLOURS, 0, source.find(_PNG_PICTURE))
            curve = source[said + len(_PNG_COLOURS) + 1] if said >= 0 else 0
            return _IN_LIGHT if curve in _LINEAR else ""
    return ""


def _misread_tiff(tags: Mapping[int, Any]) -> str:
    plain = tags.get(COMPRESSION, _PLAIN) == _PLAIN
    apart = tags.get(_PLANES, 1) == _APART
    return _IN_PLANES if plain and apart and deepest(tags) > BYTE else ""


def deepest(tags: Mapping[int, Any]) -> int:
    """Return how many bits the deepest samples of a TIFF's page have."""
    return int(max(tags.get(_BITS, (1,))))


def tags_of(image: Image.Image) -> Mapping[int, Any]:
    """Return what a TIFF's page says of itself."""
    from PIL import TiffImagePlugin  # noqa: PLC0415 - see above

    assert isinstance(image, TiffImagePlugin.TiffImageFile)
    return cast("Mapping[int, Any]", image.tag_v2)
