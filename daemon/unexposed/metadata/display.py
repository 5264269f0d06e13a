"""What a colour profile says of the screen, scanner or program that it was made for.

Source: ICC.1:2022 sections 7.2, 9.2.41 and 10.15; ICC.1:2001-04 section 6.5.17.
"""

from __future__ import annotations

import struct

from unexposed.exposure import Finding, finding
from unexposed.metadata.block import Block
from unexposed.metadata.icc import known, plain
from unexposed.metadata.icc_table import TABLE, table_of
from unexposed.metadata.legible import legible, utf16

LANGUAGES = ("icc",)

_MAX_TEXT = 4_096
"""Bytes of an element that are looked at."""

_TEXTS = ((b"desc", ""), (b"dmnd", "maker"), (b"dmdd", "model"))
_DATED = "made on"


def read(block: Block) -> list[Finding]:
    """Return what a profile tells; nothing for a standard profile and for a plain one."""
    profile = block.payload
    size = int.from_bytes(profile[:4])
    if len(profile) < TABLE or profile[36:40] != b"acsp":
        return [finding("hidden.damaged", block.where, "no colour profile that can be read")]
    if len(profile) < size or _tags_beyond(profile):
        found = [finding("hidden.damaged", block.where, "a colour profile that is cut short")]
        return found + _as_display(block.where, _told(profile))
    is_plain = known(profile[:size]) is not None or plain(profile) == profile[:size]
    found = [] if is_plain else _as_display(block.where, _told(profile))
    if len(profile) > size and profile[size:].strip(b"\0"):
        found.append(finding("hidden.unknown", block.where, "bytes behind the profile"))
    return found


def _as_display(where: str, told: list[str]) -> list[Finding]:
    return [finding("device.display", where, ", ".join(told))] if told else []


def _tags_beyond(profile: bytes) -> bool:
    """Tell whether the table of tags, or what a tag holds, reaches beyond the end."""
    table = table_of(profile)
    return max([table.end, *(tag.end for tag in table.tags)]) > len(profile)


def _told(profile: bytes) -> list[str]:
    tags = _tags(profile)
    told = [
        f"{what} {_text(tags[tag])}".strip() for tag, what in _TEXTS if _text(tags.get(tag, b""))
    ]
    year, month, day, *_ = struct.unpack_from(">6H", profile, 24)
    if 1 <= month <= 12 and 1 <= day <= 31:
        told.append(f"{_DATED} {year:04}-{month:02}-{day:02}")
    return told


def _tags(profile: bytes) -> dict[bytes, bytes]:
    """Return the beginnings of a profile's elements; of equal tags the first counts."""
    found: dict[bytes, bytes] = {}
    for tag in table_of(profile).tags:
        found.setdefault(tag.name, profile[tag.start : min(tag.end, tag.start + _MAX_TEXT)])
    return found


def _text(element: bytes) -> str:
    """Return the text of a description in either version's form, "" of anything else."""
    if element[:4] == b"desc":
        size = int.from_bytes(element[8:12])
        return legible(element[12 : 12 + size].rstrip(b"\0"))
    if element[:4] == b"mluc" and len(element) >= 28:
        size, start = struct.unpack_from(">II", element, 20)
        return utf16(element[start : start + size], "be")
    return ""
