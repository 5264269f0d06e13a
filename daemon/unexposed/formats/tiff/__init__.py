"""TIFF: classic and BigTIFF, in strips and tiles, of one page or many.

Sources: TIFF 6.0; Adobe's TIFF technical notes; the BigTIFF design of 2008; where files break
the rules, what libtiff makes of them. A clean copy is written anew from the tags that the picture
needs; the picture data itself is copied as it stands, strips and tiles in the file's order.
Smaller copies of a page go, and so does whatever no page needs. What is behind the end of
a strip's or tile's data goes too, where its compression tells the end: all but CCITT's codes
without an end mark, ThunderScan and SGI LogLuv. A tile at the edge keeps its pixels beyond it.
Files whose first page is no whole picture are reported and held back: camera raw files are built
like that.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from unexposed.errors import Held, Malformed
from unexposed.formats._leftover import GLIMPSE
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
from unexposed.formats.raw import ADVICE
from unexposed.formats.tiff import _blocks
from unexposed.formats.tiff import _tags as tags
from unexposed.formats.tiff._claims import PADDING, UNUSED, Claim, claims_on
from unexposed.formats.tiff._cut import Cut, cut
from unexposed.formats.tiff._head import Head, make_head
from unexposed.formats.tiff._pages import Page, Source, is_small, open_source, read_pages
from unexposed.formats.tiff._places import PLACES, UNCLEANED
from unexposed.formats.tiff._raw import is_raw
from unexposed.formats.tiff._staying import staying
from unexposed.formats.tiff._streams import why_not
from unexposed.metadata.block import Block
from unexposed.metadata.tiff import HEADERS

__all__ = [
    "EXTENSIONS",
    "NAME",
    "PILLOW",
    "PLACES",
    "annotate",
    "blocks",
    "dissect",
    "rebuild",
    "sniff",
]

NAME = "tiff"
PILLOW = ("TIFF",)
EXTENSIONS = (".tif", ".tiff")

_TRAILER = "data after the end"


_SMALL_FIRST = (
    "its first page is only a small copy of the picture: export it as JPEG or TIFF, and that can "
    "be cleaned"
)


class _Whole(msgspec.Struct, frozen=True):
    """A file taken apart: its pages, those that stay, their picture data, and the copy's head.

    `obstacle` says why there can be no clean copy; then no page stays.
    """

    source: Source
    pages: list[Page]
    obstacle: str = ""
    kept: list[Page] = []
    cut: Cut = Cut([], [], [])
    head: Head = Head(b"", [], frozenset())


def sniff(head: bytes) -> bool:
    """Tell whether the bytes begin a TIFF; many camera raw files begin alike."""
    return head[:4] in HEADERS


def dissect(buffer: Buffer, followed: Followed = NOTHING, /) -> list[Part]:
    """Divide a TIFF into its directories, their values, and its strips and tiles.

    A file that `rebuild` refuses is one part. Raises Malformed where directories, values and
    picture data contradict each other or themselves.
    """
    whole = _taken_apart(buffer, followed)
    tiling = Tiling()
    if whole.obstacle:
        tiling.add(len(buffer), Role.METADATA, UNCLEANED)
        return tiling.parts
    if buffer[: len(whole.head.data)] == whole.head.data:
        for section in whole.head.sections:
            tiling.add(tiling.position + section.size, section.role, section.name)
        others: list[Claim] = []
    else:
        others = claims_on(whole.source, whole.pages, whole.kept, whole.cut, whole.head)
    _tile(tiling, buffer, whole.cut, others)
    return tiling.parts


def rebuild(buffer: Buffer, parts: Sequence[Part]) -> Plan:
    """Plan the clean copy: a head of its own, then the picture data as it stands.

    Raises Held for camera raw files, and for others whose picture cannot be copied.
    """
    whole = _taken_apart(buffer, _pictures(parts))
    if whole.obstacle:
        raise Held(whole.obstacle)
    head = whole.head.data
    plan: Plan = [Keep(0, len(head)) if buffer[: len(head)] == head else Put(head)]
    for piece in whole.cut.pieces:
        for index, part in enumerate(piece.parts):
            made = piece.made.get(index)
            plan.append(Keep(part.start, part.end) if made is None else Put(made))
    return coalesce(plan)


def blocks(buffer: Buffer, parts: Sequence[Part]) -> list[Block]:
    """Hand out what the tags tell that go, smaller pictures, bytes that no page needs, and what stays."""
    whole = _taken_apart(buffer, _pictures(parts))
    stay = list(staying(whole.source, whole.kept))
    if all(part.allowed for part in parts):
        return stay
    return [*_blocks.blocks(whole.source, whole.pages, whole.kept, whole.cut, parts), *stay]


def annotate(buffer: Buffer, parts: Sequence[Part], packet: bytes) -> Plan | None:
    """Plan the copy with an XMP packet in its first page; None where it would grow too large."""
    whole = _taken_apart(buffer, _pictures(parts))
    try:
        head = make_head(whole.source, whole.kept, whole.cut, packet)
    except Malformed:
        return None
    return [Put(head.data), Keep(len(whole.head.data), len(buffer))]


def _pictures(parts: Sequence[Part]) -> Followed:
    return {part.start: part.end for part in parts if part.role is Role.PICTURE}


def _taken_apart(buffer: Buffer, followed: Followed) -> _Whole:
    source = open_source(buffer)
    pages = read_pages(source)
    obstacle = _obstacle(source, pages)
    if obstacle:
        return _Whole(source, pages, obstacle)
    first, *others = pages
    kept = [first, *(page for page in others if not is_small(source, page))]
    pieces = cut(source, kept, followed)
    return _Whole(source, pages, "", kept, pieces, make_head(source, kept, pieces))


def _obstacle(source: Source, pages: Sequence[Page]) -> str:
    """Return why there can be no clean copy of a file that can be read, "" where there can."""
    if is_raw(source, pages):
        return ADVICE
    first, *others = pages
    if is_small(source, first) and (others or tags.SUB_IFDS in first.entries):
        return _SMALL_FIRST
    stay = (page for page in pages if page is first or not is_small(source, page))
    reasons = (why_not(source.number(page, tags.COMPRESSION, 1)) for page in stay)
    return next(filter(None, reasons), "")


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
