"""The outbox: whether a copy can be put into it, tried with one of no content."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from unexposed.doctor.check import Case, Check, State, standing
from unexposed.doctor.mounts import FAR, kind_of
from unexposed.outbox import Outbox, OutboxError

_NAME: Final = "outbox"
_WITHOUT_RIGHTS: Final = frozenset({"exfat", "msdos", "vfat"})
"""File systems that keep no permissions."""


def look(case: Case) -> Iterator[Check]:
    """Put an empty file there as the daemon puts copies, and take it away."""
    root = case.config.outbox_path
    if not os.path.lexists(root):
        above = standing(root)
        if os.access(above, os.W_OK | os.X_OK):
            yield Check(_NAME, State.FINE, f"{root} is not there yet and will be made")
        else:
            what = f"{root} is not there and cannot be made in {above}"
            yield Check(_NAME, State.WRONG, what, "name another outbox in the configuration")
        return
    try:
        unnamed = _tried(root)
    except OutboxError as problem:
        yield Check(_NAME, State.WRONG, str(problem), "mend that, or name another outbox")
        return
    kind = kind_of(root)
    if kind in FAR:
        what = f"{root} is on {kind}: clean copies leave this machine at once"
        yield Check(_NAME, State.ATTENTION, what, "name another outbox if that is not meant")
    elif kind in _WITHOUT_RIGHTS:
        what = f"{root} is on {kind}, which keeps no permissions: others may read the copies"
        yield Check(_NAME, State.ATTENTION, what)
    else:
        way = "copies are made without a name" if unnamed else "copies are made under a hidden name"
        where = _elsewhere(case, root)
        yield Check(_NAME, State.FINE, f"{root} takes copies; {way}{where}")


def _tried(root: Path) -> bool:
    """Publish a hidden file of no content and remove it; tell whether it had no name before.

    Its name is one that the daemon sweeps away if this process dies in between. Raises OutboxError.
    """
    outbox = Outbox(root)
    with outbox.draft() as draft:
        name = f".unexposed-{secrets.token_hex(8)}.tmp"
        try:
            outbox.publish(draft, name, mode=0o600)
        finally:
            with contextlib.suppress(OSError):
                os.unlink(root / name)
        return draft.name is None


def _elsewhere(case: Case, root: Path) -> str:
    """Say which watched folders are on another file system, where copying costs more."""
    own = os.stat(root).st_dev
    others = [
        one.path
        for one in case.config.watch
        if one.root.is_dir() and os.stat(one.path).st_dev != own
    ]
    return (
        f"; {', '.join(others)} on another file system, so copying takes longer" if others else ""
    )
