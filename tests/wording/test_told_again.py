"""Files that are told of a second time, alone and among others."""

from __future__ import annotations

from functools import reduce

import msgspec

from tests.wording.test_notices import PHONE, cleaned, held
from unexposed.wording import Burst, Notice


def told_one_by_one(*notices: Notice) -> Burst:
    return reduce(Burst.followed_by, map(Burst.of, notices))


def at(notice: Notice, path: str) -> Notice:
    return msgspec.structs.replace(notice, path=path)


def test_a_file_that_is_told_of_again_among_others_counts_once() -> None:
    bad, other = at(held(), "/in/bad.jpg"), at(cleaned(*PHONE), "/in/a.jpg")
    tried_again = told_one_by_one(other, bad, bad)
    assert tried_again.title() == "1 picture cleaned, 1 held back"
    assert tried_again.body().startswith("No copy of bad.jpg: the file is cut short (at byte 33). ")
    mended = told_one_by_one(bad, other, at(cleaned(name="bad.jpg"), "/in/bad.jpg"))
    assert mended.title() == "2 pictures cleaned"
    assert mended.body().startswith("1 gave away the place, the time, the device. Worst: IMG_4021")
    assert mended.trouble is None


def test_what_was_told_before_counts_once_with_what_is_told_now() -> None:
    first = told_one_by_one(*(at(cleaned(*PHONE), f"/in/{one}") for one in "abc"))
    second = told_one_by_one(*(at(cleaned(*PHONE[:1]), f"/in/{one}") for one in "bcd"))
    both = first.followed_by(second)
    assert both.title() == "4 pictures cleaned"
    assert both.body().startswith("4 gave away the place; 1 the time, the device. ")


def test_files_without_a_path_are_each_their_own() -> None:
    assert told_one_by_one(cleaned(), cleaned(), held()).title() == (
        "2 pictures cleaned, 1 held back"
    )


def test_of_many_files_the_latest_are_known_and_all_are_counted() -> None:
    notices = [at(cleaned(*PHONE), f"/in/{number}") for number in range(500)]
    many = told_one_by_one(*notices, *notices[-3:])
    assert many.title() == "500 pictures cleaned"
    assert many.body().startswith("500 gave away the place, the time, the device. ")
    assert len(many.latest) < 50
