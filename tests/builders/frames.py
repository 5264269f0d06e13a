"""What a picture file shows, frame by frame, as Pillow reads it."""

from __future__ import annotations

import io

from PIL import Image, ImageSequence


def shown(data: bytes) -> list[tuple[tuple[int, int], int | None, int | None, bytes]]:
    """Size, duration, disposal and pixels of every frame; one that stands still has no duration."""
    frames = []
    with Image.open(io.BytesIO(data)) as image:
        moves = getattr(image, "n_frames", 1) > 1
        for frame in ImageSequence.Iterator(image):
            pixels = frame.convert("RGBA").tobytes()  # first, as some tell the duration only then
            disposal = getattr(frame, "disposal_method", None)
            duration = frame.info.get("duration") if moves else None
            frames.append((frame.size, duration, disposal, pixels))
    return frames


def repeats(data: bytes) -> int | None:
    """How often an animation is to be shown; 0 for ever, None where nothing is said or moves."""
    with Image.open(io.BytesIO(data)) as image:
        return image.info.get("loop") if getattr(image, "n_frames", 1) > 1 else None
