"""The page about all files: the worst, what was exposed when, and a list to search in."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from unexposed.catalogue import FAMILIES
from unexposed.exposure import Level, Outcome
from unexposed.ledger import Entry
from unexposed.report.advice import beyond_the_copy
from unexposed.report.chart import chart
from unexposed.report.elements import Html, element, joined
from unexposed.report.page import badge, moment, section
from unexposed.wording import digits, tr, trn
from unexposed.wording.families import family, told
from unexposed.wording.names import level_called, outcome_called

MOST: Final = 2_000
"""Files on the page; with more of them a browser would take its time."""

_WORST: Final = 10
_KINDS: Final = 6
_DAYS: Final = (7, 30, 90)
_ENDS: Final = (Outcome.CLEANED, Outcome.HELD, Outcome.FAILED, Outcome.SKIPPED)


def body_of(entries: Sequence[Entry], counts: Mapping[str, int], today: date) -> Html:
    """Return the whole content of the page. `entries` are the newest, the newest first."""
    if not entries:
        nothing = element(
            "p",
            tr(
                "Nothing was done yet. Clean copies and what they were freed of will be listed here."
            ),
        )
        return joined(
            (element("header", element("h1", tr("All files")), nothing), beyond_the_copy())
        )
    total = sum(counts.get(outcome.value, 0) for outcome in Outcome)
    return joined(
        (
            _header(counts, len(entries), total),
            _worst(entries),
            section("weeks", tr("Week by week"), chart(entries, today)),
            _list(entries),
            beyond_the_copy(),
        )
    )


def _header(counts: Mapping[str, int], shown: int, total: int) -> Html:
    numbers = [
        element("div", element("dt", outcome_called(one)), element("dd", digits(counts[one.value])))
        for one in _ENDS
        if counts.get(one.value)
    ]
    if counts.get("queued"):
        numbers.append(
            element(
                "div", element("dt", tr("in the queue")), element("dd", digits(counts["queued"]))
            )
        )
    note = None
    if shown >= MOST:
        text = trn(
            "This page is about the last file of {all}.",
            "This page is about the last {number} files of {all}.",
            shown,
            all=digits(max(total, shown)),
        )
        note = element("p", text, class_="note")
    return element(
        "header",
        element("h1", tr("All files")),
        element("dl", *numbers, class_="numbers"),
        note,
        element(
            "p",
            tr("For the page about one file:"),
            " ",
            element("code", "unexposed report FILE"),
            class_="hint",
        ),
    )


def _worst(entries: Sequence[Entry]) -> Html:
    def badness(one: Entry) -> tuple[int, int]:
        found = one.report.findings if one.report else ()
        return one.level.rank, sum(finding.level is one.level for finding in found)

    bad = [one for one in entries if one.level.rank >= Level.MEDIUM.rank and one.report]
    worst = sorted(bad, key=badness, reverse=True)[:_WORST]
    if not worst:
        return section(
            "worst",
            tr("The worst"),
            element("p", tr("No file gave anything away that matters much.")),
        )
    return section(
        "worst", tr("The worst first"), element("ol", *map(_entry, worst), class_="entries")
    )


def _list(entries: Sequence[Entry]) -> Html:
    count = trn("{number} file", "{number} files", len(entries))
    return section(
        "all",
        tr("What became of each"),
        _filters(),
        element(
            "p", count, id="count", role="status", data_of=tr("{shown} of {all} files"),
        ),
        element("ol", *map(_entry, entries), class_="entries", id="entries"),
    )  # fmt: skip


def _filters() -> Html:
    """Return the filters, which show only where the script that they need runs."""
    levels = [
        (str(one.rank), tr("at least {level}").format(level=level_called(one)))
        for one in Level
        if one.rank
    ]
    return element(
        "fieldset",
        element("legend", tr("Show only")),
        _choice("outcome", tr("Outcome"), [(one.value, outcome_called(one)) for one in _ENDS]),
        _choice("level", tr("Level"), levels),
        _choice("kind", tr("What it told"), [(name, tr(one.title)) for name, one in FAMILIES.items()]),
        _choice("days", tr("Time"), [(str(one), trn("the last day", "the last {number} days", one)) for one in _DAYS]),
        _field("text", tr("Text"), element(
            "input", type="search", id="filter-text", autocomplete="off", spellcheck="false",
        )),
        class_="filters needs-script", hidden=True,
    )  # fmt: skip


def _choice(name: str, label: str, choices: list[tuple[str, str]]) -> Html:
    options = [element("option", word, value=value) for value, word in [("", tr("all")), *choices]]
    return _field(name, label, element("select", *options, id=f"filter-{name}"))


def _field(name: str, label: str, control: Html) -> Html:
    return element("div", element("label", label, for_=f"filter-{name}"), control)


def _entry(one: Entry) -> Html:
    findings = one.report.findings if one.report else ()
    kinds = list(dict.fromkeys(told(found.kind) for found in findings))
    named = ", ".join(kinds[:_KINDS])
    if len(kinds) > _KINDS:
        named = trn(
            "{named} and one more", "{named} and {number} more", len(kinds) - _KINDS, named=named
        )
    outcome = one.outcome or Outcome.WAITING
    return element(
        "li",
        element("strong", os.path.basename(one.path)),
        element(
            "span",
            badge(f"outcome-{outcome}", outcome_called(outcome), tr("Outcome")),
            badge(f"level-{one.level}", level_called(one.level), tr("Level")),
            class_="badges",
        ),
        element("span", os.path.dirname(one.path), class_="folder"),
        moment(one.finished_at or 0),
        element("span", one.reason, class_="told") if one.reason else None,
        element("span", named, class_="told") if named else None,
        data_outcome=outcome.value,
        data_level=one.level.rank,
        data_kind=" ".join(dict.fromkeys(family(found.kind) for found in findings)),
        data_time=round(one.finished_at or 0),
    )
