"""What the buttons of a notification do."""

from __future__ import annotations

import logging
import os
import shutil
import sys
from pathlib import Path
from typing import Final

from jeepney import DBusAddress

from unexposed.notify.bus import Bus, BusError
from unexposed.notify.buttons import COPY, SHOW
from unexposed.notify.message import Message
from unexposed.opening import OpeningError, launch, open_path

log = logging.getLogger(__name__)

_FILE_MANAGER: Final = DBusAddress(
    "/org/freedesktop/FileManager1", "org.freedesktop.FileManager1", "org.freedesktop.FileManager1"
)
_CLIPBOARDS: Final = (
    ("WAYLAND_DISPLAY", ("wl-copy", "--type", "text/uri-list")),
    ("DISPLAY", ("xclip", "-selection", "clipboard", "-t", "text/uri-list")),
)
"""Variable that tells of a screen -> the program that puts a list of files on its clipboard."""

_IN_FINDER: Final = ("open", "-R")
_ON_PASTEBOARD: Final = (
    "osascript",
    "-e",
    "on run argv",
    "-e",
    "set the clipboard to (POSIX file (item 1 of argv))",
    "-e",
    "end run",
)
"""What macOS has for it; the path comes last. Sources: open(1) and osascript(1) of macOS; Apple's
AppleScript Language Guide, "set the clipboard to"."""


class Actions:
    """Does what buttons say; `config` is the configuration file that the daemon was given."""

    def __init__(self, config: Path | None) -> None:
        self._config = config

    def __call__(self, key: str, message: Message) -> None:
        """Do what the button with this key says. What goes wrong is logged."""
        try:
            if key == SHOW:
                show_in_folder(message.copy)
            elif key == COPY:
                copy_file(message.copy)
            else:
                self._details(message.source)
        except OpeningError as problem:
            log.warning("a button of a notification could not do its work: %s", problem)

    def _details(self, source: str) -> None:
        """Show the page about a file, or about all."""
        config = ("--config", str(self._config)) if self._config else ()
        files = ("--", source) if source else ()
        launch([sys.executable, "-P", "-m", "unexposed", "report", *config, *files])


def show_in_folder(path: str) -> None:
    """Have the file manager show a file among its neighbours. Raises OpeningError."""
    if _is_mac():
        launch([*_IN_FINDER, path])
        return
    try:
        bus = Bus(lambda *_: None)
        try:
            bus.call(_FILE_MANAGER, "ShowItems", "ass", [Path(path).as_uri()], "")
        finally:
            bus.close()
    except BusError:
        open_path(os.path.dirname(path))


def can_copy() -> bool:
    """Whether there is a clipboard that takes a file."""
    return _is_mac() or _clipboard() is not None


def copy_file(path: str) -> None:
    """Put a file on the clipboard, to be pasted where files are taken. Raises OpeningError."""
    if _is_mac():
        launch([*_ON_PASTEBOARD, path])
        return
    if (command := _clipboard()) is None:
        raise OpeningError("no clipboard takes a file: wl-copy or xclip would")
    launch(command, f"{Path(path).as_uri()}\r\n".encode())


def _is_mac() -> bool:
    return sys.platform == "darwin"


def _clipboard() -> tuple[str, ...] | None:
    for variable, command in _CLIPBOARDS:
        if os.environ.get(variable) and shutil.which(command[0]):
            return command
    return None
