"""The places in a HEIC or AVIF, for docs/formats.md."""

from __future__ import annotations

from typing import Final

from unexposed.formats._places import Place

PLACES: Final = (
    Place("picture", "the coded pictures: tiles and alpha", "stays", "the picture, bit for bit"),
    Place(
        "grid|header of the data",
        "how tiles make a picture; headers of mdat",
        "made plain",
        "decoders need them",
    ),
    Place(
        "file type|list of items|rest of the list of items",
        "ftyp and meta: brands, items, places, properties",
        "made plain",
        "written anew for the picture alone; names are empty, a colour profile is made plain, "
        "irot and imir keep the way up",
    ),
    Place(
        "movie header",
        "moov, where it is an animation",
        "made plain",
        "written anew for the pictures and their transparency alone: times, names, user data and "
        "further tracks go",
    ),
    Place(
        "notes in the picture data|idle HEVC unit in the picture data"
        "|idle AV1 unit in the picture data",
        "notes in the pictures of an animation",
        "made plain",
        "overwritten by filler of the same size, so that no picture changes its size",
    ),
    Place(
        "samples of a .*",
        "other tracks of an animation: sound, thumbnails, metadata",
        "goes",
        "not needed to show it",
    ),
    Place("EXIF|XMP", "Exif and XMP items", "goes", "place, time, device, serials, names, history"),
    Place("thumbnail", "thumbnails", "goes", "may show what was cut off"),
    Place(
        "depth map|gain map|auxiliary picture|further picture",
        "depth and gain maps, mattes, further pictures",
        "goes",
        "another picture",
    ),
    Place(
        "SEI|delimiter|filler data|another layer|reserved unit|repeated parameter set|metadata OBU"
        "|temporal delimiter|padding OBU|reserved OBU|repeated header",
        "units between the coded data: SEI, delimiters, filler, metadata OBUs",
        "goes",
        "decoders pass over them; encoders sign there",
    ),
    Place(
        "item '.*'|box '.*'|data that no item uses|data after the end of the file",
        "every other item and box (free, udta, uuid, the film of a still, a motion photo), gaps, and what stands "
        "behind the end",
        "goes",
        "can be anything",
    ),
)
