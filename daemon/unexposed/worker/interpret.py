"""From parts to a report: what was found, and what became of every byte."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from unexposed import metadata
from unexposed.catalogue import KINDS
from unexposed.exposure import Finding, Span, more_facts, worst_first
from unexposed.formats import KEPT_ROLES, Keep, Part, Plan
from unexposed.metadata import Block
from unexposed.metadata.places import situated
from unexposed.metadata.sameness import says_no_more, tells_the_same
from unexposed.places import Home

MAX_FINDINGS = 500
MAX_SPANS = 2_000
_MOST_COMPARED = 20
"""Facts of one kind with which another is compared; more of a kind are told as they come."""
_MOST_PASSES = 8
_MOST_PLACES = 50

STAYS_WITH_THE_PIXELS = frozenset(kind for kind, entry in KINDS.items() if entry.stays)
"""Kinds that a lossless copy still shows, by the catalogue."""

_PAGES = frozenset({"content.pages"})
"""What stays even of a file that is encoded again page by page."""


def findings_in(blocks: Iterable[Block], home: Home | None = None) -> tuple[Finding, ...]:
    """Read every piece of metadata in a file; the same fact in two places is one finding.

    Positions are told with the town that they are in or near, or that they are at `home`.
    """
    merged = merge(metadata.read_all(blocks))
    return worst_first(situated(one, home) for one in merged)


def merge(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Tell each fact once with all places where it stood, the worst first.

    Of two findings that tell the same the one stays that says more. Of more than `MAX_FINDINGS` the
    worst are told, and how many there are besides.
    """
    facts = _joined_once(findings)
    for _ in range(_MOST_PASSES):  # what was joined says more, and may say what others do
        before, facts = len(facts), _joined_once(facts)
        if len(facts) == before:
            break
    return _bounded(worst_first(facts))


def _joined_once(findings: Iterable[Finding]) -> list[Finding]:
    facts: list[Finding] = []
    known: dict[tuple[str, str], int] = {}
    of_kind: dict[str, list[int]] = {}
    for one in findings:
        key, alike = (one.kind, one.value), of_kind.setdefault(one.kind, [])
        at = known.get(key)
        if at is None:
            at = next((at for at in alike[:_MOST_COMPARED] if tells_the_same(facts[at], one)), None)
        if at is None:
            at = len(facts)
            alike.append(at)
            facts.append(one)
        else:
            facts[at] = _joined(facts[at], one)
        known[key] = at
    return facts


def _joined(first: Finding, one: Finding) -> Finding:
    """Return the one of two findings that says more, with the places of both."""
    fuller = one if says_no_more(first, one) and not says_no_more(one, first) else first
    places = dict.fromkeys([*first.where.split(", "), *one.where.split(", ")])
    return msgspec.structs.replace(
        fuller,
        where=", ".join(list(places)[:_MOST_PLACES]),
        within_m=fuller.within_m or first.within_m or one.within_m,
    )


def _bounded(facts: tuple[Finding, ...]) -> tuple[Finding, ...]:
    told, left = facts[:MAX_FINDINGS], facts[MAX_FINDINGS:]
    return worst_first((*told, more_facts(left, "this file"))) if left else told


def marked(
    findings: Sequence[Finding], *, encoded_again: bool, pages: int = 1
) -> tuple[Finding, ...]:
    """Say of each finding whether the verified copy, of so many pages, still holds it."""
    staying = STAYS_WITH_THE_PIXELS
    if encoded_again:
        staying = _PAGES if pages > 1 else frozenset()
    return tuple(msgspec.structs.replace(one, removed=one.kind not in staying) for one in findings)


def spans_of(parts: Sequence[Part], plan: Plan) -> tuple[Span, ...]:
    """Tell of every byte of the source whether it is kept, made plain or removed."""
    kept = [step for step in plan if isinstance(step, Keep)]
    spans: list[Span] = []
    at = 0
    for part in parts:
        position = part.start
        while position < part.end:
            while at < len(kept) and kept[at].end <= position:
                at += 1
            inside = at < len(kept) and kept[at].start <= position
            border = (kept[at].end if inside else kept[at].start) if at < len(kept) else part.end
            end = min(part.end, border)
            _add(spans, Span(position, end, part.role.value, part.name, _fate(part, kept=inside)))
            position = end
    return tuple(spans)


def _fate(part: Part, *, kept: bool) -> str:
    if kept:
        return "kept"
    return "made plain" if part.role in KEPT_ROLES else "removed"


def _add(spans: list[Span], span: Span) -> None:
    last = spans[-1] if spans else None
    if (
        last
        and last.fate == span.fate
        and ((last.role, last.name) == (span.role, span.name) or len(spans) >= MAX_SPANS)
    ):
        spans[-1] = Span(last.start, span.end, last.role, last.name, last.fate)
    elif len(spans) < MAX_SPANS:
        spans.append(span)
    else:
        spans[-1] = Span(last.start if last else 0, span.end, "unknown", "the rest", "removed")
