from __future__ import annotations

import os

import pytest
from PIL import Image

from unexposed.vision import Seen, available
from unexposed.worker import afterimage
from unexposed.worker.cover import covered

pytestmark = pytest.mark.skipif(
    not available() and os.environ.get("CI") != "true",
    reason="the extra `vision` is not installed",
)


def square(kind: str, left: int, top: int, side: int, value: str = "") -> Seen:
    right, bottom = left + side, top + side
    return Seen(kind, ((left, top), (right, top), (right, bottom), (left, bottom)), 0.9, value)


FACE = square("content.face.subject", 150, 100, 80)
LETTER = square("content.text", 145, 95, 92, "■")


@pytest.fixture
def picture() -> Image.Image:
    ramp = Image.linear_gradient("L").resize((400, 300))
    return covered(Image.merge("RGB", (ramp, ramp, ramp)), [FACE], "fill")


class Finder:
    """In place of the detectors: finds what it was made with, and keeps what it was shown."""

    def __init__(self, *found: Seen) -> None:
        self.found = list(found)
        self.shown: list[Image.Image] = []

    def __call__(self, image: Image.Image, *_: object) -> list[Seen]:
        self.shown.append(image)
        return self.found


def looked_at(picture: Image.Image, seen: Seen, finder: Finder) -> list[Seen]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(afterimage, "seen_in", finder)
        return afterimage.still_there(picture, [seen], [FACE], 1)


def test_a_cover_that_is_read_as_a_letter_is_none(picture: Image.Image) -> None:
    finder = Finder()
    assert looked_at(picture, LETTER, finder) == []
    [shown] = finder.shown
    around, middle = shown.getpixel((120, 140)), shown.getpixel((190, 140))
    for here, there in zip(around, middle, strict=True):  # type: ignore[arg-type]
        assert abs(here - there) < 12, "no trace of the cover is left"


def test_what_is_seen_without_the_cover_too_is_text(picture: Image.Image) -> None:
    assert looked_at(picture, LETTER, Finder(square("content.text", 200, 150, 30))) == [LETTER]
    beside = Finder(square("content.text", 300, 200, 30))
    assert looked_at(picture, LETTER, beside) == []


@pytest.mark.parametrize(
    "seen",
    [
        square("content.text", 145, 95, 92, "taxi"),
        square("content.text", 10, 10, 80, "■"),
        square("content.text.password", 145, 95, 92, "1"),
        square("content.face.bystander", 145, 95, 92),
    ],
)
def test_nothing_else_is_doubted(picture: Image.Image, seen: Seen) -> None:
    finder = Finder()
    assert looked_at(picture, seen, finder) == [seen]
    assert finder.shown == []
