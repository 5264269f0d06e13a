"""Edit lists: which of a track's samples are shown, and how much is hidden by them.

A program that trims a video without encoding it again may leave what was cut off in the file. It
is not left out of a clean copy, so a file that hides more than a decoder has to start from
is held back: whole groups of pictures from one key frame to the next, or a stretch of sound. So is
one whose time stamps begin so late that they may be the time of day at which it was recorded.
Source: ISO/IEC 14496-12:2022 sections 8.6.1 to 8.6.6.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from operator import mul
from typing import Final

import msgspec

from unexposed.errors import Held, Malformed
from unexposed.formats._boxes import Box, make_box, make_full, read_full
from unexposed.formats.mp4._tables import Boxes, read_table
from unexposed.formats.parts import Buffer

MAX_EDITS: Final = 1_000
TOLERATED: Final = 1
"""Seconds of a track that may be hidden."""

LATEST: Final = 24 * 60 * 60
"""Seconds that time stamps and pauses may reach; beyond, they are held to be a clock's."""

_REPEATS: Final = 1
_SIGN: Final = 1 << 31


class Clocks(msgspec.Struct, frozen=True, gc=False):
    """How many ticks a second has, in the movie's time and in a track's."""

    movie: int
    media: int


class Edit(msgspec.Struct, frozen=True, gc=False):
    """For how long, in the movie's time, a track is shown from `start` on, in its own; -1 for a pause."""

    duration: int
    start: int


def check_clock(ticks: int, scale: int) -> None:
    """Raise Held for a time stamp, or a pause, that may tell when a video was recorded."""
    if ticks > LATEST * max(1, scale):
        raise Held(
            "its time stamps do not begin at zero, and may tell when it was recorded: "
            "export it anew, and that can be cleaned"
        )


def read_edits(buffer: Buffer, box: Box) -> tuple[bytes, list[Edit]]:
    """Return the 'edts' box that a clean copy has in the place of this 'elst', and its edits.

    Raises Malformed for a list that is cut short, or too long.
    """
    version, flags, fields = read_full(buffer, box)
    wide = version > 0
    size, step = (8, 20) if wide else (4, 12)
    count = fields.take(4)
    if int.from_bytes(count) > MAX_EDITS:
        raise Malformed("has too many edits", box.start)
    rows = fields.take(int.from_bytes(count) * step)
    edits = [
        Edit(
            int.from_bytes(rows[at : at + size]),
            int.from_bytes(rows[at + size : at + 2 * size], signed=True),
        )
        for at in range(0, len(rows), step)
    ]
    return make_box(b"edts", make_full(b"elst", int(wide), flags & _REPEATS, count, rows)), edits


def check_edits(buffer: Buffer, boxes: Boxes, edits: Sequence[Edit], clocks: Clocks) -> None:
    """Raise Held where edits hide more of a track than a decoder has to start from."""
    for edit in edits:
        if edit.start < 0:
            check_clock(edit.duration, clocks.movie)
    if not edits or not clocks.movie or not clocks.media:
        return
    shown = _joined(_shown(edits, clocks))
    _, runs = read_table(buffer, boxes[b"stts"], 2)
    if b"stss" in boxes:
        stretches = _between_key_frames(buffer, boxes, runs)
        hidden = sum(end - start for start, end in stretches if not _meets(shown, start, end))
    else:
        whole = sum(map(mul, runs[0::2], runs[1::2]))
        hidden = whole - sum(max(0, min(end, whole) - start) for start, end in shown)
    if hidden > TOLERATED * clocks.media:
        raise Held(
            f"an edit hides {hidden / clocks.media:,.0f} seconds that are still in it: "
            "export it anew, and that can be cleaned"
        )


def _shown(edits: Sequence[Edit], clocks: Clocks) -> Iterator[tuple[int, int]]:
    """Yield from when to when a track is shown, in its own time. Of no duration: to the end."""
    for edit in edits:
        if edit.start >= 0:
            ticks = -(-edit.duration * clocks.media // clocks.movie)
            yield edit.start, edit.start + ticks if ticks else 1 << 64


def _joined(stretches: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _meets(shown: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Tell whether any of the stretches, which are in order, has a moment in common with this one."""
    at = bisect_right(shown, start, key=lambda stretch: stretch[1])
    return at < len(shown) and shown[at][0] < end


def _between_key_frames(
    buffer: Buffer, boxes: Boxes, runs: array[int]
) -> Iterator[tuple[int, int]]:
    """Yield from when to when the pictures are shown from one key frame to the next."""
    _, frames = read_table(buffer, boxes[b"stss"], 1)
    ends = array("Q", accumulate(runs[0::2], initial=0))
    times = list(accumulate(map(mul, runs[0::2], runs[1::2]), initial=0))
    shift_ends, shifts = array("Q", [0]), array("I")
    if b"ctts" in boxes:
        _, shifted = read_table(buffer, boxes[b"ctts"], 2)
        shift_ends, shifts = array("Q", accumulate(shifted[0::2], initial=0)), shifted[1::2]

    def moment(index: int) -> int:
        run = min(bisect_right(ends, index), len(ends) - 1) - 1
        time = times[run] + (index - ends[run]) * runs[2 * run + 1] if run >= 0 else 0
        at = bisect_right(shift_ends, index) - 1
        shift = shifts[at] if at < len(shifts) else 0
        return time + (shift - 2 * _SIGN if shift >= _SIGN else shift)

    starts = [moment(index) for index in (0, *(number - 1 for number in frames if number > 1))]
    yield from pairwise((*starts, max(times[-1], starts[-1] + 1)))
