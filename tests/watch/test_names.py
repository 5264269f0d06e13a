from __future__ import annotations

import pytest

from unexposed.config.settings import Watch
from unexposed.watch.names import Filter, accompanied, companions, unfinished


@pytest.mark.parametrize(
    "name",
    [
        "x.jpg.part",
        "x.JPG.PART",
        "x.jpg.partial",
        "Unconfirmed 314159.crdownload",
        "x.jpg.download",
        "x.jpg.opdownload",
        "x.tmp",
        "x.temp",
        "x.jpg.filepart",
        "x.jpg.!ut",
        "x.jpg.!uT",
        "x.jpg.aria2",
        "x.jpg~",
        ".~lock.x.odt#",
        "~$x.docx",
        ".hidden.jpg",
    ],
)
def test_names_of_partial_downloads_and_temporaries_are_unfinished(name: str) -> None:
    assert unfinished(name)
    assert not Filter(Watch(path="/in")).takes(name)
    assert not Filter(Watch(path="/in")).takes(f"{name}/x.jpg")
    assert not Filter(Watch(path="/in")).takes(f"a/{name}/b/x.jpg")


@pytest.mark.parametrize(
    "name",
    ["x.jpg", "part.jpg", "x.part.jpg", "tmp", "~x.jpg", "x", "download.png", "x.jpg.", "$x.jpg"],
)
def test_other_names_are_finished(name: str) -> None:
    assert not unfinished(name)
    assert Filter(Watch(path="/in")).takes(name)
    assert Filter(Watch(path="/in")).takes(f"a/{name}/x.jpg")


def test_companions_belong_to_the_file_whose_name_they_bear() -> None:
    for companion in companions("/in/x.jpg"):
        assert accompanied(companion) == "/in/x.jpg"
    assert accompanied("/in/x.jpg") is None


@pytest.mark.parametrize(
    ("include", "ignore", "path", "taken"),
    [
        ((), (), "x.jpg", True),
        (("*.jpg",), (), "x.jpg", True),
        (("*.jpg",), (), "a/b/X.JPG", True),
        (("*.jpg", "*.png"), (), "x.png", True),
        (("*.jpg",), (), "x.gif", False),
        (("camera/*",), (), "camera/x.gif", True),
        (("camera/*",), (), "x.gif", False),
        ((), ("draft*",), "Draft 1.jpg", False),
        ((), ("raw",), "raw/x.jpg", False),
        ((), ("raw",), "a/RAW/b/x.jpg", False),
        ((), ("raw",), "rawhide/x.jpg", True),
        ((), ("a/raw",), "a/raw/x.jpg", False),
        ((), ("a/raw",), "b/raw/x.jpg", True),
        (("*.jpg",), ("x*",), "x.jpg", False),
        (("[ab].jpg",), (), "b.jpg", True),
        (("*.jpg",), (), "new\nline.jpg", True),
        (("*.jpg",), (), "caf\udce9.jpg", True),
        (("É*.jpg",), (), "été.jpg", True),
    ],
)
def test_patterns_pick_by_name_and_by_path_whatever_the_case(
    include: tuple[str, ...], ignore: tuple[str, ...], path: str, taken: bool
) -> None:
    assert Filter(Watch(path="/in", include=include, ignore=ignore)).takes(path) is taken
