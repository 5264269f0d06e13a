from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from unexposed import config
from unexposed.config import Config, History, Home, Notifications, Watch, Watching, Worker
from unexposed.config.paths import expand
from unexposed.policy import BUILT_IN, Policy

ROOT = Path(__file__).parents[2]
COMMENTED = re.compile(r"^# (?=\[|[a-z_]+ = )", re.MULTILINE)


@pytest.fixture
def shown() -> dict[str, Any]:
    """All that the example shows, what stands in comments included."""
    return tomllib.loads(COMMENTED.sub("", config.example()))


def own(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """Defaults of a table by key, as TOML holds them; None where there is none to write."""
    return {
        field.name: list(field.default) if isinstance(field.default, tuple) else field.default
        for field in msgspec.structs.fields(kind)
    }


def test_the_example_at_the_top_of_the_repository_is_the_one_that_is_installed() -> None:
    assert (ROOT / "config.example.toml").read_text(encoding="utf-8") == config.example()
    assert (ROOT / "config.example.toml").is_symlink()


def test_the_example_means_the_same_as_no_file() -> None:
    assert config.parse(config.example(), "example") == config.defaults()


def test_the_example_means_something_with_every_comment_taken_away() -> None:
    effective = config.parse(COMMENTED.sub("", config.example()), "example")
    assert effective.watch[:3] == config.defaults().watch
    assert effective.outbox == config.defaults().outbox
    assert effective.state_dir == config.defaults().state_dir


def test_the_example_shows_every_key_at_the_top(shown: dict[str, Any]) -> None:
    assert set(shown) == set(Config.__struct_fields__)


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        ("notifications", Notifications),
        ("watching", Watching),
        ("worker", Worker),
        ("history", History),
    ],
)
def test_the_example_shows_every_key_of_a_table_with_its_default(
    table: str, kind: type[msgspec.Struct], shown: dict[str, Any]
) -> None:
    assert shown[table] == own(kind)


def test_the_example_shows_every_key_of_a_home(shown: dict[str, Any]) -> None:
    assert set(shown["home"]) == set(Home.__struct_fields__)
    assert shown["home"]["radius_m"] == own(Home)["radius_m"]


def test_the_example_shows_every_key_of_a_watch_with_its_default(shown: dict[str, Any]) -> None:
    table = shown["watch"][-1]
    assert set(table) == set(Watch.__struct_fields__)
    expected = {
        key: value
        for key, value in own(Watch).items()
        if value is not None and value is not msgspec.NODEFAULT
    }
    assert {key: table[key] for key in expected} == expected


@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_the_example_shows_every_key_of_a_built_in_policy_with_its_value(
    name: str, shown: dict[str, Any]
) -> None:
    values = msgspec.to_builtins(BUILT_IN[name])
    del values["extends"]
    values |= {key: list(value) for key, value in values.items() if isinstance(value, tuple)}
    assert shown["policy"][name] == values


def test_the_example_shows_how_a_policy_extends_another(shown: dict[str, Any]) -> None:
    assert shown["policy"]["web"]["extends"] == Policy().extends


def test_the_example_shows_the_default_places(shown: dict[str, Any]) -> None:
    defaults = config.defaults()
    assert expand(shown["outbox"]) == defaults.outbox_path
    assert expand(shown["state_dir"]) == defaults.state_path
    assert [expand(watch["path"]) for watch in shown["watch"][:-1]] == [
        watch.root for watch in defaults.watch
    ]
