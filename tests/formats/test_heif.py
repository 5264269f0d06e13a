from __future__ import annotations

import mmap
import struct
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings

from tests.builders import heif as files
from tests.builders.contract import clean, survives
from tests.builders.corpus import real_files
from tests.builders.damage import broken
from tests.builders.heif import AV1, CANARY, HEVC, Coding, File, Item, box, full, shown
from tests.builders.oracle import told
from tests.builders.webp import private_tiff
from unexposed.errors import Held, Malformed
from unexposed.formats import Role, avif, heif, sniff
from unexposed.metadata import icc, read

Builder = Callable[[Coding], File]

HANDLERS = {HEVC: heif, AV1: avif}
CODINGS = pytest.mark.parametrize("coding", HANDLERS, ids=("heic", "avif"))

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


def boxes_of(data: bytes, start: int = 0, end: int | None = None) -> dict[bytes, bytes]:
    """The boxes of a well-formed file: types and payloads."""
    found = {}
    end = len(data) if end is None else end
    while start < end:
        size = int.from_bytes(data[start : start + 4])
        found[data[start + 4 : start + 8]] = data[start + 8 : start + size]
        start += size
    return found


def meta_of(data: bytes) -> dict[bytes, bytes]:
    return boxes_of(boxes_of(data)[b"meta"][4:])


def properties_of(data: bytes) -> dict[bytes, bytes]:
    return boxes_of(boxes_of(meta_of(data)[b"iprp"])[b"ipco"])


@CODINGS
@pytest.mark.parametrize("build", files.CLEAN_PICTURES)
def test_a_picture_looks_the_same_however_its_file_is_laid_out(
    build: Builder, coding: Coding
) -> None:
    source = build(coding).build()
    assert shown(clean(source, HANDLERS[coding])) == shown(source)


@CODINGS
@pytest.mark.parametrize("build", files.HIDING_PLACES)
def test_what_is_hidden_does_not_survive_and_the_picture_does(
    build: Builder, coding: Coding
) -> None:
    source = build(coding).build()
    assert CANARY[:4] in source
    copy = clean(source, HANDLERS[coding])
    assert CANARY[:4] not in copy
    picture = files.grid if build is files.second_grid else files.simple
    assert shown(copy) == shown(picture(coding).build())


@CODINGS
@pytest.mark.parametrize("build", files.SILENT_PLACES)
def test_bits_and_tails_that_mean_nothing_do_not_survive(build: Builder, coding: Coding) -> None:
    source = build(coding).build()
    copy = clean(source, HANDLERS[coding])
    assert CANARY[:4] not in copy
    assert shown(copy) == shown(source)


@CODINGS
@pytest.mark.parametrize("build", files.HIDING_PLACES)
def test_what_is_hidden_is_handed_to_the_readers(build: Builder, coding: Coding) -> None:
    source = build(coding).build()
    container = HANDLERS[coding]
    blocks = container.blocks(source, container.dissect(source))
    told_of = [block.payload + block.label.encode() for block in blocks]
    assert any(CANARY[:4] in one for one in told_of) or build is files.thumbnail
    assert all(block.where for block in blocks)
    assert [finding for block in blocks for finding in read(block)]


def told_by(file: File, container: object = heif) -> list[tuple[str, str, str]]:
    source = file.build()
    found = heif.blocks(source, heif.dissect(source))
    return [(block.language, block.where, block.label) for block in found]


def test_blocks_say_what_language_they_are_in_and_where_they_stood() -> None:
    assert told_by(files.simple(HEVC)) == []
    assert told_by(files.exif_item(HEVC)) == [("exif", "EXIF", "")]
    assert told_by(files.xmp_item(HEVC)) == [("xmp", "XMP", "")]
    assert told_by(files.uuid_of_xmp(HEVC)) == [("xmp", "XMP", "")]
    assert told_by(files.c2pa_box(HEVC)) == [("c2pa", "C2PA", "")]
    assert told_by(files.uri_item(HEVC)) == [("unknown", "item 'uri'", "urn:example:x")]
    assert told_by(files.depth_map(HEVC)) == [("depth", "depth map", "80 by 64 pixels")]
    assert told_by(files.apple_gain_map(HEVC)) == [("gain_map", "gain map", "80 by 64 pixels")]
    assert told_by(files.matte(HEVC)) == [
        ("second_picture", "auxiliary picture", "portraiteffectsmatte, 80 by 64 pixels")
    ]
    assert told_by(files.second_picture(HEVC)) == [
        ("second_picture", "further picture", "80 by 64 pixels")
    ]
    assert told_by(files.thumbnail(HEVC)) == [("thumbnail", "thumbnail", "64 by 64 pixels")]
    assert told_by(files.profile_with_text(HEVC)) == [("icc", "ICC profile", "")]
    assert told_by(files.moving_pictures(HEVC)) == [("video", "box 'moov'", "")]
    assert told_by(files.user_data(HEVC)) == [("unknown", "box 'udta'", "udta")]
    assert told_by(files.handler_name(HEVC)) == [("comment", "handler name", "")]
    assert told_by(files.brand(HEVC)) == [
        ("unknown", "file type", "CANA"),
        ("unknown", "file type", "RY-0"),
    ]
    where = "after the end of the picture"
    assert told_by(files.bytes_behind_the_end(HEVC)) == [("trailer", where, "jpeg")]
    assert told_by(files.video_behind_the_end(HEVC)) == [("trailer", where, "mp4")]


def test_the_pieces_of_a_gain_map_count_as_one() -> None:
    assert told_by(files.tone_mapped_alternative(HEVC)) == [
        ("notes", "box 'grpl'", "how its pictures belong together"),
        ("gain_map", "gain map", "80 by 64 pixels"),
    ]


def test_names_and_space_that_every_program_leaves_are_passed_over() -> None:
    file = files.simple(HEVC)
    file.items[0].name, file.handler_name = b"HEVC Image", b"PictureHandler"
    file.between, file.in_meta = box(b"free", bytes(64)), box(b"dinf", bytes(28))
    assert told_by(file) == []


@CODINGS
def test_the_exif_block_is_handed_out_without_what_precedes_it(coding: Coding) -> None:
    for build in (files.exif_item_with_prefix, files.exif_item_that_describes_nothing):
        source = build(coding).build()
        container = HANDLERS[coding]
        assert container.blocks(source, container.dissect(source))[0].payload == private_tiff()


@CODINGS
def test_a_thumbnail_is_handed_out_as_a_file_that_shows_it(coding: Coding) -> None:
    source = files.thumbnail(coding).build()
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
        for build in files.HIDING_PLACES
        if build not in (files.second_grid, files.brand, files.profile_with_text)
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
    source = files.profile_with_text(HEVC).build()
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
    monkeypatch.setattr("unexposed.formats._heif._MAX_NARROW", 100)
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


# Coded data.

LEADING = {
    "notes": files.encoder_note(CANARY),
    "notes behind": files.hevc_unit(40, CANARY),
    "delimiter": files.hevc_unit(35, CANARY),
    "filler": files.hevc_unit(38, CANARY),
    "reserved": files.hevc_unit(41, CANARY),
    "unspecified": files.hevc_unit(63, CANARY),
    "end of the sequence": files.hevc_unit(36, CANARY),
    "another layer": files.hevc_unit(19, b"\xff" + CANARY, layer=1),
    "parameters of another layer": files.hevc_unit(33, CANARY, layer=40),
}


@pytest.mark.parametrize("unit", LEADING.values(), ids=LEADING)
@pytest.mark.parametrize("behind", [False, True])
def test_units_that_are_no_slices_do_not_survive(unit: bytes, behind: bool) -> None:
    data = HEVC.item().data
    file = files.coded_as(HEVC, data + unit if behind else unit + data)
    source = file.build()
    assert clean(source, heif) == clean(files.simple(HEVC).build(), heif)
    (block,) = heif.blocks(source, heif.dissect(source))
    assert CANARY[:4] in block.payload or block.label == "SEI"
    assert block.size == len(unit)


def test_what_an_encoder_says_of_itself_is_reported() -> None:
    text = b"x265 (build 215) - 4.1:[Linux][GCC 12.2.0]"
    source = files.coded_as(HEVC, files.encoder_note(text) + HEVC.item().data).build()
    (block,) = heif.blocks(source, heif.dissect(source))
    (finding,) = read(block)
    assert (finding.kind, finding.value) == ("device.software", text.decode())


def test_notes_among_the_decoders_parameters_do_not_survive_and_are_reported() -> None:
    file = files.simple(HEVC)
    unit = files.encoder_note(CANARY)[2:]
    file.items[0].properties = tuple(
        box(b"hvcC", one[8:30], bytes([one[30] + 1, 0xA7, 0, 1]), unit, one[31:])
        if one[4:8] == b"hvcC"
        else one
        for one in file.items[0].properties
    )
    source = file.build()
    assert clean(source, heif) == clean(files.simple(HEVC).build(), heif)
    (block,) = heif.blocks(source, heif.dissect(source))
    assert block.payload == CANARY


def parameter_sets(file: File) -> list[bytes]:
    configuration = next(one for one in file.items[0].properties if one[4:8] == b"hvcC")
    at, found = 31, []
    while at < len(configuration):
        size = int.from_bytes(configuration[at + 3 : at + 5])
        found.append(configuration[at + 5 : at + 5 + size])
        at += 5 + size
    return found


def test_parameters_that_the_header_has_as_well_go_from_the_picture() -> None:
    file = files.simple(HEVC)
    repeated = b"".join(struct.pack(">I", len(one)) + one for one in parameter_sets(file))
    file.items[0].data = repeated + file.items[0].data
    assert clean(file.build(), heif) == clean(files.simple(HEVC).build(), heif)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (files.hevc_unit(33, CANARY) + HEVC.item().data, "outside of its header"),
        (files.hevc_unit(12, CANARY) + HEVC.item().data, "unknown kind"),
        (HEVC.item().data * 2, "more than one HEVC picture"),
        (HEVC.item().data[:-1], "runs over the end"),
        (HEVC.item().data + b"\0\0", "runs over the end"),
        (HEVC.item().data + b"\0\0\0\1\x26", "does not begin as one"),
        (HEVC.item().data + b"\0\0\0\2\xa6\x01", "does not begin as one"),
        (files.encoder_note(CANARY), "no HEVC picture"),
        (b"", "lies nowhere"),
    ],
)
def test_a_coded_picture_that_cannot_be_told_from_other_data_is_held_back(
    data: bytes, problem: str
) -> None:
    with pytest.raises(Malformed, match=problem):
        heif.dissect(files.coded_as(HEVC, data).build())


def configured(change: Callable[[bytes], bytes]) -> bytes:
    file = files.simple(HEVC)
    file.items[0].properties = tuple(
        changed
        for one in file.items[0].properties
        if (changed := change(one) if one[4:8] == b"hvcC" else one)
    )
    return file.build()


def test_a_decoders_configuration_that_is_not_one_is_held_back() -> None:
    for change, problem in (
        (lambda one: one[:8] + b"\2" + one[9:], "unknown version"),
        (lambda one: one[:29] + b"\2" + one[30:], "impossible length size"),
        (lambda one: box(b"hvcC", one[8:-9]), "too short"),
        (lambda one: b"", "without its configuration"),
        (
            lambda one: box(b"hvcC", one[8:30], b"\1\xa1\0\1\xff\xff\x42\1", bytes(0xFFFD)),
            "too large",
        ),
    ):
        with pytest.raises(Malformed, match=problem):
            heif.dissect(configured(change))


def test_bits_of_the_configuration_that_mean_nothing_become_plain() -> None:
    source = configured(
        lambda one: one[:21] + bytes([one[21] & 0xF]) + one[22:27] + b"CA" + one[29:]
    )
    assert clean(source, heif) == clean(files.simple(HEVC).build(), heif)


# Files that are held back.


def animation(coding: Coding) -> File:
    file = coding.file(_exif(), behind=box(b"moov", CANARY))
    file.brand = {HEVC: b"hevc", AV1: b"avis"}[coding]
    return file


def _exif() -> Item:
    return Item(kind=b"Exif", data=bytes(4) + private_tiff(), hidden=True)


def overlay(coding: Coding) -> File:
    file = coding.file(coding.item(seed=2), Item(kind=b"iovl", data=bytes(20)), _exif())
    return msgspec.structs.replace(file, primary=3, references=((b"dimg", 3, (1, 2)),))


def cropped(coding: Coding) -> File:
    file = coding.file(_exif())
    crop = struct.pack(">8I", 16, 1, 64, 1, 0, 1, 0, 1)
    file.items[0].properties += (box(b"clap", crop),)
    return file


def unknown_codec(coding: Coding) -> File:
    file = coding.file(_exif())
    file.items[0].kind = b"vvc1"
    return file


def essential_unknown_property(coding: Coding) -> File:
    file = coding.file(_exif())
    file.items[0].properties += (box(b"priv", CANARY),)
    file.items[0].essential += (b"priv",)
    return file


def grid_with_hidden_tiles(coding: Coding) -> File:
    file = files.grid(coding)
    file.items[4].data = struct.pack(">BBBBHH", 0, 0, 1, 1, 120, 60)
    file.items.append(_exif())
    return file


@CODINGS
@pytest.mark.parametrize(
    ("build", "reason"),
    [
        (animation, "animation"),
        (overlay, "may hide one another"),
        (cropped, "cropped away"),
        (unknown_codec, "cannot be cleaned yet \\('vvc1'\\)"),
        (essential_unknown_property, "needs what cannot be cleaned yet \\('priv'\\)"),
        (grid_with_hidden_tiles, "cropped away"),
    ],
)
def test_what_is_not_cleaned_yet_is_told_of_and_held_back(
    build: Builder, reason: str, coding: Coding
) -> None:
    source = build(coding).build()
    container = HANDLERS[coding]
    assert not survives(source, container)
    parts = container.dissect(source)
    assert [block.language for block in container.blocks(source, parts)].count("exif") == 1
    with pytest.raises(Held, match=reason):
        container.rebuild(source, parts)


def test_a_picture_that_was_only_cropped_to_its_size_stays() -> None:
    file = files.simple(HEVC)
    crop = struct.pack(">8I", 78, 1, 62, 1, 0, 1, 0, 1)
    file.items[0].properties += (box(b"clap", crop),)
    source = file.build()
    copy = clean(source, heif)
    assert shown(copy)[0] == (78, 62)
    assert shown(copy) == shown(source)


def test_what_was_cropped_away_is_reported() -> None:
    source = cropped(HEVC).build()
    found = heif.blocks(source, heif.dissect(source))
    assert "cropped" in [block.language for block in found]


def without(kind: bytes) -> bytes:
    """A file with one box of its list of items renamed, so that it is not there."""
    return files.simple(HEVC).build().replace(kind, b"free", 1)


def twice(kind: bytes) -> bytes:
    data = files.simple(HEVC).build()
    return HEVC.file(in_meta=box(kind, meta_of(data)[kind])).build()


def missing_tile() -> bytes:
    file = files.grid(HEVC)
    return msgspec.structs.replace(file, references=((b"dimg", 5, (1, 2, 3, 9)),)).build()


def too_few_tiles() -> bytes:
    file = files.grid(HEVC)
    return msgspec.structs.replace(file, references=((b"dimg", 5, (1, 2, 3)),)).build()


def shared_bytes() -> bytes:
    """Two items one of which begins inside of the other."""
    data = files.with_alpha(HEVC).build()
    at = data.index(b"iloc") + 4 + 4 + 2 + 2
    first = data[at + 12 : at + 20]
    row = at + 20 + 12
    start, length = struct.unpack(">II", first)
    return data[:row] + struct.pack(">II", start + 4 + 1, length - 5) + data[row + 8 :]


def data_outside() -> bytes:
    return files.simple(HEVC).build().replace(b"mdat", b"priv")


def two_alphas() -> bytes:
    file = files.with_alpha(HEVC)
    file.items.append(file.items[1])
    references = ((b"auxl", 2, (1,)), (b"auxl", 3, (1,)))
    return msgspec.structs.replace(file, references=references).build()


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (b"", "does not begin"),
        (files.simple(HEVC).build()[:-1], "cut short"),
        (files.simple(HEVC).build()[:100], "cut short"),
        (box(b"ftyp", b"heic", bytes(4)), "exactly one list of items"),
        (HEVC.file(behind=full(b"meta", 0, 0)).build(), "exactly one list of items"),
        *((without(kind), "has no") for kind in (b"hdlr", b"pitm", b"iloc", b"iinf", b"iprp")),
        *((twice(kind), "has two") for kind in (b"hdlr", b"pitm", b"iloc", b"iinf", b"iprp")),
        (files.simple(HEVC).build().replace(b"pict", b"vide"), "no pictures"),
        (HEVC.file(primary=7).build(), "primary picture is missing"),
        (missing_tile(), "piece of the picture is missing"),
        (too_few_tiles(), "too few or too many"),
        (shared_bytes(), "share|runs over|does not begin|unknown kind|no HEVC"),
        (data_outside(), "outside of the boxes for data"),
        (two_alphas(), "two transparencies"),
    ],
)
def test_a_file_that_cannot_be_accounted_for_is_held_back(source: bytes, problem: str) -> None:
    with pytest.raises(Malformed, match=problem):
        heif.dissect(source)


def test_a_file_in_too_many_parts_or_units_is_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    source = files.gap_between_items(HEVC).build()
    monkeypatch.setattr("unexposed.formats._tiling.MAX_PARTS", 3)
    with pytest.raises(Malformed, match="more than 3 parts"):
        heif.dissect(source)
    monkeypatch.undo()
    monkeypatch.setattr("unexposed.formats._heif_picture.MAX_UNITS", 0)
    with pytest.raises(Malformed, match="more than 0 units"):
        heif.dissect(source)


def test_a_mapped_file_is_read_as_bytes_are(tmp_path: Path) -> None:
    path = tmp_path / "picture.heic"
    path.write_bytes(files.exif_item_between_pieces_of_the_picture(HEVC).build())
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
    for build in (*files.CLEAN_PICTURES, *files.HIDING_PLACES, *files.SILENT_PLACES)
]


@settings(max_examples=400, deadline=None)
@given(broken(SAMPLES, b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x60meta\0\0\0\0"))
def test_whatever_arrives_is_cleaned_for_good_or_held_back(data: bytes) -> None:
    survives(data, heif)


@CODINGS
def test_exiftool_finds_nothing_but_structure_in_the_copies(coding: Coding, tmp_path: Path) -> None:
    builders = (*files.CLEAN_PICTURES, *files.HIDING_PLACES, *files.SILENT_PLACES)
    copies = [
        clean(build(coding).build(), HANDLERS[coding])
        for build in builders
        if build is not files.profile_with_text
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
