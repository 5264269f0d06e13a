from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unexposed import config
from unexposed.config import Config, as_toml
from unexposed.errors import ConfigError

MUCH = """\
outbox = "~/Out"
watch = [{ path = "$HOME/a", ignore = ["*.part"] }, { path = "/b", policy = "web" }]
policy.web = { extends = "strict", mode = "0644", "max_side" = 9 }
"""
TEXT = "[notifications]\nenabled = false\n"


def place(home: Path) -> Path:
    """The default place of the configuration file, its folder made."""
    path = home / ".config" / "unexposed" / "config.toml"
    path.parent.mkdir(parents=True)
    return path


def error(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        config.parse(text, "c.toml")
    return str(caught.value)


def test_without_a_file_the_defaults_hold() -> None:
    assert config.find() is None
    assert config.load() == config.defaults()


def test_the_file_in_the_systems_place_is_found(home: Path) -> None:
    path = place(home)
    path.write_text(TEXT)
    assert config.find() == path == config.default_path()
    assert not config.load().notifications.enabled


def test_the_environment_variable_wins(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(home).write_text("broken")
    other = home / "other.toml"
    other.write_text(TEXT)
    monkeypatch.setenv("UNEXPOSED_CONFIG", "~/other.toml")
    assert config.find() == other == config.default_path()
    assert not config.load().notifications.enabled


def test_a_given_path_wins_over_everything(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNEXPOSED_CONFIG", "/nowhere")
    path = home / "given.toml"
    path.write_text(TEXT)
    assert not config.load(path).notifications.enabled


def test_a_named_file_that_does_not_exist_is_not_replaced_by_the_defaults(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("UNEXPOSED_CONFIG", "~/gone.toml")
    with pytest.raises(
        ConfigError, match=r"^~/gone\.toml: there is no such file; `unexposed config init`"
    ):
        config.load()


def test_a_link_that_leads_nowhere_is_not_replaced_by_the_defaults(home: Path) -> None:
    place(home).symlink_to(home / "gone.toml")
    with pytest.raises(ConfigError, match="there is no such file"):
        config.load()


def test_a_folder_is_no_configuration(home: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        config.load(home)


def test_a_home_folder_that_is_not_known_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "nowhere")
    with pytest.raises(ConfigError, match="set HOME"):
        config.load()


def test_a_file_that_is_far_too_long_is_refused(home: Path) -> None:
    path = home / "long.toml"
    path.write_bytes(b"#" * (256 * 1024 + 1))
    with pytest.raises(ConfigError, match="longer than 256 KiB"):
        config.load(path)


def test_a_byte_that_is_not_utf_8_is_told_with_its_line(home: Path) -> None:
    path = home / "latin.toml"
    path.write_bytes(b'# one\n\noutbox = "/\xe9"')
    with pytest.raises(ConfigError, match=r"^~/latin\.toml, line 3: byte 0xe9 is not UTF-8"):
        config.load(path)


def test_a_byte_order_mark_does_no_harm(home: Path) -> None:
    path = home / "marked.toml"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    assert not config.load(path).notifications.enabled


def test_errors_name_the_file_as_people_know_it(home: Path) -> None:
    path = place(home)
    path.write_text('\n[[watch]]\npath = "/a"\npolcy = "x"')
    with pytest.raises(ConfigError) as caught:
        config.load()
    assert str(caught.value) == (
        '~/.config/unexposed/config.toml, line 4: [[watch]] number 1: unknown key "polcy";'
        ' did you mean "policy"?'
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "\noutbox = ~/Out\n",
            (
                "line 2, column 10: this is not TOML: invalid value near `outbox = ~/Out`;"
                ' texts stand in quotes, as in path = "~/Downloads"'
            ),
        ),
        (
            'outbox = "C:\\pictures"\n',
            (
                "line 1, column 15: this is not TOML: unescaped '\\' in a string"
                ' near `outbox = "C:\\pictures"`; write the text in single quotes, or \\\\ for a backslash'
            ),
        ),
        (
            "[watch\n",
            (
                "line 1, column 7: this is not TOML: expected ']' at the end of a table declaration"
                " near `[watch`; close the header, as in [notifications] or [[watch]]"
            ),
        ),
        (
            'outbox = "/a"\noutbox = "/b"',
            (
                "line 2, the last: this is not TOML: cannot overwrite a value"
                ' near `outbox = "/b"`; the key stands twice in its table; keep one'
            ),
        ),
        (
            "outbox\n",
            (
                "line 1, column 7: this is not TOML: expected '=' after a key in a key/value pair"
                ' near `outbox`; write key = value, as in path = "~/Downloads"'
            ),
        ),
        (
            "outbox = '/a",
            (
                "line 1, the last: this is not TOML: expected \"'\" near `outbox = '/a`;"
                " close the text with a quote"
            ),
        ),
    ],
)
def test_text_that_is_not_toml_is_told_with_line_column_and_what_to_write(
    text: str, told: str
) -> None:
    assert error(text) == f"c.toml, {told}"


def test_lists_without_end_are_refused() -> None:
    assert error("x = " + "[" * 100_000).startswith("c.toml: lists within lists go too deep")


def test_a_number_without_end_is_refused() -> None:
    assert error("x = " + "9" * 5000).startswith("c.toml: this is not TOML: ")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_file_raises_nothing_but_the_projects_own_error(data: st.DataObject) -> None:
    whole = config.example()
    text = data.draw(st.sampled_from([whole, whole.replace("\n# ", "\n"), MUCH]))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    damaged = text[:start] + data.draw(st.text(max_size=10)) + text[end:]
    with contextlib.suppress(ConfigError):
        config.parse(damaged, "c.toml")


def assert_comes_back(effective: Config) -> None:
    assert config.parse(as_toml(effective), "shown.toml") == effective


def test_the_effective_configuration_loads_to_the_same_one() -> None:
    assert_comes_back(config.defaults())
    assert_comes_back(
        config.parse(
            'outbox = "/o$$x"\n[[watch]]\npath = "/a \\"b\\" é\\u007f"\ninclude = ["*.jpg"]\n'
            'catch_up = "all"\n[policy.web]\nextends = "strict"\nmax_side = 9\n'
            "[policy.'x y']\nextends = 'web'\n"
            "[home]\nlatitude = -0.5\nlongitude = -9.1392",
            "c.toml",
        )
    )


@given(
    st.text(min_size=1, max_size=30).filter(lambda name: "\0" not in name and name.isprintable())
)
def test_any_path_survives_being_shown(name: str) -> None:
    written = name.replace("$", "$$").replace("'", "-")
    assert_comes_back(config.parse(f"[[watch]]\npath = '/w/{written}'", "c.toml"))
