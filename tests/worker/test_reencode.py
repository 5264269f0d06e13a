"""Colours of a picture that is encoded again."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image

from tests.builders import icc, photos
from unexposed.worker.reencode import in_srgb

GROUND, OTHER = (30, 120, 80), (200, 40, 90)


def picture(mode: str = "RGB") -> Image.Image:
    image = Image.new(mode, (16, 16), (*GROUND, 255)[: len(mode)])
    image.paste((*OTHER, 90)[: len(mode)], (8, 0, 16, 16))
    return image


def with_one_colour_transparent() -> Image.Image:
    image = picture()
    image.info["transparency"] = GROUND
    return image


def with_a_palette() -> Image.Image:
    return picture().quantize(4)


def in_colours(image: Image.Image, profile: bytes) -> Image.Image:
    """What a PNG of the picture with that profile shows."""
    options = {key: image.info[key] for key in ("transparency",) if key in image.info}
    written = photos.encoded(image, "PNG", icc_profile=profile, **options)
    with Image.open(io.BytesIO(written)) as read:
        read.load()
        return in_srgb(read)


@pytest.mark.parametrize(
    ("build", "mode"),
    [
        (lambda: picture("RGBA"), "RGBA"),
        (with_a_palette, "RGB"),
        (with_one_colour_transparent, "RGBA"),
    ],
)
def test_a_profile_is_used_however_the_colours_are_told(
    build: Callable[[], Image.Image], mode: str
) -> None:
    profile = icc.rgb_with_tables()
    plain = in_colours(picture(), profile)
    assert plain.getpixel((0, 0)) != GROUND
    done = in_colours(build(), profile)
    assert done.mode == mode
    assert done.convert("RGB").tobytes() == plain.tobytes()


def test_transparency_stays_where_it_was() -> None:
    profile = icc.rgb_with_tables()
    alpha = in_colours(with_one_colour_transparent(), profile).getchannel("A")
    assert (alpha.getpixel((0, 0)), alpha.getpixel((12, 0))) == (0, 255)
    assert in_colours(picture("RGBA"), profile).getpixel((12, 0))[3] == 90  # type: ignore[index]


def test_a_grey_profile_is_used_on_grey() -> None:
    profile = icc.grey()
    grey, with_alpha = Image.new("L", (4, 4), 128), Image.new("LA", (4, 4), (128, 70))
    plain, layered = in_colours(grey, profile), in_colours(with_alpha, profile)
    assert (plain.mode, layered.mode) == ("L", "LA")
    assert layered.getpixel((0, 0)) == (plain.getpixel((0, 0)), 70)
    assert plain.getpixel((0, 0)) == GREY_BY_GAMMA_1


@pytest.mark.parametrize("mode", ["RGB", "L", "LA", "P", "1"])
def test_a_profile_of_other_colours_changes_nothing(mode: str) -> None:
    image = picture().convert(mode)
    profile = icc.grey() if mode in ("RGB", "P") else icc.rgb_with_tables()
    done = in_colours(image, profile)
    assert (done.mode, done.tobytes()) == (mode, image.tobytes())


GREY_BY_GAMMA_1 = 188
"""sRGB's sample for half of the light: 255 * (1.055 * (128 / 255) ** (1 / 2.4) - 0.055)."""
