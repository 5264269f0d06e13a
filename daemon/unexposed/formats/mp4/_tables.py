"""Where the samples of a track lie, and the tables that say so.

A film has half a million samples, so tables stay arrays of numbers and are looked at by the
chunk. A clean copy's tables are made anew from these: entries for samples that there
are none of have no place in them. Source: ISO/IEC 14496-12:2022 sections 8.6, 8.7 and 8.9.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Iterable, Mapping
from itertools import accumulate, groupby, islice
from operator import add, le, lt, mul
from typing import Final

import msgspec

from unexposed.errors import Malformed
from unexposed.formats._boxes import Box, Fields, make_full, read_full
from unexposed.formats.parts import Buffer

Boxes = Mapping[bytes, Box]

_ENTRY_POINTS: Final[dict[bytes, int]] = {b"roll": 2, b"prol": 2, b"rap ": 1, b"sync": 1}
"""Groups of samples that tell where decoding can begin -> bytes of one description."""
_MAX_DESCRIPTIONS: Final = 16


class Packing(msgspec.Struct, frozen=True, gc=False):
    """How many samples come in one packet, and how many bytes that has."""

    samples: int
    size: int


class Samples(msgspec.Struct, frozen=True):
    """The samples of a track: `count` in all, of the bytes that `sizes` tells.

    Where all share one size, `sizes` is empty and `shared` is what the table states. A chunk
    begins in the file at `starts`, has `lengths` bytes and `counts` samples, which entry
    `kinds` of the sample descriptions describes, from 1 on.
    """

    count: int
    shared: int
    sizes: array[int]
    starts: array[int]
    lengths: array[int]
    counts: array[int]
    kinds: array[int]


def numbers(data: bytes, size: int = 4) -> array[int]:
    """Return big-endian numbers of 4 or 8 bytes each."""
    return _turned(array("I" if size == 4 else "Q", data))


def as_bytes(values: array[int]) -> bytes:
    """Return an array's numbers, big-endian."""
    return _turned(values[:]).tobytes()


def _turned(values: array[int]) -> array[int]:
    if sys.byteorder == "little":
        values.byteswap()
    return values


def is_ascending(values: array[int]) -> bool:
    """Tell whether no number is smaller than the one before it."""
    return all(map(le, values, islice(values, 1, None)))


def read_samples(
    buffer: Buffer, boxes: Boxes, packing: Callable[[int, int, bool], Packing]
) -> Samples:
    """Read the sample tables among the boxes of a track.

    `packing` is asked how samples that share one size are packed: those of an entry of the
    sample descriptions, by the size stated, and by whether each lasts one tick of the clock.
    Raises Malformed where tables are missing or contradict each other.
    """
    for kind in (b"stsd", b"stts", b"stsc"):
        if kind not in boxes:
            raise Malformed(f"a track has no '{kind.decode()}' table", _place(boxes))
    count, shared, sizes = _read_sizes(buffer, boxes)
    starts = _read_starts(buffer, boxes)
    counts, kinds = _read_counts(buffer, boxes[b"stsc"], len(starts), count)
    count = sum(counts)
    del starts[len(counts) :], sizes[count:]
    if shared:
        ticks = _lasts_one_tick(buffer, boxes[b"stts"])
        found = {kind: packing(kind, shared, ticks) for kind in set(kinds)}
        if any(number % found[kind].samples for number, kind in zip(counts, kinds, strict=True)):
            raise Malformed("a chunk of sound ends within a packet", boxes[b"stsc"].start)
        lengths = _array(
            number // found[kind].samples * found[kind].size
            for number, kind in zip(counts, kinds, strict=True)
        )
    else:
        ends = accumulate(counts)
        lengths = _array(
            sum(sizes[end - number : end]) for number, end in zip(counts, ends, strict=True)
        )
    if max(map(add, starts, lengths), default=0) > len(buffer):
        raise Malformed("samples lie behind the end of the file", _place(boxes))
    return Samples(count, shared, sizes, _settled(starts, lengths), lengths, counts, kinds)


def lasting(buffer: Buffer, table: Box) -> tuple[int, int]:
    """Return how many ticks the longest sample lasts by a 'stts' table, and all. Raises Malformed."""
    _, runs = read_table(buffer, table, 2)
    return max(runs[1::2], default=0), sum(map(mul, runs[0::2], runs[1::2]))


def write_samples(samples: Samples) -> list[bytes]:
    """Return the boxes with how samples are spread over the chunks, and with their sizes."""
    spread = array("I")
    first = 1
    for alike, chunks in groupby(zip(samples.counts, samples.kinds, strict=True)):
        spread.extend((first, *alike))
        first += sum(1 for _ in chunks)
    size = samples.shared.to_bytes(4) + samples.count.to_bytes(4)
    return [
        _make_table(b"stsc", 0, spread, 3),
        make_full(b"stsz", 0, 0, size, as_bytes(samples.sizes)),
    ]


def write_starts(starts: array[int], *, wide: bool) -> bytes:
    """Return the box with the places of chunks; those of over 4 GiB want a `wide` one."""
    if wide:
        return _make_table(b"co64", 0, starts, 1)
    return _make_table(b"stco", 0, array("I", starts), 1)


def write_timing(buffer: Buffer, boxes: Boxes, count: int) -> list[bytes]:
    """Return the boxes that say when each of `count` samples is shown, and what it depends on.

    Raises Malformed for a table that is cut short or out of order.
    """
    made = []
    for kind in (b"stts", b"ctts"):
        if kind in boxes:
            version, runs = read_table(buffer, boxes[kind], 2)
            version = min(version, 1) if kind == b"ctts" else 0
            made.append(_make_table(kind, version, _within(runs, count), 2))
    made += _write_range(buffer, boxes)
    for kind in (b"stss", b"stps"):
        if kind in boxes:
            _, chosen = read_table(buffer, boxes[kind], 1)
            if not all(map(lt, chosen, islice(chosen, 1, None))):
                raise Malformed("a list of key frames is out of order", boxes[kind].start)
            kept = array("I", (number for number in chosen if 0 < number <= count))
            made.append(_make_table(kind, 0, kept, 1))
    if b"sdtp" in boxes:
        _, _, fields = read_full(buffer, boxes[b"sdtp"])
        made.append(make_full(b"sdtp", 0, 0, fields.take(count)))
    return made


def _write_range(buffer: Buffer, boxes: Boxes) -> list[bytes]:
    """Return the 'cslg' box, which sums up how samples are shifted, where it says what is so."""
    if b"cslg" not in boxes:
        return []
    version, _, fields = read_full(buffer, boxes[b"cslg"])
    wide = 8 if version else 4
    told = fields.take(5 * wide)
    shift, least, greatest, start, end = (
        int.from_bytes(told[at : at + wide], signed=True) for at in range(0, 5 * wide, wide)
    )
    _, runs = read_table(buffer, boxes[b"ctts"], 2) if b"ctts" in boxes else (0, array("I", (1, 0)))
    shifts = [value - (value >> 31 << 32) for value in runs[1::2]] or [0]
    lasts = lasting(buffer, boxes[b"stts"])[1] + max(shifts)
    if (least, greatest) != (min(shifts), max(shifts)) or shift not in (0, -least):
        return []
    if not (least <= start <= greatest and start <= end <= lasts):
        return []
    return [make_full(b"cslg", int(bool(version)), 0, told)]


def write_groups(buffer: Buffer, boxes: Iterable[Box], count: int) -> list[bytes]:
    """Return those sample groups of `count` samples that tell where decoding can begin.

    Of two boxes that say the same thing the first counts. Raises Malformed for one that is cut short.
    """
    made = []
    seen: set[tuple[bytes, bytes]] = set()
    for box in boxes:
        version, _, fields = read_full(buffer, box)
        kind = fields.take(4)
        if kind not in _ENTRY_POINTS or version > 1 or (box.kind, kind) in seen:
            continue
        seen.add((box.kind, kind))
        if box.kind == b"sbgp":
            fields.take(4 * version)
            runs = _within(_take_table(fields, 2), count)
            made.append(make_full(b"sbgp", 0, 0, kind, *_entries(runs, 2)))
        else:
            size = _ENTRY_POINTS[kind]
            if version and fields.number(4) != size:
                continue
            described = fields.take(size * min(fields.number(4), _MAX_DESCRIPTIONS))
            total = (len(described) // size).to_bytes(4)
            made.append(make_full(b"sgpd", 1, 0, kind, size.to_bytes(4), total, described))
    return made


def _place(boxes: Boxes) -> int:
    return min((box.start for box in boxes.values()), default=0)


def _array(values: Iterable[int]) -> array[int]:
    return array("Q", values)


def read_table(buffer: Buffer, box: Box, columns: int) -> tuple[int, array[int]]:
    """Return the version of a box that is a table, and its numbers row by row. Raises Malformed."""
    version, _, fields = read_full(buffer, box)
    return version, _take_table(fields, columns)


def _take_table(fields: Fields, columns: int) -> array[int]:
    return numbers(fields.take(4 * columns * fields.number(4)))


def _make_table(kind: bytes, version: int, values: array[int], columns: int) -> bytes:
    return make_full(kind, version, 0, *_entries(values, columns))


def _entries(values: array[int], columns: int) -> tuple[bytes, bytes]:
    return (len(values) // columns).to_bytes(4), as_bytes(values)


def _within(runs: array[int], count: int) -> array[int]:
    """Return those of the (length, value) runs, and so much of the last, as `count` samples need."""
    if sum(runs[0::2]) <= count and 0 not in runs[0::2]:
        return runs
    kept = array("I")
    for length, value in zip(runs[0::2], runs[1::2], strict=True):
        if not count:
            break
        if length:
            kept.extend((min(length, count), value))
            count -= min(length, count)
    return kept


def _read_sizes(buffer: Buffer, boxes: Boxes) -> tuple[int, int, array[int]]:
    """Return the number of samples, the size that they share or 0, and the size of each."""
    if b"stsz" in boxes:
        _, _, fields = read_full(buffer, boxes[b"stsz"])
        shared, count = fields.number(4), fields.number(4)
        return count, shared, array("I") if shared else numbers(fields.take(4 * count))
    if b"stz2" not in boxes:
        raise Malformed("a track does not tell the sizes of its samples", _place(boxes))
    _, _, fields = read_full(buffer, boxes[b"stz2"])
    bits, count = fields.number(4) & 0xFF, fields.number(4)
    if bits == 4:
        pairs = fields.take((count + 1) // 2)
        halves = (half for pair in pairs for half in (pair >> 4, pair & 0xF))
        return count, 0, array("I", islice(halves, count))
    if bits == 8:
        return count, 0, array("I", iter(fields.take(count)))
    if bits == 16:
        return count, 0, array("I", iter(_turned(array("H", fields.take(2 * count)))))
    raise Malformed("sizes of samples in a strange number of bits", boxes[b"stz2"].start)


def _read_starts(buffer: Buffer, boxes: Boxes) -> array[int]:
    if b"stco" in boxes:
        return array("Q", read_table(buffer, boxes[b"stco"], 1)[1])
    if b"co64" not in boxes:
        raise Malformed("a track does not tell where its samples lie", _place(boxes))
    _, _, fields = read_full(buffer, boxes[b"co64"])
    return numbers(fields.take(8 * fields.number(4)), 8)


def _read_counts(
    buffer: Buffer, box: Box, chunks: int, count: int
) -> tuple[array[int], array[int]]:
    """Return of each chunk how many samples it has, and which entry describes them.

    Chunks that come after the last sample are left out.
    """
    counts, kinds = array("I"), array("I")
    _, rows = read_table(buffer, box, 3)
    firsts = rows[0::3]
    firsts.append(max(chunks + 1, firsts[-1] if firsts else 1))
    if firsts[0] != 1 or not all(map(lt, firsts, islice(firsts, 1, len(firsts) - 1))):
        raise Malformed("samples are spread over chunks out of order", box.start)
    for row, (number, kind) in enumerate(zip(rows[1::3], rows[2::3], strict=True)):
        repeated = max(0, min(firsts[row + 1], chunks + 1) - firsts[row])
        if repeated and not number:
            raise Malformed("a chunk has no samples", box.start)
        whole = min(repeated, count // number) if repeated else 0
        counts.extend([number] * whole)
        kinds.extend([kind] * whole)
        count -= whole * number
        if whole < repeated:
            if count:
                counts.append(count)
                kinds.append(kind)
            break
    return counts, kinds


def _lasts_one_tick(buffer: Buffer, box: Box) -> bool:
    _, runs = read_table(buffer, box, 2)
    return len(runs) == 2 and runs[1] == 1


def _settled(starts: array[int], lengths: array[int]) -> array[int]:
    """Return where chunks begin; one without bytes stands where the one before it ends."""
    if 0 not in lengths:
        return starts
    before = next((start for start, length in zip(starts, lengths, strict=True) if length), 0)
    for index, length in enumerate(lengths):
        if length:
            before = starts[index] + length
        else:
            starts[index] = before
    return starts
