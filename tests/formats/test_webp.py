from __future__ import annotations

import io
import mmap
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from PIL import Image

from tests.builders import webp as files
from tests.builders.contract import clean, survives
from tests.builders.corpus import real_files
from tests.builders.damage import broken
from tests.builders.frames import repeats, shown
from tests.builders.oracle import told
from tests.builders.webp import CANARY, chunk, chunks, extended, private_tiff, riff
from unexposed.errors import Malformed
from unexposed.formats import Role, sniff, webp
from unexposed.metadata import exif, icc

Builder = Callable[[], bytes]

STRUCTURE_TAGS = {
    "AlphaCompression",
    "AlphaFiltering",
    "AlphaPreprocessing",
    "AnimationLoopCount",
    "BackgroundColor",
    "Duration",
    "HorizontalScale",
    "ImageHeight",
    "ImageWidth",
    "VerticalScale",
    "VP8Version",
    "WebP_Flags",
}
ORIENTATION_TAGS = {"IFD0:Orientation", "File:ExifByteOrder"}


def flags_of(data: bytes) -> int:
    return dict(chunks(data))[b"VP8X"][0]


def names_of(data: bytes) -> list[bytes]:
    return [name for name, _ in chunks(data)]


@pytest.mark.parametrize("build", [*files.CLEAN_PICTURES, files.alpha_uncompressed])
def test_a_picture_without_anything_to_hide_is_copied_byte_for_byte(build: Builder) -> None:
    assert clean(build(), webp) == build()


@pytest.mark.parametrize("build", files.HIDING_PLACES)
def test_what_is_hidden_does_not_survive_and_the_picture_does(build: Builder) -> None:
    source = build()
    assert CANARY[:6] in source
    copy = clean(source, webp)
    assert CANARY[:6] not in copy
    assert shown(copy) == shown(source)
    assert repeats(copy) == repeats(source)


@pytest.mark.parametrize(("build", "picture"), files.CONTRADICTIONS)
def test_what_contradicts_itself_is_cleaned_to_the_picture_in_it(
    build: Builder, picture: Builder
) -> None:
    copy = clean(build(), webp)
    assert CANARY[:6] not in copy
    assert shown(copy) == shown(picture())


@pytest.mark.parametrize(
    "build", [*files.HIDING_PLACES, *(build for build, _ in files.CONTRADICTIONS)]
)
def test_what_is_hidden_is_handed_to_the_readers(build: Builder) -> None:
    source = build()
    blocks = webp.blocks(source, webp.dissect(source))
    assert any(CANARY[:6] in block.payload for block in blocks)
    assert all(block.where for block in blocks)


def test_blocks_say_what_language_they_are_in_and_where_they_stood() -> None:
    def told_of(source: bytes) -> list[tuple[str, str, str]]:
        found = webp.blocks(source, webp.dissect(source))
        return [(block.language, block.where, block.label) for block in found]

    assert told_of(files.with_exif_and_xmp()) == [("exif", "EXIF", ""), ("xmp", "XMP", "")]
    assert told_of(files.unusable_profile()) == [("icc", "ICC profile", "")]
    assert told_of(files.unknown_chunk_behind_the_picture()) == [
        ("unknown", "WebP chunk 'priv'", "priv")
    ]
    assert told_of(files.unknown_chunk_with_unprintable_name()) == [
        ("unknown", "WebP chunk '????'", "????")
    ]
    where = "after the end of the picture"
    assert told_of(files.bytes_after_the_end()) == [("trailer", where, "")]
    assert told_of(files.jpeg_after_the_end()) == [("trailer", where, "jpeg")]
    assert told_of(files.zip_after_the_end()) == [("trailer", where, "zip")]
    assert told_of(files.video_after_the_end()) == [("trailer", where, "mp4")]


def test_the_exif_block_is_handed_out_without_its_prefix() -> None:
    source = files.exif_chunk_with_prefix()
    assert webp.blocks(source, webp.dissect(source))[0].payload == private_tiff()


def test_a_long_trailer_is_handed_out_in_part_with_its_true_size() -> None:
    source = files.lossy() + bytes(1 << 20)
    (block,) = webp.blocks(source, webp.dissect(source))
    assert (len(block.payload), block.size) == (64 << 10, 1 << 20)


@pytest.mark.parametrize("number", range(2, 9))
@pytest.mark.parametrize("prefix", [b"", b"Exif\0\0"])
@pytest.mark.parametrize("picture", [files.lossy, files.alpha, files.animated])
def test_the_orientation_comes_back_alone(number: int, prefix: bytes, picture: Builder) -> None:
    source = riff(extended(picture(), 0x08)[12:] + chunk(b"EXIF", prefix + private_tiff(number)))
    copy = clean(source, webp)
    assert chunks(copy)[-1] == (b"EXIF", exif.plain_orientation(number))
    assert flags_of(copy) & 0x08
    assert [one.role for one in webp.dissect(copy)][-1] is Role.ORIENTATION
    with Image.open(io.BytesIO(copy)) as image:
        assert dict(image.getexif()) == {0x0112: number}
    assert shown(copy) == shown(source)


@pytest.mark.parametrize("number", [0, 1, 9])
def test_an_orientation_that_turns_nothing_leaves_no_exif_behind(number: int) -> None:
    source = riff(extended(files.lossy(), 0x08)[12:] + chunk(b"EXIF", private_tiff(number)))
    copy = clean(source, webp)
    assert names_of(copy) == [b"VP8 "]


@pytest.mark.parametrize(
    "build",
    [
        files.exif_chunk_without_flag,
        files.exif_chunk_without_vp8x,
        files.second_exif_chunk,
        files.exif_inside_frames,
    ],
)
def test_an_orientation_that_no_viewer_obeys_does_not_begin_to_count(build: Builder) -> None:
    assert b"EXIF" not in names_of(clean(build(), webp))


def test_a_profile_is_made_plain_and_its_flag_stays() -> None:
    source = files.with_profile()
    profile = dict(chunks(source))[b"ICCP"]
    copy = clean(source, webp)
    assert dict(chunks(copy))[b"ICCP"] == icc.plain(profile) != profile
    assert flags_of(copy) == 0x20


def test_a_plain_profile_stays_byte_for_byte() -> None:
    profile = icc.plain(dict(chunks(files.with_profile()))[b"ICCP"])
    source = files.encoded(files.scene(), icc_profile=profile)
    assert clean(source, webp) == source


def test_an_unusable_profile_goes_with_its_flag() -> None:
    copy = clean(files.unusable_profile(), webp)
    assert names_of(copy) == [b"VP8 "]


@pytest.mark.parametrize(
    ("build", "flags"),
    [(files.lossy, 0), (files.lossless, 0), (files.lossless_with_alpha, 0x10)],
)
def test_a_header_that_says_nothing_goes(build: Builder, flags: int) -> None:
    assert clean(extended(build(), flags), webp) == build()


@pytest.mark.parametrize(
    ("build", "flags"),
    [(files.lossy, 0x10), (files.lossless, 0x10), (files.lossless_with_alpha, 0)],
)
def test_a_header_stays_that_says_otherwise_of_transparency_than_the_picture(
    build: Builder, flags: int
) -> None:
    source = extended(build(), flags)
    assert clean(source, webp) == source


def test_an_alpha_plane_that_some_viewers_draw_and_others_do_not_is_held_back() -> None:
    with pytest.raises(Malformed, match="without its flag"):
        webp.dissect(files.alpha_plane_without_flag())


@pytest.mark.parametrize("header", [2, 3, 0x20, 0x30, 0x40, 0x80, 0xC0])
def test_an_alpha_plane_that_no_decoder_reads_is_held_back(header: int) -> None:
    with pytest.raises(Malformed, match="no decoder reads"):
        webp.dissect(files.alpha_plane_that_begins(header))


def test_flags_of_alpha_and_animation_stay_as_they_were() -> None:
    assert flags_of(clean(files.alpha(), webp)) == 0x10
    assert flags_of(clean(files.exif_chunk_of_an_animation(), webp)) == 0x12


def test_reserved_bits_become_zero() -> None:
    assert clean(files.reserved_bits(), webp) == files.animated()


def test_a_pad_byte_becomes_zero() -> None:
    assert clean(files.pad_byte_that_is_not_zero(), webp) == files.alpha_uncompressed()


@pytest.mark.parametrize("rest", [b"\0", b"\0\0", b"S", b"SS", b"SSS"])
def test_a_few_bytes_behind_an_uncompressed_alpha_plane_go(rest: bytes) -> None:
    clean_picture = files.alpha_uncompressed()
    longer = [(name, data + rest * (name == b"ALPH")) for name, data in chunks(clean_picture)]
    assert clean(files.file(longer), webp) == clean_picture


def test_the_sizes_of_file_and_frames_are_true() -> None:
    copy = clean(files.xmp_inside_frames() + CANARY, webp)
    assert struct.unpack_from("<I", copy, 4) == (len(copy) - 8,)
    assert copy == files.animated()


def test_a_mapped_file_is_read_as_bytes_are(tmp_path: Path) -> None:
    path = tmp_path / "picture.webp"
    path.write_bytes(files.unknown_chunk_inside_frames())
    with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, prot=mmap.PROT_READ) as mapped:
        assert clean(mapped, webp) == files.animated()


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (files.lossy()[:-2], "cut short"),
        (files.lossy()[:15], "cut short"),
        (b"RIFF\4\0\0\0WEBP", "impossible RIFF size"),
        (riff(chunk(b"VP8 ", b"")), "does not begin as one"),
        (riff(chunk(b"VP8L", b"\x2f\0\0\0")), "does not begin as one"),
        (riff(b"VP8 \xff\xff\0\0" + bytes(40)), "runs over the end"),
        (riff(files.lossy()[12:] + b"priv\xff\xff\xff\xff"), "runs over the end"),
        (riff(chunk(b"VP8X", bytes(10))), "holds no picture"),
        (riff(chunk(b"VP8X", b"\2" + bytes(9))), "no frame"),
        (riff(chunk(b"VP8X", bytes(9)) + files.lossy()[12:]), "too short"),
        (riff(chunk(b"EXIF", CANARY) + files.lossy()[12:]), "neither a picture nor VP8X"),
        (
            riff(chunk(b"VP8X", b"\2" + bytes(9)) + chunk(b"ANMF", bytes(16))),
            "before the animation's header",
        ),
        (
            riff(
                chunk(b"VP8X", b"\2" + bytes(9))
                + chunk(b"ANIM", bytes(6))
                + chunk(b"ANMF", bytes(15))
            ),
            "frame is too short",
        ),
    ],
)
def test_a_file_that_cannot_be_accounted_for_is_held_back(source: bytes, problem: str) -> None:
    with pytest.raises(Malformed, match=problem):
        webp.dissect(source)


def test_a_file_in_too_many_parts_is_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unexposed.formats._tiling.MAX_PARTS", 10)
    with pytest.raises(Malformed, match="more than 10 parts"):
        webp.dissect(files.unknown_chunk_inside_frames())


def test_it_is_found_by_its_first_bytes() -> None:
    assert sniff(files.lossy()[:64]) is webp
    assert not webp.sniff(b"RIFF\0\0\0\0WAVE")
    assert not webp.sniff(b"")


SAMPLES = [
    *(build() for build in files.CLEAN_PICTURES[:5]),
    *(build() for build in files.HIDING_PLACES),
    *(build() for build, _ in files.CONTRADICTIONS),
    files.alpha_plane_without_flag(),
]


@settings(max_examples=400, deadline=None)
@given(broken(SAMPLES, b"RIFF\x50\0\0\0WEBPVP8X\x0a\0\0\0\x3a"))
def test_whatever_arrives_is_cleaned_for_good_or_held_back(data: bytes) -> None:
    survives(data, webp)


def test_exiftool_finds_nothing_but_structure_in_the_copies(tmp_path: Path) -> None:
    copies = [clean(build(), webp) for build in files.HIDING_PLACES]
    tags = told([one for one in copies if b"ICCP" not in names_of(one)], tmp_path)
    assert tags <= {f"RIFF:{tag}" for tag in STRUCTURE_TAGS} | ORIENTATION_TAGS
    assert "IFD0:Orientation" in tags


@pytest.mark.parametrize("path", real_files(".webp"))
def test_real_files_are_cleaned_and_look_the_same(path: Path, tmp_path: Path) -> None:
    source = path.read_bytes()
    copy = clean(source, webp)
    assert shown(copy) == shown(source)
    tags = told([copy], tmp_path)
    colour = {tag for tag in tags if tag.startswith("ICC")}
    assert tags - colour <= {f"RIFF:{tag}" for tag in STRUCTURE_TAGS} | ORIENTATION_TAGS
