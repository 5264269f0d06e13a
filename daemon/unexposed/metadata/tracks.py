"""Tracks of a video that are no picture and no sound: places, sensors, time codes, subtitles.

The payload has the description of the samples (the content of 'stsd') and then the first samples,
each with its length in four bytes before it. `Block.label` is the kind of track, a slash, and
what its samples are. Sources: Google's Camera Motion Metadata Spec; QuickTime File Format
(2016), "Timecode Sample Description" and "Timed Metadata Media"; 3GPP TS 26.245.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import Final

from unexposed.exposure import Finding, finding
from unexposed.metadata.atoms import atoms
from unexposed.metadata.block import Block
from unexposed.metadata.camera_tracks import CODECS, told
from unexposed.metadata.gpmf import track_of
from unexposed.metadata.iso6709 import located, position
from unexposed.metadata.legible import legible, size_in_words
from unexposed.metadata.nested import read_nested
from unexposed.metadata.quicktime_tags import LOCATIONS

LANGUAGES = ("track",)

_NAMES: Final[dict[str, tuple[str, str]]] = {
    "djmd": ("device.maker_note", "DJI's notes"),
    "dbgi": ("device.maker_note", "DJI's notes"),
    "rtmd": ("device.maker_note", "Sony's notes"),
    "CTMD": ("device.maker_note", "Canon's notes"),
    "fdsc": ("device.maker_note", "GoPro's notes"),
    "camm": ("hidden.metadata", "movements of the camera"),
    "rtp ": ("hidden.metadata", "hints for streaming"),
}
"""What samples are -> the kind of finding, and what to call them."""
_HANDLERS: Final[dict[str, tuple[str, str]]] = {
    "vide": ("content.video", "a second video"),
    "auxv": ("content.video", "a second video"),
    "pict": ("content.second_picture", "pictures"),
    "soun": ("content.audio", "a second sound"),
    "hint": ("hidden.metadata", "hints for streaming"),
    "meta": ("hidden.metadata", "timed notes"),
}
"""Kind of track -> the same, for samples that have no name above."""

_WRITTEN: Final = frozenset({"text", "sbtl", "subt", "clcp", "subp"})
_MAX_TEXT: Final = 1_000
_GEOGRAPHIC: Final = (
    re.compile(
        r"lat(?:itude)?[^\w+-]{0,4}(?P<lat>[+-]?\d{1,2}\.\d+)"
        r".{0,40}?lon\w{0,7}[^\w+-]{0,4}(?P<lon>[+-]?\d{1,3}\.\d+)",
        re.IGNORECASE | re.DOTALL,
    ),
    re.compile(r"GPS ?\(\s*(?P<lon>[+-]?\d{1,3}\.\d+)\s*,\s*(?P<lat>[+-]?\d{1,2}\.\d+)"),
)
"""How drones write into their subtitles where they are."""

_CAMM_PLACES: Final = {5: "<dd", 6: "<12xdd"}
"""Type of a packet -> latitude and longitude in it."""

_ENTRY: Final = 8
_TIMECODE_RATE: Final = 24
_MEBX_KEYS: Final = 8


def read(block: Block) -> list[Finding]:
    """Return what a track gives away."""
    handler, _, codec = block.label.partition("/")
    first, *samples = list(_pieces(block.payload)) or [b""]
    where, size = block.where, size_in_words(block.size)
    found: list[Finding] = []
    match codec:
        case "gpmd":
            found = read_nested(Block("gpmf", b"".join(samples), where, block.size), 1)
        case "camm":
            found = _camera_motion(samples, where)
        case "tmcd":
            found = _time_code(first, samples, where)
        case "mebx":
            found = _keyed(first, samples, where)
        case _ if codec in CODECS:
            found = told(codec, samples, where)
            found += [_note(codec, where, size)] if found else []
        case _ if handler in _WRITTEN:
            found = _written(samples, where)
    if found:
        return found
    return [_note(codec, where, size, handler)]


def _note(codec: str, where: str, size: str, handler: str = "") -> Finding:
    """Return the finding for a track by what its samples are, and by its own kind without that."""
    kind, name = _NAMES.get(codec) or _HANDLERS.get(handler) or ("hidden.unknown", "")
    return finding(kind, where, f"{name}, {size}" if name else size)


def _pieces(payload: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(payload):
        size = int.from_bytes(payload[at : at + 4])
        yield payload[at + 4 : at + 4 + size]
        at += 4 + size


def _camera_motion(samples: list[bytes], where: str) -> list[Finding]:
    for sample in samples:
        form = _CAMM_PLACES.get(int.from_bytes(sample[2:4], "little"))
        if form and len(sample) >= 4 + struct.calcsize(form):
            latitude, longitude = struct.unpack_from(form, sample, 4)
            if found := located(where, latitude, longitude):
                return [track_of(one) for one in found]
    return []


def _time_code(description: bytes, samples: list[bytes], where: str) -> list[Finding]:
    """Read where the time code begins: a number of frames, shown as a clock would be."""
    rate = description[_ENTRY + 8 + _TIMECODE_RATE : _ENTRY + 9 + _TIMECODE_RATE]
    if not rate or not rate[0] or not samples:
        return []
    seconds, frame = divmod(int.from_bytes(samples[0][:4]), rate[0])
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:{frame:02}"
    return [finding("hidden.metadata", where, f"a time code that begins at {clock}")]


def _keyed(description: bytes, samples: list[bytes], where: str) -> list[Finding]:
    """Read the names of what is noted along the video, and the first place that is."""
    names = {
        number: legible(name[4:])
        for _, entry in atoms(description[_ENTRY:])
        for kind, keys in atoms(entry[_MEBX_KEYS:])
        if kind == b"keys"
        for number, key in atoms(keys)
        for inner, name in atoms(key)
        if inner == b"keyd"
    }
    text = ", ".join(name.removeprefix("com.apple.quicktime.") for name in names.values())
    found = [finding("hidden.metadata", where, f"timed notes: {text}")] if text else []
    noted = (
        position(where, legible(value))
        for sample in samples
        for number, value in atoms(sample)
        if names.get(number, "").lower() in LOCATIONS
    )
    return [*map(track_of, next(filter(None, noted), [])), *found]


def _written(samples: list[bytes], where: str) -> list[Finding]:
    """Read subtitles and chapters, and the places that drones write there."""
    texts = (legible(sample[2 : 2 + int.from_bytes(sample[:2])]) for sample in samples)
    text = ""
    for one in texts:
        text = f"{text} {one}".strip()
        if len(text) > _MAX_TEXT:
            break
    for pattern in _GEOGRAPHIC:
        if match := pattern.search(text):
            places = located(where, float(match["lat"]), float(match["lon"]))
            if places:
                return [track_of(one) for one in places]
    return [finding("person.caption", where, text)] if text else []
