"""What a detector says of a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec

if TYPE_CHECKING:
    import numpy
    import numpy.typing

Picture: TypeAlias = "numpy.typing.NDArray[numpy.uint8]"
"""Height x width x 3 samples, RGB, upright as a viewer shows it, alpha laid on white."""

Point: TypeAlias = tuple[float, float]
"""x and y in pixels from the upper left corner of the upright picture."""


class Seen(msgspec.Struct, frozen=True):
    """One thing that a picture shows.

    `kind` is a key of `exposure.KINDS`, `outline` its corners clockwise, `score` how sure the
    detector is (0 to 1), and `value` what it says, no longer than a person needs to recognise it.
    """

    kind: str
    outline: tuple[Point, ...]
    score: float
    value: str = ""

    @property
    def box(self) -> tuple[int, int, int, int]:
        """x, y, width and height of the whole pixels that hold the outline."""
        xs, ys = [x for x, _ in self.outline], [y for _, y in self.outline]
        left, top = int(min(xs) // 1), int(min(ys) // 1)
        return left, top, int(-(-max(xs) // 1)) - left, int(-(-max(ys) // 1)) - top
