"""What an XMP packet gives away.

Source: ISO 16684-1 and Adobe's XMP Specification Part 2; IPTC Photo Metadata Standard 2023.1;
MWG Guidelines 2.0 section 5.9; Google's depth map, Motion Photo and Ultra HDR formats.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from unexposed.exposure import Finding, finding
from unexposed.metadata.block import Block
from unexposed.metadata.devices import full_model
from unexposed.metadata.legible import legible, size_in_words
from unexposed.metadata.places import DESTINATION, place, valid
from unexposed.metadata.times import moment
from unexposed.metadata.xmp_properties import Property, properties

LANGUAGES = ("xmp",)

_TEXTS: Final[dict[str, str]] = {
    "dc:creator": "person.author",
    "dc:contributor": "person.author",
    "dc:publisher": "person.author",
    "dc:rights": "person.copyright",
    "dc:description": "person.caption",
    "dc:title": "person.caption",
    "dc:subject": "person.caption",
    "lr:hierarchicalSubject": "person.caption",
    "digiKam:TagsList": "person.caption",
    "photoshop:Headline": "person.caption",
    "photoshop:Instructions": "person.caption",
    "photoshop:Credit": "person.author",
    "photoshop:Source": "person.author",
    "photoshop:AuthorsPosition": "person.author",
    "photoshop:CaptionWriter": "person.author",
    "photoshop:LayerName": "history.edits",
    "photoshop:LayerText": "person.caption",
    "photoshop:TransmissionReference": "history.documents",
    "tiff:Artist": "person.author",
    "tiff:Copyright": "person.copyright",
    "tiff:ImageDescription": "person.caption",
    "tiff:Software": "device.software",
    "exif:UserComment": "person.caption",
    "exif:ImageUniqueID": "device.unique_id",
    "exif:GPSAreaInformation": "location.place",
    "exifEX:CameraOwnerName": "device.owner",
    "exifEX:BodySerialNumber": "device.serial",
    "exifEX:LensSerialNumber": "device.lens_serial",
    "exifEX:LensModel": "device.lens",
    "aux:SerialNumber": "device.serial",
    "aux:LensSerialNumber": "device.lens_serial",
    "aux:OwnerName": "device.owner",
    "aux:Lens": "device.lens",
    "aux:Firmware": "device.software",
    "crs:RawFileName": "history.documents",
    "exif:Software": "device.software",
    "x:xmptk": "device.software",
    "x:xaptk": "device.software",
    "xmp:CreatorTool": "device.software",
    "xmp:BaseURL": "history.origin",
    "xmp:Nickname": "person.caption",
    "xmp:Label": "person.caption",
    "pdf:Producer": "device.software",
    "pdf:Keywords": "person.caption",
    "xmpRights:Owner": "person.copyright",
    "xmpRights:WebStatement": "person.contact",
    "xmpRights:UsageTerms": "person.copyright",
    "mwg-rs:Name": "person.named",
    "acdsee-rs:Name": "person.named",
    "MPReg:PersonDisplayName": "person.named",
    "MPReg:PersonEmailDigest": "person.contact",
    "MPReg:PersonLiveIdCID": "account.id",
    "MicrosoftPhoto:LastKeywordXMP": "person.caption",
    "MicrosoftPhoto:CameraSerialNumber": "device.serial",
    "Iptc4xmpExt:PersonInImage": "person.named",
    "Iptc4xmpExt:PersonName": "person.named",
    "Iptc4xmpExt:DigImageGUID": "device.unique_id",
    "Iptc4xmpExt:Event": "person.caption",
    "Iptc4xmpExt:AOCreator": "person.author",
    "Iptc4xmpExt:AIPromptInformation": "provenance.prompt",
    "Iptc4xmpExt:AIPromptWriterName": "person.author",
    "Iptc4xmpExt:AISystemUsed": "provenance.ai_generated",
    "Iptc4xmpCore:AltTextAccessibility": "person.caption",
    "Iptc4xmpCore:ExtDescrAccessibility": "person.caption",
    "Iptc4xmpCore:SubjectCode": "person.caption",
    "plus:ImageCreatorName": "person.author",
    "plus:CopyrightOwnerName": "person.copyright",
    "plus:LicensorName": "person.author",
    "plus:LicensorEmail": "person.contact",
    "plus:LicensorURL": "person.contact",
    "plus:LicensorTelephone1": "person.contact",
    "drone-dji:CameraSerialNumber": "device.serial",
    "drone-dji:DroneSerialNumber": "device.serial",
}
"""Property -> kind, where the value tells the fact."""

_TIMES: Final[dict[str, str]] = {
    "exif:DateTimeOriginal": "time.taken",
    "exif:DateTimeDigitized": "time.digitised",
    "exif:GPSTimeStamp": "time.taken",
    "photoshop:DateCreated": "time.taken",
    "tiff:DateTime": "time.edited",
    "xmp:CreateDate": "time.digitised",
    "xmp:ModifyDate": "time.edited",
    "xmp:MetadataDate": "time.edited",
}

_POSITIONS: Final = (
    ("exif:GPSLatitude", "exif:GPSLongitude", "exif:GPSAltitude", ""),
    ("exif:GPSDestLatitude", "exif:GPSDestLongitude", "", DESTINATION),
    ("drone-dji:GpsLatitude", "drone-dji:GpsLongitude", "drone-dji:AbsoluteAltitude", ""),
    ("drone-dji:GpsLatitude", "drone-dji:GpsLongtitude", "drone-dji:AbsoluteAltitude", ""),
    ("drone-dji:Latitude", "drone-dji:Longitude", "", ""),
)
"""Latitude, longitude, altitude, and what that is; the misspelling is DJI's own."""

_PLACES: Final = (
    ("Iptc4xmpCore:Location", "photoshop:City", "photoshop:State", "photoshop:Country"),
    (
        "Iptc4xmpExt:LocationName",
        "Iptc4xmpExt:Sublocation",
        "Iptc4xmpExt:City",
        "Iptc4xmpExt:ProvinceState",
        "Iptc4xmpExt:CountryName",
    ),
)
"""The properties of a named place, from the nearest to the widest."""

_IDENTIFIERS: Final = frozenset(
    {
        "xmpMM:DocumentID",
        "xmpMM:InstanceID",
        "xmpMM:OriginalDocumentID",
        "stRef:documentID",
        "stRef:instanceID",
        "stRef:originalDocumentID",
        "stRef:filePath",
        "photoshop:DocumentAncestors",
    }
)
_CONTACT: Final = "Iptc4xmpCore:Ci"

_CONTENTS: Final[tuple[tuple[str, str, str], ...]] = (
    ("GDepth:", "content.depth", "a depth map"),
    ("Device:", "content.depth", "a depth map"),
    ("GImage:", "content.second_picture", "the picture without effects"),
    ("GAudio:", "content.audio", "sound"),
    ("hdrgm:", "content.gain_map", "an HDR gain map"),
    ("HDRGainMap:", "content.gain_map", "an HDR gain map"),
    ("GCamera:MotionPhoto", "content.video", "a motion photo"),
    ("GCamera:MicroVideo", "content.video", "a motion photo"),
    ("xmpGImg:image", "content.thumbnail", "a thumbnail"),
    ("xmp:PageImage", "content.thumbnail", "a thumbnail"),
)
"""How a property's name begins -> the content that it describes or carries."""

_SEMANTICS: Final[dict[str, tuple[str, str]]] = {
    "gainmap": ("content.gain_map", "an HDR gain map"),
    "motionphoto": ("content.video", "a motion photo"),
    "depth": ("content.depth", "a depth map"),
    "original": ("content.second_picture", "the picture without effects"),
}
"""Item:Semantic of a container, in lower case -> the content that stands behind the picture."""

_GENERATED = re.compile(r"trainedAlgorithmicMedia|Made with Google AI", re.IGNORECASE)
_OFF: Final = ("0", "false")
_QUIET: Final = ("Item:", "Container:")
_AGENT, _ACTION, _CHANGED = "stEvt:softwareAgent", "stEvt:action", "stEvt:when"
_MAKE, _MODEL = "tiff:Make", "tiff:Model"

# "38,43.356N" and "38,43,21.4N"; plain decimals appear as well.
_ANGLE = re.compile(r"(\d{1,3}),(\d{1,2}(?:\.\d{1,12})?)(?:,(\d{1,2}(?:\.\d{1,12})?))?([NSEW])")
_FRACTION = re.compile(r"([+-]?\d{1,12}(?:\.\d{1,12})?)(?:/(\d{1,12}))?")


def read(block: Block) -> list[Finding]:
    """Return what a packet gives away."""
    where = block.where
    packet = properties(block.payload)
    found = []
    if packet.damage:
        found.append(finding("hidden.damaged", where, packet.damage))
    told = set[str]()
    for reader in (_positions, _places, _devices, _history, _contents, _contacts):
        findings, names = reader(packet.properties, where)
        found += findings
        told |= names
    for one in packet.properties:
        if _GENERATED.search(one.value[:4000]):
            found.append(finding("provenance.ai_generated", where, legible(one.value)))
        elif kind := _TEXTS.get(one.name):
            found += _said(kind, where, legible(one.value))
        elif kind := _TIMES.get(one.name):
            found += _said(kind, where, moment(legible(one.value)))
        else:
            continue
        told.add(one.name)
    rest = {one.name for one in packet.properties} - told
    rest = {name for name in rest if not name.startswith(_QUIET)}
    if rest:
        listed = ", ".join(sorted(rest)[:8]) + (", ..." if len(rest) > 8 else "")
        found.append(finding("hidden.metadata", where, legible(listed)))
    return list(dict.fromkeys(found))


def _said(kind: str, where: str, text: str) -> list[Finding]:
    return [finding(kind, where, text)] if text else []


def _structures(properties: Iterable[Property], names: set[str]) -> list[dict[str, str]]:
    """Return the first value of each of the names, structure by structure."""
    found: dict[str, dict[str, str]] = {}
    for one in properties:
        if one.name in names:
            found.setdefault(one.inside, {}).setdefault(one.name, legible(one.value))
    return list(found.values())


def _positions(properties: Iterable[Property], where: str) -> tuple[list[Finding], set[str]]:
    names = {name for *trio, _ in _POSITIONS for name in trio if name}
    found = []
    for values in _structures(properties, names):
        for north, east, up, what in _POSITIONS:
            latitude, longitude = degrees(values.get(north, "")), degrees(values.get(east, ""))
            if latitude is not None and longitude is not None and valid(latitude, longitude):
                altitude = _number(values.get(up, ""))
                found.append(place(where + what, latitude, longitude, altitude))
    return found, names


def degrees(text: str) -> float | None:
    """Return decimal degrees from "38,43.356N" and its like; None for other text."""
    if match := _ANGLE.fullmatch(text.strip()):
        angle = float(match[1]) + float(match[2]) / 60 + float(match[3] or 0) / 3600
        return -angle if match[4] in "SW" else angle
    return _number(text)


def _number(text: str) -> float | None:
    match = _FRACTION.fullmatch(text.strip())
    if match is None or (match[2] is not None and not int(match[2])):
        return None
    return float(match[1]) / int(match[2] or 1)


def _places(properties: Iterable[Property], where: str) -> tuple[list[Finding], set[str]]:
    names = {name for row in _PLACES for name in row}
    texts = (
        ", ".join(values[name] for name in row if values.get(name))
        for values in _structures(properties, names)
        for row in _PLACES
    )
    return [finding("location.place", where, text) for text in texts if text], names


def _devices(properties: Iterable[Property], where: str) -> tuple[list[Finding], set[str]]:
    names = {_MAKE, _MODEL}
    found = []
    for values in _structures(properties, names):
        model = full_model(values.get(_MAKE, ""), values.get(_MODEL, ""))
        found += _said("device.model", where, model)
    return found, names


def _history(properties: Iterable[Property], where: str) -> tuple[list[Finding], set[str]]:
    """Tell how many editing steps are on record, with which programs, and how many documents."""
    steps = 0
    agents: dict[str, None] = {}
    moments: list[str] = []
    identifiers: dict[str, None] = {}
    names = set[str]()
    for one in properties:
        if one.name.startswith("stEvt:") or one.name.startswith("xmpMM:History"):
            names.add(one.name)
        if one.name == _ACTION:
            steps += 1
        elif one.name == _AGENT:
            agents[legible(one.value)] = None
        elif one.name == _CHANGED:
            moments.append(moment(legible(one.value)))
        elif one.name in _IDENTIFIERS:
            names.add(one.name)
            identifiers[legible(one.value)] = None
    found = []
    if steps or agents:
        amount = "1 step" if steps == 1 else f"{steps} steps"
        span = f", {min(moments)} to {max(moments)}" if len(moments) > 1 else ""
        programs = f" with {', '.join(list(agents)[:5])}" if agents else ""
        found.append(finding("history.edits", where, f"{amount}{programs}{span}"))
    if identifiers:
        amount = "1 document id" if len(identifiers) == 1 else f"{len(identifiers)} document ids"
        found.append(finding("history.documents", where, f"{amount}: {next(iter(identifiers))}"))
    return found, names


def _contents(properties: Iterable[Property], where: str) -> tuple[list[Finding], set[str]]:
    """Tell what pictures, sound and video the packet carries or announces."""
    found: dict[str, Finding] = {}
    names = set[str]()
    for one in properties:
        kind, what = next(
            ((kind, what) for start, kind, what in _CONTENTS if one.name.startswith(start)),
            ("", ""),
        )
        if one.name == "Item:Semantic":
            kind, what = _SEMANTICS.get(one.value.casefold(), ("", ""))
        if not kind:
            continue
        names.add(one.name)
        if one.value.casefold() in _OFF:
            continue
        if len(one.value) > 1_000:
            what = f"{what}, {size_in_words(len(one.value) * 3 // 4)}"
            found.pop(kind, None)
        found.setdefault(kind, finding(kind, where, what))
    return list(found.values()), names


def _contacts(properties: Iterable[Property], where: str) -> tuple[list[Finding], set[str]]:
    names = {one.name for one in properties if one.name.startswith(_CONTACT)}
    values = [", ".join(values.values()) for values in _structures(properties, names)]
    return [finding("person.contact", where, text) for text in values if text], names
