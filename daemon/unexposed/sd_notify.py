"""What a service manager hears of the daemon: sd_notify(3) of systemd, without its library.

Where nobody listens (no systemd, or started by hand) nothing happens.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Mapping

log = logging.getLogger(__name__)

_VARIABLE = "NOTIFY_SOCKET"
_PATIENCE_OF_MANAGER = "WATCHDOG_USEC"
_WATCHED = "WATCHDOG_PID"
_PATIENCE = 2.0
"""Seconds that a manager with a full queue gets; then it misses a message."""

_MAX_STATUS = 3072
"""Bytes of a status at most: systemd passes over messages of more than 4096."""


class SystemdNotifier:
    """Tells the manager that started this process how it fares. Nothing here ever raises."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = _address(environment.get(_VARIABLE, ""))
        self.patience = _patience(environment) if self._address else None
        """Seconds after which the manager ends a daemon that was not `alive`; None where it never does."""

    @property
    def listens(self) -> bool:
        """Whether a manager wants to hear anything."""
        return bool(self._address)

    def ready(self, status: str) -> None:
        """Tell that the start, or taking up a new configuration, is done."""
        self._send(b"READY=1", _status(status))

    def status(self, status: str) -> None:
        """Tell in a line what goes on."""
        self._send(_status(status))

    def reloading(self) -> None:
        """Tell that a new configuration is taken up; `ready` has to follow."""
        self._send(b"RELOADING=1", b"MONOTONIC_USEC=%d" % (time.monotonic_ns() // 1000))

    def alive(self) -> None:
        """Tell that the work goes on; at least twice as often as `patience` says."""
        self._send(b"WATCHDOG=1")

    def stopping(self) -> None:
        """Tell that the end has begun."""
        self._send(b"STOPPING=1")

    def _send(self, *assignments: bytes) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
                sock.settimeout(_PATIENCE)
                sock.sendto(b"\n".join(assignments), self._address)
        except OSError as problem:
            log.debug("the service manager could not be told: %s", problem)


def _address(named: str) -> bytes:
    """Turn the variable's value into a socket's address; empty when it is none to be used."""
    if named.startswith("@"):  # the abstract name space of Linux
        return b"\0" + os.fsencode(named[1:])
    if named and not named.startswith("/"):
        log.debug("%s names no local socket: %r", _VARIABLE, named)
        return b""
    return os.fsencode(named)


def _patience(environment: Mapping[str, str]) -> float | None:
    """Read how long the manager waits for a sign of life of this very process, in seconds."""
    if environment.get(_WATCHED, str(os.getpid())) != str(os.getpid()):
        return None
    microseconds = environment.get(_PATIENCE_OF_MANAGER, "")
    return int(microseconds) / 1e6 if microseconds.isdecimal() and int(microseconds) else None


def _status(text: str) -> bytes:
    """Write a status on one line, in UTF-8, cut to what a manager takes."""
    line = " ".join(text.split()).encode("utf-8", "replace")
    return b"STATUS=" + line[:_MAX_STATUS].decode("utf-8", "ignore").encode()
