"""Which file it is, and in which state."""

from __future__ import annotations

import os

import msgspec


class Identity(msgspec.Struct, frozen=True):
    """Which file, in which state: device, inode, size in bytes, times in nanoseconds."""

    dev: int
    ino: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, found: os.stat_result) -> Identity:
        """Take it from a stat result; numbers beyond SQLite's 64 signed bits are wrapped."""
        return cls(
            signed(found.st_dev),
            signed(found.st_ino),
            found.st_size,
            found.st_mtime_ns,
            found.st_ctime_ns,
        )

    @classmethod
    def of_state(cls, state: tuple[int, int, int, int, int]) -> Identity:
        """Take it from its five numbers, of which the first two may be wrapped likewise."""
        return cls(signed(state[0]), signed(state[1]), *state[2:])

    def same_file(self, other: Identity) -> bool:
        """Whether both are one file with one content, even if renamed or given other rights."""
        return (self.dev, self.ino, self.size, self.mtime_ns) == (
            other.dev,
            other.ino,
            other.size,
            other.mtime_ns,
        )

    def saved_after(self, earlier: Identity) -> bool:
        """Whether the file was written anew since, so that more than its name or rights differ.

        The device does not count: a disk may have another number each time that it is mounted.
        """
        return (self.ino, self.mtime_ns) != (earlier.ino, earlier.mtime_ns)


def signed(number: int) -> int:
    """Return an unsigned number of 64 bits as SQLite holds it."""
    return number - (1 << 64) if number >= 1 << 63 else number
