"""The folders that are used where a configuration names none."""

from __future__ import annotations

import configparser
import gettext
import glob
import os
import struct
import subprocess
import sys
import urllib.parse
from collections.abc import Callable, Sequence
from pathlib import Path

import platformdirs

from unexposed.config.paths import home, plain
from unexposed.config.settings import Watch

Ask = Callable[[str], str]
"""Looks up a key of macOS's screenshot settings; "" when it is not set."""

# How names of screenshots begin, in the languages of macOS and KDE. Letters that
# Unicode can spell in two ways, and apostrophes, are left to `*`.
SCREENSHOT_NAMES = (
    "Screenshot*",
    "Screen Shot*",
    "Bildschirmfoto*",
    "Capture d*",
    "Captura d*",
    "Schermata*",
    "Istantanea*",
    "Schermafbeelding*",
    "Sk*rmavbild*",
    "Sk*rmbillede*",
    "Skjermbilde*",
    "N*ytt*kuva*",
    "Zrzut ekranu*",
    "Sn*mek obrazovky*",
    "K*perny*fot*",
    "Ekran *",
    "Снимок экрана*",
    "Зн*мок екрана*",
    "スクリーンショット*",
    "스크린샷*",
    "截屏*",
    "截圖*",
    "屏幕快照*",
    "螢幕快照*",
)
# Where Linux distributions put the translations of programs.
_LOCALES = ("/usr/share/locale", "/usr/share/locale-langpack", "/usr/local/share/locale")
# Groups and keys of spectaclerc that name the folder, the newest first.
# Source: KDE/spectacle, src/Gui/SettingsDialog/spectacle.kcfg, over its history.
_SPECTACLE = (
    ("ImageSave", "imageSaveLocation"),
    ("Save", "defaultSaveLocation"),
    ("General", "default-save-location"),
)
_MACOS_SECONDS = 5.0


def config_file() -> Path:
    """Return where the configuration file is looked for by default."""
    home()
    return platformdirs.user_config_path("unexposed") / "config.toml"


def state_dir() -> Path:
    """Return the default folder for the ledger."""
    home()
    return plain(platformdirs.user_state_path("unexposed"))


def outbox() -> Path:
    """Return the default outbox."""
    return _pictures() / "Unexposed"


def default_watches(
    *,
    platform: str = sys.platform,
    ask: Ask | None = None,
    locales: Sequence[str] = _LOCALES,
) -> tuple[Watch, ...]:
    """Return the folders that are watched without a configuration.

    These are Downloads and the platform's place for screenshots, both with the
    policy "metadata", and "To Share" in the home folder with "strict".
    Folders that do not exist yet are among them. Screenshots that go to one of
    the other two get no watch of their own.
    """
    downloads = _own_folder(platformdirs.user_downloads_path(), "Downloads")
    share = home() / "To Share"
    taken = {downloads, share}
    screenshots = []
    for folder, include in _screenshots(platform, ask or _ask_macos, locales):
        if folder not in taken:
            taken.add(folder)
            screenshots.append(Watch(path=str(folder), recursive=not include, include=include))
    return (
        Watch(path=str(downloads)),
        *screenshots,
        Watch(path=str(share), policy="strict", names="scrub", create=True),
    )


def _screenshots(
    platform: str, ask: Ask, locales: Sequence[str]
) -> list[tuple[Path, tuple[str, ...]]]:
    """List folders for screenshots; with patterns where other files lie beside them."""
    names: tuple[str, ...] = SCREENSHOT_NAMES
    if platform == "darwin":
        found = [_macos_folder(ask)]
        if own := ask("name"):
            names = (f"{glob.escape(own)}*", *names)
    elif platform == "win32":
        found = [_pictures() / "Screenshots"]
    else:
        found = _linux_folders(locales)
    shared = {home(), _pictures(), plain(platformdirs.user_desktop_path())}
    shared |= {plain(platformdirs.user_documents_path()), home() / "Desktop"}
    return [(folder, names if folder in shared else ()) for folder in found]


def _linux_folders(locales: Sequence[str]) -> list[Path]:
    """List the folder that Spectacle is set to, and GNOME's, translated or not, if they exist.

    Without any of them the translated one, which GNOME and Spectacle both
    make with the first screenshot.
    """
    translated = _pictures() / _gnome_name(locales)
    existing = [each for each in (translated, _pictures() / "Screenshots") if each.is_dir()]
    spectacle = _spectacle_folder()
    if spectacle is not None:
        return [spectacle, *existing]
    return existing or [translated]


def _gnome_name(locales: Sequence[str]) -> str:
    """Return GNOME's name for its screenshot folder, in the person's language.

    Source: GNOME/gnome-shell, js/ui/screenshot.js: the translation of "Screenshots".
    """
    for locale in locales:
        try:
            name = gettext.translation("gnome-shell", locale).gettext("Screenshots")
        except (OSError, ValueError, LookupError, struct.error):  # none here, or damaged
            continue
        if name not in {"", ".", ".."} and "/" not in name:
            return name
    return "Screenshots"


def _spectacle_folder() -> Path | None:
    """Return the folder that KDE's Spectacle was set to, or None when it was not."""
    rc = configparser.RawConfigParser(delimiters=("=",), strict=False, allow_no_value=True)
    try:
        rc.read(platformdirs.user_config_path() / "spectaclerc", encoding="utf-8")
    except (configparser.Error, OSError, ValueError):
        return None
    for group, key in _SPECTACLE:
        # KConfig marks a value that holds variables with [$e] behind its key.
        marked = rc.get(group, f"{key}[$e]", fallback=None)
        value = os.path.expandvars(marked) if marked else rc.get(group, key, fallback=None)
        if value and (folder := _local(value)):
            return folder
    translated = rc.get("ImageSave", "translatedScreenshotsFolder", fallback=None)
    return _pictures() / translated if translated and "/" not in translated else None


def _local(url: str) -> Path | None:
    """Turn a file URL, or a path, into a path; None for other places."""
    parts = urllib.parse.urlsplit(url)
    path = urllib.parse.unquote(parts.path) if parts.scheme == "file" else url
    return plain(path) if path.startswith("/") and "\0" not in path else None


def _macos_folder(ask: Ask) -> Path:
    """Return the set folder if it exists, else the Desktop, as macOS itself does."""
    folder = Path(os.path.expanduser(ask("location")))
    return plain(folder) if folder.is_absolute() and folder.is_dir() else home() / "Desktop"


def _ask_macos(key: str) -> str:
    command = ("/usr/bin/defaults", "read", "com.apple.screencapture", key)
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_MACOS_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError, ValueError):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _pictures() -> Path:
    return _own_folder(platformdirs.user_pictures_path(), "Pictures")


def _own_folder(folder: Path, name: str) -> Path:
    """Return a folder, but one in the home folder where XDG says the home folder itself.

    That is how xdg-user-dirs writes that a kind of folder is switched off.
    """
    folder = plain(folder)
    return home() / name if home().is_relative_to(folder) else folder
