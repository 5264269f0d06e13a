"""In which language, with which dates and distances a person is spoken to.

The environment says so, as POSIX and GNU gettext have it, unless the configuration names the
language; it is asked each time and no locale is set for the process, so that threads and tests do not get in each other's way. English stands in
the code; other languages come from `locale/`, which `tools/translations.py` makes.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gettext import NullTranslations

DOMAIN: Final = "unexposed"
ENGLISH: Final = "en"
LANGUAGES: Final = (ENGLISH, "de")
FOLDER: Final = os.path.join(os.path.dirname(os.path.dirname(__file__)), "locale")

_MILES: Final = frozenset({"US", "GB", "UK", "LR", "MM"})
"""Countries whose road signs have miles."""
_MONTH_FIRST: Final = frozenset({"US", "PH"})
"""Countries where an English date begins with its month."""
_NO_LANGUAGE: Final = ("C", "POSIX")
KM_IN_MILE: Final = 1.609344


class _Wish:
    """The language that the configuration asks for, "" for none."""

    language = ""


def prefer(language: str) -> None:
    """Speak a language of `LANGUAGES` from now on, whatever the environment says; "" takes that back."""
    _Wish.language = language


def translatable(text: str) -> str:
    """Mark a text in a table as one that `tr` is given later."""
    return text


_MONTHS: Final = (
    translatable("January"), translatable("February"), translatable("March"),
    translatable("April"), translatable("May"), translatable("June"), translatable("July"),
    translatable("August"), translatable("September"), translatable("October"),
    translatable("November"), translatable("December"),
)  # fmt: skip


def tr(text: str) -> str:
    """Return a text in the person's language, as it is where there is no translation."""
    language = chosen()
    return text if language == ENGLISH else _translations(language).gettext(text)


def trn(one: str, many: str, number: int, **values: str) -> str:
    """Return the form of a text that belongs to a number, with that and other values filled in."""
    language = chosen()
    if language == ENGLISH:
        form = one if number == 1 else many
    else:
        form = _translations(language).ngettext(one, many, number)
    return form.format(number=digits(number), **values)


def chosen() -> str:
    """Return the language to speak, one of `LANGUAGES`."""
    if _Wish.language:
        return _Wish.language
    locale = _of("LC_MESSAGES")
    wishes = os.environ.get("LANGUAGE", "").split(":")
    if locale.partition(".")[0] in _NO_LANGUAGE:
        return ENGLISH
    for wish in (*wishes, locale):
        language = wish.partition("_")[0].partition(".")[0].partition("@")[0].lower()
        if language in LANGUAGES:
            return language
    return ENGLISH


def day(year: int, month: int, number: int) -> str:
    """Return "1 April 2025" as it is written where the person is."""
    form = tr("{day} {month} {year}")
    if chosen() == ENGLISH and _country(_of("LC_TIME")) in _MONTH_FIRST:
        form = "{month} {day}, {year}"
    return form.format(day=number, month=tr(_MONTHS[month - 1]), year=year)


def in_miles() -> bool:
    """Tell whether the person's distances are in miles."""
    return _country(_of("LC_MEASUREMENT")) in _MILES


def digits(number: int) -> str:
    """Return a whole number with its thousands grouped as the language has it."""
    return f"{number:,}".replace(",", tr(","))


def _of(category: str) -> str:
    """Return the locale of a category: LC_ALL rules, LANG is what is left."""
    for name in ("LC_ALL", category, "LANG"):
        if value := os.environ.get(name):
            return value
    return ""


def _country(locale: str) -> str:
    return locale.partition(".")[0].partition("@")[0].partition("_")[2].upper()


@cache
def _translations(language: str) -> NullTranslations:
    # imported here, as most processes never need it
    from gettext import translation  # noqa: PLC0415

    return translation(DOMAIN, FOLDER, [language], fallback=True)
