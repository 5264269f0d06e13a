"""IPTC-IIM: captions, names and places in the way of the newspapers.

Source: IPTC-NAA Information Interchange Model 4.2, chapters 1, 5 and 6.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from unexposed.exposure import Finding, finding
from unexposed.metadata.block import Block
from unexposed.metadata.generators import is_generator
from unexposed.metadata.legible import legible
from unexposed.metadata.times import moment

LANGUAGES = ("iptc",)

_MAX_RECORDS = 2_000

_TEXTS: Final[dict[int, str]] = {
    5: "person.caption",
    22: "history.documents",
    25: "person.caption",
    27: "location.place",
    45: "history.documents",
    50: "history.documents",
    80: "person.author",
    85: "person.role",
    103: "history.documents",
    105: "person.caption",
    110: "person.credit",
    115: "person.credit",
    116: "person.copyright",
    118: "person.contact",
    120: "person.caption",
    121: "person.caption",
    122: "person.named",
    184: "history.documents",
    185: "history.documents",
    186: "history.documents",
    187: "device.unique_id",
    188: "device.unique_id",
    230: "person.caption",
    231: "history.edits",
    232: "device.model",
    255: "person.caption",
}
"""Dataset of record 2 -> kind, where the value is text; from 184 on as Photo Mechanic, FotoStation
and others have it."""

_ENVELOPE: Final[dict[int, str]] = {
    5: "person.contact",
    30: "person.credit",
    50: "history.documents",
    100: "device.unique_id",
}
"""Dataset of record 1 -> kind: destination, service, product, and a number for this very picture."""
_CHARSET: Final = 90
_CHARSETS: Final = {
    b"\x1b%G": "utf-8",
    b"\x1b%/G": "utf-8",
    b"\x1b%/I": "utf-8",
    b"\x1b-A": "iso8859-1",
    b"\x1b.A": "iso8859-1",
    b"\x1b-B": "iso8859-2",
    b"\x1b-L": "iso8859-5",
    b"\x1b-G": "iso8859-6",
    b"\x1b-F": "iso8859-7",
    b"\x1b-H": "iso8859-8",
    b"\x1b-M": "iso8859-9",
}
"""Escape sequence (ISO 2022) -> the encoding of all texts."""

_PLACES: Final = (92, 90, 95, 101)
"""Sub-location, city, province and country."""
_CREDIT: Final = 110
"""Who is credited: where a generator made the picture, that."""
_COUNTRY_CODE, _INSTRUCTIONS, _PROGRAM, _VERSION = 100, 40, 65, 70
_MOMENTS: Final = (
    (55, 60, "time.taken"),
    (62, 63, "time.digitised"),
    (30, 35, "time.edited"),
    (47, -1, "time.edited"),
)
_SENT: Final = (70, 80)
"""Datasets of a date and its time of day."""
_FACEBOOK = "FBMD"
_STRUCTURE: Final = frozenset({0})

_USED: Final = frozenset(
    {*_TEXTS, *_PLACES, _COUNTRY_CODE, _INSTRUCTIONS, _PROGRAM, _VERSION, *_STRUCTURE}
    | {number for *pair, _ in _MOMENTS for number in pair}
)


def read(block: Block) -> list[Finding]:
    """Return what a stream of IIM records gives away."""
    where = block.where
    records, end = _records(block.payload)
    texts: dict[int, list[str]] = {}
    envelope: dict[int, str] = {}
    others = 0
    declared = (value for record, dataset, value in records if (record, dataset) == (1, _CHARSET))
    charset = _CHARSETS.get(next(declared, b""))
    for record, dataset, value in records:
        text = legible(value.decode(charset, "replace") if charset else value)
        if record == 2 and dataset in _USED:
            if text:
                texts.setdefault(dataset, []).append(text)
        elif record == 1:
            envelope.setdefault(dataset, text)
        else:
            others += 1
    found = []
    if programs := list(filter(is_generator, texts.get(_CREDIT, []))):
        found.append(finding("provenance.ai_generated", where, programs[0]))
        texts[_CREDIT] = [text for text in texts[_CREDIT] if text not in programs]
    if block.payload[end:].strip(b"\0"):
        found.append(finding("hidden.damaged", where, f"unreadable from byte {end}"))
    for dataset, kind in _TEXTS.items():
        found += [finding(kind, where, text) for text in texts.get(dataset, [])]
    place = ", ".join(texts[number][0] for number in _PLACES if number in texts)
    if place or _COUNTRY_CODE in texts:
        found.append(finding("location.place", where, place or texts[_COUNTRY_CODE][0]))
    found += [
        finding("account.id" if text.startswith(_FACEBOOK) else "person.caption", where, text)
        for text in texts.get(_INSTRUCTIONS, [])
    ]
    if _PROGRAM in texts:
        program = " ".join(texts[_PROGRAM][:1] + texts.get(_VERSION, [])[:1])
        found.append(finding("device.software", where, program))
    for date, clock, kind in _MOMENTS:
        if date in texts and (when := _moment(texts[date][0], texts.get(clock, [""])[0])):
            found.append(finding(kind, where, when))
    found += _enveloped(envelope, f"{where} envelope")
    if others:
        found.append(finding("hidden.metadata", where, f"{others} other records"))
    return found


def _enveloped(envelope: dict[int, str], where: str) -> list[Finding]:
    """Return what record 1 gives away: who sent the picture, to whom, when."""
    found = [
        finding(kind, where, text)
        for dataset, kind in _ENVELOPE.items()
        if (text := envelope.get(dataset))
    ]
    date, clock = (envelope.get(dataset, "") for dataset in _SENT)
    if date and (when := _moment(date, clock)):
        found.append(finding("time.edited", where, when))
    return found


def _records(data: bytes) -> tuple[list[tuple[int, int, bytes]], int]:
    """Return (record, dataset, value) in order, and where the readable ones end."""
    found = []
    end = 0
    for record, dataset, start, stop in _spans(data):
        found.append((record, dataset, data[start:stop]))
        end = stop
        if len(found) >= _MAX_RECORDS:
            break
    return found, end


def _spans(data: bytes) -> Iterator[tuple[int, int, int, int]]:
    at = 0
    while at + 5 <= len(data) and data[at] == 0x1C:
        size, start = int.from_bytes(data[at + 3 : at + 5]), at + 5
        if size & 0x8000:
            width = size & 0x7FFF
            if width > 4:
                return
            size, start = int.from_bytes(data[start : start + width]), start + width
        if start + size > len(data):
            return
        yield data[at + 1], data[at + 2], start, start + size
        at = start + size


def _moment(date: str, clock: str) -> str:
    """Return "20250401" and "182205+0100" as other readers write a time."""
    if len(date) != 8 or not date.isdigit():
        return date
    text = f"{date[:4]}-{date[4:6]}-{date[6:]}"
    if len(clock) >= 6 and clock[:6].isdigit():
        text += f" {clock[:2]}:{clock[2:4]}:{clock[4:6]}"
        if len(clock) == 11:
            text += f"{clock[6:9]}:{clock[9:]}"
    return moment(text)
