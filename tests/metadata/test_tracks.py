"""Tracks of places, sensors and text; GoPro's notes; messages among a video's units."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders.mp4 import USER_DATA, box, full, message, words
from unexposed.exposure import Finding
from unexposed.metadata import Block, read


def found(label: str, *samples: bytes, described: bytes = b"") -> list[Finding]:
    payload = b"".join(words(len(one)) + one for one in (described, *samples))
    return read(Block("track", payload, "here", 1234, label))


def values(label: str, *samples: bytes, described: bytes = b"") -> dict[str, str]:
    return {one.kind: one.value for one in found(label, *samples, described=described)}


def notes(*messages: bytes) -> dict[str, str]:
    data = b"".join(messages)
    return {one.kind: one.value for one in read(Block("sei", data, "here", len(data)))}


def gopro(key: bytes, form: str, size: int, data: bytes) -> bytes:
    padding = bytes(-len(data) % 4)
    return key + struct.pack(">cBH", form.encode(), size, len(data) // size) + data + padding


def nested(key: bytes, *content: bytes) -> bytes:
    data = b"".join(content)
    return key + struct.pack(">BBH", 0, 1, len(data)) + data


def gopro_sample(latitude: int, longitude: int) -> bytes:
    scale = struct.pack(">5i", 10**7, 10**7, 1000, 1000, 100)
    rows = struct.pack(">5i", latitude, longitude, 0, 0, 0) * 2
    stream = nested(
        b"STRM",
        gopro(b"GPSU", "c", 16, b"250401182205.000"),
        gopro(b"SCAL", "l", 4, scale),
        gopro(b"GPS5", "l", 20, rows),
    )
    return nested(b"DEVC", gopro(b"DVNM", "c", 1, b"Hero11 Black"), stream)


def test_a_gopros_track_tells_where_it_begins() -> None:
    told = found("meta/gpmd", gopro_sample(514169000, -806000))
    assert {one.kind: one.value for one in told} == {
        "location.gps": "51.41690, -0.08060",
        "time.taken": "2025-04-01 18:22:05Z",
        "device.model": "Hero11 Black",
    }
    assert told[0].summary == "a track of places, beginning at 51.41690, -0.08060"


def test_a_gopros_track_without_a_place_is_still_told() -> None:
    assert values("meta/gpmd", gopro(b"ACCL", "s", 2, bytes(6))) == {
        "device.maker_note": "1,234 bytes"
    }


@pytest.mark.parametrize(
    "sample",
    [
        b"\0\0\5\0" + struct.pack("<3d", 51.4169, -0.0806, 30.0),
        b"\0\0\6\0" + struct.pack("<di2d7f", 1.0, 3, 51.4169, -0.0806, *[0.0] * 7),
    ],
)
def test_a_track_of_camera_motion_tells_its_first_place(sample: bytes) -> None:
    told = found("meta/camm", b"\0\0\2\0" + bytes(12), sample)
    assert [one.value for one in told] == ["51.41690, -0.08060"]
    assert told[0].summary.startswith("a track of places")


def test_motion_without_a_place_is_motion() -> None:
    assert values("meta/camm", b"\0\0\2\0" + bytes(12)) == {
        "hidden.metadata": "movements of the camera, 1,234 bytes"
    }


def test_a_time_code_is_shown_as_a_clock() -> None:
    entry = box(b"tmcd", bytes(8), words(0, 0, 30000, 1001), b"\x1e\0")
    told = values("tmcd/tmcd", words(1_115_104), described=bytes(4) + words(1) + entry)
    assert told == {"hidden.metadata": "a time code that begins at 10:19:30:04"}


def test_the_names_of_timed_notes_are_told() -> None:
    key = box(b"keyd", b"mdtacom.apple.quicktime.detected-face")
    entry = box(b"mebx", bytes(8), box(b"keys", box(words(1), key)))
    told = values("meta/mebx", b"", described=bytes(4) + words(1) + entry)
    assert told == {"hidden.metadata": "timed notes: detected-face"}


def test_places_noted_along_a_video_are_told() -> None:
    key = box(b"keyd", b"mdtacom.apple.quicktime.location.ISO6709")
    entry = box(b"mebx", bytes(8), box(b"keys", box(words(1), key)))
    sample = box(words(1), b"+51.4169-000.0806/")
    told = found("meta/mebx", b"", sample, described=bytes(4) + words(1) + entry)
    assert [one.value for one in told] == ["51.41690, -0.08060", "timed notes: location.ISO6709"]
    assert told[0].summary.startswith("a track of places")


def subtitle(text: str) -> bytes:
    return struct.pack(">H", len(text.encode())) + text.encode()


def test_subtitles_and_chapters_are_told() -> None:
    told = values("sbtl/tx3g", subtitle(""), subtitle("Where were you?"), subtitle("At home."))
    assert told == {"person.caption": "Where were you? At home."}


@pytest.mark.parametrize(
    "text",
    [
        "F/2.8, SS 320, ISO 100, EV 0, GPS (-0.0806, 51.4169, 15), D 4.2m, H 30.1m",
        "HOME(-0.0806,51.4169) 2025.04.01 18:22:05 GPS(-0.0806,51.4169,16)",
        "[iso : 100] [shutter : 1/320.0] [latitude: 51.4169] [longitude: -0.0806] [altitude: 30]",
        "[latitude : 51.4169] [longtitude : -0.0806]",
    ],
)
def test_places_that_drones_write_into_subtitles_are_told_as_places(text: str) -> None:
    (one,) = found("text/tx3g", subtitle(text))
    assert (one.kind, one.value) == ("location.gps", "51.41690, -0.08060")


@pytest.mark.parametrize(
    ("label", "kind", "value"),
    [
        ("meta/djmd", "device.maker_note", "DJI's notes, 1,234 bytes"),
        ("meta/rtmd", "device.maker_note", "Sony's notes, 1,234 bytes"),
        ("vide/hvc1", "content.video", "a second video, 1,234 bytes"),
        ("pict/hvc1", "content.second_picture", "pictures, 1,234 bytes"),
        ("meta/mett", "hidden.metadata", "timed notes, 1,234 bytes"),
        ("priv/priv", "hidden.unknown", "1,234 bytes"),
    ],
)
def test_other_tracks_are_told_by_what_they_are(label: str, kind: str, value: str) -> None:
    assert values(label, b"\1\2\3") == {kind: value}


def test_the_settings_of_an_encoder_are_told() -> None:
    text = b"x264 - core 164 - options: cabac=1 ref=3\0"
    assert notes(message(5, USER_DATA + text)) == {
        "device.software": "x264 - core 164 - options: cabac=1 ref=3"
    }


def test_a_camcorders_notes_tell_when_it_recorded() -> None:
    entries = b"\x18\x02\x20\x25\x04" + b"\x19\x01\x18\x22\x05"
    told = notes(message(5, bytes(16) + b"MDPM\x02" + entries))
    assert told["time.taken"] == "2025-04-01 18:22:05"
    assert told["device.maker_note"].startswith("a camcorder's notes")


def test_marks_and_time_codes_are_told_as_such() -> None:
    assert notes(message(5, USER_DATA)) == {"hidden.metadata": "an encoder's mark"}
    assert notes(message(136, b"\1\2")) == {"hidden.metadata": "a time code"}


@given(
    st.sampled_from(["meta/gpmd", "meta/camm", "tmcd/tmcd", "meta/mebx", "sbtl/tx3g", "x/y", ""]),
    st.lists(st.binary(max_size=60), max_size=3),
    st.binary(max_size=60),
)
def test_whatever_stands_in_a_track_is_read_without_a_fault(
    label: str, samples: list[bytes], rest: bytes
) -> None:
    assert found(label, *samples, described=full(b"stsd", rest))
    assert read(Block("track", rest, "here", 1, label))
    assert read(Block("gpmf", rest, "here", 1))
    assert all(one.where for one in read(Block("sei", rest, "here", 1)))
