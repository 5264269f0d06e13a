"""How decoders of pictures and sound are set up: configurations, written anew without notes.

Parameter sets, and the few bytes that a sound decoder starts from, are copied as they stand.
Each function takes the fields of a box's payload, returns the payload that a clean copy has, and
raises Malformed. Sources: ISO/IEC 14496-1 section 7.2.6; ISO/IEC 14496-15:2022 sections 5.3.3
and 8.3.3; AV1 Codec ISO Media File Format Binding 1.2; VP Codec ISO Media File Format Binding
1.0; Encapsulation of Opus in ISO Base Media File Format 0.6.8; Encapsulation of FLAC in ISO Base
Media File Format; ETSI TS 102 366 annex F; 3GPP TS 26.244 sections 6.7 and 6.8; Dolby
Vision Streams Within the ISO Base Media File Format 2.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from unexposed.errors import Malformed
from unexposed.formats._boxes import Fields
from unexposed.formats.mp4._clock import Timing, read_timing
from unexposed.formats.mp4._notes import AVC, HEVC, Syntax, plain_unit, read_obus, unescaped

MAX_CONFIGURATION: Final = 16 << 10
"""Bytes of a decoder's parameters at most."""
MAX_SPECIFIC: Final = 1 << 10
"""Bytes that an MPEG-4 decoder starts from at most."""

_LENGTH_SIZES: Final = (1, 2, 4)
_AVC_PARAMETERS: Final = frozenset({7, 8, 13, 15})
_HEVC_PARAMETERS: Final = frozenset({32, 33, 34})
_AVC_EXTENDED: Final = frozenset({100, 110, 122, 144, 244})
"""Profiles whose configuration may go on with the format of colours and depths."""

_ES, _DECODER, _SPECIFIC, _SYNC = 3, 4, 5, 6
_SYNC_IN_MP4: Final = b"\x02"
_STREAM_FIELDS: Final = 13
_DEPENDS, _URL, _CLOCK = 0x80, 0x40, 0x20

_FLAC_STREAM: Final = 34
_FLAC_LAST: Final = 0x80


def avc(fields: Fields) -> bytes:
    """H.264: the sequence and picture parameter sets."""
    begin = fields.at
    head = fields.take(5)
    _length_size(head[4], head[0], begin)
    sequence = _units(fields, fields.number(1) & 0x1F, AVC, _AVC_PARAMETERS)
    picture = _units(fields, fields.number(1), AVC, _AVC_PARAMETERS)
    made = head[:4] + bytes([head[4] | 0xFC, 0xE0 | len(sequence)]) + _joined(sequence)
    made += bytes([len(picture)]) + _joined(picture)
    if head[1] in _AVC_EXTENDED and fields.left >= 4:
        colours, luma, chroma, count = fields.take(4)
        more = _units(fields, count, AVC, _AVC_PARAMETERS)
        made += bytes([colours | 0xFC, luma | 0xF8, chroma | 0xF8, len(more)]) + _joined(more)
    return made


def hevc(fields: Fields) -> bytes:
    """H.265: the parameter sets, and notes as far as they stay in the picture too."""
    begin = fields.at
    head = fields.take(22)
    _length_size(head[21], head[0], begin)
    reserved = bytes([head[13] | 0xF0, head[14], head[15] | 0xFC, head[16] | 0xFC])
    made = head[:13] + reserved + bytes([head[17] | 0xF8, head[18] | 0xF8]) + head[19:22]
    return made + _arrays(fields)


def layered_hevc(fields: Fields) -> bytes:
    """H.265 in layers, as for two eyes: the parameter sets of the further ones."""
    begin = fields.at
    head = fields.take(5)
    _length_size(head[4], head[0], begin)
    made = bytes([head[0], head[1] | 0xF0, head[2], head[3] | 0xFC, head[4] | 0xC0])
    return made + _arrays(fields)


def length_size(kind: bytes, configuration: bytes) -> int:
    """Return how many bytes the length before a unit takes, as 'avcC' or 'hvcC' states it."""
    return (configuration[4 if kind == b"avcC" else 21] & 0b11) + 1


def timing(configuration: bytes) -> Timing:
    """Return what an 'avcC' payload made by `avc` tells of the picture timing.

    What cannot be read is taken for one that has a clock in every message.
    """
    fields = Fields(configuration, 5, len(configuration))
    if not fields.number(1) & 0x1F:
        return Timing(0, structured=True)
    parameters, _ = unescaped(fields.take(fields.number(2)))
    try:
        return read_timing(parameters[1:])
    except Malformed:
        return Timing(0, structured=True)


def notes(kind: bytes, fields: Fields) -> list[bytes]:
    """Return the units of notes in the payload of an 'avcC' or 'hvcC' box. Raises Malformed."""
    syntax, counts = (AVC, _avc_counts) if kind == b"avcC" else (HEVC, _hevc_counts)
    units = [fields.take(fields.number(2)) for count in counts(fields) for _ in range(count)]
    return [
        unit for unit in units if unit and unit[0] >> syntax.shift & syntax.mask in syntax.notes
    ]


def _avc_counts(fields: Fields) -> Iterator[int]:
    fields.take(5)
    yield fields.number(1) & 0x1F
    yield fields.number(1)


def _hevc_counts(fields: Fields) -> Iterator[int]:
    fields.take(22)
    for _ in range(fields.number(1)):
        fields.take(1)
        yield fields.number(2)


def av1(fields: Fields) -> bytes:
    """AV1: the sequence header, and what else of its units stays in the picture too."""
    begin = fields.at
    head = fields.take(4)
    if head[0] != 0x81:
        raise Malformed("an AV1 configuration of unknown version", begin)
    units = fields.take(min(fields.left, MAX_CONFIGURATION))
    at, kept = 0, []
    for note in read_obus(units, 0, len(units)):
        kept.append(units[at : note.start])
        at = note.end
    delay = head[3] & 0x1F if head[3] & 0x10 else 0
    return head[:3] + bytes([delay]) + b"".join(kept) + units[at:]


def vp9(fields: Fields) -> bytes:
    """VP8 and VP9: profile, level, depth and colours."""
    begin = fields.at
    if fields.number(4) >> 24 != 1:
        raise Malformed("a VP9 configuration of unknown version", begin)
    return b"\1\0\0\0" + fields.take(6) + bytes(2)


def streams(fields: Fields) -> bytes:
    """MPEG-4's descriptors: which codec, and what its decoder starts from.

    Raises Malformed too for a stream that stands elsewhere or needs another one.
    """
    begin = fields.at
    fields.take(4)
    stream = _descriptor(fields, _ES)
    number, flags = stream.take(2), stream.number(1)
    if flags & (_DEPENDS | _URL | _CLOCK):
        raise Malformed("a stream that depends on another one", begin)
    decoder = _descriptor(stream, _DECODER)
    head = decoder.take(_STREAM_FIELDS)
    specific = b""
    if decoder.left:
        inner = _descriptor(decoder, _SPECIFIC)
        if inner.left > MAX_SPECIFIC:
            raise Malformed("a stream has too much to start from", begin)
        specific = _make_descriptor(_SPECIFIC, inner.take(inner.left))
    made = number + bytes([flags & 0x1F]) + _make_descriptor(_DECODER, head + specific)
    return bytes(4) + _make_descriptor(_ES, made + _make_descriptor(_SYNC, _SYNC_IN_MP4))


def object_type(configuration: bytes) -> int:
    """Return which codec a payload made by `streams` names (ISO/IEC 14496-1 table 5)."""
    decoder = _descriptor(Fields(configuration, 4, len(configuration)), _ES)
    decoder.take(3)
    return _descriptor(decoder, _DECODER).number(1)


def specific_info(configuration: bytes) -> bytes:
    """Return what the decoder starts from by a payload made by `streams`, b"" for nothing."""
    stream = _descriptor(Fields(configuration, 4, len(configuration)), _ES)
    stream.take(3)
    decoder = _descriptor(stream, _DECODER)
    decoder.take(_STREAM_FIELDS)
    if not decoder.left:
        return b""
    inner = _descriptor(decoder, _SPECIFIC)
    return inner.take(inner.left)


def opus(fields: Fields) -> bytes:
    """Opus: channels, the samples to skip, the gain, and which stream goes to which channel."""
    head = fields.take(11)
    return head + (fields.take(2 + head[1]) if head[10] else b"")


def flac(fields: Fields) -> bytes:
    """FLAC: the description of the stream alone; its comments and pictures go."""
    fields.take(4)
    kind, size = fields.number(1) & ~_FLAC_LAST, fields.number(3)
    if kind or size != _FLAC_STREAM:
        raise Malformed("a FLAC stream is not described", fields.at)
    return bytes([0, 0, 0, 0, _FLAC_LAST]) + size.to_bytes(3) + fields.take(size)


def enhanced_ac3(fields: Fields) -> bytes:
    """E-AC-3: its substreams, and whether they carry objects (two bytes at the end)."""
    head = fields.take(2)
    made = head
    for _ in range((head[1] & 0b111) + 1):
        stream = fields.take(3)
        made += stream + fields.take(1 if stream[2] >> 1 & 0xF else 0)
    return made + (fields.take(2) if fields.left >= 2 else b"")


def amr(fields: Fields) -> bytes:
    """AMR: the modes and how many frames make a sample; maker and version go."""
    return bytes(5) + fields.take(9)[5:]


def h263(fields: Fields) -> bytes:
    """H.263: level and profile; maker and version go."""
    return bytes(5) + fields.take(7)[5:]


def dolby_vision(fields: Fields) -> bytes:
    """Dolby Vision: profile, level and which layers there are."""
    head = fields.take(5)
    return head[:4] + bytes([head[4] & 0xFC]) + bytes(19)


def _length_size(value: int, version: int, where: int) -> None:
    if version != 1 or (value & 0b11) + 1 not in _LENGTH_SIZES:
        raise Malformed("a decoder's configuration of unknown version", where)


def _units(fields: Fields, count: int, syntax: Syntax, parameters: frozenset[int]) -> list[bytes]:
    """Return the next units, as far as they are parameter sets or hold notes that stay."""
    made = []
    for _ in range(count):
        where = fields.at
        unit = fields.take(fields.number(2))
        kind = unit[0] >> syntax.shift & syntax.mask if len(unit) > syntax.header else -1
        if kind in parameters:
            made.append(unit)
        elif kind in syntax.notes and (plain := plain_unit(unit, syntax, where)):
            made.append(plain)
    if sum(map(len, made)) > MAX_CONFIGURATION:
        raise Malformed("the parameters of a decoder are too large", fields.at)
    return made


def _arrays(fields: Fields) -> bytes:
    arrays = []
    for _ in range(fields.number(1)):
        head = fields.number(1) & 0xBF
        wanted = frozenset({head & 0x3F}) & _HEVC_PARAMETERS
        if units := _units(fields, fields.number(2), HEVC, wanted):
            arrays.append(bytes([head]) + len(units).to_bytes(2) + _joined(units))
    return bytes([len(arrays)]) + b"".join(arrays)


def _joined(units: Iterable[bytes]) -> bytes:
    return b"".join(len(unit).to_bytes(2) + unit for unit in units)


def _descriptor(fields: Fields, tag: int) -> Fields:
    """Return the content of the next descriptor, which must be of this kind, and pass it over."""
    begin = fields.at
    if fields.number(1) != tag:
        raise Malformed("a stream is not described as it should be", begin)
    size = 0
    for _ in range(4):
        byte = fields.number(1)
        size = size << 7 | byte & 0x7F
        if not byte & 0x80:
            break
    content = fields.take(size)
    return Fields(content, 0, size)


def _make_descriptor(tag: int, content: bytes) -> bytes:
    size, coded = len(content), b""
    while True:
        coded = bytes([size & 0x7F | (0x80 if coded else 0)]) + coded
        size >>= 7
        if not size:
            return bytes([tag]) + coded + content
