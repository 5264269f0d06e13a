"""Linux' limits of inotify against what the watched folders take.

Every folder of a watched tree takes a watch. Limits count for all programs of a person together.
Source: inotify(7), "/proc interfaces"; proc_sys_user(5); proc_pid_fdinfo(5).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from unexposed.config import Watch
from unexposed.doctor.check import Case, Check, State
from unexposed.presence import running

_WATCHES: Final = ("/proc/sys/fs/inotify/max_user_watches", "/proc/sys/user/max_inotify_watches")
_INSTANCES: Final = (
    "/proc/sys/fs/inotify/max_user_instances",
    "/proc/sys/user/max_inotify_instances",
)
"""Files with a limit each, of which the lower one counts."""

_TO_RAISE: Final = (
    "echo fs.inotify.{name}={to} | sudo tee /etc/sysctl.d/{number}-unexposed.conf"
    " && sudo sysctl --system"
)
_MOST: Final = 1_000_000
_LONGEST: Final = 10.0
"""Folders, and seconds, after which the count ends."""
_TIGHT: Final = 0.9
"""Share of a limit from which on it is said to be nearly reached."""


class Usage(msgspec.Struct):
    """What programs of this person have of inotify."""

    instances: int = 0
    watches: int = 0


def look(case: Case) -> Iterator[Check]:
    """Count the folders, and what other programs have taken."""
    if not sys.platform.startswith("linux"):
        return
    others = used_by_others(running(case.config.state_path))
    folders, whole = count(case.config.watch)
    wanted = folders + others.watches
    limit = _least(_WATCHES)
    yield Check(
        "inotify watches",
        _state(wanted, limit),
        f"the watched folders take {'' if whole else 'more than '}{folders:,} and other programs "
        f"{others.watches:,}; {_against(wanted, limit)}",
        _advice(wanted, limit, "max_user_watches", max(524_288, _power_above(2 * wanted)), 60),
    )
    wanted, limit = others.instances + 1, _least(_INSTANCES)
    yield Check(
        "inotify instances",
        _state(wanted, limit),
        f"other programs have {others.instances:,}, and one more is needed; {_against(wanted, limit)}",
        _advice(wanted, limit, "max_user_instances", 1_024, 61),
    )


def _state(wanted: int, limit: int) -> State:
    if wanted > limit:
        return State.WRONG
    return State.ATTENTION if wanted > limit * _TIGHT else State.FINE


def _against(wanted: int, limit: int) -> str:
    told = f"the limit is {limit:,}"
    return f"{told}, so folders are only looked through now and then" if wanted > limit else told


def _advice(wanted: int, limit: int, name: str, to: int, number: int) -> str:
    """Return the line that raises a limit, in a file of its own, where that is called for."""
    if _state(wanted, limit) is State.FINE:
        return ""
    return _TO_RAISE.format(name=name, to=to, number=number)


def count(watches: Sequence[Watch]) -> tuple[int, bool]:
    """Count the folders that are to be watched; tell whether that are all, too."""
    until = time.monotonic() + _LONGEST
    number = 0
    for watch in watches:
        if not watch.recursive:
            number += watch.root.is_dir()
            continue
        for _ in os.walk(watch.path):
            number += 1
            if number >= _MOST or time.monotonic() > until:
                return number, False
    return number, True


def used_by_others(but: int | None) -> Usage:
    """Return what this person's programs use, but for one process. Others' are not to be seen."""
    usage = Usage()
    own = os.getuid()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if process.stat().st_uid != own or process.name == str(but):
                continue
            for descriptor in os.listdir(process / "fd"):
                if os.readlink(process / "fd" / descriptor) == "anon_inode:inotify":
                    usage.instances += 1
                    told = (process / "fdinfo" / descriptor).read_text()
                    usage.watches += told.count("inotify wd:")
        except OSError:
            continue  # it ended, or may not be looked into
    return usage


def _least(paths: Sequence[str]) -> int:
    """Return the lowest of some limits, passing over what this kernel does not have."""
    found = []
    for path in paths:
        try:
            found.append(int(Path(path).read_text()))
        except FileNotFoundError:
            continue
    return min(found)


def _power_above(number: int) -> int:
    """Return the next power of two."""
    return 1 << number.bit_length()
