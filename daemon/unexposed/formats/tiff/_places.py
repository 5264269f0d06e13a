"""The places in a TIFF, for docs/formats.md."""

from __future__ import annotations

from typing import Final

from unexposed.formats._places import Place

UNCLEANED: Final = "a file that is only reported"

PLACES: Final = (
    Place("picture|scan", "strips and tiles of all pages", "stays", "the picture, bit for bit"),
    Place(
        "header|directory|values",
        "header, directories, and the values that the picture needs",
        "made plain",
        "written anew for the picture alone; of the resolution only the shape of pixels stays, "
        "and fractions become less exact",
    ),
    Place(
        "SOI|EOI|SOS|SOF\\d+|DQT|DHT|DAC|DRI|Adobe",
        "headers and tables of JPEGs in strips and tiles",
        "made plain",
        "decoders need them; a table that nothing uses is cut out",
    ),
    Place("ICC profile", "ICC profile", "made plain", "same colours, no text, date or serial"),
    Place(
        "EXIF|GPS",
        "Exif, GPS and interoperability directories",
        "goes",
        "place, time, device, serials, owner",
    ),
    Place(
        "XMP|IPTC|Photoshop|Photoshop layers",
        "XMP, IPTC, Photoshop's resources and layers",
        "goes",
        "names, history, caption, what layers cover",
    ),
    Place(
        "DocumentName|ImageDescription|Make|Model|PageName|Software|DateTime|Artist|HostComputer"
        "|InkNames|Copyright|tag \\d+|values|ICC profile",
        "every other tag, and a profile that cannot be used",
        "goes",
        "person, device, program, computer, place; can be anything",
    ),
    Place(
        "thumbnail",
        "pages that are smaller copies of others, sub-directories, a small JPEG beside a page",
        "goes",
        "may show what was cut off",
    ),
    Place(
        "JPEG .*|data behind .*|.* without content",
        "comments, APP segments and stray bytes in strips and tiles",
        "goes",
        "can be anything",
    ),
    Place(
        "bytes that nothing points to|padding|data after the end",
        "bytes that no tag points to: gaps, abandoned directories, data behind a strip or the end",
        "goes",
        "can be anything",
    ),
    Place(
        UNCLEANED,
        "camera raw (DNG, NEF, CR2, ARW), files whose first page is a small copy, outdated JPEG, "
        "Zstandard where Python cannot read it (before 3.14)",
        "goes",
        "it is reported and held back: export it first",
    ),
)
