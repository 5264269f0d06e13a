"""The places in a PNG, for docs/formats.md."""

from __future__ import annotations

from typing import Final

from unexposed.formats._places import Place

PLACES: Final = (
    Place("picture", "the compressed rows in IDAT and fdAT", "stays", "the picture, bit for bit"),
    Place(
        "signature|picture header|animation control",
        "signature, IHDR, acTL",
        "stays",
        "decoders need them",
    ),
    Place(
        "IDAT header|fdAT header|frame control|checksum|end",
        "chunk headers and checksums, fcTL, IEND",
        "made plain",
        "made true where data behind the picture was cut off",
    ),
    Place(
        "gAMA|cHRM|sRGB|cICP|sBIT|bKGD|mDCV|cLLI",
        "gAMA, cHRM, sRGB, cICP, sBIT, bKGD, mDCV, cLLI",
        "stays",
        "what the numbers mean as colours",
    ),
    Place("palette|transparency", "PLTE, tRNS", "made plain", "cut to the colours there can be"),
    Place("ICC profile", "ICC profile (iCCP)", "made plain", "same colours, no name or serial"),
    Place("EXIF", "an eXIf chunk that holds an orientation alone", "stays", "the way up"),
    Place(
        "EXIF|EXIF that no decoder uses",
        "eXIf",
        "goes",
        "place, time, device; an orientation comes back in a chunk of its own",
    ),
    Place(
        "text|text that no decoder uses",
        "tEXt, zTXt, iTXt (XMP among them)",
        "goes",
        "prompts, names, software; an orientation comes back as eXIf",
    ),
    Place("C2PA", "caBX", "goes", "who made it with what"),
    Place(
        "time|density|suggested palette|histogram|decoding hints|page size|position on a page"
        "|calibration|scale|stereo layout|ICC profile",
        "tIME, pHYs, sPLT, hIST, iDOT, vpAg, oFFs, pCAL, sCAL, sTER, profiles that no decoder heeds",
        "goes",
        "time, screen, program",
    ),
    Place(
        r"chunk '.{4}'|chunk behind the picture data|frame that is never shown",
        "every other chunk, and those above out of their place",
        "goes",
        "can be anything",
    ),
    Place(
        "data behind the picture data",
        "data behind the end of the compressed rows",
        "goes",
        "the picture from before it was cropped (CVE-2023-21036)",
    ),
    Place(
        r"data behind the (palette|transparency)|data in the end|data after the end",
        "tails of chunks, and whatever stands behind IEND",
        "goes",
        "can be anything",
    ),
)
