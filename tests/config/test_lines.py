from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unexposed.config.lines import Keys, find_lines, line_of

DOCUMENT = '''\
# outbox = "not here"
outbox = "~/Out" # nor outbox = here
text = """
[watch]
outbox = "in a text"
quotes at the end"""""
raw = \'\'\'
[[watch]]
it''s = 1\'\'\'

[notifications]
enabled = true

[[watch]]  # number 0
path = "/a#b"
include = [
    "*.jpg", # [[watch]]
    "]",

    \'}\',
]
[[watch]]
path = "/c"
extra = { one = 1, "two # 2" = [{ three = 3 }], four.five = 6 }
  [watch.below]
  deep = 1979-05-27 07:32:00

[policy."my.own"]
quality = 80
\'mode\' = "0600"
[policy]
web.quality = 70
web . mode = "0640"
'''


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("outbox",), 2),
        (("text",), 3),
        (("raw",), 7),
        (("notifications",), 11),
        (("notifications", "enabled"), 12),
        (("watch",), 14),
        (("watch", 0), 14),
        (("watch", 0, "path"), 15),
        (("watch", 0, "include"), 16),
        (("watch", 0, "include", 0), 17),
        (("watch", 0, "include", 1), 18),
        (("watch", 0, "include", 2), 20),
        (("watch", 1), 22),
        (("watch", 1, "path"), 23),
        (("watch", 1, "extra", "one"), 24),
        (("watch", 1, "extra", "two # 2", 0, "three"), 24),
        (("watch", 1, "extra", "four", "five"), 24),
        (("watch", 1, "below"), 25),
        (("watch", 1, "below", "deep"), 26),
        (("policy",), 28),
        (("policy", "my.own"), 28),
        (("policy", "my.own", "quality"), 29),
        (("policy", "my.own", "mode"), 30),
        (("policy", "web", "quality"), 32),
        (("policy", "web", "mode"), 33),
    ],
)
def test_a_key_is_found_on_its_own_line(keys: Keys, line: int) -> None:
    assert find_lines(DOCUMENT)[keys] == line


def test_nothing_is_found_that_the_text_does_not_hold() -> None:
    assert set(find_lines(DOCUMENT)) == set(paths_of(tomllib.loads(DOCUMENT)))


def test_windows_line_endings_count_once() -> None:
    lines = find_lines(DOCUMENT.replace("\n", "\r\n"))
    assert lines == find_lines(DOCUMENT)


def test_a_key_that_is_missing_has_the_line_of_its_table() -> None:
    lines = find_lines(DOCUMENT)
    assert line_of(lines, ("watch", 1, "polcy")) == 22
    assert line_of(lines, ("watch", 0, "include", 7)) == 16


def test_a_key_outside_every_table_that_is_missing_has_no_line() -> None:
    assert line_of(find_lines(DOCUMENT), ("state_dir",)) is None


def paths_of(value: Any, at: Keys = ()) -> list[Keys]:
    """Every way into a parsed document."""
    inner: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    found: list[Keys] = [at] if at else []
    for key, item in inner:
        found += paths_of(item, (*at, key))
    return found


DECOYS = st.sampled_from(
    ["[a]", "[[a]]", "k0 = 1", "#", "]", "}", "'", "=", "", "é\\\\", "a.b = {", '\\"']
)
COMMENTS = st.one_of(st.just(""), DECOYS.map(lambda decoy: f" # {decoy}"))


@st.composite
def values(draw: st.DrawFn, depth: int = 0) -> str:
    """The text of a value, over any number of lines."""
    kind = draw(st.integers(0, 4 if depth > 2 else 6))
    decoys = draw(st.lists(DECOYS, max_size=3))
    if kind == 0:
        return draw(st.sampled_from(["1", "-1.5e3", "true", "nan", "1979-05-27 07:32:00", "0x1F"]))
    if kind == 1:
        return '"' + " ".join(decoys) + '"'
    if kind == 2:
        return "'" + " ".join(decoy.replace("'", "") for decoy in decoys) + "'"
    if kind == 3:
        return '"""' + "\n".join(decoys) + draw(st.sampled_from(['"""', '""""', '"""""']))
    if kind == 4:
        return "'''" + "\n".join(decoy.replace("'", "") for decoy in decoys) + "'''"
    inner = draw(st.lists(values(depth=depth + 1), max_size=3))
    if kind == 5:
        return (
            "[" + ",".join(f"{draw(COMMENTS)}\n  {each}" for each in inner) + draw(COMMENTS) + "\n]"
        )
    inner = [each for each in inner if "\n" not in each]
    return "{" + ", ".join(f"i{n} = {each}" for n, each in enumerate(inner)) + "}"


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[Keys, int]]:
    """A TOML text, and the line of each key that was put into it."""
    text, expected = "", {}
    tables = draw(st.lists(st.sampled_from(["[{}]", "[[{}]]", "[ 'x y' . {} ]"]), max_size=4))
    for number, header in enumerate(["", *tables]):
        name = f"t{number}"
        table: Keys = ()
        for again in range(draw(st.integers(1, 2)) if header == "[[{}]]" else 1):
            if header:
                table = (
                    ("x y", name)
                    if "x y" in header
                    else (name, again)
                    if "[[" in header
                    else (name,)
                )
                text += draw(COMMENTS).strip() + "\n" + header.format(name) + draw(COMMENTS) + "\n"
                expected[table] = text.count("\n")
            for count in range(draw(st.integers(0, 3))):
                written, keys = draw(
                    st.sampled_from(
                        [
                            (f"k{count}", (f"k{count}",)),
                            (f'"k.{count}"', (f"k.{count}",)),
                            (f"d{count} . 'e e'", (f"d{count}", "e e")),
                        ]
                    )
                )
                text += f"{draw(COMMENTS).strip()}\n  {written} ="
                expected[(*table, *keys)] = text.count("\n") + 1
                text += f" {draw(values())}{draw(COMMENTS)}\n"
    return text, expected


@given(documents())
def test_every_key_of_any_document_is_found_where_it_was_written(
    document: tuple[str, dict[Keys, int]],
) -> None:
    text, expected = document
    lines = find_lines(text)
    assert {keys: lines.get(keys) for keys in expected} == expected
    assert set(lines) == set(paths_of(tomllib.loads(text)))


@given(st.text(alphabet="ab=.[]{}\"'\\#, \n1", max_size=60))
def test_text_that_is_not_toml_does_no_harm(text: str) -> None:
    assert all(line >= 1 for line in find_lines(text).values())
