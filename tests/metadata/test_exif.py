"""What Exif blocks give away, and which way up a picture is."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.builders import exif as build
from unexposed.exposure import Finding
from unexposed.metadata import Block, exif, read
from unexposed.metadata.places import situated

ORDERS = pytest.mark.parametrize("order", ["<", ">"])


def told(block: bytes, where: str = "EXIF") -> list[Finding]:
    return read(Block("exif", block, where, len(block)))


def values(block: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in told(block):
        found.setdefault(one.kind, []).append(one.value)
    return found


@ORDERS
def test_a_place_is_told_in_decimal_degrees(order: str) -> None:
    places = [f for f in told(build.a_place(order)) if f.kind == "location.gps"]
    assert [(f.value, f.where) for f in places] == [("38.72260, -9.13920", "EXIF GPS")]
    assert places[0].summary.endswith("25 m above the sea")
    found = values(build.a_place(order))
    assert found["location.place"] == ["Praca do Comercio"]
    assert found["time.taken"] == ["2025-04-01 17:22:05Z"]
    assert "hidden.damaged" not in found


@ORDERS
def test_a_place_south_of_the_equator_and_below_the_sea(order: str) -> None:
    gps = [
        build.text(1, "S"),
        build.rationals(order, 2, (33, 1), (51, 1), (0, 1)),
        build.text(3, "E"),
        build.rationals(order, 4, (151, 1), (12, 1), (0, 1)),
        (5, build.BYTE, b"\1"),
        build.rationals(order, 6, (3, 1)),
    ]
    (place,) = (f for f in told(build.tiff(order, GPS=gps)) if f.kind == "location.gps")
    assert place.value == "-33.85000, 151.20000"
    assert "-3 m" in place.summary


def lisbon(*more: build.Field, north: str = "N", west: str = "W") -> bytes:
    sides = [build.text(tag, side) for tag, side in ((1, north), (3, west)) if side]
    degrees = [
        build.rationals("<", 2, (38, 1), (43, 1), (2136, 100)),
        build.rationals("<", 4, (9, 1), (8, 1), (2112, 100)),
    ]
    return build.tiff(GPS=sorted([*sides, *degrees, *more]))


@pytest.mark.parametrize(
    ("north", "west", "value"),
    [
        ("", "W", "38.72260 north or south, -9.13920"),
        ("N", "", "38.72260, 9.13920 east or west"),
        ("", "", "38.72260 north or south, 9.13920 east or west"),
        ("X", "?", "38.72260 north or south, 9.13920 east or west"),
    ],
)
def test_a_hemisphere_that_nobody_noted_is_not_guessed_and_no_town_follows(
    north: str, west: str, value: str
) -> None:
    (told_place,) = (
        one for one in told(lisbon(north=north, west=west)) if one.kind == "location.gps"
    )
    assert told_place.value == value
    assert told_place.summary == f"the place, but for its hemisphere: {value}"
    assert situated(told_place) == told_place


@pytest.mark.parametrize(
    ("tags", "within"),
    [
        ([(0x1F, (65, 1))], 65),
        ([(0x0B, (6, 1))], 30),
        ([(0x0B, (6, 1)), (0x1F, (12, 1))], 12),
        ([(0x0B, (0, 1)), (0x1F, (0, 1))], 0),
        ([(0x0B, (999, 1))], 0),
        ([(0x1F, (1, 0))], 0),
    ],
)
def test_a_place_is_told_as_exactly_as_the_receiver_knew_it(
    tags: list[tuple[int, tuple[int, int]]], within: int
) -> None:
    more = [build.rationals("<", tag, value) for tag, value in tags]
    (told_place,) = (one for one in told(lisbon(*more)) if one.kind == "location.gps")
    assert told_place.within_m == within
    exact = f"to within about {within} m" if within else "to a few metres"
    assert told_place.summary.startswith(f"the place, {exact}: 38.72260, -9.13920")


def test_a_place_that_may_be_off_by_far_is_in_no_town() -> None:
    far_off = lisbon(build.rationals("<", 0x1F, (65_000, 1)))
    (told_place,) = (one for one in told(far_off) if one.kind == "location.gps")
    assert situated(told_place).place == ""


@pytest.mark.parametrize(
    ("hours", "zones"), [(1, ["+01:00"]), (-12, ["-12:00"]), (14, ["+14:00"]), (15, []), (-13, [])]
)
def test_a_time_zone_is_one_that_there_is(hours: int, zones: list[str]) -> None:
    block = build.tiff(Exif=[(0x882A, build.SIGNED, struct.pack("<h", hours))])
    assert values(block).get("time.zone", []) == zones


def test_a_receiver_without_a_position_yet_writes_zeros_which_are_no_place() -> None:
    gps = [
        build.text(1, "N"),
        build.rationals("<", 2, (0, 1), (0, 1), (0, 1)),
        build.text(3, "E"),
        build.rationals("<", 4, (0, 1), (0, 1), (0, 1)),
    ]
    assert values(build.tiff(GPS=gps)) == {"hidden.metadata": ["GPS data without a position"]}


def test_a_place_of_zeros_over_zeros_is_no_place() -> None:
    nowhere = [
        build.text(1, "N"),
        build.rationals("<", 2, (0, 0), (0, 0), (0, 0)),
        build.text(3, "E"),
        build.rationals("<", 4, (0, 0), (0, 0), (0, 0)),
    ]
    assert "location.gps" not in values(build.tiff(GPS=nowhere))


@ORDERS
def test_the_device_and_its_owner_are_told(order: str) -> None:
    found = values(build.a_device_and_its_owner(order))
    assert found["device.model"] == ["Apple iPhone 15"]
    assert found["device.software"] == ["17.4.1"]
    assert found["device.host"] == ["Ada's iPhone"]
    assert found["device.owner"] == ["Ada Lovelace"]
    assert found["device.serial"] == ["DNPX1234"]
    assert found["device.lens"] == ["Apple iPhone 15 back camera"]
    assert found["device.lens_serial"] == ["LENS77"]
    assert found["device.unique_id"] == ["0123456789abcdef0123456789abcdef"]
    assert found["device.maker_note"] == ["Apple, 100 bytes"]
    assert found["person.author"] == ["Ada Lovelace"]
    assert found["time.taken"] == ["2025-04-01 18:22:05.123+01:00"]
    assert found["time.edited"] == ["2025-04-02 08:00:00"]
    assert found["time.zone"] == ["+01:00"]
    assert found["hidden.metadata"] == ["camera settings, 1 value"]


@pytest.mark.parametrize(
    ("code", "encoded", "order"),
    [
        (b"ASCII\0\0\0", b"at the caf\x65", "<"),
        (b"UNICODE\0", "at the cafe".encode("utf-16-le"), "<"),
        (b"UNICODE\0", "at the cafe".encode("utf-16-be"), "<"),
        (b"UNICODE\0", "at the cafe".encode("utf-16-be"), ">"),
        (b"UNICODE\0", "at the cafe".encode("utf-16"), ">"),
        (b"JIS\0\0\0\0\0", b"at the cafe", "<"),
        (bytes(8), b"at the cafe", "<"),
    ],
)
def test_a_user_comment_is_read_in_each_of_its_encodings(
    code: bytes, encoded: bytes, order: str
) -> None:
    assert values(build.a_note_to_oneself(code, encoded, order)) == {
        "person.caption": ["at the cafe"]
    }


def test_windows_texts_are_read() -> None:
    assert values(build.windows_texts("Été à Paris", "Zoë")) == {
        "person.caption": ["Été à Paris"],
        "person.author": ["Zoë"],
    }


def test_direction_overrides_and_control_characters_are_not_passed_on() -> None:
    block = build.tiff(IFD0=[build.text(0x013B, "gnp\u202e.exe\x07\n  second\tline\u2066")])
    assert values(block)["person.author"] == ["gnp.exe second line"]


def test_a_thumbnail_is_told_with_its_size_and_handed_out() -> None:
    block, small = build.a_thumbnail((40, 30))
    assert values(block)["content.thumbnail"] == [f"40 by 30 pixels, {len(small):,} bytes"]
    assert exif.thumbnail(block) == small
    assert Image.open(io.BytesIO(exif.thumbnail(block) or b"")).size == (40, 30)


def test_a_block_without_thumbnail_hands_out_none() -> None:
    assert exif.thumbnail(build.a_place()) is None
    assert exif.thumbnail(b"") is None


@ORDERS
def test_private_tags_are_counted_as_unknown(order: str) -> None:
    assert values(build.a_private_tag(order)) == {"hidden.unknown": ["1 private tag, 23 bytes"]}


def test_languages_inside_each_other_are_read_to_a_bounded_depth() -> None:
    found = values(build.nested_in_itself(500))
    assert "hidden.unknown" in found


def test_a_block_that_holds_the_orientation_alone_gives_nothing_away() -> None:
    for n in range(2, 9):
        assert told(exif.plain_orientation(n)) == []


def test_the_prefix_before_a_block_does_not_matter() -> None:
    assert told(build.PREFIX + build.a_place()) == told(build.a_place())


@ORDERS
def test_a_cut_block_is_read_as_far_as_it_goes_and_told_as_damaged(order: str) -> None:
    found = values(build.a_device_and_its_owner(order)[:-100])
    assert found["device.model"] == ["Apple iPhone 15"]
    assert found["hidden.damaged"]


@given(st.sampled_from(["<", ">"]), st.data())
def test_every_cut_is_said(order: str, data: st.DataObject) -> None:
    whole = build.a_place(order)[:-1]  # its last byte is padding
    end = data.draw(st.integers(0, len(whole) - 1))
    assert told(whole[:end])[0].kind == "hidden.damaged"


@given(
    st.sampled_from([build.a_place, build.a_device_and_its_owner]),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=12),
)
def test_flipped_bytes_are_survived(make: type, flips: list[tuple[int, int]]) -> None:
    block = bytearray(make(">"))
    for at, value in flips:
        block[at % len(block)] = value
    told(bytes(block))
    exif.thumbnail(bytes(block))
    assert 1 <= exif.orientation(bytes(block)) <= 8


@given(st.binary(max_size=300))
def test_random_bytes_are_survived(noise: bytes) -> None:
    for block in (noise, b"II*\0\x08\0\0\0" + noise, b"MM\0*\0\0\0\x08" + noise):
        told(block)
        exif.thumbnail(block)
        assert 1 <= exif.orientation(block) <= 8


def _oriented(order: str, kind: int, count: int, value: bytes) -> bytes:
    head = b"II*\0" if order == "<" else b"MM\0*"
    return (
        head
        + struct.pack(order + "IHHHI", 8, 1, 0x0112, kind, count)
        + value.ljust(4, b"\0")
        + bytes(4)
    )


@ORDERS
@pytest.mark.parametrize("n", range(1, 9))
def test_an_orientation_is_read(order: str, n: int) -> None:
    assert exif.orientation(_oriented(order, 3, 1, struct.pack(order + "H", n))) == n


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"II*\0",
        b"II*\0\xff\xff\xff\xff",
        _oriented("<", 3, 1, b"\x00\0"),
        _oriented("<", 3, 1, b"\x09\0"),
        _oriented("<", 4, 1, b"\x06\0"),
        _oriented("<", 3, 2, b"\x06\0"),
        build.a_place(),
    ],
)
def test_what_browsers_do_not_turn_is_upright(block: bytes) -> None:
    assert exif.orientation(block) == 1


@pytest.mark.parametrize("n", range(2, 9))
def test_a_plain_orientation_is_read_back_by_pillow(n: int) -> None:
    block = exif.plain_orientation(n)
    assert exif.orientation(block) == n
    loaded = Image.Exif()
    loaded.load(b"Exif\0\0" + block)
    assert dict(loaded) == {0x0112: n}


@pytest.mark.parametrize("n", [-1, 0, 1, 9])
def test_there_is_no_plain_orientation_for_an_upright_picture(n: int) -> None:
    with pytest.raises(ValueError, match="no orientation"):
        exif.plain_orientation(n)


def test_numbers_that_nobody_measures_are_survived() -> None:
    """Not a number, infinite, and so large that their sum is: where offsets and sizes stand."""
    for value in (float("nan"), float("inf"), 1e308):
        doubles = struct.pack("<4d", value, value, value, value)
        block = bytearray(build.tiff(IFD1=[(tag, build.UNDEFINED, doubles) for tag in _SIZED]))
        for at in range(14 + 2, 14 + 2 + 12 * len(_SIZED), 12):
            struct.pack_into("<HI", block, at + 2, 12, 4)
        told(bytes(block))
        exif.thumbnail(bytes(block))


_SIZED = (0x0100, 0x0101, 0x0117, 0x0201, 0x0202)


@ORDERS
def test_directions_heights_and_speeds_are_told(order: str) -> None:
    gps = [
        (5, build.BYTE, b"\1"),
        build.rationals(order, 6, (3, 1)),
        build.text(0x0C, "M"),
        build.rationals(order, 0x0D, (313, 10)),
        build.text(0x0E, "T"),
        build.rationals(order, 0x0F, (90, 1)),
        build.text(0x10, "M"),
        build.rationals(order, 0x11, (2705, 10)),
        build.rationals(order, 0x18, (45, 1)),
        (0x1B, build.UNDEFINED, b"ASCII\0\0\0CELLID"),
    ]
    assert values(build.tiff(order, GPS=gps)) == {
        "location.altitude": ["3 m below the sea"],
        "location.direction": ["270.5° from magnetic north", "90.0° from true north", "45.0°"],
        "location.speed": ["31.3 mph"],
        "hidden.metadata": ["the place was found by CELLID"],
    }


def test_impossible_directions_and_speeds_are_not_told() -> None:
    gps = [
        build.rationals("<", 6, (1, 0)),
        build.rationals("<", 0x0D, (0, 1)),
        build.rationals("<", 0x11, (361, 1)),
    ]
    assert values(build.tiff(GPS=gps)) == {"hidden.metadata": ["GPS data without a position"]}


def test_a_directory_that_points_into_nothing_is_told_as_damaged() -> None:
    block = build.a_device_and_its_owner()
    astray = block[:4] + (len(block)).to_bytes(4, "little") + block[8:] + bytes(6)
    assert values(astray) == {"hidden.damaged": [f"no tags in {len(astray)} bytes"]}


def test_what_raw_files_say_of_camera_and_origin_is_told() -> None:
    block = build.tiff(
        IFD0=[
            build.text(0xC614, "Leica M10"),
            build.text(0xC62F, "5021234"),
            build.text(0xC68B, "L1000123.DNG"),
            build.text(0xC6FE, "Ada's profile"),
            build.text(0xC716, "Adobe Lightroom"),
        ]
    )
    assert values(block) == {
        "device.model": ["Leica M10"],
        "device.serial": ["5021234"],
        "history.documents": ["L1000123.DNG"],
        "person.copyright": ["Ada's profile"],
        "device.software": ["Adobe Lightroom"],
    }


def test_a_blank_minute_does_not_move_the_place() -> None:
    gps = [
        build.text(1, "N"),
        build.rationals("<", 2, (38, 1), (0, 0), (36, 1)),
        build.text(3, "W"),
        build.rationals("<", 4, (9, 1), (30, 1), (0, 0)),
    ]
    assert values(build.tiff(GPS=gps)) == {"location.gps": ["38.01000, -9.50000"]}


def test_a_device_named_in_a_later_directory_alone_is_told() -> None:
    block = build.tiff(
        IFD1=[build.text(0x0110, "X100V"), build.text(0x0132, "2025:04:01 10:00:00")]
    )
    assert values(block) == {"device.model": ["X100V"], "time.edited": ["2025-04-01 10:00:00"]}
