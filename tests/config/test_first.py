from __future__ import annotations

import os
from pathlib import Path

import pytest

from unexposed.config import Wishes, defaults, first, parse, save, suggested
from unexposed.errors import ConfigError


def test_what_is_usual_is_a_file_of_comments(home: Path) -> None:
    text = first(Wishes(folders=suggested()))
    assert [line for line in text.splitlines() if line and line[0] != "#"] == []
    assert "#   ~/Downloads\n" in text
    assert parse(text, "x") == defaults()


def test_only_what_differs_from_the_defaults_is_written(home: Path) -> None:
    (home / "Photos").mkdir()
    text = first(Wishes(folders=(home / "Photos", home / "To Share", Path("/srv/$new"))))
    written = [line for line in text.splitlines() if line and line[0] != "#"]
    assert written == [
        "[[watch]]",
        'path = "~/Photos"',
        "[[watch]]",
        'path = "~/To Share"',
        'policy = "strict"',
        'names = "scrub"',
        "create = true",
        "[[watch]]",
        'path = "/srv/$$new"',
        "create = true",
    ]
    assert max(map(len, text.splitlines())) <= 88
    watched = parse(text, "x").watch
    assert [one.path for one in watched] == [f"{home}/Photos", f"{home}/To Share", "/srv/$new"]


def test_a_folder_that_was_named_twice_is_watched_once(home: Path) -> None:
    text = first(Wishes(folders=(home / "a", home / "a")))
    assert len(parse(text, "x").watch) == 1


@pytest.mark.parametrize("faces", ["bystanders", "all"])
def test_faces_are_covered_by_the_policies_of_the_folders(home: Path, faces: str) -> None:
    config = parse(first(Wishes(folders=suggested(), faces=faces)), "x")
    assert {config.policy_for(one).faces for one in config.watch} == {faces}


def test_a_file_is_written_whole_for_its_owner_and_the_earlier_one_kept(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "config.toml"
    assert save(path, "a") is None
    assert path.stat().st_mode & 0o777 == 0o600
    assert save(path, "b") == path.with_name("config.toml.old")
    assert save(path, "c") == path.with_name("config.toml.old-2")
    assert {one.name: one.read_text() for one in path.parent.iterdir()} == {
        "config.toml": "c",
        "config.toml.old": "a",
        "config.toml.old-2": "b",
    }


def test_a_link_stays_one(tmp_path: Path) -> None:
    link = tmp_path / "config.toml"
    link.symlink_to(tmp_path / "dotfiles")
    save(link, "a")
    assert link.is_symlink()
    assert (tmp_path / "dotfiles").read_text() == "a"


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(
        ConfigError, match=r"config\.toml cannot be written: .* is a file, not a folder"
    ):
        save(tmp_path / "file" / "config.toml", "a")
    name = os.fsdecode(b"\xff")
    with pytest.raises(ConfigError, match="not UTF-8"):
        save(tmp_path / "config.toml", f'path = "{name}"')
    assert not (tmp_path / "config.toml").exists()
