"""Keeping the watched folders observed while they vanish, come back, or cannot be read."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Sequence
from pathlib import Path

from unexposed.config.settings import Watch
from unexposed.watch.observe import Observation, Put
from unexposed.watch.roots import FolderIs, FolderState, Identity, Root, Territory, identify

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
"""Between two looks at whether the watched folders are still the ones that are observed."""

POLL_SECONDS = 60.0
OBSERVE_AGAIN_SECONDS = 3600.0
"""How often a folder for which the system has no watches left is looked through, and
how often it is tried whether it has some by now."""

_LIMITS = {
    errno.ENOSPC: "the system's limit of watched folders is reached; raise it with:"
    " sysctl fs.inotify.max_user_watches=1048576",
    errno.EMFILE: "the system's limit of watching programs is reached; raise it with:"
    " sysctl fs.inotify.max_user_instances=1024",
}


class Upkeep:
    """The watched folders and what observes them; belongs to the watch thread."""

    def __init__(self, watches: Sequence[Watch], excluded: Sequence[Path], put: Put) -> None:
        self._excluded = tuple(excluded)
        self._put = put
        self._observation: Observation | None = None
        self._complaints: set[str] = set()
        self.roots = tuple(Root(watch) for watch in watches)
        self.territory = self._survey()
        self.next_look = 0.0
        self._heard = False
        """Whether where the roots' paths lead has to be resolved anew. At rest it need not:
        a folder that was moved and linked to goes on telling of itself by its old path."""

    def make_folders(self) -> None:
        """Make the folders that their watch says to make."""
        for root in self.roots:
            if root.watch.create:
                try:
                    os.makedirs(root.path, exist_ok=True)
                except OSError as problem:
                    log.warning("the folder %r cannot be made: %s", root.path, problem)

    def look(self, now: float) -> list[Root]:
        """Compare every root with what is observed; return those that have to be looked through."""
        resolve, self._heard = self._heard, False
        self.next_look = now + LOOK_SECONDS
        watches = {root.observed for root in self.roots if root.observed is not None}
        if self._observation is not None and not self._observation.alive(watches):
            self.start_over("watching had stopped")
        return [root for root in self.roots if self._look_at(root, now, resolve)]

    def look_soon(self) -> None:
        """Look at the roots before anything else is done, as something was heard."""
        self._heard = True
        self.next_look = 0.0

    def gone(self, folder: str) -> None:
        """Take note that the folder that stood at a real path was removed or moved away."""
        root = self.territory.root_at(folder)
        if root is not None:
            # Its successor may be there already, with the number of the one before.
            self._let_go(root)
        self.look_soon()

    def start_over(self, reason: str) -> None:
        """Throw all observing away and begin anew, as events were lost."""
        log.warning("%s; every watched folder is looked through again", reason)
        for root in self.roots:
            root.observed = root.identity = None
        self.stop()
        self.look_soon()

    def refused(self, path: str, code: int, now: float) -> None:
        """Take note that the kernel would not watch the folder at a real path."""
        root = self.territory.owner(path)
        if root is None or path == root.real:
            return  # a root's own refusal is dealt with where it is observed
        if code in _LIMITS:
            if root.state.state == "watched":
                identity = root.identity
                self._let_go(root)
                self._poll(root, code, now)
                root.identity = identity
        elif code in {errno.EACCES, errno.EPERM}:
            self.complain(path, "the folder %r cannot be read and is left out", path)

    def complain(self, about: str, message: str, *arguments: object) -> None:
        """Log a warning, once for each thing that it is about."""
        if about not in self._complaints:
            self._complaints.add(about)
            log.warning(message, *arguments)

    def stop(self) -> None:
        """Observe nothing any more."""
        if self._observation is not None:
            self._observation.stop()
            self._observation = None

    def _look_at(self, root: Root, now: float, resolve: bool) -> bool:
        try:
            identity = identify(root.path, None if resolve else root.identity)
        except PermissionError:
            self._unreachable(root, "unreadable", "a folder above it cannot be entered")
            return False
        except OSError as problem:
            self._unreachable(root, "missing", problem.strerror or "")
            return False
        polled = root.state.state == "polled"
        if identity != root.identity or (polled and now >= root.observe_at):
            return self._take_up(root, identity, now)
        refusal = _unlistable(root.real)
        if refusal is not None:
            self._unreachable(root, *refusal)
            return False
        if polled and now >= root.poll_at:
            root.poll_at = now + POLL_SECONDS
            return True
        return False

    def _take_up(self, root: Root, identity: Identity, now: float) -> bool:
        """Begin with the folder that stands at the root's path now; True to look through it."""
        self._let_go(root)
        root.real = identity[0]
        refusal = self._refusal(root, identity)
        if refusal is not None:
            _note(root, *refusal)
            return False
        try:
            if self._observation is None:
                self._observation = Observation(self._put)
            root.observed = self._observation.add(root.real, recursive=root.watch.recursive)
        except OSError as problem:
            if problem.errno not in _LIMITS:
                gone = problem.errno in {errno.ENOENT, errno.ENOTDIR}
                self._unreachable(root, "missing" if gone else "unreadable", str(problem))
                return False
            self._poll(root, problem.errno, now)
        else:
            _note(root, "watched")
        root.identity = identity
        self.territory = self._survey()
        return True

    def _refusal(self, root: Root, identity: Identity) -> tuple[FolderIs, str] | None:
        """Return why a folder that is there is not taken up, None when it can be."""
        if self.territory.excludes(root.real):
            return "excluded", "it is where clean copies or the state are kept"
        others = (other.identity for other in self.roots if other is not root)
        if any(other is not None and other[1:] == identity[1:] for other in others):
            return "duplicate", "another [[watch]] has the same folder"
        return _unlistable(root.real)

    def _survey(self) -> Territory:
        present = [root for root in self.roots if root.identity is not None]
        return Territory(present, self._excluded)

    def _poll(self, root: Root, code: int, now: float) -> None:
        """Make do with looking at an interval; the top folder is observed if that is possible."""
        if root.watch.recursive and self._observation is not None:
            try:
                root.observed = self._observation.add(root.real, recursive=False)
            except OSError as problem:
                log.debug("not even the folder %r itself can be observed: %s", root.real, problem)
        root.poll_at = now + POLL_SECONDS
        root.observe_at = now + OBSERVE_AGAIN_SECONDS
        _note(root, "polled", _LIMITS[code])

    def _let_go(self, root: Root) -> None:
        if root.observed is not None and self._observation is not None:
            self._observation.remove(root.observed)
        root.observed = root.identity = None

    def _unreachable(self, root: Root, state: FolderIs, detail: str) -> None:
        if root.identity is not None:
            self._let_go(root)
            self.territory = self._survey()
        _note(root, state, detail)


def _unlistable(folder: str) -> tuple[FolderIs, str] | None:
    effective = os.access in os.supports_effective_ids
    if os.access(folder, os.R_OK | os.X_OK, effective_ids=effective):
        return None
    if not os.path.isdir(folder):
        return "missing", "it has just vanished"
    return "unreadable", "its content cannot be listed"


def _note(root: Root, state: FolderIs, detail: str = "") -> None:
    if root.state.state != state:
        level = logging.INFO if state == "watched" else logging.WARNING
        log.log(level, "the folder %r is %s%s", root.path, state, f": {detail}" if detail else "")
        root.state = FolderState(root.path, state, detail)
