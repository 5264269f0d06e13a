"""What goes from a drawing, gathered for the readers."""

from __future__ import annotations

from binascii import a2b_base64
from collections.abc import Iterable, Sequence
from typing import Final

from unexposed.formats._leftover import GLIMPSE
from unexposed.formats.parts import Buffer
from unexposed.formats.svg._survey import FOREIGN, UNKNOWN, UNSEEN
from unexposed.formats.svg._tables import EDITORS, LABELS, SVG
from unexposed.formats.svg._xml import XML, Attribute, Kind, Token, is_blank
from unexposed.metadata.block import MAX_PAYLOAD, Block
from unexposed.metadata.legible import legible
from unexposed.metadata.svg import FACTS

_MAX_BLOCKS: Final = 400
"""Facts that are told one by one; what is beyond that is gathered."""
_NAME: Final = 60
_RECORD: Final = ("http://c2pa.org/manifest", "manifest")
"""Namespace and name of the element that holds C2PA records (C2PA 2.1, annex A)."""


class Notes:
    """Blocks for the readers; many small things of one sort become a single one."""

    def __init__(self, buffer: Buffer) -> None:
        self._buffer = buffer
        self._found: list[Block] = []
        self._gathered: dict[str, list[str]] = {}
        self._sizes: dict[str, int] = {}
        self._room = 2 * MAX_PAYLOAD

    def blocks(self) -> list[Block]:
        """Return all that was noted."""
        gathered = [
            Block("svg", "\n".join(texts).encode()[:GLIMPSE], _WHERE[label], size, label)
            for label, texts in self._gathered.items()
            if (size := self._sizes[label])
        ]
        return self._found + gathered

    def add(self, blocks: Iterable[Block]) -> None:
        """Note what an embedded picture gives away."""
        self._found += blocks

    def say(self, label: str, text: str, size: int, where: str = "") -> None:
        """Note a fact, or one more of those that are gathered under their label."""
        size = max(1, min(size, len(self._buffer)))
        if label in _WHERE or len(self._found) >= _MAX_BLOCKS:
            label = label if label in _WHERE else "attribute"
            self._gathered.setdefault(label, []).append(text[:GLIMPSE])
            self._sizes[label] = self._sizes.get(label, 0) + size
        else:
            payload = text[:GLIMPSE].encode()
            place = where or _PLACES.get(label, f"SVG {label}")
            self._found.append(Block("svg", payload, place, size, label))

    def token(self, token: Token) -> None:
        """Note a comment, an instruction, a document type, or text that is not drawn."""
        size = token.end - token.start
        if token.kind is Kind.COMMENT and len(self._found) >= _MAX_BLOCKS:
            self.say("comment", token.text, size)
        elif token.kind is Kind.COMMENT:
            payload = token.text[:GLIMPSE].encode()
            self._found.append(Block("comment", payload, "SVG comment", size))
        elif token.kind is Kind.INSTRUCTION:
            self.say("instruction", token.text, size)
        elif token.kind is Kind.DOCTYPE:
            raw = self._buffer[token.start : min(token.end, token.start + GLIMPSE)]
            if b"//W3C//DTD" not in raw:
                self.say("document type", legible(raw), size)
        elif not is_blank(token.text):
            self.say("stray text", token.text.strip(), size)

    def attribute(self, one: Attribute) -> None:
        """Note an attribute that goes."""
        if not one.value:
            return
        size = one.end - one.start
        name = known_name(one.namespace, one.local, one.name)
        if name in FACTS:
            self.say(name, one.value, size, f"SVG {name}")
        elif one.local == "id":
            self.say("names", one.value, size)
        elif one.local[:2].lower() == "on" and not one.namespace:
            self.say("script", f"{one.name}: {one.value}", size)
        elif one.namespace in ("", SVG, XML):
            self.say("attribute", f"{name}={one.value}", size)
        else:
            self.say("editor", f"{name}={one.value}", size)

    def element(self, tokens: Sequence[Token], label: str) -> None:
        """Note an element that goes with all that is in it."""
        size = tokens[-1].end - tokens[0].start
        if label == LABELS["metadata"] or label == FOREIGN:
            self._metadata(tokens)
            return
        text = " ".join(one.text.strip() for one in tokens if one.kind is Kind.TEXT)
        if label in (UNSEEN, UNKNOWN) and is_blank(text):
            text = _first_telling(tokens)
        self.say(label, text, size)

    def _metadata(self, tokens: Sequence[Token]) -> None:
        """Note the facts in metadata, each under the property that tells it, and XMP as a whole."""
        path: list[str] = []
        packet_end = -1
        record = False
        for index, token in enumerate(tokens):
            if index <= packet_end:
                continue
            if token.kind is Kind.START:
                name = known_name(token.namespace, token.local, token.name)
                if name == "x:xmpmeta":
                    packet_end = _end(tokens, index)
                    self._packet(token.start, tokens[packet_end].end)
                    continue
                path.append(name)
                record = (token.namespace, token.local) == _RECORD
                for one in token.attributes:
                    if not one.name.startswith("xmlns"):
                        self.attribute(one)
                if token.empty:
                    path.pop()
            elif token.kind is Kind.END:
                path.pop()
            elif token.kind is Kind.TEXT and not is_blank(token.text):
                size = token.end - token.start
                if record:
                    self._record(token.text, size)
                    continue
                label = next((one for one in path if one in FACTS), path[-1] if path else "")
                if label in FACTS:
                    self.say(label, token.text.strip(), size, f"SVG metadata {label}")
                else:
                    self.say("editor", f"{label}={token.text.strip()}", size)
            elif token.kind in (Kind.COMMENT, Kind.INSTRUCTION):
                self.token(token)

    def _packet(self, start: int, end: int) -> None:
        payload = self._buffer[start : min(end, start + min(self._room, MAX_PAYLOAD))]
        self._room -= len(payload)
        self._found.append(Block("xmp", payload, "XMP", end - start))

    def _record(self, text: str, size: int) -> None:
        """Note C2PA records, which stand here in letters."""
        try:
            payload = a2b_base64(text[: min(self._room, MAX_PAYLOAD)].encode())
        except ValueError:
            payload = text[:GLIMPSE].encode()
        self._room -= len(payload)
        self._found.append(Block("c2pa", payload, "C2PA", size))


_WHERE: Final = {
    "attribute": "SVG attributes",
    "comment": "SVG comments",
    "editor": "SVG editor's data",
    "names": "SVG names",
    "style": "SVG styles",
}
"""Labels under which small things are gathered, and where these stood."""
_PLACES: Final = {
    "unseen": "SVG objects that are not shown",
    "unknown": "SVG elements that no specification accounts for",
    "remote": "SVG reference",
    "path": "SVG reference",
}


def known_name(namespace: str, local: str, written: str) -> str:
    """Return a name with the prefix that readers know, or as it is written."""
    prefix = EDITORS.get(namespace)
    return f"{prefix}:{local}" if prefix else legible(written)[:_NAME]


def _end(tokens: Sequence[Token], start: int) -> int:
    depth = 0
    for index in range(start, len(tokens)):
        depth += tokens[index].kind is Kind.START and not tokens[index].empty
        depth -= tokens[index].kind is Kind.END
        if depth == 0:
            return index
    return len(tokens) - 1


def _first_telling(tokens: Sequence[Token]) -> str:
    """Return what the elements in a part without text are called."""
    names = [
        one.value
        for token in tokens
        for one in token.attributes
        if one.local in ("id", "label", "title")
    ]
    return ", ".join(names[:20])
