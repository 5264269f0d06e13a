from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from tests.builders import icc as profiles
from tests.builders import png as files
from tests.builders.contract import clean
from tests.builders.png import CANARY, Builder, before, changed, chunks, kinds
from unexposed.formats import png
from unexposed.metadata import icc


def test_the_bits_of_a_transparent_colour_that_the_depth_has_no_room_for_go() -> None:
    source = changed(files.transparent_grey(), b"tRNS", lambda data: b"\x41" + data[1:])
    assert clean(source, png) == files.transparent_grey()


@pytest.mark.parametrize("build", [files.small_palette, files.transparent_palette, files.coloured])
def test_a_picture_keeps_its_colours(build: Builder) -> None:
    source = before(build(), b"IDAT", (b"tEXt", CANARY))
    assert clean(source, png) == build()


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (b"gAMA", bytes(4)),
        (b"sRGB", b"\4"),
        (b"cICP", b"\1\r\1\1"),
        (b"cICP", b"\1\r\0\2"),
        (b"cHRM", struct.pack(">8I", 100_000, 20_000, *[30_000] * 6)),
        (b"mDCV", struct.pack(">8H2I", *[20_000] * 8, 1, 2)),
        (b"sBIT", b"\x08\x08\x09"),
        (b"sBIT", b"\x08"),
        (b"bKGD", b"\0\1\0\1\1\0"),
        (b"bKGD", b"\0\1"),
        (b"tRNS", b""),
    ],
)
def test_impossible_colours_go(kind: bytes, data: bytes) -> None:
    assert clean(before(files.rgb(), b"IDAT", (kind, data)), png) == files.rgb()


def test_a_background_that_is_in_no_palette_goes() -> None:
    source = before(files.small_palette(), b"IDAT", (b"bKGD", b"\x05"))
    assert clean(source, png) == files.small_palette()


def test_a_profile_keeps_its_colours_and_loses_its_name_and_owner() -> None:
    source = files.profile_of_a_monitor()
    copy = clean(source, png)
    with Image.open(io.BytesIO(source)) as theirs, Image.open(io.BytesIO(copy)) as ours:
        assert ours.info["icc_profile"] == icc.plain(theirs.info["icc_profile"])
    assert dict(chunks(copy))[b"iCCP"].startswith(b"ICC\0\0")


@pytest.mark.parametrize("level", [0, 1, 9])
def test_a_plain_profile_is_written_in_one_way_however_it_was_compressed(level: int) -> None:
    stream = zlib.compress(files.plain_profile(), level)
    source = before(files.rgb(), b"IDAT", (b"iCCP", b"anything\0\0" + stream))
    assert clean(source, png) == files.with_plain_profile()


@pytest.mark.parametrize("path", profiles.system_profiles()[:40], ids=lambda path: path.name)
def test_a_profile_of_any_size_reads_back_as_it_was_written(path: Path) -> None:
    profile = path.read_bytes()
    plain = icc.plain(profile)
    copy = clean(before(files.rgb(), b"IDAT", (b"iCCP", b"x\0\0" + zlib.compress(profile))), png)
    if plain is None:
        assert b"iCCP" not in kinds(copy)
    else:
        _, _, data = dict(chunks(copy))[b"iCCP"].partition(b"\0\0")
        assert zlib.decompress(data) == plain
