"""Which items of a picture file are its picture, and what the others are.

What stays is the primary item, what it is put together from, and its transparency.
Source: ISO/IEC 23008-12:2022 sections 6.4 to 6.6.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import msgspec

from unexposed.errors import Held, Malformed
from unexposed.formats._boxes import Box
from unexposed.formats.heif import _properties as properties
from unexposed.formats.heif._meta import Item, Meta
from unexposed.formats.parts import Buffer, Role
from unexposed.metadata.legible import legible

CODED: Final = (b"hvc1", b"av01")
GRID: Final = b"grid"
SAME: Final = b"iden"
GAIN_MAPPED: Final = b"tmap"
KEPT_REFERENCES: Final = (b"dimg", b"auxl", b"prem")

EXIF: Final = "EXIF"
XMP: Final = "XMP"
THUMBNAIL: Final = "thumbnail"
DEPTH: Final = "depth map"
GAIN_MAP: Final = "gain map"
AUXILIARY: Final = "auxiliary picture"
FURTHER: Final = "further picture"

ROLES: Final = {THUMBNAIL: Role.THUMBNAIL}
"""Roles of items that go; all others are metadata, or unknown where they have no name here."""

_NAMED: Final = {EXIF, XMP, DEPTH, GAIN_MAP, AUXILIARY, FURTHER}
_OVERLAY: Final = b"iovl"
_PICTURES: Final = frozenset(
    {*CODED, GRID, SAME, GAIN_MAPPED, _OVERLAY}
    | {b"hev1", b"lhv1", b"avc1", b"vvc1", b"evc1", b"jpeg", b"j2k1", b"unci", b"sato", b"mski"}
)
XMP_TYPE: Final = b"application/rdf+xml"
_AUXILIARIES: Final = (
    (b"gainmap", GAIN_MAP),
    (b"depth", DEPTH),
    (b"disparity", DEPTH),
    (b"hevc:2015:auxid:2", DEPTH),
)
"""What an auxiliary picture's role has in it, and what to call that picture."""


class Choice(msgspec.Struct, frozen=True):
    """The items that make up a picture, in the order in which the file lists them.

    `inputs` are the items that each is put together from, by their numbers.
    """

    items: list[Item]
    inputs: dict[int, list[int]]


def choose(buffer: Buffer, meta: Meta, primary: int) -> Choice:
    """Return the items that make up a picture.

    Raises Malformed where pieces are missing, and Held for a picture that is made in a way
    that cannot be accounted for.
    """
    if primary not in meta.items:
        raise Malformed("the primary picture is missing", meta.box.start)
    transparent = {
        item.number for item in meta.items.values() if role(buffer, meta, item) in properties.ALPHA
    }
    derived: dict[int, list[int]] = {}
    alphas: dict[int, list[int]] = {}
    for reference in meta.references:
        if reference.kind == b"dimg":
            derived.setdefault(reference.source, []).extend(reference.targets)
        elif reference.kind == b"auxl" and reference.source in transparent:
            for target in reference.targets:
                alphas.setdefault(target, []).append(reference.source)
    kept = {primary}
    waiting = deque(kept)
    while waiting:
        item = meta.items[waiting.popleft()]
        inputs = derived.get(item.number, [])
        transparency = alphas.get(item.number, [])
        _require_known(meta, item, inputs)
        if len(transparency) > 1:
            raise Malformed("a picture has two transparencies", item.start)
        new = {*inputs, *transparency} - kept
        kept |= new
        waiting.extend(new)
    return Choice([item for item in meta.items.values() if item.number in kept], derived)


def _require_known(meta: Meta, item: Item, inputs: list[int]) -> None:
    kind = item.kind
    if item.protected or item.elsewhere:
        raise Held("its picture is encrypted or lies in another file")
    if not all(number in meta.items for number in inputs):
        raise Malformed("a piece of the picture is missing", item.start)
    kinds = {meta.items[number].kind for number in inputs}
    if kind in CODED:
        fits = not inputs
    elif kind == GRID:
        fits = bool(inputs) and kinds <= {*CODED}
    elif kind == SAME:
        fits = len(inputs) == 1 and kinds <= {*CODED, GRID}
    elif kind == _OVERLAY:
        raise Held("it is put together from pictures that may hide one another")
    else:
        raise Held(f"its picture is of a kind that cannot be cleaned yet ('{legible(kind)}')")
    if not fits:
        raise Malformed("a picture is put together in an impossible way", item.start)


def role(buffer: Buffer, meta: Meta, item: Item) -> bytes:
    """Return what an auxiliary picture says that it is, b"" for an item that says nothing."""
    box = property_of(meta, item, properties.ROLE)
    return properties.role_of(buffer, box) if box else b""


def property_of(meta: Meta, item: Item, kind: bytes) -> Box | None:
    """Return an item's first property of a kind."""
    for one in item.properties:
        if one.index < len(meta.properties) and meta.properties[one.index].kind == kind:
            return meta.properties[one.index]
    return None


def named(buffer: Buffer, meta: Meta, kept: list[Item]) -> dict[int, str]:
    """Return what to call each item that goes."""
    stays = {item.number for item in kept}
    names = {number: _own_name(item) for number, item in meta.items.items() if number not in stays}
    inputs = []
    for reference in meta.references:
        source = reference.source
        if names.get(source) != FURTHER:
            continue
        if reference.kind == b"thmb":
            names[source] = THUMBNAIL
        elif reference.kind == b"auxl":
            names[source] = _auxiliary(role(buffer, meta, meta.items[source]))
        elif reference.kind == b"dimg":
            inputs.append(reference)
    for reference in inputs:
        whole = meta.items[reference.source]
        name = GAIN_MAP if whole.kind == GAIN_MAPPED else names[whole.number]
        names[whole.number] = name
        for target in reference.targets:
            if names.get(target) == FURTHER:
                names[target] = name
    return names


def role_of(name: str) -> Role:
    """Return the role of the bytes of an item that goes."""
    return ROLES.get(name, Role.METADATA if name in _NAMED else Role.UNKNOWN)


def _own_name(item: Item) -> str:
    if item.kind == b"Exif":
        return EXIF
    if item.kind == b"mime" and item.content == XMP_TYPE:
        return XMP
    return FURTHER if item.kind in _PICTURES else f"item '{legible(item.kind)}'"


def _auxiliary(says: bytes) -> str:
    lower = says.lower()
    return next((name for part, name in _AUXILIARIES if part in lower), AUXILIARY)
