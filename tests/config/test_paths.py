from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from unexposed.config.paths import expand, plain, shortened
from unexposed.errors import ConfigError


def test_a_tilde_is_the_home_folder(home: Path) -> None:
    assert expand("~/Downloads") == home / "Downloads"
    assert expand("~") == home


def test_a_tilde_with_a_name_is_that_users_home_folder() -> None:
    user = pwd.getpwuid(os.getuid())
    assert expand(f"~{user.pw_name}/x") == Path(user.pw_dir) / "x"


def test_an_unknown_user_is_told() -> None:
    with pytest.raises(
        ConfigError, match='"~nobody-of-that-name": there is no user "nobody-of-that-name"'
    ):
        expand("~nobody-of-that-name/x")


def test_a_tilde_elsewhere_is_part_of_a_name() -> None:
    assert expand("/a/~/b~") == Path("/a/~/b~")


def test_environment_variables_expand_with_and_without_braces(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PLACE", "/data/ada")
    assert expand("$PLACE/in") == Path("/data/ada/in")
    assert expand("${PLACE}2/in") == Path("/data/ada2/in")


def test_what_a_variable_holds_is_not_expanded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLACE", "/data/$OTHER/~")
    assert expand("$PLACE") == Path("/data/$OTHER/~")


def test_two_dollar_signs_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLACE", "/data")
    assert expand("/a/$$PLACE") == Path("/a/$PLACE")


@pytest.mark.parametrize("value", [None, ""])
def test_a_variable_that_is_not_set_is_named(
    value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is None:
        monkeypatch.delenv("PLACE", raising=False)
    else:
        monkeypatch.setenv("PLACE", value)
    with pytest.raises(ConfigError, match="the environment variable PLACE is not set"):
        expand("/a/$PLACE/b")


def test_a_relative_path_is_refused_with_an_absolute_one() -> None:
    with pytest.raises(ConfigError, match=r'"\./in" is not absolute; write "~/in"'):
        expand("./in")


def test_an_empty_path_is_refused() -> None:
    with pytest.raises(ConfigError, match='"" leads nowhere; write an absolute path'):
        expand("")


def test_a_path_with_a_nul_character_is_refused() -> None:
    with pytest.raises(ConfigError, match="NUL"):
        expand("/a\0b")


def test_a_path_is_made_plain() -> None:
    assert str(plain("//a/./b//c/")) == "/a/b/c"


def test_two_dots_behind_a_link_lead_where_the_file_system_says(tmp_path: Path) -> None:
    (tmp_path / "far" / "away").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "far" / "away")
    assert plain(tmp_path / "link" / ".." / "x") == tmp_path / "far" / "x"


def test_a_path_in_the_home_folder_is_shortened(home: Path) -> None:
    assert shortened(home / "a" / "b") == "~/a/b"
    assert shortened(Path("/etc/x")) == "/etc/x"


def test_a_home_folder_that_is_not_known_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "nowhere")
    with pytest.raises(ConfigError, match="set HOME"):
        expand("~/x")
