"""Texts with keywords, and the small languages."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
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


_WORKFLOW = json.dumps(
    {"nodes": [{"type": "CLIPTextEncode", "widgets_values": ["a cat on the moon"]}]}
)


def every(language: str, payload: bytes, label: str = "") -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in read(Block(language, payload, "here", len(payload), label)):
        found.setdefault(one.kind, []).append(one.value)
    return found


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


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("translated keyword", "Otsikko"),
        ("translated keyword", "Tekijänoikeudet"),
        ("translated keyword", "Date de création"),
        ("profile name", "Photoshop ICC profile"),
        ("profile name", "ICC Profile"),
        ("profile name", "Adobe RGB (1998)"),
        ("profile name", "GIMP built-in sRGB"),
        ("profile name", "Display P3"),
        ("profile name", "kCGColorSpaceDisplayP3"),
        ("profile name", "Dot Gain 20%"),
    ],
)
def test_what_programs_call_things_by_themselves_is_a_technical_note(label: str, text: str) -> None:
    assert values("text", text.encode(), label) == {"hidden.metadata": f"{label}: {text}"}


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("translated keyword", "ada@example.org"),
        ("translated keyword", "call me at 0170 1234567"),
        ("translated keyword", "one two three four words"),
        ("profile name", "Ada's MacBook, left screen"),
        ("profile name", "Photoshop says that Ada Lovelace made this"),
    ],
)
def test_what_somebody_wrote_where_programs_write_is_a_comment(label: str, text: str) -> None:
    assert values("text", text.encode(), label)["hidden.comment"] == f"{label}: {text}"


def test_a_time_is_brought_into_one_form() -> None:
    found = values("text", b"2025-04-01T18:22:05+01:00", "date:create")
    assert found == {"time.edited": "2025-04-01 18:22:05+01:00"}


def test_the_path_of_a_thumbnailed_file_is_told() -> None:
    found = values("text", b"file:///home/ada/secret.png", "Thumb::URI")
    assert found == {"location.file_path": "file:///home/ada/secret.png"}


@pytest.mark.parametrize(
    ("keyword", "text", "prompt"),
    [
        ("parameters", _PARAMETERS, "a cat on the moon"),
        ("prompt", _GRAPH, "a cat on the moon"),
        ("workflow", _WORKFLOW, "a cat on the moon"),
        ("invokeai_metadata", '{"positive_prompt": "a cat"}', "a cat"),
        ("Dream", '"a cat" -s 50 -S 12345 -W512 -H512 -C7.5 -A k_lms', "a cat"),
        ("sd-metadata", '{"image": {"prompt": [{"prompt": "a cat", "weight": 1}]}}', "a cat"),
        ("Comment", '{"prompt": "a cat", "steps": 28}', "a cat"),
        ("Comment", '{"c": "a cat", "uc": "dog", "model": "sd.ckpt"}', "a cat"),
        ("Description", "a cat --v 6 Job ID: 1234", "a cat --v 6"),
        ("parameters", '{"sui_image_params": {"prompt": "a cat", "model": "flux"}}', "a cat"),
    ],
)
def test_a_generators_prompt_is_told(keyword: str, text: str, prompt: str) -> None:
    found = every("text", text.encode(), keyword)
    assert found["provenance.prompt"][0] == prompt
    assert "provenance.ai_generated" in found


def test_what_was_not_wanted_the_model_and_the_user_are_told() -> None:
    text = _PARAMETERS + ", Version: v1.9.4, User: ada"
    assert every("text", text.encode(), "parameters") == {
        "provenance.prompt": ["a cat on the moon", "not wanted: dog"],
        "provenance.ai_generated": ["Stability AI, Stable Diffusion, sd15"],
        "device.software": ["v1.9.4"],
        "person.author": ["ada"],
    }


def test_a_graph_is_followed_from_its_sampler_to_the_words() -> None:
    graph = {
        "3": {"class_type": "KSampler", "inputs": {"positive": ["5", 0], "negative": ["7", 0]}},
        "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "sdxl.safetensors"}},
        "5": {"class_type": "FluxGuidance", "inputs": {"conditioning": ["6", 0]}},
        "6": {"class_type": "CLIPTextEncode", "inputs": {"text": ["9", 0], "clip": ["4", 1]}},
        "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "a much longer text, a dog"}},
        "8": {"class_type": "LoadImage", "inputs": {"image": r"C:\Users\ada\me.png"}},
        "9": {"class_type": "String", "inputs": {"value": "a cat"}},
    }
    assert every("text", json.dumps(graph).encode(), "prompt") == {
        "provenance.prompt": ["a cat", "not wanted: a much longer text, a dog"],
        "provenance.ai_generated": ["ComfyUI, sdxl.safetensors"],
        "location.file_path": [r"C:\Users\ada\me.png"],
    }


def test_novelais_own_way_is_read() -> None:
    comment = {"prompt": "1girl", "uc": "bad", "v4_prompt": {"caption": {"base_caption": "1girl"}}}
    assert every("text", json.dumps(comment).encode(), "Comment") == {
        "provenance.prompt": ["1girl", "not wanted: bad"],
        "provenance.ai_generated": ["NovelAI"],
    }
    source = b"NovelAI Diffusion V4 37442FCA"
    assert values("text", source, "Source") == {"provenance.ai_generated": source.decode()}


def test_midjourneys_job_ties_pictures_together() -> None:
    job = "0a1b2c3d-0000-1111-2222-333344445555"
    found = values("text", f"a cat --ar 3:2 --v 6.0 Job ID: {job}".encode(), "Description")
    assert found["device.unique_id"] == f"Midjourney job {job}"
    assert found["provenance.ai_generated"] == "Midjourney"


@pytest.mark.parametrize(
    ("tag", "text"),
    [(0x9286, b"ASCII\0\0\0" + _PARAMETERS.encode()), (0x010E, b"Prompt:" + _GRAPH.encode())],
)
def test_a_prompt_in_exif_is_told(tag: int, text: bytes) -> None:
    ifd = "Exif" if tag > 0x9000 else "IFD0"
    found = every("exif", tiff("<", **{ifd: [(tag, 7 if ifd == "Exif" else 2, text)]}))
    assert found["provenance.prompt"][0] == "a cat on the moon"


def test_a_prompt_in_a_bare_comment_is_told() -> None:
    found = values("comment", _PARAMETERS.encode())
    assert found["provenance.ai_generated"].endswith("sd15")


def test_a_description_that_is_no_prompt_stays_a_caption() -> None:
    assert values("text", b"a cat -- on the moon", "Description") == {
        "person.caption": "a cat -- on the moon"
    }


def test_a_path_in_any_text_is_told() -> None:
    found = values("text", b"made from /home/ada/secret.xcf", "Comment")
    assert found["location.file_path"] == "/home/ada/secret.xcf"


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
    kinds = b"".join(
        attribute.to_bytes(4, "little") + bytes(12) for attribute in (0x20030000, 0x50000, 0x10002)
    )
    names = b"A1B2".ljust(33, b"\0") + bytes(33)
    index = tiff("<", IFD0=[(0xB001, LONG, b"\3\0\0\0"), (0xB002, 7, kinds), (0xB003, 7, names)])
    assert values("mpf", index) == {
        "content.second_picture": "3 pictures in all: gain map, large thumbnail",
        "device.unique_id": "A1B2",
    }
    assert values("mpf", b"") == {
        "hidden.damaged": "no TIFF header",
        "content.second_picture": "an index of pictures",
    }


@pytest.mark.parametrize(
    ("label", "kind", "value"),
    [
        ("jpeg", "content.second_picture", "a JPEG, 9 bytes"),
        ("mp4", "content.video", "an MP4, 9 bytes"),
        ("insta360", "hidden.trailer", "Insta360 data, 9 bytes"),
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


@given(st.text(max_size=60), st.sampled_from([_PARAMETERS, _GRAPH, _WORKFLOW]), st.integers(0, 90))
@settings(max_examples=60)
def test_a_damaged_prompt_is_still_told(noise: str, text: str, at: int) -> None:
    broken = (text[:at] + noise + text[at + 5 :]).encode("utf-8", "surrogatepass")
    assert "provenance.ai_generated" in every("text", broken, "parameters")
