from __future__ import annotations

import plistlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unexposed import metadata
from unexposed.metadata import Block

URL = "https://photos.example.com/share/Xy7?album=anna"


def told(name: str, value: bytes) -> list[tuple[str, str]]:
    found = metadata.read(Block("attribute", value, f"attribute {name}", len(value), name))
    return [(one.kind, one.value) for one in found]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("user.xdg.origin.url", URL.encode()),
        ("user.xdg.referrer.url", URL.encode()),
        ("com.apple.metadata:kMDItemWhereFroms", plistlib.dumps([URL], fmt=plistlib.FMT_BINARY)),
        ("user.com.apple.metadata:kMDItemWhereFroms", plistlib.dumps([URL, ""])),
        (
            "user.Zone.Identifier",
            f"[ZoneTransfer]\r\nZoneId=3\r\nReferrerUrl={URL}\r\nHostUrl={URL}\r\n".encode(),
        ),
    ],
)
def test_where_it_was_downloaded_from_is_told(name: str, value: bytes) -> None:
    assert told(name, value) == [("history.origin", URL)]


def test_the_program_that_downloaded_it_is_told() -> None:
    value = b"0083;65f0a1b2;Firefox;3F2504E0-4F89-11D3-9A0C-0305E82C3301"
    assert told("com.apple.quarantine", value) == [("history.origin", "downloaded with Firefox")]


def test_comments_and_tags_are_told() -> None:
    assert told("user.xdg.comment", b"Anna at home") == [("person.caption", "Anna at home")]
    tags = plistlib.dumps(["Family\n6"], fmt=plistlib.FMT_BINARY)
    assert told("com.apple.metadata:_kMDItemUserTags", tags) == [("person.caption", "Family 6")]


def test_an_attribute_that_nobody_knows_is_told_by_its_size() -> None:
    assert told("user.private", b"abc") == [("hidden.metadata", "3 bytes")]


@given(
    st.sampled_from(
        [
            "com.apple.metadata:kMDItemWhereFroms",
            "com.apple.quarantine",
            "user.Zone.Identifier",
            "user.xdg.origin.url",
        ]
    ),
    st.one_of(st.binary(), st.binary().map(lambda data: b"bplist00" + data)),
)
def test_whatever_stands_there_is_survived(name: str, value: bytes) -> None:
    told(name, value)
