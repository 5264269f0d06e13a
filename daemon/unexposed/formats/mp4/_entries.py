"""What the samples of a track are: the entries of 'stsd', written anew without names.

Codecs are an allowlist: of any other it is not known whether its samples carry notes, and how
these would be found. So are the fields and boxes of an entry, on which the name of the
compressor and its maker do not stand. Sources: ISO/IEC 14496-12:2022 sections 8.5.2, 12.1 and
12.2; QuickTime File Format (2016), "Sound Sample Descriptions".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final

import msgspec

from unexposed.errors import Held, Malformed
from unexposed.formats._boxes import Box, Fields, make_box, read_boxes, read_full
from unexposed.formats.mp4 import _decoders as decoders
from unexposed.formats.mp4._entry_boxes import (
    DOLBY,
    PICTURE_BOXES,
    SEALED,
    SOUND_BOXES,
    VIDEO_BOXES,
    WAVE_BOXES,
    Plain,
    children,
    holding,
    made,
)
from unexposed.formats.mp4._notes import (
    AVC,
    DOLBY_HEVC,
    EXTENDED_AVC,
    HEVC,
    Note,
    read_obus,
    read_units,
)
from unexposed.formats.mp4._screens import USER_DATA, read_prores, read_user_data
from unexposed.formats.mp4._tables import Packing
from unexposed.formats.parts import Buffer

Screen = Callable[[Buffer, int, int], Iterator[Note]]
"""Finds the notes in the sample that stands from here to there."""

VIDEO, SOUND = b"vide", b"soun"
PICTURES, AUXILIARY = b"pict", b"auxv"
"""Tracks of a picture file: an animation, and what goes with one, as its transparency."""
MAX_ENTRIES: Final = 16
"""Kinds of samples that a track has at most."""

PRORES: Final = (b"apco", b"apcs", b"apcn", b"apch", b"ap4h", b"ap4x")
_EXTENDED: Final = 88
"""The profile of H.264 whose slices may come in partitions."""

CODECS: Final[dict[bytes, dict[bytes, bytes]]] = {
    VIDEO: {
        **dict.fromkeys((b"avc1", b"avc3", b"dva1", b"dvav"), b"avcC"),
        **dict.fromkeys((b"hvc1", b"hev1", b"dvh1", b"dvhe"), b"hvcC"),
        **dict.fromkeys((b"av01", b"dav1"), b"av1C"),
        **dict.fromkeys((b"vp08", b"vp09"), b"vpcC"),
        b"mp4v": b"esds",
        **dict.fromkeys((b"s263", b"h263"), b""),
        **dict.fromkeys(PRORES, b""),
    },
    SOUND: {
        b"mp4a": b"esds",
        b"alac": b"alac",
        b"Opus": b"dOps",
        b"fLaC": b"dfLa",
        b"ac-3": b"dac3",
        b"ec-3": b"dec3",
        **dict.fromkeys((b"ipcm", b"fpcm"), b"pcmC"),
        **dict.fromkeys((b".mp3", b"samr", b"sawb", b"ima4", b"MAC3", b"MAC6", b"agsm"), b""),
        **dict.fromkeys((b"raw ", b"NONE", b"twos", b"sowt", b"lpcm", b"ulaw", b"alaw"), b""),
        **dict.fromkeys((b"in24", b"in32", b"fl32", b"fl64"), b""),
    },
    PICTURES: {b"hvc1": b"hvcC", b"av01": b"av1C"},
    AUXILIARY: {b"hvc1": b"hvcC", b"av01": b"av1C"},
}
"""Kind of track -> the codecs that can be kept, each with the box that sets up its decoder."""

_FURTHER: Final[dict[bytes, tuple[bytes, ...]]] = {
    **dict.fromkeys((b"avc1", b"avc3", b"dva1", b"dvav"), (b"avcE", *DOLBY)),
    **dict.fromkeys((b"hvc1", b"hev1", b"dvh1", b"dvhe"), (b"hvcE", b"lhvC", *DOLBY)),
    **dict.fromkeys((b"av01", b"dav1"), DOLBY),
    **dict.fromkeys((b"s263", b"h263"), (b"d263",)),
    b"mp4a": (b"mp4a",),
    **dict.fromkeys((b"samr", b"sawb"), (b"damr",)),
}
"""Codec -> what else sets up its decoder, or that of a further layer."""
_OF_CODECS: Final = frozenset(
    {kind for codecs in CODECS.values() for kind in codecs.values()}.union(*_FURTHER.values())
)
"""The boxes that only one codec or another has."""
MAX_AAC: Final = 64
"""Bytes that a decoder of AAC starts from at most."""

ENCRYPTED: Final = frozenset({b"encv", b"enca", b"enct", b"encs", b"drmi", b"drms"})

_STREAM_TYPES: Final[dict[bytes, frozenset[int]]] = {
    b"mp4v": frozenset({0x20, *range(0x60, 0x66), 0x6A}),
    b"mp4a": frozenset({0x40, 0x66, 0x67, 0x68, 0x69, 0x6B, 0xA5, 0xA6, 0xA9}),
}
"""Object types of MPEG-4, MPEG-2 and MPEG-1 pictures; of AAC, MP3, AC-3 and DTS."""

_UNCOMPRESSED: Final[dict[bytes, int]] = {
    **dict.fromkeys((b"raw ", b"NONE", b"twos", b"sowt", b"lpcm"), 0),
    **dict.fromkeys((b"ulaw", b"alaw"), 8),
    b"in24": 24,
    **dict.fromkeys((b"in32", b"fl32"), 32),
    b"fl64": 64,
}
"""Codec of uncompressed sound -> bits of a number, 0 where the entry says how many."""
_PACKED: Final[dict[bytes, tuple[int, int]]] = {
    b"ima4": (64, 34),
    b"MAC3": (6, 2),
    b"MAC6": (6, 1),
}
"""Codec -> samples in a packet, and bytes of it for each channel."""

_TERMINATOR: Final = b"\0\0\0\x08\0\0\0\0"
_PALETTE_DEPTHS: Final = (1, 2, 4, 8)
_NO_PALETTE: Final = b"\xff\xff"


class Entry(msgspec.Struct, frozen=True):
    """One kind of sample that a track has. `plain` is the entry that a clean copy has.

    `screen` finds the notes in a sample; None where the codec has none that could go. `frame` is
    the bytes of one frame of uncompressed sound, `packet` how compressed sound is packed.
    `stays` is what an encoder says of itself and decoders go by.
    """

    kind: bytes
    plain: bytes
    screen: Screen | None = None
    frame: int = 0
    packet: Packing | None = None
    stays: bytes = b""

    def packing(self, shared: int, *, one_tick: bool) -> Packing:
        """Return how samples are packed of which the table says that they share a size.

        Of sound whose every sample lasts one tick this size means nothing: what counts is the
        entry, as in ffmpeg's mov.c. Raises Malformed where both contradict each other.
        """
        stated = self.packet or (Packing(1, self.frame) if self.frame else None)
        if not one_tick or stated is None:
            return Packing(1, shared)
        if not stated.size or shared not in (1, stated.size):
            raise Malformed("the size of sound samples contradicts their description", 0)
        return stated


def codecs(buffer: Buffer, table: Box) -> list[bytes]:
    """Return the codecs that an 'stsd' box names. Raises Malformed."""
    return [box.kind for box in _entries(buffer, table)[1]]


def read_entries(buffer: Buffer, table: Box, handler: bytes) -> tuple[bytes, list[Entry]]:
    """Return the 'stsd' box that a clean copy has, and the kinds of samples in it.

    Raises Malformed for an entry that cannot be read, Held for one that may not be kept.
    """
    version, boxes = _entries(buffer, table)
    found = []
    for box in boxes:
        if box.kind in ENCRYPTED:
            raise Held(SEALED)
        if box.kind not in CODECS[handler]:
            raise Malformed("has samples of several kinds, and not all are known", box.start)
        if handler == SOUND:
            found.append(_sound(buffer, box, version))
        else:
            found.append(_video(buffer, box, VIDEO_BOXES if handler == VIDEO else PICTURE_BOXES))
    head = bytes([version, 0, 0, 0]) + len(found).to_bytes(4)
    return make_box(b"stsd", head, *(entry.plain for entry in found)), found


def _entries(buffer: Buffer, table: Box) -> tuple[int, list[Box]]:
    version, _, fields = read_full(buffer, table)
    count = fields.number(4)
    boxes = list(read_boxes(buffer, fields.at, table.end))
    if version > 1 or not 0 < count <= min(len(boxes), MAX_ENTRIES):
        raise Malformed("samples are not described as they should be", table.start)
    return version, boxes[:count]


def _video(buffer: Buffer, box: Box, table: dict[bytes, Plain]) -> Entry:
    fields = Fields(buffer, box.data, box.end)
    reference = fields.take(8)[6:]
    fields.take(16)
    size, resolution = fields.take(4), fields.take(8)
    fields.take(4)
    frames = fields.take(2)
    fields.take(32)
    depth, palette = fields.take(2), fields.take(2)
    if depth[1] & 0x1F in _PALETTE_DEPTHS and palette != _NO_PALETTE:
        raise Malformed("has a picture with a palette", box.start)
    kept = children(buffer, fields.at, box.end, _own(table, VIDEO, box.kind))
    configuration = _configuration(box, VIDEO, kept)
    head = bytes(6) + reference + bytes(16) + size + resolution + bytes(4) + frames + bytes(32)
    plain = make_box(box.kind, head, depth, _NO_PALETTE, *made(kept))
    name = _user_data(decoders.specific_info(configuration)) if box.kind == b"mp4v" else b""
    if box.kind in PRORES:
        screen: Screen | None = read_prores
    elif box.kind == b"mp4v":
        screen = partial(read_user_data, known=name)
    else:
        screen = _screen(CODECS[VIDEO][box.kind], configuration, kept)
    return Entry(box.kind, plain, screen, stays=name)


def _sound(buffer: Buffer, box: Box, table_version: int) -> Entry:
    fields = Fields(buffer, box.data, box.end)
    reference = fields.take(8)[6:]
    version = fields.number(2)
    fields.take(6)
    channels, bits, compression = fields.number(2), fields.number(2), fields.take(2)
    fields.take(2)
    rate = fields.take(4)
    more, packet = b"", None
    quicktime = version and not table_version
    if version > (1 if table_version else 2):
        raise Malformed("has sound of an unknown version", box.start)
    if quicktime and version == 1:
        more = fields.take(16)
        samples, size = int.from_bytes(more[:4]), int.from_bytes(more[8:12])
        packet = Packing(samples, size) if samples > 1 and size else None
    elif quicktime:
        more = (72).to_bytes(4) + fields.take(36)[4:]
    head = (
        bytes(6)
        + reference
        + version.to_bytes(2)
        + bytes(6)
        + channels.to_bytes(2)
        + bits.to_bytes(2)
        + compression
        + bytes(2)
        + rate
    )
    wave = holding(_own(WAVE_BOXES, SOUND, box.kind), _TERMINATOR)
    table = _own(SOUND_BOXES, SOUND, box.kind) | {b"wave": wave}
    kept = children(buffer, fields.at, box.end, table)
    _configuration(box, SOUND, kept)
    if quicktime and version == 2:
        channels, bits = int.from_bytes(more[12:16]), int.from_bytes(more[20:24])
    frame = 0
    if box.kind in _UNCOMPRESSED:
        frame, packet = ((_UNCOMPRESSED[box.kind] or bits) + 7) // 8 * channels, None
    elif box.kind in _PACKED:
        samples, size = _PACKED[box.kind]
        packet = Packing(samples, size * channels)
    return Entry(box.kind, make_box(box.kind, head, more, *made(kept)), None, frame, packet)


def _own(table: dict[bytes, Plain], handler: bytes, codec: bytes) -> dict[bytes, Plain]:
    """Return a table without the boxes that belong to other codecs."""
    others = _OF_CODECS - {CODECS[handler][codec], *_FURTHER.get(codec, ())}
    return {kind: plain for kind, plain in table.items() if kind not in others}


def _configuration(box: Box, handler: bytes, kept: dict[tuple[bytes, bytes], bytes]) -> bytes:
    """Return what sets up the decoder of an entry. Raises Malformed where that is missing."""
    kind = CODECS[handler][box.kind]
    if not kind:
        return b""
    found = kept.get((kind, b""), b"")
    if not found and (wave := kept.get((b"wave", b""))):
        found = children(wave, 0, len(wave), WAVE_BOXES).get((kind, b""), b"")
    if not found:
        raise Malformed(f"has no '{kind.decode()}' to set up a decoder with", box.start)
    types = _STREAM_TYPES.get(box.kind)
    if types and decoders.object_type(found) not in types:
        raise Held("a track of it is coded in a way that is not known: convert it to H.264 and AAC")
    if handler == SOUND and types and len(decoders.specific_info(found)) > MAX_AAC:
        raise Malformed("a decoder of sound has too much to start from", box.start)
    return found


def _screen(
    kind: bytes, configuration: bytes, kept: Mapping[tuple[bytes, bytes], bytes]
) -> Screen | None:
    """Return what finds the notes among samples that a box of this kind sets up a decoder for."""
    if kind == b"av1C":
        return read_obus
    if kind == b"avcC":
        known = EXTENDED_AVC if configuration[1] == _EXTENDED else AVC
        syntax = msgspec.structs.replace(known, timing=decoders.timing(configuration))
    elif kind == b"hvcC":
        known = DOLBY_HEVC if any((one, b"") in kept for one in DOLBY) else HEVC
        syntax = msgspec.structs.replace(known, layers=(b"lhvC", b"") in kept)
    else:
        return None
    size = decoders.length_size(kind, configuration)
    return partial(read_units, syntax=syntax, length_size=size)


def _user_data(specific: bytes) -> bytes:
    """Return what an MPEG-4 encoder calls itself: decoders make up for its faults by that name."""
    _, found, text = specific.partition(USER_DATA)
    return text.partition(b"\0\0\1")[0] if found else b""
