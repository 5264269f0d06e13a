"""Text: what a picture says, read by a network and judged for what it gives away."""

from __future__ import annotations

from unexposed.vision.seen import Picture, Seen
from unexposed.vision.text._reading import read
from unexposed.vision.text._telling import told_by
from unexposed.vision.text._whole import whole

__all__ = ["detect"]


def detect(picture: Picture) -> list[Seen]:
    """Return what the picture is as a whole, what its text gives away, and its other lines.

    Those are `content.text`, each with what it says, or nothing where it could not be read.
    Raises ImportError without the extra `vision`.
    """
    lines = read(picture)
    as_whole = whole(picture, lines)
    return ([] if as_whole is None else [as_whole]) + told_by(lines)
