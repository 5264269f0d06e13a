"""launchd of macOS: an agent in the person's own folder. It has not been run on a Mac yet."""

from __future__ import annotations

import os
import plistlib
import re
import time
from collections.abc import Callable
from pathlib import Path
from xml.parsers.expat import ExpatError

from unexposed_service import files
from unexposed_service.commands import Ran, Run, run
from unexposed_service.definition import Definition, logging_into
from unexposed_service.interface import Say, ServiceError, Standing, Status

LABEL = "org.unexposed.daemon"

_TEMPLATE = f"{LABEL}.plist.in"
_LOG_NAME = "service.log"
_INDENT = "\n        "
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# What `launchctl print` says of an agent, one of these a line.
_STATE = re.compile(r"^\s*state = (.+)$", re.MULTILINE)
_PID = re.compile(r"^\s*pid = (\d+)$", re.MULTILINE)
_LAST_EXIT = re.compile(r"^\s*last exit code = (.+)$", re.MULTILINE)

_LETTING_GO = 50
"""Looks at whether launchd has let go of an agent, a tenth of a second apart."""


class Launchd:
    """The launchd of the person's own session. See `Service`."""

    def __init__(
        self, say: Say, run: Run = run, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._say = say
        self._run = run
        self._sleep = sleep
        self._domain = f"gui/{os.getuid()}"
        self._target = f"{self._domain}/{LABEL}"

    @property
    def path(self) -> Path:
        """Where the agent's definition belongs."""
        return Path.home() / "Library" / "LaunchAgents" / f"{LABEL}.plist"

    def show(self, definition: Definition) -> str:
        """Return the text of the agent's definition."""
        variables = (
            f"<key>{_escaped(name)}</key>{_INDENT}<string>{_escaped(value)}</string>"
            for name, value in definition.environment
        )
        command = logging_into(definition, _LOG_NAME)
        return files.filled(
            _TEMPLATE,
            {
                "COMMAND": _INDENT.join(f"<string>{_escaped(word)}</string>" for word in command),
                "ENVIRONMENT": _INDENT.join(variables),
                "LOG": _escaped(os.path.join(definition.state, _LOG_NAME)),
            },
        )

    def standing(self, definition: Definition) -> Standing:
        """Compare the file with what would be written."""
        return files.compared(files.read(self.path), self.show(definition))

    def install(self, definition: Definition) -> None:
        """Write the agent and load it, which starts it; what is up already stays up if nothing changed."""
        text = self.show(definition)
        loaded = self._print() is not None
        changed = files.read(self.path) != text
        if changed:
            files.make_folder(Path(definition.state))  # launchd makes the log, but no folder for it
            files.write(self.path, text)
            self._say(f"wrote {self.path}")
        if loaded and changed:
            self._let_go()
        self.start()

    def uninstall(self) -> None:
        """Unload the agent, which stops it, and remove its definition."""
        loaded = self._print() is not None
        if not loaded and not os.path.lexists(self.path):
            self._say("it is not installed")
            return
        if loaded:
            self._let_go()
        self._say("stopped and disabled")
        files.remove(self.path)
        self._say(f"removed {self.path}; your settings, clean copies and history stay")

    def start(self) -> None:
        """Load the agent, which starts it; start it again where it was loaded and ended."""
        self._require_installed()
        if self.status().running:
            self._say(f"it is up already: {self.status().text}")
            return
        self._launchctl("enable", self._target)
        if self._print() is None:
            self._launchctl("bootstrap", self._domain, str(self.path))
        else:
            self._launchctl("kickstart", self._target)
        self._say("enabled: it starts now, and with your session")

    def stop(self) -> None:
        """Unload the agent, which stops it; the next session loads it again."""
        self._require_installed()
        if self._print() is not None:
            self._let_go()
        self._say("stopped")

    def restart(self) -> None:
        """Unload the agent and load it again."""
        self.stop()
        self.start()

    def status(self) -> Status:
        """Tell what launchd knows of the agent."""
        printed = self._print()
        if printed is None:
            installed = os.path.lexists(self.path)
            return Status(False, f"not running ({'not loaded' if installed else 'not installed'})")
        if (pid := _PID.search(printed)) is not None:
            return Status(True, f"running (process {pid[1]})")
        ended = _LAST_EXIT.search(printed)
        return Status(False, f"not running (last exit: {ended[1]})" if ended else "not running")

    def logs(self, lines: int, *, follow: bool) -> None:
        """Show the lines of the file that the daemon writes to."""
        self._require_installed()
        log = self._log()
        if not os.path.exists(log):
            raise ServiceError(f"nothing was written to {log} yet")
        self._run(("tail", "-n", str(lines), *(["-F"] if follow else []), log), show=True)

    def _let_go(self) -> None:
        """Unload the agent and wait until that is done, which launchd does not always do."""
        self._ask("bootout", self._target)
        for _ in range(_LETTING_GO):
            if self._print() is None:
                return
            self._sleep(0.1)
        raise ServiceError(f"launchd does not let go of {LABEL}; log out and in again")

    def _log(self) -> str:
        """Return where the installed agent writes to."""
        try:
            return str(plistlib.loads(self.path.read_bytes())["StandardErrorPath"])
        except (OSError, KeyError, TypeError, ValueError, ExpatError) as problem:
            raise ServiceError(
                f"{self.path} cannot be read ({problem}); `unexposed service install` writes it anew"
            ) from problem

    def _require_installed(self) -> None:
        if not os.path.lexists(self.path):
            raise ServiceError("it is not installed; `unexposed service install` does that")

    def _print(self) -> str | None:
        """Return what launchd says of the agent, or None when it has not loaded it."""
        printed = self._ask("print", self._target)
        return printed.output if printed.status == 0 else None

    def _launchctl(self, *arguments: str) -> None:
        done = self._ask(*arguments)
        if done.status != 0:
            raise ServiceError(f"launchctl {' '.join(arguments)} failed: {done.said}")

    def _ask(self, *arguments: str) -> Ran:
        return self._run(("launchctl", *arguments))


def _escaped(text: str) -> str:
    """Write a text as XML reads it back, and in plain sight. Raises ServiceError where it cannot."""
    if _NOT_IN_XML.search(text):
        raise ServiceError(f"launchd cannot be given {text!r}, as XML cannot hold it")
    return "".join(
        _ENTITIES.get(one, one if one.isprintable() else f"&#{ord(one)};") for one in text
    )
