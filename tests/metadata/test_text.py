"""Texts with keywords, and the small languages."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders.exif import LONG, tiff
from unexposed.metadata import Block, read, readers

_PARAMETERS = "a cat on the moon\nNegative prompt: dog\nSteps: 20, Sampler: Euler, Model: sd15"
_GRAPH = json.dumps(
    {
        "6": {
            "class_type": "CLIPTextEncode",
            "inputs": {"text": "a cat on the moon", "clip": ["4", 1]},
        }
    }
)


def values(language: str, payload: bytes, label: str = "") -> dict[str, str]:
    found = read(Block(language, payload, "here", len(payload), label))
    return {one.kind: one.value for one in found}


@pytest.mark.parametrize(
    ("keyword", "kind"),
    [
        ("Author", "person.author"),
        ("Description", "person.caption"),
        ("Software", "device.software"),
        ("Comment", "hidden.comment"),
    ],
)
def test_a_keyword_of_the_specification_is_told(keyword: str, kind: str) -> None:
    assert values("text", b"something", keyword) == {kind: "something"}


def test_a_time_is_brought_into_one_form() -> None:
    found = values("text", b"2025-04-01T18:22:05+01:00", "date:create")
    assert found == {"time.edited": "2025-04-01 18:22:05+01:00"}


def test_the_path_of_a_thumbnailed_file_is_told() -> None:
    found = values("text", b"file:///home/ada/secret.png", "Thumb::URI")
    assert found == {"location.file_path": "file:///home/ada/secret.png"}


@pytest.mark.parametrize(
    ("keyword", "text", "prompt"),
    [
        ("parameters", _PARAMETERS, " ".join(_PARAMETERS.split())),
        ("prompt", _GRAPH, "a cat on the moon"),
        ("invokeai_metadata", '{"positive_prompt": "a cat"}', "a cat"),
        ("Comment", '{"prompt": "a cat", "steps": 28}', "a cat"),
        ("Description", "a cat --v 6 Job ID: 1234", "a cat --v 6 Job ID: 1234"),
    ],
)
def test_a_generators_prompt_is_told(keyword: str, text: str, prompt: str) -> None:
    found = values("text", text.encode(), keyword)
    assert found["provenance.prompt"] == prompt
    assert "provenance.ai_generated" in found


def test_an_unknown_keyword_is_a_comment_with_its_name() -> None:
    assert values("text", b"x", "Secret\nNote") == {"hidden.comment": "Secret Note: x"}


def test_json_that_nests_without_end_is_survived() -> None:
    assert "provenance.prompt" in values("text", b"[" * 200_000, "prompt")


def test_an_encoders_own_comment_is_software() -> None:
    assert values("comment", b"CREATOR: gd-jpeg v1.0") == {
        "device.software": "CREATOR: gd-jpeg v1.0"
    }
    assert values("comment", b"shot by Ada") == {"hidden.comment": "shot by Ada"}


def test_the_time_chunk_of_a_png_is_read() -> None:
    found = values("time", b"\x07\xe9\x04\x01\x12\x16\x05")
    assert found == {"time.edited": "2025-04-01 18:22:05"}


def test_the_pictures_of_a_multi_picture_index_are_counted() -> None:
    index = tiff("<", IFD0=[(0xB001, LONG, b"\3\0\0\0")])
    assert values("mpf", index) == {"content.second_picture": "3 pictures in all"}
    assert values("mpf", b"") == {"content.second_picture": "an index of pictures"}


@pytest.mark.parametrize(
    ("label", "kind", "value"),
    [
        ("jpeg", "content.second_picture", "a JPEG, 9 bytes"),
        ("mp4", "content.video", "an MP4, 9 bytes"),
        ("samsung", "hidden.trailer", "Samsung data, 9 bytes"),
        ("zip", "hidden.trailer", "a zip archive, 9 bytes"),
        ("", "hidden.trailer", "9 bytes"),
    ],
)
def test_a_trailer_is_told_by_what_it_is(label: str, kind: str, value: str) -> None:
    assert values("trailer", b"something", label) == {kind: value}


def test_segments_are_told_by_how_they_begin() -> None:
    assert values("segment", b"Ducky\0\1") == {
        "hidden.metadata": "Photoshop's Save for Web settings, 7 bytes"
    }
    assert values("segment", b"????", "APP9") == {"hidden.unknown": "4 bytes"}


@pytest.mark.parametrize(
    ("language", "kind"),
    [
        ("density", "hidden.metadata"),
        ("thumbnail", "content.thumbnail"),
        ("cropped", "hidden.cropped_data"),
        ("encoder", "device.encoder"),
        ("unknown", "hidden.unknown"),
        ("never heard of", "hidden.unknown"),
    ],
)
def test_every_other_language_is_told(language: str, kind: str) -> None:
    assert list(values(language, b"payload")) == [kind]


@given(
    st.binary(max_size=200), st.sampled_from(["", "prompt", "Comment", "Software", "date:create"])
)
def test_any_bytes_are_survived_in_every_language(noise: bytes, label: str) -> None:
    for language in readers():
        read(Block(language, noise, "here", len(noise), label))
