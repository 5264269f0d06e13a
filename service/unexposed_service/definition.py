"""The configuration -> what a service manager has to know to run the daemon."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from unexposed.config import Config, default_path
from unexposed.config.reading import VARIABLE
from unexposed.spawn import NETWORKS_MB

# Variables that decide which folders are used where the configuration names none. They may be
# set in a shell only, and the daemon is to use the same folders as the commands given there.
_VARIABLES = (
    "XDG_CONFIG_HOME",
    "XDG_STATE_HOME",
    "XDG_DESKTOP_DIR",
    "XDG_DOCUMENTS_DIR",
    "XDG_DOWNLOAD_DIR",
    "XDG_PICTURES_DIR",
)
_BESIDE_THE_WORKER = 256
"""MiB that the daemon takes at most beside its workers."""
_SEARCHING = 2
"""Workers that search pictures, beside each other: one looks at what is out, one covers."""


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """How the daemon is run. Texts may hold, as surrogates, bytes that are not UTF-8."""

    command: tuple[str, ...]
    """The program by its absolute path, and its arguments."""
    environment: tuple[tuple[str, str], ...] = ()
    state: str
    """Folder for what the daemon writes down, absolute."""
    writable: tuple[str, ...] = ()
    """Folders that the daemon writes into, absolute."""
    watched: tuple[str, ...] = ()
    """Folders that the daemon reads from, absolute."""
    made: tuple[str, ...] = ()
    """Those of them that are made where they are missing."""
    memory_mb: int
    """MiB above which the daemon and its workers are to be slowed down."""


def logging_into(definition: Definition, name: str) -> tuple[str, ...]:
    """Return the command with a log of its own in the state folder, for managers that keep none."""
    return (*definition.command, "--log-file", os.path.join(definition.state, name))


def describe(config: Config, config_file: Path | None = None) -> Definition:
    """Return the definition for a configuration; `config_file` is where it was asked to come from.

    A file at its usual place is not written into the definition: the daemon finds it by
    itself, also when it comes later, and goes without when it is removed.
    """
    command = [*program(), "run"]
    if config_file is not None or os.environ.get(VARIABLE):
        command += ["--config", os.path.abspath(config_file or default_path())]
    searching = _SEARCHING * NETWORKS_MB if config.vision.enabled else 0
    return Definition(
        command=tuple(command),
        environment=_environment(os.environ),
        state=config.state_dir,
        writable=(config.outbox, config.state_dir),
        watched=tuple(one.path for one in config.watch),
        made=tuple(one.path for one in config.watch if one.create),
        memory_mb=config.worker.memory_mb + searching + _BESIDE_THE_WORKER,
    )


def program() -> tuple[str, ...]:
    """Return the words that run this very installation of unexposed.

    The script of that name belongs to it for certain only in a virtual environment,
    which is what pipx makes.
    """
    script = Path(sys.executable).with_name("unexposed")
    if sys.prefix != sys.base_prefix and os.access(script, os.X_OK):
        return (str(script),)
    return (sys.executable, "-P", "-m", "unexposed")


def _environment(variables: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, variables[name]) for name in _VARIABLES if variables.get(name))
