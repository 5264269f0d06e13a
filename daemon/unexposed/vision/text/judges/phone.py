"""Phone numbers: international ones, those of the person's own country, and what is called one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache

from unexposed.vision.text.judges.match import Match, of, told

_WORDS = re.compile(
    r"(?:\b(?:te[l1I|]e?(?:phone|fono|foon|fon|fax)?|phone|mobile?|mob|cell(?:ulare)?|handy|call|fax|whatsapp"
    r"|signal|sms|t[eé]l(?:[eé]phone)?|m[oó]vil|celular|telem[oó]vel|puh(?:elin)?|tlf|mobil(?:e|nummer)?"
    r"|rufnummer|hotline|text)\b|電話|电话|手机|手機|携帯|☎|✆)\W{0,4}",
    re.IGNORECASE,
)

_CALLED = re.compile(r"(?<![\w.,])\+?\(?\d[\d ()/.\-–]{5,22}\d(?![\w]|[.,]\d)")
"""What may be a number where a word says that it is one."""

_INTERNATIONAL = re.compile(r"(?<![\w+])(?:\+|00) ?[1-9]\d?[\d ()/.\-–]{6,22}\d(?!\w)")

_SPLIT = re.compile(r"\d[ ()/.\-–]+\d")


@cache
def home() -> str:
    """Return the country of the person's locale ("GB"), or nothing where it has none."""
    for name in ("LC_ALL", "LC_TELEPHONE", "LC_MESSAGES", "LANG"):
        if found := re.match(r"[a-z]{2,3}_([A-Z]{2})\b", os.environ.get(name, "")):
            return found[1]
    return ""


def find(text: str, region: str | None = None) -> Iterator[Match]:
    """Yield the phone numbers in a text; `region` is the country whose own form counts."""
    import phonenumbers

    region = home() if region is None else region
    for found in _INTERNATIONAL.finditer(text):
        number = re.sub(r"^00", "+", re.sub(r"\(0\)|[^\d+]", "", found[0]))
        if _valid(number, None):
            yield of("content.text.phone", found)
    if region:
        strict = phonenumbers.Leniency.STRICT_GROUPING
        for one in phonenumbers.PhoneNumberMatcher(text, region, strict):
            if _SPLIT.search(one.raw_string) and not _followed(text, one.start, one.end):
                yield Match("content.text.phone", one.start, one.end, one.raw_string)
    for found in _CALLED.finditer(text):
        digits = sum(c.isdigit() for c in found[0])
        if 7 <= digits <= 15 and told(text, found.start(), _WORDS, 16) and not _date(found[0]):
            yield of("content.text.phone", found)


def _valid(number: str, region: str | None) -> bool:
    import phonenumbers

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False


def _date(text: str) -> bool:
    return re.fullmatch(r"\d{4}-\d\d-\d\d.*|\d\d?[./-]\d\d?[./-]\d{4}.*", text) is not None


_NOT_PHONES = re.compile(
    r"(?:order|invoice|ref|reference|item|sku|isbn|issn|no|nr|number|id|version|ticket|tracking|case"
    r"|part|serial|s/n|account|bestellung|rechnung|commande|facture|pedido|total|price|[$€£#])\W{0,4}$",
    re.IGNORECASE,
)


def _followed(text: str, start: int, end: int) -> bool:
    """Tell whether the text around says that the digits are something else."""
    if _NOT_PHONES.search(text[max(0, start - 14) : start]):
        return True
    return re.match(r"\s*(?:€|\$|£|%|[A-Z]{3}\b|[.,:]\d|[x×]\d)", text[end:]) is not None
