from __future__ import annotations

import mmap
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from tests.builders import gif as files
from tests.builders.contract import clean, survives
from tests.builders.corpus import real_files
from tests.builders.damage import broken
from tests.builders.frames import repeats, shown
from tests.builders.gif import (
    CANARY,
    FOUR_COLOURS,
    application,
    control,
    four_colours,
    pieces,
    square,
    uncompressed,
    with_block,
)
from tests.builders.oracle import told
from unexposed.errors import Malformed
from unexposed.formats import gif, sniff

Builder = Callable[[], bytes]

LONG_TABLE = FOUR_COLOURS + files.UNSEEN_COLOURS

STRUCTURE_TAGS = {
    "GIFVersion",
    "ImageWidth",
    "ImageHeight",
    "HasColorMap",
    "ColorResolutionDepth",
    "BitsPerPixel",
    "BackgroundColor",
    "PixelAspectRatio",
    "AnimationIterations",
    "TransparentColor",
    "FrameCount",
    "Duration",
}


def loop(count: int, name: bytes = b"NETSCAPE2.0") -> bytes:
    return b"\x21\xff\x0b" + name + b"\3\1" + count.to_bytes(2, "little") + b"\0"


@pytest.mark.parametrize("build", [*files.CLEAN_PICTURES, uncompressed])
def test_a_picture_without_anything_to_hide_is_copied_byte_for_byte(build: Builder) -> None:
    assert clean(build(), gif) == build()


@pytest.mark.parametrize("build", files.HIDING_PLACES)
def test_what_is_hidden_does_not_survive_and_the_picture_does(build: Builder) -> None:
    source = build()
    copy = clean(source, gif)
    assert CANARY[:6] not in copy
    assert build in files.IN_TABLES or len(copy) <= len(source) - len(CANARY[:11])
    assert shown(copy) == shown(source)
    assert repeats(copy) == repeats(source)


@pytest.mark.parametrize("build", files.HIDING_PLACES)
def test_what_is_hidden_is_handed_to_the_readers(build: Builder) -> None:
    source = build()
    blocks = gif.blocks(source, gif.dissect(source))
    in_blocks_of_one_byte = bytes(b for byte in CANARY[:6] for b in (1, byte))
    assert any(
        CANARY[:6] in block.payload or in_blocks_of_one_byte in block.payload for block in blocks
    )
    assert all(block.where for block in blocks)


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        (files.comment, ("comment", "GIF comment", "", CANARY)),
        (files.plain_text, ("text", "GIF plain text", "", CANARY)),
        (files.xmp_in_sub_blocks, ("xmp", "XMP", "", CANARY)),
        (files.xmp, ("xmp", "XMP", "", b"<x:xmpmeta>" + CANARY + b"</x:xmpmeta>")),
        (files.icc_profile, ("icc", "ICC profile", "", CANARY)),
        (files.bytes_after_the_end, ("trailer", "after the end of the picture", "", CANARY)),
    ],
)
def test_blocks_say_their_language_and_hold_the_bare_data(
    build: Builder, expected: tuple[str, str, str, bytes]
) -> None:
    source = build()
    (block,) = gif.blocks(source, gif.dissect(source))
    assert (block.language, block.where, block.label, block.payload) == expected


@pytest.mark.parametrize(
    ("build", "label"),
    [
        (files.application_extension, "MGK8BIM0000"),
        (files.application_extension_with_long_name, CANARY.decode()),
        (files.unknown_extension, "unknown extension"),
        (files.stray_bytes_before_the_end, "stray bytes"),
        (files.colours_beyond_the_codes_of_their_picture, "colours that no picture can have"),
        (files.blocks_behind_the_last_pixel, "behind the picture data"),
        (files.data_behind_the_loop_count, "data behind the loop count"),
    ],
)
def test_unknown_data_is_labelled_by_what_the_file_says_of_it(build: Builder, label: str) -> None:
    source = build()
    (block,) = gif.blocks(source, gif.dissect(source))
    assert (block.language, block.label) == ("unknown", label)


def test_data_behind_the_end_code_is_cut_off_without_a_trace() -> None:
    assert clean(files.blocks_behind_the_end_code(), gif) == files.animated()
    assert clean(files.data_behind_the_end_code_in_its_block(), gif) == uncompressed()
    assert clean(files.data_behind_the_end_code_in_small_blocks(), gif) == uncompressed(size=1)


def test_data_behind_the_last_pixel_is_cut_off_where_there_is_no_end_code() -> None:
    assert clean(files.blocks_behind_the_last_pixel(), gif) == uncompressed(())
    assert clean(files.data_behind_the_last_pixel_in_its_block(), gif) == uncompressed(())


def test_data_behind_an_early_end_code_is_cut_off() -> None:
    assert clean(files.data_behind_an_early_end_code(), gif) == uncompressed(pixels=9)


def test_a_picture_may_begin_without_a_clear_code() -> None:
    source = uncompressed()
    start = source.index(b"\0\x08") + 2
    bits = int.from_bytes(source[start + 1 : start + 1 + source[start]], "little") >> 9
    data = bits.to_bytes(20, "little")
    assert clean(source[:start] + files.sub_blocks(data) + b";", gif)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 70),
    st.integers(1, 70),
    st.integers(2, 256),
    st.integers(0, 99),
    st.booleans(),
)
def test_all_that_an_encoder_wrote_is_needed(
    width: int, height: int, colours: int, seed: int, noisy: bool
) -> None:
    rng = random.Random(seed)
    pixels = bytes(
        rng.randrange(colours) if noisy else (at // 7) % colours for at in range(width * height)
    )
    picture = Image.frombytes("P", (width, height), pixels)
    picture.putpalette(bytes(range(256)) * 3)
    source = files.encoded(picture)
    assert clean(source, gif) == source
    behind = b"".join(
        one[:-1] + files.sub_blocks(CANARY) if one[:1] == b"," else one for one in pieces(source)
    )
    assert clean(behind, gif) == source


def test_timing_and_loop_count_stay() -> None:
    copy = clean(files.comments_between_frames(), gif)
    assert [duration for _, duration, _, _ in shown(copy)] == [40, 80, 120, 160]
    assert repeats(copy) == 3


@pytest.mark.parametrize("first", [b"NETSCAPE2.0", b"ANIMEXTS1.0"])
@pytest.mark.parametrize("second", [b"NETSCAPE2.0", b"ANIMEXTS1.0"])
@pytest.mark.parametrize("position", [1, -1])
def test_of_several_loop_counts_the_last_one_stays_which_the_browsers_heed(
    first: bytes, second: bytes, position: int
) -> None:
    last = with_block(files.still(), loop(5, second), position)
    assert clean(with_block(last, loop(2, first)), gif) == last


@pytest.mark.parametrize(
    "block",
    [
        application(b"NETSCAPE2.0", b"\1\5\0S"),
        application(b"NETSCAPE2.0", b"\1\5"),
        application(b"NETSCAPE2.0", b"\2\5\0"),
    ],
)
def test_a_loop_count_that_the_browsers_pass_over_goes(block: bytes) -> None:
    assert clean(with_block(files.still(), block), gif) == files.still()
    counted = with_block(files.still(), loop(3))
    assert clean(with_block(counted, block, -1), gif) == counted


def test_a_loop_count_behind_stray_bytes_does_not_begin_to_count() -> None:
    source = with_block(files.animated(), b"\0" + loop(9), -1)
    assert clean(source, gif) == files.animated()


def test_of_several_graphic_controls_the_last_one_stays() -> None:
    source = with_block(files.still(), control(5) + control(9))
    assert clean(source, gif) == with_block(files.still(), control(9))


def test_a_graphic_control_passes_over_a_text_to_the_picture_that_viewers_use_it_for() -> None:
    text = files.plain_text()
    source = text.replace(b"\x21\x01", control(9) + b"\x21\x01")
    copy = clean(source, gif)
    assert copy == with_block(files.still(), control(9))
    assert shown(copy) == shown(source)


def test_a_graphic_control_without_a_picture_goes() -> None:
    assert clean(with_block(files.still(), control(9), -1), gif) == files.still()


def test_reserved_bits_and_an_unused_colour_become_zero() -> None:
    source = with_block(files.still(), control(9, flags=0xE4, colour=0x53))
    at = source.index(b",", len(pieces(files.still())[0])) + 9
    source = source[:at] + bytes([source[at] | 0x3F]) + source[at + 1 :]
    assert clean(source, gif) == with_block(files.still(), control(9, flags=0x04))


def test_colours_that_no_code_can_name_become_black() -> None:
    black = FOUR_COLOURS + bytes(len(files.UNSEEN_COLOURS))
    assert clean(files.colours_beyond_the_codes_of_all_pictures(), gif) == four_colours(black)
    copy = clean(files.colours_beyond_the_codes_of_their_picture(), gif)
    assert copy == four_colours(b"", black)
    copy = clean(files.common_colours_that_no_picture_uses(), gif)
    assert copy == four_colours(bytes(len(black)), own=FOUR_COLOURS)


def test_a_common_colour_stays_if_any_picture_can_have_it() -> None:
    common = uncompressed()[13:781]
    source = four_colours(common)[:-1] + uncompressed()[781:]
    assert clean(source, gif) == source


def test_a_transparent_colour_stays_in_the_table_that_it_is_looked_up_in() -> None:
    copy = clean(four_colours(LONG_TABLE, before=control(flags=1, colour=200)), gif)
    kept = bytearray(FOUR_COLOURS + bytes(756))
    kept[600:603] = LONG_TABLE[600:603]
    assert copy == four_colours(bytes(kept), before=control(flags=1, colour=200))


def test_shades_of_grey_in_their_order_stay_grey() -> None:
    greys = bytes(shade for shade in range(256) for _ in range(3))
    assert clean(four_colours(greys), gif) == four_colours(greys)
    assert clean(four_colours(b"", greys), gif) == four_colours(b"", greys)


def test_common_colours_stay_that_pillow_shows_for_shades_of_grey() -> None:
    source = four_colours(own=bytes(shade for shade in range(4) for _ in range(3)))
    assert clean(source, gif) == source


@pytest.mark.parametrize(
    "options",
    [
        {"place": (1, 0)},
        {"before": control(flags=0x01, colour=3)},
        {"before": control(flags=0x08)},
    ],
)
def test_the_colour_of_the_background_stays_where_it_may_be_seen(options: Any) -> None:
    source = four_colours(LONG_TABLE, background=200, **options)
    copy = clean(source, gif)
    kept = bytearray(FOUR_COLOURS + bytes(756))
    kept[600:603] = LONG_TABLE[600:603]
    assert copy == four_colours(bytes(kept), background=200, **options)
    assert shown(copy) == shown(source)


def test_a_background_that_cannot_be_seen_becomes_the_first_colour() -> None:
    assert clean(four_colours(background=3), gif) == four_colours()
    copy = clean(four_colours(b"", FOUR_COLOURS, background=3, place=(1, 0)), gif)
    assert copy == four_colours(b"", FOUR_COLOURS, place=(1, 0))


def test_what_no_viewer_heeds_of_the_screen_becomes_constant() -> None:
    source = four_colours()
    assert clean(source[:10] + b"\x89\0S" + source[13:], gif) == source
    source = four_colours(b"", FOUR_COLOURS)
    assert clean(source[:10] + b"\x4fGP" + source[13:], gif) == source


def test_a_first_picture_makes_the_screen_larger_for_those_behind_it() -> None:
    source = four_colours(place=(5, 5))[:-1] + square(place=(2, 5)) + b";"
    assert clean(source, gif) == source


@pytest.mark.parametrize("place", [(4, 0), (0, 4), (900, 900), (1, 0), (0, 1)])
def test_a_picture_out_of_the_screen_is_held_back(place: tuple[int, int]) -> None:
    source = four_colours()[:-1] + square(place=place) + b";"
    with pytest.raises(Malformed, match="out of the screen"):
        gif.dissect(source)


@pytest.mark.parametrize("build", files.DISPUTED)
def test_a_picture_that_some_viewers_never_come_to_is_held_back(build: Builder) -> None:
    with pytest.raises(Malformed, match="some viewers stop"):
        gif.dissect(build())


@pytest.mark.parametrize("behind", [b"", b"\xff", CANARY])
def test_a_picture_that_ends_before_its_last_pixel_without_saying_so_is_held_back(
    behind: bytes,
) -> None:
    with pytest.raises(Malformed, match="ends before"):
        gif.dissect(uncompressed((), pixels=7) + behind)


def test_an_end_byte_that_is_missing_is_added() -> None:
    assert clean(files.animated()[:-1], gif) == files.animated()


def test_the_older_version_is_read_too() -> None:
    assert clean(b"GIF87a" + files.still()[6:], gif)[:6] == b"GIF87a"


def test_a_mapped_file_is_read_as_bytes_are(tmp_path: Path) -> None:
    path = tmp_path / "picture.gif"
    path.write_bytes(files.comments_between_frames())
    with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, prot=mmap.PROT_READ) as mapped:
        assert clean(mapped, gif) == files.animated()


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (b"GIF89a", "cut short"),
        (files.still()[:400], "cut short"),
        (files.still()[:100], "cut short"),
        (files.still()[:-2], "cut short"),
        (pieces(files.still())[0] + b";", "holds no picture"),
        (pieces(files.still())[0], "holds no picture"),
        (with_block(files.still(), b"\x21"), "cut short|damaged"),
        (uncompressed((400,), pixels=3), "damaged"),
        (uncompressed().replace(b"\4\0\4\0\0\x08", b"\0\0\4\0\0\x08"), "without width or height"),
        (uncompressed().replace(b"\4\0\4\0\0\x08", b"\4\0\4\0\0\x09"), "number of bits"),
        (uncompressed().replace(b"\4\0\4\0\0\x08", b"\4\0\4\0\0\x01"), "number of bits"),
        (uncompressed()[: uncompressed().index(b"\0\x08") + 2] + b"\0;", "ends before"),
    ],
)
def test_a_file_that_cannot_be_accounted_for_is_held_back(source: bytes, problem: str) -> None:
    with pytest.raises(Malformed, match=problem):
        gif.dissect(source)


def test_a_file_in_too_many_parts_is_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unexposed.formats._tiling.MAX_PARTS", 10)
    with pytest.raises(Malformed, match="more than 10 parts"):
        gif.dissect(files.comments_between_frames())


def test_it_is_found_by_its_first_bytes() -> None:
    assert sniff(files.still()[:64]) is gif
    assert not gif.sniff(b"GIF88a")
    assert not gif.sniff(b"")


SAMPLES = [
    *(build() for build in files.CLEAN_PICTURES if build is not files.long_data),
    *(build() for build in files.HIDING_PLACES),
    *(build() for build in files.DISPUTED),
]


@settings(max_examples=400, deadline=None)
@given(broken(SAMPLES, uncompressed()[:781]))
def test_whatever_arrives_is_cleaned_for_good_or_held_back(data: bytes) -> None:
    survives(data, gif)


def test_exiftool_finds_nothing_but_structure_in_the_copies(tmp_path: Path) -> None:
    copies = [clean(build(), gif) for build in files.HIDING_PLACES]
    assert told(copies, tmp_path) <= {f"GIF:{tag}" for tag in STRUCTURE_TAGS}


# What is wrong with the files that cannot be cleaned; all others can.
HELD = {
    "gif__ImageTestSuite__5f09a896c191db3fa7ea6bdd5ebe9485.gif": "without width or height",
    "gif__ImageTestSuite__bc7af0616c4ae99144c8600e7b39beea.gif": "cut short",
    "gif__ImageTestSuite__ee6d1133f9264dc6467990e53d0bf104.gif": "cut short",
}


@pytest.mark.parametrize("path", real_files(".gif"))
def test_real_files_are_cleaned_or_held_back_for_a_true_reason(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # one ends before its last pixel
    source = path.read_bytes()
    if path.name in HELD:
        with pytest.raises(Malformed, match=HELD[path.name]):
            gif.dissect(source)
        return
    copy = clean(source, gif)
    assert shown(copy) == shown(source)
    assert repeats(copy) == repeats(source)
    assert told([copy], tmp_path) <= {f"GIF:{tag}" for tag in STRUCTURE_TAGS}
