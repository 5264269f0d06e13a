from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import exif as build
from tests.builders import photos
from tests.builders.heif import box
from unexposed import metadata
from unexposed.errors import Held
from unexposed.formats import HEAD, raw, sniff

CANON = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")


def olympus() -> bytes:
    return b"IIRO" + build.a_device_and_its_owner()[4:] + bytes(1000)


def panasonic() -> bytes:
    return b"IIU\0" + build.a_device_and_its_owner()[4:] + bytes(1000)


def canon() -> bytes:
    """The directories as a CR3 has them: each the main one of a TIFF of its own."""
    device = build.tiff(IFD0=[build.text(0x0110, "Canon EOS R5")])
    settings = build.tiff(IFD0=[build.text(0xA431, "042021000123")])
    place = build.tiff(
        IFD0=[
            build.text(1, "N"),
            build.rationals("<", 2, (38, 1), (43, 1), (21, 1)),
            build.text(3, "W"),
            build.rationals("<", 4, (9, 1), (8, 1), (21, 1)),
        ]
    )
    own = box(b"CMT1", device) + box(b"CMT2", settings) + box(b"CMT4", place)
    movie = box(b"moov", box(b"uuid", CANON, own))
    return box(b"ftyp", b"crx ", bytes(4), b"crx isom") + movie + box(b"mdat", bytes(1000))


def fuji() -> bytes:
    photo = photos.phone_photo()
    head = b"FUJIFILMCCD-RAW 0201".ljust(84, b"\0")
    return head + (92).to_bytes(4) + len(photo).to_bytes(4) + photo + bytes(1000)


def told(source: bytes) -> dict[str, str]:
    found = raw.blocks(source, raw.dissect(source))
    return {one.kind: one.value for block in found for one in metadata.read(block)}


@pytest.mark.parametrize(
    ("make", "kinds"),
    [
        (olympus, {"device.model", "device.serial", "device.owner"}),
        (panasonic, {"device.model", "device.serial", "device.owner"}),
        (canon, {"device.model", "device.serial", "location.gps"}),
        (fuji, {"location.gps", "device.serial", "time.taken", "person.author"}),
    ],
)
def test_a_raw_file_is_reported_and_held_back_with_advice(
    make: Callable[[], bytes], kinds: set[str]
) -> None:
    source = make()
    assert sniff(source[:HEAD]) is raw
    assert kinds <= set(told(source))
    with pytest.raises(Held, match="export it"):
        raw.rebuild(source, raw.dissect(source))


@pytest.mark.parametrize("beginning", [b"FOVb", b"\0MRM"])
def test_a_raw_file_that_cannot_be_read_is_held_back_all_the_same(beginning: bytes) -> None:
    assert sniff(beginning + bytes(100)) is raw
    assert told(beginning + bytes(100)) == {"hidden.unknown": f"{len(beginning) + 100} bytes"}


def test_a_canon_heap_that_cannot_be_read_is_told_as_damaged() -> None:
    source = b"II\x1a\0\0\0HEAPCCDR" + bytes(100)
    assert sniff(source) is raw
    assert set(told(source)) == {"hidden.damaged", "hidden.metadata"}


@given(
    st.sampled_from([olympus(), canon(), fuji(), b"IIU\0"]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8),
    st.floats(0, 1),
)
def test_whatever_arrives_is_read_or_passed_over(
    source: bytes, changes: list[tuple[float, int]], end: float
) -> None:
    damaged = bytearray(source)
    for place, value in changes:
        damaged[int(place * (len(damaged) - 1))] = value
    damaged = damaged[: max(1, int(end * len(damaged)))]
    told(bytes(damaged))
