"""Refusing a process the system calls that only an intruder would make.

Landlock decides which files can be opened; what it does not see is refused here: sockets, other
programs and processes, and changes of what is said of files, for which a descriptor to read is
enough. The filter is a list of what is refused and not of what is needed, as the latter differs
between versions of the C library and of Python.
Sources: Linux, Documentation/userspace-api/seccomp_filter.rst; seccomp(2); include/uapi/linux/
{audit,bpf_common,filter,prctl,seccomp}.h; the numbers of the calls: arch/x86/entry/syscalls/syscall_64.tbl
and scripts/syscall.tbl.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterable
from typing import Final

REFUSED: Final[dict[str, tuple[int | None, int | None]]] = {
    # Sockets, and what serves for one.
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "mq_open": (240, 180),
    "msgget": (68, 186),
    "semget": (64, 190),
    "shmget": (29, 194),
    # Other programs, and other processes.
    "execve": (59, 221),
    "execveat": (322, 281),
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    # What is said of a file, by its path or by a descriptor that is for reading only.
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "lchown": (94, None),
    "fchown": (93, 55),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "setxattrat": (463, 463),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "removexattrat": (466, 466),
    # Files by their path, or past it.
    "truncate": (76, 45),
    "inotify_add_watch": (254, 27),
    "fanotify_init": (300, 262),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    # Other views of the system, and parts of the kernel that are large and not needed.
    "mount": (165, 40),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "mount_setattr": (442, 442),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "personality": (135, 92),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
}
"""Name of a system call -> its number on x86-64 and on 64-bit ARM, where that has it."""

_MACHINES: Final = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""Name of a machine -> its column above, and what the kernel calls it (AUDIT_ARCH_*)."""

_X32: Final = 0x40000000
"""From here on stand the numbers of x86-64's second set of calls, which nothing here uses."""

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
"""BPF: load a word from a place, jump if equal, jump if greater or equal, return."""
_NUMBER_AT, _MACHINE_AT = 0, 4
"""Where in `struct seccomp_data` the call's number and the machine stand."""
_KILL, _ERROR, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
"""What becomes of a call: SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_ERRNO, SECCOMP_RET_ALLOW."""

_NO_NEW_PRIVS, _SECCOMP, _FILTER = 38, 22, 2


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


LIBC: Final = ctypes.CDLL(None)
"""The C library, by which the kernel is asked for what Python has no name for."""


def gain_no_rights() -> bool:
    """Give up to gain rights by running programs; without that the kernel takes no restriction."""
    gained: int = LIBC.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0)
    return gained == 0


def refuse_calls() -> bool:
    """Have the kernel refuse these calls from now on, in this thread and all that it starts.

    To be called after `gain_no_rights`. Return whether it does; it does not on machines that are not
    in the table. Nothing undoes it.
    """
    machine = _MACHINES.get(os.uname().machine)
    if machine is None:
        return False
    program = _compiled(*machine)
    filled = _Program(len(program) // _INSTRUCTION.size, program)
    refused: int = LIBC.prctl(_SECCOMP, _FILTER, ctypes.byref(filled), 0, 0)
    return refused == 0


_INSTRUCTION: Final = struct.Struct("=HBBI")


def _compiled(column: int, machine: int) -> bytes:
    """Return the filter as the kernel takes it: jumps say how many instructions to pass over."""
    numbers = [one for row in REFUSED.values() if (one := row[column]) is not None]
    return b"".join(_INSTRUCTION.pack(*one) for one in _instructions(numbers, machine))


def _instructions(numbers: list[int], machine: int) -> Iterable[tuple[int, int, int, int]]:
    yield _LOAD, 0, 0, _MACHINE_AT
    yield _EQUAL, 1, 0, machine
    yield _RETURN, 0, 0, _KILL
    yield _LOAD, 0, 0, _NUMBER_AT
    yield _AT_LEAST, len(numbers) + 1, 0, _X32
    for left, number in zip(range(len(numbers), 0, -1), numbers, strict=True):
        yield _EQUAL, left, 0, number
    yield _RETURN, 0, 0, _ALLOW
    yield _RETURN, 0, 0, _ERROR | errno.EPERM
