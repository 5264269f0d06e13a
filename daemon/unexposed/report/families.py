"""What the kinds of exposure are called on the page, in families."""

from __future__ import annotations

from unexposed.catalogue import KINDS
from unexposed.exposure import Finding, Level, Outcome
from unexposed.report.language import _


def families() -> dict[str, str]:
    """Return each family's heading by the first part of its kinds' names, in the page's order."""
    return {
        "location": _("Where"),
        "person": _("Who"),
        "account": _("Accounts"),
        "time": _("When"),
        "device": _("With what"),
        "content": _("More than the picture"),
        "provenance": _("How it came about"),
        "history": _("What happened to it"),
        "hidden": _("Hidden in the file"),
        "name": _("In the file's name"),
    }


def family(kind: str) -> str:
    """Return the family of a kind."""
    return kind.partition(".")[0]


def told(kind: str) -> str:
    """Return what a kind tells, in a few words and without any value."""
    known = KINDS.get(kind)
    return known.tells if known else kind


def level_word(level: Level) -> str:
    """Return what a level is called."""
    return {
        Level.NONE: _("nothing"),
        Level.LOW: _("low"),
        Level.MEDIUM: _("medium"),
        Level.HIGH: _("high"),
        Level.CRITICAL: _("critical"),
    }[level]


def outcome_word(outcome: Outcome) -> str:
    """Return what became of a file, in a word or two."""
    return {
        Outcome.INSPECTED: _("looked at"),
        Outcome.CLEANED: _("cleaned"),
        Outcome.HELD: _("held back"),
        Outcome.SKIPPED: _("skipped"),
        Outcome.FAILED: _("failed"),
        Outcome.WAITING: _("waits"),
    }[outcome]


def grouped(findings: tuple[Finding, ...]) -> list[tuple[str, list[Finding]]]:
    """Return findings by family's heading, in the page's order; those of one family as they came."""
    headings = families()
    groups: dict[str, list[Finding]] = {name: [] for name in headings}
    for one in findings:
        groups.setdefault(family(one.kind), []).append(one)
    return [(headings.get(name, name), found) for name, found in groups.items() if found]
