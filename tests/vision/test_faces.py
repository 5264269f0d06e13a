from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageOps

from tests.builders.corpus import CORPUS
from tests.builders.fresh import said_by
from unexposed.exposure import KINDS
from unexposed.vision import _centerface, faces, seen
from unexposed.vision._windows import Window, around, distinct, divide, whole

SUBJECT, BYSTANDER = "content.face.subject", "content.face.bystander"
PEOPLE = {
    "canon-ixus.jpg": 4, "kodak-dc210.jpg": 4, "sony-cybershot.jpg": 1, "sony-d700.jpg": 2,
}  # fmt: skip
"""Real photos, by the end of their names, and the faces in them that the light lets one see."""

Box = tuple[float, float, float, float, float]


def face(x: float, y: float, high: float, sure: float = 0.9) -> list[float]:
    """A face with this centre, somewhat higher than wide."""
    return [x - high * 0.4, y - high / 2, x + high * 0.4, y + high / 2, sure]


def blank(width: int, height: int, grey: int = 128) -> seen.Picture:
    return np.full((height, width, 3), grey, np.uint8)


def real_photo(name: str) -> seen.Picture:
    """A photo of the corpus; skips where that is not beside the project."""
    for path in CORPUS.rglob(f"*{name}"):
        with Image.open(path) as photo:
            return np.asarray(ImageOps.exif_transpose(photo).convert("RGB"))
    pytest.skip(f"no {name} in ../shared/corpus beside the project")


def test_one_face_alone_is_the_subject_wherever_it_is() -> None:
    assert faces.kinds([face(60, 60, 80)], 4000, 3000) == [SUBJECT]


def test_people_side_by_side_are_all_subjects() -> None:
    row = [face(x, 300, 100) for x in (150, 325, 500, 675, 850)]
    assert faces.kinds(row, 1000, 700) == [SUBJECT] * 5


def test_who_passes_by_in_the_background_is_a_bystander() -> None:
    portrait, passing = face(500, 400, 300), face(850, 350, 60)
    assert faces.kinds([passing, portrait], 1000, 800) == [BYSTANDER, SUBJECT]


def test_who_is_half_as_high_in_the_middle_is_still_a_subject() -> None:
    near = face(500, 400, 200)
    assert faces.kinds([near, face(500, 400, 101)], 1000, 800) == [SUBJECT, SUBJECT]
    assert faces.kinds([near, face(500, 400, 99)], 1000, 800) == [SUBJECT, BYSTANDER]


def test_the_same_face_weighs_less_at_the_edge() -> None:
    middle, edge = face(500, 400, 200), face(60, 60, 120)
    assert faces.kinds([middle, face(500, 200, 120)], 1000, 800) == [SUBJECT, SUBJECT]
    assert faces.kinds([middle, edge], 1000, 800) == [SUBJECT, BYSTANDER]


def test_a_street_with_people_far_away_is_nobodys_picture() -> None:
    assert faces.kinds([face(300, 200, 9), face(340, 200, 8)], 640, 480) == [BYSTANDER] * 2


@given(
    st.lists(
        st.tuples(*[st.floats(0, 1000)] * 2, st.floats(1, 500)).map(lambda one: face(*one)),
        max_size=20,
    )
)
@settings(max_examples=60)
def test_whoever_is_not_far_away_is_not_alone_a_bystander(found: list[list[float]]) -> None:
    told = faces.kinds(found, 1000, 1000)
    assert len(told) == len(found)
    assert set(told) <= set(KINDS)
    assert SUBJECT in told or not any(bottom - top > 250 for _, top, _, bottom, _ in found)


@given(st.integers(1, 5_000), st.integers(1, 5_000))
@settings(max_examples=100)
def test_windows_hold_every_face_that_is_no_larger_than_their_overlap(
    width: int, height: int
) -> None:
    windows = divide(width, height, 704, 96)
    for window in windows:
        assert 0 <= window.left < window.right <= width
        assert 0 <= window.top < window.bottom <= height
        assert max(window.right - window.left, window.bottom - window.top) <= 704
    for length, low, high in ((width, 0, 2), (height, 1, 3)):
        for start in range(0, max(1, length - 96), 31):
            assert any(
                one[low] <= start and min(length, start + 96) <= one[high] for one in windows
            )


def test_a_picture_that_fits_is_one_window() -> None:
    assert divide(704, 30, 704, 96) == [Window(0, 0, 704, 30)]


@given(
    st.floats(-50, 1050), st.floats(-50, 850), st.integers(1, 2000),
    st.integers(1, 1000), st.integers(1, 800),
)  # fmt: skip
@settings(max_examples=100)
def test_a_window_around_a_face_lies_in_the_picture(
    x: float, y: float, side: int, width: int, height: int
) -> None:
    window = around(x, y, side, width, height)
    assert 0 <= window.left < window.right <= width
    assert 0 <= window.top < window.bottom <= height
    assert window.right - window.left == min(side, width)
    assert window.bottom - window.top == min(side, height)


def test_a_face_that_a_window_cuts_is_left_to_the_others() -> None:
    found = np.array([face(100, 100, 50), face(190, 100, 50), face(20, 100, 50)], np.float32)
    found[1, 2], found[2, 0] = 200, 0
    kept = whole(found, Window(0, 0, 200, 200), 1000, 1000)
    assert kept.tolist() == found[[0, 2]].tolist()


def test_of_two_boxes_on_a_face_the_surer_stays() -> None:
    twice = np.array([face(100, 100, 50, 0.6), face(103, 98, 54, 0.8)], np.float32)
    assert distinct(twice).tolist() == [twice[1].tolist()]


def test_half_of_a_face_is_no_face_of_its_own() -> None:
    half, all_of_it = face(100, 90, 40, 0.7), face(100, 100, 100, 0.8)
    assert len(distinct(np.array([half, all_of_it], np.float32))) == 1


def test_heads_close_together_stay_two() -> None:
    pair = np.array([face(100, 100, 50), face(130, 105, 50)], np.float32)
    assert len(distinct(pair)) == 2


@given(
    st.lists(
        st.tuples(*[st.floats(0, 300, width=32)] * 2, *[st.floats(1, 100, width=32)] * 2,
                  st.floats(0, 1, width=32)),
        max_size=40,
    )
)  # fmt: skip
@settings(max_examples=60)
def test_what_is_distinct_stays_so_and_the_surest_comes_first(found: list[Box]) -> None:
    rows = np.array(found, np.float32).reshape(-1, 5)
    rows[:, 2:4] += rows[:, :2]
    once = distinct(rows)
    assert bool(len(once)) == bool(found)
    assert distinct(once).tolist() == once.tolist()
    assert once[:, 4].tolist() == sorted(once[:, 4].tolist(), reverse=True)


class Marks:
    """In place of the network: finds white squares, and remembers how much it was given."""

    def __init__(self) -> None:
        self.largest = 0

    def __call__(self, pixels: seen.Picture, least: float) -> _centerface.Boxes:
        self.largest = max(self.largest, pixels.shape[0] * pixels.shape[1])
        bright = (pixels.min(axis=2) > 127).astype(np.uint8)
        _, _, places, _ = cv2.connectedComponentsWithStats(bright)
        rows = [[x, y, x + w, y + h, 0.9] for x, y, w, h, _ in places[1:].tolist()]
        return np.array(rows, np.float32).reshape(-1, 5)


@pytest.fixture
def marks(monkeypatch: pytest.MonkeyPatch) -> Marks:
    network = Marks()
    monkeypatch.setattr(faces, "boxes", network)
    return network


@given(
    st.integers(40, 3_000), st.integers(40, 3_000), st.floats(0, 1), st.floats(0, 1),
    st.floats(0.02, 0.9),
)  # fmt: skip
@settings(max_examples=25, deadline=None)
def test_what_is_found_lies_where_it_is_in_the_picture(
    width: int, height: int, across: float, down: float, share: float
) -> None:
    side = max(24, int(min(width, height) * share))
    left, top = int(across * (width - side)), int(down * (height - side))
    picture = blank(width, height, 0)
    picture[top : top + side, left : left + side] = 255
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(faces, "boxes", Marks())
        found = faces.detect(picture)
    assert len(found) == 1
    (first, _, third, _) = found[0].outline
    assert (*first, *third) == pytest.approx((left, top, left + side, top + side), abs=4)


def test_a_face_across_all_windows_of_a_large_picture_is_found_once(marks: Marks) -> None:
    picture = blank(4000, 3000, 0)
    picture[300:2700, 900:3100] = 255
    assert len(faces.detect(picture)) == 1


def test_memory_does_not_grow_with_the_picture(marks: Marks) -> None:
    for size in ((4000, 3000), (9000, 7000), (30_000, 40)):
        faces.detect(blank(*size))
    assert marks.largest <= 704 * 704


def _noise(width: int, height: int) -> seen.Picture:
    return np.random.default_rng(3).integers(0, 256, (height, width, 3), np.uint8)


def _ramp(width: int, height: int) -> seen.Picture:
    ramp = np.linspace(0, 255, width).astype(np.uint8)
    return np.repeat(np.tile(ramp, (height, 1))[:, :, None], 3, axis=2)


def _blotches(width: int, height: int) -> seen.Picture:
    return np.asarray(
        Image.fromarray(_noise(24, 18)).resize((width, height), Image.Resampling.BICUBIC)
    )


def _disc(width: int, height: int) -> seen.Picture:
    image = Image.new("RGB", (width, height), "navy")
    ImageDraw.Draw(image).ellipse((width // 4, height // 4, width * 3 // 4, height * 3 // 4), "tan")
    return np.asarray(image)


@pytest.mark.parametrize("made", [_noise, _ramp, _blotches, _disc, blank])
@pytest.mark.parametrize("size", [(320, 240), (1200, 500)])
def test_patterns_have_no_faces(made: object, size: tuple[int, int]) -> None:
    assert callable(made)
    assert faces.detect(made(*size)) == []


@pytest.mark.parametrize(
    "size", [(1, 1), (30_000, 2), (2, 30_000), (8, 8), (9, 3_000), (30_000, 9), (31, 33)]
)
def test_a_picture_of_any_shape_is_looked_at(size: tuple[int, int]) -> None:
    assert faces.detect(blank(*size)) == []


@pytest.mark.parametrize(("name", "count"), PEOPLE.items())
def test_people_in_a_real_photo_are_found(name: str, count: int) -> None:
    assert len(faces.detect(real_photo(name))) == count


def test_a_face_of_46_pixels_is_found_in_twelve_megapixels() -> None:
    photo = real_photo("sony-cybershot.jpg")
    scene = np.asarray(Image.fromarray(_blotches(40, 30)).resize((4000, 3000)))
    pasted = scene.copy()
    pasted[1900 : 1900 + photo.shape[0], 3100 : 3100 + photo.shape[1]] = photo
    (found,) = faces.detect(pasted)
    assert found.box == pytest.approx((3208, 1983, 36, 46), abs=6)
    assert found.kind == BYSTANDER


def test_one_thread_computes_unless_somebody_says_otherwise() -> None:
    script = (
        "import cv2, numpy; from unexposed.vision import faces;"
        "faces.detect(numpy.zeros((64, 64, 3), numpy.uint8)); print(cv2.getNumThreads())"
    )
    told = said_by(script)
    assert told.strip() == "1"
