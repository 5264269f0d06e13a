from __future__ import annotations

import ast

import plyer.platforms.linux.notification as on_linux
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unexposed.notify.through_plyer import SPELLINGS, argument, markup, quoted, unescaped
from unexposed.wording import harmless

LINES = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\\'\"<>&-")).map(
    harmless
)
"""Text as it is sent: one line without control characters."""


@given(LINES)
def test_quoted_text_ends_where_it_should(line: str) -> None:
    assert ast.literal_eval(f"'{quoted(line)}'") == line


@given(LINES)
def test_nothing_begins_as_an_option(line: str) -> None:
    assert not argument(line).startswith("-")
    assert not unescaped(line).startswith("-")


@given(LINES)
def test_marked_up_text_holds_no_tags(line: str) -> None:
    assert not set("<>") & set(markup(line))


def test_every_way_that_plyer_has_on_linux_is_known() -> None:
    ways = {
        name
        for name, one in vars(on_linux).items()
        if isinstance(one, type) and one.__module__ == on_linux.__name__
    }
    assert ways == set(SPELLINGS)


def test_the_portal_gets_one_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    monkeypatch.setattr(on_linux.subprocess, "run", lambda command, **_: seen.append(command))
    trap = "x'>, 'buttons': <'\\"
    on_linux.NotifyDesktopPortals()._notify(title=quoted(trap), message=quoted(trap))
    told = seen[0][-1].replace("<", "").replace(">", "")
    plain = trap.replace("<", "").replace(">", "")
    assert ast.literal_eval(told) == {"title": plain, "body": plain}
