"""Locking the worker in, before it sees the first file.

From then on it can open the files of this program and of the system's libraries, to read them, and
nothing else: no picture but the ones whose descriptors it is given, nothing to write to but the
copy. Modules are loaded when a file needs them, so the program's own files stay within reach. Where
the kernel has no Landlock (before Linux 5.13), or is no Linux, the worker works all the same and
says so.
Sources: Linux, Documentation/userspace-api/landlock.rst, include/uapi/linux/landlock.h.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
import sys
from collections.abc import Iterator
from typing import Final

from unexposed.worker.protocol import Confinement
from unexposed.worker.system_calls import LIBC, gain_no_rights, refuse_calls

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""Numbers of Landlock's system calls, the same on every machine."""
_ASK_VERSION: Final = 1
_PATH_BENEATH: Final = 1

_EXECUTE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 2, 1 << 3
_RIGHTS: Final = ((1, 13), (2, 14), (3, 15), (5, 16))
"""Version of Landlock -> how many rights to files it knows from there on."""
_NETWORK: Final = 0b11
"""From version 4: to listen at a TCP port and to connect to one."""
_SCOPES: Final = 0b11
"""From version 6: abstract sockets and signals beyond the own processes."""
_SIZES: Final = ((1, 8), (4, 16), (6, 24))
"""Version of Landlock -> bytes of `struct landlock_ruleset_attr` that it knows from there on."""

_RULESET: Final = struct.Struct("=QQQ")
_RULE: Final = struct.Struct("=Qi")

_SYSTEM: Final = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/nix/store", "/gnu/store",
    "/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo", "/usr/share/locale",
    "/sys/devices/system/cpu",
)  # fmt: skip
"""Where libraries are, and what they look up when they are loaded; nobody's own files."""


def lock_in() -> Confinement:
    """Lock this process in for good, and return how far that went.

    To be called before there is a second thread, as it holds for the one that calls and for all that it starts.
    """
    if not sys.platform.startswith("linux"):
        return Confinement()
    if not gain_no_rights():
        return Confinement()
    # Files first: the filter may know none of Landlock's calls.
    files = _restrict_files()
    return Confinement(files=files, calls=refuse_calls())


def landlock_version() -> int:
    """Return which version of Landlock the kernel has, 0 for none."""
    return max(0, _call(_CREATE_RULESET, None, 0, _ASK_VERSION))


def _restrict_files() -> bool:
    version = landlock_version()
    if not version:
        return False
    rights = (1 << _latest(_RIGHTS, version)) - 1
    attributes = _RULESET.pack(rights, _NETWORK, _SCOPES)[: _latest(_SIZES, version)]
    ruleset = _call(_CREATE_RULESET, attributes, len(attributes), 0)
    if ruleset < 0:
        return False
    try:
        for path in _own_files():
            _allow(ruleset, path)
        return _call(_RESTRICT_SELF, ruleset, 0) == 0
    finally:
        os.close(ruleset)


def _latest(table: tuple[tuple[int, int], ...], version: int) -> int:
    return [value for first, value in table if first <= version][-1]


def _own_files() -> Iterator[str]:
    """Yield the folders, and files, of this program, of Python and of the libraries of both."""
    yield from _SYSTEM
    home = os.path.realpath(os.path.expanduser("~"))
    for folder in {os.path.realpath(one) for one in (*sys.path, *_libraries())}:
        if os.path.commonpath((folder, home)) != folder:  # else all of the home folder is in it
            yield folder


def _libraries() -> Iterator[str]:
    """Yield the folders of what is loaded now, wherever this system keeps it."""
    with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as maps:
        for line in maps:
            _, found, path = line.partition("/")
            if found and ".so" in path:
                yield os.path.dirname("/" + path)


def _allow(ruleset: int, path: str) -> None:
    """Let what is at or below a path be read, if there is something."""
    with contextlib.suppress(OSError):
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            rights = _READ_FILE | _EXECUTE | (_READ_DIR if os.path.isdir(path) else 0)
            _call(_ADD_RULE, ruleset, _PATH_BENEATH, _RULE.pack(rights, place), 0)
        finally:
            os.close(place)


def _call(number: int, *arguments: int | bytes | None) -> int:
    words = (ctypes.c_long(one) if isinstance(one, int) else one for one in arguments)
    result: int = LIBC.syscall(ctypes.c_long(number), *words)
    return result
