"""What stands in a clean copy for each part of a file, and the plan that comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import msgspec

from unexposed.formats.parts import KEPT_ROLES, Buffer, Keep, Part, Plan, Put, coalesce

Written: TypeAlias = list[bytes | None]
"""Bytes for each part: None where its own stand in the copy, b"" where nothing does."""


def stands(buffer: Buffer, start: int, end: int, data: bytes) -> bool:
    """Tell whether [start, end) holds these bytes already; the size first, as a span may be large."""
    return len(data) == end - start and data == buffer[start:end]


def settled(buffer: Buffer, parts: Sequence[Part], made: Written) -> Written:
    """Return what stands for parts for which bytes were made, some of which are their own."""
    return [
        None if data is not None and stands(buffer, part.start, part.end, data) else data
        for part, data in zip(parts, made, strict=True)
    ]


def with_made(buffer: Buffer, parts: Sequence[Part], made: Mapping[int, bytes]) -> Written:
    """Return what stands for parts of which some, by index, are made anew; roles decide on the rest."""
    written: Written = [None if part.role in KEPT_ROLES else b"" for part in parts]
    for index, data in made.items():
        if not stands(buffer, parts[index].start, parts[index].end, data):
            written[index] = data
    return written


def judged(parts: Sequence[Part], written: Written) -> list[Part]:
    """Return the parts; one that stays and for which other bytes stand is not plain."""
    return [
        part
        if data is None or part.role not in KEPT_ROLES
        else msgspec.structs.replace(part, plain=False)
        for part, data in zip(parts, written, strict=True)
    ]


def planned(parts: Sequence[Part], written: Written) -> Plan:
    """Plan the clean copy, in the order of the parts."""
    return coalesce(
        [
            Keep(part.start, part.end) if data is None else Put(data)
            for part, data in zip(parts, written, strict=True)
        ]
    )
