"""A configuration file that is looked at from time to time."""

from __future__ import annotations

from pathlib import Path

from unexposed.config.changes import Changes


def test_a_change_counts_once_it_stays_for_two_looks(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("a")
    changes = Changes(path)
    assert not changes.came()
    path.write_text("ab")
    assert not changes.came()
    assert changes.pending
    path.write_text("abc")
    assert not changes.came(), "it is still being written"
    assert changes.came()
    assert not changes.pending
    assert not changes.came()


def test_a_file_that_goes_or_comes_is_a_change_too(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    changes = Changes(path)
    path.touch()
    assert (changes.came(), changes.came()) == (False, True)
    path.unlink()
    assert (changes.came(), changes.came()) == (False, True)


def test_what_was_read_on_order_is_no_change_any_more(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    changes = Changes(path)
    path.touch()
    changes.came()
    changes.taken()
    assert not changes.pending
    assert not changes.came()
