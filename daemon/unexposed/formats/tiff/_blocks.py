"""The metadata of a TIFF for the readers.

The tags that go are handed out as small TIFFs of their own, one for each page, which the reader of
Exif understands: the file itself may be too large for a block, and its other tags are structure.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, TypeAlias

from unexposed.errors import Malformed
from unexposed.formats._leftover import GLIMPSE, trailer, unknown
from unexposed.formats.jpeg import _segments as names
from unexposed.formats.jpeg._walk import HEADER
from unexposed.formats.parts import KEPT_ROLES, NOTHING, Part, Role
from unexposed.formats.tiff import _tags as tags
from unexposed.formats.tiff._claims import PADDING, small_jpeg, small_spans
from unexposed.formats.tiff._cut import Cut, cut
from unexposed.formats.tiff._head import make_head
from unexposed.formats.tiff._jpeg import PREFIX
from unexposed.formats.tiff._pages import Page, Source, is_small
from unexposed.formats.tiff._raw import below
from unexposed.formats.tiff._streams import OLD_JPEG
from unexposed.formats.tiff._values import Values
from unexposed.metadata import icc
from unexposed.metadata.block import MAX_PAYLOAD, Block
from unexposed.metadata.tiff import TYPES, Entry, walk

_Field: TypeAlias = tuple[int, int, bytes]
"""Tag, type, and the value's bytes."""

_ROOM = 2 * MAX_PAYLOAD
"""Bytes that the blocks of one file hold at most."""
_MOST_TAGS = 2 << 20
"""Bytes of values in one small TIFF at most."""
_MOST_PAGES = 200
"""Pages of which the tags are told at most."""

_A_FEW = 16
"""Bytes of a value up to which it is not worth a word that they go."""

_TEXT = 2
_LONG = 4
_POINTERS: Final = {"Exif": ("", 34665), "GPS": ("", 34853), "Interop": ("Exif", 40965)}
"""Directory -> the one that points to it, "" for the main one, and by which tag."""

_POINTER_TAGS: Final = frozenset(tag for _, tag in _POINTERS.values())

_LANGUAGES: Final = {
    tags.XMP: "xmp",
    tags.IPTC: "iptc",
    tags.PHOTOSHOP: "photoshop",
    tags.LAYERS: "layers",
    tags.C2PA: "c2pa",
}
_JPEG_LANGUAGES: Final = {
    PREFIX + names.EXIF: ("exif", len(names.EXIF_START)),
    PREFIX + names.XMP: ("xmp", len(names.XMP_START)),
    PREFIX + names.COMMENT: ("comment", 0),
}
"""Part inside a strip -> its language, and where the payload begins in the segment's body."""
_UNITS: Final = {2: "inch", 3: "centimetre"}
_NOBODYS_DENSITY: Final = "72 by 72 pixels per inch"


def blocks(
    source: Source, pages: Sequence[Page], kept: Sequence[Page], picture: Cut, parts: Sequence[Part]
) -> list[Block]:
    """Hand out the metadata of a file that was dissected, as much of it as there is room for."""
    found: list[Block] = []
    room = _ROOM
    every = chain(
        _pages(source, pages),
        _profiles(source, pages),
        _surplus(source, kept, picture),
        _small_pictures(source, pages, kept),
        _leftovers(source, picture, parts),
    )
    for block in every:
        if len(block.payload) > room:
            continue
        room -= len(block.payload)
        found.append(block)
    return found


def _pages(source: Source, pages: Sequence[Page]) -> Iterator[Block]:
    """Yield what the tags of the pages tell; the same on several pages once."""
    directories = _directories(source)
    told: set[bytes] = set()
    for page in pages[:_MOST_PAGES]:
        where = "TIFF" if len(pages) == 1 else f"TIFF page {page.number + 1}"
        own = {name: directories.get((page.number, name), []) for name in ("", *_POINTERS)}
        for block in (
            *_tags(source, page, own, where),
            *_languages(source, page, where),
            *_density(source, page, where),
        ):
            if block.payload not in told:
                told.add(block.payload)
                yield block


def _surplus(source: Source, kept: Sequence[Page], picture: Cut) -> Iterator[Block]:
    """Yield what tags that stay hold beyond what the picture needs."""
    values = Values(source)
    for page, tables in zip(kept[:_MOST_PAGES], picture.tables, strict=False):
        for tag, entry in page.entries.items():
            if tag in tags.KEPT:
                value = values.kept(page, tag)
                unused = entry.size - (len(value.data) if value else 0)
                start = entry.start + entry.size - unused
            elif tag == tags.JPEG_TABLES:
                start, unused = entry.start, entry.size - len(tables)
            else:
                continue
            if unused > _A_FEW:
                payload = source.buffer[start : min(entry.start + entry.size, start + GLIMPSE)]
                yield Block("unknown", payload, f"TIFF values of tag {tag}", unused)


def _small_pictures(source: Source, pages: Sequence[Page], kept: Sequence[Page]) -> Iterator[Block]:
    """Yield smaller pictures; of a file that is held back, those that are said to be."""
    stay = {page.start for page in kept}
    for page in (*(one for one in pages if one.start not in stay), *below(source, kept or pages)):
        if kept or is_small(source, page):
            yield _thumbnail(source, page)
        elif not _is_old_jpeg(source, page):
            yield from _small_jpegs(source, page)
    for page in kept[:_MOST_PAGES]:
        yield from _small_jpegs(source, page)


def _is_old_jpeg(source: Source, page: Page) -> bool:
    """Tell whether the JPEG that a page points to is the page itself, as TIFF 6.0 once had it."""
    coding = source.number(page, tags.COMPRESSION, 1)
    return coding == OLD_JPEG and tags.WIDTH in page.entries


def _directories(source: Source) -> dict[tuple[int, str], list[Entry]]:
    """Return the entries of the directories that hold no picture, by page and name.

    Under "" are a page's own entries whose tag stood there before: a page keeps the first alone.
    """
    found: dict[tuple[int, str], list[Entry]] = {}
    seen: set[tuple[str, int]] = set()
    for entry in walk(source.buffer).entries:
        page, _, name = entry.ifd.rpartition(" ")
        if not page and name.startswith("IFD"):
            if (name, entry.tag) in seen and _speaks(entry.tag):
                found.setdefault((int(name.removeprefix("IFD")), ""), []).append(entry)
            seen.add((name, entry.tag))
        if name in _POINTERS and entry.tag not in _POINTER_TAGS:
            number = int(page.removeprefix("IFD")) if page else 0
            found.setdefault((number, name), []).append(entry)
    return found


def _tags(
    source: Source, page: Page, own: Mapping[str, Sequence[Entry]], where: str
) -> Iterator[Block]:
    """Yield the tags of a page that go, and what has no room among them."""
    room = _MOST_TAGS
    size = 0
    fields: dict[str, list[_Field]] = {}
    main = [entry for tag, entry in page.entries.items() if _speaks(tag)]
    for name, entries in (("", main), *own.items()):
        for entry in entries:
            most = min(room, GLIMPSE) if not name else room
            if entry.type != _TEXT and entry.size > most:
                part = Part(entry.start, entry.start + entry.size, Role.METADATA, "")
                yield unknown(source.buffer, part, f"{where} {tags.name_of(entry.tag)}", "")
                continue
            data = source.raw(entry, most)
            fields.setdefault(name, []).append((entry.tag, entry.type, data))
            room -= len(data)
            size += entry.size
    if fields:
        yield Block("exif", _assembled(source.order, fields), where, _bounded(source, size))


def _speaks(tag: int) -> bool:
    return tag not in tags.SILENT and tag not in _LANGUAGES and tag != tags.PROFILE


def _assembled(order: str, fields: Mapping[str, Sequence[_Field]]) -> bytes:
    """Return a TIFF structure that holds these tags, "" being the main directory."""
    present = {"": list(fields.get("", ()))}
    present |= {name: list(fields[name]) for name in _POINTERS if name in fields}
    if "Interop" in present:
        present.setdefault("Exif", [])
    starts: dict[str, int] = {}
    end = 8
    for name, own in present.items():
        pointed = [below for below in present if below and _POINTERS[below][0] == name]
        starts[name] = end
        end += 2 + 12 * (len(own) + len(pointed)) + 4
        end += sum(len(data) + (len(data) & 1) for _, _, data in own if len(data) > _LONG)
    for name, start in starts.items():
        if name:
            parent, tag = _POINTERS[name]
            present[parent].append((tag, _LONG, struct.pack(order + "I", start)))
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    return head + b"".join(
        _directory(order, start, present[name]) for name, start in starts.items()
    )


def _directory(order: str, start: int, fields: Sequence[_Field]) -> bytes:
    body = b""
    table = struct.pack(order + "H", len(fields))
    after = start + 2 + 12 * len(fields) + 4
    for tag, kind, data in sorted(fields):
        table += struct.pack(order + "HHI", tag, kind, len(data) // TYPES[kind][0])
        if len(data) <= _LONG:
            table += data.ljust(_LONG, b"\0")
        else:
            table += struct.pack(order + "I", after + len(body))
            body += data + b"\0" * (len(data) & 1)
    return table + bytes(4) + body


def _languages(source: Source, page: Page, where: str) -> Iterator[Block]:
    """Yield the tags that hold another metadata language."""
    for tag, language in _LANGUAGES.items():
        entry = page.entries.get(tag)
        if entry is not None:
            payload = source.raw(entry, MAX_PAYLOAD // TYPES[entry.type][0])
            yield Block(language, payload, f"{where} {tags.name_of(tag)}", entry.size)


def _profiles(source: Source, pages: Sequence[Page]) -> Iterator[Block]:
    """Yield the colour profiles that are not plain, each once."""
    seen: set[bytes] = set()
    for page in pages[:_MOST_PAGES]:
        entry = page.entries.get(tags.PROFILE)
        if entry is None:
            continue
        profile = source.raw(entry, MAX_PAYLOAD // TYPES[entry.type][0])
        if profile not in seen and icc.plain(profile) != profile:
            yield Block("icc", profile, f"TIFF {tags.name_of(tags.PROFILE)}", entry.size)
        seen.add(profile)


def _density(source: Source, page: Page, where: str) -> Iterator[Block]:
    unit = _UNITS.get(source.number(page, tags.RESOLUTION_UNIT, 2))
    entries = [page.entries.get(tag) for tag in (tags.X_RESOLUTION, tags.Y_RESOLUTION)]
    told = [source.unpack("II", one.start) for one in entries if one and one.type == 5]
    if unit and len(told) == len(entries) and all(under for _, under in told):
        across, down = (f"{over / under:g}" for over, under in told)
        payload = f"{across} by {down} pixels per {unit}"
        if payload != _NOBODYS_DENSITY:
            yield Block("density", payload.encode(), where, 16)


def _thumbnail(source: Source, page: Page) -> Block:
    """Return a smaller picture as a TIFF of its own, or as the JPEG that it is."""
    size = _bounded(source, sum(end - start for start, end in small_spans(source, page)))
    where = "TIFF thumbnail"
    for jpeg in _small_jpegs(source, page):
        return jpeg
    try:
        picture = cut(source, [page], NOTHING)
        head = make_head(source, [page], picture).data
    except Malformed:
        return Block("thumbnail", b"", where, size)
    payload = bytearray(head)
    for piece in picture.pieces:
        for index, part in enumerate(piece.parts):
            if len(payload) + part.size > MAX_PAYLOAD:
                return Block("thumbnail", b"", where, size)
            made = piece.made.get(index)
            payload += source.buffer[part.start : part.end] if made is None else made
    return Block("thumbnail", bytes(payload), where, size)


def _small_jpegs(source: Source, page: Page) -> Iterator[Block]:
    for start, end in small_jpeg(source, page):
        payload = source.buffer[start : min(end, start + MAX_PAYLOAD)]
        yield Block("thumbnail", payload, "TIFF thumbnail", end - start)


def _leftovers(source: Source, picture: Cut, parts: Sequence[Part]) -> Iterator[Block]:
    """Yield what goes from inside the picture data, from between, and from behind it."""
    unused = [part for part in parts if part.role is Role.UNKNOWN and part.name != PADDING]
    size = sum(part.size for part in unused)
    for piece in picture.pieces:
        for index, made in piece.made.items():
            part = piece.parts[index]
            if part.role in KEPT_ROLES and len(made) < part.size:
                unused.append(part)
                size += part.size - len(made)
    for part in parts:
        if part.role is Role.TRAILER:
            yield trailer(source.buffer, part)
        elif part.role is Role.METADATA and part.name.startswith(PREFIX):
            yield _segment(source, part)
    if unused:
        payload = b""
        for part in unused:
            end = min(part.end, part.start + GLIMPSE - len(payload))
            payload += source.buffer[part.start : end]
        yield Block("unknown", payload, "TIFF bytes that nothing points to", size)


def _segment(source: Source, part: Part) -> Block:
    language, begin = _JPEG_LANGUAGES.get(part.name, ("segment", 0))
    start = min(part.end, part.start + HEADER + begin)
    payload = source.buffer[start : min(part.end, start + GLIMPSE)]
    return Block(language, payload, f"{part.name} inside a TIFF", part.size)


def _bounded(source: Source, size: int) -> int:
    """Return how many bytes the file spends at most: values may lie over each other."""
    return max(1, min(size, len(source.buffer)))
