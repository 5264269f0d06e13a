"""What a JPEG's frame and scan headers say. Source: ITU-T T.81 B.2.2 and B.2.3."""

from __future__ import annotations

from typing import Final

import msgspec

from unexposed.errors import Malformed

FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA, 0xCB})
"""SOF0 to SOF3 and SOF9 to SOF11."""

_MAX_COMPONENTS: Final = 4
"""In a scan by T.81, and in a frame that anything can show: CMYK has as many."""


class Component(msgspec.Struct, frozen=True, gc=False):
    """One colour component: its place in the frame, its id, sampling 1 to 4, and table in DQT."""

    index: int
    number: int
    across: int
    down: int
    table: int


class Frame(msgspec.Struct, frozen=True):
    """What SOFn says; `height` is 0 when DNL says it later."""

    code: int
    height: int
    width: int
    components: tuple[Component, ...]

    @property
    def arithmetic(self) -> bool:
        """Whether arithmetic coding is used and not Huffman's."""
        return self.code >= 0xC9

    @property
    def progressive(self) -> bool:
        """Whether a scan tells some of the coefficients, or some of their bits."""
        return self.code & 3 == 2

    @property
    def lossless(self) -> bool:
        """Whether samples are coded and not coefficients."""
        return self.code & 3 == 3

    @property
    def unit(self) -> int:
        """Samples on the side of a data unit: a block's 8, or 1 in lossless coding."""
        return 1 if self.lossless else 8


class ScanHeader(msgspec.Struct, frozen=True):
    """What SOS says: each component with its DC and AC table, and the four numbers behind.

    In a progressive frame `first` to `last` are the coefficients that the scan tells and `low` is
    the lowest of their bits; one that refines them has the lowest bit until then in `high`.
    In a lossless frame `first` is the predictor and `low` the point transform.
    """

    components: tuple[Component, ...]
    tables: tuple[tuple[int, int], ...]
    first: int
    last: int
    high: int
    low: int

    def codes(self, frame: Frame) -> tuple[bool, bool]:
        """Tell whether the scan uses its DC tables, and whether its AC tables. Source: T.81 G.1."""
        if frame.progressive:
            return self.first == 0 and self.high == 0, self.first > 0
        return True, not frame.lossless

    def restarts(self, frame: Frame, interval: int) -> int:
        """Return how many restart markers the scan has with one behind so many MCUs, 0 for none.

        Source: T.81 A.2.
        """
        if not interval:
            return 0
        across = frame.unit * max(component.across for component in frame.components)
        down = frame.unit * max(component.down for component in frame.components)
        width, height = frame.width, frame.height
        if len(self.components) == 1:
            width *= self.components[0].across
            height *= self.components[0].down
        units = -(-width // across) * -(-height // down)
        return max(0, units - 1) // interval


def read_frame(code: int, body: bytes, at: int) -> Frame:
    """Read what stands behind a SOFn's length; `at` is where the segment stands.

    Raises Malformed for a picture without extent or with impossible components.
    """
    count = body[5] if len(body) > 5 else 0
    if not count or len(body) < 6 + 3 * count:
        raise Malformed("the frame header is too short", at)
    height, width = int.from_bytes(body[1:3]), int.from_bytes(body[3:5])
    components = tuple(
        Component(index, body[n], body[n + 1] >> 4, body[n + 1] & 15, body[n + 2])
        for index, n in enumerate(range(6, 6 + 3 * count, 3))
    )
    sampled = all(1 <= c.across <= 4 and 1 <= c.down <= 4 for c in components)
    if not width or not sampled or count > _MAX_COMPONENTS:
        raise Malformed("the frame header is impossible", at)
    return Frame(code, height, width, components)


def read_scan_header(body: bytes, frame: Frame, at: int) -> ScanHeader:
    """Read what stands behind a SOS's length; `at` is where the segment stands.

    Raises Malformed for components that the frame does not have.
    """
    count = body[0] if body else 0
    if not 1 <= count <= _MAX_COMPONENTS or len(body) < 4 + 2 * count:
        raise Malformed("the scan header is impossible", at)
    left = list(frame.components)
    components, tables = [], []
    for n in range(1, 1 + 2 * count, 2):
        component = next((one for one in left if one.number == body[n]), None)
        if component is None:
            raise Malformed("a scan of a component that the frame does not have", at)
        left.remove(component)
        components.append(component)
        tables.append((body[n + 1] >> 4, body[n + 1] & 15))
    first, last, bits = body[1 + 2 * count : 4 + 2 * count]
    return ScanHeader(tuple(components), tuple(tables), first, last, bits >> 4, bits & 15)
