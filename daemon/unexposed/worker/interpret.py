"""From parts to a report: what was found, and what became of every byte."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from unexposed import metadata
from unexposed.catalogue import KINDS
from unexposed.exposure import Finding, Span
from unexposed.formats import KEPT_ROLES, Keep, Part, Plan
from unexposed.metadata import Block
from unexposed.metadata.places import situated
from unexposed.places import Home

MAX_FINDINGS = 500
MAX_SPANS = 2_000

STAYS_WITH_THE_PIXELS = frozenset(kind for kind, entry in KINDS.items() if entry.stays)
"""Kinds that a lossless copy still shows, by the catalogue."""


def findings_in(blocks: Iterable[Block], home: Home | None = None) -> tuple[Finding, ...]:
    """Read every piece of metadata in a file; the same fact in two places is one finding.

    Positions are told with the town that they are in or near, or that they are at `home`.
    """
    merged = merge(one for block in blocks for one in metadata.read(block))
    return worst_first(situated(one, home) for one in merged)


def merge(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Join findings that say the same, the worst first."""
    merged: dict[tuple[str, str], Finding] = {}
    for one in findings:
        key = (one.kind, one.value)
        first = merged.get(key)
        if first is None:
            if len(merged) < MAX_FINDINGS:
                merged[key] = one
        elif one.where not in first.where.split(", "):
            merged[key] = msgspec.structs.replace(first, where=f"{first.where}, {one.where}")
    return worst_first(merged.values())


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings by level; those of the same level stay in their order."""
    return tuple(sorted(findings, key=lambda one: -one.level.rank))


def marked(findings: Sequence[Finding], *, encoded_again: bool) -> tuple[Finding, ...]:
    """Say of each finding whether the verified copy still holds it."""
    return tuple(
        msgspec.structs.replace(one, removed=encoded_again or one.kind not in STAYS_WITH_THE_PIXELS)
        for one in findings
    )


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
