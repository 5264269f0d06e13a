"""Spans of a drawing laid end to end, each with what stands for it in the clean copy."""

from __future__ import annotations

from unexposed.errors import Malformed
from unexposed.formats._tiling import MAX_PARTS
from unexposed.formats._written import Written
from unexposed.formats.parts import Buffer, Part, Role

MARKUP = "markup"


class Spans:
    """The parts so far, which tile [0, `position`); neighbours that stay and are alike are one.

    `written` is None where a part's own bytes stay, b"" where nothing does.
    """

    def __init__(self, buffer: Buffer) -> None:
        self.parts: list[Part] = []
        self.written: Written = []
        self.position = 0
        self.blank = True
        """Whether what the copy holds so far ends with white space that was laid down as such."""
        self._buffer = buffer
        self._start = 0
        self._role = Role.STRUCTURE
        self._name = MARKUP

    def keep(self, end: int, role: Role = Role.STRUCTURE, name: str = MARKUP) -> None:
        """Lay down bytes that stay."""
        if end == self.position:
            return
        if role is not self._role or name != self._name:
            self._close()
            self._role, self._name = role, name
        self.position = end
        self.blank = False

    def put(self, end: int, data: bytes) -> None:
        """Lay down markup that is to be these bytes."""
        if end == self.position:
            return
        if self._buffer[self.position : end] == data:
            self.keep(end)
        else:
            self._close()
            self._add(end, Role.STRUCTURE, MARKUP, data)
            self.blank = self.blank and not data

    def put_space(self, end: int) -> None:
        """Lay down white space that nobody sees: a line break, unless there is one already."""
        blank = self.blank
        self.put(end, b"" if blank else b"\n")
        self.blank = True

    def drop(self, end: int, role: Role, name: str) -> None:
        """Lay down bytes that go."""
        self._close()
        self._add(end, role, name, b"")

    def finish(self) -> None:
        """Lay down the last part."""
        self._close()

    def _close(self) -> None:
        """End the run of bytes that stay."""
        if self._start < self.position:
            self._add(self.position, self._role, self._name, None)

    def _add(self, end: int, role: Role, name: str, data: bytes | None) -> None:
        if len(self.parts) >= MAX_PARTS:
            raise Malformed(f"falls into more than {MAX_PARTS:,} parts", self._start)
        self.parts.append(Part(self._start, end, role, name, plain=data is None))
        self.written.append(data)
        self._start = self.position = end
