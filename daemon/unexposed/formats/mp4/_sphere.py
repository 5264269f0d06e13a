"""Spherical video as the first version of Google's specification marks it: a piece of XML.

What a player goes by is written anew; the program that made it, and the time, go.
Source: Google's Spherical Video RFC (V1).
"""

from __future__ import annotations

import re
from typing import Final

from unexposed.formats._boxes import make_box

SPHERICAL: Final = bytes.fromhex("ffcc8263f8554a938814587a02521fdd")
"""The type of the 'uuid' box that has it."""

_MOST: Final = 64 << 10
_HEAD: Final = (
    b'<?xml version="1.0"?><rdf:SphericalVideo'
    b' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    b' xmlns:GSpherical="http://ns.google.com/videos/1.0/spherical/">'
)
_END: Final = b"</rdf:SphericalVideo>"
_NUMBER: Final = rb"-?\d{1,9}"
_FIELDS: Final[dict[bytes, bytes]] = {
    b"Spherical": rb"true",
    b"Stitched": rb"true",
    b"ProjectionType": rb"equirectangular",
    b"StereoMode": rb"mono|left-right|top-bottom",
    b"SourceCount": _NUMBER,
    b"InitialViewHeadingDegrees": _NUMBER,
    b"InitialViewPitchDegrees": _NUMBER,
    b"InitialViewRollDegrees": _NUMBER,
    b"FullPanoWidthPixels": _NUMBER,
    b"FullPanoHeightPixels": _NUMBER,
    b"CroppedAreaImageWidthPixels": _NUMBER,
    b"CroppedAreaImageHeightPixels": _NUMBER,
    b"CroppedAreaLeftPixels": _NUMBER,
    b"CroppedAreaTopPixels": _NUMBER,
}
"""What stays -> the values that it may have, in the order of a clean copy."""
_PROGRAM: Final = b"<GSpherical:StitchingSoftware>unknown</GSpherical:StitchingSoftware>"
"""It must be there; players take a video without it for a flat one."""


def plain_sphere(xml: bytes) -> bytes:
    """Return the 'uuid' box that a clean copy has for this XML, b"" where it marks no sphere."""
    xml = xml[:_MOST]
    made = []
    for name, values in _FIELDS.items():
        value = re.search(rb"<GSpherical:%b>\s{0,20}(%b)\s{0,20}<" % (name, values), xml)
        if value:
            made.append(b"<GSpherical:%b>%b</GSpherical:%b>" % (name, value[1], name))
        elif name == b"Spherical":
            return b""
    return make_box(b"uuid", SPHERICAL, _HEAD, *made, _PROGRAM, _END)
