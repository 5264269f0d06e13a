"""What of a drawing somebody may ever see.

From its root on, each element that is drawn is followed to what stands in it and to what it
refers to. What is not come upon in this way is never drawn: hidden layers, definitions that
nothing refers to, and whatever stands where nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final
from urllib.parse import unquote

from unexposed.errors import Malformed
from unexposed.formats.svg._cascade import Cascade, references
from unexposed.formats.svg._content import GRAPHICS, INLINE, OUTLINES, draws
from unexposed.formats.svg._css import lexemes
from unexposed.formats.svg._tables import (
    ANIMATIONS,
    ATTRIBUTES,
    DEFINITIONS,
    REFUSED,
    SHAPES,
    SPANS,
    STYLE_SHEET,
    Kind,
)
from unexposed.formats.svg._tree import Tree, ids_of, link_of
from unexposed.formats.svg._values import moments

_HIDEABLE: Final = GRAPHICS | SPANS | REFUSED.keys()
_CONDITIONS: Final = ("requiredExtensions", "requiredFeatures", "systemLanguage")
_PAINTED: Final = (DEFINITIONS - {"symbol"}) | OUTLINES
"""What a property may refer to."""
_USED: Final = GRAPHICS | {"symbol"}
"""What a `use` may refer to."""

_GONE, _HELD, _DRAWN = range(3)
"""What becomes of an element: it goes, only holds what stays, or is drawn."""


class Drawn:
    """Follows a drawing from its root on; `gone` are names that only elements have that go."""

    def __init__(self, tree: Tree, cascade: Cascade, gone: set[str]) -> None:
        self.used: set[str] = set()
        """Names that what is drawn refers to, of whatever element."""
        self._tree = tree
        self._cascade = cascade
        self._gone = gone
        self._states = bytearray(len(tree))
        self._waiting: list[int] = []
        self._movers = _movers(tree)

    def follow(self) -> None:
        """Find out what is drawn. Raises Malformed where that cannot be told, or not taken apart."""
        if self._cascade.is_hidden(0):
            raise Malformed("shows nothing", self._tree.tokens[0].start)
        self._waiting.append(0)
        for number, token in enumerate(self._tree.tokens):
            if token.local == STYLE_SHEET:
                self._waiting.append(number)
        while self._waiting:
            self._draw(self._waiting.pop())
        for number, token in enumerate(self._tree.tokens):
            if self._states[number] == _HELD and token.local in SHAPES | SPANS:
                raise Malformed("hides a part that cannot be taken out", token.start)

    def stays(self, number: int) -> bool:
        """Tell whether an element stays, if only for something that stands in it."""
        return self._states[number] != _GONE

    def _draw(self, number: int) -> None:
        if self._states[number] == _DRAWN:
            return
        if self._states[number] == _GONE:
            self._hold_up(number)
        self._states[number] = _DRAWN
        self._refer(number)
        self._follow_link(number)
        self._waiting += self._drawn_inside(number)

    def _hold_up(self, number: int) -> None:
        """Keep what an element stands in."""
        self._move(number)
        outer = self._tree.parent[number]
        while outer >= 0 and self._states[outer] == _GONE:
            self._states[outer] = _HELD
            self._refer(outer)
            self._move(outer)
            self._waiting += [
                one
                for one in self._tree.children(outer)
                if self._tree.local(one) in ANIMATIONS and not link_of(self._tree.tokens[one])
            ]
            outer = self._tree.parent[outer]

    def _move(self, number: int) -> None:
        """Follow the animations that stand elsewhere and move an element which stays."""
        if self._movers:
            for name in ids_of(self._tree.tokens[number]):
                self._waiting += self._movers.pop(name, ())

    def _drawn_inside(self, number: int) -> Iterator[int]:
        """Yield what is drawn right inside an element, or helps to draw it."""
        parent = self._tree.local(number)
        if parent == "switch":
            yield from self._chosen(number)
            return
        if parent == "a" and self._is_text(number):
            parent = "text"
        for child in self._tree.children(number):
            token = self._tree.tokens[child]
            if token.local in REFUSED and parent in ("text", *INLINE, *GRAPHICS):
                if not self._cascade.is_hidden(child):
                    raise Malformed(REFUSED[token.local], token.start)
            elif (token.local == "defs" and self._tree.after(child) == child + 1) or (
                draws(parent, token.local) and self._is_seen(child)
            ):
                yield child

    def _is_text(self, number: int) -> bool:
        while self._tree.local(number) == "a":
            number = self._tree.parent[number]
        return self._tree.local(number) in ("text", *INLINE)

    def _is_seen(self, number: int) -> bool:
        """Tell whether an element is drawn where drawing comes by it."""
        token = self._tree.tokens[number]
        if token.local not in _HIDEABLE:
            return True
        language = token.value("systemLanguage")
        return (language is None or bool(language.strip())) and not self._cascade.is_hidden(number)

    def _chosen(self, number: int) -> Iterator[int]:
        """Yield those of a switch's choices that may be taken."""
        for child in self._tree.children(number):
            token = self._tree.tokens[child]
            if token.local in ANIMATIONS:
                yield child
                continue
            if token.local not in GRAPHICS | REFUSED.keys():
                raise Malformed("chooses between something and a part of the drawing", token.start)
            if self._is_seen(child):
                if token.local in REFUSED:
                    raise Malformed(REFUSED[token.local], token.start)
                yield child
            else:
                # It may be the one that is taken, and then nothing is drawn.
                self._hold_up(child)
                self._states[child] = max(self._states[child], _HELD)
            if all(token.value(one) is None for one in _CONDITIONS):
                return

    def _refer(self, number: int) -> None:
        """Follow what the properties of an element refer to."""
        token = self._tree.tokens[number]
        for one in token.attributes:
            kind = ATTRIBUTES.get((one.namespace, one.local))
            if kind in (Kind.WORDS, Kind.STYLE) and "url" in one.value.lower():
                for name in references(lexemes(one.value, one.start)):
                    self._need(name, number, _PAINTED)
            elif kind is Kind.TIMING:
                for name in moments(one.value):
                    self._need(name, number, ANIMATIONS)
        for name in self._cascade.refers_to(number):
            self._need(name, number, _PAINTED)

    def _follow_link(self, number: int) -> None:
        """Follow the link of an element that is drawn."""
        token = self._tree.tokens[number]
        link = link_of(token)
        if not link.startswith("#"):
            return
        name = link[1:]
        if token.local in ("use", "feImage"):
            clips = self._tree.local(self._tree.parent[number]) == "clipPath"
            allowed = SHAPES - {"image", "use"} if clips else _USED
            self._need(name, number, allowed, seen=True)
        elif token.local in ("mpath", "textPath"):
            self._need(name, number, OUTLINES)
        elif token.local == "pattern" and any(
            self._tree.local(one) in GRAPHICS for one in self._drawn_inside(number)
        ):
            self._lean_on(name)
        elif token.local in DEFINITIONS:
            self._need(name, number, DEFINITIONS)
        else:
            self._use(name)
            if token.local == "a":
                found = self._tree.named(name)
                self._waiting += [one for one in found if self._tree.local(one) == "view"]

    def _need(
        self, name: str, number: int, allowed: Collection[str], *, seen: bool = False
    ) -> None:
        """Follow a reference to elements of a name; with `seen` to those that are not hidden."""
        self._use(name)
        found = self._tree.named(name)
        if not found and not self._gone.isdisjoint({name, unquote(name)}):
            start = self._tree.tokens[number].start
            raise Malformed("needs something that does not belong to it", start)
        for one in found:
            if self._tree.local(one) in allowed and (not seen or self._is_seen(one)):
                self._waiting.append(one)

    def _lean_on(self, name: str) -> None:
        """Keep the patterns that another takes its size from, and not what they draw."""
        while name:
            self._use(name)
            leaning = [one for one in self._tree.named(name) if self._tree.local(one) == "pattern"]
            name = ""
            for one in leaning:
                if self._states[one] == _GONE:
                    self._hold_up(one)
                    self._states[one] = _HELD
                    link = link_of(self._tree.tokens[one])
                    name = link[1:] if link.startswith("#") else name

    def _use(self, name: str) -> None:
        self.used |= {name, unquote(name)}


def _movers(tree: Tree) -> dict[str, list[int]]:
    """Return the animations of what stands elsewhere, by the name of that."""
    found: dict[str, list[int]] = {}
    for number, token in enumerate(tree.tokens):
        if token.local in ANIMATIONS:
            link = link_of(token)
            if link.startswith("#"):
                for name in {link[1:], unquote(link[1:])}:
                    found.setdefault(name, []).append(number)
    return found
