"""What a file is that no handler cleans, by its first bytes, so that a person can be told.

Sources: the formats' own specifications; for the rest the magic numbers of file(1).
"""

from __future__ import annotations

import re
from typing import Final

_PDF: Final = "pdf"
_OFFICE: Final = "office"
_AUDIO: Final = "audio"
_ARCHIVE: Final = "archive"
_VIDEO: Final = "video"
_IMAGE: Final = "image"

_BEGINNINGS: Final[tuple[tuple[bytes, str, str], ...]] = (
    (rb"%PDF-", _PDF, "a PDF document"),
    (rb"\{\\rtf", _OFFICE, "a rich-text document"),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OFFICE, "an Office document"),
    (
        rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis\.opendocument",
        _OFFICE,
        "an OpenDocument file",
    ),
    (rb"PK\x03\x04.{26}mimetypeapplication/epub\+zip", _OFFICE, "an e-book"),
    (rb"PK\x03\x04.{26}\[Content_Types\]\.xml", _OFFICE, "an Office document"),
    (rb"PK\x03\x04.{26}_rels/\.rels", _OFFICE, "an Office document"),
    (rb"ID3", _AUDIO, "an MP3 file"),
    (rb"\xff[\xf2\xf3\xfb]", _AUDIO, "an MP3 file"),
    (rb"\xff[\xf1\xf9]", _AUDIO, "an AAC file"),
    (rb"fLaC", _AUDIO, "a FLAC file"),
    (rb"OggS", _AUDIO, "an Ogg file"),
    (rb"MThd", _AUDIO, "a MIDI file"),
    (rb"\#!AMR", _AUDIO, "an AMR recording"),
    (rb"RIFF.{4}WAVE", _AUDIO, "a WAV file"),
    (rb"FORM.{4}AIF[CF]", _AUDIO, "an AIFF file"),
    (rb".{4}ftypM4A ", _AUDIO, "an M4A file"),
    (rb".{4}ftypM4B ", _AUDIO, "an audio book"),
    (rb"RIFF.{4}AVI ", _VIDEO, "an AVI video"),
    (rb"\x1a\x45\xdf\xa3", _VIDEO, "a Matroska or WebM video"),
    (rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11", _VIDEO, "a Windows Media file"),
    (rb"FLV\x01", _VIDEO, "a Flash video"),
    (rb"\x00\x00\x01[\xb3\xba]", _VIDEO, "an MPEG video"),
    (rb"8BPS", _IMAGE, "a Photoshop document"),
    (rb"gimp xcf ", _IMAGE, "a GIMP picture"),
    (rb"\x00\x00\x00\x0cjP  \r\n\x87\n", _IMAGE, "a JPEG 2000 picture"),
    (rb"\xff\x4f\xff\x51", _IMAGE, "a JPEG 2000 picture"),
    (rb"\x00\x00\x01\x00", _IMAGE, "an icon"),
    (rb"\x76\x2f\x31\x01", _IMAGE, "an OpenEXR picture"),
    (rb"\#\?RADIANCE", _IMAGE, "a Radiance picture"),
    (rb"SIMPLE  =", _IMAGE, "a FITS picture"),
    (rb"DDS ", _IMAGE, "a DirectDraw texture"),
    (rb"%!PS", _IMAGE, "a PostScript file"),
    (rb"\xc5\xd0\xd3\xc6", _IMAGE, "a PostScript file"),
    (rb"FLIF", _IMAGE, "a FLIF picture"),
    (rb"qoif", _IMAGE, "a QOI picture"),
    (rb"PK\x03\x04", _ARCHIVE, "a zip archive"),
    (rb"PK\x05\x06", _ARCHIVE, "a zip archive"),
    (rb"7z\xbc\xaf\x27\x1c", _ARCHIVE, "a 7z archive"),
    (rb"Rar!\x1a\x07", _ARCHIVE, "a RAR archive"),
    (rb"\x1f\x8b", _ARCHIVE, "a gzip archive"),
    (rb"BZh", _ARCHIVE, "a bzip2 archive"),
    (rb"\xfd7zXZ\x00", _ARCHIVE, "an xz archive"),
    (rb"\x28\xb5\x2f\xfd", _ARCHIVE, "a Zstandard archive"),
    (rb".{257}ustar", _ARCHIVE, "a tar archive"),
)
"""How a file begins, as a pattern, its family, and what to call it; the first that fits counts."""

FAMILIES: Final = frozenset(family for _, family, _ in _BEGINNINGS)


def recognise(head: bytes) -> tuple[str, str]:
    """Return the family of a file and what to call it, two empty texts for anything else."""
    for beginning, family, name in _BEGINNINGS:
        if re.match(beginning, head, re.DOTALL):
            return family, name
    return "", ""
