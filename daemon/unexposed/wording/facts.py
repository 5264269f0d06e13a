"""What one file told, in the order of what matters, with each value as a person would say it."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from unexposed.catalogue import Phrase, key_of, phrase_of, phrases
from unexposed.exposure import Finding, Level, Report
from unexposed.wording import language
from unexposed.wording.characters import harmless, shortened
from unexposed.wording.language import tr, trn
from unexposed.wording.measures import measured
from unexposed.wording.whereabouts import whereabouts

NOTABLE: Final = Level.MEDIUM.rank
"""Facts below this rank are told only where nothing else is."""

_MAX_VALUE: Final = 36
_MAX_PLACE: Final = 48
_DATE: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?!\d)", re.ASCII)
_POSITION: Final = re.compile(r"-?\d{1,2}\.\d{1,9}, -?\d{1,3}\.\d{1,9}", re.ASCII)
_ORDER: Final = {phrase: number for number, phrase in enumerate(phrases())}

_INITIALS: Final = re.compile(r"[B-DF-HJ-NP-TV-XZ]+(?![A-Za-z])")
"""A word that is spelled out when it is read aloud, as no vowel is in it."""
_SPELLED: Final = frozenset("FHLMNRSX")
"""Such letters whose names begin with a vowel."""
_VOWEL: Final = re.compile(r"(?!eu|one(?![a-z])|oneplus)[aeio]|8|1[18](?!\d)", re.IGNORECASE)
"""How a name begins that begins with a vowel when it is read aloud."""


class Fact(NamedTuple):
    """Findings of one kind. `rank` is that of the worst of them.

    `removed` is set when the copy was checked to hold none of them, `kept` when it still holds one.
    """

    rank: int
    phrase: Phrase
    values: tuple[str, ...]
    removed: bool
    kept: bool

    @property
    def order(self) -> tuple[int, int]:
        """Sorts what matters most first."""
        return -self.rank, _ORDER.get(self.phrase, len(_ORDER))

    def noun(self, *, detailed: bool = True) -> str:
        """Return "the author (Anna and 2 more)", or without the names."""
        inside = []
        if detailed and self.phrase.telling and self.values:
            first, *others = self.values
            inside.append(counted(first, len(others)) if others else first)
        if self.kept:
            inside.append(tr("kept"))
        noun = tr(self.phrase.noun)
        return f"{noun} ({', '.join(inside)})" if inside else noun


def facts_in(report: Report | None) -> list[Fact]:
    """Return what a file told, what matters most first."""
    grouped: dict[Phrase, list[Finding]] = {}
    for one in report.findings if report else ():
        grouped.setdefault(phrase_for(one), []).append(one)
    return sorted(
        (_fact(phrase, findings) for phrase, findings in grouped.items()),
        key=lambda fact: fact.order,
    )


def notable(facts: list[Fact]) -> list[Fact]:
    """Return the facts that matter, or all where none does."""
    return [fact for fact in facts if fact.rank >= NOTABLE] or facts


def date(value: str) -> str:
    """Return "1 April 2025" for a time that begins as metadata writes it, "" for any other."""
    match = _DATE.match(value)
    if match is None:
        return ""
    year, month, day = (int(number) for number in match.groups())
    return language.day(year, month, day) if 1 <= month <= 12 and 1 <= day <= 31 else ""


def counted(first: str, others: int) -> str:
    """Return "Anna and 2 more"."""
    return trn("{first} and one more", "{first} and {number} more", others, first=first)


def with_article(name: str) -> str:
    """Return "a Nikon D70", "an iPhone", "an HTC One"."""
    spelled = _INITIALS.match(name) is not None
    vowel = name[0] in _SPELLED if spelled else _VOWEL.match(name)
    return (tr("an {name}") if vowel else tr("a {name}")).format(name=name)


def phrase_for(one: Finding) -> Phrase:
    """Return what a finding is called; there is a phrase for kinds not known here, too."""
    return phrase_of(key_of(one.kind, one.level, one.where))


def _fact(phrase: Phrase, findings: list[Finding]) -> Fact:
    values = dict.fromkeys(spoken(one) for one in findings)
    return Fact(
        rank=max(one.level.rank for one in findings),
        phrase=phrase,
        values=tuple(value for value in values if value),
        removed=all(one.removed is True for one in findings),
        kept=any(one.removed is False for one in findings),
    )


def spoken(one: Finding, most: int = _MAX_VALUE) -> str:
    """Return a finding's value as a person would say it, one line and not long."""
    if one.place:
        return shortened(whereabouts(" ".join(harmless(one.place).split())), max(most, _MAX_PLACE))
    value = " ".join(harmless(one.value).split())
    if one.kind.startswith("time.") and (day := date(value)):
        return day
    if one.kind == "location.gps" and _POSITION.fullmatch(value):
        return ", ".join(f"{float(number):.4f}" for number in value.split(", "))
    if one.kind == "location.gps":
        most = max(most, _MAX_PLACE)
    return shortened(measured(one.kind, value), most)
