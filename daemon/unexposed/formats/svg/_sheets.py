"""Style sheets, brought to one form: one rule a line, and none that selects nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from unexposed.errors import Malformed
from unexposed.formats.svg._css import Lexeme, Rule, joined, lexemes, parted, rules
from unexposed.formats.svg._names import Names
from unexposed.formats.svg._tables import ELEMENTS, KEYFRAMES, SVG
from unexposed.formats.svg._values import Rewriter, Say, gone, refuse
from unexposed.formats.svg._words import SELECTORS, TIMINGS, VENDORS
from unexposed.metadata.legible import legible

_MAX_NESTING: Final = 4


class SheetRewriter:
    """Returns style sheets as a clean copy has them; `values` does the same for what they declare."""

    def __init__(self, names: Names, values: Rewriter, say: Say) -> None:
        self._names = names
        self._values = values
        self._say = say

    def rewritten(self, text: str, at: int) -> str:
        """Return a style sheet, one rule a line, without the rules that select nothing."""
        written = [self._rule(rule, at, 0) for rule in rules(lexemes(text, at), at)]
        return "\n".join(rule for rule in written if rule)

    def _rule(self, rule: Rule, at: int, depth: int) -> str:
        name = rule.name
        if not name and rule.inside is not None:
            for one in rule.prelude:
                if one.kind in ("string", "url", "at", "number") or one.text in "[]{}|+~&=":
                    refuse(one.text, at)
            alive = [one for one in parted(rule.prelude, at) if self._fits(one)]
            declared = self._values.declared(rule.inside, at) if alive else ""
            selectors = [self._selector(one, at) for one in alive if declared]
            return f"{','.join(selectors)}{{{declared}}}" if declared else ""
        if name in ("charset", "page"):
            return ""
        if name == "import":
            target = rule.prelude[0] if rule.prelude else Lexeme("string", "")
            address = target.target if target.kind == "url" else target.text.strip("\"'")
            going = gone(address)
            self._say(going.label, going.text)
            return ""
        if name == "namespace":
            return self._namespace(rule, at)
        if name == "font-face" and rule.inside is not None:
            return self._font_face(rule.inside, at)
        if rule.inside is not None and depth < _MAX_NESTING:
            if name in ("media", "supports"):
                condition = self._condition(rule, at)
                inner = [self._rule(one, at, depth + 1) for one in rules(rule.inside, at)]
                body = "\n".join(one for one in inner if one)
                return f"@{name} {condition}{{\n{body}\n}}" if body else ""
            if name in KEYFRAMES and depth == 0:
                return self._keyframes(rule, rule.inside, at)
        raise Malformed(f"has a style sheet with the rule '@{legible(name)[:40]}'", at)

    def _namespace(self, rule: Rule, at: int) -> str:
        last = rule.prelude[-1] if rule.prelude else Lexeme("string", "")
        address = last.target if last.kind == "url" else last.text.strip("\"'")
        if len(rule.prelude) > 1:
            return ""
        if address != SVG:
            raise Malformed("has a style sheet for other elements than its own", at)
        return f'@namespace "{address}";'

    def _font_face(self, inside: Sequence[Lexeme], at: int) -> str:
        addresses = [one.target for one in inside if one.kind == "url"]
        if any(one[:5].lower() == "data:" for one in addresses):
            raise Malformed("embeds a font, which may hold names; turn its text into paths", at)
        for one in addresses:
            self._say("remote", one)
        return ""

    def _condition(self, rule: Rule, at: int) -> str:
        """Return the condition of a rule that has others in it."""
        found = list(rule.prelude)
        if rule.name == "supports":
            found = [_unbranded(one) for one in found]
        self._values.value(found, at, "")
        return joined(rule.prelude)

    def _keyframes(self, rule: Rule, inside: Sequence[Lexeme], at: int) -> str:
        steps = []
        for step in rules(inside, at):
            if step.name or step.inside is None:
                refuse("@" + step.name, at)
            moment = self._values.value(step.prelude, at, "")
            steps.append(f"{moment}{{{self._values.declared(step.inside, at)}}}")
        name = self._names.frames(joined(rule.prelude))
        return f"@{rule.name} {name}{{\n" + "\n".join(steps) + "\n}"

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
                    refuse(text, at)
            elif one.kind == "word":
                text = text if text in ELEMENTS else "none"
            elif text not in (".", ":", "*", ">", ",", ")"):
                refuse(text, at)
            if text != " " or written[-1:] != [" "]:
                written.append(text)
            before = one.text
        return "".join(written)


def frames_in(found: Iterable[Rule], at: int) -> Iterator[str]:
    """Yield the names of the animations that a style sheet defines.

    Raises Malformed for one that cannot be told from what else may stand beside it.
    """
    for rule in found:
        if rule.name in KEYFRAMES:
            name = joined(rule.prelude)
            if name.lower() in TIMINGS:
                raise Malformed(f"calls an animation '{name.lower()}'", at)
            yield name


def _unbranded(one: Lexeme) -> Lexeme:
    """Return a property without the prefix of a browser."""
    text = one.text
    for vendor in VENDORS:
        text = text.removeprefix(vendor)
    return Lexeme(one.kind, text)
