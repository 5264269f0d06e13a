"""What HEIC has of its own: pictures coded with HEVC."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from tests.builders import heif as files
from tests.builders.contract import clean, survives
from tests.builders.heif import HEVC, File, box
from tests.builders.webp import CANARY
from unexposed.errors import Malformed
from unexposed.formats import heif
from unexposed.metadata import read

LEADING = {
    "notes": files.encoder_note(CANARY),
    "notes behind": files.hevc_unit(40, CANARY),
    "delimiter": files.hevc_unit(35, CANARY),
    "filler": files.hevc_unit(38, CANARY),
    "reserved": files.hevc_unit(41, CANARY),
    "unspecified": files.hevc_unit(63, CANARY),
    "end of the sequence": files.hevc_unit(36, CANARY),
    "another layer": files.hevc_unit(19, b"\xff" + CANARY, layer=1),
    "parameters of another layer": files.hevc_unit(33, CANARY, layer=40),
}


@pytest.mark.parametrize("unit", LEADING.values(), ids=LEADING)
@pytest.mark.parametrize("behind", [False, True])
def test_units_that_are_no_slices_do_not_survive(unit: bytes, behind: bool) -> None:
    data = HEVC.item().data
    file = files.coded_as(HEVC, data + unit if behind else unit + data)
    source = file.build()
    assert clean(source, heif) == clean(files.simple(HEVC).build(), heif)
    (block,) = heif.blocks(source, heif.dissect(source))
    assert CANARY[:4] in block.payload or block.label == "SEI"
    assert block.size == len(unit)


def test_what_an_encoder_says_of_itself_is_reported() -> None:
    text = b"x265 (build 215) - 4.1:[Linux][GCC 12.2.0]"
    source = files.coded_as(HEVC, files.encoder_note(text) + HEVC.item().data).build()
    (block,) = heif.blocks(source, heif.dissect(source))
    (finding,) = read(block)
    assert (finding.kind, finding.value) == ("device.software", text.decode())


def test_notes_among_the_decoders_parameters_do_not_survive_and_are_reported() -> None:
    file = files.simple(HEVC)
    unit = files.encoder_note(CANARY)[2:]
    file.items[0].properties = tuple(
        box(b"hvcC", one[8:30], bytes([one[30] + 1, 0xA7, 0, 1]), unit, one[31:])
        if one[4:8] == b"hvcC"
        else one
        for one in file.items[0].properties
    )
    source = file.build()
    assert clean(source, heif) == clean(files.simple(HEVC).build(), heif)
    (block,) = heif.blocks(source, heif.dissect(source))
    assert block.payload == CANARY


def parameter_sets(file: File) -> list[bytes]:
    configuration = next(one for one in file.items[0].properties if one[4:8] == b"hvcC")
    at, found = 31, []
    while at < len(configuration):
        size = int.from_bytes(configuration[at + 3 : at + 5])
        found.append(configuration[at + 5 : at + 5 + size])
        at += 5 + size
    return found


def test_parameters_that_the_header_has_as_well_go_from_the_picture() -> None:
    file = files.simple(HEVC)
    repeated = b"".join(struct.pack(">I", len(one)) + one for one in parameter_sets(file))
    file.items[0].data = repeated + file.items[0].data
    assert clean(file.build(), heif) == clean(files.simple(HEVC).build(), heif)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (files.hevc_unit(33, CANARY) + HEVC.item().data, "outside of its header"),
        (files.hevc_unit(12, CANARY) + HEVC.item().data, "unknown kind"),
        (HEVC.item().data * 2, "more than one HEVC picture"),
        (HEVC.item().data[:-1], "runs over the end"),
        (HEVC.item().data + b"\0\0", "runs over the end"),
        (HEVC.item().data + b"\0\0\0\1\x26", "does not begin as one"),
        (HEVC.item().data + b"\0\0\0\2\xa6\x01", "does not begin as one"),
        (files.encoder_note(CANARY), "no HEVC picture"),
        (b"", "lies nowhere"),
    ],
)
def test_a_coded_picture_that_cannot_be_told_from_other_data_is_held_back(
    data: bytes, problem: str
) -> None:
    with pytest.raises(Malformed, match=problem):
        heif.dissect(files.coded_as(HEVC, data).build())


def configured(change: Callable[[bytes], bytes]) -> bytes:
    file = files.simple(HEVC)
    file.items[0].properties = tuple(
        changed
        for one in file.items[0].properties
        if (changed := change(one) if one[4:8] == b"hvcC" else one)
    )
    return file.build()


def test_a_decoders_configuration_that_is_not_one_is_held_back() -> None:
    for change, problem in (
        (lambda one: one[:8] + b"\2" + one[9:], "unknown version"),
        (lambda one: one[:29] + b"\2" + one[30:], "impossible length size"),
        (lambda one: box(b"hvcC", one[8:-9]), "too short"),
        (lambda one: b"", "not exactly one configuration"),
        (
            lambda one: box(b"hvcC", one[8:30], b"\1\xa1\0\1\xff\xff\x42\1", bytes(0xFFFD)),
            "too large",
        ),
    ):
        with pytest.raises(Malformed, match=problem):
            heif.dissect(configured(change))


def sequence_parameters(cut: int) -> bytes:
    """A sequence parameter set of a picture whose decoder cuts so much away on the right."""
    code = f"{cut // 2 + 1:b}"
    window = f"1{'1'}{'0' * (len(code) - 1)}{code}{'1'}{'1'}"
    bits = "0000" + "0000" + "0" * 96 + "1" + "010" + "00000100000" * 2 + window + "1"
    data = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8))
    return b"\x42\x01" + data.replace(b"\0\0\0", b"\0\0\3\0")


@pytest.mark.parametrize("cut", [0, 2, 62, 64, 500])
def test_a_picture_of_which_the_decoder_cuts_much_away_is_held_back(cut: int) -> None:
    unit = sequence_parameters(cut)
    source = configured(
        lambda one: box(b"hvcC", one[8:30], b"\1\xa1\0\1", len(unit).to_bytes(2), unit)
    )
    if cut < 64:
        clean(source, heif)
    else:
        assert not survives(source, heif)


def test_bits_of_the_configuration_that_mean_nothing_become_plain() -> None:
    source = configured(
        lambda one: one[:21] + bytes([one[21] & 0xF]) + one[22:27] + b"CA" + one[29:]
    )
    assert clean(source, heif) == clean(files.simple(HEVC).build(), heif)
