"""The service: installed, up to date, running, and confined."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from unexposed.doctor.check import Case, Check, State
from unexposed_service import KINDS, OWN, Service, ServiceError, Standing, describe

_NAME: Final = "service"
_INSTALL: Final = "unexposed service install"


def look(case: Case) -> Iterator[Check]:
    """Ask the service manager, and compare what is installed with what would be."""
    try:
        yield _told(case, KINDS[OWN](lambda _: None))
    except ServiceError as problem:
        yield Check(_NAME, State.UNKNOWN, str(problem))


def _told(case: Case, service: Service) -> Check:
    standing = service.standing(describe(case.config, case.file))
    if standing is Standing.ABSENT:
        what = f"it is not installed ({OWN}): nothing starts with your session"
        return Check(_NAME, State.ATTENTION, what, f"`{_INSTALL}`")
    status = service.status()
    if not status.running:
        advice = "`unexposed service logs` tells why, `unexposed service start` starts it"
        return Check(_NAME, State.WRONG, f"it is installed and {status.text}", advice)
    if standing is Standing.OUTDATED:
        what = f"{status.text}; it is defined otherwise than this configuration and version would"
        return Check(_NAME, State.ATTENTION, what, f"`{_INSTALL}` brings it up to date")
    if standing is Standing.UNCONFINED:
        what = f"{status.text}; without a room of its own, which this system did not let it have"
        advice = f"docs/security.md tells what that means; `{_INSTALL}` tries again"
        return Check(_NAME, State.ATTENTION, what, advice)
    return Check(_NAME, State.FINE, f"{status.text}; {OWN}")
