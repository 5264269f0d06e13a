"""Longer words than a notification has room for: sentences, reasons and a paragraph."""

from __future__ import annotations

from typing import Final

from unexposed.catalogue import KINDS, VARIANTS, Entry, Level, key_of
from unexposed.exposure import Finding, Report
from unexposed.wording.facts import NOTABLE, Fact, facts_in, phrase_for, spoken
from unexposed.wording.phrases import PHRASES
from unexposed.wording.precision import precision
from unexposed.wording.sentences import listed

_MAX_VALUE: Final = 160
"""Characters of a value in a sentence."""
_MAX_SENTENCES: Final = 12
"""Sentences of a paragraph that each tell one fact."""
_NOTHING: Final = "Nothing was found in it that gives anything away."


def sentence(one: Finding) -> str:
    """Return one plain sentence with the finding's value: "It was made by Anna."."""
    entry, value = _entry_of(one), spoken(one, _MAX_VALUE)
    if entry is None or not value:
        noun = phrase_for(one).noun
        return f"It gives away {noun}: {value}." if value else f"It gives away {noun}."
    if one.kind == "location.gps" and not one.place:
        value = f"near {value}"
    return entry.sentence.format(value=value)


def shown(one: Finding) -> str:
    """Return a finding's value as it stands, with how exact it is where it is a position."""
    value = spoken(one, _MAX_VALUE) if one.kind != "location.gps" else one.value
    exact = precision(one.value) if one.kind == "location.gps" else ""
    return f"{value} ({exact})" if exact else value


def why(one: Finding) -> str:
    """Return the reason for a finding's level, "" for a kind that is not known here."""
    entry = _entry_of(one)
    return entry.why if entry else ""


def cleaning(one: Finding) -> str:
    """Return what a clean copy does about a finding, "" for a kind that is not known here."""
    entry = _entry_of(one)
    return entry.cleaning if entry else ""


def explain(kind: str) -> list[str]:
    """Return in a few lines what the catalogue says of a kind and of its special forms.

    Raises KeyError for a kind that the catalogue does not have.
    """
    lines = _explained(kind, KINDS[kind])
    for key, entry in VARIANTS.items():
        if key.partition("/")[0] == kind:
            lines += ["", *_explained(PHRASES[key].noun, entry)]
    return lines


def levelled(report: Report) -> tuple[Level, str]:
    """Return a file's level and in one line why it has that."""
    facts = facts_in(report)
    if not facts:
        return Level.NONE, _NOTHING
    together, level = report.together, report.level
    if together is not None and together.level is level:
        return level, together.why
    worst = next(one for one in report.findings if phrase_for(one) == facts[0].phrase)
    return level, f"It gives away {facts[0].phrase.noun}. {why(worst)}".rstrip()


def paragraph(report: Report) -> str:
    """Return what a file told in some sentences, the worst first, and what a clean copy keeps."""
    facts = facts_in(report)
    if not facts:
        return _NOTHING
    together = report.together
    told = [together.why] if together else []
    order = {fact.phrase: number for number, fact in enumerate(facts)}
    findings = sorted(report.findings, key=lambda one: order[phrase_for(one)])
    plain = dict.fromkeys(sentence(one) for one in findings if one.level.rank >= NOTABLE)
    sentences = list(plain)
    if (left := len(sentences) - _MAX_SENTENCES) > 1:
        sentences[_MAX_SENTENCES:] = [f"{left:,} more such facts stand in it."]
    told += sentences
    if lesser := [fact.phrase.noun for fact in facts if fact.rank < NOTABLE]:
        told.append(f"It {'also ' if plain else ''}gives away {listed(lesser)}.")
    told.append(_left(facts))
    return " ".join(filter(None, told))


def _left(facts: list[Fact]) -> str:
    """Return what the clean copy was checked to hold, "" where there is none."""
    if all(fact.removed for fact in facts):
        return "The clean copy was checked to hold none of this."
    if kept := [fact.phrase.noun for fact in facts if fact.kept]:
        return f"The clean copy keeps {listed(kept)}."
    return ""


def _entry_of(one: Finding) -> Entry | None:
    key = key_of(one.kind, one.level, one.where)
    return VARIANTS.get(key) or KINDS.get(key)


def _explained(name: str, entry: Entry) -> list[str]:
    return [
        f"{name} ({entry.level.value})",
        f"It gives away {entry.tells}.",
        entry.why,
        f"In a report: {entry.sentence.format(value='…')}",
        entry.cleaning,
    ]
