"""TIFF: classic and BigTIFF, in strips and tiles, of one page or many.

Sources: TIFF 6.0; Adobe's TIFF technical notes; the BigTIFF design of 2008; where files break
the rules, what libtiff makes of them. A clean copy is written anew from the tags that the picture
needs; the picture data itself is copied as it stands, strips and tiles in the file's order.
Smaller copies of a page go, and so does whatever no page needs. What is behind the end of
a strip's or tile's data goes too, where its compression tells the end: all but CCITT's codes
without an end mark, ThunderScan and SGI LogLuv. A tile at the edge keeps its pixels beyond it.
Files whose first page is no whole picture are held back: camera raw files are built like that.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from unexposed.errors import Malformed
from unexposed.formats import _tiff_blocks
from unexposed.formats import _tiff_tags as tags
from unexposed.formats._leftover import GLIMPSE
from unexposed.formats._tiff_claims import PADDING, UNUSED, Claim, claims_on
from unexposed.formats._tiff_cut import Cut, cut
from unexposed.formats._tiff_head import Head, make_head
from unexposed.formats._tiff_pages import Page, Source, open_source, read_pages
from unexposed.formats._tiff_raw import find_raw
from unexposed.formats._tiling import Tiling
from unexposed.formats.parts import (
    KEPT_ROLES,
    NOTHING,
    Buffer,
    Followed,
    Keep,
    Part,
    Plan,
    Put,
    Role,
    coalesce,
)
from unexposed.metadata.block import Block
from unexposed.metadata.tiff import HEADERS

NAME = "tiff"
PILLOW = ("TIFF",)
EXTENSIONS = (".tif", ".tiff")

_TRAILER = "data after the end"


class _Whole(msgspec.Struct, frozen=True):
    """A file taken apart: its pages, those that stay, their picture data, and the copy's head."""

    source: Source
    pages: list[Page]
    kept: list[Page]
    cut: Cut
    head: Head


def sniff(head: bytes) -> bool:
    """Tell whether the bytes begin a TIFF; camera raw files begin alike."""
    return head[:4] in HEADERS


def dissect(buffer: Buffer, followed: Followed = NOTHING, /) -> list[Part]:
    """Divide a TIFF into its directories, their values, and its strips and tiles.

    Raises Malformed where they contradict each other or themselves, and for camera raw files.
    """
    whole = _taken_apart(buffer, followed)
    tiling = Tiling()
    if buffer[: len(whole.head.data)] == whole.head.data:
        for section in whole.head.sections:
            tiling.add(tiling.position + section.size, section.role, section.name)
        others: list[Claim] = []
    else:
        others = claims_on(whole.source, whole.pages, whole.kept, whole.cut)
    _tile(tiling, buffer, whole.cut, others)
    return tiling.parts


def rebuild(buffer: Buffer, parts: Sequence[Part]) -> Plan:
    """Plan the clean copy: a head of its own, then the picture data as it stands."""
    whole = _taken_apart(buffer, _pictures(parts))
    head = whole.head.data
    plan: Plan = [Keep(0, len(head)) if buffer[: len(head)] == head else Put(head)]
    for piece in whole.cut.pieces:
        for index, part in enumerate(piece.parts):
            made = piece.made.get(index)
            plan.append(Keep(part.start, part.end) if made is None else Put(made))
    return coalesce(plan)


def blocks(buffer: Buffer, parts: Sequence[Part]) -> list[Block]:
    """Hand out what the tags tell that go, smaller pictures, and bytes that no page needs."""
    if all(part.allowed for part in parts):
        return []
    whole = _taken_apart(buffer, _pictures(parts))
    return _tiff_blocks.blocks(whole.source, whole.pages, whole.kept, whole.cut, parts)


def _pictures(parts: Sequence[Part]) -> Followed:
    return {part.start: part.end for part in parts if part.role is Role.PICTURE}


def _taken_apart(buffer: Buffer, followed: Followed) -> _Whole:
    source = open_source(buffer)
    pages = read_pages(source)
    kept = _kept(source, pages)
    pieces = cut(source, kept, followed)
    return _Whole(source, pages, kept, pieces, make_head(source, kept, pieces))


def _kept(source: Source, pages: Sequence[Page]) -> list[Page]:
    """Return the pages that stay. Raises Malformed where the first one does not show the picture."""
    raw = find_raw(source, pages)
    if raw is not None:
        raise Malformed("a camera raw file: export it as JPEG or TIFF first", raw)
    first, *others = pages
    if _is_small(source, first) and (others or tags.SUB_IFDS in first.entries):
        problem = "its first page is only a small copy of the picture: export it as JPEG or TIFF"
        raise Malformed(problem, first.start)
    return [first, *(page for page in others if not _is_small(source, page))]


def _is_small(source: Source, page: Page) -> bool:
    """Tell whether a page is a smaller copy of another, or otherwise no page of its own."""
    kind = source.number(page, tags.NEW_SUBFILE_TYPE, 0)
    old = source.number(page, tags.SUBFILE_TYPE, 1)
    return bool(kind & ~tags.PAGE_BITS) or (not kind and old == tags.OLD_REDUCED)


def _tile(tiling: Tiling, buffer: Buffer, picture: Cut, others: Sequence[Claim]) -> None:
    """Lay the picture data in its place, and what claims the bytes between in theirs."""
    left = iter(others)
    claim = next(left, None)
    for parts in (*(piece.parts for piece in picture.pieces), []):
        border = parts[0].start if parts else len(buffer)
        while claim is not None and claim.start < border:
            end = min(claim.end, border)
            if end > tiling.position:
                _add_unclaimed(tiling, buffer, max(claim.start, tiling.position), last=False)
                plain = claim.role not in KEPT_ROLES
                tiling.add(end, claim.role, claim.name, plain=plain)
            if claim.end > border:
                break
            claim = next(left, None)
        _add_unclaimed(tiling, buffer, border, last=not parts)
        for part in parts:
            tiling.add(part.end, part.role, part.name, plain=part.plain)


def _add_unclaimed(tiling: Tiling, buffer: Buffer, end: int, *, last: bool) -> None:
    """Add the bytes up to `end`, which nothing points to."""
    start = tiling.position
    if end - start <= GLIMPSE and not buffer[start:end].strip(b"\0"):
        tiling.add(end, Role.UNKNOWN, PADDING)
    elif last:
        tiling.add(end, Role.TRAILER, _TRAILER)
    else:
        tiling.add(end, Role.UNKNOWN, UNUSED)
