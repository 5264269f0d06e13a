"""Which elements of a drawing stay, and which of their names something refers to.

What goes at once: elements of other namespaces, metadata, scripts, and what nobody has ever
heard of. What goes if the rest of the drawing does without it: definitions that nothing
refers to, and objects that are not displayed, such as the hidden layers of a draft.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import accumulate
from typing import Final

import msgspec

from unexposed.errors import Malformed
from unexposed.formats.svg._names import Names
from unexposed.formats.svg._sheets import SheetRewriter
from unexposed.formats.svg._tables import (
    ANIMATIONS,
    ATTRIBUTES,
    CONTAINERS,
    DEFINITIONS,
    ELEMENTS,
    EXTENSIONS,
    LABELS,
    REFUSED,
    SHAPES,
    SPANS,
    STYLE_SHEET,
    SVG,
    Kind,
)
from unexposed.formats.svg._values import Goes, Rewriter
from unexposed.formats.svg._xml import Kind as TokenKind
from unexposed.formats.svg._xml import Token

FOREIGN: Final = "foreign"
UNKNOWN: Final = "unknown"
UNSEEN: Final = "unseen"

_CHILDLESS: Final = SHAPES - {"text"}
"""What draws nothing that stands in it: only what animates it may."""
_HIDEABLE: Final = SHAPES | SPANS | CONTAINERS
_MAX_ROUNDS: Final = 8
_REFERRING: Final = (Kind.WORDS, Kind.LINK, Kind.STYLE, Kind.TIMING, Kind.TARGET)
"""Attributes that may refer to other elements, or say what is displayed."""


class Drop(msgspec.Struct, frozen=True, gc=False):
    """An element that goes: its first and last token, by index, and what it is."""

    first: int
    last: int
    label: str


class Survey(msgspec.Struct, frozen=True):
    """What goes, by the index of its first token, and the new names of what stays."""

    drops: dict[int, Drop]
    names: Names


class _Region(msgspec.Struct, gc=False):
    """An element that goes unless something outside of it refers to it."""

    drop: Drop
    display: bool
    ids: set[str]
    refers_to: set[str]


def survey(tokens: Sequence[Token]) -> Survey:
    """Decide on every element.

    Raises Malformed for a drawing that holds HTML, or needs something that would go.
    """
    ends = _ends(tokens)
    root = next(index for index, one in enumerate(tokens) if one.kind is TokenKind.START)
    if (tokens[root].namespace, tokens[root].local) != (SVG, "svg"):
        raise Malformed("is XML, but no drawing", tokens[root].start)
    drops = _certain(tokens, ends)
    for _ in range(_MAX_ROUNDS):
        inspection = _Inspection(tokens, ends, drops, root)
        unseen = inspection.unseen()
        if not unseen:
            inspection.see_whole(drops.values())
            inspection.see_shown()
            return Survey(drops, inspection.names())
        drops |= {one.first: one for one in unseen}
    raise Malformed("refers to itself in too many ways", tokens[root].start)


def style_text(tokens: Sequence[Token], first: int, last: int) -> str:
    """Return the style sheet that an element holds."""
    return "".join(one.text for one in tokens[first:last] if one.kind is TokenKind.TEXT)


def _is_css(token: Token) -> bool:
    """Tell whether a style element is in the language that browsers read."""
    return (token.value("type") or "text/css").strip().lower() == "text/css"


def _ends(tokens: Sequence[Token]) -> dict[int, int]:
    """Return for each start tag, by index, where its element ends."""
    ends = {}
    opened = []
    for index, one in enumerate(tokens):
        if one.kind is TokenKind.START:
            opened.append(index)
        if one.kind is TokenKind.END or one.empty:
            ends[opened.pop()] = index
    return ends


def _certain(tokens: Sequence[Token], ends: dict[int, int]) -> dict[int, Drop]:
    """Return the elements that go whatever refers to them."""
    drops = {}
    opened: list[str] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        label = _label(token) if token.kind is TokenKind.START else ""
        if token.kind is TokenKind.START and not label and opened[-1:]:
            label = UNSEEN if opened[-1] in _CHILDLESS and token.local not in ANIMATIONS else ""
        if label:
            if opened[-1:] == ["switch"] and token.namespace == SVG and label != UNSEEN:
                raise Malformed("chooses between something and a part of the drawing", token.start)
            drops[index] = Drop(index, ends[index], label)
            index = ends[index]
        elif token.kind is TokenKind.START and not token.empty:
            opened.append(token.local)
        elif token.kind is TokenKind.END:
            opened.pop()
        index += 1
    return drops


def _label(token: Token) -> str:
    """Return what an element is that goes, "" for one that stays."""
    if token.namespace != SVG:
        return FOREIGN
    if token.local in LABELS:
        return LABELS[token.local]
    extensions = (token.value("requiredExtensions") or "").split()
    if any(one not in EXTENSIONS for one in extensions):
        return UNSEEN
    if token.local in REFUSED:
        raise Malformed(REFUSED[token.local], token.start)
    if token.local == STYLE_SHEET and not _is_css(token):
        raise Malformed("has a style sheet in another language than CSS", token.start)
    return "" if token.local in ELEMENTS else UNKNOWN


class _Recorder(Names):
    """Keeps every name, and takes note of those that are used."""

    def __init__(self, ids: Iterable[str], classes: Iterable[str]) -> None:
        super().__init__({one: one for one in ids}, {one: one for one in classes})
        self.used: set[str] = set()
        self.used_classes: set[str] = set()
        self.display = False
        self.hidden = False

    def id(self, name: str) -> str:
        found = super().id(name)
        self.used |= {name, found}
        return found

    def css_class(self, name: str) -> str:
        self.used_classes.add(name)
        return super().css_class(name)

    def shows(self) -> None:
        self.display = True

    def hides(self) -> None:
        self.hidden = True


class _Inspection:
    """One look at what is left of a drawing."""

    def __init__(
        self,
        tokens: Sequence[Token],
        ends: dict[int, int],
        drops: dict[int, Drop],
        root: int,
    ) -> None:
        self._tokens = tokens
        self._ends = ends
        self._root = root
        self._left = [index for index in self._walk(drops) if index != root]
        starts = [tokens[index] for index in (root, *self._left)]
        self._ids = [name for one in starts for name in _ids(one)]
        names = (name for one in starts for name in (one.value("class") or "").split())
        self._classes = list(dict.fromkeys(names))
        self._recorder = _Recorder(self._ids, self._classes)
        self._rewriter = Rewriter(self._recorder, lambda address, _: address, lambda *_: None)
        self._sheets = SheetRewriter(self._recorder, self._rewriter, lambda *_: None)
        self._reaching = list(accumulate((_reaches_out(one) for one in tokens), initial=0))
        self._regions: list[_Region] = []
        self._needed: set[str] = set()
        self._record()

    def _walk(self, drops: dict[int, Drop]) -> list[int]:
        """Return the start tags that stay."""
        found = []
        index = 0
        while index < len(self._tokens):
            if index in drops:
                index = drops[index].last
            elif self._tokens[index].kind is TokenKind.START:
                found.append(index)
            index += 1
        return found

    def _record(self) -> None:
        """Note what each region refers to, and what the rest of the drawing does."""
        self._refer(self._root, None)
        region: _Region | None = None
        opened = [self._root]
        for index in self._left:
            while self._ends[opened[-1]] < index:
                opened.pop()
            if region is not None and region.drop.last < index:
                region = None
            if region is None:
                region = self._region(index, self._tokens[opened[-1]])
            if region is not None:
                region.ids.update(_ids(self._tokens[index]))
            self._refer(index, region)
            opened.append(index)

    def _region(self, index: int, parent: Token) -> _Region | None:
        """Return the region that an element begins, if it begins one."""
        token = self._tokens[index]
        display = False
        if token.local not in DEFINITIONS and parent.local != "defs":
            display = parent.local != "switch" and token.local in _HIDEABLE
            if not display or not self._is_hidden(token):
                return None
        drop = Drop(index, self._ends[index], UNSEEN)
        if self._reaching[drop.last + 1] > self._reaching[index]:
            return None
        region = _Region(drop, display, set(), set())
        self._regions.append(region)
        return region

    def _is_hidden(self, token: Token) -> bool:
        style = token.value("style")
        said = self._rewriter.hidden(style, token.start) if style else None
        if said is None:
            return (token.value("display") or "").strip() == "none"
        return said

    def _refer(self, index: int, region: _Region | None) -> None:
        """Note the references of one element."""
        token = self._tokens[index]
        self._recorder.used = region.refers_to if region else self._needed
        for one in token.attributes:
            kind = ATTRIBUTES.get((one.namespace, one.local))
            if kind in _REFERRING and (kind is not Kind.WORDS or "(" in one.value):
                with suppress(Goes):
                    self._rewriter.attribute(kind, one.value, one.start)
        if token.local == STYLE_SHEET and not token.empty:
            text = style_text(self._tokens, index, self._ends[index])
            self._sheets.rewritten(text, token.start)

    def unseen(self) -> list[Drop]:
        """Return the regions that nothing needs."""
        home: dict[str, list[int]] = {}
        for number, one in enumerate(self._regions):
            for name in one.ids:
                home.setdefault(name, []).append(number)
        alive = set[int]()
        if self._recorder.display:
            alive = {number for number, one in enumerate(self._regions) if one.display}
        needed = set(self._needed)
        waiting = list(needed.union(*(self._regions[number].refers_to for number in alive)))
        while waiting:
            name = waiting.pop()
            needed.add(name)
            for number in home.get(name, ()):
                if number not in alive:
                    alive.add(number)
                    waiting += self._regions[number].refers_to - needed
        self._needed = needed
        return [one.drop for number, one in enumerate(self._regions) if number not in alive]

    def see_shown(self) -> None:
        """Raise Malformed where something stays that is not displayed, or may not be."""
        hidden_to = -1
        for index in self._left:
            token = self._tokens[index]
            if token.local in _HIDEABLE and self._is_hidden(token):
                hidden_to = max(hidden_to, self._ends[index])
            if index <= hidden_to and token.local in SHAPES | SPANS:
                raise Malformed("hides a part that cannot be taken out", token.start)
        if self._recorder.hidden:
            start = self._tokens[self._root].start
            raise Malformed("a style sheet decides what of it is shown", start)

    def see_whole(self, drops: Iterable[Drop]) -> None:
        """Raise Malformed where something is needed that goes."""
        gone = self._needed.difference(self._ids)
        for drop in drops:
            for token in self._tokens[drop.first : drop.last + 1]:
                needed = gone.intersection(_ids(token))
                if needed or (drop.label not in LABELS.values() and _is_sheet(token)):
                    raise Malformed("needs something that does not belong to it", token.start)

    def names(self) -> Names:
        """Return the new names, numbered in the order in which the old ones appear."""
        ids = [name for name in dict.fromkeys(self._ids) if name in self._needed]
        classes = [name for name in self._classes if name in self._recorder.used_classes]
        return Names(
            {name: f"i{number}" for number, name in enumerate(ids, 1)},
            {name: f"c{number}" for number, name in enumerate(classes, 1)},
        )


def _ids(token: Token) -> list[str]:
    return [
        one.value
        for one in token.attributes
        if one.value and ATTRIBUTES.get((one.namespace, one.local)) is Kind.ID
    ]


def _is_sheet(token: Token) -> bool:
    start = token.kind is TokenKind.START
    return start and (token.namespace, token.local) == (SVG, STYLE_SHEET) and _is_css(token)


def _reaches_out(token: Token) -> bool:
    """Tell whether an element has effects elsewhere: a style sheet, or an animation of another."""
    links = token.local in ANIMATIONS and any(one.local == "href" for one in token.attributes)
    return links or _is_sheet(token)
