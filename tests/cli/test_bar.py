"""A file's bytes as a bar."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unexposed.cli.bar import KEPT, PLAIN, REMOVED, bar, cells
from unexposed.exposure import Span

fate_of = attrgetter("fate")
FATES = st.sampled_from([KEPT, PLAIN, REMOVED])


def spans(*lengths: tuple[int, str]) -> list[Span]:
    made, at = [], 0
    for length, fate in lengths:
        made.append(Span(at, at + length, "picture", "a part", fate))
        at += length
    return made


def test_cells_stand_for_as_many_bytes_each() -> None:
    half = spans((50, REMOVED), (50, KEPT))
    assert cells(half, 10) == [REMOVED] * 5 + [KEPT] * 5


@pytest.mark.parametrize("at", [0, 1, 500_000, 999_999])
def test_a_single_removed_byte_of_a_million_is_seen_where_it_stands(at: int) -> None:
    lone = spans((at, KEPT), (1, REMOVED), (1_000_000 - at - 1, KEPT))
    assert cells(lone, 40).count(REMOVED) == 1
    assert cells(lone, 40)[at * 40 // 1_000_000] == REMOVED


def test_an_empty_file_has_no_bar() -> None:
    assert cells([], 40) == []
    assert cells(spans((0, KEPT)), 40) == []


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 3_000), FATES), max_size=30), st.integers(1, 120))
def test_whatever_is_removed_is_seen(lengths: list[tuple[int, str]], width: int) -> None:
    made = spans(*lengths)
    shown = cells(made, width)
    if not any(length for length, _ in lengths):
        assert shown == []
        return
    assert len(shown) == width
    total = made[-1].end
    for fate, same in groupby((span for span in made if span.end > span.start), fate_of):
        stretch = list(same)
        first = stretch[0].start * width // total
        last = (stretch[-1].end * width - 1) // total
        assert fate != REMOVED or REMOVED in shown[first : last + 1]


def test_fates_are_told_without_colour_and_counted() -> None:
    drawn = bar(spans((6_000, KEPT), (2_000, PLAIN), (2_000, REMOVED)), 10)
    assert drawn.plain.splitlines() == [
        "██████▒▒░░",
        "█ kept 6,000   ▒ made plain 2,000   ░ removed 2,000 bytes",
    ]
    plain = bar(spans((1, KEPT), (1, REMOVED)), 4, ascii_only=True).plain
    assert plain.splitlines()[0] == "##--"
