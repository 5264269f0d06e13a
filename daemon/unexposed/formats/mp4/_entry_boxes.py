"""The boxes of a sample's description that stay, and what a clean copy has of each.

Sources: ISO/IEC 14496-12:2022 sections 12.1 and 12.2; ISO/IEC 23008-12:2022 section 7; QuickTime
File Format (2016); CoreAudioBaseTypes.h for 'chan'; Google's Spherical Video V2 RFC; Apple's ISO
Base Media Extensions 1.0 for 'vexu'.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from unexposed.errors import Held, Malformed
from unexposed.formats._boxes import ALPHA, Fields, make_box, read_boxes
from unexposed.formats.mp4 import _decoders as decoders
from unexposed.formats.parts import Buffer
from unexposed.metadata import icc

Plain = Callable[[Fields], bytes | None]
"""From the payload of a box to the one that a clean copy has; None for no such box."""

SEALED: Final = "it is encrypted, so that nobody can tell what is in it"
DOLBY: Final = (b"dvcC", b"dvvC", b"dvwC")
_MAX_CHANNELS: Final = 64
_WHOLE_RANGE: Final = 0x80


def children(
    buffer: Buffer, start: int, end: int, table: dict[bytes, Plain]
) -> dict[tuple[bytes, bytes], bytes]:
    """Return the payloads of the boxes that stay, by kind and, for colours, by their type.

    Of two of a kind the first counts. A box that cannot be read is left out.
    """
    kept: dict[tuple[bytes, bytes], bytes] = {}
    for box in read_boxes(buffer, start, end):
        if box.kind == b"sinf":
            raise Held(SEALED)
        plain = table.get(box.kind)
        if plain is None:
            continue
        try:
            payload = plain(Fields(buffer, box.data, box.end))
        except Malformed:
            continue
        if payload is not None:
            kept.setdefault((box.kind, payload[:4] if box.kind == b"colr" else b""), payload)
    return kept


def made(kept: dict[tuple[bytes, bytes], bytes]) -> list[bytes]:
    """Return the boxes with these payloads."""
    return [make_box(kind, payload) for (kind, _), payload in kept.items()]


def _exact(size: int) -> Plain:
    return lambda fields: fields.take(size)


def _full(size: int) -> Plain:
    """Return what keeps so many bytes behind version and flags, which become zero."""
    return lambda fields: bytes(4) + fields.take(4 + size)[4:]


def holding(table: dict[bytes, Plain], ending: bytes = b"") -> Plain:
    """Return what keeps the boxes of a table in a box, and writes an ending behind them."""

    def plain(fields: Fields) -> bytes | None:
        content = fields.take(fields.left)
        kept = made(children(content, 0, len(content), table))
        return b"".join(kept) + ending if kept else None

    return plain


def _colour(fields: Fields) -> bytes | None:
    kind = fields.take(4)
    if kind == b"nclx":
        codes = fields.take(7)
        return kind + codes[:6] + bytes([codes[6] & _WHOLE_RANGE])
    if kind == b"nclc":
        return kind + fields.take(6)
    if kind not in (b"prof", b"rICC"):
        return None
    profile = icc.plain(fields.take(min(fields.left, icc.MAX_PROFILE + 1)))
    return b"prof" + profile if profile else None


def _channels(fields: Fields) -> bytes:
    fields.take(4)
    layout, count = fields.take(8), min(fields.number(4), _MAX_CHANNELS)
    return bytes(4) + layout + count.to_bytes(4) + fields.take(20 * count)


def _ambisonics(fields: Fields) -> bytes:
    head, count = fields.take(8), min(fields.number(4), _MAX_CHANNELS)
    return head + count.to_bytes(4) + fields.take(4 * count)


def _nameless(fields: Fields) -> bytes:
    """Return the header of a sphere without the name of the program that made it."""
    fields.take(4)
    return bytes(5)


def _masked(bits: int) -> Plain:
    """Return what keeps these bits of a byte."""
    return lambda fields: bytes([fields.number(1) & bits])


def _transparency(fields: Fields) -> bytes | None:
    """Return what a track is that goes with another: its transparency, or nothing that stays."""
    fields.take(4)
    role = fields.text()
    return bytes(4) + role + b"\0" if role in ALPHA else None


_EYES: Final[dict[bytes, Plain]] = {
    b"stri": _full(1),
    b"hero": _full(1),
    b"cams": holding({b"blin": _full(4)}),
    b"cmfy": holding({b"dadj": _full(4)}),
}
_PROJECTION: Final[dict[bytes, Plain]] = {
    b"prhd": _full(12),
    b"equi": _full(16),
    b"cbmp": _full(8),
    b"prji": _full(4),
}
VIDEO_BOXES: Final[dict[bytes, Plain]] = {
    b"avcC": decoders.avc,
    b"avcE": decoders.avc,
    b"hvcC": decoders.hevc,
    b"hvcE": decoders.hevc,
    b"lhvC": decoders.layered_hevc,
    b"av1C": decoders.av1,
    b"vpcC": decoders.vp9,
    b"esds": decoders.streams,
    b"d263": decoders.h263,
    **dict.fromkeys(DOLBY, decoders.dolby_vision),
    b"colr": _colour,
    b"pasp": _exact(8),
    b"clap": _exact(32),
    b"fiel": _exact(2),
    b"gama": _exact(4),
    b"btrt": _exact(12),
    b"mdcv": _exact(24),
    b"clli": _exact(4),
    b"amve": _exact(8),
    b"hfov": _exact(4),
    b"SmDm": _full(24),
    b"CoLL": _full(4),
    b"st3d": _full(1),
    b"sv3d": holding({b"svhd": _nameless, b"proj": holding(_PROJECTION)}),
    b"vexu": holding(
        {
            b"eyes": holding(_EYES),
            b"proj": holding(_PROJECTION),
            b"pack": holding({b"pkin": _full(4)}),
        }
    ),
}
_SHARED: Final = (b"hvcC", b"av1C", b"colr", b"pasp", b"clap", b"mdcv", b"clli", b"amve")
PICTURE_BOXES: Final[dict[bytes, Plain]] = {
    **{kind: VIDEO_BOXES[kind] for kind in _SHARED},
    b"ccst": _full(4),
    b"auxi": _transparency,
    b"irot": _masked(0b11),
    b"imir": _masked(0b1),
}
"""What the entries of an animation in a picture file have, some of it as those of a video."""
WAVE_BOXES: Final[dict[bytes, Plain]] = {
    b"frma": _exact(4),
    b"mp4a": lambda _: bytes(4),
    b"esds": decoders.streams,
    b"alac": _full(24),
    b"enda": _exact(2),
}
SOUND_BOXES: Final[dict[bytes, Plain]] = {
    b"esds": decoders.streams,
    b"alac": _full(24),
    b"dOps": decoders.opus,
    b"dfLa": decoders.flac,
    b"dac3": _exact(3),
    b"dec3": decoders.enhanced_ac3,
    b"damr": decoders.amr,
    b"pcmC": _full(2),
    b"srat": _full(4),
    b"chan": _channels,
    b"SA3D": _ambisonics,
    b"btrt": _exact(12),
}
