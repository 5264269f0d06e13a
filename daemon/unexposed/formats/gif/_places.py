"""The places in a GIF, for docs/formats.md."""

from __future__ import annotations

from typing import Final

from unexposed.formats._places import Place

PLACES: Final = (
    Place("picture", "the pictures' codes", "stays", "the picture, bit for bit"),
    Place(
        "header|bits of a pixel|end of the picture|end",
        "header, number of colours, ends",
        "stays",
        "decoders need them",
    ),
    Place(
        "screen descriptor|colour table",
        "size of the screen, background, colour tables",
        "made plain",
        "colours that no code of a picture can name are black; what no viewer heeds is constant",
    ),
    Place(
        "image descriptor|graphic control|loop count|length of the last data block",
        "place, timing and transparency of each picture; how often all is shown",
        "made plain",
        "reserved bits are zero",
    ),
    Place("comment|plain text", "comments and plain-text extensions", "goes", "can be anything"),
    Place(
        "XMP|ICC profile", "XMP and ICC application extensions", "goes", "names, history, screen"
    ),
    Place(
        "application data|unknown extension|stray bytes|.* that no decoder uses|data behind the .*",
        "every other extension; tails of extensions",
        "goes",
        "can be anything",
    ),
    Place(
        "behind the picture data|data after the end",
        "data behind a picture's last code, and behind the end",
        "goes",
        "can be anything",
    ),
)
