from __future__ import annotations

from itertools import pairwise

import pytest
from PIL import Image, ImageChops

from tests.builders.photos import scene
from unexposed.vision import Seen
from unexposed.worker.cover import CELLS, covered


def square(kind: str, left: int, top: int, width: int, height: int) -> Seen:
    right, bottom = left + width, top + height
    return Seen(kind, ((left, top), (right, top), (right, bottom), (left, bottom)), 1.0)


def changed(before: Image.Image, after: Image.Image) -> tuple[int, int, int, int]:
    box = ImageChops.difference(before.convert("RGB"), after.convert("RGB")).getbbox()
    assert box is not None
    return box


def test_what_was_seen_is_filled_and_a_margin_around_it() -> None:
    picture = scene(320, 240)
    after = covered(picture, [square("content.face.bystander", 100, 80, 40, 60)], "fill")
    assert after.crop((100, 80, 140, 140)).getcolors() == [(40 * 60, (0, 0, 0))]
    left, top, right, bottom = changed(picture, after)
    assert 90 <= left < 96
    assert 70 <= top < 76
    assert 144 < right <= 150
    assert 144 < bottom <= 150


def test_turned_text_is_filled_along_its_line_and_not_around_it() -> None:
    picture = Image.new("RGB", (300, 300), "white")
    line = Seen("content.text", ((40, 20), (280, 260), (260, 280), (20, 40)), 1.0)
    after = covered(picture, [line], "fill")
    assert after.getpixel((150, 150)) == (0, 0, 0)
    assert after.getpixel((240, 60)) == (255, 255, 255)
    assert after.getpixel((60, 240)) == (255, 255, 255)


@pytest.mark.parametrize("size", [(400, 600), (37, 23)])
def test_a_mosaic_is_coarse_and_noisy(size: tuple[int, int]) -> None:
    picture = scene(700, 700)
    face = square("content.face.subject", 30, 40, *size)
    once, again = (covered(picture, [face], "pixelate") for _ in range(2))
    left, top, right, bottom = changed(picture, once)
    across, down = (left + right) // 2, (top + bottom) // 2
    for line in ((left, down, right, down + 1), (across, top, across + 1, bottom)):
        assert 1 < runs(once.crop(line)) <= CELLS
    inside = (30, 40, 30 + size[0], 40 + size[1])
    colours = once.crop(inside).getcolors()
    assert colours is not None
    assert len(colours) <= CELLS**2
    assert once.crop(inside).tobytes() != again.crop(inside).tobytes()


def runs(line: Image.Image) -> int:
    """How many stretches of one colour a row or a column of pixels has."""
    pixels = list(zip(*[iter(line.tobytes())] * 3, strict=True))
    return 1 + sum(one != other for one, other in pairwise(pixels))


def test_a_mosaic_has_eight_cells_across_and_not_more() -> None:
    assert CELLS == 8


@pytest.mark.parametrize("kind", ["content.text.email", "content.code.wifi"])
def test_text_and_codes_are_filled_where_a_mosaic_is_asked_for(kind: str) -> None:
    after = covered(scene(320, 240), [square(kind, 50, 50, 100, 40)], "pixelate")
    assert after.crop((50, 50, 150, 90)).getcolors() == [(100 * 40, (0, 0, 0))]


def test_what_reaches_out_of_the_picture_is_covered_as_far_as_it_goes() -> None:
    after = covered(scene(100, 100), [square("content.code", -20, 90, 60, 60)], "fill")
    assert after.getpixel((0, 99)) == (0, 0, 0)
    outside = square("content.code", 200, 200, 10, 10)
    assert changed(after, covered(after, [square("content.code", 0, 0, 9, 9), outside], "fill"))


def test_a_cover_is_opaque() -> None:
    picture = Image.new("RGBA", (100, 100), (255, 255, 255, 0))
    after = covered(picture, [square("content.text", 20, 20, 40, 20)], "fill")
    assert after.getpixel((40, 30)) == (0, 0, 0, 255)
    assert after.getpixel((90, 90)) == (255, 255, 255, 0)
