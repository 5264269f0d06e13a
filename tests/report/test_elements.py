from __future__ import annotations

import pytest

from unexposed.report.elements import element, joined, verbatim


def test_text_and_attributes_from_outside_cannot_become_markup() -> None:
    made = element("p", "<script>alert('a & b')</script>", title='"><img src=x>')
    assert made == (
        '<p title="&quot;&gt;&lt;img src=x&gt;">'
        "&lt;script&gt;alert(&#x27;a &amp; b&#x27;)&lt;/script&gt;</p>"
    )


def test_what_is_built_already_is_not_escaped_again() -> None:
    inner = element("b", "a & b")
    assert element("p", inner, " < ", 5, None) == "<p><b>a &amp; b</b> &lt; 5</p>"
    assert joined((inner, verbatim("<i>"))) == "<b>a &amp; b</b><i>"


def test_joining_and_formatting_markup_with_text_makes_text_again() -> None:
    assert element("p", element("b", "x") + "<") == "<p>&lt;b&gt;x&lt;/b&gt;&lt;</p>"


@pytest.mark.parametrize("trick", ["\u202egpj.exe", "a\u200bb", "\x00\x1b[31m"])
def test_characters_that_hide_or_turn_text_round_do_not_come_through(trick: str) -> None:
    made = element("p", trick, title=trick)
    assert not any(one in made for one in "\u202e\u200b\x00\x1b")


def test_names_of_attributes_may_be_words_of_python() -> None:
    made = element("label", class_="a", for_="b", data_level=3, hidden=True, open=False, lang=None)
    assert made == '<label class="a" for="b" data-level="3" hidden></label>'
    assert element("img", alt="") == '<img alt="">'
