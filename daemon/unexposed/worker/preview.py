"""Small pictures of what a file shows, and of what it hides, for a person to look at.

Each is decoded and encoded anew, so that nothing of the file's own bytes is in it.
"""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from unexposed.errors import Held
from unexposed.formats import HEAD, Buffer, Format, sniff
from unexposed.worker.decode import DECODE_ERRORS, MAX_PIXELS, opened
from unexposed.worker.look import thumbnails_in
from unexposed.worker.protocol import Shown, Small
from unexposed.worker.reencode import in_srgb
from unexposed.worker.sight import on_white

_SIDE = 640
"""Pixels of a preview's longer side at most."""

_SMALL_SIDE = 320
"""The same of a hidden thumbnail."""

_MAX_BYTES = 600_000
"""Bytes of an encoded preview at most; four of them fit into the protocol's frame."""

_MAX_THUMBNAILS = 3
_QUALITY = 82
_THUMBNAILS = ("JPEG", "PNG")


def previews(buffer: Buffer) -> Shown:
    """Return what the picture shows, the right way up, and its hidden thumbnails.

    What cannot be decoded is left out. Raises UnsupportedFormat.
    """
    container = sniff(buffer[:HEAD])
    names = tuple(dict.fromkeys((*_THUMBNAILS, *container.PILLOW)))
    hidden = (
        _small(data, names, _SMALL_SIDE, where)
        for where, data in _thumbnails(buffer, container)[:_MAX_THUMBNAILS]
    )
    picture = _small(buffer, container.PILLOW, _SIDE) if container.PILLOW else None
    return Shown(picture, tuple(one for one in hidden if one))


def _thumbnails(buffer: Buffer, container: Format) -> list[tuple[str, bytes]]:
    try:
        parts = container.dissect(buffer)
    except Held:
        return []
    return thumbnails_in(container.blocks(buffer, parts))


def _small(buffer: Buffer, names: tuple[str, ...], side: int, where: str = "") -> Small | None:
    try:
        with opened(buffer, names) as image:
            if image.width * image.height > MAX_PIXELS:
                return None
            whole = image.size
            image.draft("RGB", (side, side))
            upright = ImageOps.exif_transpose(image)
            if upright.size != image.size:  # it was turned by a quarter
                whole = whole[::-1]
            return _encoded(upright, side, where, whole)
    except DECODE_ERRORS:
        return None


def _encoded(image: Image.Image, side: int, where: str, whole: tuple[int, int]) -> Small | None:
    image = in_srgb(image)
    if image.has_transparency_data:
        image = on_white(image)
    image = image.convert("RGB")
    image.thumbnail((side, side))
    image.info = {}  # Pillow would write its comment and profile into the preview
    written = io.BytesIO()
    image.save(written, "JPEG", quality=_QUALITY)
    if written.tell() > _MAX_BYTES:
        return None
    return Small(written.getvalue(), image.width, image.height, where, whole)
