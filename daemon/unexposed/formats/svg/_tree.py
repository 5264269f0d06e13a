"""The elements of a drawing, numbered in the order in which they begin."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import unquote

from unexposed.formats.svg._tables import ATTRIBUTES, XLINK, Kind
from unexposed.formats.svg._xml import Kind as TokenKind
from unexposed.formats.svg._xml import Token

_CLASS: Final = re.compile(r"[^ \t\r\n\f]+")


class Tree:
    """Elements by number: 0 is the root, and each one's children follow it."""

    def __init__(self, tokens: Sequence[Token], gone: dict[int, int]) -> None:
        """Take the elements in, but for those that begin at a token in `gone` and end at another."""
        self.tokens: list[Token] = []
        self.first: list[int] = []
        self.last: list[int] = []
        self.parent: list[int] = []
        self._after: list[int] = []
        self._named: dict[str, list[int]] = {}
        opened = [-1]
        index = 0
        while index < len(tokens):
            one = tokens[index]
            if one.kind is TokenKind.START:
                if index in gone:
                    index = gone[index] + 1
                    continue
                number = len(self.tokens)
                self.tokens.append(one)
                self.first.append(index)
                self.last.append(index)
                self.parent.append(opened[-1])
                self._after.append(number + 1)
                if not one.empty:
                    opened.append(number)
            elif one.kind is TokenKind.END:
                number = opened.pop()
                self.last[number] = index
                self._after[number] = len(self.tokens)
            index += 1

    def __len__(self) -> int:
        return len(self.tokens)

    def after(self, number: int) -> int:
        """Return the number of the first element behind one and all that is in it."""
        return self._after[number]

    def children(self, number: int) -> Iterator[int]:
        """Yield the elements that stand in one, less what stands in these."""
        child = number + 1
        while child < self._after[number]:
            yield child
            child = self._after[child]

    def named(self, name: str) -> list[int]:
        """Return the elements of a name, as it is or as an address spells it."""
        if not self._named:
            for number, token in enumerate(self.tokens):
                for one in ids_of(token):
                    self._named.setdefault(one, []).append(number)
        return self._named.get(name) or self._named.get(unquote(name), [])

    def local(self, number: int) -> str:
        """Return what an element is, "" for what the root stands in."""
        return self.tokens[number].local if number >= 0 else ""


def ids_of(token: Token) -> list[str]:
    """Return the names of an element."""
    return [
        one.value
        for one in token.attributes
        if one.local == "id" and one.value and ATTRIBUTES.get((one.namespace, "id")) is Kind.ID
    ]


def classes_of(text: str) -> list[str]:
    """Return the classes that an attribute names."""
    return _CLASS.findall(text)


def link_of(token: Token) -> str:
    """Return what an element refers to by the one link that counts, "" where by none."""
    for namespace in ("", XLINK):
        found = token.value("href", namespace)
        if found is not None:
            return found.strip()
    return ""
