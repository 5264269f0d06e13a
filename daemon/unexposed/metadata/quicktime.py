"""What the boxes of a video tell beside its pictures and sound.

`Block.label` says which box a payload comes from: "udta", "meta", "mvhd" and so on. Sources:
QuickTime File Format (2016), "User Data Atoms" and "Metadata"; 3GPP TS 26.244 section 8;
ISO/IEC 14496-12:2022 sections 8.2.2, 8.10 and 8.16.5; ExifTool's QuickTime.pm for what makers write.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Final

from unexposed.exposure import Finding, finding
from unexposed.metadata import camera_xml
from unexposed.metadata.atoms import atoms, broken, legible_type
from unexposed.metadata.block import Block
from unexposed.metadata.devices import full_model
from unexposed.metadata.iso6709 import located, position
from unexposed.metadata.legible import legible, size_in_words, utf16
from unexposed.metadata.maker_boxes import HOLDERS, Told, opened
from unexposed.metadata.nested import read_nested
from unexposed.metadata.quicktime_tags import (
    CODEC_NAMES,
    KEYS,
    LAST_WORDS,
    LOCATION,
    LOCATIONS,
    NUMBERS,
    PREFIXES,
    USER_DATA,
)
from unexposed.metadata.times import moment

LANGUAGES = ("quicktime",)

_3GPP: Final = frozenset({b"titl", b"dscp", b"cprt", b"perf", b"auth", b"gnre", b"albm"})
"""Boxes of user data whose text follows version, flags and a language."""
_3GPP_HEADER: Final = 6
_BIG_ENDIAN_MARK: Final = b"\xfe\xff"
_LOCI_FIELDS: Final = 13
_KEYS: Final = 8
"""Bytes of version, flags and count before the names of keys."""
_JPEG: Final = b"\xff\xd8\xff"
_BEFORE_JPEG: Final = 64
"""Bytes before a thumbnail in a box of user data at most."""
_EXIF_IN_JPEG: Final = (b"\xff\xd8\xff\xe1", b"Exif\0\0", 6, 12)
"""How a JPEG begins that has Exif, what stands there at which byte, and where the block begins."""
_DEEPEST: Final = 3
"""Boxes of makers within each other that are read."""

_EPOCH: Final = datetime(1904, 1, 1, tzinfo=UTC)
_NTP_EPOCH: Final = datetime(1900, 1, 1, tzinfo=UTC)
_UNIX_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_CREDIBLE: Final = range(1990, 2100)

_UTF16_TEXT: Final = 2
_PICTURES: Final = (13, 14, 27)
_FLOATS: Final = {23: ">f", 24: ">d"}
_SIGNED, _UNSIGNED = (21, 65, 66, 67, 74), (22, 75, 76, 77, 78)
"""Types of values ("Well-Known Types")."""

_XML: Final = "<?xml"
_PATH: Final = re.compile(rb"[\x20-\x7e\x80-\xff]{6,}")
_MAX_PATHS: Final = 4


class _Told:
    """Collects what a list of boxes tells; maker and model become one finding."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.found: list[Finding] = []
        self._make = ""
        self._models: list[str] = []

    def add(self, kind: str, name: str, text: str) -> None:
        """Add a text that stood under `name`."""
        where = f"{self.where} {name}".rstrip()
        if not text:
            return
        if kind == "device.make":
            self._make = text
        elif kind == "device.model":
            self._models.append(text)
        elif kind.startswith("time.") and kind != "time.zone":
            self.found += [finding(kind, where, when)] if (when := moment(text)) else []
        else:
            self.found.append(finding(kind, where, text))

    def all(self) -> list[Finding]:
        """Return the findings."""
        models = [full_model(self._make, model) for model in self._models] or [self._make]
        return [
            *self.found,
            *(finding("device.model", self.where, model) for model in models if model),
        ]


def read(block: Block) -> list[Finding]:
    """Return what a box gives away."""
    return read_at_depth(block, 0)


def read_at_depth(block: Block, depth: int) -> list[Finding]:
    """Return what a box gives away that stands so many languages deep in others."""
    where, data = block.where, block.payload
    match block.label:
        case "udta":
            return _damage(where, [data]) + _user_data(data, where, depth)
        case "meta":
            return _metadata(data, where, depth)
        case "mvhd" | "tkhd" | "mdhd":
            return _times(data, where)
        case "prft":
            return _clock(data, where)
        case "handler":
            return _named("hidden.metadata", where, legible(_counted(data)))
        case "compressor":
            text = legible(_counted(data))
            standard = text.casefold() in CODEC_NAMES
            return _named("hidden.metadata" if standard else "device.software", where, text)
        case "alias":
            return _paths(data, where)
        case _:
            return [finding("hidden.unknown", where, size_in_words(block.size))]


def _named(kind: str, where: str, text: str) -> list[Finding]:
    return [finding(kind, where, text)] if text else []


def _damage(where: str, lists: Iterable[bytes]) -> list[Finding]:
    """Return that boxes are damaged, where a list of them is."""
    if any(broken(one) for one in lists):
        return [finding("hidden.damaged", where, "boxes that are cut short")]
    return []


def _counted(data: bytes) -> bytes:
    """Return a text that has its length before it, as QuickTime's have, or ends with a NUL."""
    if data and data[0] and data[0] == len(data[1:].rstrip(b"\0")):
        return data[1 : 1 + data[0]]
    if data and data[0] < 32:
        return data[1 : 1 + data[0]]
    return data.partition(b"\0")[0]


def _user_data(data: bytes, where: str, depth: int, within: int = 0) -> list[Finding]:
    told = _Told(where)
    for written, payload in atoms(data):
        # Some write '@' for the sign that Apple's names begin with.
        kind = b"\xa9" + written[1:] if written[:1] == b"@" else written
        name = legible_type(kind)
        at = f"{where} {name}"
        known = opened(kind, payload, at)
        # Where makers have a form of their own, the small picture stands behind all the rest.
        thumbnail = payload.find(_JPEG, 0, None if known else _BEFORE_JPEG)
        inside = payload[HOLDERS[kind] :] if kind in HOLDERS and within < _DEEPEST else b""
        if any(atoms(inside)):
            told.found += _user_data(inside, at, depth, within + 1)
        elif known or thumbnail >= 0:
            told.found += _from_maker(known, at, depth)
            if thumbnail >= 0:
                told.found += _small_picture(payload[thumbnail:], at, depth)
        elif kind == b"meta":
            told.found += _metadata(payload, where, depth)
        elif kind == b"XMP_":
            told.found += read_nested(
                Block("xmp", payload, f"{where} XMP", len(payload)), depth + 1
            )
        elif kind == b"GPMF":
            told.found += read_nested(
                Block("gpmf", payload, f"{where} GPMF", len(payload)), depth + 1
            )
        elif kind == b"loci":
            told.found += _location_box(payload, at)
        elif kind in NUMBERS:
            told.add(NUMBERS[kind], name, payload[:64].hex() if payload.strip(b"\0") else "")
        else:
            for text in _texts(kind, payload):
                places = position(at, text) if kind == LOCATION else []
                told.found += places
                if not places:
                    _add_user_data(told, kind, text)
            if not any(_texts(kind, payload)) and payload.strip(b"\0"):
                told.found.append(_unread(at, payload))
    return told.all()


def _from_maker(known: Iterable[Told], where: str, depth: int) -> list[Finding]:
    told = _Told(where)
    for one in known:
        if isinstance(one, Block):
            told.found += read_nested(one, depth + 1)
        else:
            told.add(one[0], "", one[1])
    return told.all()


def _small_picture(data: bytes, where: str, depth: int) -> list[Finding]:
    """Read a thumbnail, and the Exif that it may have itself."""
    found = read_nested(Block("thumbnail", data, where, len(data)), depth + 1)
    begins, mark, at, start = _EXIF_IN_JPEG
    if data.startswith(begins) and data.startswith(mark, at):
        end = 4 + int.from_bytes(data[4:6])
        exif = Block("exif", data[start:end], f"{where} Exif", max(0, end - start))
        found += read_nested(exif, depth + 1)
    return found


def _add_user_data(told: _Told, kind: bytes, text: str) -> None:
    name = legible_type(kind)
    if kind in USER_DATA:
        told.add(USER_DATA[kind], name, text)
    else:
        told.add("hidden.metadata", name, f"{name}: {text}")


def _unread(where: str, payload: bytes) -> Finding:
    """Return the finding for what is no text: a maker's notes, if it is long enough to be that."""
    kind = "device.maker_note" if len(payload) > _BEFORE_JPEG else "hidden.metadata"
    return finding(kind, where, size_in_words(len(payload)))


def _texts(kind: bytes, payload: bytes) -> list[str]:
    """Return the texts of a box of user data, none for one that holds something else."""
    if payload[4:8] == b"data":
        return [
            text for inner, data in atoms(payload) if inner == b"data" and (text := _value(data))
        ]
    if kind in _3GPP:
        content = payload[_3GPP_HEADER:]
        if content.startswith(_BIG_ENDIAN_MARK):
            return [utf16(content[2:], "be")]
        return [legible(content.partition(b"\0")[0])]
    if kind[:1] == b"\xa9":
        return list(_listed(payload))
    content = payload.rstrip(b"\0")
    return [legible(content)] if _is_text(content) else []


def _listed(payload: bytes) -> Iterator[str]:
    """Yield the texts of a list of them, each with its length and language before it."""
    at = 0
    while len(payload) - at > 4:
        size = int.from_bytes(payload[at : at + 2])
        if not 0 < size <= len(payload) - at - 4:
            break
        yield legible(payload[at + 4 : at + 4 + size])
        at += 4 + size
    if not at and _is_text(payload.rstrip(b"\0")):
        yield legible(payload.rstrip(b"\0"))


def _is_text(data: bytes) -> bool:
    return bool(data) and all(byte >= 32 or byte in b"\t\n\r" for byte in data[:1024])


def _location_box(payload: bytes, where: str) -> list[Finding]:
    """Read 3GPP's place: a name, a role, longitude, latitude, altitude and the heavenly body."""
    name, _, rest = payload[_3GPP_HEADER:].partition(b"\0")
    found = [finding("location.place", where, legible(name))] if legible(name) else []
    if len(rest) >= _LOCI_FIELDS:
        longitude, latitude, altitude = (
            number / 65536 for number in struct.unpack_from(">3i", rest, 1)
        )
        found += located(where, latitude, longitude, altitude or None)
    return found


def _metadata(data: bytes, where: str, depth: int) -> list[Finding]:
    """Read a 'meta' box, QuickTime's or with version and flags."""
    inside = data if data[4:8] == b"hdlr" else data[4:]
    boxes = list(atoms(inside))
    names = next((_key_names(payload) for kind, payload in boxes if kind == b"keys"), [])
    told = _Told(where)
    items = [payload for kind, payload in boxes if kind == b"ilst"]
    keys = [payload[_KEYS:] for kind, payload in boxes if kind == b"keys"]
    contents = (content for payload in items for _, content in atoms(payload))
    told.found += _damage(where, chain([inside], items, keys, contents))
    for kind, payload in boxes:
        if kind == b"ilst":
            for item, content in atoms(payload):
                _add_item(told, item, content, names, depth)
        elif kind == b"xml ":
            text = payload[4 : 4 + camera_xml.MAX_TEXT].decode("utf-8", "replace")
            _add_xml(told, text, "XML")
        elif kind not in (b"hdlr", b"keys", b"free") and payload.strip(b"\0"):
            told.found.append(_unread(f"{where} {legible_type(kind)}", payload))
    return told.all()


def _key_names(payload: bytes) -> list[str]:
    return [name.decode("utf-8", "replace") for _, name in atoms(payload[_KEYS:])]


def _add_item(told: _Told, item: bytes, content: bytes, names: list[str], depth: int) -> None:
    number = int.from_bytes(item)
    name = names[number - 1] if 0 < number <= len(names) else ""
    key = name.lower()
    kind = _kind_of(key) if name else USER_DATA.get(item)
    for inner, data in atoms(content):
        if inner == b"name":
            name = legible(data[4:])
        if inner != b"data":
            continue
        shown = legible(name).removeprefix("com.apple.quicktime.") or legible_type(item)
        if int.from_bytes(data[:4]) in _PICTURES:
            small = Block("thumbnail", data[8:], f"{told.where} {shown}", len(data))
            told.found += read_nested(small, depth + 1)
            continue
        text = _value(data)
        places = (
            position(f"{told.where} {shown}", text) if key in LOCATIONS or item == LOCATION else []
        )
        told.found += places
        if places:
            continue
        if text.startswith(_XML):
            _add_xml(told, text, shown)
        elif kind is None:
            told.add("hidden.metadata", shown, f"{shown}: {text}" if text else shown)
        else:
            told.add(kind, shown, f"{PREFIXES.get(key, '')}{text}" if text else "")


def _kind_of(key: str) -> str | None:
    """Return the kind of what stands under a key, by its last word where makers' keys are not known."""
    last = re.sub("[^a-z]", "", key.rpartition(".")[2])
    return KEYS.get(key) or LAST_WORDS.get(last)


def _value(data: bytes) -> str:
    """Return the value of a 'data' box as text."""
    kind, value = int.from_bytes(data[:4]), data[8:]
    if kind == _UTF16_TEXT:
        return utf16(value, "be")
    if kind in _FLOATS and len(value) == struct.calcsize(_FLOATS[kind]):
        return f"{struct.unpack(_FLOATS[kind], value)[0]:g}"
    if kind in _SIGNED and len(value) <= 8:
        return str(int.from_bytes(value, signed=True))
    if kind in _UNSIGNED and len(value) <= 8:
        return str(int.from_bytes(value))
    return legible(value) if _is_text(value.rstrip(b"\0")) else ""


def _add_xml(told: _Told, text: str, name: str) -> None:
    facts = list(camera_xml.told(text))
    for kind, said in facts:
        told.add(kind, name, said)
    places = camera_xml.place(text, f"{told.where} {name}")
    told.found += places
    if not facts and not places:
        told.add("hidden.metadata", name, legible(text))


def _times(data: bytes, where: str) -> list[Finding]:
    """Read when a header says that it was made and changed."""
    size = 8 if data[:1] == b"\1" else 4
    if len(data) < 4 + 2 * size:
        return [finding("hidden.damaged", where, "times that are cut short")]
    numbers = [int.from_bytes(data[at : at + size]) for at in (4, 4 + size)]
    made, changed = (_shown(number) for number in numbers)
    found = [finding("time.taken", where, made)] if made else []
    if changed and changed != made:
        found.append(finding("time.edited", where, changed))
    return found


def _shown(seconds: int) -> str:
    """Return seconds since 1904, or since 1970 as some count them, as a time; "" for none."""
    if not seconds:
        return ""
    for epoch in (_EPOCH, _UNIX_EPOCH):
        try:
            when = epoch + timedelta(seconds=seconds)
        except OverflowError:
            return f"{seconds} seconds"
        if when.year in _CREDIBLE:
            return f"{when:%Y-%m-%d %H:%M:%S}"
    return f"{seconds} seconds after 1904"


def _clock(data: bytes, where: str) -> list[Finding]:
    """Read when a fragment was made, in the time of NTP."""
    seconds = int.from_bytes(data[8:12])
    when = _NTP_EPOCH + timedelta(seconds=seconds)
    return [finding("time.taken", where, f"{when:%Y-%m-%d %H:%M:%S}")]


def _paths(data: bytes, where: str) -> list[Finding]:
    """Find the names of folders in a reference to another file, whatever its form."""
    longest = sorted(_PATH.findall(data), key=len, reverse=True)[:_MAX_PATHS]
    text = ", ".join(legible(one) for one in longest)
    return [finding("location.file_path", where, text)] if text else []
