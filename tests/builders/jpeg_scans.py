"""JPEG files whose scans, or the tables that these use, tell more than the picture."""

from __future__ import annotations

from collections.abc import Callable

from tests.builders.jpeg import (
    CANARY,
    SIZE,
    Place,
    baseline,
    before,
    behind_first_scan,
    body_of,
    grey,
    huffman_table_without_use,
    progressive,
    progressive_with_restarts,
    replaced,
    segment,
    taken_apart,
    where,
    with_odd_sampling,
    with_restarts,
    without,
)
from tests.builders.photos import encoded, scene


def in_three_scans() -> bytes:
    """Sequential, with a scan for each component."""
    greys = [taken_apart(encoded(band, quality=80)) for band in scene(*SIZE).split()]
    pieces = greys[0]
    frame = where(pieces, 0xC0)
    components = bytes((1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0))
    pieces[frame] = segment(0xC0, pieces[frame][4:9] + b"\3" + components)
    scans = [
        segment(0xDA, bytes((1, number, 0, 0, 63, 0))) + grey[-2]
        for number, grey in enumerate(greys, 1)
    ]
    return b"".join([*pieces[: where(pieces, 0xDA)], *scans, pieces[-1]])


def lossless() -> bytes:
    """The headers of a lossless picture, which Pillow does not decode, and some data."""
    pieces = taken_apart(without(grey(), 0xDB))
    n = where(pieces, 0xC0)
    pieces[n] = segment(0xC3, pieces[n][4:-1] + b"\0")
    pieces[where(pieces, 0xDA)] = segment(0xDA, bytes((1, 1, 0, 1, 0, 0)))
    return b"".join(piece for piece in pieces if piece[:5] != b"\xff\xc4\0\xb5\x10")


def behind_a_marker_within_a_scan(jpeg: bytes) -> bytes:
    return jpeg.replace(b"\xff\xd0", b"\xff\x01" + CANARY + b"\xff\0" + CANARY + b"\xff\xd0", 1)


def behind_a_restart_out_of_turn(jpeg: bytes) -> bytes:
    return jpeg.replace(b"\xff\xd1", b"\xff\xd0" + CANARY + b"\xff\xff\xff\xd1", 1)


def huffman_table_that_is_named_in_vain(jpeg: bytes) -> bytes:
    """A scan of DC coefficients names a table of AC codes, and uses none."""
    counts = bytes(15) + bytes((len(CANARY),))
    scan = bytearray(body_of(jpeg, 0xDA))
    scan[2 : 1 + 2 * scan[0] : 2] = bytes(code | 3 for code in scan[2 : 1 + 2 * scan[0] : 2])
    return before(replaced(jpeg, 0xDA, bytes(scan)), 0xDA, segment(0xC4, b"\x13" + counts + CANARY))


_RESTARTING = (with_restarts, progressive_with_restarts, with_odd_sampling)

PLACES: dict[Place, tuple[Callable[[], bytes], ...]] = {
    behind_a_marker_within_a_scan: _RESTARTING,
    behind_a_restart_out_of_turn: _RESTARTING,
    huffman_table_that_is_named_in_vain: (progressive, progressive_with_restarts),
}
"""Hiding place -> the pictures that have it."""


def numbers_behind_a_scan_header() -> tuple[bytes, bytes]:
    return replaced(baseline(), 0xDA, body_of(baseline(), 0xDA)[:-3] + b"GPS"), baseline()


def numbers_of_tables_that_a_scan_does_not_use() -> tuple[bytes, bytes]:
    scan = body_of(progressive(), 0xDA)
    telling = bytes((scan[0], scan[1], scan[2] | 0xA)) + scan[3:]
    return replaced(progressive(), 0xDA, telling), progressive()


def interval_beyond_the_end_of_the_scan() -> tuple[bytes, bytes]:
    telling, plain = segment(0xDD, b"GP"), segment(0xDD, b"\0\0")
    return before(grey(), 0xDA, telling), before(grey(), 0xDA, plain)


def interval_behind_a_scan_that_has_one() -> tuple[bytes, bytes]:
    """The first scan has restarts; those behind it, of another file, have none."""
    first = taken_apart(progressive_with_restarts())
    rest = taken_apart(progressive())
    first, rest = first[: where(first, 0xDA) + 2], rest[where(rest, 0xDA) + 2 :]
    telling, plain = segment(0xDD, b"GP"), segment(0xDD, b"\0\0")
    return b"".join([*first, telling, *rest]), b"".join([*first, plain, *rest])


def tables_of_a_lossless_picture() -> tuple[bytes, bytes]:
    """Lossless coding has neither quantisation nor AC codes."""
    source = before(lossless(), 0xDA, segment(0xDB, b"\3" + (CANARY * 4)[:64]))
    source = huffman_table_without_use(source)
    frame = body_of(source, 0xC3)
    scan = body_of(source, 0xDA)
    source = replaced(source, 0xC3, frame[:-1] + b"\3")
    return replaced(source, 0xDA, scan[:2] + b"\3" + scan[3:]), lossless()


IDLE: tuple[Callable[[], tuple[bytes, bytes]], ...] = (
    numbers_behind_a_scan_header,
    numbers_of_tables_that_a_scan_does_not_use,
    interval_beyond_the_end_of_the_scan,
    interval_behind_a_scan_that_has_one,
    tables_of_a_lossless_picture,
)
"""Files with numbers that decide nothing, each as it should be."""


def another_picture_before_the_first_scan(jpeg: bytes) -> bytes:
    """A progressive one, an eighth as large, which the first scan then replaces."""
    hidden = taken_apart(encoded(scene(*SIZE, seed=8), quality=80, progressive=True))
    planted = hidden[where(hidden, 0xC4) : where(hidden, 0xDA) + 2]
    return before(jpeg, 0xC4, b"".join(planted))


def scan_that_stands_there_twice(jpeg: bytes) -> bytes:
    pieces = taken_apart(jpeg)
    n = where(pieces, 0xDA)
    return behind_first_scan(jpeg, b"".join(pieces[n : n + 2]))


def scan_left_out(jpeg: bytes, which: int) -> bytes:
    pieces = taken_apart(jpeg)
    n = [n for n, piece in enumerate(pieces) if piece[:2] == b"\xff\xda"][which]
    return b"".join(pieces[:n] + pieces[n + 2 :])


def with_scan(jpeg: bytes, first: int, last: int, bits: int) -> bytes:
    """With other numbers behind the tables of the first scan."""
    return replaced(jpeg, 0xDA, body_of(jpeg, 0xDA)[:-3] + bytes((first, last, bits)))
