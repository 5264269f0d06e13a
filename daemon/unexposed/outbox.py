"""The outbox: a clean copy appears in it whole, under a free name, or not at all."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from unexposed.attributes import content_attributes
from unexposed.errors import UnexposedError, reason_of
from unexposed.naming import numbered

_TEMPORARY_PREFIX = ".unexposed-"
_TEMPORARY_SUFFIX = ".tmp"
_DAY = 86_400
_DAY_NS = _DAY * 1_000_000_000
_NOON_NS = _DAY_NS // 2
_NO_UNNAMED = {errno.EOPNOTSUPP, errno.EISDIR, errno.ENOENT, errno.EINVAL}
_OWN_DESCRIPTORS = "/proc/self/fd"
"""Where a file without a name has a path by which it can be given one; only on Linux."""

_taking_names = threading.Lock()
"""Held from the look at what bears a name to the moment in which that is moved or removed."""

_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


class OutboxError(UnexposedError):
    """The outbox cannot be used; the text says which folder and why."""


class Copy(msgspec.Struct, frozen=True):
    """A published clean copy: where it is, and which file it is (device, inode, size in bytes)."""

    path: str
    dev: int
    ino: int
    size: int

    def stands(self) -> bool:
        """Whether this very file is still at its path."""
        try:
            found = os.lstat(self.path)
        except OSError:
            return False
        return (found.st_dev, found.st_ino, found.st_size) == (self.dev, self.ino, self.size)

    def untouched(self) -> bool:
        """Whether this very file is still at its path with the time that it was published with."""
        try:
            return self.stands() and os.lstat(self.path).st_mtime_ns % _DAY_NS == _NOON_NS
        except OSError:
            return False


class Draft:
    """A file in the making: open for reading and writing, not yet to be seen in the outbox."""

    def __init__(self, descriptor: int, name: str | None) -> None:
        self.descriptor = descriptor
        self.name = name
        """Its hidden name in the outbox, or None for a file without a name."""


class Outbox:
    """One folder that clean copies are published into."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def prepare(self) -> None:
        """Make the folder, and remove what a crash left in the making.

        Raises OutboxError when it is not a folder that can be written to.
        """
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.scandir(self.root) as entries:
                left = [entry.name for entry in entries if _is_temporary(entry.name)]
        except OSError as problem:
            raise OutboxError(
                f"the outbox {self.root} cannot be used: {reason_of(problem)}"
            ) from problem
        for name in left:
            self._sweep(self.root / name)

    @contextmanager
    def draft(self) -> Iterator[Draft]:
        """Open an empty file in the outbox's file system; unless published, it is gone afterwards.

        Raises OutboxError when the outbox does not let it be made, or gives it attributes.
        """
        try:
            descriptor, name = self._open_draft()
        except OSError as problem:
            raise OutboxError(
                f"the outbox {self.root} cannot be written to: {problem.strerror}"
            ) from problem
        try:
            if beside := content_attributes(descriptor):
                raise OutboxError(
                    f"the outbox {self.root} gives every file the attribute {beside[0]}, "
                    "which would go out with a clean copy; choose another folder"
                )
            yield Draft(descriptor, name)
        finally:
            if name is not None:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(self.root / name)
            os.close(descriptor)

    def publish(
        self,
        draft: Draft,
        name: str,
        *,
        mode: int,
        folder: str = "",
        replaces: Copy | None = None,
        announce: Callable[[Copy], None] = lambda _: None,
    ) -> Copy:
        """Give a finished draft its name, durably and atomically.

        `folder` is a relative path below the outbox. A copy that `replaces` names, and that is
        still the file that was published, is replaced in one step; any other file is
        left alone, and the name numbered. `announce` hears of the copy just before it appears.
        Its time of modification is noon UTC of this day, so that it tells no more than the date.

        Raises OutboxError when the file system refuses.
        """
        day = time.time() // _DAY * _DAY + _DAY // 2
        try:
            os.utime(draft.descriptor, (day, day))
            os.fchmod(draft.descriptor, mode)
            os.fsync(draft.descriptor)
            return self._place(draft, name, folder, replaces, announce)
        except OSError as problem:
            raise OutboxError(
                f"the copy could not be put into {self.root}: {problem.strerror}"
            ) from problem

    def remove(self, copy: Copy) -> bool:
        """Remove a copy that is in this outbox just as it was published; return whether it was.

        Raises OutboxError when the file system refuses.
        """
        inside = Path(copy.path).parent.is_relative_to(self.root)
        try:
            with _taking_names:
                if not (inside and copy.untouched()):
                    return False
                os.unlink(copy.path)
        except FileNotFoundError:
            return False
        except OSError as problem:
            raise OutboxError(
                f"an old copy could not be removed from {self.root}: {problem.strerror}"
            ) from problem
        return True

    def _place(
        self,
        draft: Draft,
        name: str,
        folder: str,
        replaces: Copy | None,
        announce: Callable[[Copy], None],
    ) -> Copy:
        target = self.root / folder
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = os.fstat(draft.descriptor)

        def as_copy(path: Path) -> Copy:
            return Copy(str(path), made.st_dev, made.st_ino, made.st_size)

        if replaces is not None and replaces.stands():
            copy = as_copy(Path(replaces.path))
            announce(copy)
            with self._named(draft) as named:
                if self._replace(named, replaces):
                    _sync_folder(Path(copy.path).parent)
                    return copy
                return self._place(named, name, folder, None, announce)
        for candidate in _free_names(target, name):
            copy = as_copy(target / candidate)
            announce(copy)
            try:
                self._link(draft, copy.path)
            except FileExistsError:
                continue
            _sync_folder(target)
            return copy
        raise AssertionError("numbers do not end")

    def _open_draft(self) -> tuple[int, str | None]:
        flags = os.O_RDWR | os.O_CLOEXEC
        if hasattr(os, "O_TMPFILE") and os.path.exists(_OWN_DESCRIPTORS):
            try:
                return _alive(os.open(self.root, os.O_TMPFILE | flags, 0o600)), None
            except OSError as problem:
                if problem.errno not in _NO_UNNAMED or not self.root.is_dir():
                    raise
        name = _temporary_name()
        with _taking_names:  # no sweep comes between the two
            return _alive(os.open(self.root / name, flags | os.O_CREAT | os.O_EXCL, 0o600)), name

    def _link(self, draft: Draft, path: str) -> None:
        """Make the draft appear at a path where nothing is. Raises FileExistsError."""
        if draft.name is None:
            _link_unnamed(draft.descriptor, path)
            return
        try:
            os.link(self.root / draft.name, path)
        except OSError as problem:
            if problem.errno not in _NO_LINKS:
                raise
            # exFAT and its like have no links: a rename is as atomic, and the look before
            # it leaves only a moment in which another program could take the name.
            with _taking_names:
                if os.path.lexists(path):
                    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path) from None
                os.rename(self.root / draft.name, path)

    @contextmanager
    def _named(self, draft: Draft) -> Iterator[Draft]:
        """Give an unnamed draft a hidden name, so that it can replace a file."""
        if draft.name is not None:
            yield draft
            return
        name = _temporary_name()
        hidden = self.root / name
        _link_unnamed(draft.descriptor, str(hidden))
        try:
            yield Draft(draft.descriptor, name)
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(hidden)

    def _replace(self, named: Draft, earlier: Copy) -> bool:
        """Put a draft in the place of a copy; False where it was taken away meanwhile.

        Its name may then be that of another file's copy.
        """
        assert named.name is not None
        with _taking_names:
            if not earlier.stands():
                return False
            os.replace(self.root / named.name, earlier.path)
        return True

    def _sweep(self, path: Path) -> None:
        """Remove a draft that nobody is at work on any more."""
        with _taking_names, contextlib.suppress(OSError):
            descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                if stat.S_ISREG(os.fstat(descriptor).st_mode):
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    os.unlink(path)
            finally:
                os.close(descriptor)


def _alive(descriptor: int) -> int:
    """Return the descriptor of a draft, which is locked: that tells a sweep to leave it alone."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _temporary_name() -> str:
    return f"{_TEMPORARY_PREFIX}{os.urandom(8).hex()}{_TEMPORARY_SUFFIX}"


def _is_temporary(name: str) -> bool:
    return name.startswith(_TEMPORARY_PREFIX) and name.endswith(_TEMPORARY_SUFFIX)


def _free_names(folder: Path, name: str) -> Iterator[str]:
    """Yield a name that nothing bears in a folder, and the next each time that one was lost.

    Numbers are taken one after the other, so the first free one is found by doubling and
    halving: the ten-thousandth "photo-1.jpg" does not ask for all before it.
    """

    def free(taken: int) -> bool:
        return not os.path.lexists(folder / numbered(name, taken))

    while True:
        if free(0):
            yield name
            continue
        high = 1
        while not free(high):
            high *= 2
        between = range(high // 2 + 1, high)
        yield numbered(name, between.start + bisect_left(between, True, key=free))


def _link_unnamed(descriptor: int, path: str) -> None:
    # Python takes linkat(2), which alone follows /proc's link to the file, when a folder is given.
    folder = os.open(os.path.dirname(path), os.O_DIRECTORY | os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.link(
            f"{_OWN_DESCRIPTORS}/{descriptor}",
            os.path.basename(path),
            dst_dir_fd=folder,
            follow_symlinks=True,
        )
    finally:
        os.close(folder)


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_DIRECTORY | os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
