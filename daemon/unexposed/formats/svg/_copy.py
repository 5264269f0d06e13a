"""A drawing's clean copy, laid beside the source: what stands there for each part of it."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from unexposed.errors import Malformed
from unexposed.formats._written import Written
from unexposed.formats.parts import Buffer, Part, Role
from unexposed.formats.svg import _pictures as pictures
from unexposed.formats.svg._notes import Notes
from unexposed.formats.svg._sheets import SheetRewriter
from unexposed.formats.svg._spans import Spans
from unexposed.formats.svg._survey import FOREIGN, UNKNOWN, UNSEEN, style_text, survey
from unexposed.formats.svg._tables import (
    ATTRIBUTES,
    EMBEDDING,
    KEPT_NAMESPACES,
    PREFIX,
    STYLE_SHEET,
    TEXTUAL,
    XLINK,
    Kind,
)
from unexposed.formats.svg._values import Goes, Rewriter
from unexposed.formats.svg._xml import XMLNS, Attribute, Token, has_own_entity, is_blank, tokens
from unexposed.formats.svg._xml import Kind as TokenKind
from unexposed.metadata.block import Block
from unexposed.metadata.legible import legible

MAX_SIZE: Final = 32 << 20
"""Bytes of a drawing at most."""

_DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8"?>'
_DRAWING: Final = "drawing"
_NAME: Final = 60
"""Characters of a name that the name of a part tells at most."""

_DROPPED: Final = {
    FOREIGN: "element of others '{}'",
    UNKNOWN: "unknown element '{}'",
    UNSEEN: "objects that are not shown",
}
"""What elements are that go -> what their part is called, if not by their own name."""

_VERBATIM: Final = (Kind.DRAWING, Kind.LANGUAGE, Kind.FEATURES, Kind.EXTENSIONS)
"""Attributes whose bytes stay; what others say may have to be written anew."""
_EMPTIED: Final = (Kind.ID, Kind.CLASS, Kind.STYLE)
"""Attributes that go when there is nothing left for them to say."""
_QUOTES: Final = {b'"': b"&quot;", b"'": b"&apos;"}
_SPACE: Final = re.compile(rb"[\t\n\r]")
"""What a reader takes for a space between quotes, unless it is written as a number."""
_LONG: Final = 32
"""Bytes from which on numbers are a part of their own."""


class Copy(msgspec.Struct, frozen=True):
    """The parts of a drawing, what stands for each in the clean copy, and what it gave away."""

    parts: list[Part]
    written: Written
    blocks: list[Block]

    def made_from(self, buffer: Buffer) -> bytes:
        """Return the clean copy's bytes."""
        return b"".join(
            buffer[part.start : part.end] if data is None else data
            for part, data in zip(self.parts, self.written, strict=True)
        )


def lay(buffer: Buffer, depth: int = 1) -> Copy:
    """Divide a drawing that is itself `depth` drawings deep.

    Raises Malformed for what cannot be accounted for.
    """
    if len(buffer) > MAX_SIZE:
        raise Malformed(f"is a drawing of more than {MAX_SIZE >> 20} MiB", 0)
    return _Layout(buffer, depth).lay()


class _Layout:
    """Goes through the tokens of a drawing, and lays each of them down."""

    def __init__(self, buffer: Buffer, depth: int) -> None:
        self._notes = Notes(buffer)
        self._buffer = buffer
        self._depth = depth
        self._spans = Spans(buffer)
        self._tokens = tokens(buffer)
        self._has_doctype = any(one.kind is TokenKind.DOCTYPE for one in self._tokens)
        self._sheet_at = -1
        found = survey(self._tokens)
        self._drops = found.drops
        self._rewriter = Rewriter(found.names, self._embed, self._note)
        self._sheets = SheetRewriter(found.names, self._rewriter, self._note)

    def lay(self) -> Copy:
        """Lay down every token."""
        opened: list[Token] = []
        texts = 0
        index = 0
        while index < len(self._tokens):
            token = self._tokens[index]
            if index in self._drops:
                drop = self._drops[index]
                inside = self._tokens[index : drop.last + 1]
                self._notes.element(inside, drop.label)
                name = _DROPPED.get(drop.label, drop.label).format(legible(token.name)[:_NAME])
                self._spans.drop(inside[-1].end, Role.METADATA, name)
                index = drop.last
            elif token.kind is TokenKind.START:
                self._start(token)
                if not token.empty:
                    opened.append(token)
                    texts += token.local == "text"
            elif token.kind is TokenKind.END:
                texts -= opened.pop().local == "text"
                self._spans.put(token.end, f"</{token.name}>".encode())
            elif token.kind is TokenKind.TEXT:
                self._text(index, opened[-1], drawn=texts > 0)
            else:
                self._aside(token)
            index += 1
        self._spans.finish()
        return Copy(self._spans.parts, self._spans.written, self._notes.blocks())

    def _aside(self, token: Token) -> None:
        """Lay down what stands beside the elements."""
        if token.kind is TokenKind.DECLARATION:
            self._spans.put(token.end, _DECLARATION)
        elif token.kind is TokenKind.SPACE:
            self._spans.put_space(token.end)
        elif token.kind is TokenKind.MARK:
            self._spans.put(token.end, b"")
        else:
            self._notes.token(token)
            self._spans.drop(token.end, Role.METADATA, token.kind.value)

    def _text(self, index: int, parent: Token, *, drawn: bool) -> None:
        token = self._tokens[index]
        if parent.local == STYLE_SHEET:
            sheet = b"" if parent.start == self._sheet_at else self._sheet(index, parent)
            self._sheet_at = parent.start
            self._spans.put(token.end, sheet)
        elif drawn and parent.local in TEXTUAL:
            self._see_whole(token.start, token.end)
            self._spans.keep(token.end, Role.PICTURE, _DRAWING)
        elif is_blank(token.text):
            self._spans.put_space(token.end)
        else:
            self._notes.token(token)
            self._spans.drop(token.end, Role.UNKNOWN, "text that is not drawn")

    def _sheet(self, index: int, parent: Token) -> bytes:
        """Return the style sheet that begins with this token and goes on up to the end tag."""
        last = index
        while self._tokens[last].kind is not TokenKind.END:
            last += 1
        text = style_text(self._tokens, index, last)
        return _escaped(self._sheets.rewritten(text, parent.start))

    def _start(self, token: Token) -> None:
        name_end = token.start + 1 + len(token.name.encode())
        self._spans.keep(name_end)
        for one in token.attributes:
            self._attribute(one, token)
        self._spans.put(token.end, b"/>" if token.empty else b">")

    def _attribute(self, one: Attribute, token: Token) -> None:
        kind = ATTRIBUTES.get((one.namespace, one.local))
        if kind is Kind.LINK and token.local in EMBEDDING:
            kind = Kind.PICTURE
        if one.namespace == XMLNS:
            self._declaration(one)
        elif kind in _VERBATIM:
            self._verbatim(one, kind)
        elif kind is None or (one.namespace == XLINK and token.value("href") is not None):
            self._lose(one)
        else:
            try:
                text = self._rewriter.attribute(kind, one.value, one.start)
            except Goes as gone:
                self._note(gone.label, f"{one.name}={gone.text}")
                self._lose(one, noted=True)
                return
            if text or kind not in _EMPTIED:
                self._rewrite(one, text)
            else:
                self._spans.drop(one.end, Role.METADATA, _named(one))
            if kind in (Kind.ID, Kind.CLASS) and text != one.value:
                self._notes.say("names", one.value, one.end - one.start)

    def _declaration(self, one: Attribute) -> None:
        """Lay down the declaration of a namespace."""
        if one.value not in KEPT_NAMESPACES:
            self._spans.drop(one.end, Role.METADATA, "namespace of others")
            return
        if not PREFIX.fullmatch(one.name[6:]):
            raise Malformed("calls its elements by a name of its own", one.start)
        self._rewrite(one, one.value)

    def _verbatim(self, one: Attribute, kind: Kind) -> None:
        """Lay down an attribute whose value keeps its bytes."""
        try:
            self._rewriter.attribute(kind, one.value, one.start)
        except Goes:
            self._lose(one)
            return
        self._see_whole(one.value_start, one.value_end)
        self._head(one)
        if kind is Kind.DRAWING and one.value_end - one.value_start >= _LONG:
            self._spans.keep(one.value_end, Role.PICTURE, _DRAWING)
        self._spans.keep(one.end)

    def _rewrite(self, one: Attribute, text: str) -> None:
        """Lay down an attribute that is to say `text`."""
        self._head(one)
        self._spans.put(one.value_end, _escaped(text, self._quote(one)))
        self._spans.keep(one.end)

    def _lose(self, one: Attribute, *, noted: bool = False) -> None:
        if not noted:
            self._notes.attribute(one)
        self._spans.drop(one.end, Role.METADATA, _named(one))

    def _head(self, one: Attribute) -> None:
        self._spans.put(one.value_start, f" {one.name}=".encode() + self._quote(one))

    def _quote(self, one: Attribute) -> bytes:
        return self._buffer[one.value_start - 1 : one.value_start]

    def _see_whole(self, start: int, end: int) -> None:
        if self._has_doctype and has_own_entity(self._buffer[start:end]):
            raise Malformed("draws something that its document type tells", start)

    def _embed(self, address: str, at: int) -> str:
        embedded = pictures.clean(address, at, self._clean_inner)
        self._notes.add(embedded.blocks)
        return embedded.address

    def _clean_inner(self, data: bytes) -> tuple[bytes, list[Block]]:
        if self._depth >= pictures.MAX_DEPTH:
            raise Malformed("holds drawings inside one another", 0)
        inner = lay(data, self._depth + 1)
        return inner.made_from(data), inner.blocks

    def _note(self, label: str, text: str) -> None:
        self._notes.say(label, text, len(text.encode()))


def _named(one: Attribute) -> str:
    return f"attribute '{legible(one.name)[:_NAME]}'"


def _escaped(text: str, quote: bytes = b"") -> bytes:
    """Return text as XML has it, between such quotes or as an element's content."""
    data = text.replace("&", "&amp;").replace("<", "&lt;").encode()
    if not quote:
        return data
    data = data.replace(quote, _QUOTES[quote])
    return _SPACE.sub(lambda match: b"&#%d;" % match[0][0], data)
