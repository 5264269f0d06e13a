"""Licence plates: lines that are nothing else and have a plate's shape, or a word that says so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unexposed.vision.text.judges.match import Match, of

_WHOLE: tuple[str, ...] = (
    r"[A-HJ-PR-Y]{2}(?:0[2-9]|[1267]\d|5[1-9]) ?[A-HJ-PR-Z]{3}",  # United Kingdom
    r"[A-ZÄÖÜ]{1,3}[-·:•. ]{1,2}[A-Z]{1,2} ?[1-9]\d{1,3}[EH]?",  # Germany
    r"[A-HJ-NP-TV-Z]{2}[- ·]\d{3}[- ·][A-HJ-NP-TV-Z]{2}",  # France
    r"[A-HJ-NPR-TV-Z]{2} ?\d{3}[A-HJ-NPR-TV-Z]{2}",  # Italy
    r"\d{4} ?[BCDFGHJKLMNPRSTVWXYZ]{3}",  # Spain
    r"(?:[A-Z]{2}-\d{3}-[A-Z]|[A-Z]-\d{3}-[A-Z]{2}|\d{2}-[A-Z]{3}-\d|\d-[A-Z]{3}-\d{2}|\d{2}-[A-Z]{2}-[A-Z]{2}|[A-Z]{2}-[A-Z]{2}-\d{2})",
    r"[1-9]-[A-Z]{3}-\d{3}",  # Belgium
    r"[A-Z]{3}\d[A-Z]\d{2}",  # Mercosur
    r"(?:AP|AS|BR|CG|CH|DL|GA|GJ|HP|HR|JH|JK|KA|KL|MH|ML|MN|MP|MZ|OD|PB|PY|RJ|SK|TN|TR|TS|UK|UP|WB)[- ]?\d{2}[- ]?[A-Z]{1,2}[- ]?\d{4}",
)  # fmt: skip
_LINE = re.compile(r"\W{0,2}(?P<value>" + "|".join(_WHOLE) + r")\W{0,2}")
_CHINA = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·•. ]?(?=[A-Z]*\d)[A-HJ-NP-Z0-9]{5,6}(?!\w)"
)
_CALLED = re.compile(
    r"(?:(?i:\b(?:licen[cs]e plate|number plate|reg(?:istration)? (?:no|number|plate)\.?|vehicle reg(?:istration)?|kennzeichen"
    r"|immatriculation|targa|matr[íi]cula|kenteken|nummerplade|registreringsnummer|rekisteritunnus|nr rej\.?|plaka))|车牌|ナンバー)\W{0,4}"
    r"(?P<value>(?=[A-ZÄÖÜ0-9 ·-]*\d)(?=[A-ZÄÖÜ0-9 ·-]*[A-Z])[A-ZÄÖÜ0-9]{1,4}(?:[ ·-]?[A-Z0-9]{1,4}){1,3})(?!\w)"
)


def find(text: str) -> Iterator[Match]:
    """Yield the licence plates in a text."""
    if found := _LINE.fullmatch(text.strip()):
        start = text.find(found["value"])
        yield Match("content.text.plate", start, start + len(found["value"]), found["value"])
    for found in _CHINA.finditer(text):
        yield of("content.text.plate", found)
    for found in _CALLED.finditer(text):
        yield of("content.text.plate", found, "value")
