"""Kinds of exposure on the page: what they are called, and in which groups they stand."""

from __future__ import annotations

from collections.abc import Iterable

from unexposed.catalogue import KINDS
from unexposed.exposure import Finding
from unexposed.wording import GROUPS, tr


def family(kind: str) -> str:
    """Return the family of a kind."""
    return kind.partition(".")[0]


def told(kind: str) -> str:
    """Return what a kind tells, in a few words and without any value."""
    known = KINDS.get(kind)
    return tr(known.tells) if known else kind


def grouped(findings: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    """Return findings by family's heading, in the page's order; those of one family as they came."""
    groups: dict[str, list[Finding]] = {name: [] for name in GROUPS}
    for one in findings:
        groups.setdefault(family(one.kind), []).append(one)
    return [(tr(GROUPS.get(name, name)), found) for name, found in groups.items() if found]
