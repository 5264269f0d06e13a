"""HTML and SVG, built so that no text from outside can become markup.

Everything that is not `Html` is escaped, and made harmless first: names and values come from
files by anybody.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Final, TypeAlias

from unexposed.wording import harmless

_WITHOUT_END: Final = frozenset({"meta", "img", "input", "br"})


class Html(str):
    """Markup that is finished; only `element`, `joined` and `verbatim` make it."""

    __slots__ = ()


Child: TypeAlias = str | int | None
"""`Html` stands as it is, other text is escaped, None is nothing."""
Value: TypeAlias = str | int | float | bool | None


def element(name: str, /, *children: Child, **attributes: Value) -> Html:
    """Return an element; `class_` and `data_level` are its attributes class and data-level.

    A value is escaped like any text. An attribute that is None or False is left out, one that is
    True stands without a value.
    """
    opening = "".join([name, *map(_attribute, attributes, attributes.values())])
    if name in _WITHOUT_END:
        return Html(f"<{opening}>")
    return Html(f"<{opening}>{joined(children)}</{name}>")


def joined(children: Iterable[Child]) -> Html:
    """Return pieces one after the other."""
    return Html("".join(map(_escaped, children)))


def verbatim(text: str) -> Html:
    """Return text of this program's own as it stands: a style sheet, a script, data for an attribute."""
    return Html(text)


def _escaped(child: Child | float) -> str:
    if child is None:
        return ""
    if isinstance(child, Html):
        return child
    return html.escape(harmless(str(child)))


def _attribute(name: str, value: Value) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    return f' {name}="{_escaped(value)}"'
