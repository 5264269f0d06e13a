"""The desktop's own autostart, for Linux without systemd: nothing watches over the daemon there.

Sources: the Desktop Application Autostart Specification 0.5; the Desktop Entry Specification 1.5,
"Basic format of the file" and "The Exec key".
"""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import platformdirs

from unexposed.presence import running, tell
from unexposed_service import files
from unexposed_service.commands import Run, run
from unexposed_service.definition import Definition, logging_into
from unexposed_service.interface import Say, ServiceError, Standing, Status

_TEMPLATE = "unexposed.desktop.in"
_ENTRY = "unexposed.desktop"
_LOG_NAME = "service.log"
_PLAIN = re.compile(r"[\w/.:=,+-]+", re.ASCII)
_STATE = re.compile(r"^X-Unexposed-State=(.*)$", re.MULTILINE)
_EXEC = re.compile(r"^Exec=(.*)$", re.MULTILINE)
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s"]+)', re.DOTALL)
_QUOTED = re.compile(r"\\(.)", re.DOTALL)
_IN_STRINGS = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_FROM_STRINGS = re.compile(r"\\([\\nrts])")
_MEANT = {"\\": "\\", "n": "\n", "r": "\r", "t": "\t", "s": " "}
_PATIENCE = 10.0
"""Seconds that a daemon gets to start, or to end."""
_PULSE = 0.1


class Autostart:
    """An entry that the desktop starts with the session. See `Service`."""

    def __init__(
        self, say: Say, run: Run = run, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._say = say
        self._run = run
        self._sleep = sleep

    @property
    def path(self) -> Path:
        """Where the entry belongs."""
        return platformdirs.user_config_path() / "autostart" / _ENTRY

    def show(self, definition: Definition) -> str:
        """Return the text of the entry."""
        assigned = tuple(f"{name}={value}" for name, value in definition.environment)
        command = logging_into(definition, _LOG_NAME)
        if assigned:
            command = ("env", *assigned, *command)
        return files.filled(
            _TEMPLATE,
            {
                "COMMAND": " ".join(map(quoted, command)),
                "STATE": _in_a_string(definition.state),
            },
        )

    def standing(self, definition: Definition) -> Standing:
        """Compare the file with what would be written."""
        return files.compared(files.read(self.path), self.show(definition))

    def install(self, definition: Definition) -> None:
        """Write the entry and start the daemon; one that runs is started anew if that changed."""
        text = self.show(definition)
        changed = files.read(self.path) != text
        if changed:
            files.make_folder(Path(definition.state))
            files.write(self.path, text)
            self._say(f"wrote {self.path}: it starts with your session")
        if changed and self.status().running:
            self.stop()
        self.start()

    def uninstall(self) -> None:
        """Stop the daemon and remove the entry."""
        if files.read(self.path) is None:
            self._say("it is not installed")
            return
        self.stop()
        files.remove(self.path)
        self._say(f"removed {self.path}; your settings, clean copies and history stay")

    def start(self) -> None:
        """Start the daemon as the desktop would, and wait until it runs."""
        state = self._state()
        if self.status().running:
            self._say(f"it is up already: {self.status().text}")
            return
        pid = _spawned(_words(_EXEC, self._entry()), state / _LOG_NAME)
        for _ in range(round(_PATIENCE / _PULSE)):
            if os.waitpid(pid, os.WNOHANG) != (0, 0):
                break
            if self.status().running:
                self._say(self.status().text)
                return
            self._sleep(_PULSE)
        raise ServiceError("the daemon did not start; `unexposed service logs` tells why")

    def stop(self) -> None:
        """Ask the daemon to end, and wait until it did."""
        state = self._state()
        asked: int | None = None
        for _ in range(round(_PATIENCE / _PULSE)):
            pid = running(state)
            if pid is None:
                break
            if pid != asked:
                asked = tell(state, signal.SIGTERM)
            self._sleep(_PULSE)
        else:
            raise ServiceError(f"the daemon (process {asked or 'unknown'}) does not end")
        self._say("stopped")

    def restart(self) -> None:
        """Stop the daemon and start it again."""
        self.stop()
        self.start()

    def status(self) -> Status:
        """Tell whether a daemon runs."""
        if files.read(self.path) is None:
            return Status(False, "not running (not installed)")
        pid = running(self._state())
        return Status(pid is not None, f"running (process {pid})" if pid else "not running")

    def logs(self, lines: int, *, follow: bool) -> None:
        """Show the lines of the file that the daemon writes to."""
        log = self._state() / _LOG_NAME
        if not log.exists():
            raise ServiceError(f"nothing was written to {log} yet")
        self._run(("tail", "-n", str(lines), *(["-F"] if follow else []), str(log)), show=True)

    def _entry(self) -> str:
        text = files.read(self.path)
        if text is None:
            raise ServiceError("it is not installed; `unexposed service install` does that")
        return text

    def _state(self) -> Path:
        found = _STATE.search(self._entry())
        if found is None:
            raise ServiceError(
                f"{self.path} cannot be read; `unexposed service install` writes it anew"
            )
        return Path(_from_a_string(found[1]))


def quoted(word: str) -> str:
    """Write a word of a command as desktops read it back: quoted, and then as a string.

    Raises ServiceError for what is not UTF-8, which such a file has to be.
    """
    try:
        word.encode()
    except UnicodeEncodeError as problem:
        raise ServiceError(
            f"a desktop cannot be given {word!r}, which is not UTF-8; give it another name"
        ) from problem
    word = word.replace("%", "%%")
    if _PLAIN.fullmatch(word):
        return word
    inner = re.sub(r'(["`$\\])', r"\\\1", word)
    return _in_a_string(f'"{inner}"')


def _words(line: re.Pattern[str], entry: str) -> list[str]:
    """Return the words of a command, as a desktop would take them from an entry."""
    found = line.search(entry)
    text = "" if found is None else _from_a_string(found[1]).replace("%%", "%")
    words = _WORD.finditer(text)
    return [_QUOTED.sub(r"\1", one[1]) if one[1] is not None else one[2] for one in words]


def _in_a_string(text: str) -> str:
    return "".join(_IN_STRINGS.get(one, one) for one in text)


def _from_a_string(text: str) -> str:
    return _FROM_STRINGS.sub(lambda found: _MEANT[found[1]], text)


def _spawned(words: list[str], log: Path) -> int:
    """Start a program in a session of its own, and let go of it; return its process.

    Raises ServiceError.
    """
    appending = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    try:
        return os.posix_spawnp(
            words[0],
            words,
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, str(log), appending, 0o600),
                (os.POSIX_SPAWN_DUP2, 1, 2),
            ],
            setsid=True,
        )
    except OSError as problem:
        raise ServiceError(f"the daemon cannot be started: {problem.strerror}") from problem
