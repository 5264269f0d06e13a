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
from urllib.parse import unquote

from unexposed.errors import Malformed
from unexposed.formats._svg_css import (
    Lexeme,
    Rule,
    declarations,
    lexemes,
    parted,
    rules,
    trimmed,
)
from unexposed.formats._svg_tables import ATTRIBUTES, ELEMENTS, KEPT_NAMESPACES, RESULTS, Kind
from unexposed.formats._svg_words import (
    EVENTS,
    FREE,
    FUNCTIONS,
    PROPERTIES,
    SELECTORS,
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
    r"\s*+(?:[A-Za-z]{1,8}+(?:-[A-Za-z0-9]{1,8}+){0,5}+\s*+(?:,\s*+|\Z))*+"
)
_FEATURES: Final = re.compile(
    r"(?:\s*(?:http://www\.w3\.org/TR/SVG11/feature#[A-Za-z]+(?:-[A-Za-z]+)?"
    r"|org\.w3c\.(?:dom\.)?svg(?:\.(?:all|dynamic|static|animation|lang))?))*+\s*"
)
_CLOCK: Final = r"[+-]?\s*+[0-9.:]++\s*+(?:h|min|s|ms)?"
_MOMENT: Final = re.compile(
    rf"\s*+(?:indefinite|{_CLOCK}|(?:(?P<id>[^\s;()+]+)\.)?(?P<event>[A-Za-z]++)"
    rf"(?:\([0-9]++\))?\s*+(?:{_CLOCK})?)\s*+"
)
_ADDRESS: Final = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+):")
_PATH: Final = re.compile(r"file:|[A-Za-z]:[\\/]|/(?!/)|\\|~", re.IGNORECASE)

_SHORT: Final = 80
_KEYFRAMES: Final = ("keyframes", "-webkit-keyframes", "-moz-keyframes")
_MAX_NESTING: Final = 4
_NO_ID: Final = "i0"
_NO_CLASS: Final = "c0"


class Goes(Exception):
    """A value that does not stay while the drawing does; never seen outside of this format."""

    def __init__(self, label: str, text: str = "") -> None:
        super().__init__(label)
        self.label = label
        self.text = text


class Names:
    """New names for those that somebody chose."""

    def __init__(self, ids: dict[str, str], classes: dict[str, str]) -> None:
        self._ids = ids
        self._classes = classes
        self._results: dict[str, str] = {}

    def has_id(self, name: str) -> bool:
        """Tell whether an element of the clean copy has this name."""
        return name in self._ids or unquote(name) in self._ids

    def has_class(self, name: str) -> bool:
        """Tell whether an element of the clean copy is of this class."""
        return name in self._classes

    def id(self, name: str) -> str:
        """Return the new name of an element that is referred to, one of its own for none."""
        return self._ids.get(name) or self._ids.get(unquote(name), _NO_ID)

    def css_class(self, name: str) -> str:
        """Return the new name of a class that a style sheet selects by."""
        return self._classes.get(name, _NO_CLASS)

    def result(self, name: str) -> str:
        """Return the new name of what a step of a filter makes."""
        if not name or name in RESULTS:
            return name
        return self._results.setdefault(name, f"r{len(self._results) + 1}")

    def shows(self) -> None:
        """Take note that something besides an element itself says whether it is displayed."""


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
        self._frames: dict[str, str] = {}

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
            case Kind.TIMING:
                return self.timing(text, at)
            case Kind.RESULT:
                return self._names.result(text)
            case Kind.LANGUAGE:
                return self.fitting(_LANGUAGES, text)
            case Kind.FEATURES:
                return self.fitting(_FEATURES, text)
            case Kind.TARGET:
                return self.target(text, at)
        return self.words(text, at)

    def drawing(self, text: str, at: int) -> str:
        """Return a value that refers to nothing, as it is."""
        if not _NUMBERS.fullmatch(text) and not _is_plain(text):
            self._refuse(text, at)
        return text

    def id(self, text: str) -> str:
        """Return the new name of an element, "" where nothing refers to it."""
        return self._names.id(text) if self._names.has_id(text) else ""

    def words(self, text: str, at: int) -> str:
        """Return the value of a property, or what an animation makes of one."""
        if _NUMBERS.fullmatch(text) or _is_plain(text):
            return text
        return self._value(lexemes(text, at), at, "")

    def font(self, text: str, at: int) -> str:
        """Return names of fonts."""
        return self._value(lexemes(text, at), at, "font")

    def link(self, text: str) -> str:
        """Return a reference of the drawing to itself."""
        address = text.strip()
        if not address.startswith("#"):
            raise _gone(address)
        return "#" + self._names.id(address[1:])

    def picture(self, text: str, at: int) -> str:
        """Return a reference of the drawing to itself, or an address that holds a picture."""
        address = text.strip()
        return self._embed(address, at) if address[:5].lower() == "data:" else self.link(text)

    def css_class(self, text: str) -> str:
        """Return those classes that a style sheet selects by."""
        known = [name for name in text.split() if self._names.has_class(name)]
        return " ".join(dict.fromkeys(self._names.css_class(name) for name in known))

    def fitting(self, pattern: re.Pattern[str], text: str) -> str:
        """Return a value that has to be of a certain form."""
        if not pattern.fullmatch(text):
            raise Goes("attribute", text)
        return text

    def timing(self, text: str, at: int) -> str:
        """Return the moments at which an animation begins or ends."""
        moments = []
        for one in text.split(";"):
            match = _MOMENT.fullmatch(one)
            event = match["event"] if match else ""
            if match is None or (event and event.lower() not in EVENTS):
                self._refuse(one, at)
            name = match["id"]
            renamed = one.replace(f"{name}.", f"{self._names.id(name)}.", 1) if name else one
            moments.append(renamed)
        return ";".join(moments)

    def target(self, text: str, at: int) -> str:
        """Return the name of an attribute that may be animated."""
        kind = ATTRIBUTES.get(("", text))
        if kind not in (Kind.DRAWING, Kind.WORDS) and text not in PROPERTIES:
            self._refuse(text, at)
        if text == "display":
            self._names.shows()
        return text

    def style(self, text: str, at: int) -> str:
        """Return declarations, as they stand in an attribute or between braces."""
        return self._declared(lexemes(text, at), at)

    def hidden(self, text: str, at: int) -> bool | None:
        """Tell whether declarations say that nothing is displayed; None where they say neither."""
        said = None
        for name, value in declarations(lexemes(text, at), at):
            if name == "display":
                said = _joined(value).lower() == "none"
        return said

    def sheet(self, text: str, at: int) -> str:
        """Return a style sheet, one rule a line, without the rules that select nothing."""
        found = list(rules(lexemes(text, at), at))
        for rule in found:
            if rule.name in _KEYFRAMES:
                self._frames.setdefault(_joined(rule.prelude), f"k{len(self._frames) + 1}")
        written = [self._rule(rule, at, 0) for rule in found]
        return "\n".join(rule for rule in written if rule)

    def _rule(self, rule: Rule, at: int, depth: int) -> str:
        name = rule.name
        if not name and rule.inside is not None:
            for one in rule.prelude:
                if one.kind in ("string", "url", "at", "number") or one.text in "[]{}|+~&=":
                    self._refuse(one.text, at)
            alive = [one for one in parted(rule.prelude, at) if self._fits(one)]
            declared = self._declared(rule.inside, at, in_sheet=True) if alive else ""
            selectors = [self._selector(one, at) for one in alive if declared]
            return f"{','.join(selectors)}{{{declared}}}" if declared else ""
        if name in ("charset", "page"):
            return ""
        if name == "import":
            target = rule.prelude[0] if rule.prelude else Lexeme("string", "")
            address = target.target if target.kind == "url" else target.text.strip("\"'")
            gone = _gone(address)
            self._say(gone.label, gone.text)
            return ""
        if name == "namespace":
            return self._namespace(rule)
        if name == "font-face" and rule.inside is not None:
            return self._font_face(rule.inside, at)
        if rule.inside is not None and depth < _MAX_NESTING:
            if name == "media":
                condition = self._value(rule.prelude, at, "")
                inner = [self._rule(one, at, depth + 1) for one in rules(rule.inside, at)]
                body = "\n".join(one for one in inner if one)
                return f"@media {condition}{{\n{body}\n}}" if body else ""
            if name in _KEYFRAMES and depth == 0:
                return self._keyframes(rule, rule.inside, at)
        raise Malformed(f"has a style sheet with an @{legible(name)[:40]} rule", at)

    def _namespace(self, rule: Rule) -> str:
        last = rule.prelude[-1] if rule.prelude else Lexeme("string", "")
        address = last.target if last.kind == "url" else last.text.strip("\"'")
        bare = len(rule.prelude) == 1
        return f'@namespace "{address}";' if bare and address in KEPT_NAMESPACES else ""

    def _font_face(self, inside: Sequence[Lexeme], at: int) -> str:
        addresses = [one.target for one in inside if one.kind == "url"]
        if any(one[:5].lower() == "data:" for one in addresses):
            raise Malformed("embeds a font, which may hold names; turn its text into paths", at)
        for one in addresses:
            self._say("remote", one)
        return ""

    def _keyframes(self, rule: Rule, inside: Sequence[Lexeme], at: int) -> str:
        steps = []
        for step in rules(inside, at):
            if step.name or step.inside is None:
                self._refuse("@" + step.name, at)
            moment = self._value(step.prelude, at, "")
            steps.append(f"{moment}{{{self._declared(step.inside, at, in_sheet=True)}}}")
        name = self._frames[_joined(rule.prelude)]
        return f"@{rule.name} {name}{{\n" + "\n".join(steps) + "\n}"

    def _declared(self, found: Sequence[Lexeme], at: int, *, in_sheet: bool = False) -> str:
        kept = []
        for name, value in declarations(found, at):
            bare = name
            for vendor in VENDORS:
                bare = bare.removeprefix(vendor)
            if bare not in PROPERTIES:
                self._say("style", f"{name}:{_joined(value)}")
                continue
            try:
                written = self._value(value, at, bare)
            except Goes as gone:
                self._say(gone.label, gone.text)
                continue
            if bare == "display" and in_sheet:
                self._names.shows()
            if written:
                kept.append(f"{name}:{written}")
        return ";".join(kept)

    def _fits(self, found: Sequence[Lexeme]) -> bool:
        """Tell whether there may be elements that a selector fits, of what is outside brackets."""
        depth, before = 0, ""
        for one in found:
            if depth == 0 and (
                (one.kind == "hash" and not self._names.has_id(one.text[1:]))
                or (one.kind == "word" and before == "." and not self._names.has_class(one.text))
                or (one.kind == "word" and before not in (".", ":") and one.text not in ELEMENTS)
            ):
                return False
            depth += (one.kind == "function") - (one.text == ")")
            before = one.text
        return bool(found)

    def _selector(self, found: Sequence[Lexeme], at: int) -> str:
        """Return a selector with new names."""
        written: list[str] = []
        before = ""
        for one in found:
            text = one.text
            if one.kind == "comment":
                continue
            if one.kind == "space":
                text = " "
            elif one.kind == "word" and before == ".":
                text = self._names.css_class(text)
            elif one.kind == "hash":
                text = "#" + self._names.id(text[1:])
            elif one.kind in ("word", "function") and before == ":":
                if text.rstrip("(").lower() not in SELECTORS:
                    self._refuse(text, at)
            elif one.kind == "word":
                text = text if text in ELEMENTS else "none"
            elif text not in (".", ":", "*", ">", ",", ")"):
                self._refuse(text, at)
            if text != " " or written[-1:] != [" "]:
                written.append(text)
            before = one.text
        return "".join(written)

    def _value(self, found: Sequence[Lexeme], at: int, name: str) -> str:
        """Return a value; `name` is the property's, which may allow for more."""
        written: list[str] = []
        function = ""
        for one in trimmed(found):
            text = one.text
            if one.is_space:
                text = " "
            elif one.kind == "url":
                text = self._reference(one.target, at)
            elif one.kind == "word" and name.startswith("animation") and text in self._frames:
                text = self._frames[text]
            elif one.kind == "string":
                path = function == "path(" and _NUMBERS.fullmatch(text[1:-1])
                if not path and name not in FREE:
                    self._refuse(text, at)
            elif not _is_known(one) and not (one.kind == "word" and name in FREE):
                self._refuse(text, at)
            if one.kind == "function":
                function = text.lower()
            if text != " " or written[-1:] != [" "]:
                written.append(text)
        return "".join(written)

    def _reference(self, target: str, at: int) -> str:
        if target.startswith("#"):
            return f"url(#{self._names.id(target[1:])})"
        if target[:5].lower() == "data:":
            return f"url({self._embed(target, at)})"
        raise _gone(target)

    def _refuse(self, text: str, at: int) -> NoReturn:
        raise Malformed(f"holds '{legible(text)[:40]}', which no specification accounts for", at)


def _gone(address: str) -> Goes:
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
            return one.text not in "{}"
    return False


def _joined(found: Sequence[Lexeme]) -> str:
    return "".join(" " if one.is_space else one.text for one in trimmed(found))
