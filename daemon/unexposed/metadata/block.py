"""One piece of metadata on its way from a format handler to a reader."""

from __future__ import annotations

import msgspec

MAX_PAYLOAD = 16 << 20
"""Bytes of a block's payload at most; a format hands out no more than this."""


class Block(msgspec.Struct, frozen=True, gc=False):
    """Bytes in one metadata language.

    `language` picks the reader ("exif", "xmp", "iptc", ...). `where` is the place
    as a person may read it ("EXIF", "PNG text 'prompt'"). `size` is how many bytes
    the file spends on it, which may be more than `payload` holds. `label` is what
    the container says of it: a PNG keyword, a segment's name.
    """

    language: str
    payload: bytes
    where: str
    size: int
    label: str = ""
