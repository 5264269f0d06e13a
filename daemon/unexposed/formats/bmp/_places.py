"""The places in a BMP, for docs/formats.md."""

from __future__ import annotations

from typing import Final

from unexposed.formats._places import Place

PLACES: Final = (
    Place(
        "picture", "pixels of each row, or run-length codes", "stays", "the picture, bit for bit"
    ),
    Place("colour masks", "colour masks behind the header", "stays", "decoders need them"),
    Place(
        "header",
        "headers",
        "made plain",
        "sizes are made true; density, reserved fields and what nobody uses become zero, "
        "calibrated colours less exact",
    ),
    Place(
        "palette",
        "palette",
        "made plain",
        "the unused byte of each colour becomes zero; colours that no pixel has stay",
    ),
    Place(
        "end of a row",
        "what fills up a row to a multiple of four bytes",
        "made plain",
        "becomes zero: programs leave there what was in their memory",
    ),
    Place("ICC profile", "embedded profile", "made plain", "same colours, no text, date or serial"),
    Place("path of a profile", "linked profile", "goes", "a folder on somebody's computer"),
    Place(
        "ICC profile|bytes that nothing points to|padding|data after the end",
        "gaps, colours beyond those that are counted, a profile that cannot be used, what stands behind the end",
        "goes",
        "can be anything",
    ),
)
