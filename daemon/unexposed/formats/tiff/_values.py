"""What stays of the values of a TIFF's tags, and how it is written in a clean copy."""

from __future__ import annotations

import math
import struct
from fractions import Fraction
from typing import Final

import msgspec

from unexposed.errors import Malformed
from unexposed.formats.tiff import _tags as tags
from unexposed.formats.tiff._pages import Page, Source
from unexposed.metadata.tiff import RATIONALS, TYPES, Entry

RATIONAL: Final = 5


class Value(msgspec.Struct, frozen=True):
    """A tag's value in a clean copy."""

    tag: int
    type: int
    data: bytes

    @property
    def count(self) -> int:
        """How many numbers it has."""
        return len(self.data) // TYPES[self.type][0]


class Values:
    """The values of a file's tags; one that several pages share is read once."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._known: dict[tuple[int, int, int, int], Value | None] = {}

    def kept(self, page: Page, tag: int) -> Value | None:
        """Return what stays of a tag's value, None for nothing.

        Raises Malformed for a value that readers need and cannot make sense of.
        """
        rule, entry = tags.KEPT[tag], page.entries.get(tag)
        if entry is None or entry.type not in rule.types:
            return None
        if rule.only and self._source.number(page, rule.only[0], 0) not in rule.only[1]:
            return None
        most = min(entry.count, _most(self._source, page, rule))
        key = (tag, entry.type, entry.start, most)
        if key not in self._known:
            self._known[key] = self._read(entry, most, rule)
        return self._known[key]

    def _read(self, entry: Entry, most: int, rule: tags.Rule) -> Value | None:
        if not most:
            return None
        data = self._source.raw(entry, most)
        if rule.within is None:
            return Value(entry.tag, entry.type, data)
        numbers = _numbers(self._source.order, entry.type, data)
        if all(rule.within[0] <= one <= rule.within[-1] for one in numbers):
            if not rule.scale:
                return Value(entry.tag, entry.type, data)
            pairs = ((round(one * rule.scale), rule.scale) for one in numbers)
            flat = [number for pair in pairs for number in pair]
            data = struct.pack(f"{self._source.order}{len(flat)}I", *flat)
            return Value(entry.tag, RATIONAL, data)
        if rule.needed:
            raise Malformed(f"the value of tag {entry.tag} is damaged", entry.start)
        return None


def _numbers(order: str, kind: int, data: bytes) -> list[Fraction]:
    """Return numbers of any type, -1 for one that is none; libtiff takes a part of nothing for 0."""
    size, code = TYPES[kind]
    read = struct.unpack(f"{order}{code * (len(data) // size)}", data)
    if kind in RATIONALS:
        pairs = zip(read[::2], read[1::2], strict=True)
        return [Fraction(over, under) if under else Fraction(0) for over, under in pairs]
    return [Fraction(one) if math.isfinite(one) else Fraction(-1) for one in read]


def _most(source: Source, page: Page, rule: tags.Rule) -> int:
    """Return how many values a tag may have."""
    if isinstance(rule.most, int):
        return rule.most
    if rule.most == "palette":
        bits = source.number(page, tags.BITS, 1)
        return 3 << bits if bits <= 16 else 0
    return source.number(page, tags.SAMPLES, 1)
