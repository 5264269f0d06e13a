"""Boxes of a video's user data and metadata."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders.mp4 import LONG_TIMES, TIMES, box, full, keyed, words
from unexposed.exposure import Finding
from unexposed.metadata import Block, read
from unexposed.metadata.iso6709 import position

APPLE = "com.apple.quicktime."


def found(label: str, payload: bytes) -> list[Finding]:
    return read(Block("quicktime", payload, "movie", max(1, len(payload)), label))


def values(label: str, payload: bytes) -> dict[str, str]:
    return {one.kind: one.value for one in found(label, payload)}


def listed(kind: bytes, *texts: bytes) -> bytes:
    return box(kind, *(struct.pack(">HH", len(text), 0x15C7) + text for text in texts))


def metadata(**items: str) -> dict[str, str]:
    """What QuickTime's keys tell, dots in their names written as underscores."""
    named = {APPLE + key.replace("_", "."): value.encode() for key, value in items.items()}
    return values("meta", keyed(named)[8:])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("+51.4169-000.0806/", "51.41690, -0.08060"),
        ("+27.5916+086.5640+8850/", "27.59160, 86.56400"),
        ("+27.5916+086.5640+8850.5CRSWGS_84/", "27.59160, 86.56400"),
        ("-3730.5+14400.25/", "-37.50833, 144.00417"),
        ("+404536-0735900/", "40.76000, -73.98333"),
        ("+00.0001+000.0000/", "0.00010, 0.00000"),
    ],
)
def test_a_place_is_read_as_iso_6709_writes_it(text: str, value: str) -> None:
    (one,) = position("here", text)
    assert (one.kind, one.value) == ("location.gps", value)


def test_a_height_is_told_beside_the_place() -> None:
    (one,) = position("here", "+27.5916+086.5640+8850/")
    assert one.summary.endswith("8850 m above the sea")


def test_a_place_that_no_device_knew_is_none() -> None:
    (blank,) = position("here", "+00.0000+000.0000/")
    assert (blank.kind, blank.value) == ("hidden.metadata", "a position left blank")
    assert position("here", "+91.0+000.0/") == position("here", "Lisbon") == []


def test_phones_write_where_they_were_into_user_data() -> None:
    android = listed(b"\xa9xyz", b"+51.4169-000.0806/")
    assert values("udta", android) == {"location.gps": "51.41690, -0.08060"}
    numbers = struct.pack(">3i", -5284, 3369633, 65536 * 12)
    assert values("udta", full(b"loci", b"\x15\xc7Home\0\0", numbers, b"earth\0\0")) == {
        "location.place": "Home",
        "location.gps": "51.41652, -0.08063",
    }


def test_user_data_tells_device_and_author_and_time() -> None:
    data = listed(b"\xa9mak", b"Apple") + listed(b"\xa9mod", b"iPhone 15 Pro")
    data += listed(b"\xa9swr", b"17.4.1") + listed(b"\xa9day", b"2025-04-01T18:22:05+0100")
    data += full(b"auth", b"\x55\xc4Ada\0") + full(b"titl", b"\x55\xc4\xfe\xff\0H\0i")
    assert values("udta", data) == {
        "device.model": "Apple iPhone 15 Pro",
        "device.software": "17.4.1",
        "time.taken": "2025-04-01 18:22:05+0100",
        "person.author": "Ada",
        "person.caption": "Hi",
    }


def test_who_paid_or_lent_something_is_credited_and_not_taken_for_the_maker() -> None:
    data = listed(b"\xa9prd", b"Grace Productions") + listed(b"\xa9src", b"City Archive")
    told = [(one.kind, one.value) for one in found("udta", data)]
    assert told == [("person.credit", "Grace Productions"), ("person.credit", "City Archive")]
    assert metadata(producer="Grace Productions") == {"person.credit": "Grace Productions"}


def test_of_a_text_in_several_languages_each_is_told() -> None:
    told = found("udta", listed(b"\xa9nam", b"Tower", b"Turm"))
    assert [one.value for one in told] == ["Tower", "Turm"]


def test_what_is_no_text_is_a_note_of_its_maker() -> None:
    assert values("udta", box(b"smta", b"\0\1\2")) == {"hidden.metadata": "3 bytes"}
    assert values("udta", box(b"TAGS", bytes(range(200)))) == {"device.maker_note": "200 bytes"}
    assert values("udta", box(b"SDLN", b"SEQ_PLAY")) == {"hidden.metadata": "SDLN: SEQ_PLAY"}


def test_the_numbers_of_a_gopro_are_told() -> None:
    assert values("udta", box(b"MUID", b"\1\2\xff") + box(b"GUMI", bytes(16))) == {
        "device.unique_id": "0102ff"
    }


def test_a_thumbnail_in_user_data_is_one() -> None:
    (one,) = found("udta", box(b"CNTH", b"\0\0\0\x20CNDA\xff\xd8\xff\xdb" + bytes(20)))
    assert one.kind == "content.thumbnail"


def test_xmp_and_gopros_notes_in_user_data_are_read_as_what_they_are() -> None:
    packet = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
        b'syntax-ns#"><rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
        b'xmp:CreatorTool="Premiere"/></rdf:RDF></x:xmpmeta>'
    )
    assert values("udta", box(b"XMP_", packet)) == {"device.software": "Premiere"}
    notes = b"CASNc\x01\0\x0eC3461325058765\0\0"
    assert values("udta", box(b"GPMF", notes)) == {"device.serial": "C3461325058765"}


def test_an_iphones_keys_are_read() -> None:
    assert metadata(
        location_ISO6709="+48.8584+002.2945+035/",
        creationdate="2025-04-01T18:22:05+0200",
        make="Apple",
        model="iPhone 15 Pro",
        software="17.4.1",
        content_identifier="6B29FC40-CA47-1067-B31D-00DD010662DA",
        author="Ada",
        title="Tower",
    ) == {
        "location.gps": "48.85840, 2.29450",
        "time.taken": "2025-04-01 18:22:05+0200",
        "device.model": "Apple iPhone 15 Pro",
        "device.software": "17.4.1",
        "device.unique_id": "6B29FC40-CA47-1067-B31D-00DD010662DA",
        "person.author": "Ada",
        "person.caption": "Tower",
    }


def test_a_key_of_no_known_meaning_is_told_with_its_name() -> None:
    assert metadata(live_photo_auto="1") == {"hidden.metadata": "live.photo.auto: 1"}


def test_values_of_all_types_are_read() -> None:
    def told(kind: int, value: bytes) -> str:
        item = box(b"\xa9cmt", box(b"data", words(kind, 0) + value))
        return values("meta", bytes(4) + box(b"ilst", item)).get("hidden.comment", "")

    assert told(1, "café".encode()) == "café"
    assert told(2, "café".encode("utf-16-be")) == "café"
    assert told(21, b"\xff\xfe") == "-2"
    assert told(22, b"\x01\0") == "256"
    assert told(23, struct.pack(">f", 29.5)) == "29.5"
    assert told(24, struct.pack(">d", 0.25)) == "0.25"
    assert told(0, b"\0\1\2") == ""


def test_the_account_that_bought_a_video_is_told() -> None:
    items = box(b"apID", box(b"data", words(1, 0) + b"ada@example.com"))
    handler = full(b"hdlr", bytes(4) + b"mdirappl" + bytes(9))
    told = values("meta", bytes(4) + handler + box(b"ilst", items))
    assert told == {"account.id": "ada@example.com"}


def test_directions_speeds_and_clips_are_told() -> None:
    assert metadata(**{"direction.facing": "104.5"}) == {"location.direction": "104.5"}
    assert values("udta", box(b"clfn", b"A001_C002.mov") + box(b"SNum", b"X123")) == {
        "history.documents": "A001_C002.mov",
        "device.serial": "X123",
    }


def test_a_name_with_an_at_sign_is_apples_name() -> None:
    assert values("udta", listed(b"@mod", b"SM-1")) == {"device.model": "SM-1"}


def test_a_cover_is_a_thumbnail() -> None:
    item = box(b"covr", box(b"data", words(13, 0) + b"\xff\xd8\xff\xdb" + bytes(20)))
    assert list(values("meta", bytes(4) + box(b"ilst", item))) == ["content.thumbnail"]


def test_a_sony_cameras_xml_is_read() -> None:
    xml = (
        b'<NonRealTimeMeta><CreationDate value="2025-04-01T18:22:05+01:00"/>'
        b'<Device manufacturer="Sony" modelName="ILCE-7M4" serialNo="4294967295"/></NonRealTimeMeta>'
    )
    assert values("meta", bytes(4) + full(b"xml ", xml)) == {
        "time.taken": "2025-04-01 18:22:05+01:00",
        "device.model": "Sony ILCE-7M4",
        "device.serial": "4294967295",
    }


@pytest.mark.parametrize("header", [bytes(4) + TIMES, b"\1\0\0\0" + LONG_TIMES])
def test_times_of_headers_count_from_1904(header: bytes) -> None:
    assert values("mvhd", header) == {
        "time.taken": "2021-03-31 01:46:40",
        "time.edited": "2021-03-31 01:48:43",
    }


def test_times_that_count_from_1970_are_told_as_meant() -> None:
    assert values("tkhd", bytes(4) + words(1_743_531_725, 0)) == {
        "time.taken": "2025-04-01 18:22:05"
    }
    assert values("mdhd", bytes(12)) == {}


def test_the_clock_of_a_recorder_is_told() -> None:
    told = values("prft", bytes(4) + words(1, 3_952_520_525, 0, 0))
    assert told == {"time.taken": "2025-04-01 18:22:05"}


def test_names_are_read_in_both_forms() -> None:
    assert values("handler", b"\x0cVideoHandler") == {"hidden.metadata": "VideoHandler"}
    assert values("handler", b"GoPro AVC\0") == {"hidden.metadata": "GoPro AVC"}
    assert values("compressor", b"\x0dLavc59 libx264" + bytes(18)) == {
        "device.software": "Lavc59 libx26"
    }
    assert values("compressor", b"\x05H.264" + bytes(26)) == {"hidden.metadata": "H.264"}


def test_the_path_of_another_file_is_told() -> None:
    alias = b"\0\1\0\0\x09Macintosh\0\0/Users/ada/Movies/secret.mov\0\0"
    assert "/Users/ada/Movies/secret.mov" in values("alias", alias)["location.file_path"]


@given(
    st.sampled_from(["udta", "meta", "mvhd", "prft", "handler", "compressor", "alias", "?"]),
    st.binary(max_size=200),
    st.sampled_from([b"", b"loci", b"\xa9nam", b"XMP_", b"meta", b"ilst", b"keys", b"xml "]),
)
def test_whatever_stands_there_is_read_without_a_fault(
    label: str, payload: bytes, kind: bytes
) -> None:
    for data in (
        payload,
        box(kind, payload) if kind else b"",
        bytes(4) + box(kind or b"ilst", payload),
    ):
        for one in found(label, data):
            assert one.where
