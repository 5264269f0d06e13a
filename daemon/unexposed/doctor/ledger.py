"""The ledger: it opens, nothing in it is damaged, and nobody else reads it."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Iterator
from typing import Final

from unexposed.doctor.check import Case, Check, State
from unexposed.ledger import FILE_NAME, Ledger, LedgerError

_NAME: Final = "ledger"
_LARGE: Final = 1_000_000_000


def look(case: Case) -> Iterator[Check]:
    """Open it to read, and have SQLite look it through."""
    path = case.config.state_path / FILE_NAME
    if not path.exists():
        yield Check(_NAME, State.FINE, f"{path} is not there yet and will be made")
        return
    try:
        with contextlib.closing(Ledger(case.config.state_path, read_only=True)) as ledger:
            damage = ledger.damage()
            files = sum(ledger.counts().values())
    except LedgerError as problem:
        yield Check(_NAME, State.WRONG, str(problem), "stop the daemon before you mend it")
        return
    size = path.stat().st_size
    told = f"{path}: {files:,} files, {size / 1e6:,.1f} MB"
    if damage:
        what = f"{path} is damaged: {damage[0]}"
        advice = "stop the daemon and move the ledger away; a new one forgets what is done"
        yield Check(_NAME, State.WRONG, what, advice)
    elif path.stat().st_mode & 0o077:
        what = f"{told}; others may read in it what your pictures told"
        yield Check(_NAME, State.ATTENTION, what, f"chmod 600 {shlex.quote(str(path))}")
    elif size > _LARGE:
        yield Check(_NAME, State.ATTENTION, told, "it is unusually large; please report this")
    else:
        yield Check(_NAME, State.FINE, told)
