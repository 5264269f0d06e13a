"""All the looks, one after the other; a fault in one never ends the rest."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from unexposed.config import Config, default_path, find, load
from unexposed.doctor import (
    clock,
    daemon,
    folders,
    inotify,
    language,
    ledger,
    notifications,
    opener,
    outbox,
    parts,
    sandbox,
    service,
    space,
    worker,
)
from unexposed.doctor.check import Case, Check, Look, State
from unexposed.errors import UnexposedError

_NAME: Final = "configuration"
_OF_THE_CONFIGURATION: Final[tuple[tuple[str, Look], ...]] = (
    ("watched folder", folders.look),
    ("outbox", outbox.look),
    ("free space", space.look),
    ("ledger", ledger.look),
    ("inotify", inotify.look),
    ("notifications", notifications.look),
    ("daemon", daemon.look),
    ("sandbox", sandbox.look),
    ("service", service.look),
    ("worker", worker.look),
    ("clock", clock.look),
)
_OF_THE_MACHINE: Final[tuple[tuple[str, Look], ...]] = (
    ("optional parts", parts.look),
    ("language", language.look),
    ("desktop", opener.look),
)


def examine(file: Path | None = None, *, notify: bool = True) -> Iterator[Check]:
    """Look at everything and yield what was found, as it is found.

    `file` is where the configuration is asked to come from.
    """
    try:
        config = load(file)
    except UnexposedError as problem:
        yield Check(_NAME, State.WRONG, str(problem), "mend what is named")
        for name, _ in _OF_THE_CONFIGURATION:
            yield Check(name, State.UNKNOWN, "the configuration has to be right first")
        case = Case(config=Config(), file=file, notify=False)
        looks = _OF_THE_MACHINE
    else:
        case = Case(config=config, file=file, notify=notify)
        looks = ((_NAME, _configuration), *_OF_THE_CONFIGURATION, *_OF_THE_MACHINE)
    for name, look in looks:
        yield from guarded(name, look, case)


def guarded(name: str, look: Look, case: Case) -> Iterator[Check]:
    """Yield what a look finds; whatever it raises is told as something that is not known."""
    try:
        yield from look(case)
    except Exception as problem:
        expected = isinstance(problem, UnexposedError | OSError)
        said = f"{problem}" if expected else f"{type(problem).__name__}: {problem}"
        advice = "" if expected else "please report this"
        yield Check(name, State.UNKNOWN, f"it could not be looked at ({said})", advice)


def _configuration(case: Case) -> Iterator[Check]:
    """Tell of a configuration that is right."""
    source = case.file or find()
    if source is None:
        said = f"there is no {default_path()}; the defaults hold"
        yield Check(_NAME, State.FINE, said, "`unexposed init` asks what you want")
    elif case.config.home is not None and source.stat().st_mode & 0o077:
        what = f"{source} is right, but others may read in it where your home is"
        yield Check(_NAME, State.ATTENTION, what, f"chmod 600 {shlex.quote(str(source))}")
    else:
        yield Check(_NAME, State.FINE, f"{source} is right")
