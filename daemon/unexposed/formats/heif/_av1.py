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

from unexposed.errors import Malformed
from unexposed.formats._boxes import Fields
from unexposed.formats.heif._extents import Extents, Unit

NOTES: Final = "metadata OBU"
DELIMITER: Final = "temporal delimiter"
PADDING: Final = "padding OBU"
RESERVED: Final = "reserved OBU"
REPEATED: Final = "repeated header"

_SEQUENCE, _FRAME_HEADER, _TILE_GROUP, _FRAME, _TILE_LIST = 1, 3, 4, 6, 8
_NAMES: Final = {2: DELIMITER, 5: NOTES, 7: REPEATED, 15: PADDING}
_MAX_SEQUENCE: Final = 256
"""Bytes of a sequence header at most, far more than its fields take."""
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


def read_units(data: Extents, *, layered: bool) -> Iterator[Unit]:
    """Yield the units of one coded picture; a layered one is coded as several frames.

    Raises Malformed where sizes do not fit, where there is more than one picture, and for
    units of which decoders might make either something or nothing.
    """
    at, frames, sequence = 0, 0, b""
    while at < data.size:
        kind, begin, end = _read_unit(data, at)
        name = _NAMES.get(kind, "")
        if kind == _SEQUENCE:
            header = data.read(begin, min(end - begin, _MAX_SEQUENCE + 1))
            if len(header) > _MAX_SEQUENCE or sequence not in (b"", header):
                raise Malformed("an AV1 picture has strange sequence headers", data.where(at))
            name = REPEATED if sequence else ""
            sequence = header
        elif kind in (_FRAME_HEADER, _FRAME):
            frames += 1
        elif kind == _TILE_LIST:
            raise Malformed("an AV1 picture is made of tile lists", data.where(at))
        elif kind != _TILE_GROUP:
            name = name or RESERVED
        if frames > 1 and not layered:
            raise Malformed("an item holds more than one AV1 frame", data.where(at))
        if kind in (_FRAME_HEADER, _FRAME, _TILE_GROUP) and not sequence:
            raise Malformed("an AV1 picture has no sequence header", data.where(at))
        yield Unit(at, end, name)
        at = end
    if not frames:
        raise Malformed("an item holds no AV1 picture", data.where(0))


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
