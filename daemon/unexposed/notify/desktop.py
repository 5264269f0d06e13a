"""The best way that this desktop has: its own server with buttons, or else what plyer finds."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from unexposed.notify.actions import Actions, can_copy
from unexposed.notify.freedesktop import Freedesktop
from unexposed.notify.message import Message
from unexposed.notify.portable import send
from unexposed.notify.undelivered import Undelivered

log = logging.getLogger(__name__)


class Desktop:
    """Shows messages; `config` is the configuration file that the daemon was given, if any."""

    def __init__(self, config: Path | None = None) -> None:
        self._server: Freedesktop | None = None
        if sys.platform not in ("darwin", "win32"):
            self._server = Freedesktop(Actions(config), can_copy=can_copy())
        self._by_server = False

    @property
    def replaces(self) -> bool:
        """Whether a message takes the place of an earlier one with the same tag."""
        return self._by_server

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
