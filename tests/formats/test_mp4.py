from __future__ import annotations

import json
import mmap
import os
import struct
import subprocess
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.builders import mp4 as files
from tests.builders.boxes import inside, inside_one, numbers, samples
from tests.builders.contract import PACKET, clean, survives
from tests.builders.corpus import real_files
from tests.builders.damage import broken
from tests.builders.ffmpeg import ENCODED, decoded, encoded
from tests.builders.mp4 import (
    CANARY,
    PICTURES,
    SOUNDS,
    Film,
    Track,
    box,
    film,
    full,
    video_entry,
    words,
)
from tests.builders.oracle import program, told
from tests.builders.plans import apply
from unexposed.errors import Malformed
from unexposed.formats import Format, Keep, Put, mov, mp4, sniff

Builder = Callable[[], bytes]

STRUCTURE_TAGS = {
    *("MajorBrand", "MinorVersion", "CompatibleBrands", "MediaData", "MediaDataSize"),
    *("MediaDataOffset", "MovieHeaderVersion", "CreateDate", "ModifyDate", "TimeScale", "Duration"),
    *("PreferredRate", "PreferredVolume", "MatrixStructure", "PreviewTime", "PreviewDuration"),
    *("PosterTime", "SelectionTime", "SelectionDuration", "CurrentTime", "NextTrackID"),
    *("TrackHeaderVersion", "TrackCreateDate", "TrackModifyDate", "TrackID", "TrackDuration"),
    *("TrackLayer", "TrackVolume", "ImageWidth", "ImageHeight", "CleanApertureDimensions"),
    *("ProductionApertureDimensions", "EncodedPixelsDimensions", "Unknown_edts"),
    *("MediaHeaderVersion", "MediaCreateDate", "MediaModifyDate", "MediaTimeScale"),
    *("MediaDuration", "MediaLanguageCode", "HandlerClass", "HandlerType", "GraphicsMode"),
    *("OpColor", "Balance", "Unknown_alis", "CompressorID", "SourceImageWidth"),
    *("SourceImageHeight", "XResolution", "YResolution", "BitDepth", "VideoFieldOrder"),
    *("PixelAspectRatio", "ColorProfiles", "ColorPrimaries", "TransferCharacteristics"),
    *("MatrixCoefficients", "VideoFullRangeFlag", "BufferSize", "MaxBitrate", "AverageBitrate"),
    *("AVCConfiguration", "Unknown_hvcC", "Unknown_av1C", "Unknown_vpcC", "Unknown_d263"),
    *("AudioFormat", "AudioChannels", "AudioBitsPerSample", "AudioSampleRate", "LayoutFlags"),
    *("AudioChannelTypes", "NumChannelDescriptions", "Endianness", "PurchaseFileFormat"),
    *("Unknown_esds", "Unknown_alac", "Unknown_dOps", "Unknown_dfLa", "Unknown_mp4a"),
    *("Unknown_btrt", "TimeToSampleTable", "CompositionTimeToSample", "SyncSampleTable"),
    *("CompositionToDecodeTimelineMapping", "IdependentAndDisposableSamples", "VideoFrameRate"),
    *("SampleToChunk", "SampleSizes", "ChunkOffset", "SampleToGroup", "SampleGroupDescription"),
    *("Unknown_mvex", "MovieFragmentSequence", "Unknown_tfhd", "Unknown_tfdt", "Unknown_trun"),
}
SPHERE_TAGS = {"Spherical", "Stitched", "StitchingSoftware", "ProjectionType", "StereoMode"}


def container(data: bytes) -> Format:
    return sniff(data[:64])


def cleaned(data: bytes) -> bytes:
    return clean(data, container(data))


def written(data: bytes, folder: Path, name: str) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("build", files.CLEAN_FILMS)
def test_a_video_without_anything_to_hide_is_copied_byte_for_byte(build: Builder) -> None:
    assert cleaned(build()) == build()


@pytest.mark.parametrize("build", [*files.HIDING_PLACES, *files.UNTOLD])
def test_what_is_hidden_does_not_survive_and_the_samples_do(build: Builder) -> None:
    source = build()
    assert CANARY in source
    copy = cleaned(source)
    assert CANARY not in copy
    before, after = samples(source), samples(copy)
    assert list(after) == [1, 2]
    assert [len(one) for one in after[1]] == [len(one) for one in before[1]]
    assert after[1][1:] == before[1][1:]
    assert after[1][0][-45:] == before[1][0][-45:]
    assert after[2] == before[2]


@pytest.mark.parametrize("build", files.HIDING_PLACES)
def test_what_is_hidden_is_handed_to_the_readers(build: Builder) -> None:
    source = build()
    found = mp4.blocks(source, mp4.dissect(source))
    assert any(CANARY in block.payload for block in found)
    assert all(block.where for block in found)


def test_blocks_say_what_language_they_are_in_and_where_they_stood() -> None:
    def told_of(build: Builder) -> tuple[str, str, str]:
        source = build()
        found = mp4.blocks(source, mp4.dissect(source))
        block = next(one for one in found if CANARY in one.payload)
        return block.language, block.where, block.label

    assert told_of(files.user_data) == ("quicktime", "movie user data", "udta")
    assert told_of(files.metadata_of_a_track) == ("quicktime", "track 1 metadata", "meta")
    assert told_of(files.xmp_in_a_uuid_box) == ("xmp", "file XMP", "")
    assert told_of(files.unknown_box) == ("unknown", "file box 'priv'", "priv")
    assert told_of(files.name_of_a_handler) == ("quicktime", "track 1 handler", "handler")
    assert told_of(files.path_of_another_file) == ("quicktime", "track 1 reference", "alias")
    assert told_of(files.settings_of_the_encoder) == ("sei", "picture data (SEI)", "")
    assert told_of(files.gopro_track) == ("track", "meta track (gpmd)", "meta/gpmd")
    assert told_of(files.gaps_between_samples)[:2] == ("unknown", "data that no track points to")
    assert told_of(files.bytes_after_the_end)[:2] == ("trailer", "after the end of the picture")


def test_a_note_that_stands_in_every_picture_is_handed_out_once() -> None:
    note = files.sei(files.message(5, files.USER_DATA + CANARY))
    track = replace(PICTURES, samples=tuple(files.picture(number, note) for number in range(7)))
    source = film(tracks=(track, SOUNDS))
    found = mp4.blocks(source, mp4.dissect(source))
    assert [block.language for block in found] == ["sei"]
    clean(source, mp4)


@pytest.mark.parametrize(
    ("times", "none"),
    [(files.TIMES, files.NO_TIMES), (files.LONG_TIMES, files.NO_LONG_TIMES)],
)
def test_times_become_zero_in_both_versions_of_the_headers(times: bytes, none: bytes) -> None:
    def timed(when: bytes) -> bytes:
        tracks = (replace(PICTURES, times=when), replace(SOUNDS, times=when))
        return film(tracks=tracks, times=when)

    source = timed(times)
    assert clean(source, mp4) == timed(none)
    labels = [block.label for block in mp4.blocks(source, mp4.dissect(source))]
    assert labels == ["mvhd", "tkhd", "mdhd", "tkhd", "mdhd"]


def test_the_brands_of_makers_and_the_version_go() -> None:
    def file_type(*brands: bytes, version: bytes = b"\0\0\2\0") -> bytes:
        major, *compatible = brands
        source = film(file_type=box(b"ftyp", major, version, *compatible))
        return inside_one(clean(source, container(source)), b"ftyp")

    assert file_type(b"isom", b"isom", b"iso2", b"iso2") == b"isom\0\0\0\0isomiso2"
    assert file_type(b"XAVC", b"XAVC", b"mp42", b"nras") == b"mp42\0\0\0\0mp42"
    assert file_type(b"mp42") == b"mp42\0\0\0\0mp42"
    assert file_type(b"3gp5", b"3gp5") == b"3gp5\0\0\0\0" + b"3gp5"


def test_a_language_stays_and_what_is_none_goes() -> None:
    def language(number: int) -> int:
        copy = clean(film(tracks=(replace(PICTURES, language=number), SOUNDS)), mp4)
        track, _ = inside(inside_one(copy, b"moov"), b"trak")
        media = inside_one(inside_one(track, b"mdia"), b"mdhd")
        return int(struct.unpack_from(">H", media, 20)[0])

    english, german_in_quicktime = 0x15C7, 2
    assert language(english) == english
    assert language(german_in_quicktime) == german_in_quicktime
    assert language(0x6C00) == language(0xFFFF) == 0x55C4


def test_a_reference_to_a_track_that_goes_goes_with_it() -> None:
    references = box(b"tref", box(b"tmcd", words(7)), box(b"fall", words(2, 7)))
    source = film(
        tracks=(
            replace(PICTURES, track_boxes=(references,)),
            SOUNDS,
            Track(7, b"tmcd", box(b"tmcd", bytes(34)), (CANARY,)),
        )
    )
    track, _ = inside(inside_one(clean(source, mp4), b"moov"), b"trak")
    assert inside_one(track, b"tref") == box(b"fall", words(2))


def test_of_two_videos_both_stay_if_both_are_shown() -> None:
    second = replace(PICTURES, number=5)
    assert list(samples(clean(film(tracks=(PICTURES, second)), mp4))) == [1, 5]
    hidden = replace(second, flags=0)
    assert list(samples(clean(film(tracks=(PICTURES, hidden)), mp4))) == [1]
    neither = (replace(PICTURES, flags=0), hidden)
    assert list(samples(clean(film(tracks=neither), mp4))) == [1, 5]


@pytest.mark.parametrize(
    "unseen",
    [{"flags": 1}, {"flags": 5}, {"size": (0, 48 << 16)}, {"matrix": bytes(36)}],
    ids=["not in the movie", "in its preview", "of no size", "shrunk to nothing"],
)
def test_a_second_video_that_nobody_sees_goes(unseen: dict[str, object]) -> None:
    second = replace(PICTURES, number=5, **unseen)  # type: ignore[arg-type]
    assert list(samples(clean(film(tracks=(PICTURES, second)), mp4))) == [1]
    alone = film(tracks=(second,))
    assert clean(alone, mp4) == alone


def test_a_sound_that_nobody_hears_stays_only_where_it_can_be_chosen() -> None:
    other = replace(SOUNDS, number=3, flags=0, group=1)
    assert list(samples(clean(film(tracks=(PICTURES, SOUNDS, other)), mp4))) == [1, 2, 3]
    hidden = replace(other, group=0)
    assert list(samples(clean(film(tracks=(PICTURES, SOUNDS, hidden)), mp4))) == [1, 2]


def test_samples_in_any_order_and_of_no_bytes_are_found_again() -> None:
    lengths = (0, 30, 0, 0, 31, 32, 0)
    track = replace(SOUNDS, samples=tuple(map(files.noise, lengths, range(7))), per_chunk=1)
    source = bytearray(film(tracks=(PICTURES, track), gap=CANARY))
    at = source.rindex(b"stco") + 12
    first, last = source[at + 4 : at + 8], source[at + 20 : at + 24]
    source[at + 4 : at + 8], source[at + 20 : at + 24] = last, first
    sizes = source.rindex(b"stsz") + 16
    source[sizes + 4 : sizes + 8], source[sizes + 20 : sizes + 24] = words(32), words(30)
    copy = clean(bytes(source), mp4)
    assert samples(copy) == samples(bytes(source))
    assert CANARY not in copy


@pytest.mark.parametrize("bits", [4, 8, 16])
def test_a_compact_table_of_sizes_is_written_out(bits: int) -> None:
    track = replace(SOUNDS, samples=tuple(files.noise(3 + number, number) for number in range(9)))
    source = film(tracks=(PICTURES, track))
    at = source.rindex(b"stsz") - 4
    sizes = [*map(len, track.samples), 0]
    if bits == 4:
        table = bytes(one << 4 | two for one, two in zip(sizes[0::2], sizes[1::2], strict=True))
    else:
        table = b"".join(size.to_bytes(bits // 8) for size in sizes[:9])
    compact = full(b"stz2", words(bits, 9), table)
    rest = source[at + 20 + 36 :]
    compact += box(b"free", bytes(len(source) - at - len(rest) - len(compact) - 8))
    assert clean(source[:at] + compact + rest, mp4) == film(tracks=(PICTURES, track))


def test_the_bytes_of_uncompressed_sound_are_told_by_its_description() -> None:
    frames = tuple(files.noise(4, number) for number in range(60))
    track = replace(SOUNDS, entry=files.PCM, samples=frames, per_chunk=20, ticks=1)
    quicktime = box(b"ftyp", b"qt  " + bytes(4) + b"qt  ")
    for stated in (1, 4):
        sized = replace(track, sizes=words(stated, 60))
        source = film(tracks=(PICTURES, sized), file_type=quicktime)
        assert clean(source, mov) == source
        assert CANARY not in clean(
            film(tracks=(PICTURES, sized), file_type=quicktime, gap=CANARY), mov
        )
    with pytest.raises(Malformed, match="contradicts their description"):
        mp4.dissect(film(tracks=(PICTURES, replace(track, sizes=words(3, 60)))))


@pytest.mark.parametrize(
    "header",
    [
        lambda size: words(0) + b"mdat",
        lambda size: words(1) + b"mdat" + struct.pack(">Q", 16 + size),
        lambda size: words(8) + b"wide" + words(8 + size) + b"mdat",
    ],
)
def test_headers_of_data_are_written_as_short_as_they_can_be(
    header: Callable[[int], bytes],
) -> None:
    assert clean(film(movie_first=True, data_header=header), mp4) == files.movie_first()


def test_several_boxes_of_data_stay_several() -> None:
    source = film(movie_first=True, gap=b"")
    at = source.index(b"mdat") - 4
    head, data = source[:at], source[at + 8 :]
    split = len(b"".join(PICTURES.chunks[0])) + len(b"".join(SOUNDS.chunks[0]))
    middle = words(8 + len(data) - split) + b"mdat" + data[split:]
    moved = head + words(8 + split) + b"mdat" + data[:split] + middle
    table = bytearray(moved)
    for place in (moved.index(b"stco"), moved.rindex(b"stco")):
        (count,) = struct.unpack_from(">I", moved, place + 8)
        for entry in range(place + 16, place + 12 + 4 * count, 4):
            struct.pack_into(">I", table, entry, struct.unpack_from(">I", moved, entry)[0] + 8)
    assert samples(bytes(table)) == samples(source)
    assert clean(bytes(table), mp4) == bytes(table)
    gone = bytes(table) + box(b"mdat", CANARY)
    assert clean(gone, mp4) == bytes(table)


def test_how_samples_are_shifted_is_summed_up_where_it_is_so() -> None:
    shifts = full(b"ctts", words(2, 1, 2000, 6, 0))
    true = full(b"cslg", words(0, 0, 2000, 0, 9000))
    untrue = full(b"cslg", words(0, 0, 2001, 0, 9000))
    for said, stays in ((true, True), (untrue, False)):
        track = replace(PICTURES, table_boxes=(shifts, said))
        assert (said in clean(files.film(tracks=(track,)), mp4)) is stays


def test_a_sphere_is_still_marked_as_one_by_nobody() -> None:
    copy = clean(files.sphere_with_the_name_of_a_program(), mp4)
    track, _ = inside(inside_one(copy, b"moov"), b"trak")
    (marked,) = inside(track, b"uuid")
    assert b"<GSpherical:ProjectionType>equirectangular<" in marked
    assert b"<GSpherical:StereoMode>top-bottom<" in marked
    assert b"<GSpherical:StitchingSoftware>unknown<" in marked
    flat = film(tracks=(replace(PICTURES, track_boxes=(box(b"uuid", files.SPHERICAL, CANARY),)),))
    assert b"uuid" not in clean(flat, mp4)


def test_a_profile_is_made_plain_and_colours_stay() -> None:
    boxes = (
        box(b"colr", b"prof" + CANARY),
        box(b"colr", b"nclx" + words(0x00010001, 0x000180FF)),
        box(b"pasp", words(1, 1) + CANARY),
    )
    entry = video_entry(b"avc1", box(b"avcC", files.AVC_CONFIGURATION), *boxes)
    copy = clean(film(tracks=(replace(PICTURES, entry=entry),)), mp4)
    assert CANARY not in copy
    assert copy.count(b"colr") == 1
    assert b"nclx\0\1\0\1\0\1\x80" in copy
    assert box(b"pasp", words(1, 1)) in copy


def test_encoders_whose_name_decoders_go_by_are_told_of_and_stay() -> None:
    start = b"\0\0\1\xb0\1" + b"\0\0\1\xb2" + CANARY + b"\0\0\1\x20"
    stream = b"\x04" + bytes([15 + len(start)]) + b"\x20\x11" + bytes(11)
    stream += b"\x05" + bytes([len(start)]) + start
    stream = b"\0\1\0" + stream + b"\x06\1\2"
    described = full(b"esds", b"\x03" + bytes([len(stream)]) + stream)
    track = replace(PICTURES, entry=video_entry(b"mp4v", described))
    source = film(tracks=(track, SOUNDS))
    assert clean(source, mp4) == source
    (block,) = mp4.blocks(source, mp4.dissect(source))
    assert (block.language, block.payload) == ("encoder", CANARY)


def test_it_is_found_by_its_first_bytes_and_gets_the_ending_that_belongs_to_it() -> None:
    assert container(files.plain()) is mp4
    assert container(box(b"ftyp", b"3gp5" + bytes(4) + b"3gp5")) is mp4
    assert container(box(b"ftyp", b"XAVC" + bytes(4) + b"XAVCmp42")) is mp4
    assert container(files.quicktime()) is mov
    assert container(files.quicktime_without_a_file_type()) is mov
    assert not mp4.sniff(b"")
    assert not mov.sniff(b"")
    for other in (b"heic", b"avif", b"mif1", b"crx ", b"jp2 ", b"M4A "):
        foreign = box(b"ftyp", other + bytes(4) + b"isom" + other)
        assert not mp4.sniff(foreign)
        assert not mov.sniff(foreign)
    assert mov.EXTENSIONS[0] == ".mov"
    assert mp4.EXTENSIONS[0] == ".mp4"
    assert {".m4v", ".3gp"} < set(mp4.EXTENSIONS)


def test_a_mapped_file_is_read_as_bytes_are(tmp_path: Path) -> None:
    path = written(files.gaps_between_samples(), tmp_path, "film.mp4")
    with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, prot=mmap.PROT_READ) as mapped:
        assert clean(mapped, mp4) == files.plain()


PICTURE_COUNT, SOUND_COUNT, TURNS = 50_000, 75_000, 5_000
PICTURE_SIZE, SOUND_SIZE = 86_000, 400


def long_film(path: Path) -> None:
    """Half an hour in 4.3 GB, of which nearly all are a hole."""
    each = PICTURE_COUNT // TURNS * PICTURE_SIZE, SOUND_COUNT // TURNS * SOUND_SIZE
    turn = sum(each) + len(CANARY)
    head = files.FILE_TYPE + words(1) + b"mdat" + struct.pack(">Q", 16 + TURNS * turn)
    pictures = replace(
        PICTURES,
        entry=files.VP9,
        samples=(b"",) * PICTURE_COUNT,
        per_chunk=PICTURE_COUNT // TURNS,
        sizes=words(0, PICTURE_COUNT, *[PICTURE_SIZE] * PICTURE_COUNT),
    )
    sounds = replace(
        SOUNDS,
        samples=(b"",) * SOUND_COUNT,
        per_chunk=SOUND_COUNT // TURNS,
        sizes=words(0, SOUND_COUNT, *[SOUND_SIZE] * SOUND_COUNT),
    )
    first = range(len(head), len(head) + TURNS * turn, turn)
    movie = replace(Film(), tracks=(pictures, sounds)).movie(
        [list(first), [place + each[0] for place in first]]
    )
    with path.open("wb") as opened:
        opened.write(head)
        opened.truncate(len(head) + TURNS * turn)
        opened.seek(0, os.SEEK_END)
        opened.write(movie)


def test_four_gigabytes_are_planned_at_once_in_little_memory(tmp_path: Path) -> None:
    long_film(tmp_path / "film.mp4")
    with (tmp_path / "film.mp4").open("rb") as opened:
        mapped = mmap.mmap(opened.fileno(), 0, prot=mmap.PROT_READ)
        tracemalloc.start()
        try:
            plan = mp4.rebuild(mapped, mp4.dissect(mapped))
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        mapped.close()
    assert most < 20 << 20
    kept = sum(step.end - step.start for step in plan if isinstance(step, Keep))
    samples_in_all = PICTURE_COUNT * PICTURE_SIZE + SOUND_COUNT * SOUND_SIZE
    assert samples_in_all < kept < samples_in_all + 1000
    assert isinstance(plan[-1], Put)
    track, _ = inside(inside_one(plan[-1].data, b"moov"), b"trak")
    for kind in (b"mdia", b"minf", b"stbl"):
        track = inside_one(track, kind)
    places = numbers(inside_one(track, b"co64")[8:], "Q")
    turn = samples_in_all // TURNS
    assert places == list(range(places[0], places[0] + TURNS * turn, turn))


SAMPLES = [
    *(build() for build in files.CLEAN_FILMS),
    *(build() for build in files.HIDING_PLACES),
    *(build() for build in files.UNTOLD),
    files.fragments(base="data before"),
    files.fragments(gap=CANARY),
]


@settings(max_examples=300, deadline=None)
@given(broken(SAMPLES, b"\0\0\0\x10ftypisom\0\0\0\0\0\0\0\x20moov\0\0\0\x10trak"))
def test_whatever_arrives_is_cleaned_for_good_or_held_back(data: bytes) -> None:
    survives(data, mp4)


@pytest.mark.parametrize("name", ENCODED)
def test_what_ffmpeg_writes_plays_as_before_and_tells_nothing(name: str, tmp_path: Path) -> None:
    source = encoded(name)
    copy = cleaned(source)
    assert CANARY not in copy
    before, after = written(source, tmp_path, name), written(copy, tmp_path, f"clean-{name}")
    assert decoded(after) == decoded(before)
    assert_no_tags(after)


def assert_no_tags(path: Path) -> None:
    """What ffprobe finds in a file is its kind, languages, and names and makers that are empty."""
    run = [program("ffprobe"), "-v", "error", "-show_format", "-show_streams", "-of", "json"]
    found = json.loads(subprocess.run([*run, path], check=True, capture_output=True).stdout)
    tags = found["format"].get("tags", {})
    assert set(tags) <= {"major_brand", "minor_version", "compatible_brands"}
    assert tags.get("minor_version", "0") == "0"
    for stream in found["streams"]:
        of_stream = stream.get("tags", {})
        assert set(of_stream) <= {"language", "handler_name", "vendor_id"}
        assert of_stream.get("handler_name", "") == ""
        assert of_stream.get("vendor_id", "[0][0][0][0]") == "[0][0][0][0]"


def test_exiftool_finds_nothing_but_structure_in_the_copies(tmp_path: Path) -> None:
    copies = [cleaned(build()) for build in (*files.HIDING_PLACES, *files.UNTOLD)]
    copies += [cleaned(encoded(name)) for name in ("h264.mp4", "h264.mov", "fragmented.mp4")]
    tags = {tag.split(":")[1] for tag in told(copies, tmp_path)}
    assert tags <= STRUCTURE_TAGS | SPHERE_TAGS


@pytest.mark.parametrize("name", ["h264.mp4", "h264.mov", "fragmented.mp4"])
def test_a_note_that_is_left_in_is_read_by_others_and_harms_nothing(
    name: str, tmp_path: Path
) -> None:
    copy = cleaned(encoded(name))
    plan = container(copy).annotate(copy, container(copy).dissect(copy), PACKET)
    assert plan is not None
    noted = apply(copy, plan)
    assert "XMP-dc:Creator" in told([noted], tmp_path)
    before, after = written(copy, tmp_path, name), written(noted, tmp_path, f"noted-{name}")
    assert decoded(after) == decoded(before)


@pytest.mark.parametrize("path", real_files(".mp4", ".mov", ".m4v", ".3gp"))
def test_real_files_are_cleaned_and_play_the_same(path: Path, tmp_path: Path) -> None:
    copy = cleaned(path.read_bytes())
    after = written(copy, tmp_path, f"clean{path.suffix}")
    assert decoded(after, seconds=2) == decoded(path, seconds=2)
    assert_no_tags(after)
    assert {tag.split(":")[1] for tag in told([copy], tmp_path)} <= STRUCTURE_TAGS
