"""The lines of passports and identity cards that machines read (ICAO 9303), by their check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unexposed.vision.text.judges.match import Match, as_digits

_READ_AS = str.maketrans(dict.fromkeys("«‹〈＜く≤《", "<") | {"|": "I"})

_DIGIT = "[0-9OQDlISBZ]"

# Passport (TD3) and visa, second line: number, nationality, birth, sex, expiry.
_LONG = re.compile(
    rf"(?P<number>[A-Z0-9<]{{9}})(?P<one>{_DIGIT})[A-Z0<]{{3}}(?P<birth>{_DIGIT}{{6}})(?P<two>{_DIGIT})"
    rf"[MFX<K](?P<expiry>{_DIGIT}{{6}})(?P<three>{_DIGIT})[A-Z0-9<]*"
)
# Card (TD1), first line: kind, state, number.
_FIRST = re.compile(
    rf"(?<![A-Z0-9<])[IAC][A-Z<][A-Z0<]{{3}}(?P<number>[A-Z0-9<]{{9}})(?P<one>{_DIGIT})[A-Z0-9<]{{8,}}"
)
# Card (TD1), second line: birth, sex, expiry, nationality.
_SECOND = re.compile(
    rf"(?<![A-Z0-9<])(?P<birth>{_DIGIT}{{6}})(?P<two>{_DIGIT})[MFX<K](?P<expiry>{_DIGIT}{{6}})"
    rf"(?P<three>{_DIGIT})[A-Z0<]{{3}}[A-Z0-9<]{{5,}}"
)
_NAMES = re.compile(
    r"(?<![A-Z0-9<])[PIACV][A-Z<][A-Z0<]{3}[A-Z<]+<<[A-Z<]*<[A-Z<]*|[A-Z<]+<<[A-Z]+(?:<[A-Z]+)*<{3,}"
)

_WEIGHTS = (7, 3, 1)


def find(text: str) -> Iterator[Match]:
    """Yield the lines in a text whose check digits come out, and those with names beside them."""
    plain = text.translate(_READ_AS)
    if plain.count("<") < 2 and len(plain) < 30:
        return
    kept = [i for i, c in enumerate(plain) if c != " "]
    dense = "".join(plain[i] for i in kept)
    for pattern, pairs in (
        (_LONG, (("number", "one"), ("birth", "two"), ("expiry", "three"))),
        (_SECOND, (("birth", "two"), ("expiry", "three"))),
        (_FIRST, (("number", "one"),)),
    ):
        for found in pattern.finditer(dense):
            if pattern is _FIRST and "<" not in found[0]:
                continue
            right = sum(_checked(found[value], found[digit]) for value, digit in pairs)
            if right >= min(2, len(pairs)):
                yield _match(text, kept, found)
    for found in _NAMES.finditer(dense):
        if len(found[0]) >= 20 and found[0].count("<") >= 5:
            yield _match(text, kept, found)


def _match(text: str, kept: list[int], found: re.Match[str]) -> Match:
    start, end = kept[found.start()], kept[found.end() - 1] + 1
    return Match("content.text.passport", start, end, text[start:end])


def _checked(value: str, digit: str) -> bool:
    """Tell whether the check digit is that of the value, misread letters allowed in dates."""
    if len(value) == 6:
        value = as_digits(value)
    total = sum(_worth(c) * _WEIGHTS[i % 3] for i, c in enumerate(value))
    return str(total % 10) == as_digits(digit)


def _worth(character: str) -> int:
    if character.isdigit():
        return int(character)
    return 0 if character == "<" else ord(character) - 55
