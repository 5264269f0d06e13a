"""Style sheets and declarations, taken apart into what they are made of.

Source: CSS Syntax Module Level 3, less what no drawing needs: escapes outside of strings,
rules inside rules. What does not parse is refused where a browser would guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from unexposed.errors import Malformed

_LEXEME: Final = re.compile(
    r"""
    (?P<comment> /\*.*?\*/ )
    | (?P<open> /\* )
    | (?P<space> [ \t\r\n\f]+ )
    | (?P<string> "[^"\\\r\n\f]*+" | '[^'\\\r\n\f]*+' )
    | (?P<url> url\( [ \t\r\n\f]*+
        (?: "[^"\\\r\n\f]*+" | '[^'\\\r\n\f]*+' | [^ \t\r\n\f"'()\\]*+ ) [ \t\r\n\f]*+ \) )
    | (?P<at> @-?[a-z][-a-z]* )
    | (?P<hash> \#[-\w]+ )
    | (?P<number> [+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?(?:%|[a-z]+)? )
    | (?P<function> -{0,2}[^\W\d][-\w]*\( )
    | (?P<word> -{0,2}[^\W\d][-\w]* )
    | (?P<mark> [][{}():;,.>*/!=+~|&%<-] )
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_UNIT = re.compile(r"[a-z%]+\Z", re.IGNORECASE)
_OPENING, _CLOSING = "([{", ")]}"
_SPACE = " \t\r\n\f"


MAX_LEXEMES = 1_000_000


class Lexeme(msgspec.Struct, frozen=True, gc=False):
    """The smallest piece that means something; `kind` is a group of the pattern above."""

    kind: str
    text: str

    @property
    def unit(self) -> str:
        """What a number counts, in lower case; "" for a bare one."""
        found = _UNIT.search(self.text)
        return found[0].lower() if found else ""

    @property
    def target(self) -> str:
        """What a `url()` refers to."""
        return self.text[4:-1].strip(_SPACE).strip("\"'")

    @property
    def is_space(self) -> bool:
        """Whether it only keeps others apart."""
        return self.kind in ("space", "comment")


class Rule(msgspec.Struct, frozen=True):
    """What stands before the braces, and in them; `name` is an at-rule's, in lower case.

    `inside` is None for a rule that ends with a semicolon.
    """

    name: str
    prelude: Sequence[Lexeme]
    inside: Sequence[Lexeme] | None


def lexemes(text: str, at: int) -> list[Lexeme]:
    """Return the lexemes of a text, which make it up. Raises Malformed, at byte `at`."""
    found: list[Lexeme] = []
    position = 0
    while position < len(text):
        match = _LEXEME.match(text, position)
        if match is None or match.lastgroup in (None, "open"):
            raise Malformed("has a style or value that cannot be read", at)
        if len(found) >= MAX_LEXEMES:
            raise Malformed("has a style or value that is too long", at)
        found.append(Lexeme(match.lastgroup, match[0]))
        position = match.end()
    return found


def rules(found: Sequence[Lexeme], at: int) -> Iterator[Rule]:
    """Yield the rules of a style sheet, or of what stands in a conditional rule's braces."""
    start = 0
    while start < len(found):
        if found[start].is_space:
            start += 1
            continue
        brace = _next(found, start, "{;", at)
        prelude = trimmed(found[start:brace])
        name = prelude[0].text[1:].lower() if prelude and prelude[0].kind == "at" else ""
        if name:
            prelude = trimmed(prelude[1:])
        if brace == len(found) or found[brace].text == ";":
            if not name:
                raise Malformed("has a style sheet with a rule that does nothing", at)
            yield Rule(name, prelude, None)
            start = brace + 1
        else:
            end = _next(found, brace + 1, "}", at)
            if end == len(found):
                raise Malformed("has a style sheet that is cut short", at)
            yield Rule(name, prelude, found[brace + 1 : end])
            start = end + 1


def declarations(found: Sequence[Lexeme], at: int) -> Iterator[tuple[str, Sequence[Lexeme]]]:
    """Yield property and value of each declaration; what is none has the property "".

    Properties are in lower case, but for custom ones. Raises Malformed for brackets that do not match.
    """
    start = 0
    while start < len(found):
        end = _next(found, start, ";", at)
        one = trimmed(found[start:end])
        start = end + 1
        if not one:
            continue
        rest = trimmed(one[1:])
        if one[0].kind == "word" and rest and rest[0].text == ":":
            name = one[0].text
            yield name if name.startswith("--") else name.lower(), trimmed(rest[1:])
        else:
            yield "", one


def parted(found: Sequence[Lexeme], at: int) -> list[Sequence[Lexeme]]:
    """Return what stands between commas, outside of brackets."""
    parts = []
    start = 0
    while start <= len(found):
        end = _next(found, start, ",", at)
        parts.append(trimmed(found[start:end]))
        start = end + 1
    return parts


def trimmed(found: Sequence[Lexeme]) -> Sequence[Lexeme]:
    """Return the lexemes without white space and comments at both ends."""
    start, end = 0, len(found)
    while start < end and found[start].is_space:
        start += 1
    while end > start and found[end - 1].is_space:
        end -= 1
    return found[start:end]


def joined(found: Sequence[Lexeme]) -> str:
    """Return the text of lexemes."""
    return "".join(" " if one.is_space else one.text for one in trimmed(found))


def _next(found: Sequence[Lexeme], start: int, marks: str, at: int) -> int:
    """Return where the next of these marks stands outside of brackets, else where all ends."""
    expected: list[str] = []
    for index in range(start, len(found)):
        one = found[index]
        if one.kind not in ("mark", "function"):
            continue
        last = one.text[-1]
        if not expected and last in marks and one.kind == "mark":
            return index
        if last in _OPENING:
            expected.append(_CLOSING[_OPENING.index(last)])
        elif last in _CLOSING and (not expected or expected.pop() != last):
            raise Malformed("has a style with brackets that do not match", at)
    if expected:
        raise Malformed("has a style with brackets that do not match", at)
    return len(found)
