"""The best way that this desktop has: its own server with buttons, or else what plyer finds."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Protocol

from unexposed.notify.actions import Actions, can_copy
from unexposed.notify.freedesktop import Freedesktop
from unexposed.notify.message import Message
from unexposed.notify.portable import send
from unexposed.notify.undelivered import Undelivered

log = logging.getLogger(__name__)


class _Server(Protocol):
    """What shows notifications with buttons."""

    def show(self, message: Message) -> None: ...
    def shows(self, tag: str) -> bool: ...
    def close(self) -> None: ...


class Desktop:
    """Shows messages; `config` is the configuration file that the daemon was given, if any."""

    def __init__(self, config: Path | None = None) -> None:
        self._server = _server(Actions(config))
        self._by_server = False

    def shows(self, tag: str) -> bool:
        """Whether a message with this tag stands there, whose place a later one takes."""
        return self._by_server and self._server is not None and self._server.shows(tag)

    def show(self, message: Message) -> None:
        """Show a message. Raises Undelivered."""
        if self._server is not None:
            try:
                self._server.show(message)
            except Undelivered as problem:
                log.debug("the notification server was not reached: %s", problem)
            else:
                self._by_server = True
                return
        self._by_server = False
        send(message.title, message.body)

    def close(self) -> None:
        """Let go of the server; what is shown stays, without its buttons."""
        if self._server is not None:
            self._server.close()


def _server(actions: Actions) -> _Server | None:
    """Return what this system has; a daemon elsewhere loads nothing of macOS'."""
    system: str = sys.platform
    if system == "win32":
        return None
    if system == "darwin":
        from unexposed.notify.centre import Centre  # noqa: PLC0415

        return Centre(actions, can_copy=can_copy())
    return Freedesktop(actions, can_copy=can_copy())
