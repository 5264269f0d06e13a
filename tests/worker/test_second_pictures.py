"""What a file holds beside the picture that is shown never leaves it where a policy covers.

A gain map or a depth map is the uncovered picture once more. It must not survive where something is
covered, nor where nothing is found in the picture itself and its data are copied as they are.
"""

from __future__ import annotations

import io
import os
import zlib
from collections.abc import Callable
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image

from tests.builders import heif_places, jpeg, photos, png, tiff, webp
from tests.builders.heif import AV1, HEVC, SIZE, Coding, File, with_alpha
from tests.worker.test_covering import assert_covered, cleaned, marked, marks_in, reported
from unexposed.errors import Held
from unexposed.policy import Policy
from unexposed.vision import Picture, Seen, available
from unexposed.worker import sight

numpy = pytest.importorskip("numpy")

pytestmark = pytest.mark.skipif(
    not available() and os.environ.get("CI") != "true",
    reason="the extra `vision` is not installed",
)

ALL = Policy(faces="all", text="all", codes="cover")
SHOWN = Seen("content.code", ((20, 16), (60, 16), (60, 48), (20, 48)), 1.0)

_LENGTH = 24
"""Bytes of a second picture of which none may be found in the copy."""


@pytest.fixture(params=[True, False], ids=["something to cover", "nothing to cover"])
def covers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether there is a code in the picture, as long as it is not filled."""
    shows: bool = request.param

    def look(samples: Picture, **_: object) -> list[Seen]:
        bare = samples[20:44, 24:56].max() > 40
        return [SHOWN] if shows and bare else []

    monkeypatch.setattr(sight.vision, "look", look)
    return shows


@pytest.fixture
def _marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sight.vision, "look", lambda samples, *, which: marks_in(samples, which))


def pieces(data: bytes) -> set[bytes]:
    return {data[at : at + _LENGTH] for at in range(0, len(data) - _LENGTH, _LENGTH)}


def assert_alone(source: bytes, folder: Path, second: bytes, *, covers: bool) -> bytes:
    """The copy is covered, and no piece of the second picture is in it."""
    assert second in source
    removed, copy = cleaned(source, folder, ALL)
    assert removed == ({True} if covers else set())
    assert [piece for piece in pieces(second) if piece in copy] == []
    with Image.open(io.BytesIO(copy)) as image:
        assert getattr(image, "n_frames", 1) == 1
        assert (max(image.convert("RGB").getpixel((40, 32))) < 12) is covers  # type: ignore[type-var, arg-type]
    return copy


_ITEMS = (
    heif_places.depth_map,
    heif_places.apple_gain_map,
    heif_places.matte,
    heif_places.tone_mapped_alternative,
    heif_places.thumbnail,
    heif_places.second_picture,
)


@pytest.mark.parametrize("build", _ITEMS)
@pytest.mark.parametrize("coding", [HEVC, AV1], ids=["heic", "avif"])
def test_no_second_picture_of_a_heic_or_avif_survives(
    coding: Coding, build: Callable[[Coding], File], covers: bool, tmp_path: Path
) -> None:
    file = build(coding)
    source = file.build()
    copy = assert_alone(source, tmp_path, file.items[1].data, covers=covers)
    if coding is HEVC:
        heif = pillow_heif.open_heif(copy)
        assert len(heif) == 1
        assert (heif.info["depth_images"], heif.info["aux"], heif.info["thumbnails"]) == (
            [],
            {},
            [],
        )


@pytest.mark.parametrize("covers", [True], indirect=True)
def test_transparency_that_comes_as_a_second_picture_is_covered_with_the_first(
    covers: bool, tmp_path: Path
) -> None:
    file = with_alpha(HEVC)
    copy = assert_alone(file.build(), tmp_path, file.items[1].data, covers=covers)
    with Image.open(io.BytesIO(copy)) as image:
        assert image.getpixel((40, 32))[3] > 240  # type: ignore[index]


GAIN_MAP_XMP = b"""http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"/></rdf:RDF></x:xmpmeta>"""


def picture(seed: int = 1) -> Image.Image:
    return photos.scene(*SIZE, seed=seed)


def second() -> bytes:
    return photos.encoded(picture(2), "JPEG")


def ultra_hdr() -> bytes:
    """A JPEG with a gain map behind its end, as phones write it."""
    both = photos.encoded(
        picture(), "MPO", save_all=True, append_images=[Image.open(io.BytesIO(second()))]
    )
    return jpeg.behind_start(both, jpeg.segment(0xE1, GAIN_MAP_XMP))


def gain_map_behind_the_end() -> bytes:
    return photos.encoded(picture(), "JPEG") + second()


def depth_map_in_a_segment() -> bytes:
    return jpeg.behind_start(photos.encoded(picture()), jpeg.segment(0xE2, b"depth\0" + second()))


def _exif() -> bytes:
    return photos.phone_exif(thumbnail=picture(2))


_FILES: dict[str, Callable[[], bytes]] = {
    "a gain map": ultra_hdr,
    "a gain map that nothing tells of": gain_map_behind_the_end,
    "a depth map in a segment": depth_map_in_a_segment,
    "the thumbnail of a JPEG": lambda: photos.encoded(picture(), exif=_exif()),
    "the thumbnail of a PNG": lambda: photos.encoded(picture(), "PNG", exif=_exif()),
    "the thumbnail of a WebP": lambda: photos.encoded(picture(), "WEBP", exif=_exif()),
    "the thumbnail of a HEIC": lambda: photos.encoded(picture(), "HEIF", exif=_exif()),
    "a PNG with a JPEG behind it": lambda: photos.encoded(picture(), "PNG") + second(),
}


@pytest.mark.parametrize("sort", _FILES)
def test_no_second_picture_of_any_file_survives(sort: str, covers: bool, tmp_path: Path) -> None:
    source = _FILES[sort]()
    scan = second()[second().index(b"\xff\xda") :]
    if scan not in source:  # Pillow encoded it anew
        scan = source[source.rindex(b"\xff\xda") :]
    copy = assert_alone(source, tmp_path, scan, covers=covers)
    assert b"\xff\xd8\xff" not in copy[1:]


@pytest.mark.parametrize("build", [tiff.small_copy_below_the_page, tiff.small_copy_as_a_page])
def test_no_small_copy_in_a_tiff_survives(
    build: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    small = b"".join(tiff.small().data)
    for found in ([], [Seen("content.code", ((0, 0), (9, 0), (9, 9), (0, 9)), 1.0)]):
        monkeypatch.setattr(
            sight.vision,
            "look",
            lambda samples, found=found, **_: found if samples[2:6, 2:6].any() else [],
        )
        removed, copy = cleaned(build(), tmp_path, ALL)
        assert len(removed) == len(found)
        assert [piece for piece in pieces(small) if piece in copy] == []


def channel_beside(extra: int = 0) -> bytes:
    """A TIFF of four samples a pixel, of which the last is no colour; viewers do not show it."""
    plain = numpy.full((240, 320), 200, "uint8")
    samples = numpy.dstack([plain] * 3 + [numpy.asarray(marked())])
    (page,) = tiff.pages_of(photos.encoded(Image.fromarray(samples), "TIFF"))
    return tiff.file(page.but(tag_338=tiff.one(tiff.SHORT, extra)))


@pytest.mark.usefixtures("_marks")
def test_a_channel_that_no_viewer_shows_does_not_leave_unseen(tmp_path: Path) -> None:
    source = channel_beside()
    removed, lossless = cleaned(source, tmp_path, Policy())
    assert removed == set()
    assert tiff.pages_of(lossless)[0].tags[277] == (tiff.SHORT, (4,))
    _, copy = cleaned(source, tmp_path, ALL)
    assert tiff.pages_of(copy)[0].tags[277] == (tiff.SHORT, (3,))
    with Image.open(io.BytesIO(copy)) as image:
        assert image.getcolors() == [(320 * 240, (200, 200, 200))]


@pytest.mark.usefixtures("_marks")
def test_one_that_is_transparency_is_looked_at_and_covered(tmp_path: Path) -> None:
    assert_covered(channel_beside(extra=2), tmp_path)


def colours_of_16_bits(kind: str) -> bytes:
    """A file with an even grey, and the mark in the lower byte of its samples."""
    samples = 0x8000 + (numpy.asarray(marked()) == 90).astype("uint16") * 255
    if kind == "TIFF":
        (page,) = tiff.pages_of(photos.encoded(Image.new("RGB", (320, 240)), "TIFF"))
        data = numpy.dstack([samples] * 3).astype("<u2").tobytes()
        return tiff.file(
            page.but(
                data=[data],
                tag_258=tiff.one(tiff.SHORT, 16, 16, 16),
                tag_278=tiff.one(tiff.LONG, 240),
            )
        )
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in numpy.dstack([samples] * 3))
    header = (b"IHDR", png.header((320, 240), 16, 2))
    return png.file([header, (b"IDAT", zlib.compress(rows)), (b"IEND", b"")])


@pytest.mark.usefixtures("_marks")
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_the_lower_bytes_of_colours_do_not_leave_unseen(kind: str, tmp_path: Path) -> None:
    source = colours_of_16_bits(kind)
    removed, copy = cleaned(source, tmp_path, ALL)
    assert removed == set()
    if kind == "PNG":
        assert png.chunks(copy)[0][1] == png.header((320, 240), 8, 2)
    else:
        assert tiff.pages_of(copy)[0].tags[258] == (tiff.SHORT, (8, 8, 8))
    with Image.open(io.BytesIO(copy)) as image:
        assert image.getcolors() == [(320 * 240, (128, 128, 128))]


def grey_over(base: int) -> bytes:
    """Grey samples of 16 bits, in which the mark is so faint on a ground that no way to look shows it."""
    samples = (numpy.asarray(marked()) == 90).astype("uint16") * 200 + base
    return photos.encoded(Image.fromarray(samples.astype("uint16")), "PNG")


@pytest.mark.usefixtures("_marks")
def test_the_lower_bytes_of_grey_do_not_leave_unseen(tmp_path: Path) -> None:
    source = grey_over(0x7F80)
    removed, copy = cleaned(source, tmp_path, ALL)
    assert removed == set()
    with Image.open(io.BytesIO(copy)) as image:
        assert image.convert("L").getcolors() == [(320 * 240, 127)]


@pytest.mark.usefixtures("_marks")
def test_grey_that_was_looked_at_in_all_its_bits_is_left_as_it_is(tmp_path: Path) -> None:
    source = photos.encoded(Image.fromarray(numpy.full((240, 320), 4000, "uint16")), "PNG")
    assert cleaned(source, tmp_path, ALL) == (set(), source)


@pytest.mark.parametrize("policy", [ALL, Policy(pixels="reencode")])
def test_a_picture_that_the_decoder_gets_wrong_is_held_back(policy: Policy, tmp_path: Path) -> None:
    """Its planes of 16 bits would be taken for such of 8, and neither be seen nor written right."""
    (page,) = tiff.pages_of(photos.encoded(Image.new("RGB", (320, 240)), "TIFF"))
    planes = [numpy.asarray(marked()).astype("<u2").tobytes()] * 3
    sixteen = tiff.one(tiff.SHORT, 16, 16, 16)
    rows, apart = tiff.one(tiff.LONG, 240), tiff.one(tiff.SHORT, 2)
    plain = page.but(data=planes, tag_258=sixteen, tag_278=rows, tag_284=apart)
    with pytest.raises(Held, match="does not read its samples of 16 bits"):
        cleaned(tiff.file(plain), tmp_path, policy)


def laid_over(kind: str) -> bytes:
    """An animation that lays a mark over its first frame in colours that are all transparent.

    "WEBP, unsaid" has it too, and a header that tells of no transparency.
    """
    ground = Image.new("RGBA", (320, 240), (200, 200, 200, 255))
    over = Image.new("RGBA", (320, 240), (200, 200, 200, 0))
    over.paste((90, 90, 90, 0), (40, 60, 100, 130))
    over.putpixel((319, 239), (190, 190, 190, 255))
    if kind == "PNG":
        return photos.encoded(
            ground, "PNG", save_all=True, append_images=[over], duration=100, blend=1
        )
    place = b"\0" * 6 + (319).to_bytes(3, "little") + (239).to_bytes(3, "little") + b"d\0\0\0"
    pictures = (webp.chunks(webp.encoded(one, lossless=True, exact=True)) for one in (ground, over))
    content = [(b"ANMF", place + webp.chunk(*picture_in(one))) for one in pictures]
    size = (319).to_bytes(3, "little") + (239).to_bytes(3, "little")
    flags = b"\x02" if kind == "WEBP, unsaid" else b"\x12"
    return webp.file([(b"VP8X", flags + b"\0\0\0" + size), (b"ANIM", b"\0" * 6), *content])


def picture_in(content: list[tuple[bytes, bytes]]) -> tuple[bytes, bytes]:
    """The lossless picture among the chunks of a file."""
    return next(one for one in content if one[0] == b"VP8L")


@pytest.mark.usefixtures("_marks")
@pytest.mark.parametrize("kind", ["PNG", "WEBP", "WEBP, unsaid"])
def test_colours_that_an_animation_lays_over_unseen_do_not_leave(kind: str, tmp_path: Path) -> None:
    source = laid_over(kind)
    removed, lossless = cleaned(source, tmp_path, Policy())
    assert removed == set()
    assert len(lossless) == len(source)
    removed, copy = cleaned(source, tmp_path, ALL)
    assert removed == set()
    assert [piece for piece in pieces(hidden_in(source, kind)) if piece in copy] == []
    with Image.open(io.BytesIO(copy)) as image:
        assert image.n_frames == 2  # type: ignore[attr-defined]


def hidden_in(source: bytes, kind: str) -> bytes:
    """The data of the frame that is laid over."""
    if kind == "PNG":
        return next(data for name, data in png.chunks(source) if name == b"fdAT")[4:]
    return [data for name, data in webp.chunks(source) if name == b"ANMF"][1][24:]


def alpha_unsaid(alpha: Image.Image, *, again: bool = False) -> bytes:
    """A lossless WebP with alpha that no viewer heeds, as it says that it has none.

    With `again` it is an animation of two such frames.
    """
    picture = Image.new("RGB", (320, 240), (200, 200, 200))
    picture.putalpha(alpha)
    name, data = picture_in(webp.chunks(webp.encoded(picture, lossless=True, exact=True)))
    unsaid = data[:4] + bytes([data[4] & ~0x10]) + data[5:]
    if not again:
        return webp.file([(name, unsaid)])
    size = (319).to_bytes(3, "little") + (239).to_bytes(3, "little")
    frame = (b"ANMF", b"\0" * 6 + size + b"d\0\0\2" + webp.chunk(name, unsaid))
    return webp.file([(b"VP8X", b"\x02\0\0\0" + size), (b"ANIM", b"\0" * 6), frame, frame])


@pytest.mark.usefixtures("_marks")
@pytest.mark.parametrize("again", [False, True])
def test_alpha_that_a_picture_says_it_has_not_does_not_leave_unseen(
    again: bool, tmp_path: Path
) -> None:
    source = alpha_unsaid(marked(), again=again)
    removed, lossless = cleaned(source, tmp_path, Policy())
    assert (removed, lossless) == (set(), source)
    removed, copy = cleaned(source, tmp_path, ALL)
    assert removed == set()
    assert b"VP8L" not in copy
    with Image.open(io.BytesIO(copy)) as image:
        assert image.getcolors() is not None
        assert not image.has_transparency_data


@pytest.mark.usefixtures("_marks")
def test_a_lossless_picture_without_such_alpha_is_left_as_it_is(tmp_path: Path) -> None:
    source = alpha_unsaid(Image.new("L", (320, 240), 255))
    assert cleaned(source, tmp_path, ALL) == (set(), source)


def animated_behind_a_mark() -> bytes:
    """An APNG whose first picture only viewers without animation show: it alone has the mark."""
    hidden, *frames = (Image.new("RGB", (320, 240), "white") for _ in range(4))
    hidden.paste((0, 120, 120), (40, 60, 100, 130))
    for number, frame in enumerate(frames):
        frame.paste((230, 230, 230), (number, 0, number + 4, 4))
    return photos.encoded(
        hidden,
        "PNG",
        save_all=True,
        append_images=frames,
        duration=[40, 80, 120],
        loop=3,
        default_image=True,
    )


@pytest.mark.usefixtures("_marks")
def test_a_picture_that_an_animation_hides_is_covered_and_nothing_else_of_it_changes(
    tmp_path: Path,
) -> None:
    removed, copy = cleaned(animated_behind_a_mark(), tmp_path)
    assert removed == {True}
    assert png.kinds(copy).index(b"IDAT") < png.kinds(copy).index(b"fcTL")
    with Image.open(io.BytesIO(copy)) as image:
        assert (image.n_frames, image.info["loop"]) == (4, 3)  # type: ignore[attr-defined]
        assert max(image.getpixel((70, 95))) < 12  # type: ignore[type-var, arg-type]
        durations = []
        for number in (1, 2, 3):
            image.seek(number)
            durations.append(image.info["duration"])
            assert image.convert("RGB").getpixel((70, 95)) == (255, 255, 255)
        assert durations == [40, 80, 120]


@pytest.mark.usefixtures("_marks")
@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_frames_that_only_differ_below_a_cover_become_one_that_stays_as_long(
    kind: str, tmp_path: Path
) -> None:
    frames = [marked("RGB", "white", "teal") for _ in range(3)]
    frames[1].paste((0, 90, 160), (60, 80, 70, 90))
    frames[2].paste((230, 230, 230), (200, 100, 260, 160))
    source = photos.encoded(
        frames[0],
        kind,
        save_all=True,
        append_images=frames[1:],
        duration=[100, 200, 300],
        **({"lossless": True} if kind == "WEBP" else {}),
    )
    removed, copy = cleaned(source, tmp_path)
    assert removed == {True}
    with Image.open(io.BytesIO(copy)) as image:
        assert image.n_frames == 2  # type: ignore[attr-defined]
        for number in (0, 1):
            image.seek(number)
            image.load()
            assert image.info["duration"] == 300


@pytest.mark.usefixtures("_marks")
def test_pages_that_stay_are_not_called_removed(tmp_path: Path) -> None:
    pages = [marked("RGB", "white", "teal"), Image.new("RGB", (320, 240), "white")]
    source = photos.encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    report, _ = reported(source, tmp_path)
    told = {one.kind: one.removed for one in report.findings}
    assert (told["content.code"], told["content.pages"]) == (True, False)
