"""JUMBF: boxes that carry records, each group of them with a label; damaged perhaps.

Source: ISO/IEC 19566-5:2023 annexes A and B.
"""

from __future__ import annotations

from typing import Final

import msgspec

_SUPERBOX, _DESCRIPTION = b"jumb", b"jumd"
_REST_OF_FILE, _LONG = 0, 1
_UUID: Final = 16
_LABELLED, _IDENTIFIED, _HASHED = 2, 4, 8
_MAX_LABEL: Final = 1_000
_MAX_BOXES: Final = 20_000
_MAX_DEPTH: Final = 12
_AHEAD: Final = 64
"""Bytes that a container puts before the first box at most: version, purpose, offset."""


class Content(msgspec.Struct, frozen=True, gc=False):
    """One box that holds data. `path` has the labels of the groups it stands in, outermost first.

    `number` tells the innermost group from others with the same labels.
    """

    path: tuple[str, ...]
    number: int
    kind: bytes
    data: bytes


class Boxes(msgspec.Struct, frozen=True):
    """The content boxes in order; `damage` says from which byte they cannot be told apart."""

    contents: tuple[Content, ...]
    damage: str = ""


class _Span(msgspec.Struct, frozen=True, gc=False):
    start: int
    end: int
    path: tuple[str, ...]
    number: int


def contents(payload: bytes) -> Boxes:
    """Return the content of all groups, wherever in the payload the first one begins."""
    start = _beginning(payload)
    if start < 0:
        return Boxes((), "no JUMBF box")
    # Some containers hand out a group without its own header.
    bare = payload[start + 4 : start + 8] == _DESCRIPTION
    waiting = [_Span(start, len(payload), (), 0)]
    found: list[Content] = []
    damage = ""
    count = 0
    while waiting:
        span = waiting.pop()
        inner: list[_Span] = []
        at, path = span.start, span.path
        while span.end - at >= 8:
            count += 1
            if count > _MAX_BOXES or len(path) > _MAX_DEPTH:
                return Boxes(tuple(found), "more boxes than can be read")
            kind, data, end = _header(payload, at, span.end)
            if data > end or (kind != _SUPERBOX and not kind.isalnum()):
                damage = damage or f"unreadable from byte {at}"
                break
            if end > span.end:
                damage = damage or f"it ends in the box at byte {at}"
            end = min(end, span.end)
            if kind == _SUPERBOX:
                inner.append(_Span(data, end, path, count))
            elif kind == _DESCRIPTION and (span.number or bare):
                path = (*span.path, _label(payload[data:end]))
            else:
                found.append(Content(path, span.number, kind, payload[data:end]))
            at = end
        else:
            if payload[at : span.end].strip(b"\0"):
                damage = damage or f"unreadable from byte {at}"
        waiting += [_Span(one.start, one.end, path, one.number) for one in reversed(inner)]
    return Boxes(tuple(found), damage)


def _beginning(payload: bytes) -> int:
    for kind in (_SUPERBOX, _DESCRIPTION):
        at = payload.find(kind, 4, _AHEAD)
        if at >= 0:
            return at - 4
    return -1


def _header(payload: bytes, at: int, limit: int) -> tuple[bytes, int, int]:
    """Return a box's type, and where its data begins and ends."""
    size = int.from_bytes(payload[at : at + 4])
    kind = payload[at + 4 : at + 8]
    if size == _LONG:
        return kind, at + 16, at + int.from_bytes(payload[at + 8 : at + 16])
    return kind, at + 8, limit if size == _REST_OF_FILE else at + size


def _label(description: bytes) -> str:
    """Return the label in a description box, "" where it has none."""
    if len(description) <= _UUID or not description[_UUID] & _LABELLED:
        return ""
    start = _UUID + 1
    end = description.find(b"\0", start, start + _MAX_LABEL)
    return description[start : end if end >= 0 else start + _MAX_LABEL].decode("utf-8", "replace")
