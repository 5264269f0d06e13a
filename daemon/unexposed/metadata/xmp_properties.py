"""XMP taken apart into its properties, whichever of RDF's many spellings it uses.

Source: ISO 16684-1:2019 section 7 (the RDF that XMP has) and annex C.
"""

from __future__ import annotations

import html
import re
from itertools import islice
from typing import Final
from xml.etree.ElementTree import Element, ParseError

import msgspec
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

MAX_PACKET = 8 << 20
_MAX_ELEMENTS = 100_000
_JPEG_PREFIX = b"http://ns.adobe.com/xap/1.0/\0"
"""What JPEG puts before a packet; some programs take it along into other containers."""
_MAX_PROPERTIES = 20_000
_MAX_ATTRIBUTES = 2 * _MAX_PROPERTIES
"""Attributes of one element that are looked at."""

_PREFIXES: Final[dict[str, str]] = {
    "adobe:ns:meta/": "x",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://www.w3.org/XML/1998/namespace": "xml",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://ns.adobe.com/xap/1.0/rights/": "xmpRights",
    "http://ns.adobe.com/xap/1.0/g/img/": "xmpGImg",
    "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#": "stEvt",
    "http://ns.adobe.com/xap/1.0/sType/ResourceRef#": "stRef",
    "http://ns.adobe.com/xap/1.0/sType/Area#": "stArea",
    "http://ns.adobe.com/xmp/note/": "xmpNote",
    "http://ns.adobe.com/xmp/sType/Area#": "stArea",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://ns.adobe.com/exif/1.0/aux/": "aux",
    "http://cipa.jp/exif/1.0/": "exifEX",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://ns.adobe.com/camera-raw-settings/1.0/": "crs",
    "http://ns.adobe.com/lightroom/1.0/": "lr",
    "http://ns.adobe.com/hdr-gain-map/1.0/": "hdrgm",
    "http://ns.apple.com/HDRGainMap/1.0/": "HDRGainMap",
    "http://ns.apple.com/pixeldatainfo/1.0/": "apdi",
    "http://ns.google.com/photos/1.0/depthmap/": "GDepth",
    "http://ns.google.com/photos/1.0/image/": "GImage",
    "http://ns.google.com/photos/1.0/audio/": "GAudio",
    "http://ns.google.com/photos/1.0/camera/": "GCamera",
    "http://ns.google.com/photos/1.0/container/": "Container",
    "http://ns.google.com/photos/1.0/container/item/": "Item",
    "http://ns.google.com/photos/dd/1.0/device/": "Device",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
    "http://www.metadataworkinggroup.com/schemas/regions/": "mwg-rs",
    "http://www.metadataworkinggroup.com/schemas/collections/": "mwg-coll",
    "http://ns.microsoft.com/photo/1.0": "MicrosoftPhoto",
    "http://ns.microsoft.com/photo/1.0/": "MicrosoftPhoto",
    "http://ns.microsoft.com/photo/1.2/": "MP",
    "http://ns.microsoft.com/photo/1.2/t/Region#": "MPReg",
    "http://ns.microsoft.com/photo/1.2/t/RegionInfo#": "MPRI",
    "http://ns.useplus.org/ldf/xmp/1.0/": "plus",
    "http://ns.adobe.com/pdf/1.3/": "pdf",
    "http://www.digikam.org/ns/1.0/": "digiKam",
    "http://darktable.sf.net/": "darktable",
    "http://ns.acdsee.com/iptc/1.0/": "acdsee",
    "http://ns.acdsee.com/regions/": "acdsee-rs",
    "http://ns.acdsee.com/sType/Area#": "stArea",
    "http://www.dji.com/drone-dji/1.0/": "drone-dji",
    "http://www.parrot.com/drone-parrot/1.0/": "drone-parrot",
    "http://pix4d.com/camera/1.0/": "Camera",
    "http://pix4d.com/camera/1.0": "Camera",
    "http://purl.org/dc/terms/": "dcterms",
    "http://cipa.jp/exif/2.32/": "exifEX",
    "http://ns.adobe.com/pdfx/1.3/": "pdfx",
    "http://ns.adobe.com/xap/1.0/bj/": "xmpBJ",
    "http://ns.adobe.com/xap/1.0/sType/Job#": "stJob",
    "http://ns.adobe.com/xap/1.0/sType/Dimensions#": "stDim",
    "http://ns.adobe.com/xap/1.0/sType/Version#": "stVer",
    "http://ns.adobe.com/xap/1.0/sType/ManifestItem#": "stMfs",
    "http://ns.adobe.com/photoshop/1.0/camera-profile": "stCamera",
    "http://ns.adobe.com/xmp/1.0/DynamicMedia/": "xmpDM",
    "http://ns.adobe.com/creatorAtom/1.0/": "creatorAtom",
    "http://ns.adobe.com/album/1.0/": "album",
    "http://ns.adobe.com/DICOM/": "DICOM",
    "http://creativecommons.org/ns#": "cc",
    "http://web.resource.org/cc/": "cc",
    "http://ns.iview-multimedia.com/mediapro/1.0/": "mediapro",
    "http://ns.microsoft.com/expressionmedia/1.0/": "expressionmedia",
    "http://ns.idimager.com/ics/1.0/": "ics",
    "http://prismstandard.org/namespaces/basic/2.0/": "prism",
    "http://ns.apple.com/faceinfo/1.0/": "apple-fi",
    "http://www.metadataworkinggroup.com/schemas/keywords/": "mwg-kw",
    "http://ns.google.com/photos/1.0/panorama/": "GPano",
    "http://ns.google.com/photos/1.0/focus/": "GFocus",
    "http://ns.google.com/photos/1.0/creations/": "GCreations",
    "http://ns.google.com/videos/1.0/spherical/": "GSpherical",
    "http://ns.leiainc.com/photos/1.0/image/": "LImage",
    "http://ns.xiaomi.com/photos/1.0/camera/": "MiCamera",
    "http://ns.oplus.com/photos/1.0/camera/": "OpCamera",
    "http://rs.tdwg.org/dwc/index.htm": "dwc",
    "http://rs.tdwg.org/dwc/terms/": "dwc",
    "http://xmp.gettyimages.com/gift/1.0/": "GettyImagesGIFT",
}
"""Namespace -> the prefix that findings know it by, whatever the packet calls it."""

_ATTRIBUTE = re.compile(
    r"(?<![\w.-])([A-Za-z][\w.-]{0,40}:[\w.-]{1,80})\s{0,20}=\s{0,20}[\"']([^\"'<]{1,4000})[\"']"
)
_ELEMENT = re.compile(
    r"<([A-Za-z][\w.-]{0,40}:[\w.-]{1,80})(?:\s[^<>]{0,400})?>"
    r"(?:\s{0,200}<rdf:[^<>]{1,200}>){0,3}([^<]{1,4000})<"
)


class Property(msgspec.Struct, frozen=True, gc=False):
    """One value. `name` is "prefix:name"; `inside` says which structure it stands in."""

    name: str
    value: str
    inside: str = ""


class Packet(msgspec.Struct, frozen=True):
    """A packet's properties in order; `damage` says what is wrong with it, if anything."""

    properties: tuple[Property, ...]
    damage: str = ""


def properties(packet: bytes) -> Packet:
    """Return a packet's properties. A broken packet is read as text as far as that goes."""
    packet = packet[:MAX_PACKET].removeprefix(_JPEG_PREFIX).strip(b"\0 \t\r\n")
    if not packet:
        return Packet(())
    if packet.count(b"<") > _MAX_ELEMENTS:
        return Packet(_from_text(packet), "more elements than can be read")
    try:
        root = fromstring(packet, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as problem:
        return Packet(_from_text(packet), f"no well-formed XML: {type(problem).__name__}")
    found = _from_tree(root)
    crowded = "more properties than can be read" if len(found) >= _MAX_PROPERTIES else ""
    return Packet(found, crowded)


def _short(name: str) -> str:
    """Return "{namespace}local" as "prefix:local"; an unknown namespace gives "?"."""
    namespace, _, local = name.rpartition("}")
    return f"{_PREFIXES.get(namespace[1:], '?')}:{local}" if namespace else local


def _from_tree(root: Element) -> tuple[Property, ...]:
    found: list[Property] = []
    waiting: list[tuple[Element, str, str]] = [(root, "", "")]
    structures = 0
    while waiting and len(found) < _MAX_PROPERTIES:
        element, owner, inside = waiting.pop()
        name = _short(element.tag) if isinstance(element.tag, str) else "?:"
        if not name.startswith(("rdf:", "x:")):
            owner = name
        attributes = [
            (_short(key), value) for key, value in islice(element.attrib.items(), _MAX_ATTRIBUTES)
        ]
        said = [
            (key, value)
            for key, value in attributes
            if not key.startswith(("rdf:", "xml:")) and ":" in key
        ]
        if said and owner:
            structures += 1
            inside = f"{owner} {structures}"
        found += [Property(key, value, inside) for key, value in said]
        found += [
            Property(owner, value, inside)
            for key, value in attributes
            if key in ("rdf:resource", "rdf:value") and owner
        ]
        if owner and not len(element) and (text := (element.text or "").strip()):
            found.append(Property(owner, text, inside))
        if owner and _holds_structure(element):
            structures += 1
            inside = f"{owner} {structures}"
        waiting.extend((child, owner, inside) for child in reversed(element))
    return tuple(found[:_MAX_PROPERTIES])


def _holds_structure(element: Element) -> bool:
    """Tell whether an element's children are named fields, not items of an array."""
    return any(
        isinstance(child.tag, str) and not _short(child.tag).startswith("rdf:") for child in element
    )


def _from_text(packet: bytes) -> tuple[Property, ...]:
    text = packet.decode("utf-8", "replace").replace("\0", "")
    found = [
        Property(match[1], html.unescape(match[2]).strip())
        for pattern in (_ATTRIBUTE, _ELEMENT)
        for match in pattern.finditer(text)
        if not match[1].startswith(("xmlns:", "rdf:", "xml:"))
    ]
    return tuple(one for one in found[:_MAX_PROPERTIES] if one.value)
