"""The places in a WebP, for docs/formats.md."""

from __future__ import annotations

from typing import Final

from unexposed.formats._places import Place

PLACES: Final = (
    Place("picture|alpha plane", "VP8, VP8L, ALPH", "stays", "the picture, bit for bit"),
    Place("picture chunk header", "chunk headers", "stays", "decoders need them"),
    Place(
        "RIFF header|VP8X|ANIM|ANMF|ALPH header|padding",
        "sizes, flags, animation control, padding",
        "made plain",
        "made true; reserved bits and padding are zero; VP8X goes where it says nothing",
    ),
    Place("ICC profile", "ICC profile", "made plain", "same colours, no text, date or serial"),
    Place("EXIF", "an EXIF chunk that holds an orientation alone", "stays", "the way up"),
    Place(
        "EXIF",
        "EXIF",
        "goes",
        "place, time, device; an orientation comes back in a chunk of its own",
    ),
    Place("XMP", "XMP", "goes", "names, history, documents"),
    Place(
        ".* that no decoder uses|ICC profile",
        "EXIF and profiles without their flag, or twice",
        "goes",
        "no viewer heeds them",
    ),
    Place(
        r"chunk '.{4}'|ANMF without a picture|data behind .*|stray bytes",
        "every other chunk, also within frames; tails of chunks",
        "goes",
        "can be anything",
    ),
    Place(
        "data after the end of the file", "what stands behind the end", "goes", "can be anything"
    ),
)
