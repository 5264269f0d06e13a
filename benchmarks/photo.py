"""The photo that everything is measured with: 12 megapixels, about 2.6 MB, as a phone makes it."""

from __future__ import annotations

import io
import random

from PIL import Image

from tests.builders.photos import encoded, phone_exif

SIZE = (4000, 3000)
TARGET = 2_600_000
_SMALL_SIZE = (1600, 1200)
_SMALL_TARGET = 200_000


def twelve_megapixels() -> bytes:
    """Return a JPEG with place, time, device and thumbnail, within 5 % of `TARGET` bytes."""
    return _photo(SIZE, TARGET)


def as_a_messenger_sends_it() -> bytes:
    """Return a smaller one, of two megapixels and about 200 KB."""
    return _photo(_SMALL_SIZE, _SMALL_TARGET)


def _photo(size: tuple[int, int], target: int) -> bytes:
    rng = random.Random(1)
    grain = Image.frombytes("L", (1000, 750), rng.randbytes(750_000)).resize(size)
    shapes = Image.frombytes("RGB", (40, 30), rng.randbytes(3600)).resize(
        size, Image.Resampling.BICUBIC
    )
    picture = Image.blend(shapes, Image.merge("RGB", (grain, grain, grain)), 0.2)
    exif = phone_exif(thumbnail=picture.resize((160, 120)))
    low, high = 20, 98
    while True:
        quality = (low + high) // 2
        photo = encoded(picture, "JPEG", quality=quality, exif=exif)
        if abs(len(photo) - target) < target * 0.05 or low >= high:
            return photo
        low, high = (quality + 1, high) if len(photo) < target else (low, quality - 1)


def decodes(photo: bytes) -> bool:
    """Whether a photo opens in full."""
    with Image.open(io.BytesIO(photo)) as image:
        image.load()
        return image.size == SIZE
