"""Which buttons a notification has, and what is written on them."""

from __future__ import annotations

from typing import Final

from unexposed.notify.message import Message
from unexposed.wording.language import tr, translatable

DETAILS, SHOW, COPY, WHY = "details", "show", "copy", "why"

_LABELS: Final = {
    SHOW: translatable("Show clean copy"),
    DETAILS: translatable("Details"),
    COPY: translatable("Copy"),
    WHY: translatable("Why"),
}


def label(key: str) -> str:
    """Return what is written on a button."""
    return tr(_LABELS[key])


def offered(message: Message, *, can_copy: bool) -> list[tuple[str, str]]:
    """Return the key and the label of each button; `can_copy` tells whether a clipboard takes files."""
    keys = [WHY if message.stays else DETAILS]
    if message.copy:
        keys.insert(0, SHOW)
        keys += [COPY] if can_copy else []
    return [(key, label(key)) for key in keys]
