"""ICC colour profiles: the same colours, without the screen or scanner behind them.

Source: ICC.1:2022 (version 4.4); the fields of ICC.1:2001-04 (version 2.4) stand in the same places.
"""

from __future__ import annotations

import struct

from unexposed.metadata.icc_elements import Unusable, exact, padded
from unexposed.metadata.icc_known import KNOWN
from unexposed.metadata.icc_table import ENTRY, TABLE, table_of

MAX_PROFILE = 4 << 20
"""Bytes of a profile at most; what is larger is not used."""

_CURVE = (b"curv", b"para")
_FORWARD = (b"mft1", b"mft2", b"mAB ")
_BACKWARD = (b"mft1", b"mft2", b"mBA ")

TAGS: dict[bytes, tuple[bytes, ...]] = {
    b"wtpt": (b"XYZ ",),
    b"chad": (b"sf32",),
    b"cicp": (b"cicp",),
    b"rXYZ": (b"XYZ ",),
    b"gXYZ": (b"XYZ ",),
    b"bXYZ": (b"XYZ ",),
    b"rTRC": _CURVE,
    b"gTRC": _CURVE,
    b"bTRC": _CURVE,
    b"kTRC": _CURVE,
    b"A2B0": _FORWARD,
    b"A2B1": _FORWARD,
    b"A2B2": _FORWARD,
    b"B2A0": _BACKWARD,
    b"B2A1": _BACKWARD,
    b"B2A2": _BACKWARD,
    b"gamt": _BACKWARD,
}
"""The allowlist: tag -> types of element it may have, in the order in which a plain profile has
them. The floating-point twins D2Bx and B2Dx are left out: by the specification a reader without
them takes A2Bx and B2Ax, which must be there."""

_MATRIX = (b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC")
_CLASSES = (b"scnr", b"mntr", b"prtr", b"spac")
_SPACES = frozenset(
    {b"RGB ", b"GRAY", b"CMYK", b"Lab ", b"XYZ ", b"YCbr", b"HSV ", b"HLS ", b"CMY "}
    | {b"%XCLR" % n for n in range(2, 16)}
)
_CONNECTIONS = (b"XYZ ", b"Lab ")
_NOBODYS_DATE = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
"""Zero is no legal date."""
_D50 = struct.pack(">3I", 0xF6D6, 0x10000, 0xD32D)
_FLAGS = 0b111
"""The flag bits that the specification defines; the others belong to vendors."""
_NAME, _COPYRIGHT = "Profile", "Unknown"


def plain(profile: bytes) -> bytes | None:
    """Return a profile that gives the same colours and tells nothing else.

    A known standard profile, and one that is plain already, comes back as it is; bytes
    behind the profile's own end never do. None for bytes that no colours can be read from
    and for more than `MAX_PROFILE` bytes. plain(plain(p)) == plain(p).
    """
    if not TABLE <= len(profile) <= MAX_PROFILE:
        return None
    size = int.from_bytes(profile[:4])
    if not TABLE <= size <= len(profile):
        return None
    profile = profile[:size]
    if known(profile) is not None:
        return profile
    try:
        return _rebuilt(profile)
    except Unusable:
        return None


def known(profile: bytes) -> str | None:
    """Return the name of a standard profile, None for any other."""
    import hashlib  # noqa: PLC0415 - 3 ms, for OpenSSL, that files without a profile do without

    return KNOWN.get(hashlib.sha256(profile).hexdigest())


def _rebuilt(profile: bytes) -> bytes:
    head = _plain_header(profile)
    elements = _colour_elements(profile)
    _require_transform(head[16:20], elements)
    modern = head[8] >= 4
    texts = {
        b"desc": _text(_NAME) if modern else _description(_NAME),
        b"cprt": _text(_COPYRIGHT) if modern else _ascii(_COPYRIGHT),
    }
    built = _laid_out(head, texts | elements)
    if len(built) > MAX_PROFILE:
        raise Unusable("too large")
    return built


def _plain_header(profile: bytes) -> bytes:
    """Return the 128 bytes of section 7.2 with a size of zero."""
    major, minor = profile[8], profile[9] >> 4
    device, space, connection = profile[12:16], profile[16:20], profile[20:24]
    intent = int.from_bytes(profile[64:68])
    if profile[36:40] != b"acsp" or major not in (2, 4) or device not in _CLASSES:
        raise Unusable("no profile of a device or space")
    if space not in _SPACES or connection not in _CONNECTIONS:
        raise Unusable("unknown colour spaces")
    return b"".join(
        (
            bytes(8),
            bytes((major, min(minor, 4) << 4, 0, 0)),
            device + space + connection,
            _NOBODYS_DATE,
            b"acsp" + bytes(4),
            (int.from_bytes(profile[44:48]) & _FLAGS).to_bytes(4),
            bytes(16),
            (intent if intent <= 3 else 0).to_bytes(4),
            _D50,
            bytes(48),
        )
    )


def _colour_elements(profile: bytes) -> dict[bytes, bytes]:
    """Return the allowed tags' elements in the allowlist's order; of equal tags the first counts."""
    table = table_of(profile)
    if len(table.tags) < table.count:
        raise Unusable("an impossible number of tags")
    found: dict[bytes, bytes] = {}
    for tag in table.tags:
        if tag.name not in TAGS or tag.name in found:
            continue
        if tag.end > len(profile):
            raise Unusable("a tag beyond the end")
        found[tag.name] = exact(profile[tag.start : tag.end], TAGS[tag.name])
    return {name: found[name] for name in TAGS if name in found}


def _require_transform(space: bytes, elements: dict[bytes, bytes]) -> None:
    by_table = b"A2B0" in elements
    by_matrix = space == b"RGB " and all(tag in elements for tag in _MATRIX)
    by_curve = space == b"GRAY" and b"kTRC" in elements
    if not (by_table or by_matrix or by_curve):
        raise Unusable("no colours")


def _laid_out(head: bytes, elements: dict[bytes, bytes]) -> bytes:
    """Put tag table and elements behind the header; equal elements share their place."""
    end = TABLE + ENTRY.size * len(elements)
    table, body, places = [], [], dict[bytes, int]()
    for tag, element in elements.items():
        if element not in places:
            places[element] = end
            body.append(padded(element))
            end += len(body[-1])
        table.append(ENTRY.pack(tag, places[element], len(element)))
    return b"".join((end.to_bytes(4), head[4:], len(elements).to_bytes(4), b"".join(table), *body))


def _ascii(text: str) -> bytes:
    return b"text" + bytes(4) + text.encode("ascii") + b"\0"


def _description(text: str) -> bytes:
    """Return a textDescriptionType (ICC.1:2001-04 6.5.17) with an ASCII part alone."""
    name = text.encode("ascii") + b"\0"
    return b"desc" + bytes(4) + len(name).to_bytes(4) + name + bytes(4 + 4 + 2 + 1 + 67)


def _text(text: str) -> bytes:
    """Return a multiLocalizedUnicodeType (10.15) with one record."""
    name = text.encode("utf-16-be")
    return b"mluc" + bytes(4) + struct.pack(">II4sII", 1, 12, b"enUS", len(name), 28) + name
