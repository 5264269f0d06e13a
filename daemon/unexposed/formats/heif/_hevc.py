"""HEVC: the configuration of a decoder, and the units of which a coded picture is made.

Parameter sets and slices are copied as they stand; notes (SEI), padding and units that
decoders pass over go. Bytes that somebody added inside a slice or a parameter set
cannot be told from the picture without decoding it.
Sources: ISO/IEC 14496-15:2022 section 8.3.2.1.2; ITU-T H.265 table 7-1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from unexposed.errors import Malformed
from unexposed.formats._boxes import Fields
from unexposed.formats.heif._extents import Extents, Unit
from unexposed.formats.heif._hevc_parameters import (
    SLICE_HEAD,
    Picture,
    Sequence,
    read_picture,
    read_sequence,
    read_slice,
)
from unexposed.metadata.sei import number

NOTES: Final = "SEI"
DELIMITER: Final = "delimiter"
PADDING: Final = "filler data"
OTHER_LAYER: Final = "another layer"
RESERVED: Final = "reserved unit"
REPEATED: Final = "repeated parameter set"

MAX_PARAMETERS: Final = 4_096
"""Bytes of all parameter sets at most: what needs more than a picture's few hundred hides something."""

_MAX_VIDEO: Final = 100
"""Bytes of the parameters of the whole video at most; those of a picture have some 25."""

_SLICES: Final = frozenset(range(16, 22))
"""Slices that need no picture before them."""
_OTHER_SLICES: Final = frozenset({*range(16), *range(22, 32)})
_VIDEO, _SEQUENCE, _PICTURE = PARAMETERS = (32, 33, 34)
_NAMES: Final = {
    35: DELIMITER,
    36: DELIMITER,
    37: DELIMITER,
    38: PADDING,
    39: NOTES,
    40: NOTES,
}
_UNIT_HEADER: Final = 2
_LENGTH_SIZES: Final = (1, 2, 4)
_SEI_USER_DATA: Final = 5
_UUID: Final = 16

_FIXED: Final = 22
_PROFILE: Final = slice(1, 13)
"""Where in them the profile stands, which the parameters tell as well."""
_MASKS: Final[dict[int, tuple[int, int]]] = {
    13: (0x0F, 0xF0),
    15: (0x03, 0xFC),
    16: (0x03, 0xFC),
    17: (0x07, 0xF8),
    18: (0x07, 0xF8),
    19: (0, 0),
    20: (0, 0),
    21: (0x3F, 0),
}
"""Byte of the fixed fields -> bits that stay, and the reserved ones that are set. The frame
rates (19, 20 and two bits of 21) mean nothing for a picture."""


class Configuration(msgspec.Struct, frozen=True):
    """How a decoder is set up.

    `length_size` is how many bytes the length before each unit has; `parameters` the units
    that set a decoder up, and `sequence` and `pictures` what they say; `plain` the payload of
    the box that a clean copy has; `notes` the units in it that are not needed.
    """

    length_size: int
    parameters: frozenset[bytes]
    sequence: Sequence
    pictures: dict[int, Picture]
    plain: bytes
    notes: tuple[bytes, ...]


def read_configuration(fields: Fields) -> Configuration:
    """Read the payload of an 'hvcC' box. Raises Malformed."""
    begin = fields.at
    fixed = bytearray(fields.take(_FIXED))
    if fixed[0] != 1:
        raise Malformed("an HEVC configuration of unknown version", begin)
    length_size = (fixed[21] & 0b11) + 1
    if length_size not in _LENGTH_SIZES:
        raise Malformed("an HEVC configuration with an impossible length size", begin + 21)
    for at, (kept, reserved) in _MASKS.items():
        fixed[at] = fixed[at] & kept | reserved
    arrays: list[bytes] = []
    parameters: list[bytes] = []
    notes: list[bytes] = []
    for _ in range(fields.number(1)):
        head, stand = fields.number(1), []
        for _ in range(fields.number(2)):
            at, unit = fields.at, fields.take(fields.number(2))
            kind, layer = _header(unit, at)
            if kind in PARAMETERS and not layer and kind == head & 0x3F:
                stand.append(unit)
            else:
                notes.append(unit)
        if stand:
            lengths = (len(unit).to_bytes(2) + unit for unit in stand)
            arrays.append(bytes([head & 0xBF]) + len(stand).to_bytes(2) + b"".join(lengths))
            parameters += stand
    if sum(map(len, parameters)) > MAX_PARAMETERS:
        raise Malformed("an HEVC configuration is too large", begin)
    sequence, pictures = _told(parameters, begin)
    fixed[_PROFILE] = sequence.profile
    plain = bytes(fixed) + bytes([len(arrays)]) + b"".join(arrays)
    return Configuration(
        length_size, frozenset(parameters), sequence, pictures, plain, tuple(notes)
    )


def _told(parameters: list[bytes], where: int) -> tuple[Sequence, dict[int, Picture]]:
    """Return what parameter sets say, of which each has to be one that a picture can use."""
    videos, sequences, pictures = (
        [unit for unit in parameters if unit[0] >> 1 == kind] for kind in PARAMETERS
    )
    if len(videos) > 1 or len(sequences) != 1:
        raise Malformed("an HEVC configuration is for more than one picture, or for none", where)
    if sum(map(len, videos)) > _MAX_VIDEO:
        raise Malformed("an HEVC configuration is too large", where)
    sequence = read_sequence(sequences[0], where)
    read = [read_picture(unit, where) for unit in pictures]
    numbered = {one.number: one for one in read}
    if len(numbered) < len(read) or any(one.sequence != sequence.number for one in read):
        raise Malformed("an HEVC configuration has parameters that nothing can use", where)
    return sequence, numbered


def read_units(data: Extents, configuration: Configuration) -> Iterator[Unit]:
    """Yield the units of one coded picture, each with its length before it.

    Raises Malformed where lengths do not fit, where there is more than one picture, and for
    units of which decoders might make either something or nothing.
    """
    prefix, at, picture = configuration.length_size, 0, _Slices(configuration)
    while at < data.size:
        head = data.read(at, prefix + SLICE_HEAD)
        end = at + prefix + int.from_bytes(head[:prefix])
        where = data.where(at)
        if end > data.size or len(head) < prefix:
            raise Malformed("an HEVC unit runs over the end of its picture", where)
        if end == at + prefix:
            yield Unit(at, end, PADDING)
            at = end
            continue
        unit = head[prefix : end - at]
        kind, layer = _header(unit, where)
        name = _NAMES.get(kind, "") if not layer else OTHER_LAYER
        if layer or name:
            pass
        elif kind in _SLICES:
            picture.add(unit, where)
        elif kind in PARAMETERS:
            size = end - at - prefix
            if (
                size > MAX_PARAMETERS
                or data.read(at + prefix, size) not in configuration.parameters
            ):
                raise Malformed("parameters of an HEVC picture stand outside of its header", where)
            name = REPEATED
        elif kind in _OTHER_SLICES:
            raise Malformed("an HEVC picture has slices of a kind that no still one has", where)
        else:
            name = RESERVED
        yield Unit(at, end, name)
        at = end
    if picture.empty:
        raise Malformed("an item holds no HEVC picture", data.where(0))


class _Slices:
    """The slices of one picture so far."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._header = b""
        self._address = -1

    @property
    def empty(self) -> bool:
        """Whether there were none."""
        return not self._header

    def add(self, unit: bytes, where: int) -> None:
        """Look at the beginning of the next slice.

        Raises Malformed for one of another picture, or that covers what one before it shows.
        """
        sequence, pictures = self._configuration.sequence, self._configuration.pictures
        one = read_slice(unit, sequence, pictures, where)
        header = unit[:_UNIT_HEADER]
        if one.first is not self.empty or header != (self._header or header):
            raise Malformed("an item holds more than one HEVC picture", where)
        if one.address <= self._address:
            raise Malformed("the slices of an HEVC picture cover one another", where)
        self._header, self._address = header, one.address


def user_text(unit: bytes) -> bytes:
    """Return the text that an encoder left in a unit of notes, b"" where there is none.

    Source: ITU-T H.265 sections 7.3.5 and D.2.7.
    """
    kind, at = number(unit, _UNIT_HEADER)
    size, at = number(unit, at)
    return unit[at : at + size][_UUID:] if kind == _SEI_USER_DATA else b""


def _header(unit: bytes, where: int) -> tuple[int, int]:
    """Return type and layer of a unit."""
    if len(unit) < _UNIT_HEADER or unit[0] >> 7:
        raise Malformed("an HEVC unit does not begin as one", where)
    return unit[0] >> 1, (unit[0] & 1) << 5 | unit[1] >> 3
