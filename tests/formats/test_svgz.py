from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings

from tests.builders import svg as files
from tests.builders.contract import clean, survives
from tests.builders.damage import broken
from tests.builders.oracle import drawn
from tests.builders.svg import CANARY, compressed, drawing
from unexposed.errors import Malformed
from unexposed.formats import HEAD, sniff, svgz
from unexposed.metadata import read


@pytest.mark.parametrize("build", [*files.CLEAN_PICTURES, files.comment])
def test_a_compressed_drawing_is_cleaned_inside(build: Callable[[], bytes]) -> None:
    source = compressed(build(), name="/home/anna/house.svg")
    copy = clean(source, svgz)
    assert drawn(copy) == drawn(build())
    assert clean(copy, svgz) == copy


def test_a_compressed_drawing_tells_what_is_in_it_and_around_it() -> None:
    source = compressed(files.comment(), name="house.svg") + b"behind"
    blocks = svgz.blocks(source, svgz.dissect(source))
    found = [(one.kind, one.value) for block in blocks for one in read(block)]
    assert found == [
        ("hidden.comment", CANARY),
        ("history.documents", "house.svg"),
        ("time.edited", "2025-04-01 18:22:05+00:00"),
        ("hidden.trailer", "6 bytes"),
    ]
    copy = clean(source, svgz)
    assert svgz.blocks(copy, svgz.dissect(copy)) == []


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (compressed(drawing())[:-1], "cut short"),
        (compressed(drawing())[:-6] + b"wrong!", "damaged"),
        (compressed(drawing("<g>")), "drawing in it is not well-formed"),
    ],
)
def test_a_broken_compressed_drawing_is_held_back(source: bytes, problem: str) -> None:
    with pytest.raises(Malformed, match=problem):
        svgz.dissect(source)


def test_a_compressed_drawing_is_told_from_other_archives() -> None:
    assert sniff(compressed(drawing())[:HEAD]) is svgz
    assert not svgz.sniff(compressed(b"<html/>"))
    assert not svgz.sniff(b"\x1f\x8b\x08")
    assert not svgz.sniff(b"\x1f\x8b\x08" + bytes(60))


@settings(max_examples=60, deadline=None)
@given(broken([compressed(files.comment()), compressed(files.plain(), "a")], b"\x1f\x8b\x08\0"))
def test_any_compressed_drawing_is_cleaned_for_good_or_held_back(data: bytes) -> None:
    survives(data, svgz)
