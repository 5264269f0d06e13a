"""What the picture itself shows and its copy shows still, counted."""

from __future__ import annotations

from collections import Counter
from typing import Final

from unexposed.catalogue import KINDS
from unexposed.exposure import Finding, Report
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


def visible(report: Report | None) -> list[str]:
    """Return what the copy still shows, the worst first: "2 other people", "a boarding pass"."""
    counted: Counter[str] = Counter()
    examples: dict[str, Finding] = {}
    for one in sorted(report.findings if report else (), key=lambda one: -one.level.rank):
        if is_visible(one):
            counted[one.kind] += 1
            examples.setdefault(one.kind, one)
    return [
        numbered(kind, tr(phrase_for(examples[kind]).noun), number)
        for kind, number in counted.items()
    ]


def numbered(kind: str, noun: str, number: int) -> str:
    """Say of a kind how many there are: "2 other people", "an e-mail address (3 times)"."""
    if kind == _BYSTANDER:
        return trn("another person", "{number} other people", number)
    if kind == _SUBJECT and number > 1:
        return tr("{number} people whom the picture is of").format(number=number)
    return noun if number == 1 else tr("{noun} ({number} times)").format(noun=noun, number=number)
