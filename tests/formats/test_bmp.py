from __future__ import annotations

import io
import mmap
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from PIL import Image

from tests.builders import bmp as files
from tests.builders.bmp import CANARY, SIZE
from tests.builders.contract import clean, survives
from tests.builders.corpus import real_files
from tests.builders.damage import broken
from tests.builders.oracle import told
from unexposed.errors import Malformed
from unexposed.formats import Role, bmp, sniff
from unexposed.metadata import Block, icc, read

TAGS = {
    "AlphaMask",
    "BitDepth",
    "BlueEndpoint",
    "BlueMask",
    "BMPVersion",
    "ColorSpace",
    "Compression",
    "GammaBlue",
    "GammaGreen",
    "GammaRed",
    "GreenEndpoint",
    "GreenMask",
    "ImageHeight",
    "ImageLength",
    "ImageWidth",
    "NumColors",
    "NumImportantColors",
    "PixelsPerMeterX",
    "PixelsPerMeterY",
    "Planes",
    "RedEndpoint",
    "RedMask",
    "RenderingIntent",
}


def shown(data: bytes) -> tuple[tuple[int, int], str, bytes, object]:
    with Image.open(io.BytesIO(data)) as image:
        return image.size, image.mode, image.tobytes(), image.getpalette()


def blocks_of(source: bytes) -> list[Block]:
    return bmp.blocks(source, bmp.dissect(source))


@pytest.mark.parametrize("name", files.PICTURES)
def test_a_bitmap_without_anything_to_hide_is_copied_byte_for_byte(name: str) -> None:
    source = files.PICTURES[name]().file()
    assert clean(source, bmp) == source
    assert shown(source)[0] == SIZE
    assert blocks_of(source) == []


@pytest.mark.parametrize("name", files.HIDING_PLACES)
def test_what_is_hidden_does_not_survive_and_the_picture_does(name: str) -> None:
    source = files.HIDING_PLACES[name]()
    copy = clean(source, bmp)
    assert CANARY[:3] not in copy
    assert shown(copy) == shown(source)


@pytest.mark.parametrize("name", files.HIDING_PLACES)
def test_what_is_hidden_is_handed_to_the_readers(name: str) -> None:
    blocks = blocks_of(files.HIDING_PLACES[name]())
    hidden = b"".join(block.payload for block in blocks)
    assert CANARY[:3] in hidden
    assert all(block.where for block in blocks)


@pytest.mark.parametrize(
    ("name", "kind", "value"),
    [
        ("linked profile", "location.file_path", f"C:\\Users\\{CANARY.decode()}"),
        ("trailer", "hidden.trailer", "21 bytes"),
        ("JPEG behind the end", "content.second_picture", "a JPEG, 24 bytes"),
        ("gap", "hidden.unknown", "21 bytes"),
        ("ends of rows", "hidden.unknown", "20 bytes"),
    ],
)
def test_what_a_file_gives_away_is_told(name: str, kind: str, value: str) -> None:
    found = [one for block in blocks_of(files.HIDING_PLACES[name]()) for one in read(block)]
    assert (kind, value) in [(one.kind, one.value) for one in found]


def test_what_is_spread_over_the_picture_does_not_survive() -> None:
    assert clean(files.ends_of_rows(), bmp) == files.true_colour().file()
    palette = files.colours(256)
    plain = files.eight_bits().but(palette=palette, colours=0).file()
    assert clean(files.unused_byte_of_each_colour(), bmp) == plain


@pytest.mark.parametrize("build", [files.one_bit, files.four_bits])
def test_the_bits_behind_the_last_pixel_of_a_row_become_zero(
    build: Callable[[], files.Bitmap],
) -> None:
    made = build()
    used = (made.width * made.bits + 7) // 8
    spare = 0xFF >> made.width * made.bits % 8
    rows = bytearray(made.rows)
    for at in range(used - 1, len(rows), len(rows) // SIZE[1]):
        rows[at] |= spare
    source = made.but(rows=bytes(rows)).file()
    assert source != made.file()
    assert clean(source, bmp) == clean(made.file(), bmp)


def test_rows_that_need_no_filling_are_one_part() -> None:
    parts = bmp.dissect(files.thirty_two_bits().file())
    assert [part.role for part in parts] == [Role.STRUCTURE, Role.PICTURE]
    parts = bmp.dissect(files.true_colour().file())
    assert len(parts) == 1 + 2 * SIZE[1]


def test_the_density_goes_and_is_told() -> None:
    source = files.true_colour().but(density=(2835, 2834)).file()
    assert clean(source, bmp) == files.true_colour().file()
    (block,) = blocks_of(source)
    assert (block.language, block.payload) == ("density", b"2835 by 2834 pixels per metre")


def test_reserved_bytes_and_wrong_sizes_become_what_they_should_be() -> None:
    made = files.eight_bits()
    wrong = bytearray(made.but(reserved=b"SSSS", image_size=7).file())
    struct.pack_into("<I", wrong, 2, 5)
    struct.pack_into("<I", wrong, 50, 12)
    assert clean(bytes(wrong), bmp) == made.file()


def test_more_colours_than_there_can_be_are_cut() -> None:
    made = files.four_bits()
    source = made.but(colours=20, palette=made.palette + CANARY[:16]).file()
    assert clean(source, bmp) == made.but(colours=16).file()


def test_a_profile_is_made_plain() -> None:
    source = files.profiled().file()
    copy = clean(source, bmp)
    plain = icc.plain(files.profile())
    assert plain
    assert copy == files.profiled(plain).file()
    assert bmp.dissect(copy)[-1].role is Role.COLOUR
    assert blocks_of(copy) == []


def test_a_profile_before_the_rows_comes_behind_them() -> None:
    assert clean(files.profile_before_the_rows(), bmp) == clean(files.profiled().file(), bmp)


@pytest.mark.parametrize("name", ["linked profile", "unusable profile"])
def test_without_a_profile_the_colours_are_those_of_a_screen(name: str) -> None:
    copy = clean(files.HIDING_PLACES[name](), bmp)
    assert copy[70:74] == files.SRGB
    assert copy[126:134] == bytes(8)


def test_end_points_that_no_screen_has_give_way_to_srgb() -> None:
    copy = clean(files.end_points_that_no_screen_has(), bmp)
    assert copy[70:122] == files.SRGB + bytes(48)


def test_calibrated_colours_are_kept_no_more_exactly_than_a_screen_needs() -> None:
    source = files.low_bits_of_end_points()
    copy = clean(source, bmp)
    assert copy[70:74] == bytes(4)
    assert [copy[at : at + 2] for at in range(74, 110, 4)] == [
        bytes((0, source[at + 1] & 0xC0)) for at in range(74, 110, 4)
    ]
    assert [copy[at + 2 : at + 4] for at in range(74, 110, 4)] == [b"\1\2"] * 9
    assert blocks_of(source) == []


@pytest.mark.parametrize("build", [files.thirty_two_bits, files.sixteen_bits])
def test_bits_that_no_colour_uses_stay_where_they_say_nothing(
    build: Callable[..., files.Bitmap],
) -> None:
    everywhere = b"\xff" * 37 * 20 if build is files.thirty_two_bits else 0x80
    source = build(everywhere).file()
    assert clean(source, bmp) == source


@pytest.mark.parametrize("height", [SIZE[1], -SIZE[1]])
def test_a_picture_in_the_unused_byte_of_each_pixel_is_held_back(height: int) -> None:
    hidden = files.thirty_two_bits(CANARY).but(height=height)
    masks = struct.pack("<III", 0xFF0000, 0xFF00, 0xFF)
    for made in (
        hidden,
        hidden.but(compression=files.MASKED, masks=masks),
        hidden.but(kind=files.V4, tail=bytes(12) + b"\0\0\0\xff" + files.SRGB),
    ):
        with pytest.raises(Malformed, match="bits that most viewers do not show: save it as PNG"):
            bmp.dissect(made.file())


def test_a_picture_in_the_spare_bit_of_each_pixel_is_held_back() -> None:
    full = files.masked()
    hidden = full.but(compression=files.PLAIN, masks=b"", rows=bytes(3) + b"\x80" + full.rows[4:])
    with pytest.raises(Malformed, match="bits that most viewers do not show"):
        bmp.dissect(hidden.file())


def test_codes_may_end_with_the_last_row_and_the_file() -> None:
    made = files.run_length()
    for rows in (made.rows[:-2], made.rows[:-4]):
        source = made.but(rows=rows).file()
        assert clean(source, bmp) == source
        assert shown(source) == shown(made.file())
        with pytest.raises(Malformed, match=r"more than the picture|cut short"):
            bmp.dissect(made.but(rows=rows, behind=CANARY).file())


def test_a_mapped_file_is_read_as_bytes_are(tmp_path: Path) -> None:
    path = tmp_path / "picture.bmp"
    source = files.HIDING_PLACES["ends of rows"]()
    path.write_bytes(source)
    with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, prot=mmap.PROT_READ) as mapped:
        assert clean(mapped, bmp) == clean(source, bmp)


BITMAP = files.true_colour()
CODED = files.run_length()


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (b"BM" + bytes(12) + b"\x28", "cut short|does not begin"),
        (BITMAP.file()[:50], "cut short"),
        (BITMAP.file()[:-1], "cut short"),
        (BITMAP.but(width=0).file(), "width or height"),
        (BITMAP.but(height=0).file(), "width or height"),
        (BITMAP.but(bits=7).file(), "number of bits"),
        (BITMAP.but(compression=files.JPEG, bits=0).file(), "save it as JPEG or PNG"),
        (BITMAP.but(compression=6).file(), "not known"),
        (BITMAP.but(kind=files.OS2, compression=3).file(), "not known"),
        (files.masked().but(masks=CANARY[:12]).file(), "impossible colour mask"),
        (files.eight_bits().but(palette=b"").file(), "palette runs into"),
        (CODED.but(height=-SIZE[1]).file(), "width or height"),
        (CODED.but(gap=b"S").file(), "odd place"),
        (CODED.but(rows=CODED.rows[:-40]).file(), "cut short"),
        (CODED.but(rows=b"\0\x30" + bytes(48) + CODED.rows).file(), "more than the picture"),
        (files.columns_beyond_the_edge().file(), "more than the picture"),
        (CODED.but(rows=b"\x26\1\0\0" + CODED.rows).file(), "more than the picture"),
        (CODED.but(rows=b"\0\2\x26\0\0\0" + CODED.rows).file(), "more than the picture"),
        (CODED.but(rows=b"\0\3\1\1\1S" + CODED.rows).file(), "belongs to no pixel"),
    ],
)
def test_a_file_that_cannot_be_accounted_for_is_held_back(source: bytes, problem: str) -> None:
    with pytest.raises(Malformed, match=problem):
        bmp.dissect(source)


def test_a_profile_that_lies_over_the_rows_is_held_back() -> None:
    source = bytearray(files.profiled().file())
    struct.pack_into("<I", source, 126, 200)
    with pytest.raises(Malformed, match="lies over something else"):
        bmp.dissect(bytes(source))


def test_it_is_found_by_its_first_bytes() -> None:
    for build in files.PICTURES.values():
        assert sniff(build().file()[:64]) is bmp
    assert not bmp.sniff(b"BMbut no bitmap at all")
    assert not bmp.sniff(b"")


SAMPLES = [
    *(build().file() for build in files.PICTURES.values()),
    *(build() for build in files.HIDING_PLACES.values()),
    files.profile_before_the_rows(),
]


@settings(max_examples=300, deadline=None)
@given(broken(SAMPLES, b"BM" + bytes(12) + b"\x28\0\0\0"))
def test_whatever_arrives_is_cleaned_for_good_or_held_back(data: bytes) -> None:
    survives(data, bmp)


def test_exiftool_finds_nothing_but_structure_in_the_copies(tmp_path: Path) -> None:
    copies = [clean(build(), bmp) for build in files.HIDING_PLACES.values()]
    tags = told([copy for copy in copies if b"acsp" not in copy], tmp_path)
    assert tags == set()


@pytest.mark.parametrize("path", real_files(".bmp"))
def test_real_files_are_cleaned_or_held_back_for_a_true_reason(path: Path, tmp_path: Path) -> None:
    source = path.read_bytes()
    if not survives(source, bmp):
        with pytest.raises(Malformed, match=r"palette runs|more than the picture|JPEG or PNG"):
            bmp.dissect(source)
        return
    copy = clean(source, bmp)
    assert told([copy], tmp_path) == set()
    try:
        expected = shown(source)
    except OSError:  # bit fields that Pillow does not support
        return
    assert shown(copy) == expected
