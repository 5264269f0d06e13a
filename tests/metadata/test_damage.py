"""Damaged metadata of every kind that has a form: it is said to be damaged, and never passed over."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import cache

import msgspec
import pytest

from tests.builders import exif, icc, movie_makers, photos
from tests.builders.planted import planted
from tests.builders.telling import telling
from unexposed.errors import UnexposedError
from unexposed.formats import HEAD, sniff
from unexposed.metadata import Block, read

FORMED = ("c2pa", "exif", "icc", "iptc", "mpf", "photoshop", "quicktime", "xmp")
"""Languages whose blocks say how long they, or their parts, have to be."""
FORMLESS = {"handler", "compressor", "alias"}
"""Boxes of films that are a text and nothing else."""


def blocks(language: str) -> list[Block]:
    """Sound blocks of made files in a language."""
    return [one for one in _blocks() if one.language == language]


@cache
def _blocks() -> tuple[Block, ...]:
    return tuple(_sound())


def _sound() -> Iterator[Block]:
    for _, _, build in (*planted(), *telling()):
        source = build()
        container = sniff(source[:HEAD])
        try:
            found = container.blocks(source, container.dissect(source))
        except UnexposedError:
            continue
        for block in found:
            formed = block.language in FORMED and block.label not in FORMLESS
            if formed and "hidden.damaged" not in kinds(block):
                yield block


def cut(block: Block, size: int) -> Block:
    return msgspec.structs.replace(block, payload=block.payload[:size])


def kinds(block: Block) -> set[str]:
    return {one.kind for one in read(block)}


def test_nothing_sound_is_told_as_damaged() -> None:
    films = [lambda made=made: made()[0] for made in movie_makers.MAKERS]
    pictures = [photos.phone_photo, photos.phone_png, photos.phone_heic]
    for build in (*films, *pictures, *(build for _, _, build in telling())):
        source = build()
        container = sniff(source[:HEAD])
        for block in container.blocks(source, container.dissect(source)):
            assert "hidden.damaged" not in kinds(block), block.where
    for path in icc.system_profiles():
        profile = path.read_bytes()
        assert "hidden.damaged" not in kinds(Block("icc", profile, "ICC", len(profile))), path


@pytest.mark.parametrize("language", FORMED)
def test_a_block_that_is_cut_in_two_is_told_as_damaged(language: str) -> None:
    tried = 0
    for block in {one.payload: one for one in blocks(language)}.values():
        if "behind its last value" in str(read(block)):
            continue  # the second half of it is no part of its form
        tried += 1
        assert "hidden.damaged" in kinds(cut(block, len(block.payload) // 2)), block.where
    assert tried


@pytest.mark.parametrize("language", [one for one in FORMED if one != "quicktime"])
def test_no_cut_is_met_with_silence(language: str) -> None:
    """But for films': a cut between two boxes leaves whole ones, of which the first tell nothing."""
    block = max(blocks(language), key=lambda one: len(one.payload))
    for size in range(1, len(block.payload), max(1, len(block.payload) // 200)):
        assert read(cut(block, size)), size


def test_a_thumbnail_that_is_cut_off_is_told_with_the_damage() -> None:
    whole, _ = exif.a_thumbnail()
    block = Block("exif", whole, "EXIF", len(whole))
    assert "hidden.damaged" not in kinds(block)
    assert {"hidden.damaged", "content.thumbnail"} <= kinds(cut(block, len(whole) - 9))


def test_no_cut_through_or_before_a_thumbnail_is_passed_over() -> None:
    whole, small = exif.a_thumbnail()
    for end in range(1, whole.rindex(small) + len(small)):
        assert "hidden.damaged" in kinds(Block("exif", whole[:end], "EXIF", end)), end


def test_bytes_behind_all_values_are_told_and_padding_is_not() -> None:
    block = photos.phone_exif()
    padded = block + bytes(40)
    hiding = padded + b"a note of somebody's"
    assert read(Block("exif", padded, "EXIF", 0)) == read(Block("exif", block, "EXIF", 0))
    (one,) = (
        one
        for one in read(Block("exif", hiding, "EXIF", 0))
        if one not in read(Block("exif", block, "EXIF", 0))
    )
    assert (one.kind, one.value) == ("hidden.unknown", "60 bytes behind its last value")


@pytest.mark.parametrize("label", ["mvhd", "tkhd", "mdhd"])
def test_headers_that_are_too_short_for_their_times_are_damaged(label: str) -> None:
    assert kinds(Block("quicktime", bytes(4) + struct.pack(">I", 9), "movie", 8, label)) == {
        "hidden.damaged"
    }


def test_a_time_that_cannot_be_read_is_damaged() -> None:
    assert kinds(Block("time", b"\x07\xe9\x04", "PNG time", 3)) == {"hidden.damaged"}


def test_a_tag_of_a_profile_that_reaches_beyond_it_is_damage() -> None:
    profile = bytearray(blocks("icc")[0].payload)
    struct.pack_into(">I", profile, 132 + 8, len(profile))
    assert "hidden.damaged" in kinds(Block("icc", bytes(profile), "ICC", len(profile)))


def test_a_samsung_trailer_without_its_directory_or_a_piece_of_it_is_damaged() -> None:
    sound = movie_makers.SAMSUNG_PIECES
    at = sound.index(b"SEFH")
    assert "hidden.damaged" not in of_samsung(sound)
    assert "hidden.damaged" in of_samsung(sound[:at] + b"SEFX" + sound[at + 4 :])
    assert "hidden.damaged" in of_samsung(sound[:-9])
    misplaced = bytearray(sound)
    struct.pack_into("<I", misplaced, at + 12 + 8, at + 1_000)
    assert {"hidden.damaged", "location.place"} <= of_samsung(bytes(misplaced))


def of_samsung(trailer: bytes) -> set[str]:
    return kinds(Block("samsung_trailer", trailer, "trailer", len(trailer)))


def test_of_a_samsung_trailer_whose_end_alone_is_here_nothing_is_called_damaged() -> None:
    pieces = movie_makers.samsung_pieces((0x0A30, b"MotionPhoto_Data", bytes(70_000)))
    block = Block("samsung_trailer", pieces[-60_000:], "trailer", len(pieces))
    assert kinds(block) == {"content.video"}


def gopro(key: bytes, form: bytes, value: bytes) -> bytes:
    return key + form + struct.pack(">BH", 1, len(value)) + value + bytes(-len(value) % 4)


def test_gopros_notes_that_are_cut_are_damaged_wherever_that_is() -> None:
    inside = gopro(b"MINF", b"c", b"HERO9 Black") + gopro(b"CASN", b"c", b"C3441325")
    whole = gopro(b"DEVC", b"\0", inside)
    assert kinds(Block("gpmf", whole, "GPMF", len(whole))) == {"device.model", "device.serial"}
    for end in range(9, len(whole)):
        assert "hidden.damaged" in kinds(Block("gpmf", whole[:end], "GPMF", end)), end
    assert "hidden.damaged" not in kinds(Block("gpmf", whole[:30], "GPMF", len(whole)))


@pytest.mark.parametrize("size", range(8))
def test_a_position_of_a_gopro_with_too_few_numbers_is_none(size: int) -> None:
    payload = gopro(b"SCAL", b"l", struct.pack(">2i", 10, 10)) + gopro(b"GPS5", b"l", bytes(size))
    assert "location.gps" not in kinds(Block("gpmf", payload, "GPMF", len(payload)))
