"""HEIC and AVIF files, each with a secret in one hiding place."""

from __future__ import annotations

import struct
from collections.abc import Callable

from tests.builders import icc
from tests.builders.heif import (
    ALPHA,
    HEVC,
    Coding,
    File,
    Item,
    auxiliary,
    box,
    encoder_note,
    full,
    grid,
    grid_with_alpha,
    obu,
    with_alpha,
)
from tests.builders.webp import CANARY, private_tiff
from tests.builders.xmp import packet, sequence

GAIN_MAP = b"urn:com:apple:photo:2020:aux:hdrgainmap"
DEPTH = b"urn:mpeg:hevc:2015:auxid:2"
MATTE = b"urn:com:apple:photo:2018:aux:portraiteffectsmatte"
C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")


def _noted(coding: Coding, data: bytes) -> bytes:
    return (encoder_note(CANARY) if coding is HEVC else obu(5, b"\4" + CANARY)) + data


def _exif(data: bytes, offset: int = 0) -> Item:
    return Item(kind=b"Exif", data=struct.pack(">I", offset) + data, hidden=True)


def exif_item(coding: Coding) -> File:
    return coding.file(_exif(private_tiff(6)), references=((b"cdsc", 2, (1,)),))


def exif_item_with_prefix(coding: Coding) -> File:
    return coding.file(_exif(b"Exif\0\0" + private_tiff(), 6), references=((b"cdsc", 2, (1,)),))


def exif_item_that_describes_nothing(coding: Coding) -> File:
    return coding.file(_exif(private_tiff()))


def exif_item_in_the_list_of_items(coding: Coding) -> File:
    exif = _exif(private_tiff())
    exif.in_idat = True
    return coding.file(exif)


def exif_item_between_pieces_of_the_picture(coding: Coding) -> File:
    file = coding.file(_exif(private_tiff()), gap=CANARY)
    file.items[0].pieces = 3
    return file


def _xmp(creator: str) -> Item:
    data = packet(elements=sequence("dc:creator", creator))
    return Item(kind=b"mime", data=data, behind_name=b"application/rdf+xml\0", hidden=True)


def xmp_item(coding: Coding) -> File:
    return coding.file(_xmp(CANARY.decode()), references=((b"cdsc", 2, (1,)),))


def mime_item(coding: Coding) -> File:
    return coding.file(Item(kind=b"mime", data=CANARY, behind_name=b"text/plain\0"))


def uri_item(coding: Coding) -> File:
    return coding.file(Item(kind=b"uri ", data=CANARY, behind_name=b"urn:example:x\0"))


def unknown_item(coding: Coding) -> File:
    return coding.file(Item(kind=b"priv", data=CANARY))


def unknown_item_with_unprintable_type(coding: Coding) -> File:
    return coding.file(Item(kind=b"\xff\0\n\x1b", data=CANARY))


def thumbnail(coding: Coding) -> File:
    small = coding.item(seed=3, size=(64, 64))
    small.data = _noted(coding, small.data)
    return coding.file(small, references=((b"thmb", 2, (1,)),))


def thumbnail_in_jpeg(coding: Coding) -> File:
    small = Item(kind=b"jpeg", data=b"\xff\xd8\xff\xe0" + CANARY)
    return coding.file(small, references=((b"thmb", 2, (1,)),))


def _with_auxiliary(coding: Coding, role: bytes) -> File:
    item = auxiliary(coding, role, seed=4)
    item.data = _noted(coding, item.data)
    return coding.file(item, references=((b"auxl", 2, (1,)),))


def depth_map(coding: Coding) -> File:
    return _with_auxiliary(coding, DEPTH)


def apple_gain_map(coding: Coding) -> File:
    return _with_auxiliary(coding, GAIN_MAP)


def matte(coding: Coding) -> File:
    return _with_auxiliary(coding, MATTE)


def auxiliary_of_unknown_role(coding: Coding) -> File:
    item = auxiliary(coding, b"urn:" + CANARY, seed=4)
    return coding.file(item, references=((b"auxl", 2, (1,)),))


def tone_mapped_alternative(coding: Coding) -> File:
    gain = coding.item(seed=5)
    gain.data = _noted(coding, gain.data)
    mapped = Item(kind=b"tmap", data=b"\0" + CANARY, properties=gain.properties[:1])
    group = full(b"altr", 0, 0, struct.pack(">IIII", 77, 2, 3, 1))
    return coding.file(
        gain,
        mapped,
        references=((b"dimg", 3, (1, 2)),),
        in_meta=box(b"grpl", group),
        brands=(b"mif1", b"miaf", b"tmap"),
    )


def second_picture(coding: Coding) -> File:
    other = coding.item(seed=6)
    other.data = _noted(coding, other.data)
    return coding.file(other)


def second_grid(coding: Coding) -> File:
    file = grid(coding)
    first = coding.item(seed=9)
    first.data = _noted(coding, first.data)
    return File(
        brand=coding.brand,
        items=[*file.items, first, Item(kind=b"grid", data=bytes(8), in_idat=True)],
        primary=5,
        references=(*file.references, (b"dimg", 7, (6,))),
    )


def transparency_of_a_transparency(coding: Coding) -> File:
    return _with_more_transparency(coding, with_alpha(coding), 2)


def transparency_of_a_tile(coding: Coding) -> File:
    return _with_more_transparency(coding, grid_with_alpha(coding), 1)


def _with_more_transparency(coding: Coding, file: File, target: int) -> File:
    further = auxiliary(coding, ALPHA, seed=9)
    further.data = _noted(coding, further.data)
    file.items.append(further)
    file.references += ((b"auxl", len(file.items), (target,)),)
    return file


def gap_between_items(coding: Coding) -> File:
    return coding.file(_exif(private_tiff()), gap=CANARY)


def second_box_of_data(coding: Coding) -> File:
    return coding.file(behind=box(b"mdat", CANARY))


def free_box_of_the_file(coding: Coding) -> File:
    return coding.file(between=box(b"free", CANARY))


def free_box_in_the_list_of_items(coding: Coding) -> File:
    return coding.file(in_meta=box(b"free", CANARY))


def free_property(coding: Coding) -> File:
    return coding.file(unused_properties=(box(b"free", CANARY),))


def skip_box(coding: Coding) -> File:
    return coding.file(behind=box(b"skip", CANARY))


def uuid_box(coding: Coding) -> File:
    return coding.file(behind=box(b"uuid", bytes(range(16)), CANARY))


def uuid_box_in_the_list_of_items(coding: Coding) -> File:
    return coding.file(in_meta=box(b"uuid", bytes(range(16)), CANARY))


def uuid_of_xmp(coding: Coding) -> File:
    return coding.file(behind=box(b"uuid", XMP, CANARY))


def c2pa_box(coding: Coding) -> File:
    return coding.file(behind_type=box(b"uuid", C2PA, bytes(4), b"manifest\0", bytes(8), CANARY))


def user_data(coding: Coding) -> File:
    return coding.file(behind=box(b"udta", box(b"\xa9xyz", CANARY)))


def unknown_box(coding: Coding) -> File:
    return coding.file(between=box(b"priv", CANARY))


def moving_pictures(coding: Coding) -> File:
    return coding.file(behind=box(b"moov", box(b"udta", CANARY)))


def motion_photo(coding: Coding) -> File:
    return coding.file(behind=box(b"mpvd", box(b"ftyp", b"mp42", bytes(4)), CANARY))


def video_behind_the_end(coding: Coding) -> File:
    return coding.file(behind=box(b"ftyp", b"mp42", bytes(4)) + box(b"mdat", CANARY))


def bytes_behind_the_end(coding: Coding) -> File:
    return coding.file(behind=b"\xff\xd8\xff\xe0" + CANARY)


def few_bytes_behind_the_end(coding: Coding) -> File:
    return coding.file(behind=CANARY[:6])


def handler_name(coding: Coding) -> File:
    return coding.file(handler_name=CANARY)


def item_name(coding: Coding) -> File:
    file = coding.file()
    file.items[0].name = CANARY
    return file


def brand(coding: Coding) -> File:
    return coding.file(brands=(b"mif1", b"CANA", b"RY-0"))


def unknown_property(coding: Coding) -> File:
    file = coding.file()
    file.items[0].properties += (box(b"priv", CANARY),)
    return file


def sizes_of_layers_that_are_not_there(coding: Coding) -> File:
    file = coding.file()
    file.items[0].properties += (box(b"a1lx", b"\1", CANARY[:12]),)
    return file


def property_of_no_item(coding: Coding) -> File:
    return coding.file(unused_properties=(box(b"priv", CANARY),))


def description(coding: Coding) -> File:
    file = coding.file()
    file.items[0].properties += (full(b"udes", 0, 0, b"en\0", CANARY, b"\0\0\0"),)
    return file


def profile_with_text(coding: Coding) -> File:
    file = coding.file()
    profile = icc.of_a_monitor("monitor", CANARY.decode())
    file.items[0].properties += (box(b"colr", b"prof", profile),)
    return file


def unusable_profile(coding: Coding) -> File:
    file = coding.file()
    file.items[0].properties += (box(b"colr", b"rICC", CANARY),)
    return file


HIDING_PLACES: tuple[Callable[[Coding], File], ...] = (
    exif_item,
    exif_item_with_prefix,
    exif_item_that_describes_nothing,
    exif_item_in_the_list_of_items,
    exif_item_between_pieces_of_the_picture,
    xmp_item,
    mime_item,
    uri_item,
    unknown_item,
    unknown_item_with_unprintable_type,
    thumbnail,
    thumbnail_in_jpeg,
    depth_map,
    apple_gain_map,
    matte,
    auxiliary_of_unknown_role,
    tone_mapped_alternative,
    second_picture,
    second_grid,
    transparency_of_a_transparency,
    transparency_of_a_tile,
    gap_between_items,
    second_box_of_data,
    free_box_of_the_file,
    free_box_in_the_list_of_items,
    free_property,
    skip_box,
    uuid_box,
    uuid_box_in_the_list_of_items,
    uuid_of_xmp,
    c2pa_box,
    user_data,
    unknown_box,
    moving_pictures,
    motion_photo,
    video_behind_the_end,
    bytes_behind_the_end,
    few_bytes_behind_the_end,
    handler_name,
    item_name,
    brand,
    unknown_property,
    sizes_of_layers_that_are_not_there,
    property_of_no_item,
    description,
    profile_with_text,
    unusable_profile,
)
