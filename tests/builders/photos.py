"""Photos as devices make them, with everything in them that devices put there."""

from __future__ import annotations

import io
import random

import piexif
import pillow_heif
from PIL import Image

from unexposed.policy import BUILT_IN, Policy

pillow_heif.register_heif_opener()

SECRET_MODEL = "Example Phone 15"
SECRET_SERIAL = "F2LX0123456"
SECRET_AUTHOR = "Anna Beispiel"
LATITUDE, LONGITUDE = 38.7226, -9.1392

_SEED = 7


def strict_policy() -> Policy:
    return BUILT_IN["strict"]


def scene(width: int = 320, height: int = 240, seed: int = _SEED) -> Image.Image:
    """A picture with enough detail that no two crops of it look alike."""
    rng = random.Random(seed)
    small = Image.frombytes("RGB", (16, 12), rng.randbytes(16 * 12 * 3))
    return small.resize((width, height), Image.Resampling.BICUBIC)


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    written = io.BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def phone_exif(*, orientation: int | None = None, thumbnail: Image.Image | None = None) -> bytes:
    """An Exif block with place, time, device, serial, owner and perhaps a thumbnail."""
    content: dict[str, object] = {
        "0th": {
            piexif.ImageIFD.Make: "Example",
            piexif.ImageIFD.Model: SECRET_MODEL,
            piexif.ImageIFD.Software: "17.4.1",
            piexif.ImageIFD.Artist: SECRET_AUTHOR,
        },
        "Exif": {
            piexif.ExifIFD.DateTimeOriginal: "2025:04:01 18:22:05",
            piexif.ExifIFD.OffsetTimeOriginal: "+01:00",
            piexif.ExifIFD.BodySerialNumber: SECRET_SERIAL,
        },
        "GPS": {
            piexif.GPSIFD.GPSLatitudeRef: "N",
            piexif.GPSIFD.GPSLatitude: ((38, 1), (43, 1), (2136, 100)),
            piexif.GPSIFD.GPSLongitudeRef: "W",
            piexif.GPSIFD.GPSLongitude: ((9, 1), (8, 1), (2112, 100)),
        },
    }
    if orientation is not None:
        content["0th"][piexif.ImageIFD.Orientation] = orientation  # type: ignore[index]
    if thumbnail is not None:
        content["1st"] = {}
        content["thumbnail"] = encoded(thumbnail)
    return piexif.dump(content)


def phone_photo(
    *,
    width: int = 320,
    height: int = 240,
    orientation: int | None = None,
    thumbnail: Image.Image | None = None,
    seed: int = _SEED,
) -> bytes:
    """A JPEG as a phone makes it."""
    exif = phone_exif(orientation=orientation, thumbnail=thumbnail)
    return encoded(scene(width, height, seed), "JPEG", quality=88, exif=exif)


def phone_png() -> bytes:
    return encoded(scene(), "PNG", exif=phone_exif())


def phone_webp() -> bytes:
    return encoded(scene(), "WEBP", exif=phone_exif())


def phone_heic() -> bytes:
    return encoded(scene(), "HEIF", exif=phone_exif(), thumbnails=[64])


def phone_avif() -> bytes:
    return encoded(scene(), "AVIF", exif=phone_exif())


def gif_with_comment() -> bytes:
    return encoded(scene().convert("P"), "GIF", comment=SECRET_AUTHOR.encode())


def scanned_tiff() -> bytes:
    return encoded(scene(), "TIFF", exif=phone_exif())


def bitmap_with_a_trailer() -> bytes:
    return encoded(scene(), "BMP") + SECRET_AUTHOR.encode()
