"""The one door through which every fixed text of the page goes, so that it can be translated."""

from __future__ import annotations


def _(text: str) -> str:
    """Return a fixed text in the person's language."""
    return text


def plural(one: str, many: str, number: int) -> str:
    """Return the text for a number, with that in the place of `{}`, grouped by thousands."""
    return (one if number == 1 else many).format(f"{number:,}")
