from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unexposed.wording import harmless
from unexposed.wording.characters import MAX_SHOWN, shortened

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
"""Lone surrogates, as undecodable file names have them, among it."""


@given(ANY_TEXT)
def test_any_text_becomes_one_printable_line(text: str) -> None:
    shown = harmless(text)
    assert shown.isprintable()
    assert shown.encode().decode() == shown
    assert len(shown) <= MAX_SHOWN
    assert harmless(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("photo\u202egnp.exe", "photognp.exe"),
        ("a\u2066b\u2067c\u2068d\u2069.jpg", "abcd.jpg"),
        ("a\u200eb\u200fc\u061cd", "abcd"),
        ("a\u200b\u200c\u200d\u2060\ufeffb", "ab"),
        ("a\nb\r\nc\u2028d\x85e", "a b  c d e"),
        ("\x1b[31mred\x07\x9b2J", " [31mred  2J"),
        ("a\xadb\u034fc\u3164d\u2800e\ufe0ff", "abcdef"),
        ("flag\U000e0067\U000e007f\U000e0101", "flag"),
        ("na\udcefve.jpg", "na\ufffdve.jpg"),
        ("\ue000\u0378", "\ufffd\ufffd"),
        ("no\xa0break\u3000wide", "no break wide"),
    ],
)
def test_what_could_deceive_is_gone(text: str, shown: str) -> None:
    assert harmless(text) == shown


@pytest.mark.parametrize(
    "text", ["Ferien in Köln.jpg", "写真.png", "الصورة.jpg", "été 🎉.webp", ""]
)
def test_ordinary_names_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


def test_no_invisible_character_is_left() -> None:
    every = "".join(map(chr, range(0x110000)))
    shown = {c for at in range(0, len(every), 4000) for c in harmless(every[at : at + 4000])}
    assert {unicodedata.category(c) for c in shown}.isdisjoint({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    assert shown.isdisjoint("\u115f\u1160\u3164\uffa0\u2800\u180b\ufe00\U000e0100")


def test_text_of_any_length_is_cut() -> None:
    assert len(harmless("a" * 10_000_000)) == MAX_SHOWN
    assert len(harmless("\u202e" * 10_000_000)) <= MAX_SHOWN


def test_a_long_name_keeps_its_ending() -> None:
    assert shortened("a very long name of a file.jpg", 14, 4) == "a very lo….jpg"
