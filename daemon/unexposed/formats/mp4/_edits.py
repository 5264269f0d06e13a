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

IN_A_GROUP: Final = 10
"""Seconds that may be hidden of a group of pictures of which some are shown."""
LATEST: Final = 24 * 60 * 60
"""Seconds that time stamps and pauses may reach; beyond, they are held to be a clock's."""

_REPEATS: Final = 1
_STILL, _NORMAL = 0, 0x1_0000
"""The speeds that an edit may have: that of a single moment, and that of the recording."""
_SIGN: Final = 1 << 31


class Clocks(msgspec.Struct, frozen=True, gc=False):
    """How many ticks a second has, in the movie's time and in a track's."""

    movie: int
    media: int


class Edit(msgspec.Struct, frozen=True, gc=False):
    """For how long, in the movie's time, a track is shown from `start` on, in its own; -1 for a pause.

    A `still` one shows that moment alone.
    """

    duration: int
    start: int
    still: bool


def check_clock(ticks: int, scale: int) -> None:
    """Raise Held for a time stamp, or a pause, that may tell when a video was recorded."""
    if ticks > LATEST * max(1, scale):
        raise Held(
            "its time stamps do not begin at zero, and may tell when it was recorded: "
            "export it anew, and that can be cleaned"
        )


def read_edits(buffer: Buffer, box: Box) -> tuple[bytes, list[Edit]]:
    """Return the 'edts' box that a clean copy has in the place of this 'elst', and its edits.

    Raises Malformed for a list that is cut short, or too long, and Held for another speed.
    """
    version, flags, fields = read_full(buffer, box)
    wide = version > 0
    size, step = (8, 20) if wide else (4, 12)
    count = fields.take(4)
    if int.from_bytes(count) > MAX_EDITS:
        raise Malformed("has too many edits", box.start)
    rows = fields.take(int.from_bytes(count) * step)
    edits = []
    for at in range(0, len(rows), step):
        duration = int.from_bytes(rows[at : at + size])
        start = int.from_bytes(rows[at + size : at + 2 * size], signed=True)
        speed = int.from_bytes(rows[at + 2 * size : at + step])
        if speed not in (_STILL, _NORMAL):
            raise Held("an edit plays it at another speed: export it anew, and that can be cleaned")
        edits.append(Edit(duration, start, speed == _STILL))
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
    hidden = 0
    if b"stss" in boxes:
        for start, end in _between_key_frames(buffer, boxes, runs):
            unseen = end - start - _common(shown, start, end)
            if unseen == end - start or unseen > IN_A_GROUP * clocks.media:
                hidden += unseen
    else:
        whole = sum(map(mul, runs[0::2], runs[1::2]))
        hidden = whole - _common(shown, 0, whole)
    _hold_hidden(hidden, clocks)


def check_fragmented(edits: Sequence[Edit], clocks: Clocks, start: int, end: int) -> None:
    """Raise Held where edits hide much of a track in fragments, which lasts from here to there."""
    if edits and clocks.movie and clocks.media:
        shown = _joined(_shown(edits, clocks))
        _hold_hidden(end - start - _common(shown, start, end), clocks)


def _hold_hidden(hidden: int, clocks: Clocks) -> None:
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
            if edit.still:
                ticks = 1
            yield edit.start, edit.start + ticks if ticks else 1 << 64


def _joined(stretches: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _common(shown: Sequence[tuple[int, int]], start: int, end: int) -> int:
    """Return how long the stretches, which are in order, are that stand between these moments."""
    common = 0
    at = bisect_right(shown, start, key=lambda stretch: stretch[1])
    while at < len(shown) and shown[at][0] < end:
        common += min(end, shown[at][1]) - max(start, shown[at][0])
        at += 1
    return common


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
