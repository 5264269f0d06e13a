"""Which file system a folder is on. Source: proc_pid_mountinfo(5)."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

_MOUNTS: Final = Path("/proc/self/mountinfo")
_ESCAPED: Final = re.compile(r"\\([0-7]{3})")

FAR: Final = frozenset(
    {
        "9p", "afs", "ceph", "cifs", "davfs", "fuse.davfs2", "fuse.gvfsd-fuse", "fuse.rclone",
        "fuse.s3fs", "fuse.sshfs", "glusterfs", "nfs", "nfs4", "smb3", "vboxsf", "virtiofs",
    }
)  # fmt: skip
"""Kinds that other machines write to as well, of which inotify hears nothing."""


def kind_of(path: Path) -> str:
    """Return the kind of file system that a path is on, "" where the system does not tell."""
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    real = os.path.realpath(path)
    found, longest = "", -1
    for line in lines:
        before, _, behind = line.partition(" - ")
        place = _ESCAPED.sub(lambda octal: chr(int(octal[1], 8)), before.split(" ")[4])
        above = place.rstrip("/")
        if (real == place or real.startswith(f"{above}/")) and len(above) >= longest:
            found, longest = behind.split(" ")[0], len(above)
    return found
