from __future__ import annotations

import io
import itertools
import mmap
import random
import struct
import tracemalloc
import warnings
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from tests.builders import png as files
from tests.builders.contract import clean, survives
from tests.builders.corpus import real_files
from tests.builders.damage import broken
from tests.builders.frames import repeats, shown
from tests.builders.oracle import told
from tests.builders.photos import encoded, scene
from tests.builders.png import CANARY, Builder, before, changed, chunks, kinds, private_tiff
from unexposed import metadata
from unexposed.errors import Malformed
from unexposed.formats import Role, png, sniff
from unexposed.formats.png._picture import Picture
from unexposed.metadata import Block, exif

HIDDEN = {place: build for place, (build, _) in files.PLACES.items()}
EVERYWHERE = HIDDEN | {place: build for place, (build, _) in files.CONTRADICTIONS.items()}

SPELLINGS = (CANARY[:5], CANARY[:5].hex().encode())

STRUCTURE_TAGS = {
    *(f"PNG:{colour}{axis}" for colour in ("WhitePoint", "Red", "Green", "Blue") for axis in "XY"),
    "PNG:AnimationFrames",
    "PNG:AnimationPlays",
    "PNG:BackgroundColor",
    "PNG:BitDepth",
    "PNG:ColorType",
    "PNG:Compression",
    "PNG:Filter",
    "PNG:Gamma",
    "PNG:ImageHeight",
    "PNG:ImageWidth",
    "PNG:Interlace",
    "PNG:Palette",
    "PNG:ProfileName",
    "PNG:SRGBRendering",
    "PNG:SignificantBits",
    "PNG:Transparency",
    "IFD0:Orientation",
}
STRUCTURE_GROUPS = {"PNG-cICP", "ICC-header", "ICC_Profile", "ICC-meas", "ICC-view"}


def blocks_of(source: bytes) -> list[Block]:
    return png.blocks(source, png.dissect(source))


def kinds_found(source: bytes) -> set[str]:
    return {one.kind for block in blocks_of(source) for one in metadata.read(block)}


def upright(source: bytes) -> tuple[str, tuple[int, int], bytes]:
    with Image.open(io.BytesIO(source)) as image:
        turned = ImageOps.exif_transpose(image)
        return turned.mode, turned.size, turned.tobytes()


def beyond_structure(copies: list[bytes], folder: Path) -> set[str]:
    tags = told(copies, folder) - STRUCTURE_TAGS
    return {tag for tag in tags if tag.split(":")[0] not in STRUCTURE_GROUPS}


@pytest.mark.parametrize("build", files.PICTURES)
def test_a_picture_without_anything_to_hide_is_copied_byte_for_byte(build: Builder) -> None:
    assert clean(build(), png) == build()
    assert blocks_of(build()) == []


@pytest.mark.parametrize("place", HIDDEN)
def test_what_is_hidden_does_not_survive_and_the_picture_does(place: str) -> None:
    source = HIDDEN[place]()
    copy = clean(source, png)
    assert any(spelling in source for spelling in SPELLINGS)
    assert not any(spelling in copy for spelling in SPELLINGS)
    assert shown(copy) == shown(source)
    assert repeats(copy) == repeats(source)


@pytest.mark.parametrize(("build", "picture"), files.CONTRADICTIONS.values())
def test_what_contradicts_itself_is_cleaned_to_the_picture_in_it(
    build: Builder, picture: Builder
) -> None:
    copy = clean(build(), png)
    assert CANARY[:5] in build()
    assert CANARY[:5] not in copy
    assert shown(copy) == shown(picture())


@pytest.mark.parametrize("place", EVERYWHERE)
def test_what_is_hidden_is_handed_to_the_readers(place: str) -> None:
    _, language = files.PLACES.get(place, (None, ""))
    found = [block for block in blocks_of(EVERYWHERE[place]()) if CANARY[:4] in block.payload]
    assert found
    assert not language or language in {block.language for block in found}
    assert all(block.where for block in found)
    assert all(metadata.read(block) for block in found)


def test_everything_hidden_at_once_does_not_survive() -> None:
    extra = [
        (kind, data)
        for build in HIDDEN.values()
        for kind, data in chunks(build())
        if CANARY[:5] in data and kind not in (b"IDAT", b"IEND", b"fdAT", b"acTL", b"CANA")
    ]
    source = before(files.with_alpha(), b"IDAT", *extra) + CANARY
    copy = clean(source, png)
    assert len(extra) > 30
    assert CANARY[:5] not in copy
    assert shown(copy) == shown(files.with_alpha())


@pytest.mark.parametrize("place", ["chunks behind the stream", "chunks behind a frame"])
def test_what_stands_behind_a_stream_goes_to_the_last_byte(place: str) -> None:
    pictures = {
        "chunks behind the stream": files.many_pieces,
        "chunks behind a frame": files.animated_in_many_pieces,
    }
    assert clean(HIDDEN[place](), png) == pictures[place]()


def test_a_chunk_that_is_cut_gets_a_true_length_and_checksum() -> None:
    for place, picture in (
        ("data behind the stream", files.many_pieces),
        ("data behind a frame", files.animated),
        ("colours behind the palette", files.palette),
        ("transparency behind the palette", files.transparent_palette),
        ("transparency behind a colour", files.transparent_colour),
        ("data in the end", files.rgb),
        ("bytes instead of the end", files.rgb),
    ):
        assert clean(HIDDEN[place](), png) == picture()


@pytest.mark.parametrize("kind", [b"IDAT", b"fdAT"])
def test_chunks_without_picture_data_go_and_frames_are_counted_anew(kind: bytes) -> None:
    content = chunks(files.animated_in_many_pieces())
    at = files.where(content, kind) + 1
    empty = bytes(4) if kind == b"fdAT" else b""
    source = files.file(files.numbered([*content[:at], (kind, empty), *content[at:]]))
    assert clean(source, png) == files.animated_in_many_pieces()
    assert blocks_of(source) == []


@pytest.mark.parametrize("number", range(1, 9))
@pytest.mark.parametrize("at", [b"IDAT", b"IEND"])
@pytest.mark.parametrize("prefix", [b"", b"Exif\0\0"])
def test_the_orientation_comes_back_alone(number: int, at: bytes, prefix: bytes) -> None:
    source = before(files.rgb(), at, (b"eXIf", prefix + private_tiff(number)))
    copy = clean(source, png)
    assert upright(copy) == upright(source)
    if number == 1:
        assert copy == files.rgb()
    else:
        assert dict(chunks(copy))[b"eXIf"] == exif.plain_orientation(number)
        assert [part.role for part in png.dissect(copy)].count(Role.ORIENTATION) == 1


@pytest.mark.parametrize("number", [0, 1, 6, 9])
@pytest.mark.parametrize("at", [b"IDAT", b"IEND"])
@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (b"tEXt", lambda number: b"exif\0" + private_tiff(number)),
        (
            b"tEXt",
            lambda number: (
                b"Raw profile type exif\0"
                + files.raw_profile(b"exif", b"Exif\0\0" + private_tiff(number))
            ),
        ),
        (
            b"zTXt",
            lambda number: (
                b"Raw profile type exif\0\0"
                + zlib.compress(files.raw_profile(b"exif", private_tiff(number)))
            ),
        ),
        (
            b"iTXt",
            lambda number: b'XML:com.adobe.xmp\0\0\0\0\0<x tiff:Orientation="%d"/>' % number,
        ),
    ],
)
def test_a_picture_that_a_text_turns_is_shown_the_same_way_up(
    kind: bytes, written: object, number: int, at: bytes
) -> None:
    assert callable(written)
    source = before(files.rgb(), at, (kind, written(number)))
    copy = clean(source, png)
    assert kind not in kinds(copy)
    assert upright(copy) == upright(source)


def test_exif_goes_before_any_text() -> None:
    xmp = b'XML:com.adobe.xmp\0\0\0\0\0<x tiff:Orientation="8"/>'
    source = before(files.rgb(), b"IDAT", (b"iTXt", xmp), (b"eXIf", private_tiff(1)))
    assert clean(source, png) == files.rgb()
    source = before(files.rgb(), b"IDAT", (b"iTXt", xmp), (b"eXIf", private_tiff(6)))
    assert dict(chunks(clean(source, png)))[b"eXIf"] == exif.plain_orientation(6)


def test_blocks_say_what_they_hold_and_where_it_stood() -> None:
    def told_of(kind: bytes, data: bytes) -> list[tuple[str, str, str, bytes]]:
        found = blocks_of(before(files.rgb(), b"IDAT", (kind, data)))
        return [(one.language, one.where, one.label, one.payload) for one in found]

    assert told_of(b"tEXt", b"prompt\0a cat") == [("text", "PNG text 'prompt'", "prompt", b"a cat")]
    assert told_of(b"zTXt", b"Author\0\0" + zlib.compress(b"Ada")) == [
        ("text", "PNG text 'Author'", "Author", b"Ada")
    ]
    assert told_of(b"iTXt", b"Title\0\1\0fi\0Otsikko\0" + zlib.compress(b"x")) == [
        ("text", "PNG text 'Title'", "Title", b"x"),
        ("text", "PNG text 'Title'", "translated keyword", b"Otsikko"),
    ]
    assert told_of(b"eXIf", private_tiff()) == [("exif", "EXIF", "", private_tiff())]
    assert told_of(b"tIME", b"\x07\xe9\4\1\x12\x16\5") == [
        ("time", "PNG time", "", b"\x07\xe9\4\1\x12\x16\5")
    ]
    assert told_of(b"pHYs", struct.pack(">2IB", 2835, 2835, 1)) == [
        ("density", "PNG density", "", b"2835 by 2835 pixels per metre")
    ]
    ((language, where, label, _),) = told_of(b"caNa", b"x")
    assert (language, where, label) == ("unknown", "PNG chunk 'caNa'", "caNa")
    ((language, where, label, _),) = told_of(b"iDOT", b"x")
    assert (language, where, label) == ("segment", "PNG decoding hints", "PNG decoding hints")


def test_what_texts_hold_is_read_in_its_own_language() -> None:
    tiff = private_tiff(6)
    raw = b"Raw profile type exif\0" + files.raw_profile(b"exif", b"Exif\0\0" + tiff)
    (block,) = blocks_of(before(files.rgb(), b"IDAT", (b"tEXt", raw)))
    assert (block.language, block.payload) == ("exif", tiff)
    broken_raw = b"Raw profile type exif\0\nexif\n  4\nno digits"
    (block,) = blocks_of(before(files.rgb(), b"IDAT", (b"tEXt", broken_raw)))
    assert block.language == "text"


def test_the_picture_before_it_was_cropped_is_reported_as_that() -> None:
    rest = zlib.compress(files.rows((80, 60), 8, files.RGB))
    behind = changed(files.rgb(), b"IDAT", lambda data: data + rest)
    middle = changed(files.rgb(), b"IDAT", lambda data: data + rest[2000:9000])
    in_chunks = before(files.rgb(), b"IEND", (b"IDAT", rest[2000:4000]), (b"IDAT", rest[4000:]))
    trailing = files.remains_of_a_longer_file()
    for source in (behind, middle, in_chunks, trailing):
        assert "hidden.cropped_data" in kinds_found(source)
    for source in (behind, middle, in_chunks):
        assert clean(source, png) == files.rgb()
        assert len(blocks_of(source)) == 1
    assert "hidden.cropped_data" not in kinds_found(files.data_behind_the_stream())
    assert "hidden.cropped_data" not in kinds_found(files.png_after_the_end())
    assert "content.second_picture" in kinds_found(files.png_after_the_end())


def test_a_large_trailer_is_handed_out_in_part() -> None:
    (block,) = blocks_of(files.rgb() + bytes(1 << 20))
    assert (block.size, len(block.payload)) == (1 << 20, 64 << 10)


@pytest.mark.parametrize("kind", [b"zTXt", b"iCCP"])
def test_texts_and_profiles_are_inflated_up_to_a_limit(kind: bytes) -> None:
    bomb = b"Comment\0\0" + zlib.compress(bytes(40 << 20), 9)
    source = before(files.rgb(), b"IDAT", *[(kind, bomb)] * 20)
    held = [len(block.payload) for block in blocks_of(source)]
    assert max(held) <= metadata.MAX_PAYLOAD
    assert sum(held) <= 2 * metadata.MAX_PAYLOAD + len(held) * len(bomb)
    assert clean(source, png) == files.rgb()


def test_a_picture_that_inflates_to_much_is_never_in_memory() -> None:
    side = 10_000
    row = zlib.compressobj(9)
    data = b"".join(row.compress(bytes(side + 1)) for _ in range(side)) + row.flush()
    source = files.file(
        [
            (b"IHDR", files.header((side, side), 8, files.GREY)),
            (b"IDAT", data + CANARY),
            (b"IEND", b""),
        ]
    )
    tracemalloc.start()
    parts = png.dissect(source)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64 << 20
    assert any(part.role is Role.UNKNOWN for part in parts)


@pytest.mark.parametrize("kind", [b"eXIf", b"iCCP", b"tEXt", b"IDAT"])
def test_a_large_chunk_is_never_in_memory_as_a_whole(kind: bytes) -> None:
    at = b"IEND" if kind == b"IDAT" else b"IDAT"
    source = before(files.rgb(), at, (kind, bytes(48 << 20)))
    tracemalloc.start()
    parts = png.dissect(source)
    png.rebuild(source, parts)
    png.blocks(source, parts)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40 << 20


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize(("colour_type", "depth"), files.DEPTHS)
def test_the_rows_are_as_long_as_decoders_read_them(
    colour_type: int, depth: int, interlaced: bool
) -> None:
    for size in itertools.product((1, 2, 3, 5, 9), (1, 4, 5, 8)):
        source = files.drawn(size, depth, colour_type, interlaced)
        assert clean(source, png) == source
        assert shown(source)
        with pytest.raises(Malformed, match="more than the picture"):
            png.dissect(files.drawn(size, depth, colour_type, interlaced, more=b"\0"))
        rows = files.rows(size, depth, colour_type, interlaced)
        picture = Picture(*size, depth, colour_type, interlaced)
        assert picture.row_bytes(*size) == len(rows)
        short = changed(source, b"IDAT", lambda _, rows=rows: zlib.compress(rows[:-1]))
        with pytest.raises(Malformed, match="less than the picture"):
            png.dissect(short)
        with pytest.raises(OSError, match="truncated"):
            shown(short)


def test_an_animation_shows_the_same_frames_for_as_long_and_as_often() -> None:
    hidden = [
        (build, picture)
        for build, picture in (
            (files.animated, files.animated),
            (files.animated_behind_another_picture, files.animated_behind_another_picture),
            (files.more_frames_than_promised, files.animated),
            (files.data_behind_a_frame, files.animated),
            (files.picture_data_behind_the_frames, files.animated),
        )
    ]
    for build, picture in hidden:
        copy = clean(before(build(), b"IDAT", (b"eXIf", private_tiff())), png)
        assert copy == picture()
        assert shown(copy) == shown(build())
        assert repeats(copy) == 3


def test_frames_of_an_animation_that_is_none_go() -> None:
    source = files.without(files.animated(), b"acTL")
    copy = clean(source, png)
    assert set(kinds(copy)) == {b"IHDR", b"IDAT", b"IEND"}
    assert kinds_found(source) == {"hidden.unknown"}


def test_a_mapped_file_reads_like_bytes(tmp_path: Path) -> None:
    source = before(files.more_frames_than_promised(), b"IDAT", (b"eXIf", private_tiff(6))) + CANARY
    path = tmp_path / "picture.png"
    path.write_bytes(source)
    with (
        path.open("rb") as opened,
        mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
    ):
        parts = png.dissect(mapped)
        assert parts == png.dissect(source)
        assert png.blocks(mapped, parts) == blocks_of(source)
        assert png.rebuild(mapped, parts) == png.rebuild(source, parts)
        assert CANARY[:5] not in clean(mapped, png)


def test_it_is_found_by_its_first_bytes() -> None:
    assert sniff(files.rgb()[:64]) is png
    assert not png.sniff(b"\x89PNG\r\n")
    assert not png.sniff(b"")


SAMPLES = [
    *(build() for build in files.PICTURES),
    *(build() for build in EVERYWHERE.values()),
]


@given(broken(SAMPLES, files.rgb()[:33]))
@settings(max_examples=300, deadline=None)
def test_whatever_arrives_is_cleaned_for_good_or_held_back(source: bytes) -> None:
    survives(source, png)


ANYWHERE = sorted(
    {
        one
        for build in [*files.PICTURES, *EVERYWHERE.values()]
        for one in chunks(build())
        if len(one[1]) < 2000
    }
)


@given(st.lists(st.sampled_from(ANYWHERE), max_size=12), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_chunks_in_any_order_are_cleaned_for_good_or_held_back(
    extra: list[tuple[bytes, bytes]], random_order: random.Random
) -> None:
    content = chunks(files.palette())
    for one in extra:
        content.insert(random_order.randrange(1, len(content) + 1), one)
    survives(files.file(content), png)


@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.integers(0, 255)), max_size=4),
    st.floats(0, 1),
)
@settings(max_examples=300, deadline=None)
def test_damage_under_right_checksums_is_cleaned_for_good_or_held_back(
    sample: bytes, changes: list[tuple[float, float, int]], end: float
) -> None:
    content = chunks(sample)
    for which, place, value in changes:
        at = int(which * (len(content) - 1))
        kind, data = content[at]
        if data:
            copy = bytearray(data)
            copy[int(place * (len(data) - 1))] = value
            content[at] = kind, bytes(copy)
    cut = int(end * (len(content) - 1))
    kind, data = content[cut]
    survives(
        files.file([*content[:cut], (kind, data[: int(end * len(data))]), *content[cut:]]), png
    )


@given(
    st.permutations(
        [
            (b"tEXt", CANARY),
            (b"eXIf", private_tiff(6)),
            (b"caNa", CANARY),
            *chunks(files.coloured()),
        ]
    )
)
@settings(max_examples=100, deadline=None)
def test_sound_chunks_in_any_order_lose_what_is_hidden(content: list[tuple[bytes, bytes]]) -> None:
    content = [one for one in content if one[0] not in (b"IHDR", b"IEND")]
    first, *_, last = chunks(files.coloured())
    source = files.file([first, *content, last])
    if survives(source, png):
        copy = clean(source, png)
        assert CANARY not in copy
        assert shown(copy) == shown(files.palette())


def test_exiftool_finds_nothing_but_structure_in_the_copies(tmp_path: Path) -> None:
    copies = [clean(build(), png) for build in EVERYWHERE.values()]
    copies += [clean(build(), png) for build in files.PICTURES]
    assert beyond_structure(copies, tmp_path) == set()


def test_a_real_file_with_everything_is_cleaned() -> None:
    source = encoded(scene(), "PNG", exif=exif.plain_orientation(3), dpi=(72, 72))
    copy = clean(source, png)
    assert b"pHYs" not in kinds(copy)
    assert upright(copy) == upright(source)


@pytest.mark.parametrize("path", real_files(".png", ".apng"))
def test_real_files_are_cleaned_and_look_the_same_or_are_held_back(
    path: Path, tmp_path: Path
) -> None:
    source = path.read_bytes()
    if not survives(source, png):
        return
    copy = clean(source, png)
    assert beyond_structure([copy], tmp_path) == set()
    with warnings.catch_warnings(action="ignore"):
        try:
            before_cleaning = shown(source)
        except (OSError, SyntaxError, ValueError):
            return
    assert shown(copy) == before_cleaning
