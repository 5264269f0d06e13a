"""What XMP packets give away."""

from __future__ import annotations

import time

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


@pytest.mark.parametrize(
    ("moments", "during"),
    [
        (["2025-04-01T10:00:00+01:00"] * 2, ", 2025-04-01 10:00:00+01:00"),
        (["2025-04-01T10:00:00+01:00", "2025-04-01T09:00:00Z"], ", 2025-04-01 10:00:00+01:00"),
        (
            ["2025-04-01T10:00:00+09:00", "2025-04-01T08:00:00-07:00"],
            ", 2025-04-01 10:00:00+09:00 to 2025-04-01 08:00:00-07:00",
        ),
        (["some day", "2025-04-01"], ", 2025-04-01"),
        (["some day", "another"], ""),
    ],
)
def test_a_history_lasts_from_its_first_moment_to_its_last(moments: list[str], during: str) -> None:
    steps = "".join(f'<rdf:li stEvt:action="saved" stEvt:when="{one}"/>' for one in moments)
    history = f"<xmpMM:History><rdf:Seq>{steps}</rdf:Seq></xmpMM:History>"
    assert values(build.packet(elements=history)) == {
        "history.edits": [f"{len(moments)} steps{during}"]
    }


def test_a_position_is_told_with_what_the_receiver_is_off() -> None:
    packet = build.packet(
        'exif:GPSLatitude="38,43.356N" exif:GPSLongitude="9,8.352W" '
        'exif:GPSHPositioningError="650/10"'
    )
    (place,) = read(Block("xmp", packet, "XMP", len(packet)))
    assert place.within_m == 65


@pytest.mark.parametrize(("zone", "told"), [("+05:45", ["+05:45"]), ("+19:00", []), ("CET", [])])
def test_a_time_zone_is_one_that_clocks_are_set_to(zone: str, told: list[str]) -> None:
    packet = build.packet(f'exif:OffsetTime="{zone}"')
    assert values(packet).get("time.zone", []) == told


def test_who_made_it_who_wrote_of_it_and_who_is_credited_are_not_the_same() -> None:
    packet = build.packet(
        'photoshop:CaptionWriter="Grace" photoshop:AuthorsPosition="Staff photographer" '
        'photoshop:Credit="Agency" photoshop:Source="Archive"',
        build.sequence("dc:creator", "Ada"),
    )
    assert values(packet) == {
        "person.author": ["Ada"],
        "person.named": ["Grace"],
        "person.role": ["Staff photographer"],
        "person.credit": ["Agency", "Archive"],
    }


def test_a_generator_is_nobody_to_credit() -> None:
    packet = build.packet('photoshop:Credit="Made with Google AI"')
    assert values(packet) == {"provenance.ai_generated": ["Made with Google AI"]}


def test_names_without_capitals_are_known_as_well() -> None:
    packet = build.packet(
        'tiff:software="Darktable" tiff:make="Canon" tiff:model="EOS 5D" dc:Creator="Ada" '
        'exif:datetimeoriginal="2025-04-01T18:22:05"'
    )
    assert values(packet) == {
        "device.software": ["Darktable"],
        "device.model": ["Canon EOS 5D"],
        "person.author": ["Ada"],
        "time.taken": ["2025-04-01 18:22:05"],
    }


def test_a_layer_that_is_called_by_its_text_is_told_once() -> None:
    layers = "".join(
        f'<rdf:li photoshop:LayerName="{name}" photoshop:LayerText="{text}"/>'
        for name, text in [("Dear Ada", "Dear Ada, come home"), ("Headline", "Wanted")]
    )
    packet = build.packet(
        elements=f"<photoshop:TextLayers><rdf:Bag>{layers}</rdf:Bag></photoshop:TextLayers>"
    )
    assert values(packet) == {
        "person.caption": ["Dear Ada, come home", "Wanted"],
        "history.edits": ["Headline"],
    }


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
        "person.credit": ["Agency"],
        "person.author": ["Ada Lovelace"],
        "person.caption": ["At sea"],
        "person.contact": ["ada@example.org, +351 1"],
        "hidden.metadata": ["xmp:Rating"],
    }


@pytest.mark.parametrize(
    ("attributes", "told"),
    [
        ("", "trainedAlgorithmicMedia"),
        ('photoshop:Credit="Made with Google AI"', "Made with Google AI"),
        ('xmp:CreatorTool="Adobe Firefly 3"', "Adobe Firefly 3"),
        ('photoshop:Credit="Ada"', "trainedAlgorithmicMedia"),
    ],
)
def test_a_generated_picture_is_told_with_its_generator(attributes: str, told: str) -> None:
    source = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    found = values(build.packet(f'Iptc4xmpExt:DigitalSourceType="{source}" {attributes}'))
    assert found["provenance.ai_generated"] == [told]


def test_a_prompt_in_a_description_is_told() -> None:
    text = "a cat\nNegative prompt: dog\nSteps: 20, Sampler: Euler, Model: sd15"
    item = f'<rdf:Alt><rdf:li xml:lang="x-default">{text}</rdf:li></rdf:Alt>'
    found = values(build.packet(elements=f"<dc:description>{item}</dc:description>"))
    assert found["provenance.prompt"] == ["a cat", "not wanted: dog"]


def test_a_record_that_lies_elsewhere_is_told_with_its_address() -> None:
    packet = build.packet('dcterms:provenance="https://example.org/m/1"')
    assert values(packet) == {"provenance.c2pa": ["a record elsewhere: https://example.org/m/1"]}


def test_faces_are_counted_whether_they_have_names_or_not() -> None:
    face = '<rdf:li><rdf:Description mwg-rs:Type="Face" {}/></rdf:li>'
    regions = face.format("") + face.format('mwg-rs:Name="Ada"')
    regions += '<rdf:li><rdf:Description mwg-rs:Type="Pet" mwg-rs:Name="Rex"/></rdf:li>'
    bag = f"<rdf:Bag>{regions}</rdf:Bag>"
    found = values(
        build.packet(
            elements='<mwg-rs:Regions rdf:parseType="Resource">'
            f"<mwg-rs:RegionList>{bag}</mwg-rs:RegionList></mwg-rs:Regions>"
        )
    )
    assert found["person.faces"] == ["2 faces"]
    assert found["person.named"] == ["Ada", "Rex"]


def test_what_a_drone_notes_is_told() -> None:
    packet = build.packet(
        'drone-dji:GpsLatitude="+38.722600" drone-dji:GpsLongitude="-9.139200" '
        'drone-dji:RelativeAltitude="+57.10" drone-dji:GimbalYawDegree="-104.20" '
        'drone-dji:FlightXSpeed="+3.0" drone-dji:FlightYSpeed="-4.0" drone-dji:FlightZSpeed="0.0" '
        'drone-dji:CameraSerialNumber="53HQN4T0M5B7JW"'
    )
    assert values(packet) == {
        "location.gps": ["38.72260, -9.13920"],
        "location.direction": ["camera at -104°"],
        "location.altitude": ["57 m above the start"],
        "location.speed": ["5.0 m/s"],
        "device.serial": ["53HQN4T0M5B7JW"],
    }


def test_where_it_was_taken_and_what_it_shows_are_two_places() -> None:
    def spot(name: str, venue: str, city: str) -> str:
        return (
            f'<Iptc4xmpExt:{name}><rdf:Bag><rdf:li Iptc4xmpExt:LocationName="{venue}" '
            f'Iptc4xmpExt:City="{city}" exif:GPSLatitude="38,43.356N" '
            f'exif:GPSLongitude="9,8,21.12W"/></rdf:Bag></Iptc4xmpExt:{name}>'
        )

    spots = spot("LocationCreated", "Club", "Lisbon") + spot("LocationShown", "Bridge", "Almada")
    found = values(build.packet(elements=spots))
    assert found["location.place"] == ["Club, Lisbon", "Bridge, Almada"]
    assert found["location.gps"] == ["38.72260, -9.13920"]


def test_facebooks_mark_is_an_account() -> None:
    found = values(build.packet('photoshop:Instructions="FBMD01000a9e030000"'))
    assert found == {"account.id": ["FBMD01000a9e030000"]}


def test_developing_a_raw_picture_is_an_edit() -> None:
    found = values(
        build.packet('crs:Version="15.4" crs:Exposure2012="+0.5" crs:RawFileName="a.nef"')
    )
    assert found == {
        "history.edits": ["developed with Camera Raw 15.4, 3 settings"],
        "history.documents": ["a.nef"],
    }


def test_what_nobody_knows_is_searched_for_paths_addresses_and_pages() -> None:
    packet = build.packet(
        'xmlns:my="http://example.org/mine" my:A="/home/ada/secret.xcf" my:B="to ada@example.org" '
        'my:C="see https://www.instagram.com/ada.l" my:D="http://example.org/nobody"'
    )
    assert values(packet) == {
        "location.file_path": ["/home/ada/secret.xcf"],
        "person.contact": ["ada@example.org"],
        "account.url": ["https://www.instagram.com/ada.l"],
        "hidden.metadata": ["?:A, ?:B, ?:C, ?:D"],
    }


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("cc:attributionURL", "account.url"),
        ("plus:LicensorID", "account.id"),
        ("mediapro:People", "person.named"),
        ("exifEX:Photographer", "person.author"),
        ("GCamera:BurstID", "device.unique_id"),
        ("xmpDM:shotLocation", "location.place"),
        ("drone-parrot:SerialNumber", "device.serial"),
    ],
)
def test_a_property_of_any_schema_is_told(name: str, kind: str) -> None:
    assert values(build.packet(f'{name}="x"')) == {kind: ["x"]}


def test_a_prefix_of_jpeg_before_a_packet_is_no_damage() -> None:
    packet = b"http://ns.adobe.com/xap/1.0/\0" + build.a_place_as_attributes()
    assert values(packet) == {"location.gps": ["38.72260, -9.13920"]}


def test_an_unknown_namespace_is_not_passed_over() -> None:
    packet = build.packet('xmlns:my="http://example.org/mine" my:Secret="x"')
    assert values(packet) == {"hidden.metadata": ["?:Secret"]}


_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "declared",
    [
        'a [<!ENTITY c "bbbb">]',
        'a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]',
        f'a [<!ENTITY l0 "bbbb">{_LAUGHS}<!ENTITY c "&l29;">]',
        'a [<!ENTITY c SYSTEM "file:///proc/self/environ">]',
        'a [<!ENTITY % d SYSTEM "http://example.org/d"> %d; <!ENTITY c "bbbb">]',
        'a SYSTEM "http://example.org/d"',
    ],
)
def test_a_packet_that_declares_anything_is_not_parsed(declared: str, encoding: str) -> None:
    """Neither entities, which can expand without end, nor files elsewhere."""
    packet = build.packet(elements="<dc:title>&c;</dc:title>").decode()
    hostile = f"<!DOCTYPE {declared}>{packet.partition('?>')[2]}".encode(encoding)
    found = values(hostile)
    assert found["hidden.damaged"] == ["no well-formed XML: DTDForbidden"]
    assert found["person.caption"] == ["&c;"]


def test_more_properties_than_anybody_writes_are_told_as_damage() -> None:
    labels = "".join(f"<rdf:li>{number}</rdf:li>" for number in range(20_001))
    found = values(build.packet(elements=f"<dc:subject><rdf:Bag>{labels}</rdf:Bag></dc:subject>"))
    assert found["hidden.damaged"] == ["more properties than can be read"]


def test_a_packet_of_nothing_but_attributes_is_read_in_little_time_and_memory() -> None:
    """Well-formed and not, up to the size of which more is not read."""
    many = " ".join(f"xmp:a{number}='1'" for number in range(300_000))
    names = ("a" * 41 + ":" + "b" * 80 + " ") * 40_000
    for packet in (build.packet(many), f"<x {names}".encode()):
        started = time.process_time()
        assert "hidden.damaged" in values(packet)
        assert time.process_time() - started < 4


def test_what_darktable_did_and_from_which_file_is_told() -> None:
    steps = "".join(
        f'<rdf:li darktable:num="{number}" darktable:operation="{name}" darktable:enabled="1"/>'
        for number, name in enumerate(("rawprepare", "exposure", "retouch"))
    )
    found = values(
        build.packet(
            'xmlns:darktable="http://darktable.sf.net/" xmpMM:DerivedFrom="_DSC1234.NEF" '
            'darktable:history_end="3"',
            f"<darktable:history><rdf:Seq>{steps}</rdf:Seq></darktable:history>",
        )
    )
    assert found == {
        "history.edits": ["developed with darktable, 3 steps"],
        "history.documents": ["_DSC1234.NEF"],
    }


def test_a_moving_photo_of_any_phone_is_announced() -> None:
    packet = build.packet(
        'xmlns:OpCamera="http://ns.oplus.com/photos/1.0/camera/" '
        'xmlns:MiCamera="http://ns.xiaomi.com/photos/1.0/camera/" '
        'OpCamera:MotionPhotoOwner="oplus" MiCamera:XMPMeta="x"'
    )
    assert values(packet) == {
        "content.video": ["a motion photo"],
        "hidden.metadata": ["MiCamera:XMPMeta"],
    }


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
