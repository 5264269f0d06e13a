"""The watched folders: there, readable, heard of, and each with one rule."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from unexposed.config import Config, Watch
from unexposed.doctor.check import Case, Check, State, standing
from unexposed.doctor.mounts import FAR, kind_of
from unexposed.errors import reason_of

_Found: TypeAlias = tuple[State, str, str]
"""How a folder is, and what to do."""


def look(case: Case) -> Iterator[Check]:
    """Look at each."""
    seen: dict[tuple[int, int], Watch] = {}
    for watch in case.config.watch:
        state, what, advice = _look(watch, case.config, seen)
        yield Check("watched folder", state, f"{watch.path}: {what}", advice)


def _look(watch: Watch, config: Config, seen: dict[tuple[int, int], Watch]) -> _Found:
    try:
        found = os.stat(os.path.join(watch.path, ""))
        with os.scandir(watch.path) as entries:
            next(entries, None)
    except FileNotFoundError:
        return _missing(watch)
    except NotADirectoryError:
        what = "it is a file, not a folder, or lies in one"
        return State.WRONG, what, "name a folder in the configuration"
    except OSError as problem:
        what = f"it cannot be read: {reason_of(problem)}"
        return State.WRONG, what, f"chmod u+rx {shlex.quote(watch.path)}"
    other = seen.setdefault((found.st_dev, found.st_ino), watch)
    if other is not watch:
        what = f"it is the very folder {other.path}, so one of them is passed over"
        return State.ATTENTION, what, "take one out of the configuration"
    if (kind := kind_of(watch.root)) in FAR:
        seconds = config.watching.rescan_seconds
        what = f"it is on {kind}: what other machines put there is seen every {seconds:g} seconds"
        return (
            State.ATTENTION,
            what,
            "set a shorter rescan_seconds in [watching] if that is too long",
        )
    return State.FINE, _told(watch, config), ""


def _missing(watch: Watch) -> _Found:
    if not watch.create:
        what = "it is not there; as soon as it is, it is watched"
        return State.ATTENTION, what, f"mkdir -p {shlex.quote(watch.path)}"
    above = standing(watch.root)
    if os.access(above, os.W_OK | os.X_OK):
        return State.FINE, "it is not there yet and will be made", ""
    what = f"it is not there and cannot be made, as nothing can be written into {above}"
    return State.WRONG, what, "make it, or name another folder"


def _told(watch: Watch, config: Config) -> str:
    told = f"policy {watch.policy}"
    deepest = max(
        (one for one in config.watch if _lies_in(watch.root, one.root)),
        key=lambda one: len(one.path),
        default=None,
    )
    if deepest is not None:
        told += f"; it lies in {deepest.path}, and its own rules hold in it"
    if _lies_in(config.outbox_path, watch.root):
        told += "; the outbox in it is passed over"
    return told


def _lies_in(inner: Path, outer: Path) -> bool:
    first, second = os.path.realpath(inner), os.path.realpath(outer)
    return first != second and Path(first).is_relative_to(second)
