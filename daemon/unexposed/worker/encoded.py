"""What a picture became before its copy is written: encoded again, or left as it is."""

from __future__ import annotations

import msgspec

from unexposed.exposure import Finding
from unexposed.formats import Format


class Encoded(msgspec.Struct, frozen=True):
    """A picture in the format `container`; None where its data stay as they are in the source.

    `findings` are what was seen on its `frames`, 0 of these where nothing was looked for.
    """

    container: Format
    findings: list[Finding] = []
    frames: int = 0
    picture: bytes | None = None
