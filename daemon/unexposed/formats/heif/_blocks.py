"""The metadata of a HEIF file for the readers: its items, and the notes in coded pictures.

Source: ISO/IEC 23008-12:2022 annex A for Exif and XMP items.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from unexposed.errors import Held, Malformed
from unexposed.formats._leftover import trailer, unknown
from unexposed.formats._supply import Supply
from unexposed.formats.heif import _av1 as av1
from unexposed.formats.heif import _choice as choice
from unexposed.formats.heif import _hevc as hevc
from unexposed.formats.heif import _properties as properties
from unexposed.formats.heif._boxes import note, told_by_boxes
from unexposed.formats.heif._layout import GAP, Opened, lay_out, open_file
from unexposed.formats.heif._meta import Item, Meta
from unexposed.formats.heif._picture import BEHIND
from unexposed.formats.heif._sequence import MOVIE, read_animation
from unexposed.formats.heif._shown import Shown
from unexposed.formats.parts import Buffer, Keep, Part, Role
from unexposed.metadata.block import MAX_PAYLOAD, Block
from unexposed.metadata.legible import legible

_MAX_THUMBNAILS: Final = 4
"""Thumbnails that are made files of their own, so that they can be looked at."""

_LANGUAGES: Final = {
    choice.EXIF: "exif",
    choice.XMP: "xmp",
    choice.THUMBNAIL: "thumbnail",
    choice.DEPTH: "depth",
    choice.GAIN_MAP: "gain_map",
    choice.AUXILIARY: "second_picture",
    choice.FURTHER: "second_picture",
}
"""What an item is called -> its language."""

_UNUSED: Final = frozenset(
    {GAP, BEHIND, av1.PADDING, av1.RESERVED, av1.REPEATED}
    | {hevc.PADDING, hevc.RESERVED, hevc.REPEATED, hevc.OTHER_LAYER}
)
"""Parts that no specification gives a meaning."""

_DELIMITERS: Final = (av1.DELIMITER, hevc.DELIMITER)
_SHORT_DELIMITER: Final = 8
"""Bytes of a delimiter that says no more than it should."""
_SOMETHING: Final = re.compile(rb"[^\0]")
_PREFIXES: Final = (4, 2, 1)
_MAX_NOTES: Final = 4_096


def blocks(buffer: Buffer, parts: Sequence[Part]) -> list[Block]:
    """Hand out what a file holds beside its picture."""
    opened = open_file(buffer)
    supply = Supply(buffer)
    animation = None
    if any(part.name == MOVIE for part in parts):
        animation = read_animation(buffer, opened.file, opened.meta)
    return [
        *told_by_boxes(supply, opened.file, opened.meta, moving=animation is not None),
        *(animation.blocks(buffer, parts) if animation else ()),
        *_told_by_items(supply, opened),
        *_told_by_parts(supply, parts),
    ]


def _told_by_items(supply: Supply, opened: Opened) -> Iterator[Block]:
    """Yield a block for each item that does not stay; pieces of one count as that one."""
    buffer, meta = supply.buffer, opened.meta
    primary = meta.items.get(meta.primary)
    try:
        kept = choice.choose(buffer, meta, meta.primary).items
        cropped = any(map(Shown(buffer, meta).is_cropped, kept))
    except Held:
        kept, cropped = [primary] if primary else [], False
    if cropped:
        size = sum(end - start for item in kept for start, end in item.spans or ())
        yield Block("cropped", b"", "picture", min(size, len(buffer)))
    names = choice.named(buffer, meta, kept)
    pieces: dict[int, list[int]] = {}
    inner: set[int] = set()
    for reference in meta.references:
        source = reference.source
        if reference.kind != choice.INPUTS or source not in names or source in inner:
            continue
        for target in reference.targets:
            if target in names and target != source and target not in inner:
                inner.add(target)
                pieces.setdefault(source, []).append(target)
    thumbnails = 0
    for number, name in names.items():
        if number in inner:
            continue
        item = meta.items[number]
        spans = [*(item.spans or ())]
        for piece in pieces.get(number, []):
            spans += meta.items[piece].spans or ()
        size = min(len(buffer), sum(end - start for start, end in spans))
        if not size:
            continue
        thumbnails += name == choice.THUMBNAIL
        if name == choice.THUMBNAIL and thumbnails <= _MAX_THUMBNAILS:
            payload = _as_file(supply, opened, item)
        else:
            payload = supply.gather(spans, whole=name in (choice.EXIF, choice.XMP))
        payload = _tiff(payload) if name == choice.EXIF else payload
        label = _label(buffer, meta, item, name)
        yield Block(_LANGUAGES.get(name, "unknown"), payload, name, size, label)


def _label(buffer: Buffer, meta: Meta, item: Item, name: str) -> str:
    """Return what the file says of an item: a picture's role and measures, another's kind."""
    if name in (choice.EXIF, choice.XMP):
        return ""
    if name not in _LANGUAGES:
        return legible(item.content or item.name)
    role = legible(choice.role(buffer, meta, item)).rsplit(":", 1)[-1]
    width, height = _measures(buffer, meta, item)
    pixels = f"{width} by {height} pixels" if width and height else ""
    return ", ".join(filter(None, (role if name == choice.AUXILIARY else "", pixels)))


def _measures(buffer: Buffer, meta: Meta, item: Item) -> tuple[int, int]:
    box = choice.property_of(meta, item, properties.SIZE)
    try:
        return properties.size_of(buffer, box) if box else (0, 0)
    except Malformed:
        return 0, 0


def _as_file(supply: Supply, opened: Opened, item: Item) -> bytes:
    """Return a picture of the file as a file of its own, or as its bytes stand."""
    buffer = supply.buffer
    try:
        plan = lay_out(buffer, opened, item.number, still=True).plan
    except Held:
        return supply.gather(item.spans or (), whole=True)
    steps = (step.end - step.start if isinstance(step, Keep) else len(step.data) for step in plan)
    if sum(steps) > MAX_PAYLOAD:
        return b""
    return b"".join(
        supply.take(step.start, step.end) if isinstance(step, Keep) else step.data for step in plan
    )


def _tiff(payload: bytes) -> bytes:
    """Return the TIFF block of an Exif item, which says first how far behind that it begins."""
    offset = 4 + int.from_bytes(payload[:4])
    return payload[offset if offset < len(payload) else 4 :].removeprefix(b"Exif\0\0")


def _told_by_parts(supply: Supply, parts: Sequence[Part]) -> Iterator[Block]:
    """Yield blocks for what lies between and behind the items, and for notes of encoders."""
    buffer = supply.buffer
    notes: dict[str, Block] = {}
    for part in parts:
        if part.role is Role.TRAILER:
            yield trailer(buffer, part)
        elif part.name in (hevc.NOTES, av1.NOTES):
            one = _notes(supply, part)
            same = notes.get(one.label + one.language)
            size = part.size + (same.size if same else 0)
            notes[one.label + one.language] = msgspec.structs.replace(one, size=size)
        elif (part.name in _DELIMITERS and part.size > _SHORT_DELIMITER) or (
            part.name in _UNUSED and _SOMETHING.search(buffer, part.start, part.end)
        ):
            yield unknown(buffer, part, part.name, part.name)
    yield from notes.values()


def _notes(supply: Supply, part: Part) -> Block:
    """Return what an encoder says of itself in a unit of notes, or that there are such."""
    if part.name == hevc.NOTES:
        unit = supply.take(part.start, min(part.end, part.start + _MAX_NOTES))
        for prefix in _PREFIXES:
            if int.from_bytes(unit[:prefix]) == part.size - prefix:
                return note(unit[prefix:], part.size)
    return Block("notes", b"", "coded picture", part.size, part.name)
