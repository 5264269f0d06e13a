"""Stores of C2PA records, each function named after the hiding place that it fills."""

from __future__ import annotations

import json
from typing import Any

GENERATED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
_NAMES = {"name": "550403", "organisation": "55040a", "serial": "550405"}
_SUFFIX = bytes.fromhex("00110010800000aa00389b71")
_STAMPED = bytes.fromhex("060b2a864886f70d0109100104")


def cbor(value: Any) -> bytes:
    """Encode maps, lists, texts, bytes and numbers; a tuple is a tag and what stands under it."""
    match value:
        case dict():
            inner = b"".join(cbor(key) + cbor(one) for key, one in value.items())
            return _head(5, len(value)) + inner
        case list():
            return _head(4, len(value)) + b"".join(map(cbor, value))
        case tuple():
            return _head(6, value[0]) + cbor(value[1])
        case str():
            return _head(3, len(value.encode())) + value.encode()
        case bytes():
            return _head(2, len(value)) + value
        case None:
            return b"\xf6"
        case _:
            return _head(0, value) if value >= 0 else _head(1, -1 - value)


def _head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes([major << 5 | number])
    return bytes([major << 5 | 26]) + number.to_bytes(4)


def box(kind: bytes, data: bytes) -> bytes:
    return (8 + len(data)).to_bytes(4) + kind + data


def group(kind: bytes, label: str, *contents: bytes) -> bytes:
    described = kind + _SUFFIX + b"\3" + label.encode() + b"\0"
    return box(b"jumb", box(b"jumd", described) + b"".join(contents))


def assertion(label: str, value: Any) -> bytes:
    return group(b"cbor", label, box(b"cbor", cbor(value)))


def in_json(label: str, value: Any) -> bytes:
    return group(b"json", label, box(b"json", json.dumps(value).encode()))


def embedded(label: str, media: str, data: bytes) -> bytes:
    kind = bytes.fromhex("40cb0c32")
    return group(kind, label, box(b"bfdb", b"\0" + media.encode() + b"\0"), box(b"bidb", data))


def _der(kind: int, *contents: bytes) -> bytes:
    data = b"".join(contents)
    size = bytes([len(data)]) if len(data) < 128 else b"\x82" + len(data).to_bytes(2)
    return bytes([kind]) + size + data


def certificate(**names: str) -> bytes:
    """A certificate with nothing in it but the subject's names."""
    subject = [
        _der(0x31, _der(0x30, _der(6, bytes.fromhex(_NAMES[key])), _der(0x0C, value.encode())))
        for key, value in names.items()
    ]
    signed = (
        _der(0xA0, _der(2, b"\2")),
        _der(2, b"\1"),
        _der(0x30),
        _der(0x30, _der(0x31, _der(0x30, _der(6, b"\x55\x04\x03"), _der(0x0C, b"Some root")))),
        _der(0x30),
        _der(0x30, *subject),
        _der(0x30),
    )
    return _der(0x30, _der(0x30, *signed), _der(0x30), _der(3, b"\0"))


def signature(certificate: bytes, stamp: str = "", payload: bytes | None = None) -> bytes:
    token = _STAMPED + b"\x18" + bytes([len(stamp)]) + stamp.encode()
    times = {"sigTst": {"tstTokens": [{"val": token}]}} if stamp else {}
    protected = cbor({1: -7, 33: [certificate, b"another"]})
    return cbor((18, [protected, times, payload, bytes(64)]))


def record(
    claim: dict[str, Any], *assertions: bytes, signed: bytes = b"", label: str = ""
) -> bytes:
    """A record; without a signature of its own it has that of Example Corp."""
    made = signed or signature(certificate(name="Signer 7", organisation="Example Corp"))
    return group(
        b"c2ma",
        label or "urn:c2pa:0001",
        group(b"c2as", "c2pa.assertions", *assertions),
        group(b"c2cl", "c2pa.claim.v2", box(b"cbor", cbor(claim))),
        group(b"c2cs", "c2pa.signature", box(b"cbor", made)),
    )


def store(*records: bytes) -> bytes:
    return group(b"c2pa", "c2pa", *records)


def a_generated_picture() -> bytes:
    actions = {
        "actions": [
            {
                "action": "c2pa.created",
                "softwareAgent": {"name": "gpt-image-1"},
                "digitalSourceType": GENERATED,
                "when": (0, "2025-04-01T18:22:05Z"),
            },
            {"action": "c2pa.converted"},
        ]
    }
    signed = signature(
        certificate(name="Truepic Lens CLI in Sora", organisation="OpenAI OpCo, LLC"),
        "20250401182206Z",
    )
    claim = {
        "dc:title": "image.png",
        "instanceID": "xmp:iid:1234",
        "claim_generator_info": {"name": "ChatGPT", "org.cai.c2pa_rs": "0.49.5"},
    }
    return store(record(claim, assertion("c2pa.actions.v2", actions), signed=signed))


def a_prompt_as_an_ingredient() -> bytes:
    prompt = {
        "dc:format": "text/plain",
        "data": b"a cat on the moon",
        "data_types": [{"type": "c2pa.types.generator.prompt"}],
    }
    return store(record({"claim_generator": "Maker/1"}, assertion("c2pa.data", prompt)))


def what_a_camera_notes() -> bytes:
    exif = {
        "@context": {"exif": "http://ns.adobe.com/exif/1.0/"},
        "exif:GPSLatitude": "38,43.356N",
        "exif:GPSLongitude": "9,8,21.12W",
        "exif:DateTimeOriginal": "2025-04-01T18:22:05,78+01:00",
        "EXIF:Make": "Leica",
        "EXIF:Model": "M11-P",
        "exifEX:BodySerialNumber": "5512345",
    }
    return store(record({"claim_generator": "M11-P/2.0"}, in_json("stds.exif", exif)))


def an_author_and_accounts() -> bytes:
    work = {
        "@type": "CreativeWork",
        "author": [
            {"@type": "Person", "name": "Ada Lovelace", "@id": "https://example.org/ada"},
            {"@type": "Person", "identifier": "ada.l"},
        ],
        "copyrightNotice": "(c) Ada",
        "locationCreated": {"name": "Lisbon", "geo": {"latitude": 38.7226, "longitude": -9.1392}},
    }
    credential = {
        "credentialSubject": {
            "verifiedIdentities": [
                {
                    "type": "cawg.social_media",
                    "username": "ada",
                    "uri": "https://social.example/ada",
                    "provider": {"name": "Social"},
                },
                {"type": "cawg.document_verification", "name": "Augusta Ada King"},
            ]
        }
    }
    proof = signature(b"", payload=json.dumps(credential).encode())
    identity = {"signer_payload": {"sig_type": "x"}, "signature": proof}
    return store(
        record(
            {"claim_generator": "Editor"},
            in_json("stds.schema-org.CreativeWork", work),
            assertion("cawg.identity", identity),
        )
    )


def two_pictures_made_into_one() -> bytes:
    older = record(
        {"claim_generator": "Camera/1"},
        embedded("c2pa.thumbnail.claim.jpeg", "image/jpeg", b"\xff\xd8\xff\xd9"),
        label="urn:c2pa:older",
    )
    newer = record(
        {"claim_generator": "Editor/2"},
        assertion("c2pa.ingredient.v2", {"dc:title": "beach.jpg", "instanceID": "xmp:iid:9"}),
        assertion(
            "c2pa.ingredient.v2__1",
            {"dc:title": "me.jpg", "informational_URI": "https://example.org/me"},
        ),
        embedded("c2pa.thumbnail.ingredient__1.jpeg", "image/jpeg", b"\xff\xd8\xff\xd9"),
        assertion(
            "c2pa.actions",
            {"actions": [{"action": "c2pa.opened"}, {"action": "c2pa.color_adjustments"}]},
        ),
    )
    return store(older, newer)
