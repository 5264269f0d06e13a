"""The clock: a sane year, and nothing in the ledger that is still to come."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import Final

from unexposed.doctor.check import Case, Check, State
from unexposed.ledger import Ledger
from unexposed.presence import heartbeat

_NAME: Final = "clock"
_YEARS: Final = range(2025, 2100)
_SLACK: Final = 60.0
"""Seconds that the clock may have been set back without a word."""
_ADVICE: Final = "set it: timedatectl set-ntp true"


def look(case: Case) -> Iterator[Check]:
    """Compare the clock with the newest time that was written down."""
    now = time.time()
    said = datetime.fromtimestamp(now).astimezone()
    told = f"{said:%Y-%m-%d %H:%M %Z}"
    if said.year not in _YEARS:
        yield Check(_NAME, State.WRONG, f"it says {told}", _ADVICE)
        return
    state = case.config.state_path
    with closing(Ledger(state, read_only=True)) as ledger:
        last = ledger.history(1)
    newest = last[0].finished_at or 0.0 if last else 0.0
    beat = heartbeat(state)
    newest = max(newest, beat.started if beat else 0.0)
    if newest > now + _SLACK:
        when = datetime.fromtimestamp(newest).astimezone()
        what = f"it says {told}, but something was done at {when:%Y-%m-%d %H:%M} already"
        yield Check(_NAME, State.ATTENTION, what, _ADVICE)
    else:
        yield Check(_NAME, State.FINE, told)
