from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unexposed.naming import MAX_BYTES, is_numbered, numbered, told_by, wanted_name

JPEG = (".jpg", ".jpeg")


@pytest.mark.parametrize(
    ("name", "scrubbed"),
    [
        ("beach-sunset_20250401_182205.jpg", "beach-sunset.jpg"),
        ("IMG_20250401_182205.jpg", "photo-1.jpg"),
        ("PXL_20230101_101112345.MP.jpg", "photo-1.jpg"),
        ("Screenshot from 2025-04-01 18-22-05.jpg", "photo-1.jpg"),
        ("WhatsApp Image 2025-04-01 at 18.22.05.jpeg", "photo-1.jpeg"),
        ("IMG-20250401-WA0012.jpg", "photo-1.jpg"),
        ("anna.mueller@example.com holiday.jpg", "holiday.jpg"),
        ("3F2504E0-4F89-11D3-9A0C-0305E82C3301.jpg", "photo-1.jpg"),
        ("FB_IMG_1587654321.jpg", "photo-1.jpg"),
        ("my cat (2).jpg", "my-cat.jpg"),
        ("Grandma's 80th.jpg", "Grandma's-80th.jpg"),
        ("view from the hill.jpg", "view-from-the-hill.jpg"),
        ("photography-class.jpg", "photography-class.jpg"),
        ("café.jpg", "café.jpg"),
    ],
)
def test_scrubbing_takes_what_tells_and_leaves_what_a_person_recognises(
    name: str, scrubbed: str
) -> None:
    assert wanted_name(name, "scrub", JPEG) == scrubbed


def test_replacing_leaves_nothing_of_the_name() -> None:
    assert wanted_name("Anna at home.JPG", "replace", JPEG) == "photo-1.jpg"


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("IMG_4021.jpg", "IMG_4021.jpg"),
        ("IMG_4021.JPG", "IMG_4021.JPG"),
        ("really a jpeg.png", "really a jpeg.jpg"),
        ("no ending", "no ending.jpg"),
        ("version 1.2", "version 1.2.jpg"),
    ],
)
def test_a_kept_name_has_the_ending_of_its_content(name: str, named: str) -> None:
    assert wanted_name(name, "keep", JPEG) == named


def test_taken_names_are_numbered() -> None:
    assert [numbered("a.jpg", taken) for taken in range(3)] == ["a.jpg", "a-2.jpg", "a-3.jpg"]
    assert [numbered("photo-1.jpg", taken) for taken in (0, 1)] == ["photo-1.jpg", "photo-2.jpg"]


@pytest.mark.parametrize(
    ("name", "wanted", "belongs"),
    [
        ("a.jpg", "a.jpg", True),
        ("a-2.jpg", "a.jpg", True),
        ("a-1.jpg", "a.jpg", False),
        ("a-02.jpg", "a.jpg", False),
        ("a-2.png", "a.jpg", False),
        ("photo-31.jpg", "photo-1.jpg", True),
        ("photo-0.jpg", "photo-1.jpg", False),
        ("IMG_4021.jpg", "photo-1.jpg", False),
        ("photo-2.jpg", "IMG_4021.jpg", False),
    ],
)
def test_a_number_does_not_hide_whose_name_it_is(name: str, wanted: str, belongs: bool) -> None:
    assert is_numbered(name, wanted) is belongs


@given(
    st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=300).filter(
        lambda name: name not in {".", ".."}
    ),
    st.sampled_from(["keep", "scrub", "replace"]),
)
def test_every_name_is_one_that_a_file_system_takes(name: str, rule: str) -> None:
    name = os.fsdecode(name.encode("utf-8", "surrogatepass"))
    wanted = wanted_name(name, rule, JPEG)
    for taken in range(12):
        one = numbered(wanted, taken)
        assert is_numbered(one, wanted)
        assert 0 < len(os.fsencode(one)) <= MAX_BYTES
        assert "/" not in one
        assert one.lower().endswith(JPEG)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("IMG_20250401_182205.jpg", {"name.time": "20250401 182205", "name.device": "IMG"}),
        ("PXL_20230101_101112345.MP.jpg", {"name.time", "name.device"}),
        ("Screenshot from 2025-04-01 18-22-05.png", {"name.time", "name.device"}),
        ("anna.mueller@example.com holiday.jpg", {"name.person": "anna.mueller@example.com"}),
        ("3F2504E0-4F89-11D3-9A0C-0305E82C3301.jpg", {"name.id"}),
        ("beach sunset.jpg", {}),
        ("photo-1.jpg", {}),
        ("my scan 2.jpg", {}),
    ],
)
def test_what_a_name_tells(name: str, told: dict[str, str] | set[str]) -> None:
    found = {one.kind: one.value for one in told_by(name)}
    assert (found if isinstance(told, dict) else set(found)) == told


@pytest.mark.parametrize(
    "name",
    [
        "photoshop-8x12-32colors.gif",
        "icon-16-32-48.png",
        "tile_3_4_2048.png",
        "wallpaper 1920x1080.jpg",
        "poster-12000x9000.png",
        "1080p still 23-59.png",
        "gimp-2.10.34.png",
        "chapter 12.30.png",
        "lens f1.40.jpg",
        "ratio 16-10.png",
        "image01137.jpg",
        "image000123.jpg",
        "frame_0012345.png",
        "00000042.png",
        "123456.png",
        "scan 20 of 45.png",
        "room 204512.png",
        "pixel art.png",
        "traffic signal.jpg",
        "galaxy over the hills.jpg",
        "firefly at night.jpg",
        "burst of colour.jpg",
        "collage of us.png",
        "my cat (2).jpg",
        "Grandma's 80th.jpg",
    ],
)
def test_sizes_counters_versions_and_words_tell_nothing(name: str) -> None:
    assert told_by(name) == ()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("at 18:22.jpg", {"name.time": "18:22"}),
        ("dinner 6.22.05 PM.jpg", {"name.time": "6.22.05 PM"}),
        ("19h30 dinner.jpg", {"name.time": "19h30"}),
        ("2025-04-01 12-32.png", {"name.time": "2025-04-01 12-32"}),
        ("20250401_182205.jpg", {"name.time": "20250401 182205"}),
        ("1.4.2025 18-22-05.jpg", {"name.time": "1.4.2025 18-22-05"}),
        ("51234567890_abcdef1234_o.jpg", {"name.id": "51234567890"}),
        ("00491701234567.jpg", {"name.id": "00491701234567"}),
        ("f88b6907ee086c4c.png", {"name.id": "f88b6907ee086c4c"}),
        (
            "signal-2025-04-01-182205.jpg",
            {"name.time": "2025-04-01 182205", "name.device": "signal"},
        ),
        ("Pixel 7.jpg", {"name.device": "Pixel 7"}),
        ("sizes 12-32 of 2025-04-01.png", {"name.time": "2025-04-01"}),
        ("pixel art, 2025-04-01.png", {"name.time": "2025-04-01"}),
        (
            "WhatsApp Image 2025-04-01 at 18.22.05.jpeg",
            {"name.time": "2025-04-01 18.22.05", "name.device": "WhatsApp"},
        ),
        (
            "Bildschirmfoto 2025-04-01 um 18.22.05.png",
            {"name.time": "2025-04-01 18.22.05", "name.device": "Bildschirmfoto"},
        ),
        ("jpg__Canon_40D.jpg", {"name.device": "Canon_40D"}),
        ("GX010012.jpg", {"name.device": "GX"}),
        ("DSC_1234.jpg", {"name.device": "DSC_1234"}),
    ],
)
def test_times_numbers_and_devices_are_told_where_they_are_nothing_else(
    name: str, told: dict[str, str]
) -> None:
    assert {one.kind: one.value for one in told_by(name)} == told


@given(st.text(max_size=80))
def test_a_scrubbed_name_tells_nothing_more(name: str) -> None:
    assert told_by(wanted_name(f"{name}.jpg", "scrub", JPEG)) == ()
