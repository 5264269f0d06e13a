from __future__ import annotations

import io
import struct
import sys
import zlib

import pytest

from tests.builders import tiff as files
from tests.builders.contract import clean
from tests.builders.frames import shown
from tests.builders.tiff import CANARY, LONG, SHORT, Page, file, one, page, pages_of, patched
from unexposed.errors import Held, Malformed
from unexposed.formats import tiff
from unexposed.formats.tiff import _streams


def test_a_sparse_tile_stays_left_out() -> None:
    made = files.tiled()
    source = patched(file(made.but(data=[b"", *made.data[1:]])), 325, 0, *[768] * 5)
    starts = [8 + sum(len(one) for one in made.data[1:at]) for at in range(1, len(made.data))]
    copy = pages_of(clean(patched(source, 324, 0, *starts), tiff))
    assert copy[0].data == [b"", *made.data[1:]]


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_single_strip_of_which_the_length_is_not_told_ends_with_its_rows(mode: str) -> None:
    strip = b"".join(page(mode).data)
    made = page(mode).but(data=[strip], tag_278=None)
    silent = file(made, gap=CANARY).replace(struct.pack("<HH", 279, LONG), b"\xff\xff\4\0")
    zero = patched(file(made, gap=CANARY), 279, 0)
    for source in (silent, zero):
        copy = clean(source, tiff)
        assert CANARY not in copy
        assert pages_of(copy)[0].data == [strip]
        assert shown(copy) == shown(source)


def test_rows_are_counted_and_not_bytes_where_nothing_is_compressed() -> None:
    made = page()
    source = patched(file(made, gap=CANARY), 279, 5, 5)
    assert pages_of(clean(source, tiff))[0].data == made.data


def test_the_last_code_may_be_followed_by_a_clear_code_before_the_end() -> None:
    """As libtiff writes it where the table of strings is full just then."""
    made = page("L", "tiff_lzw")
    assert pages_of(clean(file(made), tiff))[0].data == made.data


def test_jpeg_strips_keep_only_the_tables_that_they_use() -> None:
    made = page("L", "jpeg")
    copy = clean(files.unused_jpeg_table(), tiff)
    assert copy == clean(file(page("RGB", "jpeg")), tiff)
    assert pages_of(clean(file(made), tiff))[0].data == made.data


def test_a_colour_transform_told_inside_jpeg_strips_is_made_plain() -> None:
    adobe = b"Adobe\0\x65SSSS\1" + CANARY
    made = page("RGB", "jpeg")
    strips = [one[:2] + files.segment(0xEE, adobe) + one[2:] for one in made.data]
    copy = pages_of(clean(file(made.but(data=strips)), tiff))
    plain = files.segment(0xEE, b"Adobe\0\x64\0\0\0\0\1")
    assert copy[0].data == [one[:2] + plain + one[2:] for one in made.data]


def _webp() -> bytes:
    strips = []
    for top, rows in ((0, 16), (16, 14)):
        written = io.BytesIO()
        files.scene().crop((0, top, 40, top + rows)).save(written, "WEBP", lossless=True)
        strips.append(written.getvalue())
    return file(page().but(data=strips, tag_259=one(SHORT, 50001)), gap=CANARY, longer=21)


def test_webp_strips_are_kept_where_they_hold_a_picture_alone() -> None:
    copy = clean(_webp(), tiff)
    assert CANARY not in copy
    assert all(data.startswith(b"RIFF") for data in pages_of(copy)[0].data)
    for extended in (False, True):
        assert clean(files.webp_strip(extended=extended), tiff)


ZSTANDARD = pytest.mark.skipif(sys.version_info < (3, 14), reason="Python cannot read it")


@ZSTANDARD
def test_rows_that_a_lower_height_hides_in_zstandard_are_held_back() -> None:
    made = page("RGB", "zstd")
    with pytest.raises(Malformed, match="more than the picture"):
        tiff.dissect(file(made.but(data=made.data[:1], tag_257=one(SHORT, 8))))


@ZSTANDARD
@pytest.mark.parametrize(
    ("made", "problem"),
    [
        (page("RGB", "zstd").but(data=[b"(\xb5/\xfd\0\0\7\0\0"] * 2), "damaged"),
        (page("RGB", "zstd").but(data=[b"(\xb5/\xfd\1\0\0\1\0\0"] * 2), "damaged"),
        (files.mirrored(page("RGB", "zstd")), "reverse order"),
    ],
)
def test_zstandard_that_cannot_be_read_is_held_back(made: Page, problem: str) -> None:
    with pytest.raises(Malformed, match=problem):
        tiff.dissect(file(made))


def test_zstandard_is_held_back_where_nothing_can_look_inside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("unexposed.formats.tiff._streams._ZSTANDARD", None)
    source = file(page("RGB", "zstd"))
    with pytest.raises(Held, match=r"takes Python 3\.14 to read: save it anew"):
        tiff.rebuild(source, tiff.dissect(source))


def test_a_strip_that_many_places_share_is_followed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    followed = []
    true_end = _streams.true_end

    def counted(buffer: bytes, compression: int, stretch: _streams.Stretch) -> int:
        followed.append(stretch.start)
        return true_end(buffer, compression, stretch)

    monkeypatch.setattr(_streams, "true_end", counted)
    strip = zlib.compress(bytes(120))
    made = page("RGB", "tiff_adobe_deflate").but(
        data=[], tag_257=one(SHORT, 50), tag_278=one(SHORT, 1)
    )
    places = made.but(tag_273=one(LONG, *[8] * 50), tag_279=one(LONG, *[len(strip)] * 50))
    tiff.dissect(file(places, gap=strip))
    assert followed == [8]
    longer = made.but(tag_273=one(LONG, 8, 8), tag_279=one(LONG, len(strip), len(strip) + 1))
    with pytest.raises(Malformed, match="lie over each other"):
        tiff.dissect(file(longer.but(tag_257=one(SHORT, 2)), gap=strip + bytes(9)))


def test_jpeg_strips_that_need_each_others_tables_are_held_back() -> None:
    made = page("RGB", "jpeg")
    tables = made.tags[347][1]
    assert isinstance(tables, bytes)
    first = b"\xff\xd8" + tables[2:-2] + made.data[0][2:]
    lone = made.but(data=[first, made.data[1]], tag_347=None)
    with pytest.raises(Malformed, match="needs the tables of another"):
        tiff.dissect(file(lone))
