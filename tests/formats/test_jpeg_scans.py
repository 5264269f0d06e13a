"""What stands in a JPEG's scans, between them, or in the tables that they use."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.builders import jpeg as files
from tests.builders import jpeg_scans as scans
from tests.builders.contract import clean
from tests.builders.jpeg import CANARY, Place, pixels, segment, shown
from unexposed.errors import Malformed
from unexposed.formats import jpeg

Builder = Callable[[], bytes]


@pytest.mark.parametrize(
    ("hide", "build"),
    [(hide, build) for hide, builds in scans.PLACES.items() for build in builds],
)
def test_what_is_hidden_in_some_pictures_does_not_survive(hide: Place, build: Builder) -> None:
    source = hide(build())
    copy = clean(source, jpeg)
    assert CANARY in source
    assert CANARY[:6] not in copy
    assert pixels(copy) == pixels(source) == pixels(build())
    assert any(CANARY in block.payload for block in jpeg.blocks(source, jpeg.dissect(source)))


@pytest.mark.parametrize("build", scans.IDLE)
def test_numbers_that_decide_nothing_are_made_plain(
    build: Callable[[], tuple[bytes, bytes]],
) -> None:
    source, picture = build()
    assert source != picture
    assert clean(source, jpeg) == picture
    assert shown(source) == shown(picture)


def test_a_picture_in_three_scans_is_copied_byte_for_byte() -> None:
    source = scans.in_three_scans()
    assert pixels(source)[1] == files.SIZE
    assert clean(source, jpeg) == source


def test_a_quantisation_table_that_changes_between_scans_holds_the_file_back() -> None:
    table = segment(0xDB, b"\0" + (CANARY * 4)[:64])
    source = files.behind_first_scan(files.progressive(), table)
    assert pixels(source) == pixels(files.progressive())
    with pytest.raises(Malformed, match="changes between scans"):
        jpeg.dissect(source)


def test_a_quantisation_table_that_is_said_again_stays() -> None:
    again = segment(0xDB, files.body_of(files.progressive(), 0xDB))
    source = files.behind_first_scan(files.progressive(), again)
    assert pixels(clean(source, jpeg)) == pixels(files.progressive())


def test_fill_bytes_within_the_data_of_a_scan_hold_the_file_back() -> None:
    source = files.baseline()
    at = source.index(b"\xff\0", source.index(b"\xff\xda") + 14)
    with pytest.raises(Malformed, match="fill bytes inside the data"):
        jpeg.dissect(source[:at] + b"\xff" * 9 + source[at:])


def test_fill_bytes_before_a_restart_do_not_survive() -> None:
    source = files.with_restarts().replace(b"\xff\xd1", b"\xff\xff\xff\xd1", 1)
    assert source != files.with_restarts()
    assert clean(source, jpeg) == files.with_restarts()


def test_restarts_in_a_picture_that_does_not_say_how_high_it_is_hold_it_back() -> None:
    frame = files.body_of(files.with_restarts(), 0xC0)
    source = files.replaced(files.with_restarts(), 0xC0, frame[:1] + b"\0\0" + frame[3:])
    with pytest.raises(Malformed, match="how many restarts"):
        jpeg.dissect(files.before(source, 0xD9, segment(0xDC, b"\0\x38")))


def test_a_file_of_countless_restarts_behind_fill_bytes_is_held_back() -> None:
    frame = files.body_of(files.grey(), 0xC0)
    source = files.replaced(files.grey(), 0xC0, frame[:1] + b"\xff" * 4 + frame[5:])
    source = files.before(source, 0xDA, segment(0xDD, b"\0\1"))
    filled = b"".join(b"\xff\xff\xff" + bytes((0xD0 + n % 8,)) for n in range(60_000))
    with pytest.raises(Malformed, match="pieces"):
        jpeg.dissect(files.before(source, 0xD9, filled))


@pytest.mark.parametrize(
    ("hide", "build"),
    [
        (scans.another_picture_before_the_first_scan, files.progressive),
        (scans.scan_that_stands_there_twice, files.progressive),
        (scans.scan_that_stands_there_twice, files.progressive_with_restarts),
        (scans.scan_that_stands_there_twice, scans.in_three_scans),
    ],
)
def test_a_scan_that_another_replaces_holds_the_file_back(hide: Place, build: Builder) -> None:
    source = hide(build())
    assert pixels(source) == pixels(build())
    with pytest.raises(Malformed, match="does not go on from what the others told"):
        jpeg.dissect(source)


@pytest.mark.parametrize("which", [0, 1, 3])
def test_scans_that_add_to_what_none_has_told_hold_the_file_back(which: int) -> None:
    with pytest.raises(Malformed, match="does not go on from what the others told"):
        jpeg.dissect(scans.scan_left_out(files.progressive(), which))


@pytest.mark.parametrize("build", [files.with_restarts, files.progressive_with_restarts])
def test_a_scan_whose_restarts_are_out_of_turn_shows_what_it_showed(build: Builder) -> None:
    source = build().replace(b"\xff\xd3", b"\xff\xd7", 1).replace(b"\xff\xd5", b"\xff\xd6", 2)
    assert source != build()
    assert pixels(clean(source, jpeg)) == pixels(source)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 255)), min_size=1, max_size=6))
@example([(0, 0xD1)])
@settings(max_examples=250, deadline=None)
def test_damaged_restarts_show_what_they_showed(changes: list[tuple[int, int]]) -> None:
    for build in (files.with_restarts, files.with_odd_sampling):
        source = bytearray(build())
        marks = [
            n for n in range(len(source) - 1) if source[n] == 0xFF and source[n + 1] & 0xF8 == 0xD0
        ]
        for which, code in changes:
            restart = 0xD0 + code % 8 if code < 200 else code % 0xBF + 1
            source[marks[which % len(marks)] + 1] = restart
        before = shown(bytes(source))
        copy = clean(bytes(source), jpeg)
        if before is not None:
            assert shown(copy) == before
