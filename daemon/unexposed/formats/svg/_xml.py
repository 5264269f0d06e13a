"""XML as tokens that tell the bytes they stand in.

Expat judges whether a document is well-formed and says where each token begins; where
attributes stand inside a tag is read from the tag itself, and both have to agree. Nothing
outside the document is looked at, and of a DTD only plain text entities are taken.

Source: XML 1.0 (fifth edition); Namespaces in XML 1.0 (third edition).
"""

from __future__ import annotations

import enum
import re
from itertools import islice
from pyexpat import XML_PARAM_ENTITY_PARSING_NEVER, ExpatError, ParserCreate
from typing import Final, NoReturn

import msgspec

from unexposed.errors import Malformed
from unexposed.formats.parts import Buffer

MAX_DEPTH = 256
"""Elements inside one another."""
MAX_TOKENS = 1_000_000
MAX_ENTITY = 256
"""Characters that an entity of the document's own may stand for."""
MAX_ENTITIES = 1_000
"""Such entities in a document."""
MAX_REFERENCES = 1_000
"""References to such entities in a document."""

XMLNS: Final = "http://www.w3.org/2000/xmlns/"
XML: Final = "http://www.w3.org/XML/1998/namespace"

_SPACE = " \t\r\n"
_TAG = re.compile(rb"<([^ \t\r\n/>]+)")
_ATTRIBUTE = re.compile(
    rb"[ \t\r\n]+([^ \t\r\n=/>]+)[ \t\r\n]*=[ \t\r\n]*(?:\"([^\"]*)\"|'([^']*)')"
)
_TAG_END = re.compile(rb"[ \t\r\n]*(/?)>")
_BLANK = re.compile(rb"[ \t\r\n]*")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_OWN_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);)")

_UTF8 = ("utf-8", "utf8")
_BOM = b"\xef\xbb\xbf"


class Kind(enum.Enum):
    """What a token is."""

    MARK = "byte order mark"
    DECLARATION = "XML declaration"
    DOCTYPE = "document type"
    SPACE = "white space outside the root element"
    START = "start tag"
    END = "end tag"
    TEXT = "text"
    COMMENT = "comment"
    INSTRUCTION = "processing instruction"


class Attribute(msgspec.Struct, frozen=True, gc=False):
    """An attribute from `start`, the white space before it, to `end` behind its closing quote.

    `value` is what it says once references are resolved; its bytes are [value_start, value_end).
    """

    start: int
    value_start: int
    value_end: int
    end: int
    name: str
    namespace: str
    local: str
    value: str


class Token(msgspec.Struct, frozen=True, gc=False):
    """A token in [start, end). `text` is what text, a comment or an instruction says."""

    kind: Kind
    start: int
    end: int
    name: str = ""
    namespace: str = ""
    local: str = ""
    attributes: tuple[Attribute, ...] = ()
    empty: bool = False
    """Whether a start tag is its element's end as well."""
    text: str = ""

    def value(self, local: str, namespace: str = "") -> str | None:
        """Return what an attribute says, None where it is missing."""
        for one in self.attributes:
            if one.local == local and one.namespace == namespace:
                return one.value
        return None


def is_blank(text: str) -> bool:
    """Tell whether there is nothing but white space."""
    return not text.strip(_SPACE)


def has_own_entity(raw: bytes) -> bool:
    """Tell whether there is a reference that means something only beside a DTD."""
    return _OWN_ENTITY.search(raw) is not None


def tokens(buffer: Buffer) -> list[Token]:
    """Return the tokens of a document, which tile it.

    Raises Malformed for one that is not well-formed, is not UTF-8, has a DTD that does more than
    name texts, or is too deep or too long.
    """
    reader = _Reader(buffer)
    reader.read()
    return _tiled(buffer, reader.found)


class _Reader:
    """Listens to expat."""

    def __init__(self, buffer: Buffer) -> None:
        self.found: list[Token] = []
        self._buffer = buffer
        self._scope = {"xml": XML, "xmlns": XMLNS}
        self._outer: list[dict[str, str]] = []
        """For each element that is open, what the prefixes that it declares meant outside of it."""
        self._entities = 0
        self._open: list[Token] = []
        self._text: list[str] = []
        self._text_start = -1
        self._in_doctype = False
        parser = ParserCreate("UTF-8")
        parser.ordered_attributes = True
        parser.SetParamEntityParsing(XML_PARAM_ENTITY_PARSING_NEVER)
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EndDoctypeDeclHandler = self._doctype_end
        parser.EntityDeclHandler = self._entity
        parser.ElementDeclHandler = self._refuse
        parser.AttlistDeclHandler = self._refuse
        parser.NotationDeclHandler = self._refuse
        parser.SkippedEntityHandler = self._skipped
        parser.ExternalEntityRefHandler = self._skipped
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartCdataSectionHandler = self._section
        parser.EndCdataSectionHandler = self._section
        parser.CommentHandler = self._comment
        parser.ProcessingInstructionHandler = self._instruction
        self._parser = parser

    def read(self) -> None:
        """Go through the document. Raises Malformed."""
        try:
            self._parser.Parse(self._buffer, True)
        except ExpatError as problem:
            offset = min(max(self._parser.ErrorByteIndex, 0), len(self._buffer))
            text = str(problem).partition(":")[0]
            raise Malformed(f"is not well-formed XML ({text})", offset) from None

    @property
    def _at(self) -> int:
        return self._parser.CurrentByteIndex

    def _add(self, token: Token) -> None:
        self._close_text(token.start)
        if len(self.found) >= MAX_TOKENS:
            raise Malformed(f"falls into more than {MAX_TOKENS:,} tokens", token.start)
        self.found.append(token)

    def _close_text(self, end: int) -> None:
        if self._text_start >= 0:
            start, self._text_start = self._text_start, -1
            text, self._text = "".join(self._text), []
            self._add(Token(Kind.TEXT, start, end, text=text))

    def _after(self, mark: bytes) -> int:
        return self._buffer.find(mark, self._at) + len(mark)

    def _declaration(self, version: str, encoding: str | None, _standalone: int) -> None:
        if version != "1.0":
            raise Malformed("is not XML 1.0", self._at)
        if (encoding or "utf-8").casefold() not in _UTF8 and _BEYOND_ASCII.search(self._buffer):
            raise Malformed("is not in UTF-8", self._at)
        self._add(Token(Kind.DECLARATION, self._at, self._after(b"?>")))

    def _doctype(self, *_: object) -> None:
        self._in_doctype = True

    def _doctype_end(self) -> None:
        self._in_doctype = False

    def _entity(
        self,
        _name: str,
        is_parameter: bool,
        value: str | None,
        *_elsewhere: object,
    ) -> None:
        if is_parameter or value is None or len(value) > MAX_ENTITY or set("&<%") & set(value):
            self._refuse()
        self._entities += 1
        if self._entities > MAX_ENTITIES:
            raise Malformed("has too many entities", self._at)
        if self._entities > 1:
            return
        references = islice(_OWN_ENTITY.finditer(self._buffer), MAX_REFERENCES + 1)
        if sum(1 for _ in references) > MAX_REFERENCES:
            raise Malformed("refers to its entities too often", self._at)

    def _refuse(self, *_: object) -> NoReturn:
        raise Malformed("has a document type that does more than name texts", self._at)

    def _skipped(self, *_: object) -> NoReturn:
        raise Malformed("refers to an entity from elsewhere", self._at)

    def _start(self, name: str, told: list[str]) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise Malformed(f"is more than {MAX_DEPTH} elements deep", self._at)
        declared = {
            key[6:]: value
            for key, value in zip(told[::2], told[1::2], strict=True)
            if key == "xmlns" or key.startswith("xmlns:")
        }
        self._outer.append({one: self._scope.get(one, "") for one in declared})
        self._scope.update(declared)
        attributes, end, empty = self._attributes(told)
        namespace, local = self._resolved(name, self._scope.get("", ""))
        token = Token(Kind.START, self._at, end, name, namespace, local, attributes, empty)
        self._add(token)
        self._open.append(token)

    def _attributes(self, told: list[str]) -> tuple[tuple[Attribute, ...], int, bool]:
        """Return a tag's attributes, where the tag ends, and whether it is an element's end too."""
        tag = _TAG.match(self._buffer, self._at)
        at = tag.end() if tag else self._at
        found = []
        for key, value in zip(told[::2], told[1::2], strict=True):
            match = _ATTRIBUTE.match(self._buffer, at)
            if match is None or match[1].decode("utf-8", "replace") != key:
                raise Malformed("has a tag that cannot be accounted for", self._at)
            namespace, local = self._resolved(key, "")
            start, end = match.span(2) if match[2] is not None else match.span(3)
            found.append(Attribute(at, start, end, match.end(), key, namespace, local, value))
            at = match.end()
        closing = _TAG_END.match(self._buffer, at)
        if tag is None or closing is None:
            raise Malformed("has a tag that cannot be accounted for", self._at)
        return tuple(found), closing.end(), bool(closing[1])

    def _resolved(self, name: str, default: str) -> tuple[str, str]:
        """Return namespace and local name of a qualified name."""
        prefix, colon, local = name.rpartition(":")
        if name == "xmlns":
            return XMLNS, name
        if not colon:
            return default, name
        namespace = self._scope.get(prefix)
        if not namespace or not local or ":" in prefix:
            raise Malformed("uses a prefix that it does not declare", self._at)
        return namespace, local

    def _end(self, name: str) -> None:
        start = self._open.pop()
        self._scope.update(self._outer.pop())
        if not start.empty:
            end = self._after(b">")
            self._add(Token(Kind.END, self._at, end, name, start.namespace, start.local))

    def _characters(self, text: str) -> None:
        self._section()
        self._text.append(text)

    def _section(self) -> None:
        if self._text_start < 0:
            self._text_start = self._at

    def _comment(self, text: str) -> None:
        if not self._in_doctype:
            self._add(Token(Kind.COMMENT, self._at, self._after(b"-->"), text=text))

    def _instruction(self, target: str, data: str) -> None:
        if not self._in_doctype:
            end = self._after(b"?>")
            self._add(Token(Kind.INSTRUCTION, self._at, end, target, text=f"{target} {data}"))


def _tiled(buffer: Buffer, found: list[Token]) -> list[Token]:
    """Add what expat does not tell the place of: the document type, and white space around it."""
    tiled: list[Token] = []
    position = 0
    if buffer[:3] == _BOM:
        tiled.append(Token(Kind.MARK, 0, 3))
        position = 3
    doctypes = 0
    for token in [*found, None]:
        end = token.start if token else len(buffer)
        if position < end:
            gap = _gap(buffer, position, end)
            doctypes += len([one for one in gap if one.kind is Kind.DOCTYPE])
            tiled += gap
        if token:
            tiled.append(token)
            position = token.end
    if doctypes > 1:
        raise Malformed("has more than one document type", 0)
    return tiled


def _gap(buffer: Buffer, start: int, end: int) -> list[Token]:
    found = []
    first = _blank_end(buffer, start, end)
    if first > start:
        found.append(Token(Kind.SPACE, start, first))
    if first == end:
        return found
    if buffer[first : first + 9] != b"<!DOCTYPE":
        raise Malformed("has bytes that cannot be accounted for", first)
    last = buffer.rfind(b">", first, end) + 1
    found.append(Token(Kind.DOCTYPE, first, last))
    if last < end:
        if _blank_end(buffer, last, end) < end:
            raise Malformed("has bytes that cannot be accounted for", last)
        found.append(Token(Kind.SPACE, last, end))
    return found


def _blank_end(buffer: Buffer, start: int, end: int) -> int:
    match = _BLANK.match(buffer, start, end)
    return match.end() if match else start
