"""What C2PA records give away."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import c2pa as build
from unexposed.metadata import Block, read
from unexposed.metadata.c2pa import _values as values_of
from unexposed.metadata.c2pa._signature import read as read_signature

_EVERY = (
    build.a_generated_picture(),
    build.a_prompt_as_an_ingredient(),
    build.what_a_camera_notes(),
    build.an_author_and_accounts(),
    build.two_pictures_made_into_one(),
)


def values(payload: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in read(Block("c2pa", payload, "C2PA", len(payload))):
        found.setdefault(one.kind, []).append(one.value)
    return found


def test_a_generated_picture_names_its_generator_its_signer_and_when_it_was_signed() -> None:
    payload = build.a_generated_picture()
    assert values(payload) == {
        "provenance.c2pa": [
            (
                "signed in the name of Truepic Lens CLI in Sora, OpenAI OpCo, LLC on 2025-04-01"
                " 18:22:06Z, unchecked; "
                f"made with ChatGPT; created, converted; {len(payload)} bytes"
            )
        ],
        "provenance.ai_generated": ["OpenAI, gpt-image-1"],
        "device.software": ["ChatGPT"],
        "history.edits": ["created, converted with gpt-image-1, 2025-04-01 18:22:05Z"],
        "history.documents": ["image.png", "2 document ids: urn:c2pa:0001"],
        "time.edited": ["2025-04-01 18:22:06Z", "2025-04-01 18:22:05Z"],
    }


def test_a_prompt_in_a_box_of_data_is_told() -> None:
    found = values(build.a_prompt_as_an_ingredient())
    assert found["provenance.prompt"] == ["a cat on the moon"]


def test_a_prompt_in_an_assertion_that_nobody_knows_is_told() -> None:
    made = build.assertion("com.example.made", {"params": [{"com.example.prompt": "a dog"}]})
    found = values(build.store(build.record({"claim_generator": "x"}, made)))
    assert found["provenance.prompt"] == ["a dog"]
    assert found["hidden.metadata"] == ["com.example.made"]


def test_what_a_camera_notes_is_told_as_its_exif_would_be() -> None:
    found = values(build.what_a_camera_notes())
    assert found["location.gps"] == ["38.72260, -9.13920"]
    assert found["time.taken"] == ["2025-04-01 18:22:05.78+01:00"]
    assert found["device.model"] == ["Leica M11-P"]
    assert found["device.serial"] == ["5512345"]


def test_authors_and_their_accounts_are_told() -> None:
    found = values(build.an_author_and_accounts())
    assert found["person.author"] == ["Ada Lovelace", "Augusta Ada King"]
    assert found["account.id"] == ["ada.l", "Social: ada"]
    assert found["account.url"] == ["https://example.org/ada", "https://social.example/ada"]
    assert found["person.copyright"] == ["(c) Ada"]
    assert found["location.place"] == ["Lisbon"]
    assert found["location.gps"] == ["38.72260, -9.13920"]


def test_ingredients_thumbnails_and_older_records_are_told() -> None:
    found = values(build.two_pictures_made_into_one())
    newest, older = found["provenance.c2pa"]
    assert "made with Editor/2; opened, color adjustments" in newest
    assert (
        older
        == "signed in the name of Signer 7, Example Corp, unchecked; made with Camera/1; an older record"
    )
    assert found["history.documents"][0] == "2 ingredients: beach.jpg, me.jpg"
    assert found["history.origin"] == ["https://example.org/me"]
    assert found["content.thumbnail"] == ["4 bytes", "4 bytes"]


@pytest.mark.parametrize(
    ("label", "value", "kind", "told"),
    [
        ("c2pa.location.broad", {"location": "Lisbon"}, "location.place", "Lisbon"),
        ("c2pa.cloud-data", {"location": {"url": "https://x.org/1"}}, "hidden.remote", "https://x.org/1"),
        ("adobe.crypto.addresses", {"ethereum": ["0xabc"]}, "account.id", "ethereum: 0xabc"),
        ("c2pa.soft-binding", {"alg": "mark", "blocks": [{"value": b"\1\2"}]}, "device.unique_id", "mark 0102"),
        ("c2pa.training-mining", {"entries": {"c2pa.data_mining": {"use": "notAllowed"}}}, "hidden.metadata", "data_mining: notAllowed"),
        ("cawg.metadata", {"dc:creator": ["Ada"]}, "person.author", "Ada"),
    ],
)  # fmt: skip
def test_an_assertion_tells(label: str, value: dict[str, object], kind: str, told: str) -> None:
    found = values(build.store(build.record({"a": 1}, build.assertion(label, value))))
    assert told in found[kind]


@pytest.mark.parametrize("ahead", [b"", b"\0\0\0\0manifest\0" + bytes(8)])
def test_a_store_is_found_behind_what_its_container_puts_before_it(ahead: bytes) -> None:
    assert "provenance.ai_generated" in values(ahead + build.a_generated_picture())


def test_a_store_without_its_own_header_is_read() -> None:
    assert "provenance.ai_generated" in values(build.a_generated_picture()[8:])


def test_a_store_that_ends_early_is_damage_and_is_read_as_far_as_it_goes() -> None:
    found = values(build.a_generated_picture()[:-300])
    assert found["hidden.damaged"]
    assert found["provenance.ai_generated"]


def test_an_assertion_that_cannot_be_read_is_damage() -> None:
    broken = build.group(b"cbor", "com.example.x", build.box(b"cbor", b"\xa2\x61"))
    found = values(build.store(build.record({"claim_generator": "x"}, broken)))
    assert found["hidden.damaged"] == ["com.example.x cannot be read"]
    assert found["device.software"] == ["x"]


def test_a_compressed_record_is_not_passed_over() -> None:
    compressed = build.group(b"c2cm", "urn:c2pa:0001", build.box(b"brob", b"jumb\x1b\0"))
    found = values(build.store(compressed))
    assert found["hidden.damaged"] == ["a compressed record cannot be read"]
    assert found["provenance.c2pa"]


def test_a_record_without_boxes_is_told_as_damaged() -> None:
    assert values(b"something else") == {
        "hidden.unknown": ["14 bytes"],
        "hidden.damaged": ["no JUMBF box"],
    }


@pytest.mark.parametrize(
    "hostile",
    [
        b"\x81" * 100_000,  # nested without end
        b"\xd8\x23" * 100_000,  # tags without end
        b"\x9b" + b"\x7f" * 8,  # a list of more than the world holds
        b"\x7b" + b"\x7f" * 8,
        b"\xd8\x1c\x81\xd8\x1d\0",  # a list that holds itself
        b"\xc4\x82\x1b" + b"\x7f" * 8 + b"\1",  # a number of more digits than atoms
        b"\xd8\x23\x6e" + b"(a+)+" * 2 + b"aaaa",  # a pattern that would be compiled
        b"\x9a\0\x0f\xff\0" + b"\x80" * 0xFFF00,  # a million empty lists
        b"\xbf" + b"\x61a\x01" * 1000,  # no end
    ],
)
def test_hostile_values_are_survived(hostile: bytes) -> None:
    wrapped = build.group(b"cbor", "com.example.x", build.box(b"cbor", hostile))
    found = values(build.store(build.record({"a": "b"}, wrapped)))
    assert found["provenance.c2pa"]
    assert found.keys() & {"hidden.damaged", "hidden.metadata"}


def test_boxes_nested_without_end_are_damage() -> None:
    nested = b""
    for _ in range(100):
        nested = build.group(b"c2ma", "deeper", nested)
    assert "more boxes than can be read" in values(build.store(nested))["hidden.damaged"]


def test_a_value_that_is_too_large_is_not_read() -> None:
    assert values_of.from_cbor(b"\x80" + bytes(values_of.MAX_SIZE)) is None


def test_a_signature_without_a_certificate_has_no_signer() -> None:
    signature = read_signature(build.signature(b"\x30\x05junk"))
    assert signature is not None
    assert signature.signer == ""
    assert read_signature(b"\x80") is None


def test_the_cbor_library_is_loaded_for_a_record_only() -> None:
    code = (
        "import sys; from unexposed.metadata import readers; readers(); "
        "assert 'cbor2' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@given(st.sampled_from(_EVERY), st.data())
@settings(max_examples=60)
def test_damage_is_survived_and_never_silent(payload: bytes, data: st.DataObject) -> None:
    damaged = bytearray(payload)
    for _ in range(data.draw(st.integers(0, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    assert values(bytes(damaged[: data.draw(st.integers(1, len(damaged)))]))


@given(st.binary(max_size=80))
@settings(max_examples=60)
def test_any_value_is_survived(noise: bytes) -> None:
    values_of.from_cbor(noise)
    read_signature(noise)
    wrapped = build.group(b"cbor", "c2pa.actions", build.box(b"cbor", noise))
    assert values(build.store(build.record({"a": "b"}, wrapped)))
