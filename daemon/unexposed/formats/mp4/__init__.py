"""MP4, M4V and 3GP: pictures and sound, whole or in fragments.

What a player needs is written anew from an allowlist: headers without times and names, the tables
of the tracks that stay. The samples of these are copied as they stand, but for notes that
encoders leave among them (`_notes`). Everything else goes: other tracks with their samples,
user data, indices of fragments, and bytes that no track points to.
What stays with the picture: bytes within a slice, a parameter set or a frame of sound, the names of
encoders in MPEG-4 part 2, ProRes, MP3 and AAC, and some seconds that an edit hides (`_edits`).
Sources: ISO/IEC 14496-12:2022, 14496-14 and 14496-15; 3GPP TS 26.244; QuickTime File Format (2016).
"""

from __future__ import annotations

from collections.abc import Sequence

from unexposed.errors import Held, Malformed
from unexposed.formats._boxes import make_box
from unexposed.formats._written import judged, planned
from unexposed.formats.mp4._blocks import XMP, blocks
from unexposed.formats.mp4._layout import QUICKTIME, READ_ONLY, brand, divide, read_layout, write
from unexposed.formats.mp4._places import PLACES
from unexposed.formats.parts import NOTHING, Buffer, Followed, Keep, Part, Plan, Put, Role

__all__ = [
    "EXTENSIONS",
    "NAME",
    "PILLOW",
    "PLACES",
    "annotate",
    "blocks",
    "dissect",
    "rebuild",
    "sniff",
]

NAME = "mp4"
PILLOW = ()
EXTENSIONS = (".mp4", ".m4v", ".3gp", ".3g2", ".f4v")


def sniff(head: bytes) -> bool:
    """Tell whether the bytes begin a video of this family other than QuickTime's."""
    return brand(head) not in (b"", QUICKTIME)


def dissect(buffer: Buffer, _: Followed = NOTHING, /) -> list[Part]:
    """Divide a video into headers, samples that stay, and all the rest.

    One that is read but not cleaned is a single part that does not stay. Raises Malformed where
    pictures and sounds cannot be told from the rest.
    """
    try:
        layout = read_layout(buffer)
    except Malformed:
        raise
    except Held:
        return [Part(0, len(buffer), Role.UNKNOWN, READ_ONLY)]
    parts = divide(buffer, layout)
    return judged(parts, write(buffer, layout, parts))


def rebuild(buffer: Buffer, parts: Sequence[Part]) -> Plan:
    """Plan the clean copy: the samples as they stand, headers and tables made anew.

    Raises Held for a video that cannot be cleaned, with the reason.
    """
    return planned(parts, write(buffer, read_layout(buffer), parts))


def annotate(buffer: Buffer, _: Sequence[Part], packet: bytes) -> Plan:
    """Plan the copy with an XMP packet in a box of its own behind all others, which moves nothing."""
    return [Keep(0, len(buffer)), Put(make_box(b"uuid", XMP, packet))]
