"""A finished copy that is not what it should be does not pass."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import photos
from tests.builders import tiff as files
from tests.builders.gif import FOUR_COLOURS, four_colours
from tests.builders.plans import apply, cleaned
from unexposed.errors import Held, VerificationFailed
from unexposed.formats import Keep, Put, Role, gif, jpeg, tiff
from unexposed.worker.verify import (
    Header,
    open_header,
    placed,
    verify_header,
    verify_parts,
    verify_pixels,
    verify_same_picture,
    verify_written,
)

PHOTO = photos.phone_photo(width=64, height=48)
PARTS = jpeg.dissect(PHOTO)
PLAN = jpeg.rebuild(PHOTO, PARTS)
COPY = apply(PHOTO, PLAN)


def test_a_copy_as_planned_passes() -> None:
    verify_written(PLAN, PHOTO, COPY)
    followed = placed(PARTS, PLAN)
    verify_same_picture(PARTS, followed, verify_parts(COPY, jpeg, followed))


@given(st.integers(0, len(COPY) - 1), st.integers(1, 255))
def test_a_copy_with_any_byte_changed_is_refused(at: int, change: int) -> None:
    damaged = bytearray(COPY)
    damaged[at] ^= change
    with pytest.raises(VerificationFailed):
        verify_written(PLAN, PHOTO, bytes(damaged))


@pytest.mark.parametrize(
    "alter", [lambda copy: copy[:-1], lambda copy: copy + b"\0", lambda copy: copy[:100]]
)
def test_a_copy_cut_short_or_with_more_behind_it_is_refused(
    alter: Callable[[bytes], bytes],
) -> None:
    with pytest.raises(VerificationFailed):
        verify_written(PLAN, PHOTO, alter(COPY))


def test_a_copy_that_still_tells_something_is_refused_with_what_and_where() -> None:
    with pytest.raises(VerificationFailed, match=r"still holds EXIF \(at byte 2"):
        verify_parts(PHOTO, jpeg)


def test_a_copy_in_another_format_is_refused() -> None:
    with pytest.raises(VerificationFailed, match="reads back as gif"):
        verify_parts(photos.gif_with_comment(), jpeg)


def test_a_plan_that_leaves_out_some_of_the_picture_is_refused() -> None:
    short = [step for step in PLAN if not (isinstance(step, Keep) and step.end - step.start > 1000)]
    followed = placed(PARTS, short)
    with pytest.raises(VerificationFailed, match="less picture data"):
        verify_same_picture(PARTS, followed, [])


def test_a_copy_with_more_picture_than_the_source_is_refused() -> None:
    followed = placed(PARTS, PLAN)
    pictures = [part for part in verify_parts(COPY, jpeg) if part.role is Role.PICTURE]
    with pytest.raises(VerificationFailed, match="differs"):
        verify_same_picture(PARTS, followed, [*pictures, *pictures])


def test_a_picture_span_is_placed_where_the_plan_puts_it() -> None:
    scan = next(part for part in PARTS if part.role is Role.PICTURE)
    plan = [Put(b"12345"), Keep(scan.start - 2, scan.end), Put(b"6")]
    assert placed(PARTS, plan) == {7: 7 + scan.size}
    assert placed(PARTS, [Keep(scan.start + 1, scan.end)]) == {}


@pytest.mark.parametrize("name", ["small copy as a page", "small copy as a page of the older kind"])
def test_small_copies_among_a_tiffs_pages_are_not_missed(name: str) -> None:
    source = files.HIDING_PLACES[name]()
    copy = cleaned(source, tiff)
    verify_pixels(source, copy, tiff)
    with pytest.raises(VerificationFailed, match="number of frames"):
        verify_pixels(files.file(*[files.page()] * 3), copy, tiff)


def test_a_copy_in_which_a_colour_differs_that_a_pixel_has_is_refused() -> None:
    other = FOUR_COLOURS[:3] + b"\xff\xff\xff" + FOUR_COLOURS[6:]
    with pytest.raises(VerificationFailed, match="other pixels"):
        verify_pixels(four_colours(), four_colours(other), gif)


def test_a_colour_that_no_pixel_has_does_not_count() -> None:
    verify_pixels(four_colours(FOUR_COLOURS + b"SECRET" * 2), four_colours(FOUR_COLOURS * 2), gif)


UNKNOWN_KINDS = [
    pytest.param(lambda: files.file(files.lab_of_sixteen_bits()), id="Lab of 16 bits"),
    pytest.param(lambda: files.file(files.page(), order=">", big=True), id="big-endian BigTIFF"),
]


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("build", UNKNOWN_KINDS)
def test_a_tiff_of_a_kind_that_the_library_does_not_know_stands_on_its_parts(
    build: Callable[[], bytes],
) -> None:
    source = build()
    copy = cleaned(source, tiff)
    assert open_header(source, tiff) == open_header(copy, tiff) == Header((0, 0), "")
    with pytest.raises(Held, match="pixels cannot be compared: no decoder here knows its kind"):
        verify_pixels(source, copy, tiff)
    with pytest.raises(VerificationFailed, match="opens as"):
        verify_header(open_header(files.file(files.page()), tiff), open_header(copy, tiff))


def test_another_format_that_cannot_be_identified_is_held_back() -> None:
    with pytest.raises(Held, match="cannot be opened as a picture"):
        open_header(b"\xff\xd8 no JPEG", jpeg)
