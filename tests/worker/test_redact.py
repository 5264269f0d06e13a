"""What is done with what detectors find; a detector of red squares stands in for the real ones."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw

from tests.builders import animated, photos
from tests.builders.heif import AV1, HEVC, Coding
from unexposed.errors import Held
from unexposed.formats import Format, format_named
from unexposed.policy import Policy
from unexposed.vision import Seen
from unexposed.worker import redact as module
from unexposed.worker.encoded import Encoded
from unexposed.worker.redact import redact
from unexposed.worker.sight import Sight

COVERS = Policy(codes="cover")
GROUND, RED = (30, 120, 80), (250, 0, 0)


def red_squares(image: Image.Image, *_: object) -> list[Seen]:
    """A code where a picture is red."""
    plain = image.convert("RGB")
    mask = plain.point(lambda v: 255 * (v > 200)).split()[0]
    green = plain.split()[1].point(lambda v: 255 * (v < 60))
    box = Image.composite(mask, Image.new("L", mask.size), green).getbbox()
    if box is None:
        return []
    left, top, right, bottom = box
    return [Seen("content.code", ((left, top), (right, top), (right, bottom), (left, bottom)), 1.0)]


@pytest.fixture(autouse=True)
def detector(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "seen_in", red_squares)
    monkeypatch.setattr(module, "available", lambda: True)


def picture(*squares: tuple[int, int, int, int], mode: str = "RGB") -> Image.Image:
    image = Image.new(mode, (320, 240), GROUND if mode == "RGB" else (*GROUND, 255))
    for square in squares:
        ImageDraw.Draw(image).rectangle(square, fill=RED if mode == "RGB" else (*RED, 255))
    return image


def redacted(
    source: bytes, name: str, policy: Policy = COVERS, into: Format | None = None
) -> Encoded:
    return redact(source, format_named(name), into or format_named(name), policy)


def opened(redaction: Encoded) -> Image.Image:
    assert redaction.picture is not None
    return Image.open(io.BytesIO(redaction.picture))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF", "TIFF", "BMP", "GIF"])
def test_a_picture_of_any_format_is_covered(kind: str) -> None:
    name = {"HEIF": "heic"}.get(kind, kind.lower())
    source = photos.encoded(picture((100, 80, 150, 130)), kind)
    done = redacted(source, name)
    [one] = done.findings
    assert (one.kind, one.removed, one.where) == ("content.code", True, "the picture itself")
    assert one.box is not None
    assert [abs(a - b) <= 8 for a, b in zip(one.box, (100, 80, 51, 51), strict=True)] == [True] * 4
    with opened(done) as image:
        shown = image.convert("RGB")
    assert red_squares(shown, 1) == []
    assert max(shown.getpixel((125, 105))) < 12  # type: ignore[type-var, arg-type]
    for have, wanted in zip(shown.getpixel((10, 10)), GROUND, strict=True):  # type: ignore[arg-type]
        assert abs(have - wanted) < 12


def test_a_picture_that_shows_nothing_to_cover_is_left_as_it_is() -> None:
    done = redacted(photos.encoded(picture()), "jpeg")
    assert (done.picture, done.findings) == (None, [])


def test_what_the_policy_does_not_cover_is_reported_and_stays() -> None:
    done = redacted(photos.encoded(picture((9, 9, 60, 60))), "jpeg", Policy(text="all"))
    assert done.picture is None
    assert [one.removed for one in done.findings] == [False]


def test_a_turned_picture_is_covered_as_it_is_seen() -> None:
    exif = photos.phone_exif(orientation=6)
    done = redacted(photos.encoded(picture((100, 80, 150, 130)), exif=exif), "jpeg")
    with opened(done) as image:
        assert image.size == (240, 320)
        assert image.getexif() == {}
        assert red_squares(image, 1) == []
    [one] = done.findings
    assert one.box is not None
    assert abs(one.box[0] - (240 - 131)) <= 8
    assert abs(one.box[1] - 100) <= 8


def test_transparent_places_stay_so_and_what_hides_in_them_is_covered() -> None:
    image = picture((100, 80, 150, 130), mode="RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 50, 50))
    with opened(redacted(photos.encoded(image, "PNG"), "png")) as done:
        assert done.mode == "RGBA"
        assert done.getpixel((10, 10)) == (0, 0, 0, 0)
        assert done.getpixel((120, 100)) == (0, 0, 0, 255)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_all_frames_of_an_animation_are_covered(kind: str) -> None:
    frames = [picture((x, 80, x + 50, 130)) for x in (20, 90, 160)]
    frames.insert(0, picture())
    durations = [100, 200, 300, 400]
    source = photos.encoded(
        frames[0], kind, save_all=True, append_images=frames[1:], duration=durations, loop=0
    )
    done = redacted(source, kind.lower(), into=format_named("jpeg"))
    assert done.container is format_named(kind.lower())
    with opened(done) as image:
        assert image.n_frames == 4  # type: ignore[attr-defined]
        for number, duration in enumerate(durations):
            image.seek(number)
            image.load()
            assert image.info["duration"] == duration
            assert red_squares(image, 1) == []
            if number:
                assert max(image.convert("RGB").getpixel((70 * number - 30, 100))) < 12  # type: ignore[type-var, arg-type]
    assert done.findings[0].where == "frame 2 of the picture itself"


def test_after_each_frame_that_was_looked_at_it_says_that_it_goes_on() -> None:
    frames = [picture((x, 80, x + 50, 130)) for x in (20, 90, 160)]
    source = photos.encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100)
    said: list[str] = []
    gif = format_named("gif")
    redact(source, gif, gif, COVERS, Sight(going_on=lambda: said.append("on")))
    assert len(said) == 2 * len(frames)


@pytest.mark.parametrize(
    ("kind", "loop"),
    [("GIF", None), ("GIF", 0), ("GIF", 3), ("PNG", 0), ("PNG", 1), ("WEBP", 0), ("WEBP", 2)],
)
def test_a_covered_animation_is_shown_as_often_as_it_was(kind: str, loop: int | None) -> None:
    frames = [picture((x, 80, x + 50, 130)) for x in (20, 90)]
    often = {} if loop is None else {"loop": loop}
    source = photos.encoded(
        frames[0], kind, save_all=True, append_images=frames[1:], duration=100, **often
    )
    with opened(redacted(source, kind.lower())) as image:
        assert image.info.get("loop") == loop


@pytest.mark.parametrize(
    ("coding", "build", "reason"),
    [
        (HEVC, animated.simple, "cannot be done in an animation of the format heic"),
        (AV1, animated.apart, "cannot be done in the still picture of an animation of the"),
    ],
)
def test_what_no_decoder_shows_of_an_animation_is_not_let_through_unseen(
    monkeypatch: pytest.MonkeyPatch,
    coding: Coding,
    build: Callable[[Coding], bytes],
    reason: str,
) -> None:
    monkeypatch.setattr(module, "seen_in", lambda *_: [])
    with pytest.raises(Held, match=reason):
        redacted(build(coding), {HEVC: "heic", AV1: "avif"}[coding])


def test_an_animation_of_which_every_picture_was_looked_at_is_left_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "seen_in", lambda *_: [])
    assert redacted(animated.simple(AV1), "avif").picture is None


def test_frames_that_would_be_shown_for_longer_than_can_be_said_are_held_back() -> None:
    frames = [picture((100, 80, 150, 130)) for _ in range(3)]
    frames[1].putpixel((110, 100), (250, 0, 10))
    frames[2].paste((250, 250, 250), (5, 5, 12, 15))
    source = photos.encoded(
        frames[0],
        "GIF",
        save_all=True,
        append_images=frames[1:],
        duration=[400_000, 400_000, 100],
    )
    with pytest.raises(Held, match="longer than the format gif can say"):
        redacted(source, "gif")


def test_what_is_seen_on_the_covered_picture_is_covered_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "seen_in", only_the_first())
    source = photos.encoded(picture((20, 20, 60, 60), (200, 150, 260, 200)), "PNG")
    with opened(redacted(source, "png")) as image:
        assert red_squares(image, 1) == []


def test_what_is_still_seen_after_four_passes_is_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    everywhere = Seen("content.code.wifi", ((0, 0), (20, 0), (20, 20), (0, 20)), 1.0)
    monkeypatch.setattr(module, "seen_in", lambda *_: [everywhere])
    with pytest.raises(Held, match="covered 4 times, it still shows a code with the password"):
        redacted(photos.encoded(picture()), "jpeg")


@pytest.mark.parametrize(
    ("name", "reason"),
    [("mp4", "cannot be done in a video"), ("svg", "cannot be done in a file of the format svg")],
)
def test_what_cannot_be_covered_is_held_back(name: str, reason: str) -> None:
    with pytest.raises(Held, match=reason):
        redacted(b"", name)


def test_without_the_extra_what_should_be_covered_is_held_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "available", lambda: False)
    with pytest.raises(Held, match=r"pip install 'unexposed\[vision\]'"):
        redacted(photos.encoded(picture()), "jpeg")


def only_the_first() -> Callable[[Image.Image, int], list[Seen]]:
    """A detector that overlooks the right half of a picture as long as the left one shows something."""

    def detect(image: Image.Image, *_: object) -> list[Seen]:
        left = image.copy()
        left.paste(GROUND, (image.width // 2, 0, image.width, image.height))
        return red_squares(left) or red_squares(image)

    return detect


@pytest.mark.parametrize("quality", [40, 95])
def test_a_covered_picture_is_encoded_at_the_quality_that_the_policy_states(quality: int) -> None:
    stated = Policy(codes="cover", quality=quality)
    with opened(redacted(photos.encoded(picture((9, 9, 60, 60))), "jpeg", stated)) as image:
        tables = image.quantization  # type: ignore[attr-defined]
    with Image.open(io.BytesIO(photos.encoded(picture(), quality=quality))) as reference:
        assert tables == reference.quantization  # type: ignore[attr-defined]


def test_a_face_under_a_mosaic_keeps_eight_cells_across_at_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    face = Seen("content.face.bystander", ((80, 60), (160, 60), (160, 160), (80, 160)), 1.0)
    faces = [[face], []]
    monkeypatch.setattr(module, "seen_in", lambda *_: faces.pop(0))
    mosaic = Policy(faces="bystanders", cover="pixelate")
    with opened(redacted(photos.encoded(photos.scene(), "PNG"), "png", mosaic)) as image:
        shades = image.crop((80, 60, 160, 160)).getcolors(8 * 8)
    assert shades is not None
    assert len(shades) > 16, "cells, and no fill"
    assert faces == []


def test_a_face_that_is_still_seen_under_its_mosaic_is_filled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    face = Seen("content.face.bystander", ((80, 60), (160, 60), (160, 160), (80, 160)), 1.0)
    faces = [[face], [face], []]
    monkeypatch.setattr(module, "seen_in", lambda *_: faces.pop(0))
    mosaic = Policy(faces="bystanders", cover="pixelate")
    with opened(redacted(photos.encoded(photos.scene(), "PNG"), "png", mosaic)) as image:
        assert image.crop((80, 60, 160, 160)).getcolors() == [(80 * 100, (0, 0, 0))]
