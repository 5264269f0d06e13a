from __future__ import annotations

import io
import os

import piexif
import pytest
from PIL import Image

from tests.builders import photos
from tests.worker.bench import Bench
from unexposed.worker import Shown, Small

BLUE, RED = (20, 40, 220), (220, 30, 20)


def shown(bench: Bench, content: bytes) -> Shown:
    source = bench.folder / "source"
    source.write_bytes(content)
    given = os.open(source, os.O_RDONLY)
    try:
        return bench.worker.show(given)
    finally:
        os.close(given)


def decoded(small: Small | None) -> Image.Image:
    assert small is not None
    image = Image.open(io.BytesIO(small.jpeg), formats=["JPEG"])
    assert image.size == (small.width, small.height)
    return image.convert("RGB")


def left_and_right(left: tuple[int, int, int], right: tuple[int, int, int]) -> Image.Image:
    image = Image.new("RGB", (1200, 800), left)
    image.paste(right, (600, 0, 1200, 800))
    return image


@pytest.mark.parametrize(
    "photo",
    [photos.phone_photo, photos.phone_png, photos.phone_webp, photos.phone_heic, photos.phone_avif,
     photos.gif_with_comment, photos.scanned_tiff, photos.bitmap_with_a_trailer],
)  # fmt: skip
def test_every_kind_of_picture_has_a_preview_that_tells_nothing_else(bench: Bench, photo) -> None:  # type: ignore[no-untyped-def]
    small = shown(bench, photo()).picture
    image = decoded(small)
    assert image.size == (320, 240)
    assert small is not None
    assert set(Image.open(io.BytesIO(small.jpeg)).info) <= {
        "jfif", "jfif_version", "jfif_unit", "jfif_density"
    }  # fmt: skip
    assert photos.SECRET_AUTHOR.encode() not in small.jpeg


def test_a_large_picture_is_made_small_and_the_right_way_up(bench: Bench) -> None:
    exif = piexif.dump({"0th": {piexif.ImageIFD.Orientation: 6}})
    image = decoded(
        shown(bench, photos.encoded(left_and_right(BLUE, RED), "JPEG", exif=exif)).picture
    )
    assert image.size == (427, 640)
    top, bottom = image.getpixel((200, 100)), image.getpixel((200, 540))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert (top[2] > 150, bottom[0] > 150) == (True, True)


def test_a_hidden_thumbnail_is_shown_with_where_it_stood(bench: Bench) -> None:
    photo = photos.phone_photo(thumbnail=Image.new("RGB", (160, 120), RED))
    (one,) = shown(bench, photo).thumbnails
    assert (one.where, decoded(one).size) == ("EXIF thumbnail", (160, 120))


def test_transparent_places_are_white(bench: Bench) -> None:
    png = photos.encoded(Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG")
    assert decoded(shown(bench, png).picture).getpixel((20, 20)) == (255, 255, 255)


@pytest.mark.parametrize("content", [b"no picture", b"\xff\xd8\xff\xe0" + bytes(40)])
def test_what_cannot_be_decoded_has_none(bench: Bench, content: bytes) -> None:
    assert shown(bench, content) == Shown()
    assert shown(bench, photos.phone_photo()).picture is not None


def test_more_pixels_than_a_preview_is_worth_are_not_decoded(
    bench: Bench,
) -> None:
    png = photos.encoded(Image.new("1", (20_000, 20_000)), "PNG")
    assert shown(bench, png) == Shown()
