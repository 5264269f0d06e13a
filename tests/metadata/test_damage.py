"""Damaged metadata of every kind that has a form: it is said to be damaged, and never passed over."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import cache

import msgspec
import pytest

from tests.builders import exif, photos
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
