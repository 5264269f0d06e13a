"""From lines to what they give away: the judges are asked about lines, rows and neighbours."""

from __future__ import annotations

from unexposed.vision.seen import Seen
from unexposed.vision.text._joining import Passage, around, passages
from unexposed.vision.text.judges import Match, judge
from unexposed.vision.text.lines import Line

_LONGEST = 80
"""Characters of a value that are told."""

_MOST = 0.9
"""Share of a line's characters from which it is nothing else than what was found in it."""

# Kinds of which only so many characters at the beginning and the end are told: enough for who knows it.
_MASKED: dict[str, tuple[int, int]] = {
    "content.text.card": (0, 4),
    "content.text.iban": (2, 4),
    "content.text.national_id": (0, 3),
    "content.text.passport": (2, 0),
    "content.text.password": (1, 0),
    "content.text.secret": (4, 0),
}


def told_by(lines: list[Line]) -> list[Seen]:
    """Return what lines give away, and behind that, line by line, whatever else they say."""
    taken: dict[int, list[tuple[int, int]]] = {}
    found = []
    for passage in passages(lines):
        for match in judge(passage.text):
            parts = _parts(passage, match, lines)
            if any(
                start < end and before < until
                for number, start, end in parts
                for before, until in (
                    (max(start, s), min(end, e)) for s, e in taken.get(number, ())
                )
            ):
                continue
            for number, start, end in parts:
                taken.setdefault(number, []).append((start, end))
            found.append(_seen(match, parts, lines))
    rest = [
        Seen("content.text", line.outline, line.score, line.text)
        for number, line in enumerate(lines)
        if sum(end - start for start, end in taken.get(number, ())) < _MOST * len(line.text)
        or not line.text
    ]
    return found + rest


def _parts(passage: Passage, match: Match, lines: list[Line]) -> list[tuple[int, int, int]]:
    """Return the number of each line that a match touches, and the characters that it takes."""
    parts = []
    for piece in passage.pieces:
        start = max(0, match.start - piece.start)
        end = min(len(lines[piece.line].text), match.end - piece.start)
        if start < end:
            parts.append((piece.line, start, end))
    return parts


def _seen(match: Match, parts: list[tuple[int, int, int]], lines: list[Line]) -> Seen:
    outline = around([lines[number].part(start, end) for number, start, end in parts])
    score = min(lines[number].score for number, _, _ in parts)
    return Seen(match.kind, outline, score, _shown(match))


def _shown(match: Match) -> str:
    value = " ".join(match.value.split())
    if match.kind in _MASKED:
        first, last = _MASKED[match.kind]
        return f"{value[:first]}…{value[len(value) - last :]}"
    return value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
