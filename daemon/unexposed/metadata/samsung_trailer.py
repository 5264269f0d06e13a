"""What Samsung's phones write behind a picture or a video: named pieces, and a directory of them.

Source: ExifTool's Samsung.pm, "Samsung Trailer Tags".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from unexposed.exposure import Finding, finding
from unexposed.metadata.block import Block
from unexposed.metadata.file_paths import paths_in
from unexposed.metadata.legible import legible, size_in_words

LANGUAGES = ("samsung_trailer",)

_HEAD, _TAIL = b"SEFH", b"SEFT"
_ENTRY: Final = 12
_MOST: Final = 200

_KINDS: Final = (
    ("MotionPhoto", "content.video"),
    ("EmbeddedVideo", "content.video"),
    ("Interactive_Panorama_0", "content.video"),
    ("DualShot_DepthMap", "content.depth"),
    ("DepthMap", "content.depth"),
    ("DualShot_", "content.second_picture"),
    ("FlipPhoto_", "content.second_picture"),
    ("SoundShot_0", "content.audio"),
)
"""How the name of a piece begins -> its kind, if it is no note; the first that fits counts."""
_BY_TYPE: Final = {
    0x0001: "DualShot_",
    0x0100: "SoundShot_000",
    0x0201: "Interactive_Panorama_000",
    0x0A20: "FlipPhoto_",
    0x0A30: "MotionPhoto_Data",
}
"""Types of large pieces -> how they are called."""
_TIME: Final = "Image_UTC_Data"
_COUNTRY: Final = "MCC_Data"
_EDITS: Final = "PhotoEditor_Re_Edit_Data"
_LONGEST: Final = 200
"""Bytes of a note that is told as it is; of others, how long they are."""
_MOST_TEXT: Final = 64 << 10
_PRINTABLE: Final = bytes(range(0x20, 0x7F)) + b"\t\r\n\0"
_CREDIBLE: Final = range(1990, 2100)


def read(block: Block) -> list[Finding]:
    """Return what each piece gives away; `payload` is the end of the trailer, or all of it."""
    found: list[Finding] = []
    at = _directory(block.payload)
    if at is None:
        return [finding("hidden.damaged", block.where, "Samsung's data without its directory")]
    unread = False
    for piece in _pieces(block.payload, at):
        if piece is None:
            unread = True
        else:
            name, data, size = piece
            found += _piece(name, data, size, f"{block.where} {name}".rstrip())
    if unread:
        found.append(
            finding("hidden.damaged", block.where, "a piece that is not where it should be")
        )
    return found


def _directory(trailer: bytes) -> int | None:
    """Return where the directory begins at the end of a trailer, None where there is none."""
    at = len(trailer) - 8 - int.from_bytes(trailer[-8:-4], "little")
    sound = trailer.endswith(_TAIL) and at >= 0 and trailer.startswith(_HEAD, at)
    return at if sound else None


def _pieces(trailer: bytes, at: int) -> Iterator[tuple[str, bytes, int] | None]:
    """Yield name, content and size of the pieces that the directory at `at` names, None for unread.

    Of one that begins before the payload, the name that goes with its type, and no content.
    """
    count = int.from_bytes(trailer[at + 8 : at + 12], "little")
    places = range(at + 12, len(trailer) - 8 - _ENTRY + 1, _ENTRY)
    for place in places[: min(count, _MOST)]:
        kind, before, size = struct.unpack_from("<HII", trailer, place + 2)
        start = at - before
        if start < 0 and kind in _BY_TYPE:
            yield _BY_TYPE[kind], b"", size
        if start < 0 <= before - size:
            continue
        length = int.from_bytes(trailer[start + 4 : start + 8], "little")
        if before < size or 8 + length > size:
            yield None
        else:
            name = legible(trailer[start + 8 : start + 8 + min(length, _LONGEST)])
            yield name, trailer[start + 8 + length : start + size], size - 8 - length


def _piece(name: str, data: bytes, size: int, where: str) -> list[Finding]:
    if kind := next((kind for begins, kind in _KINDS if name.startswith(begins)), ""):
        return [finding(kind, where, size_in_words(size))]
    text = legible(data) if len(data) <= _LONGEST and not data.strip(_PRINTABLE) else ""
    if name == _TIME and text.isdecimal() and (when := _moment(int(text))):
        return [finding("time.taken", where, when)]
    if name == _COUNTRY and text.isdecimal():
        return [finding("location.place", where, f"the country with the mobile code {text}")]
    paths = paths_in(data[:_MOST_TEXT].decode("utf-8", "replace"))
    found = [finding("location.file_path", where, path) for path in paths]
    if name == _EDITS:
        return [finding("history.edits", where, size_in_words(size)), *found]
    said = f"{name}: {text}" if text else f"{name}, {size_in_words(size)}"
    return [*found, finding("hidden.metadata", where, said)]


def _moment(milliseconds: int) -> str:
    """Return milliseconds since 1970 as a time, "" for one that cannot be meant."""
    try:
        when = datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return ""
    return f"{when:%Y-%m-%d %H:%M:%S}Z" if when.year in _CREDIBLE else ""
