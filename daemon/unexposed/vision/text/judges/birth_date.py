"""Dates of birth: a date with a word before it that says so."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from unexposed.vision.text.judges.match import Match, of, told

_WORDS = re.compile(
    r"(?:\b(?:born|birth\s?(?:date|day)?|d\.?\s?[o0]\.?\s?b\b|b-?day|geb(?:oren|urtsdatum|urtstag|\.)?|n[ée]e?\s+le|naissance"
    r"|nacimiento|nacid[oa]|cumplea[ñn]os|nascita|nat[oa]\s+il|nascimento|nascid[oa]|anivers[áa]rio|geboorte(?:datum)?"
    r"|f[øo]d(?:sels(?:dato|dag)|t)|f[öo]d(?:elsedatum|d)|syntym[äa](?:aika|p[äa]iv[äa])?|urodzenia|ur\.|narozen[íi]?"
    r"|sz[üu]let[ée]si|do[ğg]um|ro[đd]en(?:ja)?|na[şs]terii|s[üu]nni(?:aeg|kuup[äa]ev)|gimimo|dzim[šs]anas)"
    r"|生年月日|出生|生日|誕生日)",
    re.IGNORECASE,
)

_MONTHS = (
    "jan|feb|f[ée]v|fev|mar|m[äa]r|apr|avr|abr|ma[iyj]|mei|maj|jun|juin|jul|juil|aug|ao[uû]|ago|sep|set|oct|okt|ott"
    "|out|nov|dec|d[ée]c|dez|dic|ene|gen|giu|lug|mag|kes|hein|elo"
)
_DATE = re.compile(
    rf"(?<![\d.])(?:(?P<y>(?:19|20)\d\d)\s?[-./年]\s?(?P<m>\d{{1,2}})\s?[-./月]\s?(?P<d>\d{{1,2}})日?"
    rf"|(?P<a>\d{{1,2}})\s?[-./ ]\s?(?P<b>\d{{1,2}})\s?[-./ ]\s?(?P<y2>(?:19|20)?\d\d)"
    rf"|(?P<d3>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?[ ./-]?(?:de )?(?:{_MONTHS})[a-zéûäç]*\.?,?[ ./-]?(?:de )?(?P<y3>(?:19|20)?\d\d)"
    rf"|(?:{_MONTHS})[a-zéûäç]*\.? ?(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?,? ?(?P<y4>(?:19|20)\d\d))(?![\d])",
    re.IGNORECASE,
)


def find(text: str) -> Iterator[Match]:
    """Yield the dates of birth in a text; what is yet to come is none."""
    this_year = datetime.datetime.now(tz=datetime.UTC).year
    for found in _DATE.finditer(text):
        if told(text, found.start(), _WORDS, 36) and _real(found, this_year):
            yield of("content.text.birth_date", found)


def _real(found: re.Match[str], this_year: int) -> bool:
    year = int(found["y"] or found["y2"] or found["y3"] or found["y4"])
    if year > this_year:
        return False
    if found["y"]:
        return _exists(year, int(found["m"]), int(found["d"]))
    if found["a"]:
        one, other = int(found["a"]), int(found["b"])
        return _exists(year, other, one) or _exists(year, one, other)
    return 1 <= int(found["d3"] or found["d4"]) <= 31


def _exists(year: int, month: int, day: int) -> bool:
    try:
        datetime.date(year if year > 99 else 2000 + year, month, day)
    except ValueError:
        return False
    return True
