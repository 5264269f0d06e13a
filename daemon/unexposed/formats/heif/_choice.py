"""Which items of a picture file are its picture, and what the others are.

What stays is the primary item, what it is put together from, and its transparency.
Source: ISO/IEC 23008-12:2022 sections 6.4 to 6.6.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Final

import msgspec

from unexposed.errors import Held, Malformed
from unexposed.formats._boxes import ALPHA, Box
from unexposed.formats.heif import _properties as properties
from unexposed.formats.heif._meta import Item, Meta, Reference
from unexposed.formats.parts import Buffer, Role
from unexposed.metadata.legible import legible

CODED: Final = (b"hvc1", b"av01")
GRID: Final = b"grid"
SAME: Final = b"iden"
GAIN_MAPPED: Final = b"tmap"
INPUTS: Final = b"dimg"
TRANSPARENCY: Final = b"auxl"
PREMULTIPLIED: Final = b"prem"

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

    `references` are how they belong together, by the numbers of the file's items: what each
    is put together from, its transparency, and whether that is in its colours already.
    """

    items: list[Item]
    references: list[Reference]


class _Told(msgspec.Struct, frozen=True):
    """What the references of a file say of its pictures, by the items' numbers.

    `inputs` has each reference of an item on its own, of which it should have one only.
    """

    inputs: dict[int, list[tuple[int, ...]]]
    alphas: dict[int, dict[int, None]]
    premultiplied: dict[int, set[int]]


def choose(buffer: Buffer, meta: Meta, primary: int) -> Choice:
    """Return the items that make up a picture.

    The transparency of a piece counts where all pieces have one and their whole has none; one
    of a transparency never does. Raises Malformed where pieces are missing, and Held for a
    picture that is made in a way that cannot be accounted for.
    """
    if primary not in meta.items:
        raise Malformed("the primary picture is missing", meta.box.start)
    told = _read_references(buffer, meta)
    inputs: dict[int, tuple[int, ...]] = {}
    alphas: dict[int, int] = {}
    waiting = deque([(primary, True)])
    seen = {*waiting}
    while waiting:
        number, coloured = waiting.popleft()
        item = meta.items[number]
        inputs[number] = _inputs(item, told)
        _require_known(meta, item, inputs[number])
        new = []
        if coloured and number in told.alphas:
            alphas[number] = _alpha(item, told)
            new.append((alphas[number], False))
            coloured = False
        pieces = dict.fromkeys(inputs[number])
        coloured = coloured and all(piece in told.alphas for piece in pieces)
        new += [(piece, coloured) for piece in pieces]
        waiting.extend(one for one in new if one not in seen)
        seen.update(new)
    return Choice(
        [item for item in meta.items.values() if item.number in inputs],
        [*_references(inputs, alphas, told)],
    )


def _read_references(buffer: Buffer, meta: Meta) -> _Told:
    told = _Told({}, {}, {})
    transparent = {item.number for item in meta.items.values() if role(buffer, meta, item) in ALPHA}
    for one in meta.references:
        if one.kind == INPUTS:
            told.inputs.setdefault(one.source, []).append(one.targets)
        elif one.kind == TRANSPARENCY and one.source in transparent:
            for target in one.targets:
                told.alphas.setdefault(target, {})[one.source] = None
        elif one.kind == PREMULTIPLIED:
            told.premultiplied.setdefault(one.source, set()).update(one.targets)
    return told


def _inputs(item: Item, told: _Told) -> tuple[int, ...]:
    lists = told.inputs.get(item.number, [])
    if len(lists) > 1:
        raise Malformed("a picture says twice what it is put together from", item.start)
    return lists[0] if lists else ()


def _alpha(item: Item, told: _Told) -> int:
    alphas = [*told.alphas[item.number]]
    if len(alphas) > 1:
        raise Malformed("a picture has two transparencies", item.start)
    if alphas[0] == item.number:
        raise Malformed("a picture is its own transparency", item.start)
    if len(told.premultiplied.get(item.number, ())) > 1:
        raise Malformed("a picture has two transparencies in its colours", item.start)
    return alphas[0]


def _references(
    inputs: dict[int, tuple[int, ...]], alphas: dict[int, int], told: _Told
) -> Iterator[Reference]:
    """Yield how the items of a picture belong together, each thing once and in one order."""
    for number, pieces in sorted(inputs.items()):
        if pieces:
            yield Reference(INPUTS, number, pieces)
    shared: dict[int, list[int]] = {}
    for number, alpha in sorted(alphas.items()):
        shared.setdefault(alpha, []).append(number)
    for alpha, targets in sorted(shared.items()):
        yield Reference(TRANSPARENCY, alpha, tuple(targets))
    for number, alpha in sorted(alphas.items()):
        if alpha in told.premultiplied.get(number, ()):
            yield Reference(PREMULTIPLIED, number, (alpha,))


def _require_known(meta: Meta, item: Item, inputs: tuple[int, ...]) -> None:
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
