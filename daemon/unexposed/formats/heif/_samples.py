"""The samples of an animation, which hold no more than still pictures may.

All notes give way to filler, those too that stay in a video; what sets a decoder up is said
once. Sources: as in `_av1` and `_hevc`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import msgspec

from unexposed.errors import Malformed
from unexposed.formats._boxes import Fields, read_boxes
from unexposed.formats.heif import _av1 as av1
from unexposed.formats.heif import _hevc as hevc
from unexposed.formats.heif._extents import Extents
from unexposed.formats.mp4._entries import Entry
from unexposed.formats.mp4._notes import (
    AV1_UNIT,
    HEVC,
    MAX_NOTES,
    Note,
    read_obus,
    read_units,
)
from unexposed.formats.parts import Buffer

ENTRY_BOXES = 86
"""Where in the description of a sample its boxes begin."""

_BARE = msgspec.structs.replace(HEVC, messages={})


def screened(entries: Sequence[Entry], first: Extents) -> tuple[Entry, ...]:
    """Return the descriptions of a track's samples, with what finds all notes in these.

    `first` is the first sample. Raises Malformed.
    """
    made = []
    for entry in entries:
        if entry.kind == b"av01":
            screen = partial(_obus, header=av1.sequence_header(first))
        else:
            screen = partial(_units, configuration=configuration(entry))
        made.append(msgspec.structs.replace(entry, screen=screen))
    return tuple(made)


def configuration(entry: Entry) -> hevc.Configuration:
    """Return how a description of HEVC's samples says that a decoder is set up. Raises Malformed."""
    boxes = {box.kind: box for box in read_boxes(entry.plain, ENTRY_BOXES, len(entry.plain))}
    at = boxes[b"hvcC"]
    return hevc.read_configuration(Fields(entry.plain, at.data, at.end))


def _obus(buffer: Buffer, start: int, end: int, *, header: bytes) -> Iterator[Note]:
    """Yield the notes in a sample. Raises Malformed for one with another sequence header."""
    found = {*read_obus(buffer, start, end)}
    data = Extents(buffer, [(start, end)])
    for kind, at, begin, stop in av1.each_unit(data):
        if kind == av1.SEQUENCE and data.read(begin, stop - begin) != header:
            raise Malformed("an animation says twice how its pictures are coded", start + at)
        if kind == av1.METADATA:
            if stop - at > MAX_NOTES:
                raise Malformed("notes in the picture data are too large", start + at)
            found.add(Note(start + at, start + stop, AV1_UNIT))
    yield from sorted(found)


def _units(
    buffer: Buffer, start: int, end: int, *, configuration: hevc.Configuration
) -> Iterator[Note]:
    """Yield the notes in a sample. Raises Malformed for parameters that are not in its description."""
    prefix = configuration.length_size
    at = start
    while at < end:
        body = at + prefix
        at = body + int.from_bytes(buffer[at:body])
        size = at - body
        if at > end:
            break
        if (
            size
            and buffer[body] >> 1 in hevc.PARAMETERS
            and (size > hevc.MAX_PARAMETERS or buffer[body:at] not in configuration.parameters)
        ):
            raise Malformed("parameters of a picture stand outside of its header", body)
    yield from read_units(buffer, start, end, _BARE, prefix)
