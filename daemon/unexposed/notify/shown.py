"""What stands on the desktop, so that a press of a button is known to be of which message."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final

from unexposed.notify.message import Message

_MOST: Final = 200
"""Messages that are remembered. Some servers never say that one was closed; of the oldest the
buttons do nothing any more."""


class Shown:
    """Messages by the number that they were shown under. Can be used from any thread."""

    def __init__(self) -> None:
        self._messages: OrderedDict[int, Message] = OrderedDict()
        self._numbers: dict[str, int] = {}
        self._lock = threading.Lock()

    def add(self, number: int, message: Message) -> None:
        """Note that a message is shown, in the place of one of the same number or tag."""
        with self._lock:
            self._forget(number)
            if message.tag:
                self._forget(self._numbers.get(message.tag, -1))
                self._numbers[message.tag] = number
            self._messages[number] = message
            while len(self._messages) > _MOST:
                self._forget(next(iter(self._messages)))

    def closed(self, number: int) -> None:
        """Note that one is no longer shown."""
        with self._lock:
            self._forget(number)

    def clear(self) -> None:
        """Note that none is."""
        with self._lock:
            self._messages.clear()
            self._numbers.clear()

    def of(self, number: int) -> Message | None:
        """Return the message that is shown under a number."""
        return self._messages.get(number)

    def number(self, tag: str) -> int | None:
        """Return the number of the message with a tag, None when none stands there."""
        return self._numbers.get(tag)

    def _forget(self, number: int) -> None:
        gone = self._messages.pop(number, None)
        if gone is not None and self._numbers.get(gone.tag) == number:
            del self._numbers[gone.tag]
