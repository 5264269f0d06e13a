"""The title and the body of a notification about one file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final

import msgspec

from unexposed.catalogue import Phrase, phrase_of
from unexposed.exposure import Finding, Outcome, Report
from unexposed.wording.characters import harmless, shortened
from unexposed.wording.facts import (
    NOTABLE,
    Fact,
    date,
    facts_in,
    notable,
    phrase_for,
    spoken,
    with_article,
)
from unexposed.wording.language import tr, translatable, trn
from unexposed.wording.notice import Notice
from unexposed.wording.visible import covered, is_covered, is_visible, visible

MAX_TITLE: Final = 150
MAX_BODY: Final = 180
"""Characters at most; desktops cut what is longer."""

_MAX_NAME: Final = 32
_MAX_HEADINGS: Final = 3
_ENDING: Final = 10
"""Characters at the end of a long name that are always shown."""

_WITHOUT_COPY: Final = {
    Outcome.HELD: translatable("held back"),
    Outcome.FAILED: translatable("could not be cleaned"),
    Outcome.SKIPPED: translatable("skipped"),
    Outcome.WAITING: translatable("has to wait"),
}
"""Outcome -> what the title says, where there is no clean copy."""

_TELLS: Final = {
    (True, False): translatable("It gave away"),
    (True, True): translatable("It also gave away"),
    (False, False): translatable("It gives away"),
    (False, True): translatable("It also gives away"),
}
"""Whether a copy was made, whether something was told before -> how a sentence begins."""
_TELLS_ONLY: Final = {
    (True, False): translatable("It gave away nothing but"),
    (True, True): translatable("It also gave away nothing but"),
    (False, False): translatable("It gives away nothing but"),
    (False, True): translatable("It also gives away nothing but"),
}

_HOME, _PLACE = phrase_of("location.gps/home"), phrase_of("location.gps")
_TIME, _DEVICE = phrase_of("time.taken"), phrase_of("device.model")


def title(notice: Notice) -> str:
    """Return "IMG_4021.jpg: place, time and device removed"."""
    return shortened(f"{called(notice.name)}: {_became(notice)}", MAX_TITLE)


def body(notice: Notice) -> str:
    """Return in a few sentences what the file told and where its clean copy is, the worst first."""
    if notice.outcome in _WITHOUT_COPY:
        waiting = notice.outcome is Outcome.WAITING
        yet = tr("No copy yet") if waiting else tr("No copy was made")
        return because(yet, notice.reason, MAX_BODY)
    where = _whereabouts(notice) if notice.outcome is Outcome.CLEANED else ""
    seen = _shown(notice, MAX_BODY - len(where) - 1)
    seen = " ".join(filter(None, (seen, _covered(notice, MAX_BODY - len(where) - len(seen) - 2))))
    rest = _of_the_rest(notice)
    others = facts_in(rest.report)
    told = ""
    if not seen or _is_notable(others) or any(fact.removed for fact in others):
        told = _told(rest, MAX_BODY - len(where) - len(seen) - 2)
    return " ".join(filter(None, (seen, told, where)))


def called(name: str) -> str:
    """Return a file's name, harmless and short; in quotes where it could be taken for an option."""
    shown = shortened(harmless(name).strip(), _MAX_NAME, _ENDING) or tr("a file")
    return f"“{shown}”" if shown.startswith("-") else shown


def because(begins: str, reason: str, room: int) -> str:
    """Return "No copy was made: the file is cut short."."""
    reason = harmless(reason).strip()
    return _sentence(f"{begins}: {shortened(reason, room - len(begins) - 3)}" if reason else begins)


def listed(names: Sequence[str]) -> str:
    """Return "place, time and device"."""
    *others, last = names
    if not others:
        return last
    return tr("{others} and {last}").format(others=", ".join(others), last=last)


def gave_away(begins: str, nouns: Sequence[Sequence[str]], room: int) -> str:
    """Return one sentence with as many nouns as `room` characters hold, "" where not one fits.

    Each noun comes in spellings, the longest first; "more" stands for those left out.
    """
    told: list[str] = []
    for number, spellings in enumerate(nouns, 1):
        more = [tr("more")] if number < len(nouns) else []
        sentences = ((one, f"{begins} {listed([*told, one, *more])}.") for one in spellings)
        fitting = next((one for one, sentence in sentences if len(sentence) <= room), None)
        if fitting is None:
            break
        told.append(fitting)
    if not told:
        return ""
    return f"{begins} {listed(told if len(told) == len(nouns) else [*told, tr('more')])}."


def copies(notice: Notice, number: int = 1) -> str:
    """Return "Clean copy in Unexposed.", or of several, or "Clean copy made." for one elsewhere."""
    folder = shortened(harmless(notice.outbox).strip(), _MAX_NAME)
    if folder:
        words = trn("Clean copy in {folder}.", "Clean copies in {folder}.", number, folder=folder)
    else:
        words = trn("Clean copy made.", "Clean copies made.", number)
    return words


def _became(notice: Notice) -> str:
    if notice.outcome in _WITHOUT_COPY:
        return tr(_WITHOUT_COPY[notice.outcome])
    facts = facts_in(notice.report)
    if notice.outcome is Outcome.INSPECTED:
        if not facts:
            return tr("gives nothing away")
        return tr("gives away {headings}").format(headings=_headings(notable(facts)))
    if notice.report is not None and not facts:
        return tr("gave nothing away")
    still_there = {fact.phrase.heading for fact in facts if not fact.removed}
    removed = notable([fact for fact in facts if fact.phrase.heading not in still_there])
    kept = [fact for fact in facts if fact.kept]
    if _is_notable(kept):
        left = tr("{headings} kept").format(headings=_headings(notable(kept), 2))
        return ", ".join(filter(None, (_gone(notice, removed, 2), left)))
    gone = _gone(notice, removed, _MAX_HEADINGS)
    return gone or (tr("nothing to remove") if kept else tr("clean copy made"))


def _gone(notice: Notice, removed: Sequence[Fact], most: int) -> str:
    """Return "time removed, other people covered" of facts that the copy does not tell."""
    found = notice.report.findings if notice.report else ()
    hidden = {phrase_for(one).heading for one in found if is_covered(one)}
    parts = (
        (tr("{headings} removed"), [one for one in removed if one.phrase.heading not in hidden]),
        (tr("{headings} covered"), [one for one in removed if one.phrase.heading in hidden]),
    )
    if all(facts for _, facts in parts):
        most = 2
    return ", ".join(form.format(headings=_headings(facts, most)) for form, facts in parts if facts)


def _shown(notice: Notice, room: int) -> str:
    """Return "2 other people, an e-mail address and a boarding pass are visible."."""
    forms = tr("{things} is visible."), tr("{things} are visible.")
    return _of_things(visible(notice.report), forms, room)


def _covered(notice: Notice, room: int) -> str:
    """Return "2 other people and an e-mail address are covered."."""
    forms = tr("{things} is covered."), tr("{things} are covered.")
    return _of_things(covered(notice.report), forms, room)


def _of_things(nouns: Sequence[str], forms: tuple[str, str], room: int) -> str:
    """Say of one thing, or of several, what is so; "more" stands for those left out."""
    for left in range(len(nouns), 0, -1):
        some = [*nouns[:left], *([tr("more")] if left < len(nouns) else [])]
        one = len(some) == 1 and not some[0][0].isdigit()
        sentence = forms[0 if one else 1].format(things=listed(some))
        if len(sentence) <= room:
            return sentence[0].upper() + sentence[1:]
    return ""


def _of_the_rest(notice: Notice) -> Notice:
    """Return a notice without what the copy still shows, and what is covered in it."""
    if notice.report is None:
        return notice
    rest = tuple(
        one for one in notice.report.findings if not is_visible(one) and not is_covered(one)
    )
    report = msgspec.structs.replace(notice.report, findings=rest)
    return msgspec.structs.replace(notice, report=report)


def _is_notable(facts: Sequence[Fact]) -> bool:
    return any(fact.rank >= NOTABLE for fact in facts)


def _headings(facts: Sequence[Fact], most: int = _MAX_HEADINGS) -> str:
    headings = list(dict.fromkeys(tr(fact.phrase.heading) for fact in facts))
    if len(headings) > most:
        headings[most:] = [tr("more")]
    return listed(headings)


def _told(notice: Notice, room: int) -> str:
    facts = facts_in(notice.report)
    if notice.report is None:
        return ""
    cleaned = notice.outcome is Outcome.CLEANED
    if not facts:
        return tr("Nothing was found in it that gives anything away.")
    taken, phrases = _taken(notice.report, room)
    lead_rank = max((fact.rank for fact in facts if fact.phrase in phrases), default=-1)
    others = [fact for fact in notable(facts) if fact.phrase not in phrases]
    first = bool(others) and others[0].rank > lead_rank
    only = all(fact.kept for fact in facts) and not _is_notable(facts)
    begins = tr((_TELLS_ONLY if only else _TELLS)[cleaned, bool(taken) and not first])
    nouns = [(fact.noun(), fact.noun(detailed=False)) for fact in others]
    rest = gave_away(begins, nouns, room - len(taken) - 1)
    return " ".join(filter(None, (rest, taken) if first else (taken, rest)))


def _taken(report: Report, room: int) -> tuple[str, list[Phrase]]:
    """Return where, when and with what a picture was taken, and the phrases of what that tells.

    What `room` characters do not hold is left out.
    """
    parts: dict[Phrase, str] = {}
    for one in report.findings:
        phrase = phrase_for(one)
        if one.removed is not False and phrase not in parts and (part := _part(one)):
            parts[phrase] = part
    sentence, told = tr("Taken"), []
    for phrase in (_HOME if _HOME in parts else _PLACE, _TIME, _DEVICE):
        if phrase in parts and len(longer := f"{sentence} {parts[phrase]}") < room:
            sentence = longer
            told.append(phrase)
    return (_sentence(sentence) if told else ""), told


def _part(one: Finding) -> str:
    phrase, value = phrase_for(one), spoken(one)
    if phrase in (_HOME, _PLACE) and value:
        return value if one.place else tr("near {value}").format(value=value)
    if phrase == _TIME and (day := date(one.value)):
        return tr("on {day}").format(day=day)
    if phrase == _DEVICE and value:
        return tr("with {device}").format(device=with_article(value))
    return ""


def _sentence(text: str) -> str:
    return text if text.endswith((".", "…")) else f"{text}."


def _whereabouts(notice: Notice) -> str:
    name = os.path.basename(notice.output or "")
    copy = copies(notice)
    return f"{copy[:-1]}: {called(name)}." if name and name != notice.name else copy
