"""The daemon as a service of the session: systemd's user manager, or launchd."""

import sys
from collections.abc import Callable

from unexposed_service.definition import Definition, describe
from unexposed_service.interface import Say, Service, ServiceError, Status
from unexposed_service.launchd import Launchd
from unexposed_service.systemd import Systemd

__all__ = [
    "KINDS",
    "OWN",
    "Definition",
    "Launchd",
    "Say",
    "Service",
    "ServiceError",
    "Status",
    "Systemd",
    "describe",
]

KINDS: dict[str, Callable[[Say], Service]] = {"systemd": Systemd, "launchd": Launchd}
"""The service managers that are known, by name."""

OWN = "launchd" if sys.platform == "darwin" else "systemd"
"""The name of this platform's own."""
