"""systemd's user manager: a unit in the person's own folder."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

import platformdirs

from unexposed_service import files
from unexposed_service.commands import Ran, Run, run
from unexposed_service.definition import Definition
from unexposed_service.interface import Say, ServiceError, Standing, Status

UNIT = "unexposed.service"

_TEMPLATE = "unexposed.service.in"
_CONFINEMENT = "confinement.in"
_OF_FOLDERS = "ReadWritePaths="
"""The line of the confinement that is no matter of what the system can do."""
_PROBE = ("systemd-run", "--user", "--wait", "--quiet", "--collect")

_BACK_OFF = """\
# Again in 5 seconds, and then ever later, to 5 minutes.
RestartSteps=6
RestartMaxDelaySec=5min
"""
_BACKS_OFF = 254
"""The version of systemd that knows these lines; older ones complain of them."""

_MAKE = ("/bin/mkdir", "-p", "--")
_TEMPORARY = ("/tmp", "/var/tmp")  # noqa: S108
_BESIDE_THE_LIMIT = 512
"""MiB above the memory where the daemon is slowed down, at which it is ended."""
_SHOWN = ("LoadState", "ActiveState", "SubState", "Result", "MainPID", "StatusText")
_UP = frozenset({"active", "reloading"})
_VERSION = re.compile(r"systemd (\d+)")
_PLAIN = re.compile(r"[\w/.:=,+-]+", re.ASCII)
_ESCAPES = {'"': '\\"', "\\": "\\\\", "%": "%%"}

# Characters that systemd takes in no program's path, whether they are escaped or not.
_REFUSED = frozenset(map(chr, (*range(32), 127))) | frozenset("\"'\\")
_BY_SHELL = ("/bin/sh", "-c", 'exec "$0" "$@"')


class Systemd:
    """The person's own systemd. See `Service`."""

    def __init__(self, say: Say, run: Run = run) -> None:
        self._say = say
        self._run = run

    @property
    def path(self) -> Path:
        """Where the unit belongs."""
        return platformdirs.user_config_path() / "systemd" / "user" / UNIT

    def show(self, definition: Definition) -> str:
        """Return the text of the unit, confined as far as systemd can."""
        return self._unit(definition, _confinement(definition))

    def standing(self, definition: Definition) -> Standing:
        """Compare the unit's file with what would be written, confined or not."""
        text = files.read(self.path)
        if text is not None and text == self._unit(definition, ""):
            return Standing.UNCONFINED
        return files.compared(text, self.show(definition))

    def install(self, definition: Definition) -> None:
        """Write the unit, enable it and start it; what is up already stays up if nothing changed."""
        state = self._state()
        confinement = _confinement(definition)
        if problem := self._refusal(confinement):
            confinement = ""
            self._say(
                f"this system does not let a service have a room of its own ({problem}); it is "
                "installed without"
            )
        text = self._unit(definition, confinement)
        changed = files.read(self.path) != text
        if changed:
            files.write(self.path, text)
            self._say(f"wrote {self.path}")
        self._systemctl("daemon-reload")
        # Where this shell calls its folders otherwise, systemd has to be told where to look.
        seen = self._state()["LoadState"] != "not-found"
        self._systemctl("enable", UNIT if seen else str(self.path))
        self._say("enabled: it starts with your session")
        if changed or state["ActiveState"] not in _UP:
            self._bring_up("restart")
        else:
            self._say(f"it is up already: {self.status().text}")

    def uninstall(self) -> None:
        """Stop and disable the unit, and remove it."""
        state = self._state()
        if os.path.lexists(self.path):
            self._systemctl("disable", "--now", UNIT)
        elif state["LoadState"] != "not-found" or state["ActiveState"] != "inactive":
            self._systemctl("stop", UNIT)
        else:
            self._say("it is not installed")
            return
        self._say("stopped and disabled")
        files.remove(self.path)
        self._systemctl("daemon-reload")
        self._say(f"removed {self.path}; your settings, clean copies and history stay")

    def start(self) -> None:
        """Start the unit and wait until the daemon is ready."""
        self._require_installed()
        self._bring_up("start")

    def stop(self) -> None:
        """Stop the unit."""
        self._require_installed()
        self._systemctl("stop", UNIT)
        self._say("stopped")

    def restart(self) -> None:
        """Restart the unit and wait until the daemon is ready."""
        self._require_installed()
        self._bring_up("restart")

    def status(self) -> Status:
        """Tell what systemd knows of the unit, and what the daemon last told it."""
        state = self._state()
        running = state["ActiveState"] in _UP
        if running:
            said = state["StatusText"]
            return Status(running, f"running (process {state['MainPID']}){said and ': '}{said}")
        why = _why_not(state)
        return Status(running, f"not running ({why})" if why else "not running")

    def logs(self, lines: int, *, follow: bool) -> None:
        """Show the journal's lines."""
        command = ["journalctl", "--user-unit", UNIT, "--lines", str(lines)]
        if follow:
            command.append("--follow")
        self._run(command, show=True)

    def _refusal(self, confinement: str) -> str:
        """Return why the manager cannot confine a service like this, "" where it can.

        AppArmor of some distributions, for one, leaves nobody a user namespace of his own.
        """
        lines = (line for line in confinement.splitlines() if line and not line.startswith("#"))
        properties = (f"--property={line}" for line in lines if not line.startswith(_OF_FOLDERS))
        tried = self._run((*_PROBE, *properties, "/bin/true"))
        return "" if tried.status == 0 else tried.said or f"status {tried.status}"

    def _unit(self, definition: Definition, confinement: str) -> str:
        folders = (*definition.writable, *definition.made)
        return files.filled(
            _TEMPLATE,
            {
                "COMMAND": " ".join(map(quoted, _runnable(definition.command))),
                "MAKE_FOLDERS": " ".join(map(quoted, (*_MAKE, *folders))),
                "ENVIRONMENT": " ".join(map(_assigned, definition.environment)),
                "CONFINEMENT": confinement,
                "BACK_OFF": _BACK_OFF if self._version() >= _BACKS_OFF else "",
                "MEMORY": str(definition.memory_mb),
                "MEMORY_MAX": str(definition.memory_mb + _BESIDE_THE_LIMIT),
            },
        )

    def _version(self) -> int:
        """Return the version of this machine's systemd; where there is none, one that knows all."""
        try:
            found = _VERSION.match(self._ask("--version").output)
        except ServiceError:
            found = None
        return int(found[1]) if found else _BACKS_OFF

    def _bring_up(self, verb: str) -> None:
        try:
            self._systemctl(verb, UNIT)
        except ServiceError as problem:
            raise ServiceError(
                f"the daemon did not start: {self.status().text}; `unexposed service logs` tells why"
            ) from problem
        self._say(self.status().text)

    def _require_installed(self) -> None:
        if self._state()["LoadState"] == "not-found":
            raise ServiceError("it is not installed; `unexposed service install` does that")

    def _state(self) -> dict[str, str]:
        """Ask for the unit's properties, which can be done for one that does not exist too."""
        shown = self._ask("show", UNIT, f"--property={','.join(_SHOWN)}")
        if shown.status != 0:
            raise ServiceError(
                f"no systemd of yours answers ({shown.said}); log in as yourself, not by su or "
                "sudo, or have one run without a login: loginctl enable-linger"
            )
        lines = (line.partition("=") for line in shown.output.splitlines())
        return dict.fromkeys(_SHOWN, "") | {key: value for key, _, value in lines}

    def _systemctl(self, *arguments: str) -> None:
        done = self._ask(*arguments)
        if done.status != 0:
            raise ServiceError(f"systemctl --user {' '.join(arguments)} failed: {done.said}")

    def _ask(self, *arguments: str) -> Ran:
        return self._run(("systemctl", "--user", *arguments))


def _confinement(definition: Definition) -> str:
    used = (*definition.writable, *definition.watched, *definition.command)
    temporary = any(
        path == one or path.startswith(f"{one}/") for path in used for one in _TEMPORARY
    )
    return files.filled(
        _CONFINEMENT,
        {
            # The dash: a folder on a drive that is not there holds nothing up.
            "WRITABLE": " ".join(quoted(f"-{path}") for path in definition.writable),
            "PRIVATE_TMP": "no" if temporary else "yes",
        },
    )


def quoted(word: str) -> str:
    """Write a word as systemd reads it back, on one line and in plain sight.

    Dollar signs stay as they are: the template sees to it that they have no meaning.
    Raises ServiceError for what is not UTF-8: systemd would run it, but could not answer any
    question about it, as D-Bus carries nothing else.
    Source: systemd.syntax(7), "Quoting", and systemd.unit(5), "Specifiers".
    """
    if _PLAIN.fullmatch(word):
        return word
    try:
        return f'"{"".join(map(_escaped, word))}"'
    except UnicodeEncodeError as problem:
        raise ServiceError(
            f"systemd cannot be given {word!r}, which is not UTF-8; give it another name"
        ) from problem


def _escaped(character: str) -> str:
    if character.isprintable():
        return _ESCAPES.get(character, character)
    return "".join(f"\\x{byte:02x}" for byte in character.encode())


def _runnable(command: Sequence[str]) -> Sequence[str]:
    """Have a shell, in its own place, run a program whose path systemd would not take."""
    return (*_BY_SHELL, *command) if _REFUSED.intersection(command[0]) else command


def _assigned(variable: tuple[str, str]) -> str:
    name, value = variable
    if not value.isprintable():
        raise ServiceError(
            f"systemd cannot pass on {name}, which is {value!r}; unset it, and name the folders in "
            "the configuration"
        )
    return quoted(f"{name}={value}")


def _why_not(state: dict[str, str]) -> str:
    """Return in a word or two why the daemon is not up; empty when it just is not."""
    if state["LoadState"] != "loaded":
        return "not installed" if state["LoadState"] == "not-found" else state["LoadState"]
    if state["SubState"] == "auto-restart":
        return f"{state['Result']}, will be tried again"
    if state["ActiveState"] == "failed":
        return state["Result"]
    return "" if state["ActiveState"] == "inactive" else state["ActiveState"]
