"""How much of what a picture's data holds is not shown. A crop that is only stated is held back.

Sources: ISO/IEC 23008-12:2022 sections 6.5.3, 6.5.9 and 6.6.2; ISO/IEC 14496-12:2022 section
12.1.4; ISO/IEC 23000-22:2019 section 7.3.6.7 for the order of crop and turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from unexposed.errors import Held, Malformed
from unexposed.formats.heif import _choice as choice
from unexposed.formats.heif import _properties as properties
from unexposed.formats.heif._extents import Extents
from unexposed.formats.heif._meta import Item, Meta
from unexposed.formats.parts import Buffer

Size = tuple[int, int]
"""Across and down, in pixels."""

_MARGIN: Final = 64
"""Pixels a side that a picture may have beyond those that it shows: the largest coding block."""
_USUAL_TILE: Final = 512
"""Pixels a side of the tiles of cameras, whose last ones are filled up beyond the picture's edge."""

_LEGIBLE: Final = 8
"""Pixels a side in which nothing can be read."""
_FILLED: Final = 5
"""Of so many parts of a side cameras fill up one at most."""

_CROPPED: Final = "it still holds what was cropped away from it; export it as a new picture"


def require_uncut(size: Size, coded: Size, cut: Size, area: properties.Area | None) -> None:
    """Require that a picture of this size shows what is coded, as far as decoder and crop let it."""
    window = [min(says, holds - gone) for says, holds, gone in zip(size, coded, cut, strict=True)]
    if area is not None:
        for side, rest, moved in zip(window, area.size, area.moved, strict=True):
            if abs(moved) > side - rest:
                raise Held(_CROPPED)
        window = [*area.size]
    if any(holds - rest >= _MARGIN for holds, rest in zip(coded, window, strict=True)):
        raise Held(_CROPPED)


class Shown:
    """Compares what the items of a file show with what they hold. Raises Held, and Malformed."""

    def __init__(self, buffer: Buffer, meta: Meta) -> None:
        self._buffer = buffer
        self._meta = meta

    def is_cropped(self, item: Item) -> bool:
        """Tell whether an item says itself that much of it is hidden."""
        return self._crops(item, _MARGIN)

    def crops(self, item: Item) -> bool:
        """Tell whether an item says that more of it is hidden than what rounds up its sides."""
        return self._crops(item, _LEGIBLE)

    def _crops(self, item: Item, least: int) -> bool:
        """Tell whether an item says that so many pixels of a side, or more, are hidden."""
        size, crop = self._size(item), choice.property_of(self._meta, item, properties.CROP)
        if crop is None or size is None:
            return crop is not None
        left = properties.crop_of(self._buffer, crop).size
        return any(side - rest >= least for side, rest in zip(size, left, strict=True))

    def overhangs(self, item: Item, inputs: Sequence[int]) -> bool:
        """Tell whether a grid's last tiles reach further beyond the picture than those of cameras."""
        size = self._size(item)
        if item.kind != choice.GRID or size is None:
            return item.kind == choice.GRID
        rows, columns = Extents(self._buffer, item.spans or ()).read(2, 2)
        tile = self._size_of_inputs(item, inputs)
        hidden = [
            (more + 1) * each - side
            for more, each, side in zip((columns, rows), tile, size, strict=True)
        ]
        return any(
            over >= _MARGIN and over * _FILLED > side
            for over, side in zip(hidden, size, strict=True)
        )

    def require_whole(self, item: Item, coded: Size, cut: Size = (0, 0)) -> None:
        """Require that an item shows what is coded, of which its decoder cuts `cut` away."""
        size = self._size(item) or coded
        if any(says > holds for says, holds in zip(size, coded, strict=True)):
            raise Malformed("a picture tells a larger size than it has", item.start)
        crop = choice.property_of(self._meta, item, properties.CROP)
        area = None
        if crop is not None:
            self._require_unturned(item)
            area = properties.crop_of(self._buffer, crop)
        require_uncut(size, coded, cut, area)

    def require_covered(self, item: Item, inputs: Sequence[int], shown: Size, count: Size) -> None:
        """Require that a grid shows of its tiles all but what fills the last ones up."""
        tile = self._size_of_inputs(item, inputs)
        for each, number, most in zip(tile, count, shown, strict=True):
            hidden = each * number - most
            if hidden >= each or (hidden >= _MARGIN and (number == 1 or each > _USUAL_TILE)):
                raise Held(_CROPPED)
        if self._size(item) not in (None, shown):
            raise Malformed("a grid of pictures tells another size than it has", item.start)
        self.require_whole(item, shown)

    def require_same(self, item: Item, inputs: Sequence[int]) -> None:
        """Require that an item shows the whole of another one, which it may turn."""
        size = self._size_of_inputs(item, inputs)
        if choice.property_of(self._meta, item, properties.CROP):
            raise Held(_CROPPED)
        if self._size(item) not in (None, size, size[::-1]):
            raise Malformed("a picture tells another size than that which it repeats", item.start)

    def _size(self, item: Item) -> Size | None:
        box = choice.property_of(self._meta, item, properties.SIZE)
        return properties.size_of(self._buffer, box) if box else None

    def _size_of_inputs(self, item: Item, inputs: Sequence[int]) -> Size:
        """Return the one size of all that an item is put together from."""
        sizes = set()
        for number in dict.fromkeys(inputs):
            piece = self._meta.items[number]
            size = self._size(piece)
            if size is None:
                raise Malformed("a piece of the picture does not tell its size", item.start)
            if choice.property_of(self._meta, piece, properties.CROP):
                raise Held(_CROPPED)
            sizes.add(size)
        if len(sizes) != 1:
            raise Malformed("the pieces of a picture differ in size", item.start)
        return sizes.pop()

    def _require_unturned(self, item: Item) -> None:
        """Require that a crop comes before the turn, as some readers always take it so."""
        kinds = [self._meta.properties[one.index].kind for one in item.properties]
        if any(kind in properties.TURNS for kind in kinds[: kinds.index(properties.CROP)]):
            raise Malformed("a picture is turned before it is cropped", item.start)
