"""What a file gives away: findings, their levels, and the report on one file.

Values only; what is said of each kind stands in `unexposed.catalogue`, the sentences that a person
reads are made in `unexposed.wording`.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence

import msgspec

from unexposed.catalogue import KINDS, Combination, Level, combined, key_of

__all__ = [
    "KINDS",
    "MAX_VALUE",
    "THUMBNAIL",
    "Finding",
    "Level",
    "Outcome",
    "Report",
    "Span",
    "finding",
    "in_a_copy",
    "looked_closer",
    "more_facts",
    "worst_first",
]

THUMBNAIL = "content.thumbnail"
"""The kind of a hidden thumbnail, which is told of before and again after it was looked at."""


class Outcome(enum.StrEnum):
    """What became of one file."""

    INSPECTED = "inspected"
    CLEANED = "cleaned"
    HELD = "held"
    SKIPPED = "skipped"
    FAILED = "failed"
    WAITING = "waiting"  # said of a job on its way, and never an end


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One exposed fact.

    `kind` is a key of `KINDS`; `where` names the place in the file that held
    it ("EXIF GPS"); `value` is the fact itself, as text. `removed` is True only
    when the clean copy was checked not to hold it, None while no copy exists.
    `box` is x, y, width, height in pixels for what the picture itself shows.
    `place` says of a position where that is: "in Lisbon, Portugal", "at home"; `within_m` how far
    off it may be in metres by the receiver's own word, 0 where that says nothing.
    """

    kind: str
    where: str
    summary: str
    value: str = ""
    level: Level = Level.NONE
    removed: bool | None = None
    box: tuple[int, int, int, int] | None = None
    place: str = ""
    within_m: float = 0.0


IN_SIGHT = "the picture itself"
"""Where a finding is of what its only, or first, frame shows; of others "frame 2 of ..."."""

MAX_VALUE = 2_000
"""Characters of an exposed value that a finding holds at most."""


def finding(kind: str, where: str, value: str = "", summary: str = "", **rest: object) -> Finding:
    """Make a Finding with the level that the catalogue gives its kind.

    `summary` defaults to the catalogue's words with the value behind them.
    Values over `MAX_VALUE` characters are cut and end in an ellipsis.
    Raises KeyError for a kind that the catalogue does not have.
    """
    entry = KINDS[kind]
    if len(value) > MAX_VALUE:
        value = value[: MAX_VALUE - 1] + "…"
    fields: dict[str, object] = {
        "kind": kind,
        "where": where,
        "value": value,
        "summary": summary or (f"{entry.tells}: {value}" if value else entry.tells),
        "level": entry.level,
    }
    return Finding(**(fields | rest))  # type: ignore[arg-type]


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings by level; those of the same level stay in their order."""
    return tuple(sorted(findings, key=lambda one: -one.level.rank))


def in_a_copy(seen: Iterable[Finding]) -> tuple[Finding, ...]:
    """Say of what was seen in a source what became of it in its copy: thumbnails alone are gone."""
    return tuple(msgspec.structs.replace(one, removed=one.kind == THUMBNAIL) for one in seen)


def looked_closer(first: Iterable[Finding], further: Iterable[Finding]) -> list[Finding]:
    """Return findings and further ones.

    Of a hidden thumbnail those that were looked at stand in for the first.
    """
    others = list(further)
    closer = {one.where: one for one in others if one.kind == THUMBNAIL}
    findings: list[Finding] = []
    for one in first:
        findings += _closer(one, closer) if one.kind == THUMBNAIL else [one]
    findings += closer.values()
    return findings + [one for one in others if one.kind != THUMBNAIL]


def _closer(first: Finding, closer: dict[str, Finding]) -> list[Finding]:
    """Take out of `closer`, by place, what was seen where a finding stands.

    The worst of that has all of the finding's places.
    """
    own = [closer.pop(place) for place in first.where.split(", ") if place in closer]
    if not own:
        return [first]
    seen = {one.value: one for one in reversed(own)}
    worst, *others = worst_first(seen.values())
    return [msgspec.structs.replace(worst, where=first.where), *others]


def more_facts(left: Sequence[Finding], where: str) -> Finding:
    """Return the finding that says how many there are besides those told; the worst of them is first."""
    more = f"{len(left):,} more fact{'' if len(left) == 1 else 's'}"
    return finding("hidden.metadata", where, more, level=left[0].level)


class Span(msgspec.Struct, frozen=True, gc=False):
    """One stretch of the source file as the report shows it; offsets in bytes."""

    start: int
    end: int
    role: str
    name: str
    fate: str
    """"kept", "made plain" or "removed"."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What was learnt about one file, and what became of its bytes.

    `bytes_total` is the source's size. `bytes_kept` counts the source's bytes
    that stand in the clean copy as they were, `bytes_removed` all others.
    """

    format: str
    bytes_total: int
    findings: tuple[Finding, ...] = ()
    spans: tuple[Span, ...] = ()
    bytes_kept: int = 0
    bytes_removed: int = 0
    width: int = 0
    height: int = 0
    seconds: float = 0.0

    @property
    def level(self) -> Level:
        """The highest level among the findings and what they say together."""
        levels = [one.level for one in self.findings]
        if (together := self.together) is not None:
            levels.append(together.level)
        return max(levels, key=lambda level: level.rank, default=Level.NONE)

    @property
    def together(self) -> Combination | None:
        """The findings that matter more together than each does, if there are such."""
        return combined(frozenset(key_of(one.kind, one.level, one.where) for one in self.findings))
