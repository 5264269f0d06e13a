"""What nobody wrote is told as what it is, and never as a person or a caption."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unexposed.exposure import Finding, finding
from unexposed.metadata.placeholders import PERSONAL, told_as_they_are


def told(kind: str, text: str, device: str = "") -> tuple[str, str]:
    """Return kind and value of what a text in a file is told as, beside the name of a device."""
    others = [finding("device.model", "EXIF", device)] if device else []
    one, *rest = told_as_they_are([finding(kind, "EXIF", text), *others])
    assert rest == others
    assert one.where == "EXIF"
    return one.kind, one.value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("person.copyright", "Copyright,"),
        ("person.copyright", "Copyright (c)"),
        ("person.copyright", "(C) by"),
        ("person.copyright", "COPYRIGHT, 2005"),
        ("person.copyright", "© 2012-2013. All rights reserved."),
        ("person.copyright", "unknown"),
        ("person.author", "none"),
        ("person.author", "Unknown"),
        ("person.author", "(null)"),
        ("person.author", "<unknown>"),
        ("person.author", "Your Name"),
        ("person.author", "-"),
        ("person.credit", "N/A"),
        ("person.named", "???"),
        ("device.owner", "unknown"),
        ("person.caption", "default"),
        ("person.caption", "dav"),
        ("person.caption", "hdr"),
        ("person.caption", "sdr"),
        ("person.caption", "untitled"),
        ("person.caption", "Digital StillCamera"),
        ("person.caption", "charset=Ascii"),
        ("person.caption", 'charset="Ascii" binary comment'),
        ("person.caption", "..."),
    ],
)
def test_what_names_nobody_is_a_technical_note(kind: str, text: str) -> None:
    assert told(kind, text) == ("hidden.metadata", f"written by default: “{text}”")


@pytest.mark.parametrize(
    "text",
    [
        "OLYMPUS DIGITAL CAMERA",
        "SANYO DIGITAL CAMERA",
        "KONICA MINOLTA DIGITAL CAMERA",
        "MINOLTA DIGITAL CAMERA",
        "KODAK DC3400 ZOOM DIGITAL CAMERA",
        "KODAK EASYSHARE C713 ZOOM DIGITAL STILL CAMERA",
        "SONY DSC",
        "SAMSUNG CAMERA PICTURES",
        "HC500 HYPERFIRE",
    ],
)
def test_a_makers_default_caption_tells_the_maker_and_no_more(text: str) -> None:
    assert told("person.caption", text) == ("device.model", text)
    maker = text.split()[0]
    assert told("person.caption", text, f"{maker.title()} X-1") == (
        "hidden.metadata",
        f"written by default: “{text}”",
    )


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("DCIM\\100MEDIA\\DJI_0001.JPG", "history.documents", "DCIM\\100MEDIA\\DJI_0001.JPG"),
        ("DCIM/101MEDIA/DJI_0417.JPG", "history.documents", "DCIM/101MEDIA/DJI_0417.JPG"),
        ("AppleMark", "device.software", "AppleMark"),
        ("Created with GIMP", "device.software", "Created with GIMP"),
        (
            "a5cb01550dbb9a6bf732f87e413f6e23",
            "device.unique_id",
            "a5cb01550dbb9a6bf732f87e413f6e23",
        ),
        ("charset=Ascii Ada at sea", "person.caption", "Ada at sea"),
    ],
)
def test_what_a_program_wrote_tells_what_it_tells(text: str, kind: str, value: str) -> None:
    assert told("person.caption", text) == (kind, value)


def test_a_camera_is_no_author() -> None:
    assert told("person.author", "FLIR One") == ("device.model", "FLIR One")


@pytest.mark.parametrize(
    ("kind", "text", "device"),
    [
        ("person.author", "Canon", "Canon EOS 5D"),
        ("person.author", "EOS 5D", "Canon EOS 5D"),
        ("person.copyright", "Copyright Canon", "Canon EOS 5D"),
        ("person.copyright", "(C) by RDC-5300 User", "RICOH RDC-5300"),
        ("person.copyright", "KODAK DC240 ZOOM DIGITAL CAMERA", "KODAK DC240 ZOOM DIGITAL CAMERA"),
        (
            "person.caption",
            "<Digimax i50 MP3, Samsung #1 MP3>",
            "<Digimax i50 MP3, Samsung #1 MP3>",
        ),
    ],
)
def test_the_devices_own_name_is_no_person(kind: str, text: str, device: str) -> None:
    assert told(kind, text, device) == ("hidden.metadata", f"written by default: “{text}”")


@pytest.mark.parametrize(
    ("kind", "text", "device"),
    [
        ("person.author", "Max", "Apple iPhone 15 Pro Max"),
        ("person.author", "Nova", "HUAWEI nova 5T"),
        ("person.author", "Nova", "HUAWEI nova"),
        ("person.author", "Ada Canon", "Canon EOS 5D"),
        ("person.copyright", "Copyright C. R.", ""),
        ("person.caption", "photographer", ""),
        ("person.author", "Dav", ""),
        ("person.author", "The Unknown", ""),
        ("person.author", "J P Bowen", ""),
        ("person.copyright", "Copyright 2005 Ada", "Canon EOS 5D"),
        ("person.copyright", "TM&Copyright (C) 2010 Sony Computer Entertainment Inc.", ""),
        ("person.caption", "15", "Apple iPhone 15"),
        ("person.caption", "Default settings of the new camera", ""),
        ("person.caption", "My first Olympus digital camera", "OLYMPUS C-2"),
        ("person.caption", "❤️", ""),
        ("person.caption", "x" * 3_000, ""),
    ],
)
def test_what_somebody_wrote_is_told_as_theirs(kind: str, text: str, device: str) -> None:
    assert told(kind, text, device) == (kind, finding(kind, "", text).value)


FINDINGS = st.lists(
    st.builds(
        finding,
        st.sampled_from([*sorted(PERSONAL), "device.model", "hidden.comment"]),
        st.just("EXIF"),
        st.text(max_size=60) | st.sampled_from(["none", "Copyright", "SONY DSC", "Sony"]),
    ),
    max_size=5,
)


@given(FINDINGS)
def test_nothing_that_is_told_falls_silent(findings: list[Finding]) -> None:
    after = told_as_they_are(findings)
    assert len(after) == len(findings)
    for before, now in zip(findings, after, strict=True):
        assert now == before or before.kind in PERSONAL
        assert not before.value or now.value


def test_what_cameras_write_into_exif_may_be_somebodys_word_elsewhere() -> None:
    keyword = finding("person.caption", "Photoshop IPTC", "hdr")
    assert told_as_they_are([keyword]) == [keyword]
