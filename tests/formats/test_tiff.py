from __future__ import annotations

import io
import mmap
import os
import shutil
import struct
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from PIL import Image

from tests.builders import tiff as files
from tests.builders.contract import clean, survives
from tests.builders.corpus import real_files
from tests.builders.damage import broken
from tests.builders.oracle import told
from tests.builders.tiff import (
    CANARY,
    LONG,
    RATIONAL,
    SHORT,
    Page,
    file,
    one,
    page,
    pages_of,
    patched,
)
from unexposed.errors import Held, Malformed
from unexposed.formats import Part, Role, sniff, tiff
from unexposed.metadata import MAX_PAYLOAD, Block, icc, read

Builder = Callable[[], bytes]
Shown = list[tuple[tuple[int, int], str, bytes, object]]

SUBFILE, RESOLUTION = 254, (282, 283, 296)
STRUCTURE_TAGS = {
    "BitsPerSample",
    "ColorMap",
    "Compression",
    "DotRange",
    "ExtraSamples",
    "FillOrder",
    "ImageHeight",
    "ImageWidth",
    "JPEGTables",
    "Orientation",
    "PhotometricInterpretation",
    "PlanarConfiguration",
    "Predictor",
    "ReferenceBlackWhite",
    "ResolutionUnit",
    "RowsPerStrip",
    "SampleFormat",
    "SamplesPerPixel",
    "StripByteCounts",
    "StripOffsets",
    "SubfileType",
    "T4Options",
    "T6Options",
    "TileByteCounts",
    "TileLength",
    "TileOffsets",
    "TileWidth",
    "XResolution",
    "YCbCrCoefficients",
    "YCbCrPositioning",
    "YCbCrSubSampling",
    "YResolution",
}


def shown(data: bytes) -> Shown:
    """Size, mode, pixels and palette of every page."""
    with Image.open(io.BytesIO(data)) as image:
        found = []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            found.append((image.size, image.mode, image.tobytes(), image.getpalette()))
        return found


def blocks_of(source: bytes) -> list[Block]:
    return tiff.blocks(source, tiff.dissect(source))


def tag_of(data: bytes, number: int, at: int = 0) -> object:
    """The values of a tag of a page, None where it has none."""
    value = pages_of(data)[at].tags.get(number)
    return value and value[1]


@pytest.mark.parametrize("name", files.PICTURES)
@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
def test_the_picture_of_a_file_stays_as_it_is(name: str, order: str, big: bool) -> None:
    build = files.PICTURES[name]
    made = files.sixteen_bits(order) if build is files.sixteen_bits else build()
    source = file(made, order=order, big=big)
    copy = clean(source, tiff)
    assert [one.data for one in pages_of(copy)] == [made.data]
    if (order, big) != (">", True):  # Pillow does not read that
        assert shown(copy) == shown(source)


@pytest.mark.parametrize("name", files.PICTURES)
def test_a_clean_copy_is_copied_byte_for_byte(name: str) -> None:
    copy = clean(file(files.PICTURES[name]()), tiff)
    assert clean(copy, tiff) == copy


@pytest.mark.parametrize("name", files.HIDING_PLACES)
def test_what_is_hidden_does_not_survive_and_the_picture_does(name: str) -> None:
    source = files.HIDING_PLACES[name]()
    assert CANARY[:6] in source
    copy = clean(source, tiff)
    assert CANARY[:6] not in copy
    if name in files.REFUSED:  # by Pillow
        assert shown(copy) == shown(file(files.REFUSED[name]()))
    else:
        assert shown(copy) == [one for one in shown(source) if one[0] == files.SIZE]


@pytest.mark.parametrize("name", files.TELLS_ITS_END)
def test_bytes_behind_the_data_of_a_strip_do_not_survive(name: str) -> None:
    source = files.bytes_behind(name)
    copy = clean(source, tiff)
    assert CANARY[:6] not in copy
    assert copy == clean(file(files.PICTURES[name]()), tiff)
    assert any(CANARY in block.payload for block in blocks_of(source))


@pytest.mark.parametrize("name", files.HIDING_PLACES)
def test_what_is_hidden_is_handed_to_the_readers(name: str) -> None:
    blocks = blocks_of(files.HIDING_PLACES[name]())
    assert any(CANARY[:6] in block.payload for block in blocks)
    assert all(block.where for block in blocks)


@pytest.mark.parametrize(
    ("name", "kind", "value"),
    [
        ("Software", "device.software", CANARY.decode()),
        ("Artist", "person.author", CANARY.decode()),
        ("ImageDescription", "person.caption", CANARY.decode()),
        ("exif directory", "device.serial", CANARY.decode()),
        ("exif directory", "time.taken", "2025-04-01 18:22:05"),
        ("IPTC", "person.author", CANARY.decode()),
        ("Photoshop layers", "content.second_picture", "layers, 65 bytes"),
        ("private tag", "hidden.unknown", "1 private tag, 22 bytes"),
        ("small copy below the page", "content.thumbnail", "16 by 12 pixels, 576 bytes"),
        ("small copy as a page", "content.thumbnail", "16 by 12 pixels, 576 bytes"),
        ("bytes after the end", "hidden.trailer", "21 bytes"),
        ("gaps", "hidden.unknown", "128 bytes"),
        ("segments inside jpeg strips", "hidden.comment", CANARY.decode()),
    ],
)
def test_what_a_file_gives_away_is_told(name: str, kind: str, value: str) -> None:
    found = [one for block in blocks_of(files.HIDING_PLACES[name]()) for one in read(block)]
    assert (kind, value) in [(one.kind, one.value) for one in found]


def test_blocks_name_the_page_where_there_are_several() -> None:
    source = file(page().but(tag_305=files.text()), page().but(tag_315=files.text()))
    assert [block.where for block in blocks_of(source)] == ["TIFF page 1", "TIFF page 2", "TIFF"]


def test_what_all_pages_say_is_told_once() -> None:
    source = file(*(page(seed=seed).but(tag_305=files.text()) for seed in range(5)))
    assert [block.where for block in blocks_of(source)] == ["TIFF page 1", "TIFF"]


def test_a_small_copy_is_handed_out_as_a_picture() -> None:
    source = files.HIDING_PLACES["small copy as a page"]()
    (block,) = (block for block in blocks_of(source) if block.language == "thumbnail")
    with Image.open(io.BytesIO(block.payload)) as image:
        assert image.size == (16, 12)
        assert image.tobytes().startswith(CANARY)


def test_a_long_value_is_handed_out_in_part_with_its_true_size() -> None:
    source = file(page().but(tag_65000=(files.UNDEFINED, bytes(1 << 20))))
    (block,) = blocks_of(source)
    assert len(block.payload) <= MAX_PAYLOAD
    assert block.size == 1 << 20


def test_all_pages_stay_in_their_order() -> None:
    made = [page(mode, seed=seed) for seed, mode in enumerate(("RGB", "L", "1", "P"))]
    source = file(*made, gap=CANARY)
    copy = clean(source, tiff)
    assert [one.data for one in pages_of(copy)] == [one.data for one in made]
    assert shown(copy) == shown(source)


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        ([page()], {}),
        ([page("RGBA")], {}),
        ([page(), page(seed=2)], {"content.pages": "1 page, 3,600 bytes"}),
        ([page("RGBA").but(tag_338=one(SHORT, 0))], {"content.channels": "1 channel, 1,200 bytes"}),
        ([page("CMYK").but(tag_262=one(SHORT, 2))], {"content.channels": "1 channel, 1,200 bytes"}),
    ],
    ids=["one page", "transparency", "two pages", "unnamed channel", "channel without a word"],
)
def test_what_stays_beside_the_first_page_and_its_colours_is_told(
    pages: list[Page], said: dict[str, str]
) -> None:
    for source in (file(*pages), clean(file(*pages), tiff)):
        told = {
            one.kind: one.value
            for block in tiff.blocks(source, tiff.dissect(source))
            for one in read(block)
            if one.kind.startswith("content.")
        }
        assert told == said


def test_pages_that_share_their_strips_go_on_sharing_them() -> None:
    first = page()
    source = file(first, gap=CANARY)
    strips = {273: one(LONG, *(8 + len(CANARY) * (n + 1) + 40 * 48 * n for n in range(2)))}
    strips[279] = one(LONG, *(len(piece) for piece in first.data))
    assert shown(source)[0][2] == files.scene().tobytes()
    with_second = _with_second_page(source, Page(first.tags | strips, []))
    copy = clean(with_second, tiff)
    assert shown(copy) == shown(with_second) == shown(source) * 2
    assert len(copy) < len(source) + 300


def _with_second_page(source: bytes, second: Page) -> bytes:
    (start,) = struct.unpack_from("<I", source, 4)
    (count,) = struct.unpack_from("<H", source, start)
    link = start + 2 + 12 * count
    appended = source + bytes(len(source) % 2)
    directory = files.directory(second.tags, "<", len(appended))
    return appended[:link] + struct.pack("<I", len(appended)) + appended[link + 4 :] + directory


def test_strips_stay_in_the_files_own_order() -> None:
    made = page()
    size = len(made.data[0])
    upside_down = file(made.but(data=made.data[::-1]), gap=CANARY)
    first = 8 + len(CANARY)
    second = first + len(made.data[1]) + len(CANARY)
    source = patched(upside_down, 273, second, first)
    source = patched(source, 279, size, len(made.data[1]))
    assert shown(source) == shown(file(made))
    copy = clean(source, tiff)
    assert shown(copy) == shown(source)
    assert copy.index(made.data[1]) < copy.index(made.data[0])


def test_values_that_equal_each_other_are_written_once() -> None:
    made = page().but(tag_34675=(files.UNDEFINED, files.profile()))
    copy = clean(file(*[made] * 5), tiff)
    assert copy.count(b"acsp") == 1
    assert {bytes(one.tags[34675][1]) for one in pages_of(copy)} == {icc.plain(files.profile())}


@pytest.mark.parametrize("number", range(1, 9))
def test_the_orientation_stays(number: int) -> None:
    source = file(page().but(tag_274=one(SHORT, number), tag_315=files.text()))
    copy = clean(source, tiff)
    assert tag_of(copy, 274) == (number,)
    assert shown(copy) == shown(source)


@pytest.mark.parametrize("number", [0, 9, 0x5343])
def test_an_orientation_that_turns_nothing_goes(number: int) -> None:
    assert tag_of(clean(file(page().but(tag_274=one(SHORT, number))), tiff), 274) is None


@pytest.mark.parametrize(
    ("across", "down", "unit", "left"),
    [
        ((300, 1), (300, 1), 2, ((72, 1), (72, 1), (2,))),
        ((11811, 100), (11811, 100), 3, ((72, 1), (72, 1), (2,))),
        ((204, 1), (98, 1), 2, ((102, 1), (49, 1), (1,))),
        ((204, 1), (196, 1), 2, ((51, 1), (49, 1), (1,))),
        ((80400, 1000), (38500, 1000), 3, ((71, 1), (34, 1), (1,))),
        ((3000001, 10000), (3000000, 10000), 2, ((72, 1), (72, 1), (2,))),
        ((1, 0), (300, 1), 2, ((72, 1), (72, 1), (2,))),
        ((4000, 1), (1, 1), 2, ((72, 1), (72, 1), (2,))),
    ],
)
def test_of_the_resolution_only_the_shape_of_pixels_stays(
    across: tuple[int, int], down: tuple[int, int], unit: int, left: object
) -> None:
    made = page().but(
        tag_282=one(RATIONAL, *across), tag_283=one(RATIONAL, *down), tag_296=one(SHORT, unit)
    )
    copy = clean(file(made), tiff)
    assert tuple(tag_of(copy, tag) for tag in RESOLUTION) == left


def test_a_resolution_is_told_and_one_that_says_nothing_is_not_invented() -> None:
    made = page().but(tag_282=one(RATIONAL, 300, 1), tag_283=one(RATIONAL, 300, 1))
    (block,) = blocks_of(file(made))
    assert (block.language, block.payload) == ("density", b"300 by 300 pixels per inch")
    assert tag_of(clean(file(page()), tiff), 282) is None


@pytest.mark.parametrize(("kind", "left"), [(0, None), (2, (2,)), (4, (4,)), (6, (6,))])
def test_what_a_page_is_stays_as_far_as_it_is_no_copy(kind: int, left: object) -> None:
    source = file(page(), page("1").but(tag_254=one(LONG, kind)))
    assert tag_of(clean(source, tiff), SUBFILE, at=1) == left


def test_a_small_copy_that_is_the_only_page_is_the_picture() -> None:
    source = file(page().but(tag_254=one(LONG, 1)))
    copy = clean(source, tiff)
    assert tag_of(copy, SUBFILE) is None
    assert shown(copy) == shown(source)


def test_a_profile_is_made_plain() -> None:
    source = file(page().but(tag_34675=(files.UNDEFINED, files.profile())))
    copy = clean(source, tiff)
    assert tag_of(copy, 34675) == icc.plain(files.profile()) != files.profile()
    (colour,) = (part for part in tiff.dissect(copy) if part.role is Role.COLOUR)
    assert colour.allowed


def test_a_profile_is_plain_from_the_beginning_where_it_was_made_so() -> None:
    profile = icc.plain(files.profile())
    assert profile
    source = clean(file(page().but(tag_34675=(files.UNDEFINED, profile))), tiff)
    assert clean(source, tiff) == source
    assert blocks_of(source) == []


def test_spare_bytes_beside_a_short_value_become_zero() -> None:
    source = bytearray(file(page()))
    at = source.index(struct.pack("<HHI", 259, SHORT, 1)) + 10
    source[at : at + 2] = b"SS"
    assert clean(bytes(source), tiff) == clean(file(page()), tiff)


def test_zeros_between_the_parts_are_not_worth_a_word() -> None:
    assert blocks_of(file(page(), gap=bytes(9))) == []


def test_a_mapped_file_is_read_as_bytes_are(tmp_path: Path) -> None:
    path = tmp_path / "picture.tif"
    source = files.HIDING_PLACES["exif directory"]()
    path.write_bytes(source)
    with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, prot=mmap.PROT_READ) as mapped:
        assert clean(mapped, tiff) == clean(source, tiff)
        parts = tiff.dissect(mapped)
        assert tiff.blocks(mapped, parts) == tiff.blocks(source, parts)


UNCLEANED = [
    *((build(), "camera raw file: export it as JPEG or TIFF") for build in files.RAW_FILES),
    (file(page().but(tag_254=one(LONG, 1)), page("L")), "only a small copy"),
    (file(page().but(tag_259=one(SHORT, 6))), "outdated kind of JPEG"),
    (file(page().but(tag_259=one(SHORT, 34712))), "not known .number 34712"),
]


@pytest.mark.parametrize(("source", "advice"), UNCLEANED)
def test_a_picture_that_cannot_be_copied_is_held_back_with_advice(
    source: bytes, advice: str
) -> None:
    (part,) = tiff.dissect(source)
    assert (part.role, part.size) == (Role.METADATA, len(source))
    with pytest.raises(Held, match=advice):
        tiff.rebuild(source, [part])


@pytest.mark.parametrize(("compression", "is_told"), [(6, False), (34712, True)])
def test_a_page_in_the_old_kind_of_jpeg_is_no_thumbnail_of_itself(
    compression: int, is_told: bool
) -> None:
    source = file(
        page().but(tag_259=one(SHORT, compression), tag_513=one(LONG, 8), tag_514=one(LONG, 40))
    )
    kinds = {one.kind for block in blocks_of(source) for one in read(block)}
    assert ("content.thumbnail" in kinds) is is_told


def test_a_camera_raw_file_is_reported_in_full() -> None:
    found = [one for block in blocks_of(files.dng()) for one in read(block)]
    told_of = {(one.kind, one.value) for one in found}
    assert ("device.model", "Maker Camera") in told_of
    assert ("time.taken", "2025-04-01 18:22:05") in told_of
    assert ("content.thumbnail", "40 by 30 pixels, 3,600 bytes") in told_of


RGB = page()
GREY = page("L")
FAX = page("1", "group3")
DEFLATED = page("RGB", "tiff_adobe_deflate")


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (b"II*\0", "cut short"),
        (b"II*\0\0\0\0\0", "holds no picture"),
        (b"II*\0\xff\0\0\0", "outside the file"),
        (b"II+\0\4\0\0\0" + bytes(8), "offsets of an unknown size"),
        (file(RGB)[:-2], "is damaged|cut short"),
        (file(RGB.but(tag_256=None)), "without width"),
        (file(RGB.but(tag_257=one(SHORT, 0))), "without width or height"),
        (file(RGB.but(tag_257=one(SHORT, 16))), "more or fewer pieces"),
        (file(RGB.but(tag_257=one(SHORT, 40))), "more or fewer pieces"),
        (file(RGB.but(tag_278=one(SHORT, 0))), "impossible size"),
        (file(RGB.but(data=[])), "without picture data"),
        (file(RGB.but(tag_322=one(SHORT, 16))), "impossible size"),
        (file(RGB.but(tag_324=one(LONG, 8))), "in two ways"),
        (file(RGB.but(tag_32997=one(LONG, 2))), "depth"),
        (file(RGB.but(tag_277=one(SHORT, 9999))), "number of samples"),
        (file(RGB.but(tag_258=one(SHORT, 0))), "number of bits"),
        (file(RGB.but(tag_274=one(SHORT, 1, 2, 3))), "value of tag 274 is damaged"),
        (file(RGB.but(tag_262=(2, b"2\0"))), "value of tag 262 is damaged"),
        (patched(file(RGB), 273, 8, 8), "lie over each other"),
        (patched(file(RGB), 273, 8, 9), "lie over each other"),
        (patched(file(RGB), 273, 8, 1900), "lie over each other"),
        (patched(file(RGB), 273, 0, 8), "outside the file"),
        (patched(patched(file(RGB), 279, 0, 0), 273, 0, 0), "no picture data"),
        (patched(file(RGB), 273, 8, 1 << 31), "cut short"),
        (patched(file(FAX), 279, len(FAX.data[0]), len(FAX.data[1]) + 9), "tags lie over each other"),
        (file(DEFLATED.but(data=[zlib.compress(bytes(9999))] * 2)), "more than the picture"),
        (file(DEFLATED.but(data=[b"x" * 99] * 2)), "damaged"),
        (file(page("RGB", "tiff_lzw").but(data=[b"\x80\x7f\xff\xff" * 9] * 2)), "damaged"),
        (file(GREY.but(data=[b"\x7f" + bytes(128)] * 9, tag_259=one(SHORT, 32773),
                       tag_278=one(SHORT, 1), tag_257=one(SHORT, 9))), "more than the picture"),
        (file(page("RGB", "lzma").but(data=[b"\xfd7zXZ\0rubbish"] * 2)), "damaged"),
        (files.tile_larger_than_the_picture(), "tiles that reach far beyond"),
        (file(RGB.but(tag_338=(files.LONG8, (CANARY * 2)[:24]))), "value of tag 338 is damaged"),
        (file(RGB.but(tag_284=one(SHORT, 9))), "value of tag 284 is damaged"),
        (file(page("P").but(tag_320=(LONG, CANARY[:20]))), "value of tag 320 is damaged"),
        (files.webp_strip(b"VP8L\x15\0\0\0" + CANARY + b"\0"), "holds more than a picture"),
        (files.webp_strip(b"ALPH\x15\0\0\0" + CANARY + b"\0"), "holds more than a picture"),
        (files.webp_strip(b"EXIF\x15\0\0\0" + CANARY + b"\0"), "holds more than a picture"),
        (files.webp_strip(size=(40, 29)), "another size than its place"),
        (files.webp_strip(size=(41, 30)), "another size than its place"),
        (file(page("RGB", "jpeg").but(data=[b"\xff\xd8"] * 2)), "cut short"),
        (file(page("RGB", "jpeg").but(data=[b"rubbish"] * 2)), "begin as a JPEG"),
        (file(page("RGB", "jpeg").but(data=[files.jpeg(size=(40, 24))] * 2)), "more than the"),
        (file(page("RGB", "jpeg").but(tag_347=(files.UNDEFINED, b"rubbish"))), "no JPEG"),
        (file(page("RGB", "jpeg").but(tag_347=(files.UNDEFINED, b"\xff\xd8rubbish"))), "damaged"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_accounted_for_is_held_back(source: bytes, problem: str) -> None:
    with pytest.raises(Malformed, match=problem):
        tiff.dissect(source)


def test_fractions_that_tell_of_colours_are_written_anew() -> None:
    made = page().but(
        tag_318=one(RATIONAL, 3127, 10000, 1, 3),
        tag_319=one(files.DOUBLE, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06),
    )
    copy = clean(file(made), tiff)
    assert tag_of(copy, 318) == (312_700, 1_000_000, 333_333, 1_000_000)
    shown_points = (640_000, 330_000, 300_000, 600_000, 150_000, 60_000)
    assert tag_of(copy, 319) == tuple(n for point in shown_points for n in (point, 1_000_000))


def test_what_black_and_white_are_says_nothing_else() -> None:
    made = page("YCbCr", "raw").but(tag_530=one(SHORT, 1, 1))
    known = made.but(tag_532=one(RATIONAL, 0, 1, 255, 1, 128, 1, 255, 1, 128, 1, 255, 1))
    left = tuple(n for one in (0, 255, 128, 255, 128, 255) for n in (100 * one, 100))
    assert tag_of(clean(file(known), tiff), 532) == left
    told = made.but(tag_532=(RATIONAL, (CANARY * 3)[:48]))
    assert CANARY[:4] not in clean(file(told), tiff)
    with pytest.raises(Malformed, match="value of tag 529 is damaged"):
        tiff.dissect(file(made.but(tag_529=one(RATIONAL, 2, 1, 1, 2, 1, 3))))


def test_a_file_in_too_many_parts_is_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unexposed.formats._tiling.MAX_PARTS", 10)
    with pytest.raises(Malformed, match="more than 10 parts"):
        tiff.dissect(file(*[page()] * 4, gap=CANARY))


def test_a_chain_of_pages_ends_where_it_comes_back_to_one() -> None:
    source = file(page(), page(seed=2))
    (first,) = struct.unpack_from("<I", source, 4)
    start = first
    for _ in range(2):
        (count,) = struct.unpack_from("<H", source, start)
        link = start + 2 + 12 * count
        (start,) = struct.unpack_from("<I", source, link)
    looped = source[:link] + struct.pack("<I", first) + source[link + 4 :]
    assert clean(looped, tiff) == clean(source, tiff)


def test_it_is_found_by_its_first_bytes() -> None:
    for order in "<>":
        for big in (False, True):
            assert sniff(file(page(), order=order, big=big)[:64]) is tiff
    assert not tiff.sniff(b"IIRO\x08\0\0\0")
    assert not tiff.sniff(b"")


def test_parts_say_what_the_bytes_are_for() -> None:
    def roles(name: str) -> dict[str, Role]:
        parts: list[Part] = tiff.dissect(files.HIDING_PLACES[name]())
        return {part.name: part.role for part in parts}

    assert roles("XMP")["XMP"] is Role.METADATA
    assert roles("exif directory")["EXIF"] is Role.METADATA
    assert roles("private tag")["tag 65000"] is Role.METADATA
    assert roles("small copy below the page")["thumbnail"] is Role.THUMBNAIL
    assert roles("gaps")["bytes that nothing points to"] is Role.UNKNOWN
    assert roles("bytes after the end")["data after the end"] is Role.TRAILER
    assert roles("segments inside jpeg strips")["JPEG comment"] is Role.METADATA


SAMPLES = [
    *(build() for build in files.HIDING_PLACES.values()),
    *(files.bytes_behind(name) for name in files.TELLS_ITS_END),
    file(page("1", "group3"), order=">"),
    file(files.tiled(), order=">", big=True),
    *(source for source, _ in UNCLEANED),
]


@settings(max_examples=300, deadline=None)
@given(broken(SAMPLES, b"II*\0\x08\0\0\0\x0a\0"))
def test_whatever_arrives_is_cleaned_for_good_or_held_back(data: bytes) -> None:
    survives(data, tiff)


def test_exiftool_finds_nothing_but_structure_in_the_copies(tmp_path: Path) -> None:
    copies = [clean(build(), tiff) for build in files.HIDING_PLACES.values()]
    copies += [clean(files.bytes_behind(name), tiff) for name in files.TELLS_ITS_END]
    # It takes a JPEG strip for a preview, and cannot read several.
    plain = [one for one in copies if b"acsp" not in one and tag_of(one, files.COMPRESSION) != (7,)]
    tags = told(plain, tmp_path)
    assert {tag.split(":")[1] for tag in tags} <= STRUCTURE_TAGS
    assert {tag.split(":")[0] for tag in tags} <= {"IFD0", "IFD1"}


def libtiff(*arguments: object) -> subprocess.CompletedProcess[str]:
    program = shutil.which(str(arguments[0]))
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("libtiff-tools are not installed")
        pytest.skip("libtiff-tools are not installed")
    run = [program, *(str(one) for one in arguments[1:])]
    return subprocess.run(run, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("name", ["uncompressed", "LZW", "Group 4", "JPEG", "planes apart"])
def test_libtiff_sees_the_same_picture_and_tags(
    name: str, order: str, big: bool, tmp_path: Path
) -> None:
    made = files.PICTURES[name]()
    source, copy = tmp_path / "source.tif", tmp_path / "copy.tif"
    source.write_bytes(file(made, made, order=order, big=big))
    copy.write_bytes(clean(source.read_bytes(), tiff))
    compared = libtiff("tiffcmp", "-t", source, copy)
    assert (compared.returncode, compared.stderr) == (0, "")
    assert libtiff("tiffinfo", "-D", copy).stderr == ""


@pytest.mark.parametrize("options", [("-t", "-c", "lzw"), ("-p", "separate"), ("-8", "-B")])
def test_what_libtiff_writes_is_cleaned(options: tuple[str, ...], tmp_path: Path) -> None:
    source, other = tmp_path / "source.tif", tmp_path / "other.tif"
    source.write_bytes(file(page().but(tag_305=files.text()), page(seed=3)))
    assert libtiff("tiffcp", *options, source, other).returncode == 0
    assert CANARY in other.read_bytes()
    copy = tmp_path / "copy.tif"
    copy.write_bytes(clean(other.read_bytes(), tiff))
    assert CANARY not in copy.read_bytes()
    compared = libtiff("tiffcmp", "-t", source, copy)
    assert "pixel" not in compared.stdout.lower()


@pytest.mark.parametrize("path", real_files(".tif", ".tiff"))
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_real_files_are_cleaned_or_held_back_for_a_true_reason(path: Path, tmp_path: Path) -> None:
    source = path.read_bytes()
    if not survives(source, tiff):
        with pytest.raises(Held, match=r"outdated kind of JPEG|is damaged|a page w|pieces"):
            tiff.rebuild(source, tiff.dissect(source))
        return
    copy = clean(source, tiff)
    if source[:4] != b"MM\0+":
        assert shown(copy) == shown(source)
    tags = {tag for tag in told([copy], tmp_path) if not tag.startswith("ICC")}
    assert {tag.split(":")[1] for tag in tags} <= STRUCTURE_TAGS
