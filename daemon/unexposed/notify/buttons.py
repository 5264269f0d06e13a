"""Which buttons a notification has, and what is written on them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from unexposed.notify.message import Message
from unexposed.wording.language import tr, translatable

Act = Callable[[str, Message], None]
"""Does what a button says, of the message that it was on."""

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
    """Return the key and the label of each button; `can_copy` tells whether a clipboard takes files.

    A burst has none to copy with: one file of many is not what a person would expect to paste.
    """
    keys = [WHY if message.stays else DETAILS]
    if message.copy:
        keys.insert(0, SHOW)
        keys += [COPY] if can_copy and message.source else []
    return [(key, label(key)) for key in keys]


def press(act: Act, key: str, message: Message) -> None:
    """Do what a button says, on a thread of its own: whoever heard of it has more to hear."""
    threading.Thread(target=act, args=(key, message), name="action", daemon=True).start()
