"""The program by which files and folders are opened for a person."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from unexposed.doctor.check import Case, Check, State
from unexposed.opening import OPENER


def look(_: Case) -> Iterator[Check]:
    """Look for it."""
    found = shutil.which(OPENER)
    if found is None:
        what = f"{OPENER} is not installed, so the buttons of notifications open nothing"
        yield Check("desktop", State.ATTENTION, what, "install xdg-utils")
    else:
        yield Check("desktop", State.FINE, f"{found} opens reports and folders")
