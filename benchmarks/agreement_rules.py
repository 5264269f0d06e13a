"""What is compared with ExifTool, when two values are the same, and why the two may differ."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from unexposed.metadata.times import moment

Same = Callable[[str, str], bool]


class Row(msgspec.Struct, frozen=True):
    """A kind of finding, the tags by which ExifTool tells of it, and when two values are the same.

    Without `same` only files are compared: the values are sizes and the like.
    """

    kind: str
    tags: re.Pattern[str]
    same: Same | None = None


class Rule(msgspec.Struct, frozen=True):
    """Why the two may differ: for which kinds, and in which tag, place or value that shows."""

    kinds: str
    shown: re.Pattern[str]
    sentence: str
    files: re.Pattern[str] = re.compile("")
    """What the names of the files hold that it is about."""


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w.@]+", " ", text.casefold()).split())


def _same_text(ours: str, theirs: str) -> bool:
    """Compare texts by their words: spacing and marks may differ, and long ones are cut."""
    mine, other = _plain(ours), _plain(theirs)
    return mine == other or (len(mine) > 60 and other.startswith(mine[:60]))


def _same_model(ours: str, theirs: str) -> bool:
    """Compare models: ours has the maker before it, which ExifTool tells apart."""
    mine, other = f" {_plain(ours)} ", f" {_plain(theirs)} "
    return mine.endswith(other) or mine.startswith(other)


def _same_part(ours: str, theirs: str) -> bool:
    """Compare texts of which either may hold the other."""
    mine, other = _plain(ours), _plain(theirs)
    return mine in other or other in mine


def _same_number(ours: str, theirs: str) -> bool:
    """Compare serial numbers by their letters and digits, without zeros before them."""
    # ExifTool takes Panasonic's numbers apart: "(S04) 2004:08:08 no. 0427".
    theirs = re.sub(r"\((\w+)\) \d\d(\d\d):(\d\d):(\d\d) no\. (\d+)", r"\1\2\3\4\5", theirs)
    mine, other = (
        re.sub(r"^no(?=\W)|\W", "", one.casefold()).lstrip("0") for one in (ours, theirs)
    )
    return mine == other


def _same_moment(ours: str, theirs: str) -> bool:
    """Compare times up to the seconds, or as far as either says them."""
    mine, other = (moment(one.replace("T", " ")).replace(":", "-")[:19] for one in (ours, theirs))
    return mine.startswith(other[:16]) or other.startswith(mine)


def _same_place(ours: str, theirs: str) -> bool:
    """Compare degrees to about two metres; a side that is not told is none that differs."""
    pairs = zip(ours.split(", "), theirs.split(", "), strict=False)
    return all(
        abs(float(mine.partition(" ")[0]) - float(other.partition(" ")[0])) < 2e-5
        for mine, other in pairs
    )


GPS = "GPS position"
"""What the pairs are called that are made of ExifTool's coordinates."""

ROWS = (
    Row("location.gps", re.compile(GPS), _same_place),
    Row(
        "time.taken",
        re.compile(
            r"(?!Composite).*:(DateTimeOriginal|DateCreated|DigitalCreationDate|CreationTime)$"
            r"|(QuickTime|Track\d+|XMP-xmp|PNG.*):(Media|Track)?CreateDate$|.*:GPSDateTime$"
            r"|XMP-exif:GPSDateTime$|Ricoh:RicohDate$|GPS:GPSDateStamp$"
        ),
        _same_moment,
    ),
    Row(
        "device.model",
        re.compile(
            r"(?!Composite|ICC).*:(Make|Model|CameraModel|UniqueCameraModel|CameraID)$|PictureInfo:(CameraType|ID)$"
        ),
        _same_model,
    ),
    Row(
        "device.serial",
        re.compile(r"(?!Composite).*:(?!Lens|Extender|Filter)\w*SerialNumber$"),
        _same_number,
    ),
    Row(
        "device.software",
        re.compile(
            r"(?!Composite).*:(Software(-\w+)?|CreatorTool|ProcessingSoftware|FirmwareVersion"
            r"|CanonFirmwareVersion|OriginatingProgram|AndroidVersion|CreatorSoftware|CameraSoftware|Encoder|XMPToolkit|WriterName"
            r"|ReaderName|CompressorName|HostSoftware\w*|Firmware)$|PictureInfo:Version$|CBOR:Claim_generator$"
        ),
        _same_part,
    ),
    Row(
        "person.author",
        re.compile(
            r"(?!Composite|ICC).*:(Artist|XPAuthor|Creator|By-line|Author|Photographer)(-\w+)?$"
        ),
        _same_part,
    ),
    Row(
        "person.credit",
        re.compile(r"(XMP-photoshop|IPTC):(Credit|Source)$|XMP-dc:Publisher$"),
        _same_part,
    ),
    Row(
        "person.role",
        re.compile(r"XMP-photoshop:AuthorsPosition$|IPTC:By-lineTitle$"),
        _same_part,
    ),
    Row(
        "person.named",
        re.compile(
            r"XMP-photoshop:CaptionWriter$|IPTC:Writer-Editor$|XMP-dc:Contributor$"
            r"|XMP-iptcExt:PersonInImage$|XMP.*:(RegionName|RegionPersonDisplayName)$"
        ),
        _same_part,
    ),
    Row(
        "content.thumbnail",
        re.compile(r".*:(ThumbnailImage|PhotoshopThumbnail|PreviewImage|ThumbnailTIFF)$"),
    ),
    Row(
        "content.second_picture",
        re.compile(r".*:(MPImage(?!1)\d*|OtherImage|JpgFromRaw|EmbeddedImage|EmbeddedPNG)$"),
    ),
    Row("provenance.c2pa", re.compile(r"(JUMBF|C2PA).*|.*:JUMD\w+$")),
    Row(
        "provenance.prompt",
        re.compile(r"PNG.*:(Parameters|Prompt|Workflow|Dream|Invokeai\w*|Sd-metadata)(-\w+)?$"),
    ),
    Row("provenance.ai_generated", re.compile(r"XMP-iptcExt:DigitalSourceType$")),
)

RULES: tuple[Rule, ...] = tuple(
    Rule(kinds, re.compile(shown), sentence, re.compile("".join(files)))
    for kinds, shown, sentence, *files in (
        (
            "location.gps",
            r"^ExifTool GPS position = -?0\.0+, -?0\.0+$",
            "0, 0 is what devices write that know no place; it is told as a position left blank",
        ),
        (
            "time.taken",
            r"^ExifTool XMP-xmp:CreateDate",
            "XMP's CreateDate is Exif's DateTimeDigitized (XMP part 2): told as time.digitised",
        ),
        (
            "device.model",
            r"^ExifTool IFD\d:Make = (NIKON|(?i:EASTMAN KODAK)|PENTAX)",
            "a model that begins with its maker's name is told without the maker's longer one",
        ),
        (
            "device.model",
            r"^(ExifTool|unexposed) .* = (WWL )?ION230",
            "ExifTool stops at a text's first NUL; what stands behind it is told here",
        ),
        (
            "device.model",
            r"^unexposed EXIF = CANARY",
            "made files with Exif where ExifTool does not look: in frames, unlisted items, open boxes",
        ),
        (
            "device.software",
            r"^ExifTool Nikon:FirmwareVersion",
            "it stands in the part of Nikon's notes that is enciphered, which is not read here",
        ),
        (
            "device.software",
            r"^ExifTool Track\d+:CompressorName = H\.264$",
            "a compressor's name that says no more than the codec is not told",
        ),
        (
            "device.software",
            r"^unexposed (picture data \(SEI\)|track \d+ co)",
            "ExifTool reads neither coded pictures nor a decoder's settings in videos",
        ),
        (
            "device.software",
            r"^unexposed TIFF = Program$",
            "the made file has the same tag twice, of which ExifTool's JSON has the last alone",
        ),
        (
            "device.software",
            r"^unexposed JPEG comment",
            "a comment that names the program is told as software; ExifTool says Comment",
        ),
        (
            "device.serial",
            r"^ExifTool IFD0:SerialNumber = \d{4}$",
            "a made file's private tag that points at a directory, which is no number of a camera",
        ),
        (
            "person.author|device.model",
            r"(UserData:Author|movie user data auth|MakerNote label) = (FLIR One|HC500 HYPERFIRE)$",
            "a camera's name where the author's or a label stands: told as the device",
        ),
        (
            "person.author",
            r"^unexposed SVG metadata",
            "ExifTool reads no Dublin Core in SVG outside of RDF",
        ),
        (
            "person.author",
            r"^unexposed XMP",
            "ExifTool does not read what is in a compressed SVG",
            r"\.svgz$",
        ),
        (
            "content.thumbnail",
            r"^unexposed (EXIF|TIFF) thumbnail",
            "ExifTool 12.57 names no small picture that is not encoded as JPEG",
        ),
        (
            "content.thumbnail",
            r"^unexposed thumbnail = ",
            "ExifTool 12.57 does not read the pictures of HEIC and AVIF one by one",
        ),
        (
            "content.thumbnail",
            r"^ExifTool IFD0:PreviewImage = \(Binary data \d\d bytes",
            "ExifTool takes a piece of the page's own JPEG data in made files for a preview",
        ),
        (
            "content.thumbnail",
            r"^ExifTool IFD\d:ThumbnailImage",
            "in a TIFF this is the page itself, kept in the old kind of JPEG",
            r"^tif__ImageTestSuite",
        ),
        (
            "content.second_picture",
            r"^ExifTool IFD\d:(OtherImage|JpgFromRaw)",
            "in a TIFF this is the page itself, kept as JPEG; further pages are content.pages",
        ),
        (
            "content.second_picture",
            r"^unexposed (MPF|after the end|TIFF Photoshop|XMP|pict track|auxiliary|further picture)",
            "ExifTool 12.57 names no picture behind the end, in layers, tracks, items or long XMP",
        ),
        (
            "provenance.c2pa",
            r"^unexposed (C2PA|JUMBF) = \d\d bytes$",
            "a made file's box that says C2PA on the outside and holds no JUMBF",
        ),
        (
            "provenance.ai_generated",
            r"^unexposed PNG text",
            "a prompt in a PNG says that a generator made it: ExifTool draws no conclusions",
        ),
    )
)
"""Differences that are no mistake of either's, or a mistake of ExifTool's, and why."""
