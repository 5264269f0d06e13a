from __future__ import annotations

from unexposed.formats import Keep, Part, Put, Role
from unexposed.formats._written import judged, planned, settled, with_made

SOURCE = b"headpicturenote"
PARTS = [
    Part(0, 4, Role.STRUCTURE, "header"),
    Part(4, 11, Role.PICTURE, "picture"),
    Part(11, 15, Role.METADATA, "note"),
]


def test_roles_decide_on_parts_for_which_nothing_is_made() -> None:
    assert with_made(SOURCE, PARTS, {}) == [None, None, b""]


def test_what_stands_there_already_is_not_made_anew() -> None:
    assert with_made(SOURCE, PARTS, {0: b"head"}) == [None, None, b""]
    assert settled(SOURCE, PARTS, [b"head", None, b""]) == [None, None, b""]


def test_a_part_that_goes_does_not_stay_because_it_is_made_just_as_it_was() -> None:
    assert with_made(SOURCE, PARTS, {2: b"note"}) == [None, None, b""]


def test_a_part_that_is_made_anew_is_not_plain() -> None:
    written = with_made(SOURCE, PARTS, {0: b"HEAD"})
    assert [part.plain for part in judged(PARTS, written)] == [False, True, True]


def test_a_copy_is_planned_in_few_steps() -> None:
    assert planned(PARTS, [None, None, b""]) == [Keep(0, 11)]
    assert planned(PARTS, [b"HEAD", None, b"."]) == [Put(b"HEAD"), Keep(4, 11), Put(b".")]
