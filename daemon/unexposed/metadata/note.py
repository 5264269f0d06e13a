"""What a person leaves in a clean copy on purpose: one small XMP packet.

Sources: ISO 16684-1 (XMP), part 2 section 8 for the properties; PLUS LDF 2.0.1 for Data Mining,
as IPTC Photo Metadata Standard 2023.1 section 8.3 takes it up.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable
from typing import Final

import msgspec

from unexposed.exposure import Finding, finding
from unexposed.metadata.places import DESTINATION, position
from unexposed.places import nearest

WHERE: Final = "note that was left in on purpose"

_TEXTS: Final = {
    "copyright": "person.copyright",
    "author": "person.author",
    "caption": "person.caption",
}
"""What can be kept as it is -> the kind of the finding that tells it."""
_DATES: Final = {"date-day": 10, "date-month": 7, "date-year": 4}
"""What can be kept of the date -> characters of "2025-04-01"."""
_PLACES: Final = {"location-country": ("country",), "location-city": ("country", "city")}
"""What can be kept of the place -> the fields that tell it; the widest stands first."""
_NEAR_ENOUGH: Final = {"country": 100.0, "city": 25.0}
"""Kilometres from a town up to which a place is rounded to its country, or to the town."""
_ROUNDED: Final = (
    ("date", "time.taken", "when it was taken, rounded"),
    ("place", "location.place", "the place, rounded"),
)
"""Field, the kind of finding that it makes, and what that says."""

_DATE: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?!\d)", re.ASCII)
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MAX_TEXT: Final = 1_000
"""Characters of a text: the packet has to fit into one segment of a JPEG."""

_NO_TRAINING: Final = "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-GENAIMLTRAINING"
_PACKET: Final = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about=""'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
    ' xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/">'
    "{}</rdf:Description></rdf:RDF></x:xmpmeta>"
)
_LANGUAGE: Final = '<{0}><rdf:Alt><rdf:li xml:lang="x-default">{1}</rdf:li></rdf:Alt></{0}>'
_ROW: Final = "<{0}><rdf:Seq><rdf:li>{1}</rdf:li></rdf:Seq></{0}>"
_SIMPLE: Final = "<{0}>{1}</{0}>"
_SPELLINGS: Final = (
    ("copyright", "dc:rights", _LANGUAGE),
    ("author", "dc:creator", _ROW),
    ("caption", "dc:description", _LANGUAGE),
    ("date", "photoshop:DateCreated", _SIMPLE),
    ("city", "photoshop:City", _SIMPLE),
    ("country", "photoshop:Country", _SIMPLE),
    ("data_mining", "plus:DataMining", _SIMPLE),
)
"""Field, property, and how it is spelled."""


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """The facts that stay, each "" for none. `date` has the form 2025, 2025-04 or 2025-04-01."""

    copyright: str = ""
    author: str = ""
    caption: str = ""
    date: str = ""
    city: str = ""
    country: str = ""
    data_mining: str = ""

    @property
    def place(self) -> str:
        """Town and country as far as they stay, "" for neither."""
        return ", ".join(filter(None, (self.city, self.country)))

    @property
    def packet(self) -> bytes:
        """The note as XMP; b"" when there is nothing to say. The bytes depend on the facts only."""
        told = [
            spelling.format(name, html.escape(value, quote=False))
            for field, name, spelling in _SPELLINGS
            if (value := getattr(self, field))
        ]
        return _PACKET.format("".join(told)).encode() if told else b""


def note_of(findings: Iterable[Finding], keep: Collection[str], *, no_training: bool) -> Note:
    """Return what is to stay of what a file tells.

    `keep` names what may stay: "copyright", "author", "caption", the date rounded to
    "date-day", "date-month" or "date-year", and the place rounded to "location-city" or
    "location-country"; of these the widest counts. Of several facts of a kind the first stays.
    """
    findings = tuple(findings)
    first: dict[str, str] = {}
    for one in findings:
        if one.value:
            first.setdefault(one.kind, one.value)
    facts = {field: _text(first.get(kind, "")) for field, kind in _TEXTS.items() if field in keep}
    if lengths := [length for name, length in _DATES.items() if name in keep]:
        match = _DATE.match(first.get("time.taken", ""))
        facts["date"] = match[0][: min(lengths)] if match else ""
    facts |= _rounded_place(findings, keep)
    if no_training:
        facts["data_mining"] = _NO_TRAINING
    return Note(**facts)


def _rounded_place(findings: Iterable[Finding], keep: Collection[str]) -> dict[str, str]:
    """Return the fields that tell where the picture was taken, as far as that may stay."""
    fields = next((fields for name, fields in _PLACES.items() if name in keep), ())
    taken = (position(one) for one in findings if not one.where.endswith(DESTINATION))
    degrees = next(filter(None, taken), None)
    town = nearest(*degrees) if fields and degrees else None
    if town is None:
        return {}
    called = {"country": town.country, "city": town.name}
    return {field: called[field] for field in fields if town.distance_km <= _NEAR_ENOUGH[field]}


def kept(note: Note, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Mark the findings that the note still tells, and add those that it tells in part."""
    texts = {kind: value for field, kind in _TEXTS.items() if (value := getattr(note, field))}
    marked = [
        msgspec.structs.replace(one, removed=False)
        if one.kind in texts and _text(one.value) == texts[one.kind]
        else one
        for one in findings
    ]
    rounded = [
        finding(kind, WHERE, value, f"{what}: {value}", removed=False)
        for field, kind, what in _ROUNDED
        if (value := getattr(note, field))
    ]
    return (*marked, *rounded)


def _text(value: str) -> str:
    return _UNWRITABLE.sub("", value)[:_MAX_TEXT].strip()
