from __future__ import annotations

import pytest
from PIL import Image, ImageOps

from tests.builders import heif_places, photos, tiff
from tests.builders.heif import HEVC
from tests.worker.bench import Bench
from unexposed.exposure import Finding, Level


def looked(bench: Bench, photo: bytes) -> tuple[Finding, ...]:
    bench.run(photo)
    return bench.worker.look()


def photo_with(thumbnail: Image.Image, picture: Image.Image) -> bytes:
    exif = photos.phone_exif(thumbnail=thumbnail)
    return photos.encoded(picture, "JPEG", quality=90, exif=exif)


def test_a_thumbnail_that_shows_the_picture_is_told_as_such(bench: Bench) -> None:
    picture = photos.scene(640, 480)
    (one,) = looked(bench, photo_with(picture.resize((160, 120)), picture))
    assert one.value == "160 by 120 pixels, shows the picture"
    assert one.level is Level.MEDIUM
    assert one.removed is True


def test_a_thumbnail_of_the_uncropped_picture_is_told_as_such(bench: Bench) -> None:
    whole = photos.scene(640, 480)
    for crop in ((0, 0, 320, 240), (0, 0, 480, 480), (160, 120, 480, 360)):
        (one,) = looked(bench, photo_with(whole.resize((160, 120)), whole.crop(crop)))
        assert "differs from the picture" in one.value
        other_shape = crop[2] == crop[3]
        assert one.value.endswith("of another shape" if other_shape else "% alike")
        assert one.level is Level.HIGH


def test_a_thumbnail_of_what_was_covered_is_told_as_such(bench: Bench) -> None:
    whole = photos.scene(640, 480)
    covered = whole.copy()
    covered.paste((0, 0, 0), (100, 60, 520, 440))
    (one,) = looked(bench, photo_with(whole.resize((160, 120)), covered))
    assert 20 < int(one.value.rpartition(", ")[2].removesuffix("% alike")) < 85


def test_black_bars_do_not_make_a_difference(bench: Bench) -> None:
    picture = photos.scene(720, 480)
    barred = ImageOps.pad(picture, (160, 120), color=(0, 0, 0))
    (one,) = looked(bench, photo_with(barred, picture))
    assert "shows the picture" in one.value


def test_a_photo_without_a_thumbnail_needs_no_second_look(bench: Bench) -> None:
    assert looked(bench, photos.phone_photo()) == ()


def test_a_thumbnail_that_does_not_decode_is_passed_over(bench: Bench) -> None:
    photo = photo_with(photos.scene(160, 120), photos.scene(640, 480))
    marker = photo.index(b"\xff\xd8", 2)
    damaged = photo[: marker + 4] + bytes(400) + photo[marker + 404 :]
    assert looked(bench, damaged) == ()


def test_a_thumbnail_in_a_heic_is_looked_at_too(bench: Bench) -> None:
    (same,) = looked(bench, photos.phone_heic())
    assert "shows the picture" in same.value
    (other,) = looked(bench, heif_places.thumbnail(HEVC).build())
    assert "differs from the picture" in other.value
    assert other.level is Level.HIGH


@pytest.mark.parametrize(("seed", "told"), [(1, "shows the picture"), (2, "differs from")])
def test_a_smaller_page_of_a_tiff_is_compared_with_its_first(
    bench: Bench, seed: int, told: str
) -> None:
    (small,) = tiff.pages_of(tiff.encoded(tiff.scene(size=(20, 15), seed=seed)))
    source = tiff.file(tiff.page(), small.but(tag_254=tiff.one(tiff.LONG, 1)))
    (one,) = looked(bench, source)
    assert one.value.startswith(f"20 by 15 pixels, {told}")
