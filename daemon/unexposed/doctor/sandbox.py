"""What holds the running daemon back, as the kernel tells. Source: proc_pid_status(5), namespaces(7)."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from unexposed.doctor.check import Case, Check, State
from unexposed.presence import running
from unexposed_service import OWN

_NAME: Final = "sandbox"
_LINES: Final = (
    ("NoNewPrivs", "1", "it cannot gain rights"),
    ("Seccomp", "2", "its system calls are filtered"),
)
_ROOMS: Final = (("user", "its folders are its own"), ("net", "no network is around it"))
"""Kind of namespace -> what one of its own means in the unit's terms."""


def look(case: Case) -> Iterator[Check]:
    """Look at the daemon's process from outside."""
    pid = running(case.config.state_path)
    if pid is None or not sys.platform.startswith("linux"):
        return
    process = Path("/proc", str(pid))
    pairs = (line.partition(":") for line in (process / "status").read_text().splitlines())
    status = {name: value.strip() for name, _, value in pairs}
    held = {said: status.get(name) == value for name, value, said in _LINES}
    for kind, said in _ROOMS:
        room = os.readlink(process / "ns" / kind)
        held[said] = room != os.readlink(f"/proc/self/ns/{kind}")
    missing = [said for said, is_so in held.items() if not is_so]
    if not missing:
        yield Check(_NAME, State.FINE, f"of the daemon holds: {', '.join(held)}")
        return
    what = f"of the daemon does not hold: {', '.join(missing)}"
    advice = "none has to be followed: a systemd of your own would confine it (docs/security.md)"
    if OWN == "systemd":
        advice = (
            "`unexposed service install` confines it as far as this system can: docs/security.md"
        )
    yield Check(_NAME, State.ATTENTION, what, advice)
