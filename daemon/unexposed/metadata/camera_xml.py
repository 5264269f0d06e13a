"""What professional cameras write about a clip as XML, in a box of the video or under a key.

It is searched and not parsed: what is damaged, or nested in a way that nobody knows, is read all
the same. Sources: Sony, "NonRealTimeMeta"; Panasonic, "P2 Clip Metadata"; ExifTool's QuickTime.pm.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final

from unexposed.exposure import Finding
from unexposed.metadata.iso6709 import located
from unexposed.metadata.legible import legible

_ATTRIBUTES: Final = (
    ("device.make", re.compile(r'<Device [^<>]{0,300}manufacturer="([^"<>]{1,100})"')),
    ("device.model", re.compile(r'<Device [^<>]{0,300}modelName="([^"<>]{1,100})"')),
    ("device.serial", re.compile(r'<Device [^<>]{0,300}serialNo="([^"<>]{1,100})"')),
    ("device.lens", re.compile(r'<Lens [^<>]{0,300}modelName="([^"<>]{1,100})"')),
    ("device.lens_serial", re.compile(r'<Lens [^<>]{0,300}serialNo="([^"<>]{1,100})"')),
    ("time.taken", re.compile(r'<CreationDate value="([^"<>]{1,60})"')),
    ("time.edited", re.compile(r'<LastUpdate value="([^"<>]{1,60})"')),
    ("device.unique_id", re.compile(r'umidRef="([0-9A-Fa-f]{8,128})"')),
    ("person.caption", re.compile(r'<Title [^<>]{0,300}usAscii="([^"<>]{1,200})"')),
)
"""Kinds, and how Sony writes what tells them."""

_ELEMENT: Final = re.compile(r"<([A-Za-z.]{2,40})>([^<>]{1,200})</\1>")
_ELEMENTS: Final = {
    "ClipName": "history.documents",
    "UserClipName": "history.documents",
    "GlobalClipID": "device.unique_id",
    "Manufacturer": "device.make",
    "ModelName": "device.model",
    "SerialNo": "device.serial",
    "SerialNo.": "device.serial",
    "CreationDate": "time.taken",
    "StartDate": "time.taken",
    "LastUpdateDate": "time.edited",
    "Creator": "person.author",
    "LastUpdatePerson": "person.author",
    "Shooter": "person.author",
    "Reporter": "person.author",
    "PlaceName": "location.place",
    "ProgramName": "person.caption",
    "SceneNo.": "person.caption",
    "Text": "person.caption",
}
"""Names of elements, as Panasonic and Sony have them -> what their text tells."""

_ITEM: Final = re.compile(r'<Item name="(\w{1,40})" value="([^"<>]{0,100})"')
"""How Sony writes each of Exif's GPS tags."""
_SEXAGESIMAL: Final = re.compile(r"(\d{1,3}):(\d{1,2}):(\d{1,2}(?:\.\d{1,9})?)", re.ASCII)
_DEGREES: Final = re.compile(
    r"<(Latitude|Longitude)>\s*([NSEW+-]?)(\d{1,3}\.\d{1,12})\s*</\1>", re.ASCII
)
_NEGATIVE: Final = frozenset("SW-")

MAX_TEXT: Final = 1 << 20
"""Characters that are searched."""


def told(text: str) -> Iterator[tuple[str, str]]:
    """Yield kinds and texts."""
    for kind, pattern in _ATTRIBUTES:
        if match := pattern.search(text, 0, MAX_TEXT):
            yield kind, _plain(match[1])
    seen: set[str] = set()
    for match in _ELEMENT.finditer(text, 0, MAX_TEXT):
        if match[1] in _ELEMENTS and match[1] not in seen:
            seen.add(match[1])
            yield _ELEMENTS[match[1]], _plain(match[2])


def place(text: str, where: str) -> list[Finding]:
    """Return the place that is written with colons between degrees, minutes and seconds, or as degrees."""
    items = dict(_ITEM.findall(text, 0, MAX_TEXT))
    degrees = []
    for name, negative in (("Latitude", "S"), ("Longitude", "W")):
        match = _SEXAGESIMAL.fullmatch(items.get(name, ""))
        if match is None or not items.get(f"{name}Ref"):
            break
        value = sum(float(part) / 60**power for power, part in enumerate(match.groups()))
        degrees.append(-value if items[f"{name}Ref"] == negative else value)
    else:
        return located(where, *degrees)
    written = {
        name: -float(number) if sign in _NEGATIVE else float(number)
        for name, sign, number in _DEGREES.findall(text, 0, MAX_TEXT)
    }
    if len(written) < 2:
        return []
    return located(where, written["Latitude"], written["Longitude"])


def _plain(text: str) -> str:
    return legible(html.unescape(text))
