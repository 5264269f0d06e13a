"""Longer words than a notification has room for: sentences, reasons and a paragraph."""

from __future__ import annotations

from typing import Final

from unexposed.catalogue import KINDS, VARIANTS, Entry, Level, entry_of, key_of
from unexposed.exposure import Finding, Report
from unexposed.wording.characters import harmless, shortened
from unexposed.wording.facts import NOTABLE, Fact, facts_in, phrase_for, spoken
from unexposed.wording.language import tr, translatable, trn
from unexposed.wording.measures import measured
from unexposed.wording.names import level_called
from unexposed.wording.precision import precision
from unexposed.wording.sentences import listed

_MAX_VALUE: Final = 160
"""Characters of a value in a sentence."""
_MAX_SENTENCES: Final = 12
"""Sentences of a paragraph that each tell one fact."""
_ALIKE: Final = "content.face."
"""How kinds begin of which a paragraph says the same of each; how many there are a notification says."""
_NOTHING: Final = translatable("Nothing was found in it that gives anything away.")


def sentence(one: Finding) -> str:
    """Return one plain sentence with the finding's value: "It was made by Anna."."""
    entry, value = _entry_of(one), spoken(one, _MAX_VALUE)
    if entry is None or not value:
        words = tr("It gives away {noun}: {value}.") if value else tr("It gives away {noun}.")
        return words.format(noun=noun(one), value=value)
    if one.kind == "location.gps" and not one.place:
        value = tr("near {value}").format(value=value)
    return tr(entry.sentence).format(value=value)


def shown(one: Finding) -> str:
    """Return a finding's value as it stands, with how exact it is where it is a position."""
    value = measured(one.kind, " ".join(harmless(one.value).split()))
    value = shortened(value, _MAX_VALUE)
    exact = precision(one.value, one.within_m) if one.kind == "location.gps" else ""
    return f"{value} ({exact})" if exact else value


def noun(one: Finding) -> str:
    """Return what a finding is called in a sentence: "the author"."""
    return tr(phrase_for(one).noun)


def why(one: Finding) -> str:
    """Return the reason for a finding's level, "" for a kind that is not known here."""
    entry = _entry_of(one)
    return tr(entry.why) if entry else ""


def cleaning(one: Finding) -> str:
    """Return what a clean copy does about a finding, "" for a kind that is not known here."""
    entry = _entry_of(one)
    return tr(entry.cleaning) if entry else ""


def stays(one: Finding) -> bool:
    """Tell whether a copy shows a finding still, or would as far as the catalogue knows."""
    entry = _entry_of(one)
    return one.removed is False or (one.removed is None and entry is not None and entry.stays)


def explain(kind: str) -> list[str]:
    """Return in a few lines what the catalogue says of a kind and of its special forms.

    Raises KeyError for a kind that the catalogue does not have.
    """
    lines = _explained(kind, KINDS[kind])
    for key, entry in VARIANTS.items():
        if key.partition("/")[0] == kind:
            lines += ["", *_explained(tr(entry.phrase.noun), entry)]
    return lines


def levelled(report: Report) -> tuple[Level, str]:
    """Return a file's level and in one line why it has that."""
    facts = facts_in(report)
    if not facts:
        return Level.NONE, tr(_NOTHING)
    together, level = report.together, report.level
    if together is not None and together.level is level:
        return level, tr(together.why)
    worst = next(one for one in report.findings if phrase_for(one) == facts[0].phrase)
    told = tr("It gives away {noun}.").format(noun=noun(worst))
    return level, f"{told} {why(worst)}".rstrip()


def paragraph(report: Report) -> str:
    """Return what a file told in some sentences, the worst first, and what a clean copy keeps."""
    facts = facts_in(report)
    if not facts:
        return tr(_NOTHING)
    together = report.together
    told = [tr(together.why)] if together else []
    order = {fact.phrase: number for number, fact in enumerate(facts)}
    findings = sorted(report.findings, key=lambda one: order[phrase_for(one)])
    plain: dict[str, str] = {}
    for one in findings:
        if one.level.rank >= NOTABLE:
            said = sentence(one)
            plain.setdefault(one.kind if one.kind.startswith(_ALIKE) else said, said)
    sentences = list(plain.values())
    if (left := len(sentences) - _MAX_SENTENCES) > 1:
        sentences[_MAX_SENTENCES:] = [
            trn(
                "{number} more such fact stands in it.",
                "{number} more such facts stand in it.",
                left,
            )
        ]
    told += sentences
    if lesser := [tr(fact.phrase.noun) for fact in facts if fact.rank < NOTABLE]:
        words = tr("It also gives away {nouns}.") if plain else tr("It gives away {nouns}.")
        told.append(words.format(nouns=listed(lesser)))
    told.append(_left(facts))
    return " ".join(filter(None, told))


def _left(facts: list[Fact]) -> str:
    """Return what the clean copy was checked to hold, "" where there is none."""
    if all(fact.removed for fact in facts):
        return tr("The clean copy was checked to hold none of this.")
    if kept := [tr(fact.phrase.noun) for fact in facts if fact.kept]:
        return tr("The clean copy keeps {nouns}.").format(nouns=listed(kept))
    return ""


def _entry_of(one: Finding) -> Entry | None:
    return entry_of(key_of(one.kind, one.level, one.where))


def _explained(name: str, entry: Entry) -> list[str]:
    return [
        f"{name} ({level_called(entry.level)})",
        tr("It gives away {noun}.").format(noun=tr(entry.tells)),
        tr(entry.why),
        tr("In a report: {sentence}").format(sentence=tr(entry.sentence).format(value="…")),
        tr(entry.cleaning),
    ]
