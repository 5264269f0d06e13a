"""Colour profiles are made plain: the same colours, and nothing else."""

from __future__ import annotations

import hashlib
import os
import random
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from tests.builders import icc as build
from unexposed.metadata import Block, icc, read
from unexposed.metadata.icc_known import KNOWN

_MODES = {b"RGB ": "RGB", b"GRAY": "L", b"CMYK": "CMYK", b"Lab ": "LAB"}
_SECRET = "SERIAL0123456789"


def made_plain_by_force(profile: bytes) -> bytes | None:
    """The plain form of a profile, also of a known standard one."""
    changed = bytearray(profile)
    changed[24:36] = struct.pack(">6H", 1999, 12, 31, 23, 59, 58)
    assert icc.known(bytes(changed)) is None
    return icc.plain(bytes(changed))


def pixels(mode: str) -> Image.Image:
    size = (48, 48)
    bands = len(Image.new(mode, (1, 1)).getbands())
    return Image.frombytes(mode, size, random.Random(5).randbytes(48 * 48 * bands))


def assert_same_colours(before: bytes, after: bytes) -> int:
    """Compare through littlecms with each intent that the first profile supports."""
    mode = _MODES[before[16:20]]
    standard = ImageCms.createProfile("sRGB")
    compared = 0
    for intent in ImageCms.Intent:
        results = []
        for profile in (before, after):
            try:
                transform = ImageCms.buildTransform(
                    build.opened(profile), standard, mode, "RGB", intent
                )
            except ImageCms.PyCMSError:
                results.append(None)
                continue
            results.append(ImageCms.applyTransform(pixels(mode), transform))
        if results[0] is None:
            continue
        assert results[1] is not None
        pairs = zip(results[0].tobytes(), results[1].tobytes(), strict=True)
        assert max(abs(a - b) for a, b in pairs) <= 1
        compared += 1
    return compared


def assert_same_colours_back(before: bytes, after: bytes) -> None:
    """Compare the way from sRGB into the profile's space, where it has one."""
    mode = _MODES[before[16:20]]
    standard = ImageCms.createProfile("sRGB")
    results = []
    for profile in (before, after):
        try:
            transform = ImageCms.buildTransform(standard, build.opened(profile), "RGB", mode)
            results.append(ImageCms.applyTransform(pixels("RGB"), transform).tobytes())
        except (ImageCms.PyCMSError, OSError):  # a profile for one way only
            results.append(b"")
    assert len(results[0]) == len(results[1])
    assert all(abs(a - b) <= 1 for a, b in zip(*results, strict=True))


@pytest.mark.parametrize("path", build.system_profiles(), ids=lambda path: path.stem)
def test_a_systems_profile_keeps_its_colours(path: Path) -> None:
    before = path.read_bytes()
    after = made_plain_by_force(before)
    if before[12:16] == b"abst":
        assert after is None
        return
    assert after is not None
    assert icc.plain(after) == after
    if before[16:20] in _MODES:
        assert assert_same_colours(before, after) >= 1
        assert_same_colours_back(before, after)


def test_the_system_has_profiles_to_try() -> None:
    kinds = {path.read_bytes()[16:20] for path in build.system_profiles()}
    if not kinds and os.environ.get("CI") != "true":
        pytest.skip("no colour profiles are installed")
    assert {b"RGB ", b"GRAY", b"CMYK"} <= kinds


def test_a_monitors_name_and_serial_do_not_survive() -> None:
    before = build.of_a_monitor("EIZO CG2700", _SECRET)
    after = icc.plain(before)
    assert after is not None
    assert _SECRET.encode() in before
    for trace in (
        _SECRET.encode(),
        _SECRET[:7].encode(),
        b"EIZO",
        "EIZO".encode("utf-16-be"),
        b"TAIL",
    ):
        assert trace not in after
    assert set(build.tags(after)) <= set(icc.TAGS) | {b"desc", b"cprt"}
    assert assert_same_colours(before, after) == 4


def test_only_the_moment_of_making_differs_so_two_plain_profiles_are_one() -> None:
    first = build.dated_today()
    second = first[:24] + struct.pack(">6H", 1999, 1, 2, 3, 4, 5) + first[36:]
    assert first != second
    assert icc.plain(first) == icc.plain(second)


def test_tables_are_rebuilt_without_the_gaps_between_their_stages() -> None:
    before = build.rgb_with_tables()
    after = icc.plain(before)
    assert after is not None
    assert b"SECRET" in before
    assert b"SECRET" not in after
    assert b"\xee" not in after.replace(b"\xee\x02", b"")
    assert icc.plain(after) == after
    assert assert_same_colours(before, after) >= 1


def test_equal_elements_share_their_place() -> None:
    after = icc.plain(build.dated_today())
    assert after is not None
    starts = {
        after[at : at + 4]: after[at + 4 : at + 8]
        for at in range(132, 132 + 12 * int.from_bytes(after[128:132]), 12)
    }
    assert starts[b"rTRC"] == starts[b"gTRC"] == starts[b"bTRC"]


def test_bytes_behind_the_profile_do_not_survive() -> None:
    plain = icc.plain(build.dated_today())
    assert plain is not None
    assert icc.plain(plain + b"secret") == plain


def test_every_byte_of_a_plain_profile_belongs_to_header_table_or_element() -> None:
    after = icc.plain(build.of_a_monitor("x", _SECRET))
    assert after is not None
    spans = set()
    for at in range(132, 132 + 12 * int.from_bytes(after[128:132]), 12):
        start, size = struct.unpack_from(">II", after, at + 4)
        spans.add((start, start + size))
    end = 132 + 12 * int.from_bytes(after[128:132])
    for start, stop in sorted(spans):
        assert after[end:start].strip(b"\0") == b""
        assert start - end < 4
        end = stop
    assert len(after) - end < 4
    assert int.from_bytes(after[:4]) == len(after)


@pytest.mark.parametrize("name", ["sRGB.icc", "ghostscript/default_cmyk.icc"])
def test_a_standard_profile_stays_byte_for_byte(name: str) -> None:
    path = build.SYSTEM_PROFILES / name
    if not path.is_file():
        pytest.skip("this profile is not installed")
    profile = path.read_bytes()
    if icc.known(profile) is None:
        pytest.skip("this version of the profile is not a known one")
    assert icc.plain(profile) == profile
    assert icc.plain(profile + b"tail") == profile


def test_the_table_of_known_profiles_holds_hashes_and_names() -> None:
    for digest, name in KNOWN.items():
        assert len(bytes.fromhex(digest)) == hashlib.sha256().digest_size
        assert name.strip() == name != ""


@pytest.mark.parametrize(
    "profile",
    [
        b"",
        b"no profile",
        bytes(200),
        build.dated_today()[:-40],
        build.dated_today()[:128] + b"\xff\xff\xff\xff" + build.dated_today()[132:],
        build.dated_today()[:36] + b"ACSP" + build.dated_today()[40:],
        build.dated_today().ljust(icc.MAX_PROFILE + 1, b"\0"),
        build.built({b"wtpt": build.tags(build.dated_today())[b"wtpt"]}, build.dated_today()[:128]),
    ],
)
def test_what_no_colours_can_be_read_from_is_no_profile(profile: bytes) -> None:
    assert icc.plain(profile) is None


@given(
    st.sampled_from([build.of_a_monitor("m", _SECRET), build.rgb_with_tables()]),
    st.lists(st.tuples(st.integers(0, 100_000), st.integers(0, 255)), max_size=8),
    st.integers(0, 2_000),
)
def test_damage_is_survived_and_plain_stays_plain(
    profile: bytes, flips: list[tuple[int, int]], cut: int
) -> None:
    damaged = bytearray(profile)
    for at, value in flips:
        damaged[at % len(damaged)] = value
    damaged = damaged[: len(damaged) - cut % 7 * 10]
    after = icc.plain(bytes(damaged))
    assert after is None or icc.plain(after) == after


def test_a_monitors_profile_is_told_with_its_name_and_date() -> None:
    profile = build.of_a_monitor("EIZO CG2700", _SECRET)
    (found,) = read(Block("icc", profile, "ICC", len(profile)))
    assert found.kind == "device.display"
    assert found.value.startswith("EIZO CG2700, made on 20")


def test_a_plain_profile_gives_nothing_away() -> None:
    after = icc.plain(build.of_a_monitor("EIZO CG2700", _SECRET)) or b""
    assert read(Block("icc", after, "ICC", len(after))) == []


def test_a_broken_profile_is_told_as_damaged() -> None:
    (found,) = read(Block("icc", b"no profile", "ICC", 10))
    assert found.kind == "hidden.damaged"


def test_bytes_behind_a_plain_profile_are_told() -> None:
    after = icc.plain(build.dated_today()) or b""
    (found,) = read(Block("icc", after + b"secret", "ICC", len(after) + 6))
    assert found.kind == "hidden.unknown"
