"""The daemon: whether it runs, which one it is, and whether the session starts it."""

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
from unexposed_service import KINDS, OWN, Service, ServiceError, Standing, describe

_INSTALL: Final = "unexposed service install"
_TROUBLED: Final = {
    "polled": "it is only looked through now and then, as a limit of inotify is reached",
    "unreadable": "it cannot be read",
    "excluded": "it lies in the outbox or in state_dir, and is left alone",
}
"""State of a folder in the heartbeat -> what it means."""


def look(case: Case) -> Iterator[Check]:
    """Look at the daemon itself, and at what starts it."""
    yield from _daemon(case)
    service = KINDS[OWN](lambda _: None)
    try:
        yield _service(case, service)
    except ServiceError as problem:
        yield Check("service", State.UNKNOWN, str(problem))


def _daemon(case: Case) -> Iterator[Check]:
    state = case.config.state_path
    beat = heartbeat(state)
    if beat is None:
        yield Check(
            "daemon", State.ATTENTION, "none runs", f"`{_INSTALL}`, or `unexposed run` by hand"
        )
        return
    since = datetime.fromtimestamp(beat.started).astimezone()
    told = f"it runs since {since:%Y-%m-%d %H:%M} (process {beat.pid})"
    if beat.version != __version__:
        what = f"{told}, and is version {beat.version or 'unknown'}, while this is {__version__}"
        yield Check("daemon", State.WRONG, what, "`unexposed service restart`")
        return
    with closing(Ledger(state, read_only=True)) as ledger:
        until = paused_until(ledger)
    if until > time.time():
        when = datetime.fromtimestamp(until).astimezone()
        what = f"{told}, and is paused until {when:%Y-%m-%d %H:%M}"
        yield Check("daemon", State.ATTENTION, what, "`unexposed resume`")
    else:
        yield Check("daemon", State.FINE, f"{told}, version {beat.version}")
    for path, is_ in beat.folders:
        if is_ in _TROUBLED:
            yield Check("daemon", State.ATTENTION, f"of {path} it says: {_TROUBLED[is_]}")
    watched = tuple(one.path for one in case.config.watch)
    if tuple(path for path, _ in beat.folders) != watched:
        what = "the daemon watches other folders than this configuration names"
        advice = "`unexposed service restart`; or name its file: `unexposed doctor --config FILE`"
        yield Check("daemon", State.ATTENTION, what, advice)


def _service(case: Case, service: Service) -> Check:
    standing = service.standing(describe(case.config, case.file))
    if standing is Standing.ABSENT:
        what = f"it is not installed ({OWN}): nothing starts with your session"
        return Check("service", State.ATTENTION, what, f"`{_INSTALL}`")
    status = service.status()
    if not status.running:
        advice = "`unexposed service logs` tells why, `unexposed service start` starts it"
        return Check("service", State.WRONG, f"it is installed and {status.text}", advice)
    if standing is Standing.OUTDATED:
        what = f"{status.text}; it is defined otherwise than this configuration and version would"
        return Check("service", State.ATTENTION, what, f"`{_INSTALL}` brings it up to date")
    if standing is Standing.UNCONFINED:
        what = f"{status.text}; without a room of its own, which this system did not let it have"
        advice = f"docs/security.md tells what that means; `{_INSTALL}` tries again"
        return Check("service", State.ATTENTION, what, advice)
    return Check("service", State.FINE, f"{status.text}; {OWN}")
