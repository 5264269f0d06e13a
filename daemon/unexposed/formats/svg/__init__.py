"""SVG: drawings in XML.

What stays keeps its bytes: shapes, their numbers and the text that is drawn. Tags are
brought to one form, names that somebody chose become numbers, and references to elsewhere go.
Tables tell which elements and attributes stay, and which words their values may be made of; a
value with another word holds the file back. So do embedded fonts, HTML that is drawn, and a
document type that does more than name texts.

What is drawn stays even where nobody sees it: white on white, beyond the edge, fully
transparent; so do the names of fonts. What is never drawn goes: hidden layers, whether an
attribute or a style sheet hides them, definitions that nothing refers to, and what stands where
nothing is drawn. Where style sheets leave open whether somebody sees it, as when it is displayed
under the pointer alone, the drawing is held back.

Sources: SVG 2, SVG 1.1 (second edition), XML 1.0; the modules that this one uses name the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from unexposed.formats._written import planned
from unexposed.formats.parts import NOTHING, Buffer, Followed, Keep, Part, Plan, Put
from unexposed.formats.svg._copy import Copy, lay
from unexposed.formats.svg._places import PLACES
from unexposed.formats.svg._xml import Kind, tokens
from unexposed.metadata.block import Block

__all__ = [
    "EXTENSIONS",
    "NAME",
    "PILLOW",
    "PLACES",
    "annotate",
    "blocks",
    "dissect",
    "rebuild",
    "sniff",
]

NAME = "svg"
PILLOW: tuple[str, ...] = ()
EXTENSIONS = (".svg",)

_BEGINNING = re.compile(
    rb"(?:\xef\xbb\xbf)?+(?>\s++|<\?.*?\?>|<!--.*?-->)*+"
    rb"(?:<!DOCTYPE\s++(?:svg:)?svg\b|<(?:[A-Za-z][\w.-]*+:)?svg[\s/>])",
    re.DOTALL,
)
"""A root element called svg, or a document type of that name, behind what XML lets stand first."""


class _Parts(list[Part]):
    """The parts of a drawing, with the copy that they were laid out for."""

    def __init__(self, copy: Copy) -> None:
        super().__init__(copy.parts)
        self.laid = copy


def _laid(buffer: Buffer, parts: Sequence[Part]) -> Copy:
    """Return the copy that goes with parts; a drawing is gone through once, as that takes long."""
    return parts.laid if isinstance(parts, _Parts) else lay(buffer)


def sniff(head: bytes) -> bool:
    """Tell whether the bytes begin a drawing."""
    return _BEGINNING.match(head) is not None


def dissect(buffer: Buffer, _: Followed = NOTHING, /) -> list[Part]:
    """Divide a drawing into what is drawn, the markup around it, and what goes.

    Raises Malformed for what is not well-formed or cannot be accounted for.
    """
    return _Parts(lay(buffer))


def rebuild(buffer: Buffer, parts: Sequence[Part]) -> Plan:
    """Plan the clean copy."""
    if all(part.allowed for part in parts):
        return [Keep(0, len(buffer))]
    copy = _laid(buffer, parts)
    return planned(copy.parts, copy.written)


def blocks(buffer: Buffer, parts: Sequence[Part]) -> list[Block]:
    """Hand out metadata, comments, editors' notes, scripts, references and unseen objects."""
    return _laid(buffer, parts).blocks


def annotate(buffer: Buffer, _: Sequence[Part], packet: bytes) -> Plan | None:
    """Plan the copy with an XMP packet as the first thing in its root element."""
    root = next(one for one in tokens(buffer) if one.kind is Kind.START)
    if root.empty:
        return None
    name = root.name.removesuffix("svg").encode() + b"metadata"
    note = b"<%b>%b</%b>" % (name, packet, name)
    return [Keep(0, root.end), Put(note), Keep(root.end, len(buffer))]
