"""The small languages: comments, times, trailers and whatever has no grammar of its own."""

from __future__ import annotations

import re
import struct
from typing import Final

from unexposed.exposure import Finding, finding
from unexposed.metadata.block import Block
from unexposed.metadata.camera_segments import CIFF, ciff, settings
from unexposed.metadata.file_paths import paths_in
from unexposed.metadata.legible import legible, size_in_words
from unexposed.metadata.nested import read_nested
from unexposed.metadata.prompts import recognised
from unexposed.metadata.tiff import Walk, walk
from unexposed.metadata.times import moment

LANGUAGES = (
    "comment",
    "time",
    "density",
    "mpf",
    "trailer",
    "cropped",
    "segment",
    "unknown",
    "encoder",
    "layers",
)

_SOFTWARE = re.compile(
    r"(?i)^(?:creator: |generator: |created with|handmade software|file written by|lead technologies|optimized by"
    r"|processed by|compressed by|intel\(r\) jpeg|jpeg encoder|lavc|ascii|xv version|imagemagick|x26[45] |libavif|libheif)"
)
"""How comments begin that an encoder writes of itself."""

_TRAILERS: Final[dict[str, tuple[str, str]]] = {
    "jpeg": ("content.second_picture", "a JPEG"),
    "heic": ("content.second_picture", "a HEIC"),
    "png": ("content.second_picture", "a PNG"),
    "mp4": ("content.video", "an MP4"),
    "samsung": ("hidden.trailer", "Samsung data"),
    "insta360": ("hidden.trailer", "Insta360 data"),
    "zip": ("hidden.trailer", "a zip archive"),
    "gain map": ("content.gain_map", "an HDR gain map"),
}
"""Label -> kind, and what to call it."""

_OF_MAKERS: Final = {"samsung": "samsung_trailer", "insta360": "insta360_trailer"}
"""Label -> the language of what is in it."""

_SEGMENTS: Final[dict[str, str]] = {
    "ducky": "Photoshop's Save for Web settings",
    "flir": "FLIR thermal data",
    "meta": "Kodak or Vivitar notes",
    "qvci": "Casio notes",
    "jps": "a stereo description",
    "adobe_cm": "Adobe colour notes",
    "picture info": "camera settings",
    "jfxx": "a JFIF extension",
    "ms stim": "Stim stereo notes",
    "png suggested palette": "a suggested palette",
    "png histogram": "how often its colours occur",
    "png position on a page": "a position on a page",
    "png calibration": "what its numbers measure",
    "png scale": "the size of what it shows",
    "png stereo layout": "a stereo layout",
    "png page size": "a page size",
    "png decoding hints": "Apple's decoding hints",
    "jbrd": "what the JPEG that it was made from held",
    "jxli": "an index of frames",
}
"""How segments begin, or what their label says, in lower case -> what to call them."""

_MAX_COMMENT = 1 << 20

_MPF_COUNT, _MPF_ENTRIES, _MPF_IDS = 0xB001, 0xB002, 0xB003
_MPF_ENTRY, _MPF_ID = 16, 33
"""Bytes of an entry, and of an identifier, in a multi-picture index."""
_MPF_TYPES: Final[dict[int, str]] = {
    0x010001: "large thumbnail",
    0x010002: "large thumbnail",
    0x020001: "part of a panorama",
    0x020002: "view for depth",
    0x020003: "view from another angle",
    0x050000: "gain map",
}
"""The lower three bytes of an entry's attribute -> what the picture is (CIPA DC-007 table 4)."""
_MPF_TYPE: Final = 0xFFFFFF
_MAX_ENTRIES: Final = 100
_LAYER_KEYS = (b"Layr", b"Lr16", b"Lr32", b"ryaL", b"61rL", b"23rL")


def read(block: Block) -> list[Finding]:
    """Return what a block in one of the small languages gives away."""
    where, size = block.where, size_in_words(block.size)
    match block.language:
        case "comment":
            return _comment(block)
        case "time":
            return _time(block)
        case "density":
            return [finding("hidden.metadata", where, legible(block.payload) or "pixel density")]
        case "mpf":
            return _pictures(block)
        case "trailer":
            kind, name = _TRAILERS.get(block.label.casefold(), ("hidden.trailer", ""))
            return [finding(kind, where, f"{name}, {size}" if name else size), *_within(block)]
        case "cropped":
            return [finding("hidden.cropped_data", where, size)]
        case "segment":
            return _segment(block)
        case "layers":
            return _layers(block)
        case "encoder":
            return [
                finding("device.encoder", where, legible(block.label) or legible(block.payload))
            ]
        case _:
            return [finding("hidden.unknown", where, size)]


def _within(block: Block) -> list[Finding]:
    language = _OF_MAKERS.get(block.label.casefold())
    if language is None:
        return []
    return read_nested(Block(language, block.payload, block.where, block.size), 1)


def _comment(block: Block) -> list[Finding]:
    text = legible(block.payload)
    if not text:
        return [finding("hidden.comment", block.where, size_in_words(block.size))]
    raw = block.payload[:_MAX_COMMENT].decode("utf-8", "replace")

    if found := recognised(raw, block.where):
        return found
    kind = "device.software" if _SOFTWARE.match(text) else "hidden.comment"
    paths = [finding("location.file_path", block.where, path) for path in paths_in(text)]

    return [finding(kind, block.where, text), *paths]


def _time(block: Block) -> list[Finding]:
    """Read PNG's seven bytes of tIME (11.3.5.1), or a time as text."""
    data = block.payload
    if len(data) == 7 and not data.isdigit():
        year, parts = int.from_bytes(data[:2]), data[2:]
        clock = ":".join(f"{part:02}" for part in parts[2:])
        text = f"{year:04}-{parts[0]:02}-{parts[1]:02} {clock}"
    else:
        text = moment(legible(data))
    if not text or (len(data) < 7 and min(data) < ord(" ")):
        return [finding("hidden.damaged", block.where, "a time that cannot be read")]
    return [finding("time.edited", block.where, text)]


def _pictures(block: Block) -> list[Finding]:
    """Read the number of pictures from a multi-picture index (CIPA DC-007 5.2.2)."""
    index = walk(block.payload.removeprefix(b"MPF\0"))
    hurt = [finding("hidden.damaged", block.where, one) for one in index.damage[:1]]
    counts = [index.values(entry) for entry in index.entries if entry.tag == _MPF_COUNT]
    count = counts[0][0] if counts and counts[0] else None
    if count == 1:
        return [*hurt, finding("hidden.metadata", block.where, "an index of the one picture")]
    value = f"{count} pictures in all" if isinstance(count, int) else "an index of pictures"
    types = dict.fromkeys(
        name
        for entry in _cut(index, _MPF_ENTRIES, _MPF_ENTRY)
        if (name := _MPF_TYPES.get(struct.unpack(f"{index.order}I", entry[:4])[0] & _MPF_TYPE))
    )
    value += f": {', '.join(types)}" if types else ""
    ids = (legible(one) for one in _cut(index, _MPF_IDS, _MPF_ID))
    return [
        *hurt,
        finding("content.second_picture", block.where, value),
        *(finding("device.unique_id", block.where, one) for one in dict.fromkeys(ids) if one),
    ]


def _cut(index: Walk, tag: int, size: int) -> list[bytes]:
    """Return the records of so many bytes each that stand in a value of an index."""
    found = []
    for entry in index.entries:
        if entry.tag == tag:
            raw = index.raw(entry, _MAX_ENTRIES * size)
            found += [raw[at : at + size] for at in range(0, len(raw) - size + 1, size)]
    return found


_SETTINGS = b"[picture info]"


def _segment(block: Block) -> list[Finding]:
    size = size_in_words(block.size)
    if block.payload[6:14] in CIFF:
        return ciff(block.payload, f"{block.where} CIFF")
    if _SETTINGS in block.payload[:64]:
        told = settings(block.payload, block.where)
        return [*told, finding("hidden.metadata", block.where, f"camera settings, {size}")]
    head = block.payload[:16].decode("latin-1").casefold()
    label = block.label.casefold()
    for start, name in _SEGMENTS.items():
        if head.startswith(start) or start in label:
            return [finding("hidden.metadata", block.where, f"{name}, {size}")]
    return [finding("hidden.unknown", block.where, size)]


def _layers(block: Block) -> list[Finding]:
    """Read whether Photoshop's own data in a TIFF has layers; its keys stand in either byte order.

    Source: Adobe's Photoshop TIFF technical note of 2002.
    """
    size = size_in_words(block.size)
    if any(key in block.payload for key in _LAYER_KEYS):
        return [finding("content.second_picture", block.where, f"layers, {size}")]
    return [finding("hidden.metadata", block.where, f"Photoshop's own data, {size}")]
