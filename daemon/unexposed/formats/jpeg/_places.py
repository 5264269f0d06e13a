"""The places in a JPEG, for docs/formats.md."""

from __future__ import annotations

from typing import Final

from unexposed.formats._places import Place

PLACES: Final = (
    Place(
        "scan",
        "scans, with their restart markers",
        "stays",
        "the picture, bit for bit; a file is held back where one scan replaces another",
    ),
    Place("SOI|EOI|DNL", "start, end, number of lines", "stays", "decoders need them"),
    Place(
        "SOF.|SOF1.|SOS|DQT|DHT|DAC|DRI",
        "frame and scan headers, tables",
        "made plain",
        "decoders need them; tables that no scan uses, bytes behind tables and idle numbers go",
    ),
    Place("JFIF", "JFIF header", "made plain", "it says what the colours are; the density goes"),
    Place("Adobe", "Adobe segment (APP14)", "made plain", "the colour transform stays, alone"),
    Place(
        "ICC profile", "ICC profile (APP2)", "made plain", "same colours, no text, date or serial"
    ),
    Place("EXIF", "an Exif block that holds an orientation alone", "stays", "the way up"),
    Place(
        "EXIF",
        "Exif (APP1), with GPS, maker notes and thumbnail",
        "goes",
        "place, time, device, serials, owner; an orientation comes back in a block of its own",
    ),
    Place("XMP|extended XMP", "XMP and extended XMP (APP1)", "goes", "names, history, depth map"),
    Place("Photoshop", "Photoshop resources and IPTC (APP13)", "goes", "caption, by-line, contact"),
    Place("C2PA", "JUMBF and C2PA (APP11)", "goes", "who made it with what, account, prompt"),
    Place("MPF", "index of further pictures (APP2)", "goes", "the pictures go as well"),
    Place(
        "JFIF thumbnail|JFXX thumbnail", "thumbnails of JFIF", "goes", "may show what was cut off"
    ),
    Place("comment", "comments, wherever they stand", "goes", "can be anything"),
    Place(
        r"APP\d+|JFIF|Adobe|ICC profile",
        "any other APP segment, and those above where no decoder heeds them",
        "goes",
        "can be anything",
    ),
    Place(
        r"stray bytes|data behind \w+|\w+ that no scan uses|DNL out of place|\w+ without content",
        "bytes outside of segments and behind markers out of turn, fill bytes, tails, idle tables",
        "goes",
        "decoders pass over them",
    ),
    Place(
        r"picture after the end|video after the end|Samsung data after the end"
        r"|zip archive after the end|data after the end",
        "whatever stands behind the end",
        "goes",
        "a second picture, a motion photo, a depth map, device data, an archive",
    ),
)
