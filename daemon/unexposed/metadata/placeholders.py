"""What cameras and programs write where nobody wrote anything: no name, no caption, no notice.

Sources: what stands in the samples of ExifTool, exiv2 and metadata-extractor; the captions that
makers set by default.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from unexposed.exposure import Finding, finding

PERSONAL: Final = frozenset(
    {
        "person.author",
        "person.caption",
        "person.copyright",
        "person.credit",
        "person.named",
        "person.role",
        "device.owner",
    }
)
"""Kinds in which a placeholder would be told as a person or as somebody's words."""

_MAKERS: Final = (
    r"(?:AGFA\w*|CASIO|FLIR|FUJI\w*|HP|KODAK|KONICA|KYOCERA|LEICA|MINOLTA|NIKON|OLYMPUS|PANASONIC|PENTAX"
    r"|POLAROID|RICOH|SAMSUNG|SANYO|SONY|TOSHIBA|VIVITAR|YASHICA)"
)


class _Default(NamedTuple):
    """How a text reads that is written by default, in what fields, and the kind of what it tells."""

    text: re.Pattern[str]
    kind: str
    fields: frozenset[str] = PERSONAL
    where: str = ""
    """How the places begin in which it is one: elsewhere somebody may have written it."""


_CAPTION: Final = frozenset({"person.caption"})
_NOTE: Final = "hidden.metadata"

_DEFAULTS: Final = (
    _Default(
        re.compile(rf"{_MAKERS}(?: [A-Z0-9-]+){{0,6}} DIGITAL(?: STILL)? CAMERA"), "device.model"
    ),
    _Default(
        re.compile(
            r"FLIR One(?: Pro| Edge)?|SONY DSC|SAMSUNG CAMERA PICTURES|[A-Z]{2}\d{2,4}X? HYPERFIRE"
        ),
        "device.model",
    ),
    _Default(
        re.compile(r"DCIM[\\/]\w{1,20}[\\/]DJI_\d{4}\.\w{3,4}"), "history.documents", _CAPTION
    ),
    _Default(re.compile(r"AppleMark|Created with (?:The )?GIMP"), "device.software", _CAPTION),
    _Default(re.compile(r"[0-9a-f]{32,128}"), "device.unique_id", _CAPTION),
    _Default(
        re.compile(
            r"default|dav|[vr]?hdr|sdr|cof|edf|btf|ptr|mde|nor|oznor\w{0,8}|jpeg|binary comment"
            r"|D(?:IGITAL|igital)(?: S(?:TILL|till))? ?C(?:AMERA|amera)|Exif_JPEG_PICTURE"
        ),
        _NOTE,
        _CAPTION,
        "EXIF",
    ),
)
"""The first that fits counts."""

_ENCODING: Final = re.compile(r"charset=\"?(?:Ascii|Unicode|Jis|Undefined)\"?\s*", re.IGNORECASE)
"""What some programs write before a comment."""
_NOTHING: Final = frozenset(
    {
        "none", "unknown", "null", "n a", "undefined", "untitled", "unnamed", "not set", "default",
        "no name", "no title", "no description",
    }
)  # fmt: skip
"""Words that stand where nobody wrote anything."""
_NOBODY: Final = _NOTHING | {
    "your name", "anonymous", "user", "owner", "author", "artist", "photographer",
}  # fmt: skip
"""The same where a name would stand: as captions these may be somebody's."""
_MARKS: Final = re.compile(r"\((?:c|r|tm)\)|[©®™]|\btm&", re.IGNORECASE)
_NOTICE: Final = frozenset({"copyright", "by", "all", "rights", "reserved", "the"})
"""Words of a copyright notice that name nobody."""
_YEARS: Final = re.compile(r"(?:19|20)\d\d")
_GENERIC: Final = _NOTICE | {
    "digital", "still", "camera", "zoom", "user", "owner", "ltd", "inc", "co",
}  # fmt: skip
"""Words that may stand beside a device's name without naming anybody."""
_NO_FIRST_NAMES: Final = frozenset(
    {
        "apple", "canon", "casio", "dji", "epson", "fuji", "fujifilm", "gopro", "hasselblad", "hp", "htc",
        "huawei", "kodak", "konica", "kyocera", "leica", "lg", "lge", "minolta", "motorola", "nikon",
        "nokia", "olympus", "oneplus", "oppo", "panasonic", "pentax", "polaroid", "ricoh", "samsung",
        "sanyo", "sharp", "sigma", "sony", "toshiba", "vivitar", "vivo", "xiaomi",
    }
)  # fmt: skip
"""Makers by which a device can be named alone."""

_WORD: Final = re.compile(r"[^\W_]+")
_MODEL: Final = re.compile(r"(?=\d*\D)(?=\D*\d)\w+")
"""A word of letters and digits."""
_LETTERS: Final = re.compile(r"[^\s\-_.?*/\\,;:#|()]")
_MOST_DEVICES: Final = 20
_MOST: Final = 200
"""Characters of the longest text that can be a placeholder."""


def told_as_they_are(findings: Iterable[Finding]) -> list[Finding]:
    """Return a file's findings with placeholders told as what they are, not as people or captions.

    A maker's default tells the maker, if nothing else does; what names nobody is a technical note.
    """
    found = list(findings)
    names = (_words(one.value) for one in found if one.kind == "device.model")
    devices = [name for name in names if name][:_MOST_DEVICES]
    return [_as_it_is(one, devices) if one.kind in PERSONAL else one for one in found]


def _as_it_is(one: Finding, devices: Sequence[list[str]]) -> Finding:
    text = _ENCODING.sub("", one.value, count=1) if one.kind in _CAPTION else one.value
    if not one.value or len(text) > _MOST:
        return one
    words = _words(text)
    for default in _DEFAULTS:
        if _is_default(one, text, default):
            is_told = default.kind == "device.model" and any(words[0] in name for name in devices)
            if default.kind == _NOTE or is_told:
                return _note(one)
            return finding(default.kind, one.where, text)
    if _is_nobody(one.kind, text, words) or any(_names(words, device) for device in devices):
        return _note(one)
    return one if text == one.value else finding(one.kind, one.where, text)


def _is_default(one: Finding, text: str, default: _Default) -> bool:
    return (
        one.kind in default.fields
        and one.where.startswith(default.where)
        and default.text.fullmatch(text) is not None
    )


def _is_nobody(kind: str, text: str, words: Sequence[str]) -> bool:
    if not _LETTERS.search(text):
        return True
    if kind == "person.copyright":
        words = [word for word in words if word not in _NOTICE and not _YEARS.fullmatch(word)]
        return not words or " ".join(words) in _NOBODY
    return " ".join(words) in (_NOTHING if kind in _CAPTION else _NOBODY)


def _names(words: Sequence[str], device: Sequence[str]) -> bool:
    """Tell whether words say no more than a device's name, its maker or its model.

    One word of a name by itself says too little: some phones are called Max or Nova.
    """
    left = {word for word in words if word not in _GENERIC}
    maker, *model = device
    if not left or not left <= set(device):
        return False
    if len(left) == 1:
        return left <= _NO_FIRST_NAMES or _MODEL.fullmatch(min(left)) is not None
    return maker in left or set(model) - _GENERIC <= left


def _note(one: Finding) -> Finding:
    return finding(_NOTE, one.where, f"written by default: “{one.value}”")


def _words(text: str) -> list[str]:
    return _WORD.findall(_MARKS.sub(" ", text[:_MOST]).casefold())
