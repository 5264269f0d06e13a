from __future__ import annotations

import io
import mmap
import os
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from PIL import Image, ImageCms, ImageOps

from tests.builders import icc as profiles
from tests.builders import jpeg as files
from tests.builders import jpeg_scans as scans
from tests.builders.contract import clean, survives
from tests.builders.corpus import real_files
from tests.builders.damage import broken, flipped
from tests.builders.jpeg import CANARY, Place, pixels, segment, shown
from tests.builders.oracle import told
from tests.builders.photos import encoded, scene
from unexposed.errors import Malformed
from unexposed.formats import Role, jpeg, sniff
from unexposed.metadata import MAX_PAYLOAD, Block, exif, icc

Builder = Callable[[], bytes]

PLAIN_TAGS = {"IFD0:Orientation"}
PLAIN_GROUPS = {"JFIF", "Adobe", "APP14", "ICC-header", "ICC_Profile", "ICC-meas", "ICC-view"}


def blocks_of(source: bytes) -> list[Block]:
    return jpeg.blocks(source, jpeg.dissect(source))


def upright(source: bytes) -> tuple[str, tuple[int, int], bytes]:
    with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(source)) as image:
        turned = ImageOps.exif_transpose(image)
        return turned.mode, turned.size, turned.tobytes()


@pytest.mark.parametrize("build", files.PICTURES)
def test_a_picture_without_anything_to_hide_is_copied_byte_for_byte(build: Builder) -> None:
    assert clean(build(), jpeg) == build()


@pytest.mark.parametrize("options", [(), ("-progressive",), ("-restart", "1")])
def test_an_arithmetic_coded_picture_is_copied_byte_for_byte(options: tuple[str, ...]) -> None:
    source = files.arithmetic(*options)
    if source is None:
        if os.environ.get("CI") == "true":
            pytest.fail("cjpeg is not installed, or cannot do arithmetic coding")
        pytest.skip("no cjpeg that can do arithmetic coding")
    assert clean(source, jpeg) == source
    assert CANARY not in clean(files.comment_behind_the_first_scan(source), jpeg)


@pytest.mark.parametrize("build", files.PICTURES)
@pytest.mark.parametrize("hide", files.PLACES)
def test_what_is_hidden_does_not_survive_and_the_picture_does(hide: Place, build: Builder) -> None:
    source = hide(build())
    copy = clean(source, jpeg)
    assert CANARY[:6] in source
    assert CANARY[:6] not in copy
    assert pixels(copy) == pixels(source)


@pytest.mark.parametrize("build", [files.baseline, files.progressive, files.with_restarts])
def test_a_huffman_table_that_is_replaced_before_use_does_not_survive(build: Builder) -> None:
    copy = clean(files.huffman_table_that_is_replaced(build()), jpeg)
    assert CANARY not in copy
    assert pixels(copy) == pixels(build())


@pytest.mark.parametrize("build", files.TAILS)
def test_a_segment_longer_than_its_content_is_cut_to_it(
    build: Callable[[], tuple[bytes, bytes]],
) -> None:
    source, picture = build()
    assert clean(source, jpeg) == picture
    assert any(CANARY in block.payload for block in blocks_of(source))


@pytest.mark.parametrize(("hide", "language"), files.PLACES.items())
def test_what_is_hidden_is_handed_to_the_readers(hide: Place, language: str) -> None:
    found = blocks_of(hide(files.baseline()))
    assert any(CANARY in block.payload for block in found if block.language == language)


def test_everything_hidden_at_once_does_not_survive() -> None:
    source = files.baseline()
    for hide in files.STACKABLE:
        source = hide(source)
    copy = clean(source, jpeg)
    assert source.count(CANARY) > len(files.STACKABLE)
    assert CANARY[:6] not in copy
    assert pixels(copy) == pixels(files.baseline())


@pytest.mark.parametrize("number", range(1, 9))
def test_the_copy_is_shown_the_same_way_up(number: int) -> None:
    tags = Image.Exif()
    tags[0x0112] = number
    tags[0x010F] = CANARY.decode()
    source = encoded(scene(*files.SIZE), exif=tags)
    copy = clean(source, jpeg)
    assert CANARY not in copy
    assert upright(copy) == upright(source)
    assert (b"Exif" in copy) == (number != 1)


def test_the_first_of_several_orientations_counts() -> None:
    copy = clean(files.second_exif(files.baseline()), jpeg)
    with Image.open(io.BytesIO(copy)) as image:
        assert image.getexif()[0x0112] == 6


def test_an_orientation_that_only_some_decoders_heed_goes() -> None:
    telling = segment(0xE1, b"Exif\0\1" + exif.plain_orientation(6))
    source = files.before(files.baseline(), 0xDB, telling)
    assert clean(source, jpeg) == files.baseline()
    assert upright(source) == upright(files.baseline())


def test_an_orientation_out_of_its_place_moves_there() -> None:
    plain = segment(0xE1, b"Exif\0\0" + exif.plain_orientation(6))
    source = files.before(files.baseline(), 0xDA, plain)
    assert clean(source, jpeg) == files.before(files.baseline(), 0xDB, plain)


def test_a_standard_profile_stays_byte_for_byte_and_any_other_keeps_its_colours() -> None:
    own = profiles.of_a_monitor("A monitor", CANARY.decode())
    plain = icc.plain(own)
    assert plain
    for profile in (own, plain):
        copy = clean(files.with_profile(files.baseline(), profile), jpeg)
        with Image.open(io.BytesIO(copy)) as image:
            assert image.info["icc_profile"] == plain
    source = files.with_profile(files.baseline(), plain)
    assert clean(source, jpeg) == source


@pytest.mark.parametrize("backwards", [False, True])
def test_a_profile_in_many_chunks_is_put_together(backwards: bool) -> None:
    plain = icc.plain(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    assert plain
    source = files.with_profile(files.progressive(), plain, 100, backwards=backwards)
    assert clean(source, jpeg) == files.with_profile(files.progressive(), plain)


def test_the_colours_of_a_picture_without_jfif_stay() -> None:
    for build in (files.rgb, files.cmyk):
        transform = files.taken_apart(build())[files.where(files.taken_apart(build()), 0xEE)][-1]
        telling = segment(0xEE, b"Adobe\0\x65\x80\x01\x40\x02" + bytes((transform,)) + CANARY)
        misleading = segment(0xEE, b"Adobe\0\x64\0\0\0\0\x02")
        source = files.before(files.without(build(), 0xEE), 0xDB, misleading + telling)
        copy = clean(source, jpeg)
        assert CANARY not in copy
        assert pixels(copy) == pixels(build())


def test_a_density_is_told_and_made_plain() -> None:
    source = encoded(scene(*files.SIZE), dpi=(144, 144), quality=80)
    assert clean(source, jpeg) == files.baseline()
    assert [block.language for block in blocks_of(source)] == ["density"]


def test_only_the_first_picture_of_an_mpo_survives() -> None:
    source = files.two_views()
    copy = clean(source, jpeg)
    assert pixels(copy) == pixels(source)
    assert copy.count(b"\xff\xd8\xff") == 1
    assert {block.language for block in blocks_of(source)} >= {"mpf", "trailer"}


@pytest.mark.parametrize(
    ("hide", "label"),
    [
        (files.another_jpeg_after_the_end, "jpeg"),
        (files.motion_photo_after_the_end, "mp4"),
        (files.samsung_data_after_the_end, "samsung"),
        (files.zip_after_the_end, "zip"),
        (files.text_after_the_end, ""),
    ],
)
def test_what_follows_the_picture_is_told_apart(hide: Place, label: str) -> None:
    found = [block.label for block in blocks_of(hide(files.baseline()))]
    assert label in found


def test_trailers_behind_each_other_are_told_apart() -> None:
    source = files.motion_photo_after_the_end(files.two_views())
    source = files.samsung_data_after_the_end(source)
    found = [block.label for block in blocks_of(source) if block.language == "trailer"]
    assert found == ["jpeg", "mp4", "samsung"]


def test_a_thumbnails_end_does_not_end_the_picture() -> None:
    source = files.thumbnail_in_jfxx(files.baseline())
    assert not any(part.role is Role.TRAILER for part in jpeg.dissect(source))


def test_fill_bytes_do_not_survive() -> None:
    source = files.before(files.baseline(), 0xDB, b"\xff")
    source = source[:-2] + b"\xff" * 9000 + source[-2:]
    assert clean(source, jpeg) == files.baseline()


def test_a_picture_cut_short_keeps_what_is_there_and_gets_an_end() -> None:
    whole = files.baseline()
    cut = whole[:-300]
    assert clean(cut, jpeg) == cut.rstrip(b"\xff") + b"\xff\xd9"


def test_lines_that_are_counted_behind_the_scan_stay() -> None:
    pieces = files.taken_apart(files.grey())
    n = files.where(pieces, 0xC0)
    pieces[n] = pieces[n][:5] + b"\0\0" + pieces[n][7:]
    lines = segment(0xDC, files.SIZE[1].to_bytes(2))
    source = b"".join([*pieces[:-1], segment(0xDC, b""), lines, pieces[-1]])
    assert clean(source, jpeg) == b"".join([*pieces[:-1], lines, pieces[-1]])


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b"", "does not begin as a JPEG"),
        (b"\xff\xd8\xff\xd9", "ends before any picture data"),
        (files.baseline()[:200], "over the end of the file"),
        (files.without(files.baseline(), 0xC0), "before the frame header"),
        (files.before(files.baseline(), 0xC4, b"\xff\xfe\0\x01"), "impossible segment length"),
        (files.before(files.baseline(), 0xD9, files.baseline()), "another picture begins"),
        (files.before(files.baseline(), 0xC0, segment(0xC0, bytes(9))), "too short"),
        (files.before(files.baseline(), 0xC4, segment(0xDE, bytes(9))), "hardly anything"),
        (files.before(files.baseline(), 0xC4, segment(0xF7, bytes(9))), "hardly anything"),
        (
            files.before(files.baseline(), 0xDA, segment(0xC0, files.taken_apart(files.grey())[3])),
            "second frame",
        ),
        (
            files.before(
                files.baseline(), 0xD9, b"".join(files.taken_apart(files.baseline())[-3:-1])
            ),
            "does not go on",
        ),
        (scans.with_scan(files.progressive(), 0, 63, 0), "scan header is impossible"),
        (scans.with_scan(files.progressive(), 1, 63, 0), "scan header is impossible"),
        (scans.with_scan(files.progressive(), 0, 0, 0x0E), "scan header is impossible"),
        (scans.with_scan(files.progressive(), 0, 0, 0x31), "scan header is impossible"),
        (scans.with_scan(scans.lossless(), 0, 0, 0), "scan header is impossible"),
        (scans.with_scan(scans.lossless(), 1, 63, 0), "scan header is impossible"),
        (
            files.replaced(files.baseline(), 0xC0, b"\x08\0\x38\0\x48\x05" + bytes((1, 17, 0)) * 5),
            "frame header is impossible",
        ),
    ],
)
def test_what_libjpeg_takes_no_picture_from_is_held_back(source: bytes, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        jpeg.dissect(source)


def test_a_file_of_countless_segments_is_held_back() -> None:
    with pytest.raises(Malformed, match="pieces"):
        jpeg.dissect(files.before(files.baseline(), 0xDA, segment(0xFE, b"") * 100_001))


def test_a_mapped_file_reads_like_bytes(tmp_path: Path) -> None:
    source = files.samsung_data_after_the_end(files.two_views())
    path = tmp_path / "picture.jpg"
    path.write_bytes(source)
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
    ):
        parts = jpeg.dissect(mapped)
        assert parts == jpeg.dissect(source)
        assert jpeg.blocks(mapped, parts) == blocks_of(source)
        assert jpeg.rebuild(mapped, parts) == jpeg.rebuild(source, parts)


def test_a_jpeg_is_recognised() -> None:
    assert sniff(files.baseline()[:64]).NAME == "jpeg"


def test_what_the_standard_tables_do_not_tell_an_encoders_own_do() -> None:
    assert blocks_of(files.baseline()) == []
    own = [bytes(range(n, n + 64)) for n in (1, 9)]
    source = encoded(scene(*files.SIZE), qtables=[list(table) for table in own])
    (block,) = blocks_of(source)
    assert (block.language, block.label) == ("encoder", "4:2:0")


def test_blocks_of_extended_xmp_and_c2pa_are_joined_in_order() -> None:
    (packet,) = blocks_of(files.extended_xmp(files.baseline()))
    assert packet.payload == b"<x:xmpmeta>" + CANARY + b"</x:xmpmeta>"
    assert packet.label == "extended"
    (record,) = blocks_of(files.c2pa_in_two_packets(files.baseline()))
    assert CANARY * 3 in record.payload
    assert int.from_bytes(record.payload[:4]) == len(record.payload)


def test_a_large_trailer_is_handed_out_in_part() -> None:
    source = files.baseline() + bytes(1 << 20)
    (block,) = blocks_of(source)
    assert (block.size, len(block.payload)) == (1 << 20, 64 << 10)


def test_blocks_hold_no_more_than_readers_take() -> None:
    source = files.before(
        files.baseline(), 0xDB, segment(0xED, b"Photoshop 3.0\0" + bytes(65_000)) * 300
    )
    assert max(len(block.payload) for block in blocks_of(source)) == MAX_PAYLOAD


SAMPLES = [
    *(build() for build in files.PICTURES),
    *(hide(files.baseline()) for hide in files.PLACES),
    *(hide(files.progressive_with_restarts()) for hide in files.PLACES),
    *(hide(builds[0]()) for hide, builds in scans.PLACES.items()),
    scans.in_three_scans(),
    scans.lossless(),
]


@given(broken(SAMPLES, b"\xff\xd8\xff"))
@settings(max_examples=400, deadline=None)
def test_whatever_arrives_is_cleaned_or_held_back(source: bytes) -> None:
    survives(source, jpeg)


@given(flipped([build() for build in files.PICTURES]))
@settings(max_examples=250, deadline=None)
def test_a_damaged_picture_shows_what_it_showed(source: bytes) -> None:
    before = shown(source)
    if before is not None and survives(source, jpeg):
        assert shown(clean(source, jpeg)) == before


def test_exiftool_finds_nothing_in_the_copies(tmp_path: Path) -> None:
    copies = [clean(hide(build()), jpeg) for hide in files.PLACES for build in files.PICTURES[:3]]
    found = told(copies, tmp_path)
    assert {tag for tag in found if tag.split(":")[0] not in PLAIN_GROUPS} <= PLAIN_TAGS


@pytest.mark.parametrize("path", real_files(".jpg", ".jpeg"))
def test_a_real_picture_is_cleaned_and_shown_as_before(path: Path) -> None:
    source = path.read_bytes()
    if shown(source) is None:
        survives(source, jpeg)
        return
    copy = clean(source, jpeg)
    assert upright(copy) == upright(source + b"\xff\xd9")


def test_exiftool_finds_nothing_in_the_copies_of_real_pictures(tmp_path: Path) -> None:
    paths = [param.values[0] for param in real_files(".jpg", ".jpeg")]
    sources = [path.read_bytes() for path in paths if isinstance(path, Path)]
    if not sources:
        pytest.skip("no ../shared/corpus beside the project")
    copies = [clean(source, jpeg) for source in sources if survives(source, jpeg)]
    found = told(copies, tmp_path)
    assert {tag for tag in found if tag.split(":")[0] not in PLAIN_GROUPS} <= PLAIN_TAGS
