"""Names of clean copies: as they were, without their telling parts, or new.

A name is text with whatever bytes were not UTF-8 as lone surrogates, as `os.fsdecode` gives it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import lru_cache

from unexposed.exposure import Finding, finding

MAX_BYTES = 255
"""Bytes of a file name on every file system that matters."""

WHERE = "file name"
"""Where findings stand that a name makes."""

_FALLBACK = "photo"

_APPS = (
    "WhatsApp|Telegram|Signal|Messenger|Snapchat|Instagram|Facebook|FB[_-]?IMG|TikTok|Viber|WeChat"
    "|Screenshot|Screen ?Shot|Screen ?Recording|Bildschirmfoto|Bildschirmaufnahme"
    "|IMG|VID|MVIMG|PXL|DSC[FN]?|DCIM|GOPR|GX|GH|DJI|PANO|BURST|COLLAGE"
    "|Lightroom|ComfyUI|DALL[·.-]?E|ChatGPT|Midjourney|Firefly|Gemini"
    "|iPhone|iPad|Pixel|Galaxy|Canon|Nikon|Sony|Fujifilm|Olympus|Lumix"
)
# What is taken out of a name, in this order, with the kind of finding that it makes unless
# `_CLEAR` says how it has to read. Longer forms stand first.
_TELLING: tuple[tuple[str, str, str], ...] = (
    ("e-mail address", "name.person", r"[\w.+-]+@[\w-]+(\.[\w-]+)+"),
    ("GUID", "name.id", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    ("web address", "name.id", r"https?[:_]+\S+"),
    (
        "date",
        "name.time",
        r"(?<!\d)(19\d|20[0-3])\d([-_. :]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d{3})",
    ),
    (
        "date, day first",
        "name.time",
        r"(?<!\d)(0?[1-9]|[12]\d|3[01])([-_. ])(0?[1-9]|1[0-2])\2(19\d|20[0-3])\d(?!\d)",
    ),
    (
        "time",
        "name.time",
        r"(?<!\d)([01]?\d|2[0-3])([-_.:h])[0-5]\d(\2[0-5]\d([.,]\d+)?)?s?(?!\d)( ?[ap]m\b)?",
    ),
    ("time, digits only", "name.time", r"(?<!\d)([01]\d|2[0-3])[0-5]\d[0-5]\d(\d{3})?(?!\d)"),
    ("long hexadecimal run", "name.id", r"(?<![0-9a-z])(?=[0-9a-f]*\d)[0-9a-f]{16,}(?![0-9a-z])"),
    ("long digit run", "name.id", r"\d{5,}"),
    (
        "device or app",
        "name.device",
        rf"(?<![^\W_])({_APPS})(?![^\W\d_])[-_ ]?(?:WA)?(\d+[a-z]{{0,2}}(?![^\W_])|\d*)",
    ),
    ("any picture", "", r"(?<![^\W_])(Photo|Image|Picture|Scan|Scanned)(?![^\W\d_])[-_ ]?\d*"),
    ("count of a messenger", "name.device", r"(?<![^\W_])WA\d{4}(?![^\W_])"),
    ("words around a time", "", r"(?<![^\W_])(from|at|um|vom)(?=[\s_-]*$|[\s_-]{2})"),
    ("number in brackets", "", r"\(\d+\)"),
    ("motion picture mark", "name.device", r"\.(MP|MV)$"),
)
_TELLING_RE = tuple(
    (what, kind, re.compile(pattern, re.IGNORECASE)) for what, kind, pattern in _TELLING
)
_DATES = tuple(pattern for what, _, pattern in _TELLING_RE if what.startswith("date"))

_CLEAR = {
    "time": re.compile(r"\d+[:h]\d.*|.*[ap]m", re.IGNORECASE),
    "time, digits only": None,
    "long digit run": re.compile(r"0*[1-9]\d{6,}"),
    "device or app": re.compile(
        r".*\d.*|(?!(signal|messenger|burst|collage|firefly|gemini|pixel|galaxy)\b).*",
        re.IGNORECASE,
    ),
}
"""What may be a size, a counter, a version or a word as well -> how it reads where it is none of
these. What stands right beside a date is believed as well, but for a run of digits."""
_COUNTERS = "long digit run"
_GAP = re.compile(r"[-_ ,.T]*(?:(?:at|um)\b[-_ ]*)?", re.IGNORECASE)
"""What may stand between a date and the time that belongs to it."""

_BREAKS = re.compile(r"[\s_.,;:~+\-\u2013\u2014()\[\]{}\"]+")
_WORD = re.compile(r"[^\W\d_]{2,}")
_COUNTED = re.compile(rf"({_FALLBACK})-(\d+)")
_NUMBER = re.compile(r"-(\d+)$")


def scrubbed(stem: str) -> str:
    """Take the telling parts out of a name without its ending.

    Dates, times, names of devices and apps, GUIDs, long runs of digits and e-mail addresses
    go; what a person would recognise stays. Empty when nothing is left.
    """
    for *_, pattern in _TELLING_RE:
        stem = pattern.sub(" ", stem)
    words = [word for word in _BREAKS.split(stem) if word]
    kept = "-".join(words)
    return kept if _WORD.search(kept) else ""


@lru_cache(maxsize=64)
def told_by(name: str) -> tuple[Finding, ...]:
    """Return what a file's name tells by itself: a time, a device or app, a person, an identifier.

    Scrubbing takes out more: sizes, counters and ordinary words tell nothing.
    """
    stem = os.path.splitext(name)[0].encode("utf-8", "replace").decode()
    dates = [match.span() for pattern in _DATES for match in pattern.finditer(stem)]
    before = tuple(stem[:start].rstrip(" _-") for start, _ in dates)
    behind = tuple(_GAP.sub("", stem[end:], count=1) for _, end in dates)
    told: dict[str, list[str]] = {}
    for what, kind, pattern in _TELLING_RE:
        for match in pattern.finditer(stem) if kind else ():
            text = match[0].strip(" _-.")
            dated = any(one.endswith(text) for one in before) or any(
                one.startswith(text) for one in behind
            )
            if _is_clear(what, text, dated=dated):
                told.setdefault(kind, []).append(text)
        stem = pattern.sub(" ", stem)
    return tuple(finding(kind, WHERE, " ".join(texts)) for kind, texts in told.items())


def _is_clear(what: str, text: str, *, dated: bool) -> bool:
    """Tell whether a part of a name is what it looks like; `dated` tells that it stands by a date."""
    if what not in _CLEAR or (dated and what != _COUNTERS):
        return True
    pattern = _CLEAR[what]
    return pattern is not None and pattern.fullmatch(text) is not None


def wanted_name(name: str, rule: str, extensions: Sequence[str]) -> str:
    """Return the name that a clean copy should have.

    `rule` is "keep", "scrub" or "replace". `extensions` are the endings that belong to the
    copy's format, the usual one first: a name with any other gets that one. Endings and
    names are cut so that the whole fits in `MAX_BYTES` bytes.
    """
    stem, ending = os.path.splitext(name)
    if ending.lower() not in extensions:
        stem, ending = (name if rule == "keep" and not _is_ending(ending) else stem), extensions[0]
    if rule == "scrub":
        stem = scrubbed(stem)
    elif rule == "replace":
        stem = ""
    if not stem:
        return f"{_FALLBACK}-1{ending.lower()}"
    return _fitted(stem, ending)


def numbered(name: str, taken: int) -> str:
    """Return the name for when so many before it are taken: as it is, then with -2, -3 and so on."""
    if not taken:
        return name
    base, first, ending = _numbering(name)
    return _fitted(base, f"-{first + taken}{ending}")


def is_numbered(name: str, wanted: str) -> bool:
    """Whether a name is the wanted one, or that with a number."""
    match = _NUMBER.search(os.path.splitext(name)[0])
    if name == wanted or match is None:
        return name == wanted
    taken = int(match[1]) - _numbering(wanted)[1]
    return taken > 0 and name == numbered(wanted, taken)


def _numbering(name: str) -> tuple[str, int, str]:
    """Return what stands before a name's number, the number that it counts for, and its ending."""
    stem, ending = os.path.splitext(name)
    match = _COUNTED.fullmatch(stem)
    return (match[1], int(match[2]), ending) if match else (stem, 1, ending)


def _is_ending(ending: str) -> bool:
    return bool(re.fullmatch(r"\.[A-Za-z][A-Za-z0-9]{0,4}", ending))


def _fitted(stem: str, ending: str) -> str:
    room = MAX_BYTES - len(os.fsencode(ending))
    raw = os.fsencode(stem)
    if len(raw) > room:
        stem = raw[:room].decode("utf-8", "ignore")
    return stem + ending
