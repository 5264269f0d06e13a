from __future__ import annotations

import msgspec
import pytest

from unexposed.config import parse
from unexposed.errors import ConfigError
from unexposed.policy import BUILT_IN


def errors(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse(text, "c.toml")
    return str(caught.value).split("\n")


def test_the_built_in_policies_are_there_without_a_word() -> None:
    assert parse("", "c.toml").policy == BUILT_IN


def test_a_table_named_like_a_built_in_policy_changes_it() -> None:
    policy = parse("[policy.strict]\nquality = 70", "c.toml").policy
    assert policy["strict"] == msgspec.structs.replace(BUILT_IN["strict"], quality=70)
    assert policy["metadata"] == BUILT_IN["metadata"]


def test_a_policy_extends_metadata_when_it_does_not_say() -> None:
    policy = parse('[policy.metadata]\nmode = "0640"\n[policy.web]\nquality = 70', "c.toml").policy
    assert policy["web"] == msgspec.structs.replace(BUILT_IN["metadata"], mode="0640", quality=70)


def test_a_policy_extends_another_through_any_number_of_steps_in_any_order() -> None:
    policy = parse(
        '[policy.a]\nextends = "b"\nquality = 1\n'
        '[policy.b]\nextends = "c"\nquality = 2\nmode = "0640"\n'
        '[policy.c]\nextends = "strict"\nmode = "0644"\nmax_side = 9',
        "c.toml",
    ).policy
    assert policy["a"] == msgspec.structs.replace(
        BUILT_IN["strict"], extends="b", quality=1, mode="0640", max_side=9
    )
    assert policy["b"].quality == 2
    assert policy["c"].mode == "0644"


def test_a_built_in_policy_that_extends_itself_is_only_changed() -> None:
    policy = parse('[policy.strict]\nextends = "strict"\nquality = 70', "c.toml").policy
    assert policy["strict"].max_side == BUILT_IN["strict"].max_side
    assert policy["strict"].quality == 70


def test_a_built_in_policy_can_be_made_to_extend_another() -> None:
    policy = parse('[policy.metadata]\nextends = "strict"\nnames = "keep"', "c.toml").policy
    assert policy["metadata"].pixels == "reencode"
    assert policy["metadata"].names == "keep"


def test_a_policy_that_extends_an_unknown_one_is_told_once_where_it_says_so() -> None:
    assert errors('[policy.a]\nextends = "b"\n[policy.b]\nextends = "stric"') == [
        'c.toml, line 4: [policy.b]: extends "stric", which does not exist; did you mean "strict"?'
    ]


def test_a_circle_is_told_once() -> None:
    assert errors(
        '[policy.x]\nextends = "a"\n[policy.a]\nextends = "b"\n[policy.b]\nextends = "a"'
    ) == [
        (
            'c.toml, line 4: [policy.a]: "a" extends "b" extends "a", in a circle;'
            ' write extends = "metadata" in one of them'
        )
    ]


def test_a_policy_that_extends_itself_is_a_circle() -> None:
    [error] = errors('[policy.a]\nextends = "a"')
    assert error.startswith('c.toml, line 2: [policy.a]: "a" extends "a", in a circle;')


def test_a_watch_with_a_broken_policy_is_not_told_as_well() -> None:
    text = '[[watch]]\npath = "/a"\npolicy = "web"\n[policy.web]\nextends = "web"'
    assert len(errors(text)) == 1
