"""Kinds of exposure in a page or card: what they are called, and in which groups they stand."""

from __future__ import annotations

from collections.abc import Iterable

from unexposed.catalogue import FAMILIES, KINDS
from unexposed.exposure import Finding
from unexposed.wording.language import tr


def family(kind: str) -> str:
    """Return the family of a kind."""
    return kind.partition(".")[0]


def told(kind: str) -> str:
    """Return what a kind tells, in a few words and without any value."""
    known = KINDS.get(kind)
    return tr(known.tells) if known else kind


def grouped(findings: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    """Return findings by family's title, in the page's order; those of one family as they came."""
    groups: dict[str, list[Finding]] = {name: [] for name in FAMILIES}
    for one in findings:
        groups.setdefault(family(one.kind), []).append(one)
    return [(_title(name), found) for name, found in groups.items() if found]


def _title(name: str) -> str:
    return tr(FAMILIES[name].title) if name in FAMILIES else name
