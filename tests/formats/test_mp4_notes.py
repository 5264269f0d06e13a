from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import boxes, ffmpeg
from tests.builders import mp4 as files
from tests.builders.contract import clean
from tests.builders.mp4 import CANARY, box, full, message, sei, unit, video_entry, words
from unexposed.errors import Malformed
from unexposed.formats import mp4
from unexposed.formats.mp4._clock import Timing, read_timing
from unexposed.formats.mp4._notes import AVC, HEVC, Syntax, needless, plain_unit, unescaped

SETTINGS = message(5, files.USER_DATA + CANARY)
RECOVERY = message(6, b"\xc4")
CAPTIONS = message(4, b"\xb5\x00\x31GA94\x03" + b"\x42" * 9)
DYNAMIC = message(4, b"\xb5\x00\x3c\x00\x01\x04" + b"\x42" * 9)

HEVC_CONFIGURATION = bytes.fromhex(
    "0101600000009000000000005df000fcfdf8f800000f03"
    "a00001000440010c01a1000100044201010122000100044401c172"
)


def emptied(*messages: bytes) -> bytes:
    """What becomes of a unit of H.264's notes."""
    source = sei(*messages)
    made = plain_unit(source, AVC, 0)
    assert plain_unit(made, AVC, 0) == made
    assert len(made) in (0, len(source))
    return made


def film_of(entry: bytes, *samples: bytes) -> bytes:
    track = files.Track(1, b"vide", entry, samples)
    return files.film(tracks=(track, files.SOUNDS))


def first_sample(data: bytes) -> bytes:
    return boxes.samples(data)[1][0]


def test_a_unit_of_nothing_but_notes_is_told_from_one_that_holds_more() -> None:
    assert emptied(SETTINGS) == b""
    assert emptied(SETTINGS, SETTINGS) == b""
    assert emptied(RECOVERY) == sei(RECOVERY)
    assert emptied(RECOVERY, SETTINGS, CAPTIONS).startswith(b"\x06" + RECOVERY + b"\x03")
    assert emptied(RECOVERY, SETTINGS, CAPTIONS).endswith(CAPTIONS + b"\x80")


@pytest.mark.parametrize("stays", [RECOVERY, CAPTIONS, DYNAMIC, message(137, b"\x42" * 24)])
def test_what_a_picture_is_shown_by_stays(stays: bytes) -> None:
    assert emptied(stays, SETTINGS)[1 : 1 + len(stays)] == stays


@pytest.mark.parametrize(
    "goes",
    [
        message(4, b"\xb5\x00\x31GA94\x09" + CANARY),
        message(4, b"\x26\x00\x04" + CANARY),
        message(9, CANARY),
        message(136, CANARY),
        message(200, CANARY),
        b"\xff\xff\x05" + bytes([len(CANARY)]) + CANARY,
    ],
)
def test_what_somebody_may_have_noted_goes(goes: bytes) -> None:
    assert CANARY not in emptied(RECOVERY, goes, CAPTIONS)
    assert CAPTIONS in emptied(RECOVERY, goes, CAPTIONS)


@pytest.mark.parametrize("size", range(250, 520))
def test_filler_takes_exactly_the_room_of_what_was_there(size: int) -> None:
    made = emptied(RECOVERY, b"\x05" + message(5, bytes(size))[1:], CAPTIONS)
    assert needless(made, AVC, 0) == [(1 + len(RECOVERY), len(made) - 1 - len(CAPTIONS))]


def test_bytes_that_keep_start_codes_apart_are_no_part_of_a_message() -> None:
    escaped = b"\x05\x06\x00\x00\x03\x01\x00\x00\x03\x02"
    made = emptied(RECOVERY, escaped, CAPTIONS)
    assert made[1 : 1 + len(RECOVERY)] == RECOVERY
    assert made.endswith(CAPTIONS + b"\x80")
    behind = b"\x05\x04\xaa\xaa\x00\x00\x03" + b"\x01\x01\xaa"
    assert emptied(RECOVERY, behind).endswith(b"\x01\x01\xaa\x80")


def test_what_could_not_be_told_from_a_mark_is_held_back() -> None:
    with pytest.raises(Malformed, match="cannot be overwritten"):
        emptied(message(1, b"\xaa\x00\x00"), SETTINGS)
    with pytest.raises(Malformed, match="cannot be overwritten"):
        emptied(RECOVERY, b"\x05\x00", b"\x00\x01\xaa")


def test_notes_that_run_over_the_end_go_as_far_as_they_reach() -> None:
    assert emptied(RECOVERY, b"\x05\xf0" + CANARY).endswith(b"\xff\x80")
    with pytest.raises(Malformed, match="run over their end"):
        needless(b"\x06\x05\xf0" + CANARY, AVC, 0)


@given(st.binary(max_size=80), st.sampled_from([AVC, HEVC]))
def test_whatever_stands_in_a_unit_is_overwritten_once_and_for_all(
    content: bytes, syntax: Syntax
) -> None:
    source = bytes([6, 1][: syntax.header]) + content
    try:
        made = plain_unit(source, syntax, 0)
    except Malformed:
        return
    assert plain_unit(made, syntax, 0) == made


def test_notes_of_h265_go_before_and_behind_the_picture() -> None:
    dolby = box(b"dvvC", b"\1\0\x10\x35\x10" + bytes(19))
    entry = video_entry(b"hvc1", box(b"hvcC", HEVC_CONFIGURATION), dolby)
    note = SETTINGS + b"\x80"
    picture = b"\x26\x01" + files.noise(30, 1)
    vision = b"\x7c\x01" + files.noise(20, 2)
    sample = b"".join(
        map(unit, (b"\x4e\x01" + note, picture, b"\x50\x01" + note, vision, b"\x60\x01" + CANARY))
    )
    source = film_of(entry, sample)
    copy = clean(source, mp4)
    assert CANARY not in copy
    assert unit(picture) in first_sample(copy)
    assert unit(vision) in first_sample(copy)
    assert first_sample(copy).endswith(unit(b"\x4c\x01" + b"\xff" * (len(CANARY) - 1) + b"\x80"))


def test_units_of_dolby_vision_stay_only_where_a_decoder_is_told_of_them() -> None:
    vision = b"\x7c\x01" + CANARY
    sample = unit(b"\x26\x01" + files.noise(30, 1)) + unit(vision)
    plain = video_entry(b"hvc1", box(b"hvcC", HEVC_CONFIGURATION))
    assert CANARY not in clean(film_of(plain, sample), mp4)


def test_what_only_marks_a_place_has_no_room_for_more() -> None:
    delimiter, longer = b"\x09\xf0", b"\x09\xf0" + CANARY
    source = film_of(files.AVC, unit(delimiter) + unit(longer) + files.picture(0))
    copy = first_sample(clean(source, mp4))
    assert copy.startswith(unit(delimiter))
    assert CANARY not in copy


@pytest.mark.parametrize("kind", [14, 15, 19, 20, 21])
def test_further_views_that_the_decoder_is_not_told_of_go(kind: int) -> None:
    source = film_of(files.AVC, files.picture(0) + unit(bytes([0x60 | kind]) + CANARY))
    assert CANARY not in clean(source, mp4)


def bits(*fields: tuple[int, int]) -> bytes:
    """Numbers of so many bits each, filled up with zeros."""
    text = "".join(f"{value:0{size}b}" for value, size in fields)
    text += "0" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8)


def test_a_picture_timing_goes_that_has_a_clock() -> None:
    timing = Timing(delays=40, structured=True)
    without = bits((5, 20), (7, 20), (3, 4), (0, 1), (0, 1))
    second = bits((5, 20), (7, 20), (3, 4), (0, 1), (1, 1), (0x5A5A5A5A5A, 40))
    assert not timing.has_clock(without)
    assert timing.has_clock(second)
    assert timing.has_clock(bits((5, 20), (7, 20), (15, 4)))
    assert timing.has_clock(b"\1")
    assert not Timing(delays=40, structured=False).has_clock(second)
    syntax = msgspec.structs.replace(AVC, timing=timing)
    assert needless(sei(message(1, without)), syntax, 0) == []
    assert needless(sei(message(1, second)), syntax, 0) == [(1, 3 + len(second))]


def test_the_sequence_parameters_of_an_encoder_tell_its_picture_timing() -> None:
    configuration = boxes.inside_one(encoded_entry("broadcast.mp4")[86 - 8 :], b"avcC")
    (size,) = boxes.numbers(b"\0\0" + configuration[6:8])
    found = read_timing(unescaped(configuration[8 : 8 + size])[0][1:])
    assert found.structured
    assert found.delays > 0
    with pytest.raises(Malformed, match="cut short"):
        read_timing(configuration[9:12])


def encoded_entry(name: str) -> bytes:
    """The description of the pictures in a video that ffmpeg made."""
    at = boxes.inside(boxes.inside_one(ffmpeg.encoded(name), b"moov"), b"trak")[0]
    for kind in (b"mdia", b"minf", b"stbl"):
        at = boxes.inside_one(at, kind)
    return boxes.inside_one(boxes.inside_one(at, b"stsd")[8:], b"avc1")


def test_the_picture_timing_of_an_encoder_stays() -> None:
    source = ffmpeg.encoded("broadcast.mp4")
    before, after = boxes.samples(source)[1], boxes.samples(clean(source, mp4))[1]
    assert before[1:] == after[1:]
    assert any(b"\x06\x01" in sample for sample in after)


def obu(kind: int, payload: bytes) -> bytes:
    return bytes([kind << 3 | 0b10, len(payload)]) + payload


AV1_ENTRY = video_entry(b"av01", box(b"av1C", bytes.fromhex("81000c00") + obu(1, b"\1\2\3")))


def test_notes_of_av1_become_padding() -> None:
    picture = obu(1, b"\1\2\3") + obu(6, files.noise(20, 3))
    levels = obu(5, b"\1" + bytes(4))
    dynamic = obu(5, b"\4\xb5\x00\x3c\x00\x01\x04" + bytes(9))
    mine = [obu(5, b"\4\xb5\x12\x34" + CANARY), obu(5, b"\5" + CANARY), obu(5, b"\6" + CANARY)]
    mine += [obu(9, CANARY), obu(15, CANARY)]
    last = bytes([5 << 3]) + b"\x1f" + CANARY
    source = film_of(AV1_ENTRY, levels + dynamic + b"".join(mine) + picture + last)
    copy = clean(source, mp4)
    assert CANARY not in copy
    assert first_sample(copy).startswith(levels + dynamic)
    assert picture in first_sample(copy)
    padding = obu(15, b"\xff" * (len(CANARY) - 1) + b"\x80")
    assert first_sample(copy).count(padding) == 2


@pytest.mark.parametrize("sample", [b"\x12", b"\x12\x05\1\2", b"\x92\0", b"\x2a\xff\xff"])
def test_units_of_av1_that_do_not_fill_their_sample_hold_a_file_back(sample: bytes) -> None:
    with pytest.raises(Malformed, match="an AV1 unit"):
        mp4.dissect(film_of(AV1_ENTRY, sample))


def test_notes_in_the_configuration_of_h265_go_with_their_array() -> None:
    note = b"\x4e\x01" + SETTINGS + b"\x80"
    more = bytearray(HEVC_CONFIGURATION + b"\x27\0\1" + len(note).to_bytes(2) + note)
    more[22] += 1
    picture = unit(b"\x26\x01" + files.noise(30, 1))
    source = film_of(video_entry(b"hvc1", box(b"hvcC", bytes(more))), picture)
    assert clean(source, mp4) == film_of(
        video_entry(b"hvc1", box(b"hvcC", HEVC_CONFIGURATION)), picture
    )
    found = mp4.blocks(source, mp4.dissect(source))
    assert [(one.language, one.where) for one in found] == [("sei", "track 1 configuration")]


def test_units_with_short_lengths_are_read_as_well() -> None:
    configuration = bytearray(files.AVC_CONFIGURATION)
    configuration[4] = 0xFC | 1
    note = sei(SETTINGS)
    sample = len(note).to_bytes(2) + note + b"\0\x05\x65" + b"abcd"
    source = film_of(video_entry(b"avc1", box(b"avcC", bytes(configuration))), sample)
    copy = clean(source, mp4)
    assert CANARY not in copy
    assert first_sample(copy).endswith(b"\0\x05\x65abcd")


def test_a_huge_unit_of_notes_holds_a_file_back() -> None:
    source = film_of(files.AVC, unit(sei(message(5, bytes(1 << 20)))) + files.picture(0))
    with pytest.raises(Malformed, match="too large"):
        mp4.dissect(source)


def test_a_unit_of_no_length_is_padding() -> None:
    source = film_of(files.AVC, words(0) + files.picture(0) + words(0, 0))
    assert clean(source, mp4) == source


@pytest.mark.parametrize("kind", [2, 3, 4])
def test_slices_in_partitions_stay_only_in_the_profile_that_has_them(kind: int) -> None:
    configuration = bytearray(files.AVC_CONFIGURATION)
    sample = files.picture(0) + unit(bytes([0x60 | kind]) + CANARY)
    assert CANARY not in clean(film_of(files.AVC, sample), mp4)
    configuration[1] = 88
    extended = film_of(video_entry(b"avc1", box(b"avcC", bytes(configuration))), sample)
    assert clean(extended, mp4) == extended


def test_layers_of_h265_stay_only_where_a_decoder_is_told_of_them() -> None:
    sample = unit(b"\x26\x01" + files.noise(30, 1)) + unit(b"\x02\x09" + CANARY)
    plain = box(b"hvcC", HEVC_CONFIGURATION)
    assert CANARY not in clean(film_of(video_entry(b"hvc1", plain), sample), mp4)
    layered = box(b"lhvC", bytes.fromhex("01f000fccf00"))
    told = film_of(video_entry(b"hvc1", plain, layered), sample)
    assert clean(told, mp4) == told


@pytest.mark.parametrize("kind", [6, 19, 47, 137, 144, 147, 148])
def test_a_message_that_is_longer_than_it_can_be_goes(kind: int) -> None:
    assert CANARY not in emptied(message(kind, CANARY * 40), CAPTIONS)


def test_a_registered_message_has_an_end() -> None:
    long = message(4, b"\xb5\x00\x31GA94\x03" + CANARY * 7)
    assert CANARY not in emptied(long, CAPTIONS)


def test_messages_of_av1_are_no_longer_than_they_can_be() -> None:
    picture = obu(1, b"\1\2\3") + obu(6, files.noise(20, 3))
    mine = obu(5, b"\1" + CANARY) + obu(5, b"\2" + CANARY * 2) + obu(7, CANARY)
    mine += obu(5, b"\4\xb5\x00\x31DTG1" + CANARY)
    assert CANARY not in clean(film_of(AV1_ENTRY, picture + mine), mp4)


def test_av1_in_layers_is_held_back() -> None:
    with pytest.raises(Malformed, match="in layers"):
        mp4.dissect(film_of(AV1_ENTRY, bytes([3 << 3 | 0b110, 0, len(CANARY)]) + CANARY))


MPEG4 = video_entry(b"mp4v", full(b"esds", files.streams(b"\x20", b"\0\0\1\xb2" + b"Mine 1.0")))
FRAME = b"\0\0\1\xb6" + files.noise(30, 5)


@pytest.mark.parametrize(
    "known", [b"Lavc60.31.102", b"XviD0050", b"DivX503b1393p", b"Mine 1.0", b"GA94\x03" + bytes(40)]
)
def test_the_name_of_an_mpeg4_encoder_stays_and_captions_do(known: bytes) -> None:
    samples = (b"\0\0\1\xb2" + known + FRAME, FRAME + b"\0\0\1\xb2" + known)
    source = film_of(MPEG4, *samples)
    assert clean(source, mp4) == source


@pytest.mark.parametrize("mine", [CANARY, b"Lavc" + CANARY * 2, b"Lavc\n" + CANARY, bytes(2000)])
def test_other_user_data_among_mpeg4_pictures_hold_a_file_back(mine: bytes) -> None:
    with pytest.raises(Malformed, match="notes of an unknown kind"):
        mp4.dissect(film_of(MPEG4, FRAME, FRAME + b"\0\0\1\xb2" + mine))


def prores(header: int, rest: bytes = b"", size: int = 0) -> bytes:
    body = b"icpf" + header.to_bytes(2) + bytes(header) + files.noise(30, 6)
    return (size or 4 + len(body)).to_bytes(4) + body + rest


def test_a_frame_of_prores_fills_its_sample() -> None:
    entry = video_entry(b"apcn")
    source = film_of(entry, prores(20), prores(148))
    assert clean(source, mp4) == source
    for bad in (prores(148, CANARY), prores(149), prores(19), b"\0\0\0\x0afree\0\x14", b"\0"):
        with pytest.raises(Malformed, match="ProRes"):
            mp4.dissect(film_of(entry, bad))
