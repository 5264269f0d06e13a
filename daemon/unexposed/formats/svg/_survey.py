"""Which elements of a drawing stay, and which of their names something refers to.

What goes whatever refers to it: elements of other namespaces, metadata, scripts, and what nobody
has ever heard of. What goes as well: all that is never drawn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

import msgspec

from unexposed.errors import Malformed
from unexposed.formats.svg._cascade import Cascade
from unexposed.formats.svg._css import Rule, lexemes, rules
from unexposed.formats.svg._drawn import Drawn
from unexposed.formats.svg._names import Names
from unexposed.formats.svg._sheets import SheetRewriter, frames_in
from unexposed.formats.svg._tables import (
    ELEMENTS,
    EXTENSIONS,
    LABELS,
    REFUSED,
    STYLE_SHEET,
    SVG,
    XHTML,
)
from unexposed.formats.svg._tree import Tree, classes_of, ids_of
from unexposed.formats.svg._values import Rewriter, variables_in
from unexposed.formats.svg._xml import Kind as TokenKind
from unexposed.formats.svg._xml import Token

FOREIGN: Final = "foreign"
UNKNOWN: Final = "unknown"
UNSEEN: Final = "unseen"
_MAX_ROUNDS: Final = 8


class Drop(msgspec.Struct, frozen=True, gc=False):
    """An element that goes: its first and last token, by index, and what it is."""

    first: int
    last: int
    label: str


class Survey(msgspec.Struct, frozen=True):
    """What goes, by the index of its first token, and the new names of what stays."""

    drops: dict[int, Drop]
    names: Names


class _Sheet(msgspec.Struct, frozen=True):
    """A style sheet, and where it stands."""

    text: str
    rules: list[Rule]
    media: str
    at: int


def survey(tokens: Sequence[Token]) -> Survey:
    """Decide on every element.

    Raises Malformed for a drawing that shows HTML, needs something that would go, or of which it
    cannot be told what it shows.
    """
    root = next(one for one in tokens if one.kind is TokenKind.START)
    if (root.namespace, root.local) != (SVG, "svg"):
        raise Malformed("is XML, but no drawing", root.start)
    drops = _certain(tokens, _ends(tokens))
    tree = Tree(tokens, {one.first: one.last for one in drops.values()})
    sheets = _sheets(tokens, tree)
    cascade = Cascade(tree)
    for sheet in sheets:
        cascade.add(sheet.rules, sheet.at, sheet.media)
    drawn = Drawn(tree, cascade, _names_within(tokens, drops.values()))
    drawn.follow()
    number = 0
    kept: list[Token] = []
    while number < len(tree):
        if drawn.stays(number):
            kept.append(tree.tokens[number])
            number += 1
        else:
            drops[tree.first[number]] = Drop(tree.first[number], tree.last[number], UNSEEN)
            number = tree.after(number)
    return Survey(drops, _names(kept, drawn.used, sheets))


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
        if label:
            if opened[-1:] == ["switch"] and token.namespace == SVG and label != UNSEEN:
                raise Malformed("chooses between something and a part of the drawing", token.start)
            drops[index] = Drop(index, ends[index], label)
            for one in tokens[index : ends[index] + 1]:
                if _is_sheet(one):
                    raise Malformed("needs something that does not belong to it", one.start)
            index = ends[index]
        elif token.kind is TokenKind.START and not token.empty:
            opened.append(token.local)
        elif token.kind is TokenKind.END:
            opened.pop()
        index += 1
    return drops


def _label(token: Token) -> str:
    """Return what an element is that goes, "" for one that stays if it is drawn."""
    if token.namespace != SVG:
        return FOREIGN
    if token.local in LABELS:
        return LABELS[token.local]
    extensions = (token.value("requiredExtensions") or "").split()
    if any(one not in EXTENSIONS for one in extensions):
        return UNSEEN
    if token.local == "font":
        raise Malformed(REFUSED["font"], token.start)
    if token.local == STYLE_SHEET and not _is_css(token):
        raise Malformed("has a style sheet in another language than CSS", token.start)
    return "" if token.local in ELEMENTS | REFUSED.keys() else UNKNOWN


def _is_sheet(token: Token) -> bool:
    """Tell whether an element is a style sheet, which a browser heeds wherever it stands."""
    if token.kind is not TokenKind.START or token.local != STYLE_SHEET:
        return False
    return token.namespace == XHTML or (token.namespace == SVG and _is_css(token))


def _names_within(tokens: Sequence[Token], drops: Iterable[Drop]) -> set[str]:
    return {
        name
        for one in drops
        for token in tokens[one.first : one.last + 1]
        if token.kind is TokenKind.START
        for name in ids_of(token)
    }


def _sheets(tokens: Sequence[Token], tree: Tree) -> list[_Sheet]:
    """Return the style sheets. Raises Malformed where there is a choice between some."""
    found = []
    titles = set[str]()
    for number, token in enumerate(tree.tokens):
        if token.local == STYLE_SHEET:
            text = style_text(tokens, tree.first[number], tree.last[number])
            parsed = list(rules(lexemes(text, token.start), token.start))
            found.append(_Sheet(text, parsed, token.value("media") or "", token.start))
            titles.add(token.value("title") or "")
            if len(titles - {""}) > 1:
                raise Malformed("has a choice of style sheets", token.start)
    return found


class _Recorder(Names):
    """Keeps every name, and takes note of those that are used."""

    def __init__(
        self,
        ids: Iterable[str],
        classes: Iterable[str],
        frames: Sequence[str],
        variables: Collection[str],
    ) -> None:
        own = {one: one for one in ids}
        super().__init__(own, {one: one for one in classes}, frames, variables)
        self.used: set[str] = set()
        self.used_classes: set[str] = set()

    def id(self, name: str) -> str:
        found = super().id(name)
        self.used |= {name, found}
        return found

    def css_class(self, name: str) -> str:
        self.used_classes.add(name)
        return super().css_class(name)

    def variable(self, name: str) -> str:
        return name


def _names(kept: Sequence[Token], used: set[str], sheets: Sequence[_Sheet]) -> Names:
    """Return new names for those used, numbered in the order in which the old ones appear."""
    ids = list(dict.fromkeys(name for one in kept for name in ids_of(one)))
    told = (name for one in kept for name in classes_of(one.value("class") or ""))
    classes = list(dict.fromkeys(told))
    frames = list(dict.fromkeys(name for one in sheets for name in frames_in(one.rules, one.at)))
    values = [
        (one, token.start)
        for token in kept
        for one in token.attributes
        if "(" in one.value or "--" in one.value
    ]
    variables = {
        name
        for text in (*(one.text for one in sheets), *(one.value for one, _ in values))
        for name in variables_in(text)
    }
    for _ in range(_MAX_ROUNDS):
        recorder = _Recorder(ids, classes, frames, variables)
        rewriter = Rewriter(recorder, lambda address, _: address, lambda *_: None)
        rewritten = SheetRewriter(recorder, rewriter, lambda *_: None)
        texts = [rewritten.rewritten(one.text, one.at) for one in sheets]
        if not variables:
            break
        texts += [
            rewriter.style(one.value, at) if one.local == "style" else one.value
            for one, at in values
        ]
        left = {name for text in texts for name in variables_in(text)}
        if left == variables:
            break
        variables = left
    else:
        raise Malformed("has styles that use one another too often", 0)
    used |= recorder.used
    ids = [name for name in ids if name in used]
    classes = [name for name in classes if name in recorder.used_classes]
    return Names(
        {name: f"i{number}" for number, name in enumerate(ids, 1)},
        {name: f"c{number}" for number, name in enumerate(classes, 1)},
        frames,
        variables,
    )
