"""What the picture itself shows, counted: what its copy shows still, and what is covered in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from unexposed.catalogue import KINDS
from unexposed.exposure import IN_SIGHT, Finding, Report
from unexposed.wording.facts import NOTABLE, phrase_for
from unexposed.wording.language import tr, trn

_FAMILIES: Final = ("content.face.", "content.text", "content.code")
"""How kinds begin of what a picture shows."""

_BYSTANDER: Final = "content.face.bystander"
_SUBJECT: Final = "content.face.subject"


def is_visible(one: Finding) -> bool:
    """Whether a finding is of something that matters and that the copy still shows."""
    matters = one.kind in KINDS and KINDS[one.kind].level.rank >= NOTABLE
    return one.removed is False and matters and one.kind.startswith(_FAMILIES)


def is_covered(one: Finding) -> bool:
    """Whether a finding is of something that the picture shows and that is covered in the copy."""
    return one.removed is True and one.kind.startswith(_FAMILIES) and one.where.endswith(IN_SIGHT)


def visible(report: Report | None) -> list[str]:
    """Return what the copy still shows, the worst first: "2 other people", "a boarding pass"."""
    return _counted(one for one in (report.findings if report else ()) if is_visible(one))


def covered(report: Report | None) -> list[str]:
    """Return what is covered in the copy, the worst first; what hardly matters only where it is all."""
    found = [one for one in (report.findings if report else ()) if is_covered(one)]
    return _counted([one for one in found if one.level.rank >= NOTABLE] or found)


def _counted(findings: Iterable[Finding]) -> list[str]:
    counted: Counter[str] = Counter()
    examples: dict[str, Finding] = {}
    for one in sorted(findings, key=lambda one: -one.level.rank):
        counted[one.kind] += 1
        examples.setdefault(one.kind, one)
    return [numbered(kind, _noun(examples[kind]), number) for kind, number in counted.items()]


def _noun(one: Finding) -> str:
    """Return what a finding is called without a verb that says who shows it."""
    known = KINDS.get(one.kind)
    return tr(known.tells if known and one.kind == _SUBJECT else phrase_for(one).noun)


def numbered(kind: str, noun: str, number: int) -> str:
    """Say of a kind how many there are: "2 other people", "an e-mail address (3 times)"."""
    if kind == _BYSTANDER:
        return trn("another person", "{number} other people", number)
    if kind == _SUBJECT and number > 1:
        return tr("{number} people whom the picture is of").format(number=number)
    return noun if number == 1 else tr("{noun} ({number} times)").format(noun=noun, number=number)
