"""What the bytes of a TIFF are for that are not picture data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from unexposed.errors import Malformed
from unexposed.formats._tiling import MAX_PARTS
from unexposed.formats.parts import Role
from unexposed.formats.tiff import _tags as tags
from unexposed.formats.tiff._cut import Cut, Piece
from unexposed.formats.tiff._head import DIRECTORY, HEADER, Head
from unexposed.formats.tiff._pages import Page, Source
from unexposed.formats.tiff._raw import below
from unexposed.metadata.tiff import walk

THUMBNAIL = "thumbnail"
PADDING = "padding"
UNUSED = "bytes that nothing points to"
_MOST_SPANS = 10_000

_BELOW: Final = re.compile(r"(?:IFD\d+ )?(Exif|GPS|Interop)")
"""How `walk` names the directories that hold no picture, below any page."""
_NAMES: Final = {"Exif": "EXIF", "GPS": "GPS", "Interop": "EXIF"}


class Claim(msgspec.Struct, frozen=True):
    """The bytes [start, end) and what they are for; a loose one gives way to picture data."""

    start: int
    end: int
    role: Role
    name: str
    loose: bool = False


def claims_on(
    source: Source, pages: Sequence[Page], kept: Sequence[Page], picture: Cut, head: Head
) -> list[Claim]:
    """Return what is claimed beside the picture data, by where it starts.

    Claims may lie over each other. Raises Malformed where one lies over picture data.
    """
    stay = {page.start for page in kept}
    found = [Claim(0, source.header, Role.STRUCTURE, HEADER)]
    for page in pages:
        if page.start in stay:
            found += _page(source, page, profiled=page.number in head.profiled)
        else:
            found += _small(source, page)
        if len(found) > MAX_PARTS:
            raise Malformed(f"falls into more than {MAX_PARTS:,} parts", page.start)
    for one in below(source, kept):
        found += _small(source, one)
    found += _below(source)
    found.sort(key=lambda claim: (claim.start, claim.loose, -claim.end))
    _require_apart(found, picture.pieces)
    return found


def small_spans(source: Source, page: Page) -> Iterator[tuple[int, int]]:
    """Yield where the picture data of a page stands that goes, as far as the file says."""
    yield from _spans(source, page, tags.STRIP_OFFSETS, tags.STRIP_COUNTS)
    yield from _spans(source, page, tags.TILE_OFFSETS, tags.TILE_COUNTS)
    yield from small_jpeg(source, page)


def small_jpeg(source: Source, page: Page) -> Iterator[tuple[int, int]]:
    """Yield where the small JPEG stands that a page may point to beside its own picture."""
    yield from _spans(source, page, tags.JPEG_OFFSET, tags.JPEG_SIZE)


def _spans(source: Source, page: Page, where: int, how_long: int) -> Iterator[tuple[int, int]]:
    starts = source.numbers(page, where, _MOST_SPANS)
    sizes = source.numbers(page, how_long, _MOST_SPANS)
    for start, size in zip(starts, sizes, strict=False):
        end = min(len(source.buffer), start + size)
        if source.header <= start < end:
            yield start, end


def _page(source: Source, page: Page, *, profiled: bool) -> Iterator[Claim]:
    """Yield directory and values of a page that stays; `profiled` tells that its profile does."""
    yield Claim(page.start, page.end, Role.STRUCTURE, DIRECTORY)
    for entry in page.entries.values():
        if page.start <= entry.start < page.end:
            continue
        name = tags.name_of(entry.tag)
        if entry.tag == tags.PROFILE:
            role = Role.COLOUR if profiled else Role.METADATA
        elif entry.tag in tags.KEPT or entry.tag in tags.MADE:
            role = Role.STRUCTURE
        else:
            role = Role.METADATA
        yield Claim(entry.start, entry.start + entry.size, role, name)
    yield from (_loose(span) for span in small_jpeg(source, page))


def _small(source: Source, page: Page) -> Iterator[Claim]:
    """Yield directory, values and picture data of a page that goes."""
    yield Claim(page.start, page.end, Role.THUMBNAIL, THUMBNAIL)
    for entry in page.entries.values():
        if not page.start <= entry.start < page.end:
            yield Claim(entry.start, entry.start + entry.size, Role.THUMBNAIL, THUMBNAIL)
    yield from (_loose(span) for span in small_spans(source, page))


def _loose(span: tuple[int, int]) -> Claim:
    return Claim(*span, Role.THUMBNAIL, THUMBNAIL, loose=True)


def _below(source: Source) -> Iterator[Claim]:
    """Yield the directories below the pages that hold no picture, and their values."""
    walked = walk(source.buffer)
    for directory in walked.directories:
        if found := _BELOW.fullmatch(directory.ifd):
            yield Claim(directory.start, directory.end, Role.METADATA, _NAMES[found[1]])
    for entry in walked.entries:
        if found := _BELOW.fullmatch(entry.ifd):
            yield Claim(entry.start, entry.start + entry.size, Role.METADATA, _NAMES[found[1]])


def _require_apart(claims: Sequence[Claim], pieces: Sequence[Piece]) -> None:
    """See that no picture data lies over anything else. Raises Malformed.

    Of the claims that begin before a piece ends, none may end behind its start.
    """
    solid = [claim for claim in claims if not claim.loose]
    reach = index = 0
    for piece in pieces:
        while index < len(solid) and solid[index].start < piece.end:
            reach = max(reach, solid[index].end)
            index += 1
        if reach > piece.start:
            raise Malformed("picture data and tags lie over each other", piece.start)
