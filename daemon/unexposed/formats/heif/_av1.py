"""AV1: the configuration of a decoder, and the units (OBUs) of which a coded picture is made.

The sequence header and the frame are copied as they stand; delimiters, notes, padding
and units that decoders pass over go. Bytes that somebody added inside a frame cannot be told
from the picture without decoding it.
Sources: AV1 bitstream specification sections 5.3, 5.4 and 6.2.2; AV1 Codec ISO Media File
Format Binding 1.2 section 2.3; AV1 Image File Format 1.1 section 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from unexposed.errors import Held, Malformed
from unexposed.formats._boxes import Fields
from unexposed.formats.heif._av1_sequence import size_of
from unexposed.formats.heif._extents import Extents, Unit

NOTES: Final = "metadata OBU"
DELIMITER: Final = "temporal delimiter"
PADDING: Final = "padding OBU"
RESERVED: Final = "reserved OBU"
REPEATED: Final = "repeated header"

SEQUENCE, METADATA = 1, 5
_FRAME_HEADER, _TILE_GROUP, _FRAME, _TILE_LIST = 3, 4, 6, 8
_CODED: Final = (_FRAME_HEADER, _TILE_GROUP, _FRAME)
_WHOLE: Final = (bytes([_FRAME]), bytes([_FRAME_HEADER, _TILE_GROUP]))
"""The types of units that make up a whole frame."""
_NAMES: Final = {2: DELIMITER, METADATA: NOTES, 7: REPEATED, 15: PADDING}
MAX_SEQUENCE: Final = 64
"""Bytes of a sequence header at most: that of a picture has 15 or fewer."""
_LAYERED: Final = "it is coded in several layers, of which viewers may show one only"
_MAX_LEB: Final = 8
_HEADER: Final = 2


def plain_configuration(fields: Fields) -> bytes:
    """Return the payload of an 'av1C' box that says what this one says of the decoder.

    The units that may follow its fields are left out: the picture's own say the same.
    Raises Malformed.
    """
    begin = fields.at
    marker, profile, depths, delay = fields.take(4)
    if marker != 0x81:
        raise Malformed("an AV1 configuration of unknown version", begin)
    return bytes([marker, profile, depths, delay & 0x1F if delay & 0x10 else 0])


def read_units(data: Extents) -> Iterator[Unit]:
    """Yield the units of one coded picture: a header, and one frame.

    A frame is one unit, or two: its own header and its tiles. Raises Held for several frames,
    and Malformed where sizes do not fit and for units of which decoders might make either
    something or nothing.
    """
    frame, sequence = b"", b""
    for kind, at, begin, end in each_unit(data):
        name, where = _NAMES.get(kind, ""), data.where(at)
        if kind == SEQUENCE:
            header = data.read(begin, min(end - begin, MAX_SEQUENCE + 1))
            if len(header) > MAX_SEQUENCE or sequence not in (b"", header):
                raise Malformed("an AV1 picture has strange sequence headers", where)
            name = REPEATED if sequence else ""
            sequence = header
        elif kind in _CODED:
            if not sequence:
                raise Malformed("an AV1 picture has no sequence header", where)
            frame += bytes([kind])
            if kind != _TILE_GROUP and len(frame) > 1:
                raise Held(_LAYERED)
            if not any(whole.startswith(frame) for whole in _WHOLE):
                raise Malformed("tiles of an AV1 picture stand outside of its frame", where)
        elif kind == _TILE_LIST:
            raise Malformed("an AV1 picture is made of tile lists", where)
        else:
            name = name or RESERVED
        yield Unit(at, end, name)
    if frame not in _WHOLE:
        raise Malformed("an item holds no AV1 picture", data.where(0))


def coded_size(data: Extents) -> tuple[int, int]:
    """Return width and height of a coded picture in pixels at most. Raises Malformed."""
    return size_of(sequence_header(data), data.where(0))


def sequence_header(data: Extents) -> bytes:
    """Return the first sequence header of a picture. Raises Malformed where there is none."""
    for kind, at, begin, end in each_unit(data):
        if kind == SEQUENCE:
            if end - begin > MAX_SEQUENCE:
                raise Malformed("an AV1 picture has strange sequence headers", data.where(at))
            return data.read(begin, end - begin)
    raise Malformed("an AV1 picture has no sequence header", data.where(0))


def each_unit(data: Extents) -> Iterator[tuple[int, int, int, int]]:
    """Yield each unit's type, where it begins, and where its payload does and ends."""
    at = 0
    while at < data.size:
        kind, begin, end = _read_unit(data, at)
        yield kind, at, begin, end
        at = end


def _read_unit(data: Extents, at: int) -> tuple[int, int, int]:
    """Return a unit's type, and where its payload begins and ends."""
    head = data.read(at, _HEADER + _MAX_LEB)
    if head[0] & 0x80:
        raise Malformed("an AV1 unit does not begin as one", data.where(at))
    kind, extended, sized = head[0] >> 3 & 0xF, head[0] & 0b100, head[0] & 0b10
    begin = 2 if extended else 1
    if not sized:
        size = data.size - at - begin
    else:
        size = 0
        for place, byte in enumerate(head[begin : begin + _MAX_LEB]):
            size |= (byte & 0x7F) << 7 * place
            if not byte & 0x80:
                begin += place + 1
                break
        else:
            raise Malformed("an AV1 unit has no size", data.where(at))
    end = at + begin + size
    if size < 0 or end > data.size:
        raise Malformed("an AV1 unit runs over the end of its picture", data.where(at))
    return kind, at + begin, end
