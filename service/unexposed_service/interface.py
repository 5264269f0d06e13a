"""What every service manager is asked for."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Protocol

import msgspec

from unexposed.errors import UnexposedError
from unexposed_service.definition import Definition

Say = Callable[[str], None]
"""Tells the person, in a line, what was done."""


class ServiceError(UnexposedError):
    """A service manager that is not here, or that refuses; the text says what to do."""


class Status(msgspec.Struct, frozen=True):
    """How the service fares: whether the daemon runs, and the rest in a line."""

    running: bool
    text: str


class Standing(Enum):
    """What is installed, compared with what would be."""

    ABSENT = "absent"
    CURRENT = "current"
    UNCONFINED = "unconfined"
    """It is what would be installed, but without what confines it, as the system refuses that."""
    OUTDATED = "outdated"


class Service(Protocol):
    """One service manager: a class in this folder. Every method may raise ServiceError."""

    def show(self, definition: Definition) -> str:
        """Return the text of the definition, on any platform. Nothing is written."""

    def standing(self, definition: Definition) -> Standing:
        """Compare what is installed with a definition. Nothing is written."""

    def install(self, definition: Definition) -> None:
        """Write the definition, have the daemon start with the session, and start it now.

        One that is installed already is replaced, and restarted if that changed anything.
        """

    def uninstall(self) -> None:
        """Stop the daemon and remove its definition; what it wrote and its settings stay."""

    def start(self) -> None:
        """Start the daemon."""

    def stop(self) -> None:
        """Stop the daemon until the next session, or until it is started."""

    def restart(self) -> None:
        """Stop the daemon and start it again."""

    def status(self) -> Status:
        """Tell how it fares."""

    def logs(self, lines: int, *, follow: bool) -> None:
        """Show the last lines that the daemon wrote; with `follow` new ones too, until Ctrl-C."""
