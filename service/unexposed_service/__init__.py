"""The daemon as a service of the session: systemd's user manager, launchd, or the desktop."""

import os
import sys
from collections.abc import Callable

from unexposed_service.autostart import Autostart
from unexposed_service.definition import Definition, describe
from unexposed_service.interface import Say, Service, ServiceError, Standing, Status
from unexposed_service.launchd import Launchd
from unexposed_service.systemd import Systemd

__all__ = [
    "KINDS",
    "OWN",
    "Autostart",
    "Definition",
    "Launchd",
    "Say",
    "Service",
    "ServiceError",
    "Standing",
    "Status",
    "Systemd",
    "describe",
]

KINDS: dict[str, Callable[[Say], Service]] = {
    "systemd": Systemd,
    "launchd": Launchd,
    "autostart": Autostart,
}
"""The service managers that are known, by name."""

_BOOTED = "/run/systemd/system"
"""The folder by which programs tell that systemd runs a machine: sd_booted(3)."""


def _own() -> str:
    if sys.platform == "darwin":
        return "launchd"
    return "systemd" if os.path.isdir(_BOOTED) else "autostart"


OWN = _own()
"""The name of this machine's own."""
