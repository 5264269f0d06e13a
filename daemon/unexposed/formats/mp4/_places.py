"""The places in a video of MP4's family, for docs/formats.md."""

from __future__ import annotations

from typing import Final

from unexposed.formats._places import Place

PLACES: Final = (
    Place(
        "pictures and sound", "samples of the tracks that stay", "stays", "the film, bit for bit"
    ),
    Place(
        "notes in the picture data",
        "SEI between the slices: encoders' settings, camcorders' notes, time codes, messages longer "
        "than they can be",
        "made plain",
        "overwritten by filler of the same size, so that no sample is moved within its track; what "
        "tells how to show the picture, and captions, stay",
    ),
    Place(
        "idle .*unit in the picture data",
        "units, and layers, that the decoder is not told of or passes over",
        "made plain",
        "overwritten by filler",
    ),
    Place(
        "file type|header of pictures and sound",
        "ftyp, headers of mdat",
        "made plain",
        "brands of makers and the version go; sizes are true",
    ),
    Place(
        "movie header|fragment header",
        "moov and moof: headers, descriptions, tables",
        "made plain",
        "written anew for the tracks that stay: no times, names, makers, user data or metadata; "
        "the way up, the language, the shape of a sphere and edits stay",
    ),
    Place(
        "samples of a .* track .*",
        "samples of every other track: places and sensors (camm, gpmd, mebx), time codes, "
        "subtitles, chapters, hints, pictures, what is not shown",
        "goes",
        "place, time, device; drones write their way into subtitles",
    ),
    Place(
        "meta box|user data|uuid box|event message|clock of the recorder",
        "meta, udta, uuid (XMP), emsg, prft beside the movie",
        "goes",
        "place, time, device, names, history",
    ),
    Place(
        "index of fragments",
        "sidx, ssix, mfra, styp",
        "goes",
        "places that are no longer true; players do without",
    ),
    Place(
        "video that is read but not cleaned",
        "a video that is encrypted, in an unknown codec, in several files, that an edit hides much "
        "of, or whose time stamps are a clock's",
        "goes",
        "it is reported and held back: export it anew first",
    ),
    Place("preview", "pnot, PICT", "goes", "may show what was cut off"),
    Place(
        "free space|box '.{4}'|data that no track points to|data after the end of the file",
        "free, skip, wide, every other box, gaps in mdat, what stands behind the end",
        "goes",
        "can be anything",
    ),
)
