"""What XMP packets give away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import xmp as build
from unexposed.metadata import Block, read
from unexposed.metadata.xmp import degrees


def values(packet: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in read(Block("xmp", packet, "XMP", len(packet))):
        found.setdefault(one.kind, []).append(one.value)
    return found


@pytest.mark.parametrize("packet", [build.a_place_as_attributes(), build.a_place_as_elements()])
def test_a_place_is_told_however_it_is_written(packet: bytes) -> None:
    assert values(packet) == {"location.gps": ["38.72260, -9.13920"]}


@pytest.mark.parametrize(
    ("text", "angle"),
    [("38,43.356N", 38.7226), ("9,8,21.12W", -9.1392), ("-9.1392", -9.1392), ("1/2", 0.5)],
)
def test_angles_are_read_in_each_form(text: str, angle: float) -> None:
    assert degrees(text) == pytest.approx(angle)


@pytest.mark.parametrize("text", ["", "N", "38N", "1/0", "nan", "\u0661,N" * 50])
def test_what_is_no_angle_is_none(text: str) -> None:
    assert degrees(text) is None


def test_people_are_named_by_every_kind_of_region() -> None:
    assert sorted(values(build.people_by_name())["person.named"]) == [
        "Ada",
        "Edith",
        "Grace",
        "Mary",
    ]


def test_the_history_is_counted_with_its_programs() -> None:
    found = values(build.editing_history())
    assert found["history.edits"] == [
        "3 steps with Adobe Photoshop 25.0, 2025-04-01 10:00:00+01:00 to 2025-04-03 10:00:00+01:00"
    ]
    assert found["history.documents"] == ["3 document ids: xmp.did:AAAA"]


def test_second_contents_are_announced() -> None:
    found = values(build.an_ultra_hdr_motion_photo())
    assert found == {
        "content.video": ["a motion photo"],
        "content.gain_map": ["an HDR gain map"],
    }


def test_a_depth_map_is_told_with_its_size() -> None:
    packet = build.packet(f'GDepth:Mime="image/png" GDepth:Data="{"A" * 4000}"')
    assert values(packet) == {"content.depth": ["a depth map, 3,000 bytes"]}


def test_texts_times_devices_places_and_contacts() -> None:
    packet = build.packet(
        'tiff:Make="NIKON CORPORATION" tiff:Model="NIKON D70" aux:SerialNumber="20001234" '
        'aux:OwnerName="Ada" xmp:CreatorTool="Lightroom" xmp:ModifyDate="2025-04-02T08:00:00+01:00" '
        'photoshop:City="Lisbon" photoshop:Country="Portugal" photoshop:Credit="Agency" '
        'exif:DateTimeOriginal="2025-04-01T18:22:05.12+01:00" xmp:Rating="5"',
        build.sequence("dc:creator", "Ada Lovelace")
        + "<dc:description><rdf:Alt><rdf:li xml:lang='x-default'>At sea</rdf:li></rdf:Alt></dc:description>"
        + '<Iptc4xmpCore:CreatorContactInfo Iptc4xmpCore:CiEmailWork="ada@example.org" '
        'Iptc4xmpCore:CiTelWork="+351 1"/>',
    )
    assert values(packet) == {
        "location.place": ["Lisbon, Portugal"],
        "device.model": ["NIKON D70"],
        "device.serial": ["20001234"],
        "device.owner": ["Ada"],
        "device.software": ["Lightroom"],
        "time.edited": ["2025-04-02 08:00:00+01:00"],
        "time.taken": ["2025-04-01 18:22:05.12+01:00"],
        "person.author": ["Agency", "Ada Lovelace"],
        "person.caption": ["At sea"],
        "person.contact": ["ada@example.org, +351 1"],
        "hidden.metadata": ["xmp:Rating"],
    }


def test_a_generated_picture_is_told() -> None:
    source = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    packet = build.packet(f'Iptc4xmpExt:DigitalSourceType="{source}"')
    assert values(packet) == {"provenance.ai_generated": [source]}


def test_an_unknown_namespace_is_not_passed_over() -> None:
    packet = build.packet('xmlns:my="http://example.org/mine" my:Secret="x"')
    assert values(packet) == {"hidden.metadata": ["?:Secret"]}


def test_entities_are_not_expanded() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]>' + build.packet(
        'xmp:Label="&c;"'
    )
    assert "hidden.damaged" in values(bomb)


def test_a_broken_packet_is_read_as_far_as_it_goes_and_told_as_damaged() -> None:
    found = values(build.a_place_as_attributes()[:-60])
    assert found["location.gps"] == ["38.72260, -9.13920"]
    assert "hidden.damaged" in found


def test_more_elements_than_anybody_writes_are_not_built_into_a_tree() -> None:
    found = values(build.packet(elements="<dc:format/>" * 200_000))
    assert found["hidden.damaged"] == ["more elements than can be read"]


def test_an_empty_packet_gives_nothing_away() -> None:
    assert values(b"\0\0") == {}
    assert values(build.packet()) == {}


@given(st.sampled_from([build.people_by_name(), build.editing_history()]), st.data())
def test_damage_is_survived(packet: bytes, data: st.DataObject) -> None:
    damaged = bytearray(packet)
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at] = data.draw(st.integers(0, 255))
    values(bytes(damaged[: data.draw(st.integers(0, len(damaged)))]))


@given(st.binary(max_size=300))
def test_random_bytes_are_survived(noise: bytes) -> None:
    values(noise)
