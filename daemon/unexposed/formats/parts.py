"""Parts of a file, and the plan by which a clean copy is made from them."""

from __future__ import annotations

import enum
import itertools
import mmap
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Protocol, TypeAlias, runtime_checkable

import msgspec

from unexposed.formats._places import Place
from unexposed.metadata.block import Block

Buffer: TypeAlias = bytes | mmap.mmap
"""A whole file. Slices of either are `bytes`; handlers slice small things only."""


Followed: TypeAlias = Mapping[int, int]
"""Start -> end of picture data in a buffer that was followed before, in the very same bytes."""

NOTHING: Followed = MappingProxyType({})


class Role(enum.StrEnum):
    """What a span of a file is for."""

    PICTURE = "picture"
    """The picture data itself."""
    STRUCTURE = "structure"
    """What a decoder needs to read the picture: headers, tables, frame control."""
    COLOUR = "colour"
    """What its numbers mean as colours."""
    ORIENTATION = "orientation"
    """Which way up it is shown, and nothing else."""
    METADATA = "metadata"
    THUMBNAIL = "thumbnail"
    TRAILER = "trailer"
    """Bytes behind the end of the picture."""
    UNKNOWN = "unknown"
    """Bytes that no specification accounts for."""


KEPT_ROLES = frozenset({Role.PICTURE, Role.STRUCTURE, Role.COLOUR, Role.ORIENTATION})
"""The allowlist: a part with any other role never reaches the clean copy."""


class Part(msgspec.Struct, frozen=True, gc=False):
    """A span [start, end) of a file, in bytes, and what it is for.

    `plain` is True when the bytes, as they stand, are exactly what a clean copy
    would hold: a part that `rebuild` would write differently is not plain.
    """

    start: int
    end: int
    role: Role
    name: str
    plain: bool = True

    @property
    def size(self) -> int:
        """Length in bytes."""
        return self.end - self.start

    @property
    def allowed(self) -> bool:
        """Whether the part may stand in a clean copy as it is."""
        return self.plain and self.role in KEPT_ROLES


class Keep(msgspec.Struct, frozen=True, gc=False):
    """Copy the source's bytes [start, end) as they stand."""

    start: int
    end: int


class Put(msgspec.Struct, frozen=True, gc=False):
    """Write these bytes."""

    data: bytes


Plan: TypeAlias = list[Keep | Put]


class Format(Protocol):
    """One container format: a module in this folder with these names."""

    NAME: str
    """"jpeg": what the report says."""
    PILLOW: tuple[str, ...]
    """Names by which Pillow knows the format, first the clean copy's; none where it does not."""
    EXTENSIONS: tuple[str, ...]
    """Lower-case file name endings with their dot, the usual one first."""
    PLACES: tuple[Place, ...]
    """What becomes of the parts, as docs/formats.md tells it."""

    def sniff(self, head: bytes) -> bool:
        """Tell from a file's first bytes (up to 4,096) whether it is this format."""

    def dissect(self, buffer: Buffer, followed: Followed = NOTHING, /) -> list[Part]:
        """Divide the whole file into parts that tile [0, len(buffer)) exactly, in order.

        A stream of picture data that begins where `followed` says need not be followed to its
        end once more. Raises Malformed where the bytes cannot be accounted for, and nothing else.
        """

    def rebuild(self, buffer: Buffer, parts: Sequence[Part]) -> Plan:
        """Plan the clean copy; dissecting it again yields allowed parts only.

        Rebuilding a clean copy keeps every byte of it. Raises Held for a format that is read
        but not written, with advice for the person, and nothing else.
        """

    def blocks(self, buffer: Buffer, parts: Sequence[Part]) -> list[Block]:
        """Hand out the metadata that stands in the parts, for the readers."""

    def annotate(self, buffer: Buffer, parts: Sequence[Part], packet: bytes) -> Plan | None:
        """Plan a clean copy with an XMP packet in it, from one without any and its parts.

        Rebuilding the result gives the copy without it. None where the format has no place for one.
        """


@runtime_checkable
class ShownInPart(Protocol):
    """A format of which a decoder may show less than a clean copy holds: it has this name, too."""

    def unseen(self, buffer: Buffer, frames: int, /) -> str:
        """Say what a clean copy holds beside so many frames that a decoder shows; "" for nothing.

        Raises Held for a file that cannot be cleaned, and nothing else.
        """


def coalesce(plan: Plan) -> Plan:
    """Join neighbouring spans, and neighbouring bytes, into one step each."""
    joined: Plan = []
    pieces: list[bytes] = []
    for step in plan:
        if isinstance(step, Put):
            pieces.append(step.data)
        elif step.start < step.end:
            _put(joined, pieces)
            last = joined[-1] if joined else None
            if isinstance(last, Keep) and last.end == step.start:
                joined[-1] = Keep(last.start, step.end)
            else:
                joined.append(step)
    _put(joined, pieces)
    return joined


def _put(plan: Plan, pieces: list[bytes]) -> None:
    """Move the pieces to the end of the plan, as one step if they hold anything."""
    data = b"".join(pieces)
    pieces.clear()
    if data:
        plan.append(Put(data))


def composed(outer: Plan, inner: Plan) -> Plan:
    """Return one plan that does what `outer` does to what `inner` makes."""
    ends = list(itertools.accumulate(map(_size, inner)))
    plan: Plan = []
    for step in outer:
        if isinstance(step, Put):
            plan.append(step)
            continue
        at, position = bisect_right(ends, step.start), step.start
        while position < step.end:
            start, end = ends[at] - _size(inner[at]), min(ends[at], step.end)
            plan.append(_cut(inner[at], position - start, end - start))
            at, position = at + 1, end
    return coalesce(plan)


def _size(step: Keep | Put) -> int:
    """Return how many bytes a step makes."""
    return step.end - step.start if isinstance(step, Keep) else len(step.data)


def _cut(step: Keep | Put, start: int, end: int) -> Keep | Put:
    """Return the step that makes bytes [start, end) of what this one makes."""
    if isinstance(step, Keep):
        return Keep(step.start + start, step.start + end)
    return Put(step.data[start:end])
