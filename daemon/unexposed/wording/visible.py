"""What the picture itself shows and its copy shows still, counted."""

from __future__ import annotations

from collections import Counter
from typing import Final

from unexposed.exposure import KINDS, Finding, Report
from unexposed.wording.facts import NOTABLE, phrase_for

_FAMILIES: Final = ("content.face.", "content.text", "content.code")
"""How kinds begin of what a picture shows."""

_BYSTANDERS: Final = ("content.face.bystander", "another person", "other people")


def is_visible(one: Finding) -> bool:
    """Whether a finding is of something that matters and that the copy still shows."""
    matters = one.kind in KINDS and KINDS[one.kind][0].rank >= NOTABLE
    return one.removed is False and matters and one.kind.startswith(_FAMILIES)


def visible(report: Report | None) -> list[str]:
    """Return what the copy still shows, the worst first: "2 other people", "a boarding pass"."""
    counted: Counter[str] = Counter()
    examples: dict[str, Finding] = {}
    for one in sorted(report.findings if report else (), key=lambda one: -one.level.rank):
        if is_visible(one):
            counted[one.kind] += 1
            examples.setdefault(one.kind, one)
    return [_counted(examples[kind], number) for kind, number in counted.items()]


def _counted(one: Finding, number: int) -> str:
    kind, single, several = _BYSTANDERS
    if one.kind == kind:
        return single if number == 1 else f"{number} {several}"
    phrase = phrase_for(one)
    return phrase.noun if number == 1 else f"{number} {_plural(phrase.heading)}"


def _plural(heading: str) -> str:
    if heading.endswith(("s", "sh", "ch")):
        return heading if heading == "coordinates" else f"{heading}es"
    if heading.endswith("y") and heading[-2] not in "aeiou":
        return f"{heading[:-1]}ies"
    return f"{heading}s"
