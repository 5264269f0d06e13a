"""HEIF: pictures coded with HEVC (HEIC) or AV1 (AVIF) in boxes.

The list of items is written anew with nothing but the picture's own: all that another
item, box or gap holds goes with its bytes, and offsets are made true. What the coded data
hides within slices and frames is told in `_hevc` and `_av1`. Viewers take the orientation
from the properties 'irot' and 'imir', which stay, and never from the Exif, which goes.
Source: ISO/IEC 23008-12:2022 and, for the boxes, ISO/IEC 14496-12:2022.
"""

from __future__ import annotations

import itertools
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final

import msgspec

from unexposed.errors import Held, Malformed
from unexposed.formats._boxes import HEADER, Box, make_box, make_header
from unexposed.formats._tiling import Tiling
from unexposed.formats._written import Written, judged, planned, settled
from unexposed.formats.heif import _choice as choice
from unexposed.formats.heif import _properties as properties
from unexposed.formats.heif._file import File, is_animation, make_type, read_file
from unexposed.formats.heif._meta import IN_IDAT, MAX_ITEMS, Meta, read_meta
from unexposed.formats.heif._picture import STILL, Kept, Picture, read_picture, with_note
from unexposed.formats.heif._sequence import MOVIE, Animation, read_animation
from unexposed.formats.heif._shown import Shown
from unexposed.formats.heif._write import Place, make_meta
from unexposed.formats.parts import NOTHING, Buffer, Followed, Part, Plan, Put, Role
from unexposed.metadata.legible import legible

GAP: Final = "data that no item uses"
TRAILER: Final = "data after the end of the file"

_TYPE: Final = "file type"
_META: Final = "list of items"
_META_END: Final = "rest of the list of items"
_DATA: Final = "header of the data"
_PICTURE: Final = "picture"
_DERIVED: Final = "grid"

_NARROW, _WIDE = 4, 8
"""Bytes of a place in the list of items."""
_MAX_NARROW: Final = 0xFFFF_FFFF
_MAX_PLACES: Final = 0xFFFF


class Opened(msgspec.Struct, frozen=True):
    """A file that was read as far as its list of items."""

    file: File
    meta: Meta

    @property
    def areas(self) -> list[Box]:
        """The boxes in which the bytes of items may lie, in the order of the file."""
        data = [box for box in self.file.boxes if box.kind == b"mdat"]
        idat = self.meta.idat
        return sorted([*data, *([idat] if idat else [])], key=lambda box: box.start)


class Layout(msgspec.Struct, frozen=True):
    """The parts of a file, and what stands for each in the clean copy."""

    parts: list[Part]
    written: Written

    @property
    def plan(self) -> Plan:
        """How to write the clean copy."""
        return planned(self.parts, self.written)


def dissect(buffer: Buffer, _: Followed = NOTHING, /) -> list[Part]:
    """Divide a HEIF file into the picture's data and all that stands around it.

    Raises Malformed where it cannot be told which bytes belong to the picture.
    """
    opened = open_file(buffer)
    try:
        layout = lay_out(buffer, opened, opened.meta.primary)
    except Malformed:
        raise
    except Held:
        return _boxes_of(buffer, opened)
    return judged(layout.parts, layout.written)


def rebuild(buffer: Buffer, _: Sequence[Part], /) -> Plan:
    """Plan the clean copy: the coded pictures as they stand, the list of items anew.

    Raises Held for an animation, and for a picture that is made in a way that cannot be
    cleaned yet.
    """
    opened = open_file(buffer)
    return lay_out(buffer, opened, opened.meta.primary).plan


def annotate(buffer: Buffer, _: Sequence[Part], packet: bytes, /) -> Plan | None:
    """Plan the copy with an XMP packet as one more item, whose bytes stand at its end."""
    opened = open_file(buffer)
    animation = _animation(buffer, opened)
    moving = animation.moving if animation else STILL
    picture = read_picture(buffer, opened.meta, opened.meta.primary, opened.areas, moving)
    if len(picture.items) >= MAX_ITEMS:
        return None
    layout = _laid_out(buffer, opened, with_note(picture), animation, len(packet))
    return [*layout.plan, Put(make_box(b"mdat", packet))]


def unseen(buffer: Buffer, frames: int) -> str:
    """Say what a clean copy holds beside so many frames that a decoder shows; "" for nothing.

    Decoders show either the tracks of an animation or its still picture. Raises Held, and Malformed.
    """
    opened = open_file(buffer)
    animation = _animation(buffer, opened)
    if animation is None:
        return ""
    if frames == 1:
        return "an animation"
    picture = read_picture(buffer, opened.meta, opened.meta.primary, opened.areas, animation.moving)
    own = {piece for item in picture.items for piece in item.pieces}
    return "" if own <= {*animation.moving.pieces} else "the still picture of an animation"


def crops(buffer: Buffer) -> bool:
    """Tell whether a file says that part of its picture is not to be shown. Raises Held."""
    meta, chosen = _chosen(buffer)
    shown = Shown(buffer, meta)
    return any(shown.crops(item) for item in chosen.items)


def curves(buffer: Buffer) -> set[int]:
    """Return how a picture's samples stand for light, as numbers of ITU-T H.273. Raises Held."""
    meta, chosen = _chosen(buffer)
    indices = {one.index for item in chosen.items for one in item.properties}
    boxes = [box for index, box in enumerate(meta.properties) if index in indices]
    return {curve for box in boxes if (curve := properties.curve_of(buffer, box))}


def hides(buffer: Buffer) -> bool:
    """Tell whether a picture's data hold more than is shown of it. Raises Held."""
    meta, chosen = _chosen(buffer)
    shown = Shown(buffer, meta)
    inputs = {one.source: one.targets for one in chosen.references if one.kind == choice.INPUTS}
    return any(
        shown.crops(item) or shown.overhangs(item, inputs.get(item.number, ()))
        for item in chosen.items
    )


def _chosen(buffer: Buffer) -> tuple[Meta, choice.Choice]:
    meta = open_file(buffer).meta
    return meta, choice.choose(buffer, meta, meta.primary)


def open_file(buffer: Buffer) -> Opened:
    """Read a file's boxes and its list of items. Raises Malformed."""
    file = read_file(buffer)
    return Opened(file, read_meta(buffer, file.meta))


def lay_out(buffer: Buffer, opened: Opened, primary: int, *, still: bool = False) -> Layout:
    """Divide a file for a clean copy that shows its item `primary`. Raises Held, and Malformed.

    A `still` one is that item alone, of an animation too.
    """
    animation = None if still else _animation(buffer, opened)
    moving = animation.moving if animation else STILL
    picture = read_picture(buffer, opened.meta, primary, opened.areas, moving)
    return _laid_out(buffer, opened, picture, animation)


def _animation(buffer: Buffer, opened: Opened) -> Animation | None:
    """Return what moves in a file, None for a still picture. Raises Held, and Malformed."""
    if not is_animation(buffer, opened.file.boxes[0]):
        return None
    return read_animation(buffer, opened.file, opened.meta)


def _laid_out(
    buffer: Buffer, opened: Opened, picture: Picture, animation: Animation | None, note: int = 0
) -> Layout:
    """Divide a file for a clean copy, whose last item has `note` bytes behind all others."""
    layout = _Divided(picture, animation)
    for box in opened.file.boxes:
        if box.kind == b"ftyp":
            made = make_type(buffer, box, moving=animation is not None)
            layout.add(box.end, Role.STRUCTURE, _TYPE, made)
        elif box.kind == b"moov" and animation:
            layout.add_movie(box)
        elif box.kind == b"meta":
            layout.add_meta(box, opened.meta.idat)
        elif box.kind == b"mdat":
            layout.add_data(box)
        else:
            layout.add(box.end, Role.UNKNOWN, _name(box), b"")
    layout.add(len(buffer), Role.TRAILER, TRAILER, b"")
    layout.finish(note)
    return Layout(layout.parts, settled(buffer, layout.parts, layout.written))


def _boxes_of(buffer: Buffer, opened: Opened) -> list[Part]:
    """Divide a file that cannot be cleaned, as far as it can be told what is what."""
    tiling = Tiling()
    for box in opened.file.boxes:
        tiling.add(box.end, Role.UNKNOWN, _name(box))
    tiling.add(len(buffer), Role.TRAILER, TRAILER)
    return tiling.parts


def _name(box: Box) -> str:
    return f"box '{legible(box.kind)}'"


class _Divided:
    """The parts of a file so far, with what stands for them."""

    def __init__(self, picture: Picture, animation: Animation | None) -> None:
        self.written: Written = []
        self._picture = picture
        self._animation = animation
        self._movie = 0
        self._tiling = Tiling()
        self._starts = [piece.start for piece in picture.pieces]
        self._next_gone = 0
        self._part_of: dict[int, int] = {}
        self._meta = 0
        self._inside = range(0)

    @property
    def parts(self) -> list[Part]:
        """The parts, in the order of the file."""
        return self._tiling.parts

    def add(self, end: int, role: Role, name: str, made: bytes | None) -> None:
        """Add the part up to `end`, for which `made` stands in the clean copy."""
        if self._tiling.add(end, role, name) >= 0:
            self.written.append(made)

    def add_meta(self, box: Box, idat: Box | None) -> None:
        """Add the list of items, and the bytes of items that it holds itself."""
        self._meta = len(self.parts)
        if idat is None:
            self.add(box.end, Role.STRUCTURE, _META, b"")
            return
        self.add(idat.data, Role.STRUCTURE, _META, b"")
        self._add_bytes(idat)
        self._inside = range(self._meta + 1, len(self.parts))
        self.add(box.end, Role.STRUCTURE, _META_END, b"")

    def add_movie(self, box: Box) -> None:
        """Add the tracks of an animation."""
        self._movie = len(self.parts)
        self.add(box.end, Role.STRUCTURE, MOVIE, b"")

    def add_data(self, box: Box) -> None:
        """Add a box of items' bytes; without any that stay it goes itself."""
        header = len(self.parts)
        self.add(box.data, Role.STRUCTURE, _DATA, b"")
        self._add_bytes(box)
        size = sum(self._size(index) for index in range(header + 1, len(self.parts)))
        self.written[header] = make_header(b"mdat", size) if size else b""

    def finish(self, note: int) -> None:
        """Write the list of items, now that it can be told where everything will stand."""
        inside = sum(self._size(index) for index in self._inside)
        for wide in (_NARROW, _WIDE):
            self.written[self._meta] = b""
            for _ in range(2):  # its length does not depend on the offsets in it, but they on that
                if wide == _NARROW and self._offsets()[-1] + note > _MAX_NARROW:
                    break
                places = self._places()
                if note:
                    places[-1] = [(self._offsets()[-1] + HEADER, note)]
                self.written[self._meta] = make_meta(self._picture, places, wide, inside)
                if self._animation:
                    self.written[self._movie] = self._animation.movie.write(self._moved, wide=False)
            if self._offsets()[-1] + note <= _MAX_NARROW:
                break

    def _add_bytes(self, area: Box) -> None:
        """Add what a box of items' bytes holds: what stays, and what lies between that."""
        first = bisect_left(self._starts, area.data)
        for piece in itertools.islice(self._picture.pieces, first, None):
            if piece.start >= area.end:
                break
            self._add_gone(piece.start)
            self._part_of[piece.start] = len(self.parts)
            name = piece.name or (_PICTURE if piece.role is Role.PICTURE else _DERIVED)
            self.add(piece.end, piece.role, name, piece.made)
        self._add_gone(area.end)

    def _add_gone(self, end: int) -> None:
        """Add what does not stay up to `end`: each item's bytes, and those of none."""
        gone = self._picture.gone
        while self._tiling.position < end:
            position = self._tiling.position
            while self._next_gone < len(gone) and gone[self._next_gone].end <= position:
                self._next_gone += 1
            one = gone[self._next_gone] if self._next_gone < len(gone) else None
            if one is None or one.start >= end:
                self.add(end, Role.UNKNOWN, GAP, b"")
            elif one.start > position:
                self.add(one.start, Role.UNKNOWN, GAP, b"")
            else:
                self.add(min(one.end, end), one.role, one.name, b"")

    def _size(self, index: int) -> int:
        made = self.written[index]
        return self.parts[index].size if made is None else len(made)

    def _offsets(self) -> list[int]:
        """Return where each part will begin, and where the last one will end."""
        return [0, *itertools.accumulate(map(self._size, range(len(self.parts))))]

    def _moved(self, starts: array[int]) -> array[int]:
        """Return where samples will begin that begin here in the source."""
        offsets = self._offsets()
        moved = array("Q")
        for start in starts:
            first = self._starts[bisect_right(self._starts, start) - 1]
            moved.append(offsets[self._part_of[first]] + start - first)
        return moved

    def _places(self) -> list[list[Place]]:
        """Return where the bytes of each item will lie."""
        offsets = self._offsets()
        return [self._places_of(item, offsets) for item in self._picture.items]

    def _places_of(self, item: Kept, offsets: list[int]) -> list[Place]:
        base = offsets[self._inside.start] if item.construction == IN_IDAT else 0
        places: list[Place] = []
        for piece in item.pieces:
            index = self._part_of[piece.start]
            start, end = offsets[index] - base, offsets[index + 1] - base
            if places and sum(places[-1]) == start:
                start, _ = places.pop()
            places.append((start, end - start))
        if len(places) > _MAX_PLACES:
            raise Malformed("a picture lies in too many places", item.pieces[0].start)
        return places
