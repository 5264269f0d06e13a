"""What stands in a video beside its pictures and sound, handed out for the readers.

Sources: ISO/IEC 14496-12:2022; XMP Specification Part 3, section 2.4 "MPEG-4".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from unexposed.errors import Malformed
from unexposed.formats._boxes import Box, Fields, read_boxes, read_full
from unexposed.formats._fourcc import legible_code
from unexposed.formats._leftover import GLIMPSE, trailer, unknown
from unexposed.formats.mp4 import _decoders as decoders
from unexposed.formats.mp4 import _layout as layouts
from unexposed.formats.mp4 import _notes as notes
from unexposed.formats.mp4._entries import CODECS, VIDEO
from unexposed.formats.mp4._entry_boxes import PICTURE_BOXES, VIDEO_BOXES
from unexposed.formats.mp4._extents import Extents
from unexposed.formats.mp4._layout import read_layout
from unexposed.formats.mp4._track import Track
from unexposed.formats.parts import Buffer, Part, Role
from unexposed.metadata.block import MAX_PAYLOAD, Block

XMP: Final = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
"""The type of a 'uuid' box that holds an XMP packet."""
C2PA: Final = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
"""The type of a 'uuid' box that holds C2PA records."""

_OF_MAKERS: Final[dict[bytes, tuple[str, int]]] = {
    bytes.fromhex("85c0b687820f11e08111f4ce462b6a48"): ("Canon's boxes", 0),
    bytes.fromhex("eaf42b5e1c984b88b9fbb7dc406e4d16"): ("Canon's preview", 8),
    bytes.fromhex("55534d5421d24fcebb88695cfac9c740"): ("Sony's boxes", 0),
}
"""Types of 'uuid' boxes that hold boxes as user data does -> their name, and bytes before these."""

_CONTAINERS: Final = frozenset(
    {
        b"moov",
        b"trak",
        b"mdia",
        b"minf",
        b"stbl",
        b"dinf",
        b"edts",
        b"tapt",
        b"mvex",
        b"moof",
        b"traf",
    }
)
_TIMES: Final = frozenset({b"mvhd", b"tkhd", b"mdhd"})
_TOLD: Final[dict[bytes, str]] = {
    b"udta": "user data",
    b"meta": "metadata",
    b"prft": "clock of the recorder",
}
_SPACE: Final = frozenset({b"free", b"skip", b"wide"})
_TECHNICAL: Final = frozenset(
    {*(b"elst", b"tref", b"iods", b"elng", b"load", b"gmhd", b"trgr", b"clef", b"prof", b"enof")}
    | {b"vmhd", b"smhd", b"nmhd", b"sthd", b"hmhd", b"url ", b"mehd", b"trex", b"leva", b"mfhd"}
    | {b"tfhd", b"tfdt", b"trun", b"subs", b"sbgp", b"sgpd", b"saiz", b"saio", b"cslg", b"stts"}
    | {b"ctts", b"stss", b"stps", b"stsh", b"sdtp", b"stsc", b"stsz", b"stz2", b"stco", b"co64"}
    | {b"padb", b"stdp", b"sidx", b"ssix", b"mfra", b"styp", b"ftyp"}
)
"""Boxes that tell nothing of a person, whether they stay or go."""

_HANDLER_NAME: Final = 24
_MAX_NAME: Final = 256
_VENDOR, _COMPRESSOR = 20, 50
_VIDEO_ENTRY: Final = 86
_COMPRESSOR_SIZE: Final = 32
_NO_VENDOR: Final = (b"appl", bytes(4))
_MAX_NOTES: Final = 64
_MAX_BLOCKS: Final = 2_000
_MAX_SAMPLES: Final = 256


def blocks(buffer: Buffer, parts: Sequence[Part]) -> list[Block]:
    """Hand out user data, times, names, notes, and what the tracks hold that go."""
    found: list[Block] = []
    room = 2 * MAX_PAYLOAD
    read_only = any(part.name == layouts.READ_ONLY for part in parts)
    for block in _beside(buffer) if read_only else _all(buffer, parts):
        if len(found) < _MAX_BLOCKS and block.size and len(block.payload) <= room:
            room -= len(block.payload)
            found.append(block)
    return found


def _beside(buffer: Buffer) -> Iterator[Block]:
    """Yield what stands in the boxes of a video that is read but not cleaned."""
    boxes, end = layouts.read_file(buffer)
    for box in boxes:
        if box.kind == b"moov":
            yield from _inside(buffer, box, "movie")
        elif box.kind != b"mdat":
            yield from _each(buffer, (box,), box, "file")
    if end < len(buffer):
        yield trailer(buffer, Part(end, len(buffer), Role.TRAILER, layouts.TRAILER))


def _all(buffer: Buffer, parts: Sequence[Part]) -> Iterator[Block]:
    layout = read_layout(buffer)
    boxes = {box.start: box for box in layout.boxes}
    for part in parts:
        if part.allowed:
            continue
        box = boxes.get(part.start)
        if part.role is Role.TRAILER:
            yield trailer(buffer, part)
        elif part.name in (layouts.MOVIE, layouts.FRAGMENT) and box:
            yield from _inside(buffer, box, "movie" if box.kind == b"moov" else "fragment")
        elif part.role in (Role.METADATA, Role.THUMBNAIL, Role.UNKNOWN) and box:
            yield from _each(buffer, (box,), box, "file")
    yield from _notes(buffer, parts)
    yield from _gaps(buffer, parts)
    yield from _tracks(buffer, zip(layout.movie.dropped, layout.dropped, strict=True))
    stays = {entry.stays for track in layout.movie.kept for entry in track.entries} - {b""}
    if stays:
        text = b", ".join(sorted(stays))
        yield Block("encoder", text, "MPEG-4 video", len(text))


def told_by_movie(
    buffer: Buffer, parts: Sequence[Part], movie: Box, dropped: Iterable[tuple[Track, Extents]]
) -> Iterator[Block]:
    """Yield what the tracks of a picture file tell: their headers, notes, and those that go."""
    yield from _inside(buffer, movie, "movie")
    yield from _notes(buffer, parts)
    yield from _tracks(buffer, dropped)


def _tracks(buffer: Buffer, dropped: Iterable[tuple[Track, Extents]]) -> Iterator[Block]:
    for track, extents in dropped:
        yield _track(buffer, track, extents)


def _inside(buffer: Buffer, box: Box, owner: str) -> Iterator[Block]:
    """Yield what the boxes in a box tell, as far as these can be read."""
    yield from _each(buffer, read_boxes(buffer, box.data, box.end), box, owner)


def _each(buffer: Buffer, boxes: Iterable[Box], holder: Box, owner: str) -> Iterator[Block]:
    tracks = 0
    try:
        for box in boxes:
            if box.kind == b"trak":
                tracks += 1
                yield from _inside(buffer, box, f"track {tracks}")
            elif box.kind in _CONTAINERS:
                yield from _inside(buffer, box, owner)
            else:
                yield from _box(buffer, box, owner)
    except Malformed:
        part = Part(holder.start, holder.end, Role.UNKNOWN, "")
        yield unknown(buffer, part, f"{owner}, a damaged box", legible_code(holder.kind))


def _box(buffer: Buffer, box: Box, owner: str) -> Iterator[Block]:
    kind = box.kind
    if kind in _TIMES:
        version, _, fields = read_full(buffer, box)
        if any(fields.take(16 if version else 8)):
            yield _block(buffer, box, f"{owner} header", kind.decode())
    elif kind in _TOLD:
        yield _block(buffer, box, f"{owner} {_TOLD[kind]}", kind.decode())
    elif kind == b"hdlr":
        start = min(box.end, box.data + _HANDLER_NAME)
        text = buffer[start : min(box.end, start + _MAX_NAME)]
        if text.strip(b"\0"):
            yield Block("quicktime", text, f"{owner} handler", box.size, "handler")
    elif kind == b"stsd":
        yield from _descriptions(buffer, box, owner)
    elif kind == b"dref":
        yield from _aliases(buffer, box, owner)
    elif kind == b"uuid" and box.uuid == XMP:
        yield Block("xmp", _payload(buffer, box), f"{owner} XMP", box.size)
    elif kind == b"uuid" and box.uuid == C2PA:
        yield Block("c2pa", _payload(buffer, box), "C2PA", box.size)
    elif kind == b"uuid" and box.uuid in _OF_MAKERS:
        name, before = _OF_MAKERS[box.uuid]
        payload = _payload(buffer, box)[before:]
        yield Block("quicktime", payload, f"{owner} {name}", box.size, "udta")
    elif kind == b"sefd":
        whole = trailer(buffer, Part(box.data, box.end, Role.TRAILER, ""))
        yield msgspec.structs.replace(whole, where=f"{owner} box 'sefd'")
    elif kind in _SPACE or kind not in _TECHNICAL:
        name = "free space" if kind in _SPACE else f"box '{legible_code(kind)}'"
        part = Part(box.data, box.end, Role.UNKNOWN, name)
        if _tells(buffer, part):
            yield unknown(buffer, part, f"{owner} {name}", legible_code(kind))


def _block(buffer: Buffer, box: Box, where: str, label: str) -> Block:
    return Block("quicktime", _payload(buffer, box), where, box.size, label)


def _payload(buffer: Buffer, box: Box) -> bytes:
    return buffer[box.data : min(box.end, box.data + MAX_PAYLOAD)]


def _tells(buffer: Buffer, part: Part) -> bool:
    """Tell whether bytes may hold something: a few zeros do not."""
    return part.size > GLIMPSE or bool(buffer[part.start : part.end].strip(b"\0"))


def _descriptions(buffer: Buffer, table: Box, owner: str) -> Iterator[Block]:
    """Yield what the descriptions of samples say of the program that made these."""
    _, _, fields = read_full(buffer, table)
    for box in read_boxes(buffer, min(table.end, fields.at + 4), table.end):
        entry = buffer[box.start : min(box.end, box.start + _VIDEO_ENTRY)]
        vendor, name = entry[_VENDOR : _VENDOR + 4], entry[_COMPRESSOR:][:_COMPRESSOR_SIZE]
        if len(vendor) == 4 and vendor not in _NO_VENDOR:
            yield Block("quicktime", vendor, f"{owner} vendor", 4, "compressor")
        if box.kind not in CODECS[VIDEO] or len(entry) < _VIDEO_ENTRY:
            continue
        if name.strip(b"\0"):
            yield Block("quicktime", name, f"{owner} compressor", len(name), "compressor")
        for one in read_boxes(buffer, box.start + _VIDEO_ENTRY, box.end):
            if one.kind in (b"avcC", b"hvcC"):
                for unit in decoders.notes(one.kind, Fields(buffer, one.data, one.end)):
                    header = 1 if one.kind == b"avcC" else 2
                    yield Block("sei", unit[header:], f"{owner} configuration", len(unit))
            elif one.kind not in VIDEO_BOXES and one.kind not in PICTURE_BOXES:
                yield from _box(buffer, one, owner)


def _aliases(buffer: Buffer, table: Box, owner: str) -> Iterator[Block]:
    _, _, fields = read_full(buffer, table)
    for box in read_boxes(buffer, min(table.end, fields.at + 4), table.end):
        if path := buffer[min(box.end, box.data + 4) : box.end]:
            yield Block("quicktime", path, f"{owner} reference", box.size, "alias")


def _notes(buffer: Buffer, parts: Sequence[Part]) -> Iterator[Block]:
    """Yield notes from the picture data, each text once: some stand in every frame."""
    seen: set[bytes] = set()
    for part in parts:
        if part.plain or part.name not in notes.NAMES:
            continue
        data = buffer[part.start : min(part.end, part.start + GLIMPSE)]
        if data in seen:
            continue
        seen.add(data)
        if part.name == notes.MESSAGES:
            yield Block("sei", data, "picture data (SEI)", part.size)
        else:
            yield Block("unknown", data, "unit in the picture data", part.size)
        if len(seen) >= _MAX_NOTES:
            return


def _gaps(buffer: Buffer, parts: Sequence[Part]) -> Iterator[Block]:
    """Yield one block for all bytes that no track points to."""
    gaps = [part for part in parts if part.name == layouts.GAP]
    telling = [part for part in gaps if _tells(buffer, part)]
    if telling:
        first = unknown(buffer, telling[0], layouts.GAP, "")
        size = sum(part.size for part in telling)
        yield Block("unknown", first.payload, first.where, size)


def _track(buffer: Buffer, track: Track, extents: Extents) -> Block:
    """Return the beginning of a track that goes, each sample with its length before it."""
    described = buffer[track.described[0] : track.described[1]][:GLIMPSE]
    payload = len(described).to_bytes(4) + described
    room = GLIMPSE
    for count, sample in enumerate(extents.samples(buffer)):
        if count >= _MAX_SAMPLES or len(sample) > room:
            break
        payload += len(sample).to_bytes(4) + sample
        room -= len(sample)
    label = "/".join(
        (legible_code(track.handler), legible_code(track.codecs[0]) if track.codecs else "")
    )
    size = min(len(buffer), sum(extents.lengths) + len(described))
    return Block("track", payload, track.name, max(1, size), label)
