"""The values of attributes and style sheets, looked through word by word.

A value stays as it is when each of its words is one that specifications know. Names that
somebody chose become numbers, in the order in which they appear, so that cleaning twice
changes nothing. References to elsewhere go; what cannot be accounted for holds the file back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, NoReturn

from unexposed.errors import Malformed
from unexposed.formats.svg._css import Lexeme, declarations, joined, lexemes, trimmed
from unexposed.formats.svg._names import Names
from unexposed.formats.svg._tables import ATTRIBUTES, EXTENSIONS, FEATURE, FEATURES, Kind
from unexposed.formats.svg._words import (
    ANIMATED,
    EVENTS,
    FREE,
    FUNCTIONS,
    PROPERTIES,
    TAGGED,
    UNITS,
    VENDORS,
    WORDS,
)
from unexposed.metadata.legible import legible

# A letter of a path has its numbers behind it, or it would be a letter of some word.
_NUMBERS: Final = re.compile(
    r"(?>[\s,;]++|[+-]?(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?|[zZ]"
    r"|[MmLlHhVvCcSsQqTtAa](?=[\s,]*+(?:[-+.0-9]|\Z)))*+"
)
_HEX: Final = re.compile(r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")
_LANGUAGES: Final = re.compile(
    r"\s*+(?:[A-Za-z]{2,3}+(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?\s*+(?:,\s*+|\Z))*+"
)
_TAG: Final = re.compile(r"[\"'][A-Za-z0-9]{4}[\"']")
_CLOCK: Final = r"[+-]?\s*+[0-9.:]++\s*+(?:h|min|s|ms)?"
_MOMENT: Final = re.compile(
    rf"\s*+(?:indefinite|{_CLOCK}|(?:(?P<id>[^\s;()+]+)\.)?(?P<event>[A-Za-z]++)"
    rf"(?:\([0-9]++\))?\s*+(?:{_CLOCK})?)\s*+"
)
_VARIABLE: Final = re.compile(r"var\(\s*(--[-\w]+)", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+):")
_PATH: Final = re.compile(r"file:|[A-Za-z]:[\\/]|/(?!/)|\\|~", re.IGNORECASE)

_SHORT: Final = 80


class Goes(Exception):
    """A value that does not stay while the drawing does; never seen outside of this format."""

    def __init__(self, label: str, text: str = "") -> None:
        super().__init__(label)
        self.label = label
        self.text = text


Embed = Callable[[str, int], str]
"""Returns a data address with its picture cleaned; the number is where it stands."""
Say = Callable[[str, str], None]
"""Is told of what goes: a label and a text."""


class Rewriter:
    """Returns values as a clean copy has them, "" for those with nothing left.

    Methods raise Goes for a value that goes, and Malformed, at byte `at`, for one that cannot
    be accounted for.
    """

    def __init__(self, names: Names, embed: Embed, say: Say) -> None:
        self._names = names
        self._embed = embed
        self._say = say

    def attribute(self, kind: Kind, text: str, at: int) -> str:
        """Return the value of an attribute of a kind."""
        match kind:
            case Kind.DRAWING:
                return self.drawing(text, at)
            case Kind.ID:
                return self.id(text)
            case Kind.LINK:
                return self.link(text)
            case Kind.PICTURE:
                return self.picture(text, at)
            case Kind.STYLE:
                return self.style(text, at)
            case Kind.CLASS:
                return self.css_class(text)
            case Kind.FONT:
                return self.font(text, at)
            case Kind.FONT_SETTINGS:
                return self.font_settings(text, at)
            case Kind.TIMING:
                return self.timing(text, at)
            case Kind.RESULT:
                return self._names.result(text)
            case Kind.LANGUAGE:
                return self.language(text)
            case Kind.FEATURES:
                return self.features(text, at)
            case Kind.EXTENSIONS:
                return self.extensions(text, at)
            case Kind.TARGET:
                return self.target(text, at)
        return self.words(text, at)

    def drawing(self, text: str, at: int) -> str:
        """Return a value that refers to nothing, as it is."""
        if not _NUMBERS.fullmatch(text) and not _is_plain(text):
            refuse(text, at)
        return text

    def id(self, text: str) -> str:
        """Return the new name of an element, "" where nothing refers to it."""
        return self._names.id(text) if self._names.has_id(text) else ""

    def words(self, text: str, at: int) -> str:
        """Return the value of a property, or what an animation makes of one."""
        if _NUMBERS.fullmatch(text) or _is_plain(text):
            return text
        return self.value(lexemes(text, at), at, "")

    def font(self, text: str, at: int) -> str:
        """Return names of fonts."""
        return self.value(lexemes(text, at), at, "font")

    def font_settings(self, text: str, at: int) -> str:
        """Return features of fonts, which are told by tags of four letters."""
        return self.value(lexemes(text, at), at, "font-feature-settings")

    def link(self, text: str) -> str:
        """Return a reference of the drawing to itself."""
        address = text.strip()
        if not address.startswith("#"):
            raise gone(address)
        return "#" + self._names.id(address[1:])

    def picture(self, text: str, at: int) -> str:
        """Return a reference of the drawing to itself, or an address that holds a picture."""
        address = text.strip()
        return self._embed(address, at) if address[:5].lower() == "data:" else self.link(text)

    def css_class(self, text: str) -> str:
        """Return those classes that a style sheet selects by."""
        known = [name for name in text.split() if self._names.has_class(name)]
        return " ".join(dict.fromkeys(self._names.css_class(name) for name in known))

    def language(self, text: str) -> str:
        """Return languages, each perhaps with its script and region."""
        if not _LANGUAGES.fullmatch(text):
            raise Goes("attribute", text)
        return text

    def features(self, text: str, at: int) -> str:
        """Return what a viewer has to be capable of."""
        for one in text.split():
            if not one.startswith(FEATURE) or one.removeprefix(FEATURE) not in FEATURES:
                refuse(one, at)
        return text

    def extensions(self, text: str, at: int) -> str:
        """Return the other languages that a viewer has to know."""
        for one in text.split():
            if one not in EXTENSIONS:
                refuse(one, at)
        return text

    def timing(self, text: str, at: int) -> str:
        """Return the moments at which an animation begins or ends."""
        moments = []
        for one in text.split(";"):
            match = _MOMENT.fullmatch(one)
            event = match["event"] if match else ""
            if match is None or (event and event.lower() not in EVENTS):
                refuse(one, at)
            name = match["id"]
            renamed = one.replace(f"{name}.", f"{self._names.id(name)}.", 1) if name else one
            moments.append(renamed)
        return ";".join(moments)

    def target(self, text: str, at: int) -> str:
        """Return the name of an attribute that may be animated."""
        kind = ATTRIBUTES.get(("", text))
        if kind not in (Kind.DRAWING, Kind.WORDS) and text not in PROPERTIES:
            refuse(text, at)
        return text

    def style(self, text: str, at: int) -> str:
        """Return declarations, as they stand in an attribute or between braces."""
        return self.declared(lexemes(text, at), at)

    def declared(self, found: Sequence[Lexeme], at: int) -> str:
        """Return declarations without those that no browser heeds."""
        kept = []
        if any(one.text == "{" for one in found):
            raise Malformed("has style rules inside one another", at)
        for name, value in declarations(found, at):
            if name.startswith("--") and self._names.has_variable(name):
                kept.append(f"{self._names.variable(name)}:{self.value(value, at, '')}")
                continue
            if name == "all":
                refuse(name, at)
            bare = name
            for vendor in VENDORS:
                bare = bare.removeprefix(vendor)
            if bare not in PROPERTIES:
                self._say("style", f"{name}:{joined(value)}")
                continue
            written = self.value(value, at, bare)
            if written:
                kept.append(f"{name}:{written}")
        return ";".join(kept)

    def value(self, found: Sequence[Lexeme], at: int, name: str) -> str:
        """Return a value; `name` is the property's, which may allow for more."""
        written: list[str] = []
        function = ""
        for one in trimmed(found):
            text = one.text
            if one.is_space:
                text = " "
            elif one.kind == "url":
                text = self._reference(one.target, at)
            elif one.kind == "word" and name in ANIMATED and self._is_animation(one):
                text = self._names.frames(text)
            elif one.kind == "word" and text.startswith("--"):
                text = self._names.variable(text)
            elif one.kind == "string":
                path = function == "path(" and _NUMBERS.fullmatch(text[1:-1])
                if not path and name not in FREE and not (name in TAGGED and _TAG.fullmatch(text)):
                    refuse(text, at)
            elif not _is_known(one) and not (one.kind == "word" and name in FREE):
                refuse(text, at)
            if one.kind == "function":
                function = text.lower()
            if text != " " or written[-1:] != [" "]:
                written.append(text)
        return "".join(written)

    def _is_animation(self, one: Lexeme) -> bool:
        """Tell whether a word names an animation, if only one that nothing defines."""
        return self._names.has_frames(one.text) or not _is_known(one)

    def _reference(self, target: str, at: int) -> str:
        """Return a reference; one to elsewhere becomes one to nothing, which looks the same."""
        if target.startswith("#"):
            return f"url(#{self._names.id(target[1:])})"
        if target[:5].lower() == "data:":
            return f"url({self._embed(target, at)})"
        going = gone(target)
        self._say(going.label, going.text)
        return f"url(#{self._names.id('')})"


def variables_in(text: str) -> list[str]:
    """Return the custom properties that a style or value uses."""
    return _VARIABLE.findall(text)


def moments(text: str) -> list[str]:
    """Return the names of the elements that tell when an animation begins or ends."""
    found = [_MOMENT.fullmatch(one) for one in text.split(";")]
    return [match["id"] for match in found if match and match["id"]]


def refuse(text: str, at: int) -> NoReturn:
    """Raise Malformed for what nobody knows."""
    raise Malformed(f"holds '{legible(text)[:40]}', which no specification accounts for", at)


def gone(address: str) -> Goes:
    """Return what an address is that leads elsewhere."""
    match = _ADDRESS.match(address)
    scheme = match["scheme"].lower() if match else ""
    if scheme in ("javascript", "vbscript", "data"):
        return Goes("script", address)
    if _PATH.match(address):
        return Goes("path", address)
    return Goes("remote", address)


def _is_plain(text: str) -> bool:
    """Tell whether a value is made of numbers and words that are known, and refers to nothing."""
    return _is_short_plain(text) if len(text) <= _SHORT else _is_long_plain(text)


def _is_long_plain(text: str) -> bool:
    try:
        found = lexemes(text, 0)
    except Malformed:
        return False
    return all(one.kind == "space" or _is_known(one) for one in found)


# Most values of a drawing are a few that come again and again.
_is_short_plain = lru_cache(maxsize=4096)(_is_long_plain)


def _is_known(one: Lexeme) -> bool:
    match one.kind:
        case "word":
            word = one.text.lower()
            return word in WORDS or word in PROPERTIES
        case "number":
            return not one.unit or one.unit in UNITS
        case "hash":
            return _HEX.fullmatch(one.text) is not None
        case "function":
            return one.text[:-1].lower() in FUNCTIONS
        case "mark":
            return one.text in "(),:;/.*+-!%<>="
    return False
