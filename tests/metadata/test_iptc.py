"""What IPTC records and Photoshop resources give away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import exif as build_exif
from tests.builders import xmp as build_xmp
from unexposed.metadata import Block, read


def record(dataset: int, value: str | bytes, number: int = 2) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return bytes((0x1C, number, dataset)) + len(data).to_bytes(2) + data


def resource(number: int, data: bytes, name: bytes = b"") -> bytes:
    pascal = bytes((len(name),)) + name
    pascal += bytes(len(pascal) % 2)
    return (
        b"8BIM" + number.to_bytes(2) + pascal + len(data).to_bytes(4) + data + bytes(len(data) % 2)
    )


def values(language: str, payload: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in read(Block(language, payload, "here", len(payload))):
        found.setdefault(one.kind, []).append(one.value)
    return found


def test_a_news_picture_is_told_in_full() -> None:
    stream = b"".join(
        record(dataset, value)
        for dataset, value in [
            (0, b"\0\4"),
            (25, "harbour"),
            (55, "20250401"),
            (60, "182205+0100"),
            (65, "Photo Mechanic"),
            (70, "6.0"),
            (80, "Ada Lovelace"),
            (90, "Lisbon"),
            (92, "Baixa"),
            (101, "Portugal"),
            (118, "ada@example.org"),
            (120, "At the harbour"),
        ]
    )
    assert values("iptc", record(90, b"\x1b%G", 1) + stream) == {
        "person.caption": ["harbour", "At the harbour"],
        "time.taken": ["2025-04-01 18:22:05+01:00"],
        "device.software": ["Photo Mechanic 6.0"],
        "person.author": ["Ada Lovelace"],
        "location.place": ["Baixa, Lisbon, Portugal"],
        "person.contact": ["ada@example.org"],
    }


def test_the_envelope_tells_who_sent_it_where_and_when() -> None:
    stream = b"".join(
        record(dataset, value, 1)
        for dataset, value in [
            (5, "desk@example.org"),
            (30, "AGENCY"),
            (70, "20250401"),
            (80, "182205+0100"),
            (90, b"\x1b%G"),
            (100, "20250401:agency:0001"),
        ]
    )
    assert values("iptc", stream) == {
        "person.contact": ["desk@example.org"],
        "person.credit": ["AGENCY"],
        "device.unique_id": ["20250401:agency:0001"],
        "time.edited": ["2025-04-01 18:22:05+01:00"],
    }


def test_who_made_it_who_wrote_of_it_and_who_is_credited_are_not_the_same() -> None:
    stream = b"".join(
        record(dataset, value)
        for dataset, value in [
            (80, "Ada"),
            (85, "Staff photographer"),
            (110, "Agency"),
            (115, "Archive"),
            (122, "Grace"),
        ]
    )
    assert values("iptc", stream) == {
        "person.author": ["Ada"],
        "person.role": ["Staff photographer"],
        "person.credit": ["Agency", "Archive"],
        "person.named": ["Grace"],
    }


def test_a_generator_is_nobody_to_credit() -> None:
    stream = record(110, "Made with Google AI") + record(110, "Agency")
    assert values("iptc", stream) == {
        "provenance.ai_generated": ["Made with Google AI"],
        "person.credit": ["Agency"],
    }


@pytest.mark.parametrize(
    ("escape", "encoding"),
    [(b"\x1b%G", "utf-8"), (b"\x1b-F", "iso8859-7"), (b"\x1b-L", "iso8859-5")],
)
def test_texts_are_read_in_the_encoding_that_the_envelope_declares(
    escape: bytes, encoding: str
) -> None:
    name = "Άδα" if encoding == "iso8859-7" else "Ада"
    stream = record(90, escape, 1) + record(80, name.encode(encoding))
    assert values("iptc", stream) == {"person.author": [name]}


def test_document_ids_and_further_places_are_told() -> None:
    stream = record(27, "Harbour") + record(187, "abc") + record(121, "unsent caption")
    assert values("iptc", stream) == {
        "location.place": ["Harbour"],
        "device.unique_id": ["abc"],
        "person.caption": ["unsent caption"],
    }


def test_names_of_paths_and_channels_and_links_are_told() -> None:
    link = (1).to_bytes(4) + bytes(8) + (4).to_bytes(4) + "x.pt".encode("utf-16-be")
    payload = b"".join(
        (
            resource(0x07D0, bytes(26), b"Ada's outline"),
            resource(0x0BB7, b"\x07Ada cut"),
            resource(0x03EE, b"\x07Alpha 1\x04skin"),
            resource(0x041E, link),
        )
    )
    found = values("photoshop", payload)
    assert found["history.edits"] == [
        "path: Ada's outline",
        "clipping path: Ada cut",
        "channels: skin",
    ]
    assert found["account.url"] == ["x.pt"]


def test_facebooks_mark_is_an_account() -> None:
    found = values("iptc", record(40, "FBMD01000a9e030000"))
    assert found == {"account.id": ["FBMD01000a9e030000"]}


def test_an_extended_record_is_read() -> None:
    long = bytes((0x1C, 2, 120, 0x80, 4)) + (5).to_bytes(4) + b"hello"
    assert values("iptc", long) == {"person.caption": ["hello"]}


def test_a_cut_record_is_damage() -> None:
    stream = record(80, "Ada") + record(120, "a long caption")[:-3]
    assert values("iptc", stream) == {
        "hidden.damaged": ["unreadable from byte 8"],
        "person.author": ["Ada"],
    }


def test_resources_hold_other_languages() -> None:
    payload = b"Photoshop 3.0\0" + b"".join(
        (
            resource(0x0404, record(80, "Ada")),
            resource(0x0422, build_exif.a_private_tag()),
            resource(0x0424, build_xmp.a_place_as_attributes(), b"name"),
            resource(0x040C, bytes(28) + b"\xff\xd8\xff\xd9"),
            resource(0x040B, b"https://example.org/ada"),
            resource(0x03ED, bytes(16)),
        )
    )
    assert values("photoshop", payload) == {
        "person.author": ["Ada"],
        "hidden.unknown": ["1 private tag, 23 bytes"],
        "location.gps": ["38.72260, -9.13920"],
        "content.thumbnail": ["4 bytes"],
        "account.url": ["https://example.org/ada"],
        "hidden.metadata": ["Photoshop settings, 1 resource"],
    }


def test_a_path_in_a_resource_is_told() -> None:
    path = r"C:\Users\ada\secret.psd"
    found = values("photoshop", resource(0x0999, path.encode("utf-16-be")))
    assert found["location.file_path"] == [path]


def test_a_cut_resource_is_damage() -> None:
    assert "hidden.damaged" in values("photoshop", resource(0x0404, record(80, "Ada"))[:-4])


@given(st.binary(max_size=200), st.sampled_from(["iptc", "photoshop"]))
def test_any_bytes_are_survived(noise: bytes, language: str) -> None:
    for head in (b"", b"\x1c\2\x50", b"8BIM\4\4\0\0\0\0", b"8BIM\4\x22\0\0\0\0\0\x40II*\0"):
        values(language, head + noise)
