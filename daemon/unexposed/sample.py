"""A photo made for the purpose, to show and to try what becomes of one."""

from __future__ import annotations

import io
from typing import Final

import piexif
from PIL import Image, ImageDraw

AUTHOR: Final = "Anna Beispiel"
"""What the photo tells of who took it."""


def phone_photo() -> bytes:
    """Return a JPEG as a phone makes it, with a thumbnail of what stood there before a crop."""
    scene = Image.linear_gradient("L").resize((1600, 1200))
    whole = Image.merge(
        "RGB", (scene, scene.point(lambda v: 90 + v // 2), scene.point(lambda v: 255 - v // 3))
    )
    draw = ImageDraw.Draw(whole)
    draw.ellipse((1150, 120, 1350, 320), fill=(255, 236, 170))
    draw.polygon([(0, 1200), (500, 560), (900, 1200)], fill=(38, 78, 60))
    draw.polygon([(600, 1200), (1150, 700), (1600, 1200)], fill=(28, 60, 48))
    thumbnail = io.BytesIO()
    whole.resize((160, 120)).save(thumbnail, "JPEG")
    exif = {
        "0th": {
            piexif.ImageIFD.Make: "Example",
            piexif.ImageIFD.Model: "Example Phone 15",
            piexif.ImageIFD.Software: "17.4.1",
            piexif.ImageIFD.Artist: AUTHOR,
        },
        "Exif": {
            piexif.ExifIFD.DateTimeOriginal: "2025:04:01 18:22:05",
            piexif.ExifIFD.OffsetTimeOriginal: "+02:00",
            piexif.ExifIFD.BodySerialNumber: "F2LX0123456",
        },
        "GPS": {
            piexif.GPSIFD.GPSLatitudeRef: "N",
            piexif.GPSIFD.GPSLatitude: ((48, 1), (51, 1), (3024, 100)),
            piexif.GPSIFD.GPSLongitudeRef: "E",
            piexif.GPSIFD.GPSLongitude: ((2, 1), (17, 1), (4020, 100)),
        },
        "1st": {},
        "thumbnail": thumbnail.getvalue(),
    }
    photo = io.BytesIO()
    whole.crop((0, 0, 1000, 1000)).save(photo, "JPEG", quality=90, exif=piexif.dump(exif))
    return photo.getvalue()
