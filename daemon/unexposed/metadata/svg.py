"""What a drawing tells beside what it draws: its editor's notes, scripts, references.

The label of a block is the property, attribute or element that it was found in. Sources:
Dublin Core Metadata Element Set 1.1; Inkscape's and Sodipodi's own attributes as Inkscape
writes them (src/attributes.cpp).
"""

from __future__ import annotations

import re
from typing import Final

from unexposed.exposure import Finding, finding
from unexposed.metadata.block import Block
from unexposed.metadata.legible import legible, size_in_words
from unexposed.metadata.times import moment

LANGUAGES = ("svg",)

FACTS: Final[dict[str, str]] = {
    "title": "person.caption",
    "desc": "person.caption",
    "alt": "person.caption",
    "aria-label": "person.caption",
    "aria-description": "person.caption",
    "dc:title": "person.caption",
    "dc:description": "person.caption",
    "dc:subject": "person.caption",
    "dc:coverage": "location.place",
    "dc:creator": "person.author",
    "dc:contributor": "person.named",
    "dc:publisher": "person.credit",
    "dc:rights": "person.copyright",
    "dc:date": "time.edited",
    "dc:source": "history.origin",
    "dc:relation": "history.origin",
    "dc:identifier": "history.documents",
    "sodipodi:docname": "history.documents",
    "sodipodi:docbase": "location.file_path",
    "sodipodi:absref": "location.file_path",
    "inkscape:export-filename": "location.file_path",
    "inkscape:version": "device.software",
    "sodipodi:version": "device.software",
    "inkscape:label": "history.edits",
    "data-name": "history.edits",
    "serif:id": "history.edits",
    "content": "history.edits",
    "gzip name": "history.documents",
    "gzip comment": "hidden.comment",
    "gzip time": "time.edited",
}
"""Property or attribute -> kind."""

_KINDS: Final[dict[str, str]] = {
    "comment": "hidden.comment",
    "script": "hidden.script",
    "remote": "hidden.remote",
    "path": "location.file_path",
    "unseen": "hidden.unseen",
    "unknown": "hidden.unknown",
    "stray text": "hidden.comment",
}
"""Other labels -> kind; what is not here either is reported as technical notes."""

_GATHERED: Final = ("attribute", "editor", "style")
"""Labels of blocks that have one small thing a line."""
_NAMED_BY_PROGRAMS: Final = re.compile(
    r"(?:[a-z]{1,16}|SVGID|Layer|Group|Path|[a-z]{1,9}(?:Gradient|Path))?[-_.:0-9]*"
)
"""Names that editors give to objects by themselves: path1234, SVGID_1_, Layer_1."""
_PATH: Final = re.compile(r"[/\\]")
_LISTED: Final = 12


def read(block: Block) -> list[Finding]:
    """Return what one property, attribute or element gives away."""
    label, where = block.label, block.where
    text = legible(block.payload)
    if label in FACTS:
        return _fact(FACTS[label], where, text)
    if label == "names":
        names = [one for one in text.split() if not _NAMED_BY_PROGRAMS.fullmatch(one)]
        return [finding("hidden.metadata", where, _listed(names))] if names else []
    if label in _GATHERED:
        lines = [legible(one) for one in block.payload.splitlines()]
        if label == "editor":
            lines = list(dict.fromkeys(one.partition("=")[0] for one in lines))
        return [finding("hidden.metadata", where, _listed(lines))]
    kind = _KINDS.get(label, "hidden.metadata")
    return [finding(kind, where, text or size_in_words(block.size))]


def _fact(kind: str, where: str, text: str) -> list[Finding]:
    if kind.startswith("time."):
        text = moment(text)
    elif kind == "history.documents" and _PATH.search(text):
        kind = "location.file_path"
    return [finding(kind, where, text)] if text else []


def _listed(names: list[str]) -> str:
    return ", ".join(names[:_LISTED]) + (", ..." if len(names) > _LISTED else "")
