"""What makers' notes give away: serial numbers, owners, people, places, and that they are damaged."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.builders import exif as build
from tests.builders import maker_notes as notes
from tests.builders.fresh import said_by
from tests.builders.maker_notes import NOTES, Told
from unexposed.exposure import Finding
from unexposed.formats import sniff
from unexposed.metadata import Block, read
from unexposed.metadata.tiff import walk

Make = Callable[[], tuple[bytes, Told]]
EACH = pytest.mark.parametrize("make", NOTES, ids=lambda make: make.__name__)
ALWAYS = {"device.maker_note", "device.model"}


def told(block: bytes) -> list[Finding]:
    return read(Block("exif", block, "EXIF", len(block)))


def from_the_note(block: bytes) -> Told:
    """Kinds and values of what stands in the note, beside that there is one."""
    found: Told = {}
    for one in told(block):
        if one.where.startswith("EXIF MakerNote") and one.kind != "device.maker_note":
            found.setdefault(one.kind, []).append(one.value)
    return found


@EACH
def test_what_identifies_is_told(make: Make) -> None:
    block, expected = make()
    assert from_the_note(block) == expected


@EACH
def test_that_there_is_a_note_is_told_with_its_maker(make: Make) -> None:
    block, _ = make()
    (one,) = (one for one in told(block) if one.kind == "device.maker_note")
    assert one.value.casefold().startswith(make.__name__)


@EACH
@settings(max_examples=15)
@given(st.data())
def test_a_cut_is_said_and_what_stands_before_it_is_read(make: Make, data: st.DataObject) -> None:
    block, _ = make()
    end = data.draw(st.integers(0, len(block) - 2))
    assert "hidden.damaged" in {one.kind for one in told(block[:end])}


@EACH
@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_flipped_bytes_are_survived_and_never_met_with_silence(
    make: Make, flips: list[tuple[float, int]]
) -> None:
    block, _ = make()
    damaged = bytearray(block)
    for place, value in flips:
        damaged[int(place * (len(damaged) - 1))] = value
    assert told(bytes(damaged))


@EACH
@settings(max_examples=10)
@given(st.binary(min_size=1, max_size=80))
def test_noise_in_place_of_a_note_is_survived_and_told(make: Make, noise: bytes) -> None:
    block, _ = make()
    start = notes.block(lambda _: noise, make.__name__)
    assert "device.maker_note" in {one.kind for one in told(start)}
    header = block[block.rindex(b"\0", 0, 60) :][:24]
    assert told(notes.block(lambda _: header + noise, make.__name__))


@pytest.mark.parametrize(
    "make", [notes.apple, notes.canon, notes.nikon, notes.panasonic, notes.sony, notes.pentax]
)
def test_a_note_that_lost_its_directory_is_told_as_damaged(make: Make) -> None:
    block, expected = make()
    note = _note_in(block)
    emptied = block.replace(note, note[:18] + b"\xff" * (len(note) - 18))
    found = from_the_note(emptied)
    assert found["hidden.damaged"]
    assert not set(expected) & set(found)


def _note_in(block: bytes) -> bytes:
    """The note of a built block, which is the last thing in it."""
    (entry,) = (entry for entry in walk(block).entries if entry.tag == 0x927C)
    return block[entry.start : entry.start + entry.size]


def test_a_note_that_was_moved_is_read_where_its_values_went() -> None:
    """Programs put a note elsewhere and leave its offsets as they were."""
    block, expected = notes.canon()
    elsewhere = notes.block(lambda _: _note_in(block), "Canon", "Canon EOS 600D" + "x" * 300)
    assert from_the_note(elsewhere) == expected


def test_a_value_outside_of_its_note_is_told_as_damage() -> None:
    def note(at: int) -> bytes:
        whole = notes.ifd(
            "<", at, [build.text(0x0009, "Ada Lovelace"), build.text(0x0007, "1.0.0")]
        )
        return whole.replace((at + 30).to_bytes(4, "little"), (at + 90_000).to_bytes(4, "little"))

    found = from_the_note(notes.block(note, "Canon"))
    assert found["device.software"] == ["1.0.0"]
    assert found["hidden.damaged"] == ["maker's notes: a value outside of them"]


def test_a_small_copy_in_a_note_is_told() -> None:
    _, small = build.a_thumbnail((40, 30))
    block = notes.block(lambda at: notes.ifd("<", at, [(0x2001, 7, small)]), "SONY")
    assert [one.value for one in told(block) if one.kind == "content.thumbnail"] == [
        f"40 by 30 pixels, {len(small):,} bytes"
    ]


def test_a_drone_that_writes_words_tells_speed_and_direction() -> None:
    words = b"[ae_dbg_info:1,2][FlightDegree(Y,P,R):-900,0,0][FlightSpeed(X,Y,Z):30,40,0]"
    found = from_the_note(notes.block(lambda _: words + b"[sensor_id:abc123]", "DJI"))
    assert found == {
        "location.direction": ["270.0°"],
        "location.speed": ["18.0 km/h"],
        "device.serial": ["abc123"],
    }


def test_a_note_of_unknown_make_is_told_and_no_more() -> None:
    assert from_the_note(notes.block(lambda _: bytes(100), "Nobody")) == {}


def test_a_note_that_stands_alone_is_read_as_canons_raw_files_have_it() -> None:
    payload = b"II*\0\x08\0\0\0" + notes.ifd("<", 8, [build.text(0x0009, "Ada Lovelace")])
    found = read(Block("maker_note", payload, "EXIF MakerNote", len(payload), "Canon"))
    assert [one.value for one in found if one.kind == "device.owner"] == ["Ada Lovelace"]
    assert read(Block("maker_note", b"noise", "EXIF MakerNote", 5, "Canon"))[0].kind == (
        "hidden.damaged"
    )


def test_notes_in_a_tiff_file_are_read_as_well() -> None:
    """A TIFF's tags are handed out in a block of their own, in which notes lie elsewhere."""
    block, expected = notes.canon()
    exif = Image.Exif()
    exif.load(b"Exif\0\0" + block)
    written = io.BytesIO()
    Image.new("RGB", (16, 12)).save(written, "TIFF", exif=exif)
    source = written.getvalue()
    container = sniff(source[:4096])
    parts = container.dissect(source)
    found = [one for each in container.blocks(source, parts) for one in read(each)]
    values = {one.value for one in found}
    assert {*expected["device.owner"], *expected["device.serial"]} <= values


def test_notes_without_end_are_read_in_little_time() -> None:
    """Values and directories may all lie over each other."""
    huge = bytes(16) + b"\xff\xd8\xff" * 100_000
    directories = [(0x2010, 4, (8).to_bytes(4, "little"))] * 300
    values = [(0x0101, 7, huge[:60_000])] * 30
    many = [(0x927C, build.UNDEFINED, b"OLYMPUS\0II\x03\0" + notes.ifd("<", 12, directories))] * 200
    for block in (
        build.tiff(Exif=many),
        notes.block(lambda _: b"HDRP\x03" + huge, "Google"),
        notes.block(lambda at: notes.ifd("<", at, values), "Canon"),
    ):
        started = time.perf_counter()
        told(block)
        assert time.perf_counter() - started < 5


def test_no_makers_module_is_loaded_before_a_note_of_its_turns_up() -> None:
    script = "import sys, unexposed.metadata as m; m.readers(); print('\\n'.join(sys.modules))"
    loaded = said_by(script).split()
    assert [name for name in loaded if ".maker_notes." in name and "._" not in name] == []


def test_a_count_that_cannot_be_one_is_passed_over() -> None:
    """Python refuses to write down whole numbers of more than 4,300 digits."""
    huge = b"0x" + b"f" * 20_000
    plist = (
        b"<plist><dict><key>value</key><integer>" + huge + b"</integer>"
        b"<key>timescale</key><integer>1</integer></dict></plist>"
    )
    note = b"Apple iOS\0\0\x01MM" + notes.ifd(">", 14, [(0x0003, notes.UNDEFINED, plist)])
    assert "device.usage" not in from_the_note(notes.block(lambda _: note, "Apple", "iPhone 15"))


def test_drawn_out_openings_of_items_take_no_time() -> None:
    started = time.process_time()
    from_the_note(
        notes.block(lambda _: b"[ae_dbg_info:" + (b"[" * 59 + b":") * 20_000, "DJI", "FC")
    )
    assert time.process_time() - started < 1
