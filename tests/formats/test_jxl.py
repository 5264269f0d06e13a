from __future__ import annotations

import mmap
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.builders import jxl as files
from tests.builders import photos
from tests.builders.contract import clean, survives
from tests.builders.corpus import real_files
from tests.builders.damage import broken
from tests.builders.jxl import CANARY, box, file, in_pieces, open_ended_box, picture, piece
from tests.builders.oracle import program, told
from unexposed.errors import Malformed
from unexposed.formats import jxl, sniff
from unexposed.metadata import read

Builder = Callable[[], bytes]


def shown(data: bytes, folder: Path) -> bytes:
    """What djxl makes of a file: its pixels and nothing else."""
    source, pixels = folder / "picture.jxl", folder / "picture.ppm"
    source.write_bytes(data)
    pixels.unlink(missing_ok=True)
    subprocess.run([program("djxl"), source, pixels], capture_output=True, check=True)
    return pixels.read_bytes()


@pytest.mark.parametrize("build", files.CLEAN_PICTURES)
def test_a_picture_without_anything_to_hide_is_copied_byte_for_byte(build: Builder) -> None:
    assert clean(build(), jxl) == build()


@pytest.mark.parametrize("build", [*files.HIDING_PLACES, files.file_type_with_more_brands])
def test_what_is_hidden_does_not_survive_and_the_picture_does(build: Builder) -> None:
    source = build()
    assert CANARY[:6] in source
    copy = clean(source, jxl)
    assert CANARY[:6] not in copy
    assert files.codestream() in copy


def test_pixels_stay_as_they_were(tmp_path: Path) -> None:
    pixels = shown(files.codestream(), tmp_path)
    for build in files.HIDING_PLACES:
        assert shown(clean(build(), jxl), tmp_path) == pixels, build.__name__


def test_what_was_left_of_a_jpeg_goes(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(photos.encoded(photos.scene(), exif=photos.phone_exif()))
    subprocess.run(
        [program("cjxl"), tmp_path / "photo.jpg", tmp_path / "photo.jxl"],
        capture_output=True,
        check=True,
    )
    source = (tmp_path / "photo.jxl").read_bytes()
    assert b"jbrd" in source
    copy = clean(source, jxl)
    assert b"jbrd" not in copy
    assert shown(copy, tmp_path) == shown(source, tmp_path)


@pytest.mark.parametrize("build", files.HIDING_PLACES)
def test_what_is_hidden_is_handed_to_the_readers(build: Builder) -> None:
    source = build()
    found = jxl.blocks(source, jxl.dissect(source))
    assert any(CANARY[:6] in block.payload for block in found)
    assert all(read(block) for block in found if CANARY[:6] in block.payload)


def test_blocks_say_what_language_they_are_in_and_where_they_stood() -> None:
    def told_of(build: Builder) -> list[tuple[str, str, str]]:
        found = jxl.blocks(build(), jxl.dissect(build()))
        return [(block.language, block.where, block.label) for block in found]

    assert told_of(files.exif_box) == [("exif", "EXIF", "")]
    assert told_of(files.xmp_box) == [("xmp", "XMP", "")]
    assert told_of(files.jumbf_box) == [("c2pa", "JUMBF", "")]
    assert told_of(files.gain_map) == [("trailer", "JPEG XL jhgm box", "gain map")]
    where = "JPEG XL box with a compressed 'Exif'"
    assert told_of(files.compressed_box) == [("unknown", where, "brob box")]
    assert told_of(files.unknown_box) == [("unknown", "JPEG XL box '???p'", "box '???p'")]
    where = "after the end of the picture"
    assert told_of(files.jpeg_after_the_last_box) == [("trailer", where, "jpeg")]


@pytest.mark.parametrize(
    "build",
    [
        files.exif_box,
        files.exif_box_with_an_offset,
        files.exif_box_with_a_long_size,
        files.exif_box_to_the_end,
    ],
)
def test_the_exif_block_is_handed_out_without_its_offset(build: Builder) -> None:
    (block,) = jxl.blocks(build(), jxl.dissect(build()))
    assert block.payload.startswith(b"II*\0")


def test_an_exif_block_behind_the_end_of_its_box_is_empty() -> None:
    source = file(picture(), box(b"Exif", b"\xff\xff\xff\xff"), box(b"Exif", b""))
    assert [block.payload for block in jxl.blocks(source, jxl.dissect(source))] == [b"", b""]


def test_a_codestream_in_pieces_comes_out_as_one() -> None:
    assert clean(in_pieces(), jxl) == files.container()


@pytest.mark.parametrize("make", [files.long_box, open_ended_box])
def test_the_size_of_the_codestream_is_told_in_one_way(make: Callable[..., bytes]) -> None:
    assert clean(file(make(b"jxlc", files.codestream())), jxl) == files.container()


def test_the_file_type_is_made_plain() -> None:
    assert clean(files.file_type_with_more_brands(), jxl) == files.container()


def test_a_mapped_file_is_read_as_bytes_are(tmp_path: Path) -> None:
    path = tmp_path / "picture.jxl"
    path.write_bytes(files.box_between_pieces())
    with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, prot=mmap.PROT_READ) as mapped:
        assert clean(mapped, jxl) == files.container()


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (b"", "does not begin as a JPEG XL file"),
        (files.SIGNATURE, "not whole"),
        (files.SIGNATURE + picture(), "does not say that it is"),
        (files.SIGNATURE + box(b"ftyp", b"avif\0\0\0\0") + picture(), "does not say that it is"),
        (file(), "not whole"),
        (file(piece(0, files.codestream())), "not whole"),
        (file(picture()[:-1]), "runs over the end"),
        (file(box(b"free", b"")[:-1] + picture()), "smaller than its header|runs over the end"),
        (file(picture(b"")), "does not begin as one"),
        (file(picture(b"\xff")), "does not begin as one"),
        (file(picture(b"\xff\x0b")), "does not begin as one"),
        (file(piece(0, b"\xff"), piece(1, b"\x0b", last=True)), "does not begin as one"),
        (file(piece(1, files.codestream(), last=True)), "out of place"),
        (file(piece(0, b"\xff"), piece(2, b"\x0a", last=True)), "out of place"),
        (file(box(b"jxlp", b"\x80\0\0")), "out of place"),
        (file(picture(), picture()), "more than one codestream"),
        (file(piece(0, b"\xff"), picture()), "more than one codestream"),
        (file(picture(), piece(0, b"", last=True)), "more than one codestream"),
    ],
)
def test_a_file_that_cannot_be_accounted_for_is_held_back(source: bytes, problem: str) -> None:
    with pytest.raises(Malformed, match=problem):
        jxl.dissect(source)


def test_it_is_found_by_its_first_bytes() -> None:
    assert sniff(files.codestream()[:64]) is jxl
    assert sniff(files.container()[:64]) is jxl
    assert not jxl.sniff(b"\xff\xd8\xff")
    assert not jxl.sniff(files.SIGNATURE[:-1])
    assert not jxl.sniff(b"")


SAMPLES = [
    *(build() for build in files.CLEAN_PICTURES),
    *(build() for build in files.HIDING_PLACES),
    in_pieces(),
]


@settings(max_examples=300, deadline=None)
@given(broken(SAMPLES, files.SIGNATURE + files.FILE_TYPE))
def test_whatever_arrives_is_cleaned_for_good_or_held_back(data: bytes) -> None:
    survives(data, jxl)


def test_exiftool_finds_nothing_but_structure_in_the_copies(tmp_path: Path) -> None:
    tags = told([clean(build(), jxl) for build in files.HIDING_PLACES], tmp_path)
    structure = {"MajorBrand", "MinorVersion", "CompatibleBrands", "ImageHeight", "ImageWidth"}
    assert {tag.split(":")[1] for tag in tags} <= structure


@pytest.mark.parametrize("path", real_files(".jxl"))
def test_real_files_are_cleaned_and_look_the_same(path: Path, tmp_path: Path) -> None:
    source = path.read_bytes()
    assert shown(clean(source, jxl), tmp_path) == shown(source, tmp_path)
