"""Selectors of style sheets, and which elements they fit.

Source: Selectors Level 4, less what counts elements or looks at their neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from unexposed.errors import Malformed
from unexposed.formats.svg._css import Lexeme, parted, trimmed
from unexposed.formats.svg._tree import Tree, classes_of, ids_of
from unexposed.formats.svg._words import words_of

Answer = bool | None
"""Whether something holds; None where that depends on who looks."""

_MAX_COMPOUNDS: Final = 16
_MAX_NESTING: Final = 4
MAX_STEPS = 2_000_000
"""Comparisons of an element with a part of a selector, in a whole drawing."""
_NEGATION: Final = "not("
_CHOICES: Final = ("is(", "where(")
_STATES: Final = words_of(
    "active any-link focus focus-visible focus-within hover link root target visited"
)


class Pseudo(msgspec.Struct, frozen=True):
    """A pseudo-class: those of a choice, negated or not, or one of a name."""

    name: str
    choice: tuple[Selector, ...] = ()


class Compound(msgspec.Struct, frozen=True):
    """What one element has to be; "" for a type that may be any."""

    local: str
    ids: tuple[str, ...]
    classes: tuple[str, ...]
    pseudos: tuple[Pseudo, ...]


class Selector(msgspec.Struct, frozen=True):
    """Compounds from the outermost to the innermost; `direct` tells which stand right inside."""

    compounds: tuple[Compound, ...]
    direct: tuple[bool, ...]
    specificity: tuple[int, int, int]


def parsed(found: Sequence[Lexeme], at: int, depth: int = 0) -> Selector | None:
    """Return a selector, None for one that cannot be resolved exactly."""
    try:
        return _Reader([one for one in found if one.kind != "comment"], at, depth).selector()
    except _Unresolved:
        return None


class _Unresolved(Exception):
    """A selector that says more than is understood here; never seen outside of this module."""


class _Reader:
    """Reads one selector."""

    def __init__(self, found: Sequence[Lexeme], at: int, depth: int) -> None:
        self._found = trimmed(found)
        self._at = at
        self._depth = depth
        self._position = 0
        self._weight = (0, 0, 0)

    def selector(self) -> Selector:
        compounds = [self._compound()]
        direct = [False]
        while self._position < len(self._found):
            direct.append(self._combinator())
            compounds.append(self._compound())
        if len(compounds) > _MAX_COMPOUNDS:
            raise _Unresolved
        return Selector(tuple(compounds), tuple(direct), self._weight)

    def _combinator(self) -> bool:
        """Read what stands between two compounds; tell whether it is the child combinator."""
        marks = []
        while self._position < len(self._found):
            one = self._found[self._position]
            if one.kind != "space" and one.text != ">":
                break
            marks.append(one.text)
            self._position += 1
        if not marks or marks.count(">") > 1:
            raise _Unresolved
        return ">" in marks

    def _compound(self) -> Compound:
        start = self._position
        local, ids, classes, pseudos = "", [], [], []
        while self._position < len(self._found):
            one = self._found[self._position]
            if one.kind == "space" or one.text == ">":
                break
            self._position += 1
            if one.kind == "word" and self._position == start + 1:
                local = one.text
                self._add(0, 0, 1)
            elif one.text == "*" and self._position == start + 1:
                pass
            elif one.kind == "hash":
                ids.append(one.text[1:])
                self._add(1, 0, 0)
            elif one.text == ".":
                classes.append(self._word())
                self._add(0, 1, 0)
            elif one.text == ":":
                pseudos.append(self._pseudo())
            else:
                raise _Unresolved
        if self._position == start:
            raise _Unresolved
        return Compound(local, tuple(ids), tuple(classes), tuple(pseudos))

    def _word(self) -> str:
        one = self._next()
        if one.kind != "word":
            raise _Unresolved
        return one.text

    def _next(self) -> Lexeme:
        if self._position == len(self._found):
            raise _Unresolved
        self._position += 1
        return self._found[self._position - 1]

    def _pseudo(self) -> Pseudo:
        one = self._next()
        name = one.text.lower()
        if one.kind == "word":
            if name not in _STATES:
                raise _Unresolved
            self._add(0, 1, 0)
            return Pseudo(name)
        if one.kind != "function" or name not in (_NEGATION, *_CHOICES):
            raise _Unresolved
        inside = self._inside()
        if self._depth >= _MAX_NESTING:
            raise _Unresolved
        choice = tuple(parsed(part, self._at, self._depth + 1) for part in parted(inside, self._at))
        if not all(choice):
            raise _Unresolved
        known = tuple(one for one in choice if one)
        if name != "where(":
            self._add(*max(one.specificity for one in known))
        return Pseudo(name, known)

    def _inside(self) -> Sequence[Lexeme]:
        """Read up to the bracket that closes a function."""
        start, depth = self._position, 1
        while depth:
            one = self._next()
            depth += (one.kind == "function" or one.text == "(") - (one.text == ")")
        return self._found[start : self._position - 1]

    def _add(self, names: int, classes: int, types: int) -> None:
        one, two, three = self._weight
        self._weight = (one + names, two + classes, three + types)


class Fitting:
    """Tells which elements of a drawing selectors fit."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._steps = 0
        self._named: dict[int, tuple[dict[str, None], dict[str, None]]] = {}

    def names(self, number: int) -> tuple[dict[str, None], dict[str, None]]:
        """Return the names and the classes of an element."""
        found = self._named.get(number)
        if found is None:
            token = self._tree.tokens[number]
            found = (
                dict.fromkeys(ids_of(token)),
                dict.fromkeys(classes_of(token.value("class") or "")),
            )
            self._named[number] = found
        return found

    def fits(self, selector: Selector, number: int) -> Answer:
        """Tell whether a selector fits an element. Raises Malformed where it takes too long."""
        return self._fits(selector, len(selector.compounds) - 1, number)

    def _fits(self, selector: Selector, last: int, number: int) -> Answer:
        """Tell whether a selector up to one of its compounds fits."""
        own = self._is(selector.compounds[last], number)
        if own is False or last == 0:
            return own
        outer: Answer = False
        parent = self._tree.parent[number]
        while parent >= 0 and outer is not True:
            outer = either(outer, self._fits(selector, last - 1, parent))
            if selector.direct[last]:
                break
            parent = self._tree.parent[parent]
        return both(own, outer)

    def _is(self, compound: Compound, number: int) -> Answer:
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise Malformed("has too many style rules for so many elements", 0)
        if compound.local and compound.local != self._tree.local(number):
            return False
        if compound.ids or compound.classes:
            ids, classes = self.names(number)
            if not (ids.keys() >= set(compound.ids) and classes.keys() >= set(compound.classes)):
                return False
        answer: Answer = True
        for one in compound.pseudos:
            answer = both(answer, self._pseudo(one, number))
        return answer

    def _pseudo(self, one: Pseudo, number: int) -> Answer:
        if one.name == "root":
            return number == 0
        if not one.choice:
            return None
        found: Answer = False
        for selector in one.choice:
            found = either(found, self.fits(selector, number))
        if one.name == _NEGATION:
            return None if found is None else not found
        return found


def both(one: Answer, other: Answer) -> Answer:
    """Tell whether two things hold."""
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def either(one: Answer, other: Answer) -> Answer:
    """Tell whether one of two things holds."""
    if one is True or other is True:
        return True
    return None if one is None or other is None else False
