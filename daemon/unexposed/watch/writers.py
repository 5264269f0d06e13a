"""Whether somebody is still writing a file, as far as the system tells."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import signal
import stat
import sys

# File systems on which the kernel that is asked sees every writer. On others
# (NFS, SMB, FUSE, 9p, virtiofs) another machine may write, or a lease is refused
# for reasons of their own, so that neither answer means anything.
LOCAL_FILE_SYSTEMS = frozenset(
    {
        "bcachefs",
        "btrfs",
        "exfat",
        "ext2",
        "ext3",
        "ext4",
        "f2fs",
        "jfs",
        "nilfs2",
        "ntfs3",
        "overlay",
        "ramfs",
        "tmpfs",
        "vfat",
        "xfs",
        "zfs",
    }
)

_MOUNTS = "/proc/self/mountinfo"
_ESCAPED = re.compile(rb"\\([0-7]{3})")

# Gone, or replaced by what must not be opened, between the look at it and the opening.
_VANISHED = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO})


class Writers:
    """Asks the kernel for a file's writers.

    Linux grants a read lease on a file only while nobody has it open for writing
    (fcntl(2), "Leases"). Whoever opens it for writing while the lease stands, for
    some microseconds, waits, and the kernel signals us: by SIGIO, which kills a
    process that does not expect it, unless F_SETSIG names another signal. SIGURG
    is ignored by default, so that no disposition of the process has to change.
    """

    def __init__(self) -> None:
        self._local: dict[int, bool] = {}

    def forget_mounts(self) -> None:
        """Look anew, from now on, at which file systems are where."""
        self._local.clear()

    def writing(self, path: str, device: int) -> bool | None:
        """Tell whether somebody has the regular file at `path` open for writing.

        `device` is its st_dev. None when the system does not tell. Raises
        FileNotFoundError when there is no regular file any more.
        """
        if sys.platform != "linux" or not self._is_local(path, device):
            return None
        flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NOCTTY
        try:
            descriptor = os.open(path, flags)
        except BlockingIOError:
            return True  # a lease of somebody else's is in the way, as Samba's
        except OSError as problem:
            if problem.errno in _VANISHED:
                raise FileNotFoundError(problem.errno, "vanished", path) from problem
            return None
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise FileNotFoundError(errno.ENOENT, "not a file any more", path)
            return _is_open_for_writing(descriptor)
        finally:
            os.close(descriptor)

    def _is_local(self, path: str, device: int) -> bool:
        # By path, as the device numbers of btrfs and overlay are not those in the table.
        if device not in self._local:
            self._local[device] = file_system(path, _mounts()) in LOCAL_FILE_SYSTEMS
        return self._local[device]


def _is_open_for_writing(descriptor: int) -> bool | None:
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:
        return None  # somebody else's file, or a file system without leases
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False


def file_system(path: str, mounts: bytes) -> str:
    """Return the type of the file system that `path` lies on, "" if that cannot be told.

    `path` is absolute and free of symbolic links; `mounts` is the text of
    /proc/self/mountinfo, proc_pid_mountinfo(5).
    """
    wanted = os.fsencode(path)
    longest, found = -1, b""
    for line in mounts.splitlines():
        place, _, source = line.partition(b" - ")
        fields, kind = place.split(b" "), source.split(b" ", 1)[0]
        if len(fields) < 6 or not kind:
            continue
        point = _ESCAPED.sub(lambda match: bytes([int(match[1], 8)]), fields[4])
        below = wanted == point or wanted.startswith(point.rstrip(b"/") + b"/")
        if below and len(point) >= longest:  # of two on one point the later one is on top
            longest, found = len(point), kind
    return found.decode("ascii", "replace")


def _mounts() -> bytes:
    try:
        with open(_MOUNTS, "rb") as table:
            return table.read()
    except OSError:
        return b""
