"""What style sheets and attributes make of an element: whether it is displayed, and what it uses.

Sources: CSS Cascading and Inheritance Level 4, CSS Display Module Level 3, Media Queries 4.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from unexposed.errors import Malformed
from unexposed.formats.svg._css import Lexeme, Rule, declarations, joined, lexemes, parted, rules
from unexposed.formats.svg._selectors import Answer, Fitting, Selector, both, either, parsed
from unexposed.formats.svg._tables import ANIMATIONS, KEYFRAMES
from unexposed.formats.svg._tree import Tree, link_of
from unexposed.formats.svg._words import words_of

_SHOWING: Final = words_of(
    """
    block contents flex flow-root grid initial inline inline-block inline-flex inline-grid
    inline-table list-item table table-caption table-cell table-column table-column-group
    table-footer-group table-header-group table-row table-row-group unset
    """
)
"""Values of `display` that every browser heeds, and that show an element."""
_IGNORED: Final = words_of("compact marker run-in")
"""Values of old, which show an element where they are heeded at all."""
_HIDING: Final = "none"
_SHOWN: Final = ""
_INHERITING: Final = "inherit"
_IMPORTANT: Final = "!important"
_ATTRIBUTE, _SHEET, _STYLE = range(3)
"""Where a declaration stands; the later one outweighs."""
_MAX_CONDITIONS: Final = 4
_UNKNOWN: Final = "?"
_QUERY: Final = re.compile(
    r"(?:(?:only )?(?P<medium>all|screen|print))?(?: and (?=\())?"
    r"(?:(?<!\w)\(prefers-color-scheme ?: ?(?P<scheme>light|dark)\))?"
)

_Weight = tuple[bool, int, tuple[int, int, int], tuple[int, int]]
"""Importance, where it stands, specificity, order."""


class _Viewer(msgspec.Struct, frozen=True):
    """Somebody who looks at the drawing."""

    medium: str
    scheme: str


_VIEWERS: Final = tuple(
    _Viewer(medium, scheme) for medium in ("screen", "print") for scheme in ("light", "dark")
)


class _Styling(msgspec.Struct, frozen=True):
    """What a rule says of those that one of its selectors fits; None for one not understood.

    `conditions` are those of the rules it stands in.
    """

    selector: Selector | None
    conditions: tuple[str, ...]
    order: int
    displays: tuple[tuple[bool, str], ...]
    """Whether it is important, and the value."""
    refers_to: tuple[str, ...]
    moves: bool
    """Whether it gives them an animation."""


class _Said(msgspec.Struct, frozen=True):
    """What is said of whether an element is displayed."""

    weight: _Weight
    value: str
    answer: Answer
    """Whether it is said of this element."""


class Cascade:
    """The style sheets of a drawing, and what they and attributes say of its elements."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._fitting = Fitting(tree)
        self._order = 0
        self._by_handle: dict[str, list[_Styling]] = {}
        self._displays = self._moves = self._depends = False
        self._animated = set(_shown_by_animations(tree))

    def add(self, found: Iterable[Rule], at: int, media: str) -> None:
        """Take in the rules of a style sheet, and the media that it is for.

        Raises Malformed where it displays something by a selector that is not understood.
        """
        conditions = (media.strip().lower(),) if media.strip() else ()
        self._add(found, conditions, at)

    def _add(self, found: Iterable[Rule], conditions: tuple[str, ...], at: int) -> None:
        for rule in found:
            if rule.inside is None:
                continue
            if not rule.name:
                self._add_rule(rule, rule.inside, conditions, at)
            elif rule.name in KEYFRAMES:
                steps = rules(rule.inside, at)
                inside = [step.inside for step in steps if step.inside is not None]
                said = (value for one in inside for _, value in _displays(one, at))
                self._moves = self._moves or any(value != _HIDING for value in said)
            elif rule.name in ("media", "supports") and len(conditions) < _MAX_CONDITIONS:
                # What a browser supports is not known here.
                told = joined(rule.prelude).lower() if rule.name == "media" else _UNKNOWN
                self._add(rules(rule.inside, at), (*conditions, told), at)

    def _add_rule(
        self, rule: Rule, inside: Sequence[Lexeme], conditions: tuple[str, ...], at: int
    ) -> None:
        displays = tuple(_displays(inside, at))
        refers_to = tuple(references(inside))
        moves = any(one.kind == "word" and one.text.lower() in _MOVING for one in inside)
        self._order += 1
        if not (displays or refers_to or moves):
            return
        for one in parted(rule.prelude, at):
            selector = parsed(one, at)
            if selector is None and displays:
                raise Malformed("displays a part by a selector that is not understood", at)
            found = _Styling(selector, conditions, self._order, displays, refers_to, moves)
            self._by_handle.setdefault(_handle(selector), []).append(found)
        self._displays = self._displays or bool(displays)
        self._depends = self._depends or bool(displays and conditions)

    def refers_to(self, number: int) -> Iterator[str]:
        """Yield the names that rules for an element refer to."""
        for one in self._candidates(number):
            if one.refers_to and self._fits(one, number) is not False:
                yield from one.refers_to

    def is_hidden(self, number: int) -> bool:
        """Tell whether nobody ever sees an element displayed. Raises Malformed where that depends."""
        token = self._tree.tokens[number]
        attribute, style = token.value("display"), token.value("style") or ""
        if not (self._displays or attribute or "display" in style.lower()):
            return False
        if number in self._animated:
            return False
        viewers = _VIEWERS if self._depends else _VIEWERS[:1]
        outcomes = [self._outcome(number, one) for one in viewers]
        if {_SHOWN} in outcomes:
            return False
        if any(one != {_HIDING} for one in outcomes):
            raise Malformed("displays a part under conditions only", token.start)
        return not (self._moves and self._is_moved(number, style))

    def _is_moved(self, number: int, style: str) -> bool:
        """Tell whether a style sheet gives an element an animation."""
        found = (one for one in self._candidates(number) if one.moves)
        return "animation" in style.lower() or any(
            self._fits(one, number) is not False for one in found
        )

    def _outcome(self, number: int, viewer: _Viewer) -> set[str]:
        """Return what an element can be to a viewer, hidden or shown."""
        outcome = set[str]()
        for said in sorted(self._said(number, viewer), key=_weight, reverse=True):
            if said.value == _INHERITING:
                parent = self._tree.parent[number]
                outcome |= self._outcome(parent, viewer) if parent >= 0 else {_SHOWN}
            elif said.value == _HIDING or said.value in _SHOWING:
                outcome.add(_HIDING if said.value == _HIDING else _SHOWN)
            else:
                outcome |= {_SHOWN} if said.value in _IGNORED else {_SHOWN, _HIDING}
                continue
            if said.answer is True:
                return outcome
        return outcome | {_SHOWN}

    def _said(self, number: int, viewer: _Viewer) -> Iterator[_Said]:
        token = self._tree.tokens[number]
        attribute, style = token.value("display"), token.value("style") or ""
        if attribute:
            yield _Said((False, _ATTRIBUTE, (0, 0, 0), (0, 0)), attribute.strip().lower(), True)
        if "display" in style.lower():
            found = _displays(lexemes(style, token.start), token.start)
            for order, (important, value) in enumerate(found):
                yield _Said((important, _STYLE, (0, 0, 0), (0, order)), value, True)
        for one in self._candidates(number) if self._displays else ():
            if not one.displays or one.selector is None:
                continue
            answer = self._fits(one, number)
            for condition in one.conditions:
                answer = both(answer, _holds(condition, viewer))
            if answer is not False:
                for order, (important, value) in enumerate(one.displays):
                    weight = (important, _SHEET, one.selector.specificity, (one.order, order))
                    yield _Said(weight, value, answer)

    def _candidates(self, number: int) -> Iterator[_Styling]:
        """Yield the rules that an element's names, classes and type do not rule out."""
        if not self._by_handle:
            return
        ids, classes = self._fitting.names(number)
        handles = [f"#{one}" for one in ids] + [f".{one}" for one in classes]
        for handle in dict.fromkeys((*handles, self._tree.local(number), "")):
            yield from self._by_handle.get(handle, ())

    def _fits(self, one: _Styling, number: int) -> Answer:
        return self._fitting.fits(one.selector, number) if one.selector else None


_MOVING: Final = ("animation", "animation-name", "-webkit-animation", "-webkit-animation-name")


def references(found: Iterable[Lexeme]) -> Iterator[str]:
    """Yield the names of those elements that a style or value refers to."""
    for one in found:
        if one.kind == "url" and one.target.startswith("#"):
            yield one.target[1:]


def _weight(said: _Said) -> _Weight:
    return said.weight


def _displays(found: Sequence[Lexeme], at: int) -> Iterator[tuple[bool, str]]:
    """Yield what declarations say of `display`, and whether it is important."""
    for name, value in declarations(found, at):
        if name == "display":
            text = joined(value).lower().replace("! important", _IMPORTANT)
            yield text.endswith(_IMPORTANT), text.removesuffix(_IMPORTANT).strip()


def _handle(selector: Selector | None) -> str:
    """Return what an element needs to have for a selector to fit: "#name", ".class", or a type."""
    if selector is None:
        return ""
    last = selector.compounds[-1]
    if last.ids:
        return f"#{last.ids[0]}"
    return f".{last.classes[0]}" if last.classes else last.local


def _holds(condition: str, viewer: _Viewer) -> Answer:
    """Tell whether a viewer meets a media query; None for one that is not understood."""
    answer: Answer = False
    for query in condition.split(","):
        match = _QUERY.fullmatch(query.strip())
        if match is None or not query.strip():
            one: Answer = None
        else:
            seen = match["medium"] in (None, "all", viewer.medium)
            one = seen and match["scheme"] in (None, viewer.scheme)
        answer = either(answer, one)
    return answer


def _shown_by_animations(tree: Tree) -> Iterator[int]:
    """Yield the elements that an animation may display."""
    for number, token in enumerate(tree.tokens):
        if token.local not in ANIMATIONS:
            continue
        if (token.value("attributeName") or "").strip() != "display":
            continue
        values = [token.value(one) or "" for one in ("to", "from", "by", "values")]
        if all(one.strip() in ("", _HIDING) for value in values for one in value.split(";")):
            continue
        link = link_of(token)
        if link:
            yield from tree.named(link.removeprefix("#"))
        else:
            yield tree.parent[number]
