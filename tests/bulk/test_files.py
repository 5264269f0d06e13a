from __future__ import annotations

import os
from pathlib import Path

import pytest

from unexposed.bulk import Files, Found
from unexposed.bulk import files as files_module


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    made = tmp_path / "photos"
    put(made / "b.jpg", made / "a.jpg", made / "trip" / "deep" / "c.jpg", made / "trip" / "d.jpg")
    return made


def put(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def names(files: Files) -> list[str]:
    return [os.path.relpath(one.path) for one in files]


def test_a_folders_files_come_in_order_and_before_those_of_its_folders(photos: Path) -> None:
    assert names(Files(["photos"])) == [
        "photos/a.jpg",
        "photos/b.jpg",
        "photos/trip/d.jpg",
        "photos/trip/deep/c.jpg",
    ]


def test_each_file_knows_where_it_lies_below_the_folder_that_was_named(photos: Path) -> None:
    assert [one.folder for one in Files(["photos"])] == ["", "", "trip", "trip/deep"]
    assert [one.folder for one in Files(["photos/trip/"])] == ["", "deep"]


def test_hidden_files_links_and_pipes_are_left_out(photos: Path) -> None:
    put(photos / ".hidden.jpg", photos / ".trash" / "e.jpg")
    (photos / "link.jpg").symlink_to(photos / "a.jpg")
    (photos / "trip" / "up").symlink_to(photos)
    os.mkfifo(photos / "pipe.jpg")
    assert len(names(Files(["photos"]))) == 4


def test_what_is_hidden_comes_when_it_is_named(photos: Path) -> None:
    put(photos / ".hidden.jpg", photos / ".trash" / "e.jpg")
    assert names(Files(["photos/.hidden.jpg", "photos/.trash"])) == [
        "photos/.hidden.jpg",
        "photos/.trash/e.jpg",
    ]


def test_each_file_comes_once_however_often_it_is_meant(photos: Path) -> None:
    files = Files(["photos", "photos/trip", "photos/a.jpg", "./photos/", "photos/trip/d.jpg"])
    assert sorted(names(files)) == [
        "photos/a.jpg",
        "photos/b.jpg",
        "photos/trip/d.jpg",
        "photos/trip/deep/c.jpg",
    ]
    assert {os.path.basename(one.path) for one in files if one.named} == {"a.jpg", "d.jpg"}


def test_an_outbox_inside_is_not_fed_back_even_through_a_link(photos: Path) -> None:
    put(photos / "trip" / "Unexposed" / "a.jpg")
    (photos.parent / "elsewhere").symlink_to(photos / "trip")
    for outbox in (photos / "trip" / "Unexposed", photos.parent / "elsewhere" / "Unexposed"):
        assert len(names(Files(["photos"], outbox))) == 4
        assert names(Files(["photos/trip/Unexposed"], outbox)) == []
        named = Files(["photos/trip/Unexposed/a.jpg"], outbox)
        assert names(named) == ["photos/trip/Unexposed/a.jpg"]


def test_a_folder_that_cannot_be_read_is_told_of_and_the_walk_goes_on(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def refusing(path: str) -> object:
        if path == "photos/trip/deep":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    put(photos / "zoo" / "z.jpg")
    *rest, problem, last = Files(["photos"])
    assert problem == Found(
        path="photos/trip/deep", problem="the folder cannot be read: Permission denied"
    )
    assert last.path == "photos/zoo/z.jpg"
    assert len(rest) == 3


def test_a_huge_folder_is_put_in_order_a_piece_at_a_time(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files_module, "_SORTED", 3)
    put(*(photos / "many" / f"{number:02}.jpg" for number in range(10)))
    found = names(Files(["photos/many"]))
    assert sorted(found) == [f"photos/many/{number:02}.jpg" for number in range(10)]
    for start in range(0, 10, 3):
        assert found[start : start + 3] == sorted(found[start : start + 3])


def test_a_single_file_is_told_from_a_folder(photos: Path) -> None:
    assert Files(["photos/a.jpg"]).only_one
    assert not Files(["photos"]).only_one
    assert not Files(["photos/a.jpg", "photos/b.jpg"]).only_one
