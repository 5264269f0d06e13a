"""The blocks of a GIF in their order, and which of them viewers use.

Some viewers, Chrome among them, read no further than to a byte that begins no block, or to a
graphic control of another size than the specification's; others read on. A picture behind such a
place is one that not everybody was shown, so a file that has one is held back.

Sources: GIF89a specification; for the loop count what Netscape 2.0 made of the application
extension, and Wuffs (std/gif), which Chrome decodes with.
"""

from __future__ import annotations

import re
import struct

import msgspec

from unexposed.errors import Malformed
from unexposed.formats._lzw import CODE_SIZES, Corrupt, bytes_read
from unexposed.formats._tiling import Tiling
from unexposed.formats.gif._sub_blocks import pieces, row_end
from unexposed.formats.parts import Buffer, Followed, Part, Role

SIGNATURES = (b"GIF87a", b"GIF89a")
EXTENSION, END = 0x21, 0x3B
APPLICATION = 0xFF
XMP_ID = b"XMP DataXMP"
TABLE = 0x80
"""The bit of a descriptor's packed byte that says that a colour table follows."""

SCREEN = "screen descriptor"
COLOURS = "colour table"
CONTROL = "graphic control"
DESCRIPTOR = "image descriptor"
BITS = "bits of a pixel"
LOOP = "loop count"
LAST_LENGTH = "length of the last data block"
TRAILER_BYTE = "end"
COMMENT = "comment"
TEXT = "plain text"
XMP = "XMP"
ICC = "ICC profile"
APPLICATION_DATA = "application data"
_UNKNOWN_EXTENSION = "unknown extension"
_IDLE = "that no decoder uses"
_BEHIND_LOOP = f"data behind the {LOOP}"
_BEHIND_PICTURE = "behind the picture data"
_STRAY = "stray bytes"

_SCREEN_END = 13
_IMAGE = 0x2C
_INTRODUCER = re.compile(rb"[!,;]")
_CONTROL_LABEL, _CONTROL_SIZE = 0xF9, 4
_TEXTS = {0x01: TEXT, 0xFE: COMMENT}
_LANGUAGES = {XMP_ID: XMP, b"ICCRGBG1012": ICC}
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_LOOP_COUNT = b"\3\1"
"""How the sub-block begins that holds the count: its size, and its kind."""


class _Frame(msgspec.Struct, frozen=True, gc=False):
    """Where a picture's data blocks end: for decoders, and in the file.

    `last` is the length byte of the last block that is read, `used` the end of what is
    read of it, `end` the terminator.
    """

    last: int
    used: int
    end: int


def divide(buffer: Buffer, followed: Followed) -> list[Part]:
    """Divide a GIF into its blocks; whether a part is plain is left open. Raises Malformed."""
    if buffer[:6] not in SIGNATURES:
        raise Malformed("does not begin as a GIF", 0)
    return _Walk(buffer, followed).parts()


class _Walk:
    """Adds one block after the other to a tiling, and takes back what a later one supersedes."""

    def __init__(self, buffer: Buffer, followed: Followed) -> None:
        self._buffer = buffer
        self._followed = followed
        self._tiling = Tiling()
        self._screen = (0, 0)
        self._control = self._loop = -1
        self._pictures = 0
        self._disputed = False
        """Whether some viewers have stopped reading by now."""

    def parts(self) -> list[Part]:
        self._add(6, Role.STRUCTURE, "header")
        self._add(_SCREEN_END, Role.STRUCTURE, SCREEN)
        width, height, packed = struct.unpack("<HHB", self._buffer[6:11])
        self._screen = width, height
        self._add_colours(packed)
        tiling, length = self._tiling, len(self._buffer)
        while tiling.position < length:
            introducer = self._buffer[tiling.position]
            if introducer == EXTENSION:
                self._add_extension()
            elif introducer == _IMAGE:
                self._add_image()
            elif introducer == END:
                tiling.add(tiling.position + 1, Role.STRUCTURE, TRAILER_BYTE)
                tiling.add(length, Role.TRAILER, "data after the end")
            else:
                following = _INTRODUCER.search(self._buffer, tiling.position)
                tiling.add(following.start() if following else length, Role.UNKNOWN, _STRAY)
                self._disputed = True
        if not self._pictures:
            raise Malformed("holds no picture", length)
        self._drop_control()
        return tiling.parts

    def _add(self, end: int, role: Role, name: str) -> None:
        if end > len(self._buffer):
            raise Malformed("the file is cut short", len(self._buffer))
        self._tiling.add(end, role, name)

    def _add_colours(self, packed: int) -> None:
        if packed & TABLE:
            self._add(self._tiling.position + (6 << (packed & 7)), Role.COLOUR, COLOURS)

    def _add_extension(self) -> None:
        start = self._tiling.position
        head = self._buffer[start : start + 16]
        end = row_end(self._buffer, start + 2)
        label, size = head[1], head[2]
        name = head[3:14] if label == APPLICATION and size == 11 else b""
        if label == _CONTROL_LABEL:
            self._add_control(end, regular=size == _CONTROL_SIZE and end == start + 8)
        elif name in _LOOPS and head[14:] == _LOOP_COUNT and not self._disputed:
            self._add_loop(end)
        elif label in _TEXTS:
            self._tiling.add(end, Role.METADATA, _TEXTS[label])
        elif name in _LANGUAGES:
            self._tiling.add(end, Role.METADATA, _LANGUAGES[name])
        else:
            known = label == APPLICATION
            self._tiling.add(end, Role.UNKNOWN, APPLICATION_DATA if known else _UNKNOWN_EXTENSION)

    def _add_control(self, end: int, *, regular: bool) -> None:
        """Add a graphic control, which belongs to the next picture.

        The texts between them, which no current decoder draws, take none of it: so do the
        browsers and Pillow.
        """
        self._drop_control()
        if regular:
            self._control = self._tiling.add(end, Role.STRUCTURE, CONTROL)
        else:
            self._tiling.add(end, Role.UNKNOWN, f"{CONTROL} {_IDLE}")
            self._disputed = True

    def _drop_control(self) -> None:
        if self._control >= 0:
            self._tiling.demote(self._control, f"{CONTROL} {_IDLE}")
            self._control = -1

    def _add_loop(self, end: int) -> None:
        """Add a loop count. Of several the browsers heed the last one, wherever it stands."""
        if self._loop >= 0:
            self._tiling.demote(self._loop, f"{LOOP} {_IDLE}")
        start = self._tiling.position
        whole = end == start + 19
        self._loop = self._tiling.add(end if whole else start + 18, Role.STRUCTURE, LOOP)
        self._tiling.add(end, Role.UNKNOWN, _BEHIND_LOOP)

    def _add_image(self) -> None:
        """Add one picture, its own colours, and its data up to where decoders read."""
        start = self._tiling.position
        self._add(start + 10, Role.STRUCTURE, DESCRIPTOR)
        fields = self._buffer[start + 1 : start + 10]
        left, top, width, height, packed = struct.unpack("<4HB", fields)
        self._see_place(start, left + width, top + height, visible=bool(width and height))
        self._add_colours(packed)
        self._add(self._tiling.position + 1, Role.STRUCTURE, BITS)
        frame = self._frame(self._tiling.position, width * height)
        self._tiling.add(frame.last, Role.PICTURE, "picture")
        self._tiling.add(frame.last + 1, Role.STRUCTURE, LAST_LENGTH)
        self._tiling.add(frame.used, Role.PICTURE, "picture")
        self._tiling.add(frame.end, Role.UNKNOWN, _BEHIND_PICTURE)
        self._tiling.add(frame.end + 1, Role.STRUCTURE, "end of the picture")
        self._control = -1
        self._pictures += 1

    def _see_place(self, start: int, right: int, bottom: int, *, visible: bool) -> None:
        """Raise Malformed for a picture that not all viewers show, or not all of it.

        The first one makes the screen larger where it reaches out of that; a later one is cropped
        by the browsers and not by Pillow. One without an area shows nothing in the browsers, for
        as long as its graphic control says, and Pillow opens none of what follows.
        """
        if not visible:
            raise Malformed("a picture without width or height", start)
        if self._disputed:
            raise Malformed("a picture behind bytes at which some viewers stop reading", start)
        across, down = self._screen
        if not self._pictures:
            self._screen = max(right, across), max(bottom, down)
        elif right > across or bottom > down:
            raise Malformed("a picture reaches out of the screen, where not all show it", start)

    def _frame(self, start: int, pixels: int) -> _Frame:
        """Find where the picture ends whose data blocks begin at `start`."""
        buffer = self._buffer
        last = self._followed.get(start, start)
        used = self._followed.get(last + 1)
        if used is not None:
            return _Frame(last, used, row_end(buffer, last) - 1)
        code_size = buffer[start - 1]
        if code_size not in CODE_SIZES:
            raise Malformed("a picture has an impossible number of bits", start - 1)
        try:
            left = bytes_read(pieces(buffer, start), code_size, pixels, whole=True)
        except Corrupt as problem:
            raise Malformed(f"the picture's data {problem}", start) from None
        last = start
        while left > buffer[last]:
            left -= buffer[last]
            last += 1 + buffer[last]
        return _Frame(last, last + 1 + left, row_end(buffer, last) - 1)
