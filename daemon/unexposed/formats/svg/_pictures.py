"""Pictures inside a drawing, each cleaned as the format that it is.

Source: RFC 2397 (the data scheme).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote_to_bytes

import msgspec

from unexposed.errors import Held, Malformed
from unexposed.formats.parts import Format, Keep
from unexposed.formats.svg._words import words_of
from unexposed.metadata.block import Block

MAX_DEPTH: Final = 2
"""Drawings inside one another: one that holds a drawing, and no more."""

_DRAWING: Final = "svg"
_MEDIA: Final = frozenset(
    f"image/{name}"
    for name in words_of("avif bmp gif heic heif jpeg jpg pjpeg png svg+xml tiff webp x-png")
)
"""What a viewer takes a picture for goes by what is said of it; that stays."""
_BLANK: Final = str.maketrans("", "", " \t\r\n")

CleanDrawing = Callable[[bytes], tuple[bytes, list[Block]]]


class Embedded(msgspec.Struct, frozen=True):
    """A picture as a clean copy embeds it, and what it gave away."""

    address: str
    blocks: list[Block]


def clean(address: str, at: int, clean_drawing: CleanDrawing) -> Embedded:
    """Return a data address with its picture cleaned; `clean_drawing` does so for one in SVG.

    Raises Malformed, at byte `at`, for what is no picture or cannot be cleaned.
    """
    media, data = _decoded(address, at)
    if media not in _MEDIA:
        raise Malformed("embeds something that is not said to be a picture", at)
    try:
        name, copy, blocks = _cleaned(data, clean_drawing)
    except Malformed as problem:
        raise Malformed(f"embeds a picture that {problem.problem}", at) from problem
    except Held as problem:
        raise Malformed(f"embeds a picture that cannot be cleaned: {problem}", at) from problem
    where = f"embedded {name.upper()}"
    return Embedded(
        f"data:{media};base64,{base64.b64encode(copy).decode()}",
        [msgspec.structs.replace(one, where=f"{where}: {one.where}") for one in blocks],
    )


def _decoded(address: str, at: int) -> tuple[str, bytes]:
    """Return the media type that a data address tells, and its data."""
    head, comma, body = address[5:].partition(",")
    if not comma or "#" in body:
        raise Malformed("embeds something that cannot be read", at)
    kind, *parameters = (one.strip().lower() for one in head.split(";"))
    data = unquote_to_bytes(body) if "%" in body or "base64" not in parameters else b""
    if "base64" not in parameters:
        return kind, data
    text = (data.decode("latin-1") if data else body).translate(_BLANK).rstrip("=")
    try:
        return kind, base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("embeds something that cannot be read", at) from None


def _cleaned(data: bytes, clean_drawing: CleanDrawing) -> tuple[str, bytes, list[Block]]:
    container = _format_of(data)
    if container.NAME == _DRAWING:
        return container.NAME, *clean_drawing(data)
    parts = container.dissect(data)
    plan = container.rebuild(data, parts)
    copy = b"".join(
        data[step.start : step.end] if isinstance(step, Keep) else step.data for step in plan
    )
    return container.NAME, copy, container.blocks(data, parts)


def _format_of(data: bytes) -> Format:
    # The registry imports every format, this one too.
    from unexposed.formats import HEAD, sniff  # noqa: PLC0415

    container = sniff(data[:HEAD])
    if not container.PILLOW and container.NAME != _DRAWING:
        raise Malformed("no drawing can show", 0)
    return container
