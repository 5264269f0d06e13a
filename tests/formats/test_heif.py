from __future__ import annotations

import mmap
import struct
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.builders import heif as files
from tests.builders import heif_places as places
from tests.builders import heif_silent as silent
from tests.builders.contract import clean, survives
from tests.builders.corpus import real_files
from tests.builders.damage import broken
from tests.builders.heif import (
    AV1,
    HEVC,
    Coding,
    File,
    Item,
    box,
    boxes_of,
    meta_of,
    properties_of,
    shown,
)
from tests.builders.oracle import told
from tests.builders.webp import CANARY, private_tiff
from unexposed.formats import Role, avif, heif, sniff
from unexposed.formats.heif import _layout
from unexposed.formats.heif import _write as module
from unexposed.formats.heif._picture import Picture
from unexposed.formats.heif._write import Place
from unexposed.metadata import icc, read

Builder = Callable[[Coding], File]

HANDLERS = {HEVC: heif, AV1: avif}
CODINGS = pytest.mark.parametrize("coding", HANDLERS, ids=("heic", "avif"))

LARGER: dict[Builder, Builder] = {
    places.second_grid: files.grid,
    places.transparency_of_a_transparency: files.with_alpha,
    places.transparency_of_a_tile: files.grid_with_alpha,
}
"""Hiding places beside another picture than the simple one: which."""

STRUCTURE_TAGS = {"Meta:MetaImageSize", "Meta:PrimaryItemReference"} | {
    f"QuickTime:{tag}"
    for tag in (
        "AV1ConfigurationVersion",
        "AuxiliaryImageType",
        "AverageFrameRate",
        "BitDepthChroma",
        "BitDepthLuma",
        "ChromaFormat",
        "ChromaSamplePosition",
        "ColorPrimaries",
        "ColorProfiles",
        "CompatibleBrands",
        "ConstantFrameRate",
        "ConstraintIndicatorFlags",
        "GenProfileCompatibilityFlags",
        "GeneralLevelIDC",
        "GeneralProfileIDC",
        "GeneralProfileSpace",
        "GeneralTierFlag",
        "HEVCConfigurationVersion",
        "HandlerType",
        "HighBitDepth",
        "ImagePixelDepth",
        "ImageSpatialExtent",
        "InitialDelaySamples",
        "MajorBrand",
        "MatrixCoefficients",
        "MediaData",
        "MediaDataOffset",
        "MediaDataSize",
        "MinSpatialSegmentationIDC",
        "MinorVersion",
        "NumTemporalLayers",
        "ParallelismType",
        "PixelAspectRatio",
        "Rotation",
        "SeqLevelIdx0",
        "SeqProfile",
        "SeqTier0",
        "TemporalIDNested",
        "TransferCharacteristics",
        "TwelveBit",
        "Unknown_clli",
        "Unknown_imir",
        "Unknown_prem",
    )
}


@CODINGS
@pytest.mark.parametrize("build", files.CLEAN_PICTURES)
def test_a_picture_looks_the_same_however_its_file_is_laid_out(
    build: Builder, coding: Coding
) -> None:
    source = build(coding).build()
    assert shown(clean(source, HANDLERS[coding])) == shown(source)


@CODINGS
@pytest.mark.parametrize("build", places.HIDING_PLACES)
def test_what_is_hidden_does_not_survive_and_the_picture_does(
    build: Builder, coding: Coding
) -> None:
    source = build(coding).build()
    assert CANARY[:4] in source
    copy = clean(source, HANDLERS[coding])
    assert CANARY[:4] not in copy
    picture = LARGER.get(build, files.simple)
    assert shown(copy) == shown(picture(coding).build())


@CODINGS
@pytest.mark.parametrize("build", silent.SILENT_PLACES)
def test_bits_and_tails_that_mean_nothing_do_not_survive(build: Builder, coding: Coding) -> None:
    source = build(coding).build()
    copy = clean(source, HANDLERS[coding])
    assert CANARY[:4] not in copy
    assert shown(copy) == shown(source)


@CODINGS
@pytest.mark.parametrize("build", places.HIDING_PLACES)
def test_what_is_hidden_is_handed_to_the_readers(build: Builder, coding: Coding) -> None:
    source = build(coding).build()
    container = HANDLERS[coding]
    blocks = container.blocks(source, container.dissect(source))
    told_of = [block.payload + block.label.encode() for block in blocks]
    assert any(CANARY[:4] in one for one in told_of) or build is places.thumbnail
    assert all(block.where for block in blocks)
    assert [finding for block in blocks for finding in read(block)]


def told_by(file: File, container: object = heif) -> list[tuple[str, str, str]]:
    source = file.build()
    found = heif.blocks(source, heif.dissect(source))
    return [(block.language, block.where, block.label) for block in found]


def test_blocks_say_what_language_they_are_in_and_where_they_stood() -> None:
    assert told_by(files.simple(HEVC)) == []
    assert told_by(places.exif_item(HEVC)) == [("exif", "EXIF", "")]
    assert told_by(places.xmp_item(HEVC)) == [("xmp", "XMP", "")]
    assert told_by(places.uuid_of_xmp(HEVC)) == [("xmp", "XMP", "")]
    assert told_by(places.c2pa_box(HEVC)) == [("c2pa", "C2PA", "")]
    assert told_by(places.uri_item(HEVC)) == [("unknown", "item 'uri'", "urn:example:x")]
    assert told_by(places.depth_map(HEVC)) == [("depth", "depth map", "80 by 64 pixels")]
    assert told_by(places.apple_gain_map(HEVC)) == [("gain_map", "gain map", "80 by 64 pixels")]
    assert told_by(places.matte(HEVC)) == [
        ("second_picture", "auxiliary picture", "portraiteffectsmatte, 80 by 64 pixels")
    ]
    assert told_by(places.second_picture(HEVC)) == [
        ("second_picture", "further picture", "80 by 64 pixels")
    ]
    assert told_by(places.thumbnail(HEVC)) == [("thumbnail", "thumbnail", "64 by 64 pixels")]
    assert told_by(places.profile_with_text(HEVC)) == [("icc", "ICC profile", "")]
    assert told_by(places.moving_pictures(HEVC)) == [("video", "box 'moov'", "")]
    assert told_by(places.user_data(HEVC)) == [("unknown", "box 'udta'", "udta")]
    assert told_by(places.handler_name(HEVC)) == [("comment", "handler name", "")]
    assert told_by(places.brand(HEVC)) == [
        ("unknown", "file type", "CANA"),
        ("unknown", "file type", "RY-0"),
    ]
    where = "after the end of the picture"
    assert told_by(places.bytes_behind_the_end(HEVC)) == [("trailer", where, "jpeg")]
    assert told_by(places.video_behind_the_end(HEVC)) == [("trailer", where, "mp4")]


def test_the_pieces_of_a_gain_map_count_as_one() -> None:
    assert told_by(places.tone_mapped_alternative(HEVC)) == [
        ("notes", "box 'grpl'", "how its pictures belong together"),
        ("gain_map", "gain map", "80 by 64 pixels"),
    ]


def test_a_piece_that_is_named_often_is_counted_once() -> None:
    file = places.tone_mapped_alternative(HEVC)
    gain, mapped = file.items[1:]
    file.references = ((b"dimg", 3, (1, *[2] * 500)),)
    source = file.build()
    sizes = [block.size for block in heif.blocks(source, heif.dissect(source))]
    assert len(gain.data) + len(mapped.data) in sizes


def test_names_and_space_that_every_program_leaves_are_passed_over() -> None:
    file = files.simple(HEVC)
    file.items[0].name, file.handler_name = b"HEVC Image", b"PictureHandler"
    file.between, file.in_meta = box(b"free", bytes(64)), box(b"dinf", bytes(28))
    assert told_by(file) == []


@CODINGS
def test_the_exif_block_is_handed_out_without_what_precedes_it(coding: Coding) -> None:
    for build in (places.exif_item_with_prefix, places.exif_item_that_describes_nothing):
        source = build(coding).build()
        container = HANDLERS[coding]
        assert container.blocks(source, container.dissect(source))[0].payload == private_tiff()


@CODINGS
def test_a_thumbnail_is_handed_out_as_a_file_that_shows_it(coding: Coding) -> None:
    source = places.thumbnail(coding).build()
    container = HANDLERS[coding]
    (block,) = container.blocks(source, container.dissect(source))
    small = File(brand=coding.brand, items=[coding.item(seed=3, size=(64, 64))])
    assert CANARY[:4] not in block.payload
    assert shown(block.payload) == shown(small.build())
    (finding,) = read(block)
    assert finding.value.startswith("64 by 64 pixels")


@CODINGS
def test_the_copy_holds_the_same_boxes_in_the_same_order_whatever_the_source_had(
    coding: Coding,
) -> None:
    copies = {
        clean(build(coding).build(), HANDLERS[coding])
        for build in places.HIDING_PLACES
        if build not in (*LARGER, places.brand, places.profile_with_text)
    }
    assert len(copies) == 1
    (copy,) = copies
    assert [*boxes_of(copy)] == [b"ftyp", b"meta", b"mdat"]
    assert [*meta_of(copy)] == [b"hdlr", b"pitm", b"iloc", b"iinf", b"iprp"]
    assert boxes_of(copy)[b"ftyp"] == coding.brand + bytes(4) + coding.brand + b"mif1miaf"


def test_an_item_without_bytes_that_turns_another_stays() -> None:
    source = files.same_again(HEVC).build()
    copy = clean(source, heif)
    assert shown(copy)[0] == shown(source)[0][::-1] or shown(copy) == shown(source)
    assert b"iden" in copy


def test_items_are_numbered_from_one_on() -> None:
    exif, picture = Item(kind=b"Exif", data=private_tiff()), HEVC.item()
    source = File(brand=b"heic", items=[exif, picture], primary=2).build()
    assert meta_of(clean(source, heif))[b"pitm"] == struct.pack(">IH", 0, 1)


@CODINGS
def test_the_orientation_stays_and_the_exif_one_does_not_begin_to_count(coding: Coding) -> None:
    file = files.turned(coding)
    file.items.append(Item(kind=b"Exif", data=bytes(4) + private_tiff(3)))
    source = file.build()
    copy = clean(source, HANDLERS[coding])
    assert shown(copy) == shown(source)
    assert properties_of(copy)[b"irot"] == b"\1"
    assert properties_of(copy)[b"imir"] == b"\1"


def test_a_profile_is_made_plain() -> None:
    source = places.profile_with_text(HEVC).build()
    profile = properties_of(source)[b"colr"][4:]
    assert properties_of(clean(source, heif))[b"colr"] == b"prof" + icc.plain(profile)


def test_the_colours_that_are_given_by_numbers_stay() -> None:
    source = files.with_colours(HEVC).build()
    theirs, ours = properties_of(source), properties_of(clean(source, heif))
    for kind in (b"colr", b"clli", b"pasp", b"ispe", b"pixi"):
        assert ours[kind] == theirs[kind]


def test_properties_are_numbered_anew_behind_one_that_goes() -> None:
    file = files.turned(HEVC)
    file.items[0].properties = (box(b"priv", CANARY), *file.items[0].properties)
    copy = clean(file.build(), heif)
    assert [*properties_of(copy)] == [b"ispe", b"pixi", b"hvcC", b"irot", b"imir"]
    assert shown(copy) == shown(files.turned(HEVC).build())


def test_a_grid_keeps_its_measures_and_nothing_behind_them() -> None:
    plain = clean(files.grid(HEVC).build(), heif)
    for in_idat in (True, False):
        source = files.grid(HEVC, in_idat=in_idat, tail=CANARY, flags=0xFE).build()
        copy = clean(source, heif)
        assert CANARY[:4] not in copy
        assert shown(copy) == shown(plain)


def test_the_places_of_many_pieces_are_joined() -> None:
    copy = clean(files.scattered(HEVC).build(), heif)
    assert copy == clean(files.simple(HEVC).build(), heif)


def test_wide_places_are_written_where_narrow_ones_do_not_reach(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("unexposed.formats.heif._layout._MAX_NARROW", 100)
    source = files.with_alpha(HEVC).build()
    copy = clean(source, heif)
    assert meta_of(copy)[b"iloc"][4] == 0x88
    assert shown(copy) == shown(source)


def test_a_large_box_of_data_may_have_a_long_header_or_run_to_the_end() -> None:
    source = files.simple(HEVC).build()
    at = source.index(b"mdat") - 4
    endless = source[:at] + bytes(4) + source[at + 4 :]
    assert clean(endless, heif) == clean(source, heif)
    long = files.simple(HEVC)
    data = long.build()
    wide = data[at + 8 :]
    header = struct.pack(">I4sQ", 1, b"mdat", 16 + len(wide))
    moved = data[:at].replace(struct.pack(">I", at + 8), struct.pack(">I", at + 16))
    assert clean(moved + header + wide, heif) == clean(source, heif)


@CODINGS
def test_where_a_copy_ends_beyond_4_gib_its_places_take_eight_bytes(
    monkeypatch: pytest.MonkeyPatch, coding: Coding
) -> None:
    handler, source = HANDLERS[coding], files.with_alpha(coding).build()
    widths = set()

    def make_meta(picture: Picture, places: Sequence[Sequence[Place]], wide: int, at: int) -> bytes:
        widths.add(wide)
        return module.make_meta(picture, places, wide, at)

    with monkeypatch.context() as patch:
        patch.setattr(_layout, "_MAX_NARROW", 100)
        patch.setattr(_layout, "make_meta", make_meta)
        copy = clean(source, handler)
    assert widths == {8}
    assert copy[copy.index(b"iloc") + 8] == 0x88
    assert clean(copy, handler) == clean(source, handler)


def test_a_mapped_file_is_read_as_bytes_are(tmp_path: Path) -> None:
    path = tmp_path / "picture.heic"
    path.write_bytes(places.exif_item_between_pieces_of_the_picture(HEVC).build())
    with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, prot=mmap.PROT_READ) as mapped:
        assert clean(mapped, heif) == clean(files.simple(HEVC).build(), heif)


def test_it_is_found_by_its_brands() -> None:
    def begun(major: bytes, *others: bytes) -> bytes:
        return box(b"ftyp", major, bytes(4), *others).ljust(64, b"\0")[:64]

    for major in (b"heic", b"heix", b"hevc", b"mif1", b"msf1"):
        assert sniff(begun(major, b"mif1", b"heic")) is heif
    for major in (b"avif", b"avis", b"mif1", b"msf1"):
        assert sniff(begun(major, b"mif1", b"avif")) is avif
    for head in (begun(b"mp42", b"isom"), begun(b"crx "), b"", b"ftypheic", bytes(4) + b"ftypheic"):
        assert not heif.sniff(head)
        assert not avif.sniff(head)


SAMPLES = [
    build(coding).build()
    for coding in HANDLERS
    for build in (*files.CLEAN_PICTURES, *places.HIDING_PLACES, *silent.SILENT_PLACES)
]


@settings(max_examples=400, deadline=None)
@given(broken(SAMPLES, b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x60meta\0\0\0\0"))
def test_whatever_arrives_is_cleaned_for_good_or_held_back(data: bytes) -> None:
    survives(data, heif)


@CODINGS
def test_exiftool_finds_nothing_but_structure_in_the_copies(coding: Coding, tmp_path: Path) -> None:
    builders = (*files.CLEAN_PICTURES, *places.HIDING_PLACES, *silent.SILENT_PLACES)
    copies = [
        clean(build(coding).build(), HANDLERS[coding])
        for build in builders
        if build is not places.profile_with_text
    ]
    assert told(copies, tmp_path) <= STRUCTURE_TAGS


HELD = {
    "heic__NegativeArraySizeException.ItemInfoBox.init.heif",
    "heic__NullPointerException.HeifPictureHandler.processBox.heif",
}
"""Files that were damaged on purpose."""


@pytest.mark.parametrize("path", real_files(".heic", ".heif", ".avif"))
def test_real_files_are_cleaned_and_look_the_same(path: Path, tmp_path: Path) -> None:
    source = path.read_bytes()
    container = sniff(source[:64])
    if path.name in HELD:
        assert not survives(source, container)
        return
    copy = clean(source, container)
    assert Role.PICTURE in {part.role for part in container.dissect(copy)}
    assert shown(copy) == shown(source)
    tags = {tag for tag in told([copy], tmp_path) if not tag.startswith("ICC")}
    assert tags <= STRUCTURE_TAGS
