"""Which names are taken: partial downloads, temporaries, hidden files, and a watch's patterns."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterable

from unexposed.config.settings import Watch

# Lower-case endings of files that somebody is still fetching or writing, and of
# the folders in which some browsers do so (Safari's "x.jpg.download/x.jpg").
UNFINISHED_ENDINGS = (
    ".part",  # Firefox, KDE, wget2, curl --remove-on-error
    ".partial",  # Internet Explorer, gsutil
    ".crdownload",  # Chrome, "Unconfirmed 123.crdownload"
    ".download",  # Safari, GNOME Web
    ".opdownload",  # Opera
    ".tmp",
    ".temp",
    ".filepart",  # WinSCP
    ".!ut",  # uTorrent
    ".aria2",
    "~",  # editors' backups
)

# Names that begin so are hidden or temporary; "." covers ".~lock", ".goutputstream".
UNFINISHED_STARTS = (".", "~$")

# A file is incomplete for as long as one with its name and such an ending lies beside it
# and is still written.
COMPANION_ENDINGS = (".part", ".aria2")


def unfinished(name: str) -> bool:
    """Whether a file or folder name says that what it holds is hidden or not complete."""
    return name.lower().endswith(UNFINISHED_ENDINGS) or name.startswith(UNFINISHED_STARTS)


def companions(path: str) -> tuple[str, ...]:
    """Return the paths of files that say, if they are there, that the one at `path` is incomplete."""
    return tuple(path + ending for ending in COMPANION_ENDINGS)


def accompanied(path: str) -> str | None:
    """Return the file that a companion belongs to, or None when `path` is no companion."""
    for ending in COMPANION_ENDINGS:
        if path.endswith(ending):
            return path.removesuffix(ending)
    return None


class Filter:
    """The names that one watch takes; all paths are relative to its folder.

    A pattern is compared, whatever its case, with the name alone and with the
    whole relative path. `ignore` counts for folders too, with all they hold.
    """

    def __init__(self, watch: Watch) -> None:
        self._include = _compiled(watch.include)
        self._ignore = _compiled(watch.ignore)

    def enters(self, folder: str) -> bool:
        """Whether files below `folder` may be taken; the folders above it are not looked at."""
        name = os.path.basename(folder)
        return not unfinished(name) and not _matches(self._ignore, name, folder)

    def takes_here(self, path: str) -> bool:
        """Whether a file may be taken by its own name; the folders above it are not looked at."""
        name = os.path.basename(path)
        if unfinished(name) or _matches(self._ignore, name, path):
            return False
        return self._include is None or _matches(self._include, name, path)

    def reaches(self, folder: str) -> bool:
        """Whether `folder` and every folder above it are entered; "" is the root itself."""
        while folder:
            if not self.enters(folder):
                return False
            folder = os.path.dirname(folder)
        return True

    def takes(self, path: str) -> bool:
        """Whether a file may be taken, by its own name and those of the folders above it."""
        return self.takes_here(path) and self.reaches(os.path.dirname(path))


def _compiled(patterns: Iterable[str]) -> re.Pattern[str] | None:
    translated = [fnmatch.translate(pattern) for pattern in patterns]
    return re.compile("|".join(translated), re.IGNORECASE) if translated else None


def _matches(pattern: re.Pattern[str] | None, *names: str) -> bool:
    return pattern is not None and any(pattern.match(name) for name in names)
