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


NO_STILL = (0, 1, 9, 12, 22, 31)
"""Kinds of slices that need a picture before them, or that have no meaning yet."""


def further_slice(address: int, *, kind: int = 20) -> bytes:
    """A slice of a picture of 80 by 64 pixels, which begins at one of its two coding blocks."""
    return files.hevc_unit(kind, bytes([0x20 | address << 4]) + CANARY)


def test_a_picture_may_be_cut_into_slices() -> None:
    data = HEVC.item().data + further_slice(1)
    assert clean(files.coded_as(HEVC, data).build(), heif).endswith(data)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (files.hevc_unit(33, CANARY) + HEVC.item().data, "outside of its header"),
        *(
            (HEVC.item().data + files.hevc_unit(kind, CANARY), "no still one has")
            for kind in NO_STILL
        ),
        (further_slice(1) + HEVC.item().data, "more than one HEVC picture"),
        (HEVC.item().data + further_slice(1, kind=19), "more than one HEVC picture"),
        (HEVC.item().data * 2, "more than one HEVC picture"),
        (HEVC.item().data + further_slice(0), "cover one another"),
        (HEVC.item().data + further_slice(1) * 2, "cover one another"),
        (HEVC.item().data + files.hevc_unit(20, b"\x10" + CANARY), "has no parameters"),
        (HEVC.item().data + files.hevc_unit(20, b"\x20")[:-1] + b"\0", "too short"),
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


def bits(code: str) -> bytes:
    """Bits as bytes, with the emulation prevention of a unit's content."""
    size = -(-len(code) // 8)
    return int(code.ljust(8 * size, "0"), 2).to_bytes(size).replace(b"\0\0\0", b"\0\0\3\0")


def golomb(*numbers: int) -> str:
    return "".join(f"{one + 1:b}".rjust(2 * (one + 1).bit_length() - 1, "0") for one in numbers)


def sequence_parameters(
    width: int, height: int = 64, *, cut: int = 0, number: int = 0, sub_layers: int = 0
) -> bytes:
    """A sequence parameter set of a picture of which so much is not shown on the right."""
    head = f"0000{sub_layers:03b}1" + "00000001" + "0" * 88 + "11" * sub_layers
    head += "00" * (8 - sub_layers) * bool(sub_layers) + "0" * 96 * sub_layers
    window = "1" + golomb(0, cut // 2, 0, 0) if cut else "0"
    layers = "1" + golomb(0, 0, 0) * (sub_layers + 1)
    code = head + golomb(number, 1, width, height) + window + golomb(0, 0, 4) + layers
    return b"\x42\x01" + bits(code + golomb(0, 3, 0, 0) + "0001")


def picture_parameters(number: int = 0, sequence: int = 0) -> bytes:
    return b"\x44\x01" + bits(golomb(number, sequence) + "0" + "1")


def configuration(*units: bytes) -> bytes:
    """A decoder's configuration with these parameter sets."""
    own = next(one for one in HEVC.item().properties if one[4:8] == b"hvcC")
    arrays = (bytes([0x80 | unit[0] >> 1, 0, 1]) + len(unit).to_bytes(2) + unit for unit in units)
    return box(b"hvcC", own[8:30], bytes([len(units)]), *arrays)


@pytest.mark.parametrize("sub_layers", [0, 2])
@pytest.mark.parametrize("cut", [0, 2, 62, 64, 500])
def test_a_picture_of_which_the_decoder_cuts_much_away_is_held_back(
    cut: int, sub_layers: int
) -> None:
    unit = sequence_parameters(80 + cut, cut=cut, sub_layers=sub_layers)
    source = configured(lambda _: configuration(unit, picture_parameters()))
    if cut < 64:
        clean(source, heif)
    else:
        assert not survives(source, heif)


@pytest.mark.parametrize(("width", "fits"), [(80, True), (143, True), (144, False)])
def test_a_picture_that_is_larger_than_it_says_is_held_back(width: int, fits: bool) -> None:
    source = configured(lambda _: configuration(sequence_parameters(width), picture_parameters()))
    assert survives(source, heif) is fits


def test_a_slice_that_lies_outside_of_its_picture_is_held_back() -> None:
    units = configuration(sequence_parameters(140), picture_parameters())
    file = files.coded_as(HEVC, HEVC.item().data + files.hevc_unit(20, b"\x38" + CANARY))
    file.items[0] = files.replaced(file.items[0], units)
    with pytest.raises(Malformed, match="lies outside of it"):
        heif.dissect(file.build())


@pytest.mark.parametrize(
    ("units", "problem"),
    [
        ((b"\x40\x01" + bytes(99),), "too large"),
        ((b"\x40\x01", b"\x40\x01"), "more than one picture"),
        ((sequence_parameters(80),), "more than one picture"),
        ((sequence_parameters(80, number=1),), "more than one picture"),
        ((picture_parameters(),), "nothing can use"),
        ((picture_parameters(1, 1),), "nothing can use"),
        ((b"\x44\x01",), "cannot be read"),
    ],
)
def test_parameters_that_the_picture_cannot_need_are_held_back(
    units: tuple[bytes, ...], problem: str
) -> None:
    plain = sequence_parameters(80), picture_parameters()
    clean(configured(lambda _: configuration(*plain, picture_parameters(1))), heif)
    with pytest.raises(Malformed, match=problem):
        heif.dissect(configured(lambda _: configuration(*plain, *units)))


@pytest.mark.parametrize(
    "unit",
    [b"\x42\x01" + CANARY, sequence_parameters(80)[:20], sequence_parameters(0)],
)
def test_parameters_that_cannot_be_read_are_held_back(unit: bytes) -> None:
    with pytest.raises(Malformed, match="cannot be read"):
        heif.dissect(configured(lambda _: configuration(unit, picture_parameters())))


def test_the_profile_is_that_of_the_parameters() -> None:
    source = configured(lambda one: one[:9] + CANARY[:12] + one[21:])
    assert clean(source, heif) == clean(files.simple(HEVC).build(), heif)


def test_bits_of_the_configuration_that_mean_nothing_become_plain() -> None:
    source = configured(
        lambda one: one[:21] + bytes([one[21] & 0xF]) + one[22:27] + b"CA" + one[29:]
    )
    assert clean(source, heif) == clean(files.simple(HEVC).build(), heif)
