"""What an XMP packet gives away.

Source: ISO 16684-1 and Adobe's XMP Specification Part 2; IPTC Photo Metadata Standard 2023.1;
MWG Guidelines 2.0 section 5.9; Google's depth map, Motion Photo and Ultra HDR formats.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from unexposed.exposure import Finding, finding
from unexposed.metadata import xmp_kinds as kinds
from unexposed.metadata.block import Block
from unexposed.metadata.devices import full_model
from unexposed.metadata.file_paths import paths_in
from unexposed.metadata.generators import generator, is_generator, maker_of
from unexposed.metadata.legible import legible, size_in_words
from unexposed.metadata.places import place, valid
from unexposed.metadata.prompts import recognised
from unexposed.metadata.times import instant, moment, span, zone
from unexposed.metadata.xmp_properties import Property, properties

LANGUAGES = ("xmp",)

_CONTACT: Final = "Iptc4xmpCore:Ci"

_GENERATED = re.compile(r"trainedAlgorithmicMedia|Made with Google AI", re.IGNORECASE)
_SETTINGS: Final = "crs:"
_DARKTABLE, _OPERATION = "darktable:", "darktable:operation"
_SPEED_UNIT: Final = "exif:GPSSpeedRef"
_MOST: Final = 4_000
"""Characters of a value that are searched."""
_EMAIL: Final = re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}\b")
_PROFILE: Final = re.compile(
    r"https?://(?:www\.)?(?:instagram|facebook|twitter|x|tiktok|flickr|500px|linkedin|behance"
    r"|deviantart|vk|threads|youtube|pinterest|tumblr)\.(?:com|net)/[\w@./?=&-]{1,100}"
)
"""Addresses of somebody's page where people have such."""
_LAYERS: Final = 100
"""Layers whose names and texts are compared."""
_OFF: Final = ("0", "false")
_QUIET: Final = ("Item:", "Container:")
_AGENT, _ACTION, _CHANGED = "stEvt:softwareAgent", "stEvt:action", "stEvt:when"
_MODELS: Final = (("tiff:Make", "tiff:Model"), ("exif:Make", "exif:Model"))

_SPELLINGS: Final = {
    name.casefold(): name
    for name in (
        *kinds.TEXTS,
        *kinds.TIMES,
        *kinds.IDENTIFIERS,
        *kinds.MOTIONS,
        *(name for row in (*kinds.PLACES, *_MODELS) for name in row),
        *(name for *trio, _ in kinds.POSITIONS for name in trio if name),
    )
}
"""Names without capitals -> as they are spelled; a few programs write "tiff:software"."""

# "38,43.356N" and "38,43,21.4N"; plain decimals appear as well.
_ANGLE = re.compile(r"(\d{1,3}),(\d{1,2}(?:\.\d{1,12})?)(?:,(\d{1,2}(?:\.\d{1,12})?))?([NSEW])")
_FRACTION = re.compile(r"([+-]?\d{1,12}(?:\.\d{1,12})?)(?:/(\d{1,12}))?")


def read(block: Block) -> list[Finding]:
    """Return what a packet gives away."""
    packet = properties(block.payload)
    found = told(packet.properties, block.where)
    if packet.damage:
        found.insert(0, finding("hidden.damaged", block.where, packet.damage))
    return found


def told(properties: Sequence[Property], where: str) -> list[Finding]:
    """Return what properties give away, wherever they come from."""
    properties = _named_apart([_spelled(one) for one in properties])
    found = []
    known = set[str]()
    for reader in (
        *(_positions, _motion, _places, _devices, _faces, _generated, _history, _developed),
        *(_darkroom, _contents, _contacts),
    ):
        findings, names = reader(properties, where)
        found += findings
        known |= names
    for one in properties:
        if one.name in kinds.TEXTS or one.name in kinds.TIMES:
            found += _valued(one, where)
        elif one.name in known:
            continue
        elif told_by_value := _hinted(one.value[:_MOST], where):
            found += told_by_value
    found += [
        finding("location.file_path", where, path)
        for one in properties
        for path in paths_in(one.value[:_MOST])
    ]
    rest = {one.name for one in properties} - known - kinds.TEXTS.keys() - kinds.TIMES.keys()
    rest = {name for name in rest if not name.startswith(_QUIET)}
    if rest:
        listed = ", ".join(sorted(rest)[:8]) + (", ..." if len(rest) > 8 else "")
        found.append(finding("hidden.metadata", where, legible(listed)))
    return list(dict.fromkeys(found))


def _spelled(one: Property) -> Property:
    """Return a property under its name as it is spelled, where only capitals differ."""
    name = _SPELLINGS.get(one.name.casefold(), one.name)
    return one if name == one.name else msgspec.structs.replace(one, name=name)


def _named_apart(properties: list[Property]) -> list[Property]:
    """Leave out the names of layers that only repeat, or begin, the text in them."""
    texts = [legible(one.value) for one in properties if one.name == kinds.LAYER_TEXT][:_LAYERS]

    def repeats(one: Property) -> bool:
        name = legible(one.value)
        return one.name == kinds.LAYER_NAME and any(text.startswith(name) for text in texts)

    return [one for one in properties if not repeats(one)] if texts else properties


def _valued(one: Property, where: str) -> list[Finding]:
    """Return what a property tells whose kind is known."""
    text = legible(one.value)
    if one.name in kinds.TIMES:
        return _said(kinds.TIMES[one.name], where, moment(text))
    kind = kinds.TEXTS[one.name]
    if kind == "time.zone":
        return _said(kind, where, zone(text))
    if one.name == kinds.INSTRUCTIONS and text.startswith(kinds.FACEBOOK):
        kind = "account.id"
    if kind == "person.credit" and is_generator(text):
        kind = "provenance.ai_generated"
    if kind == "person.caption" and (found := recognised(one.value, where)):
        return found
    return _said(kind, where, text)


def _hinted(value: str, where: str) -> list[Finding]:
    """Return what the value of a property tells that nobody knows."""
    found = [finding("person.contact", where, one) for one in _EMAIL.findall(value)]
    found += [finding("account.url", where, one) for one in _PROFILE.findall(value)]
    return found or recognised(value, where)


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
    names = {name for *trio, _ in kinds.POSITIONS for name in trio if name} | {kinds.POSITION_ERROR}
    found = []
    for values in _structures(properties, names):
        error = _number(values.get(kinds.POSITION_ERROR, "")) or 0.0
        for north, east, up, what in kinds.POSITIONS:
            latitude, longitude = degrees(values.get(north, "")), degrees(values.get(east, ""))
            if latitude is not None and longitude is not None and valid(latitude, longitude):
                altitude = _number(values.get(up, ""))
                found.append(place(where + what, latitude, longitude, altitude, max(0.0, error)))
    return found, names


def _motion(properties: Iterable[Property], where: str) -> tuple[list[Finding], set[str]]:
    """Tell which way the camera looked, how high it was and how fast it moved."""
    names = {*kinds.MOTIONS, *kinds.VELOCITY, _SPEED_UNIT}
    found = []
    for values in _structures(properties, names):
        for name, (kind, before, behind) in kinds.MOTIONS.items():
            number = _number(values.get(name, ""))
            if number is not None:
                unit = behind or kinds.SPEEDS.get(values.get(_SPEED_UNIT, ""), " km/h")
                found.append(finding(kind, where, f"{before}{number:.0f}{unit}"))
        axes = [number for name in kinds.VELOCITY if (number := _number(values.get(name, "")))]
        if axes:
            speed = math.hypot(*axes)
            found.append(finding("location.speed", where, f"{speed:.1f} m/s"))
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
    names = {name for row in kinds.PLACES for name in row}
    texts = (
        ", ".join(values[name] for name in row if values.get(name))
        for values in _structures(properties, names)
        for row in kinds.PLACES
    )
    return [finding("location.place", where, text) for text in texts if text], names


def _devices(properties: Iterable[Property], where: str) -> tuple[list[Finding], set[str]]:
    names = {name for pair in _MODELS for name in pair}
    found = []
    for values in _structures(properties, names):
        for make, model in _MODELS:
            called = full_model(values.get(make, ""), values.get(model, ""))
            found += _said("device.model", where, called)
    return found, names


def _faces(properties: Iterable[Property], where: str) -> tuple[list[Finding], set[str]]:
    """Count the regions of faces, named or not."""
    names = {*kinds.FACE_TYPES, *kinds.FACE_AREAS}
    count = sum(
        any(name in values for name in kinds.FACE_AREAS)
        or any(values.get(name, "").casefold() == kinds.FACE for name in kinds.FACE_TYPES)
        for values in _structures(properties, names)
    )
    faces = "1 face" if count == 1 else f"{count} faces"
    return ([finding("person.faces", where, faces)] if count else []), names


def _generated(properties: Iterable[Property], where: str) -> tuple[list[Finding], set[str]]:
    """Tell that a generator made it, and where a signed record of that stands."""
    first: dict[str, str] = {}
    for one in properties:
        first.setdefault(one.name, legible(one.value[:_MOST]))
    found = []
    sources = [text for text in first.values() if _GENERATED.search(text)]
    if sources:
        program = next((first[name] for name in kinds.GENERATORS if name in first), "")
        known = program if maker_of(program) else ""
        what = generator(known) or sources[0].rpartition("/")[2]
        part = ", in part" if "composite" in sources[0].casefold() else ""
        found.append(finding("provenance.ai_generated", where, f"{what}{part}"))
    elif is_generator(first.get("xmp:CreatorTool", "")):
        found.append(finding("provenance.ai_generated", where, first["xmp:CreatorTool"]))
    if kinds.REMOTE_RECORD in first:
        record = f"a record elsewhere: {first[kinds.REMOTE_RECORD]}"
        found.append(finding("provenance.c2pa", where, record))
    return found, {kinds.SOURCE_TYPE, kinds.REMOTE_RECORD}


def _developed(properties: Iterable[Property], where: str) -> tuple[list[Finding], set[str]]:
    """Tell that a raw picture was developed, with how many settings."""
    settings = {one.name: one.value for one in properties if one.name.startswith(_SETTINGS)}
    if not settings:
        return [], set()
    version = legible(settings.get("crs:Version", ""))
    amount = f"{len(settings)} setting{'' if len(settings) == 1 else 's'}"
    words = f"developed with Camera Raw {version}".rstrip()
    return [finding("history.edits", where, f"{words}, {amount}")], settings.keys() - kinds.TEXTS


def _darkroom(properties: Iterable[Property], where: str) -> tuple[list[Finding], set[str]]:
    """Tell that darktable developed a raw picture, with how many steps; its exports carry them."""
    own = [one.name for one in properties if one.name.startswith(_DARKTABLE)]
    if not own:
        return [], set()
    steps = own.count(_OPERATION)
    amount = f", {steps} step{'' if steps == 1 else 's'}" if steps else ""
    return [finding("history.edits", where, f"developed with darktable{amount}")], set(own)


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
        elif one.name in kinds.IDENTIFIERS:
            names.add(one.name)
            identifiers[legible(one.value)] = None
    found = []
    if steps or agents:
        amount = "1 step" if steps == 1 else f"{steps} steps"
        programs = f" with {', '.join(list(agents)[:5])}" if agents else ""
        found.append(finding("history.edits", where, f"{amount}{programs}{_during(moments)}"))
    if identifiers:
        amount = "1 document id" if len(identifiers) == 1 else f"{len(identifiers)} document ids"
        found.append(finding("history.documents", where, f"{amount}: {next(iter(identifiers))}"))
    return found, names


def _during(moments: Iterable[str]) -> str:
    """Return ", 2025-04-01 to 2025-04-02", or ", 2025-04-01" where both ends are alike."""
    known = span(moments)
    if known is None:
        return ""
    first, last = known
    return f", {first}" if instant(first) == instant(last) else f", {first} to {last}"


def _contents(properties: Iterable[Property], where: str) -> tuple[list[Finding], set[str]]:
    """Tell what pictures, sound and video the packet carries or announces."""
    found: dict[str, Finding] = {}
    names = set[str]()
    for one in properties:
        kind, what = next(
            ((kind, what) for start, kind, what in kinds.CONTENTS if one.name.startswith(start)),
            ("", ""),
        )
        if one.name == "Item:Semantic":
            kind, what = kinds.SEMANTICS.get(one.value.casefold(), ("", ""))
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
