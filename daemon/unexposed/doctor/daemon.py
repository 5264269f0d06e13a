"""The running daemon: which one it is, and what it says of its folders."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import Final

from unexposed import __version__
from unexposed.doctor.check import Case, Check, State
from unexposed.ledger import Ledger
from unexposed.presence import heartbeat, paused_until

_NAME: Final = "daemon"
_TROUBLED: Final = {
    "polled": "it is only looked through now and then, as a limit of inotify is reached",
    "unreadable": "it cannot be read",
    "excluded": "it lies in the outbox or in state_dir, and is left alone",
}
"""State of a folder in the heartbeat -> what it means."""


def look(case: Case) -> Iterator[Check]:
    """Read what it wrote down."""
    state = case.config.state_path
    beat = heartbeat(state)
    if beat is None:
        yield Check(
            _NAME,
            State.ATTENTION,
            "none runs",
            "`unexposed service install`, or `unexposed run` by hand",
        )
        return
    since = datetime.fromtimestamp(beat.started).astimezone()
    told = f"it runs since {since:%Y-%m-%d %H:%M} (process {beat.pid})"
    if beat.version != __version__:
        what = f"{told}, and is version {beat.version or 'unknown'}, while this is {__version__}"
        yield Check(_NAME, State.WRONG, what, "`unexposed service restart`")
        return
    with closing(Ledger(state, read_only=True)) as ledger:
        until = paused_until(ledger)
    if until > time.time():
        when = datetime.fromtimestamp(until).astimezone()
        what = f"{told}, and is paused until {when:%Y-%m-%d %H:%M}"
        yield Check(_NAME, State.ATTENTION, what, "`unexposed resume`")
    else:
        yield Check(_NAME, State.FINE, f"{told}, version {beat.version}")
    for path, is_ in beat.folders:
        if is_ in _TROUBLED:
            yield Check(_NAME, State.ATTENTION, f"of {path} it says: {_TROUBLED[is_]}")
    watched = tuple(one.path for one in case.config.watch)
    if tuple(path for path, _ in beat.folders) != watched:
        what = "the daemon watches other folders than this configuration names"
        advice = "`unexposed service restart`; or name its file: `unexposed doctor --config FILE`"
        yield Check(_NAME, State.ATTENTION, what, advice)
