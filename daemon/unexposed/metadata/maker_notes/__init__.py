"""Makers' private notes: what in them tells a camera, its owner, or the people that it saw.

One module for each maker, loaded when a note of that maker turns up, with one function,
`read(note) -> list[Finding]`. It raises nothing, whatever the bytes. What a module does not know of
a note is no finding of its own: that there is a note is told in any case.

Sources: ExifTool's documentation of tag names, one page a maker, and its MakerNotes.pm for how
notes begin; Exiv2's tables of makers' tags; OpenHarmony's libexif.
"""

from __future__ import annotations

import importlib
from typing import Final, Protocol

from unexposed.exposure import Finding, finding
from unexposed.metadata.block import Block
from unexposed.metadata.legible import size_in_words
from unexposed.metadata.maker_notes._note import Note
from unexposed.metadata.thumbnails import jpeg_dimensions, small_picture
from unexposed.metadata.tiff import CLASSIC, HEADERS

__all__ = ["LANGUAGES", "Note", "read", "read_note"]

LANGUAGES = ("maker_note",)

_STARTS: Final[tuple[tuple[bytes, str, str], ...]] = (
    (b"Apple iOS", "Apple", "apple"),
    (b"Nikon\0", "Nikon", "nikon"),
    (b"OLYMP", "Olympus", "olympus"),
    (b"OM SYSTEM", "OM System", "olympus"),
    (b"FUJIFILM", "Fujifilm", "fujifilm"),
    (b"Panasonic", "Panasonic", "panasonic"),
    (b"LEICA", "Leica", "leica"),
    (b"SONY DSC ", "Sony", "sony"),
    (b"SONY CAM ", "Sony", "sony"),
    (b"SONY MOBILE", "Sony", "sony"),
    (b"\0\0SONY PIC\0", "Sony", "sony"),
    (b"VHAB     \0", "Hasselblad", "sony"),
    (b"SONY", "Sony", ""),
    (b"SEMC MS", "Sony Ericsson", ""),
    (b"AOC\0", "Pentax", "pentax"),
    (b"PENTAX ", "Pentax", "pentax"),
    (b"RICOH\0II", "Ricoh", "pentax"),
    (b"RICOH\0MM", "Ricoh", "pentax"),
    (b"RICOH", "Ricoh", "ricoh"),
    (b"Ricoh", "Ricoh", "ricoh"),
    (b"HDRP", "Google", "google"),
    (b"[ae_dbg_info:", "DJI", "dji"),
    (b"MOT\0", "Motorola", "motorola"),
    (b"HUAWEI\0\0", "Huawei", "huawei"),
    (b"RECONYX", "Reconyx", "reconyx"),
    (b"\x01\xf1\x02\0", "Reconyx", "reconyx"),
    (b"\x01\xf1\x03\0", "Reconyx", "reconyx"),
    (b"SIGMA", "Sigma", "sigma"),
    (b"FOVEON", "Sigma", "sigma"),
    (b"QVC\0", "Casio", ""),
    (b"MLT0", "Minolta", ""),
    (b"KDK", "Kodak", ""),
    (b"SANYO", "Sanyo", ""),
    (b"KYOCERA", "Kyocera", ""),
    (b"EPSON", "Epson", ""),
)
"""How a note begins that says whose it is, the maker's name, and the module that reads it."""

_MAKES: Final[tuple[tuple[str, str], ...]] = (
    ("canon", "canon"),
    ("nikon", "nikon"),
    ("sony", "sony"),
    ("samsung", "samsung"),
    ("dji", "dji"),
    ("hasselblad", "dji"),
    ("leica", "leica"),
    ("panasonic", "panasonic"),
    ("gopro", "gopro"),
    ("ricoh", "ricoh"),
)
"""How the make of a camera begins, in lower case, whose notes say nothing of whose they are."""


_JPEG: Final = b"\xff\xd8\xff"
_JPEG_END: Final = b"\xff\xd9"
_MOST_HEAD: Final = 64 << 10
_MOST_PREVIEWS: Final = 4
_MOST_TRIES: Final = 64


class Reader(Protocol):
    """What a maker's module looks like."""

    def read(self, note: Note) -> list[Finding]:
        """Return what the note gives away, and that it is damaged where it cannot be read."""


def read(block: Block) -> list[Finding]:
    """Return what a note gives away that stands alone, as the main directory of a TIFF structure."""
    order, layout = HEADERS.get(block.payload[:4], ("", CLASSIC))
    start = int.from_bytes(block.payload[4:8], "little" if order == "<" else "big")
    if layout is not CLASSIC or not order or not 8 <= start < len(block.payload):
        return [finding("hidden.damaged", block.where, "maker's notes: no TIFF header")]
    size = len(block.payload) - start
    return read_note(Note(block.payload, start, size, order, block.where, block.label))


def read_note(note: Note) -> list[Finding]:
    """Return that there is a note, and what it gives away."""
    begin = note.head
    named = next((one for one in _STARTS if begin.startswith(one[0])), None)
    maker, module = named[1:] if named else ("", "")
    if named is None:
        make = note.make.casefold()
        module = next((name for start, name in _MAKES if make.startswith(start)), "")
    whose = f"{maker or note.make or 'unknown maker'}, {size_in_words(note.size)}"
    found = [finding("device.maker_note", note.where, whose)]
    if module:
        reader: Reader = importlib.import_module(f"{__name__}.{module}")
        found += reader.read(note)
    return found + _previews(note)


def _previews(note: Note) -> list[Finding]:
    """Return the small copies that a note holds, wherever its maker puts them."""
    found: list[Finding] = []
    at = note.start
    for _ in range(_MOST_TRIES):
        at = note.data.find(_JPEG, at, note.end)
        if at < 0 or len(found) >= _MOST_PREVIEWS:
            break
        dimensions = jpeg_dimensions(note.data[at : min(note.end, at + _MOST_HEAD)])
        size = len(_JPEG)
        if dimensions is not None and min(dimensions):
            end = note.data.find(_JPEG_END, at, note.end)
            size = (end + len(_JPEG_END) if end >= 0 else note.end) - at
            found.append(small_picture(note.where, dimensions, size))
        at += size
    return found
