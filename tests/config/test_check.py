from __future__ import annotations

from pathlib import Path

import pytest

from unexposed.config import parse
from unexposed.errors import ConfigError


def errors(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse(text, "c.toml")
    return str(caught.value).split("\n")


def test_paths_come_out_expanded_and_absolute(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLACE", "/data")
    config = parse(
        'outbox = "~/Out"\nstate_dir = "$PLACE/state/"\n[[watch]]\npath = "${PLACE}//in/."',
        "c.toml",
    )
    assert config.outbox_path == home / "Out"
    assert config.state_path == Path("/data/state")
    assert config.watch[0].root == Path("/data/in")


def test_only_the_folders_that_the_file_gives_are_watched() -> None:
    config = parse('[[watch]]\npath = "/a"\n[[watch]]\npath = "/b"\ncreate = true', "c.toml")
    assert [watch.path for watch in config.watch] == ["/a", "/b"]
    assert config.watch[1].create


def test_without_a_watch_the_default_folders_are_watched(home: Path) -> None:
    config = parse('outbox = "/out"', "c.toml")
    assert config.watch[0].root == home / "Downloads"
    assert len(config.watch) == 3


def test_an_outbox_inside_a_watched_folder_is_fine() -> None:
    config = parse('outbox = "/a/out"\n[[watch]]\npath = "/a"', "c.toml")
    assert config.outbox == "/a/out"


def test_an_outbox_that_is_watched_is_refused() -> None:
    assert errors('outbox = "/a"\n[[watch]]\npath = "/b"\n[[watch]]\npath = "/a/"') == [
        (
            "c.toml, line 5: [[watch]] number 2: /a is both watched and the outbox, so every copy"
            ' would be taken again; write another folder, such as outbox = "~/Pictures/Unexposed"'
        )
    ]


def test_an_outbox_that_is_watched_through_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    [error] = errors(f'outbox = "{tmp_path}/real"\n[[watch]]\npath = "{tmp_path}/link"')
    assert "is both watched and the outbox" in error


def test_a_watched_folder_inside_the_outbox_is_refused() -> None:
    assert errors('outbox = "/a"\n[[watch]]\npath = "/a/in"') == [
        (
            "c.toml, line 3: [[watch]] number 1: the watched folder /a/in lies inside the outbox /a;"
            ' write another folder, such as outbox = "~/Pictures/Unexposed"'
        )
    ]


def test_a_default_folder_inside_the_outbox_is_told_at_the_outbox(home: Path) -> None:
    [error] = errors('\noutbox = "~/Pictures"')
    assert error.startswith(
        f"c.toml, line 2: the watched folder {home}/Pictures/Screenshots lies inside the outbox"
    )


def test_a_folder_whose_name_only_begins_like_the_outbox_is_fine() -> None:
    assert parse('outbox = "/a"\n[[watch]]\npath = "/ab"', "c.toml").outbox == "/a"


def test_a_folder_watched_twice_is_refused() -> None:
    assert errors('[[watch]]\npath = "/a"\n[[watch]]\npath = "/a/./"') == [
        (
            "c.toml, line 4: [[watch]] number 2: path: /a is the folder of [[watch]] number 1 too;"
            " keep one of them"
        )
    ]


def test_a_watched_folder_inside_another_is_fine() -> None:
    config = parse('[[watch]]\npath = "/a"\n[[watch]]\npath = "/a/b"', "c.toml")
    assert len(config.watch) == 2


def test_a_state_dir_inside_a_watched_folder_is_fine() -> None:
    config = parse('state_dir = "/a/state"\n[[watch]]\npath = "/a"', "c.toml")
    assert config.state_dir == "/a/state"


def test_a_state_dir_inside_the_outbox_is_refused_as_the_outbox_is_shared() -> None:
    assert errors('outbox = "/out"\nstate_dir = "/out/state"') == [
        (
            "c.toml, line 2: state_dir /out/state lies inside the outbox /out, which is there to be"
            ' shared; write a folder elsewhere, such as state_dir = "~/.local/state/unexposed"'
        )
    ]


def test_a_watched_folder_inside_the_state_dir_is_refused() -> None:
    [error] = errors('state_dir = "/s"\n[[watch]]\npath = "/s"')
    assert error.startswith(
        "c.toml, line 3: [[watch]] number 1: the watched folder /s lies inside state_dir /s"
    )


def test_an_unknown_policy_is_told_with_the_nearest_of_all_that_exist() -> None:
    text = '[[watch]]\npath = "/a"\npolicy = "wbe"\n[policy.web]\nquality = 80'
    assert errors(text) == [
        'c.toml, line 3: [[watch]] number 1: there is no policy "wbe"; did you mean "web"?'
    ]
    assert errors('[[watch]]\npath = "/a"\npolicy = "x"') == [
        'c.toml, line 3: [[watch]] number 1: there is no policy "x"; write "metadata" or "strict"'
    ]


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("", '"" leads nowhere; write an absolute path such as "~/Downloads"'),
        ("in", '"in" is not absolute; write "~/in" if it is in the home folder'),
        (
            "$NOT_SET_ANYWHERE/in",
            (
                "the environment variable NOT_SET_ANYWHERE is not set;"
                " set it, or write the path in full ($$ stands for a dollar sign)"
            ),
        ),
        (
            "~nobody-of-that-name/in",
            '"~nobody-of-that-name": there is no user "nobody-of-that-name" on this machine',
        ),
    ],
)
def test_a_path_that_leads_nowhere_is_told_with_its_line(path: str, error: str) -> None:
    assert errors(f'[[watch]]\nrecursive = true\npath = "{path}"') == [
        f"c.toml, line 3: [[watch]] number 1: path: {error}"
    ]
    assert errors(f'\noutbox = "{path}"') == [f"c.toml, line 2: outbox: {error}"]
    assert errors(f'state_dir = "{path}"') == [f"c.toml, line 1: state_dir: {error}"]


def test_an_empty_pattern_is_told_on_its_own_line() -> None:
    assert errors('[[watch]]\npath = "/a"\ninclude = [\n"*.jpg",\n"",\n]') == [
        (
            "c.toml, line 5: [[watch]] number 1: include: an empty pattern matches no name;"
            ' write one such as "*.jpg"'
        )
    ]


@pytest.mark.parametrize(
    ("pattern", "instead"),
    [
        ("drafts/", "drafts"),
        ("/home/ada/*.jpg", "*.jpg"),
        ("~/in/a*", "a*"),
        ("../b", "b"),
        ("./", "*"),
    ],
)
def test_a_pattern_that_never_matches_is_told(pattern: str, instead: str) -> None:
    assert errors(f'[[watch]]\npath = "/a"\nignore = ["{pattern}"]') == [
        (
            f'c.toml, line 3: [[watch]] number 1: ignore: "{pattern}" never matches, as patterns are'
            f' compared with names and with paths below the watched folder; write "{instead}"'
        )
    ]


def test_a_pattern_for_a_path_below_the_watched_folder_is_fine() -> None:
    config = parse('[[watch]]\npath = "/a"\nignore = ["drafts/*.jpg", "~*"]', "c.toml")
    assert config.watch[0].ignore == ("drafts/*.jpg", "~*")


def test_a_file_that_gives_every_place_needs_no_home_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOME", "nowhere")
    text = 'outbox = "/o"\nstate_dir = "/s"\n[[watch]]\npath = "/a"'
    assert parse(text, "c.toml").outbox == "/o"
