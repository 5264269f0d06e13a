"""Whatever sort of picture it is, a policy that covers lets nothing through that was not looked at.

A detector of even marks stands in for the real ones, at their very place.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Collection
from pathlib import Path

import pytest
from PIL import Image, ImageFilter, ImageOps, TiffImagePlugin

from tests.builders import icc, photos, png
from unexposed.errors import Held, VerificationFailed
from unexposed.exposure import Report
from unexposed.formats import format_named, formats
from unexposed.policy import Policy
from unexposed.vision import Picture, Seen, available
from unexposed.worker import sight
from unexposed.worker.clean import examine, taken_in, write_clean
from unexposed.worker.look import look_into
from unexposed.worker.redact import redact
from unexposed.worker.reencode import encoded, in_srgb
from unexposed.worker.verify import verify_frames

numpy = pytest.importorskip("numpy")
cv2 = pytest.importorskip("cv2")

pytestmark = [
    pytest.mark.skipif(
        not available() and os.environ.get("CI") != "true",
        reason="the extra `vision` is not installed",
    ),
    pytest.mark.usefixtures("_marks"),
]

COVERS = Policy(codes="cover")
SIZE = 320, 240
MARK = 40, 60, 100, 130
"""Left, top, right and bottom of what is to be covered."""

_RIM = 9
"""Pixels across which encoding makes shades of its own around a cover."""


def marks_in(samples: Picture, which: Collection[str]) -> list[Seen]:
    """A code where a picture is neither as its lower right corner is, nor as a cover."""
    values = numpy.asarray(samples).astype(int)
    other = (abs(values - values[-1, -1]).max(axis=2) > 60) & (values.max(axis=2) > 20)
    mask = Image.fromarray((other * 255).astype("uint8")).filter(ImageFilter.MinFilter(_RIM))
    box = mask.getbbox()
    if box is None or "codes" not in which:
        return []
    left, top, right, bottom = box[0] - 4, box[1] - 4, box[2] + 4, box[3] + 4
    return [Seen("content.code", ((left, top), (right, top), (right, bottom), (left, bottom)), 1.0)]


@pytest.fixture
def _marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sight.vision, "look", lambda samples, *, which: marks_in(samples, which))


def marked(mode: str = "L", ground: object = 200, mark: object = 90) -> Image.Image:
    image = Image.new(mode, SIZE, ground)  # type: ignore[arg-type]
    image.paste(mark, MARK)  # type: ignore[arg-type]
    return image


def cleaned(source: bytes, folder: Path, policy: Policy = COVERS) -> tuple[set[bool | None], bytes]:
    """Return whether each code was removed, and the finished copy."""
    report, copy = reported(source, folder, policy)
    return {one.removed for one in report.findings if one.kind == "content.code"}, copy


def reported(source: bytes, folder: Path, policy: Policy = COVERS) -> tuple[Report, bytes]:
    """Return the report, and the finished copy."""
    (folder / "source").write_bytes(source)
    given = os.open(folder / "source", os.O_RDONLY)
    output = os.open(folder / "copy", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    try:
        with taken_in(given) as buffer:
            report, _ = write_clean(examine(buffer), buffer, given, output, policy)
        return report, (folder / "copy").read_bytes()
    finally:
        os.close(given)
        os.close(output)


def shown(picture: bytes) -> Image.Image:
    return ImageOps.exif_transpose(Image.open(io.BytesIO(picture)))


def assert_covered(source: bytes, folder: Path) -> None:
    removed, copy = cleaned(source, folder)
    assert removed == {True}
    image = shown(copy)
    assert sight.seen_in(image, 1) == []
    opaque = image.convert("RGBA").getpixel((70, 95))
    assert max(opaque[:3]) < 12  # type: ignore[index, arg-type]
    assert opaque[3] == 255  # type: ignore[index]


def grey_of_16_bits(scale: int, offset: int = 0) -> Image.Image:
    samples = numpy.asarray(marked()).astype("uint16")
    return Image.fromarray((samples * scale + offset).astype("uint16"))


_SORTS: dict[str, Callable[[], bytes]] = {
    "two colours": lambda: photos.encoded(marked("1", 0, 1), "PNG"),
    "grey": lambda: photos.encoded(marked(), "PNG"),
    "grey with alpha": lambda: photos.encoded(marked("LA", (200, 255), (90, 255)), "PNG"),
    "a palette": lambda: photos.encoded(marked("RGB", "white", "teal").quantize(4), "PNG"),
    "16 bits": lambda: photos.encoded(grey_of_16_bits(200, 0x2000), "PNG"),
    "16 bits, all used": lambda: photos.encoded(grey_of_16_bits(257), "PNG"),
    "16 bits, of which 12 are used": lambda: photos.encoded(grey_of_16_bits(16), "PNG"),
    "16 bits, of which 8 are used": lambda: photos.encoded(grey_of_16_bits(1), "PNG"),
    "16 bits in a TIFF": lambda: photos.encoded(grey_of_16_bits(200, 0x2000), "TIFF"),
    "four inks": lambda: photos.encoded(marked("RGB", "white", "teal").convert("CMYK"), "JPEG"),
    "four inks in a TIFF": lambda: photos.encoded(
        marked("RGB", "white", "teal").convert("CMYK"), "TIFF"
    ),
    "light and two colours": lambda: photos.encoded(
        marked("RGB", "white", "teal").convert("YCbCr"), "TIFF"
    ),
    "a second picture": lambda: photos.encoded(
        marked(), "MPO", save_all=True, append_images=[marked()]
    ),
}  # fmt: skip


@pytest.mark.parametrize("sort", _SORTS)
def test_samples_of_every_sort_are_looked_at_and_covered(sort: str, tmp_path: Path) -> None:
    assert_covered(_SORTS[sort](), tmp_path)


@pytest.mark.parametrize("mode", ["I", "F"])
def test_samples_without_a_black_and_a_white_are_held_back(mode: str, tmp_path: Path) -> None:
    source = photos.encoded(marked().convert(mode), "TIFF")
    with pytest.raises(Held, match=f"how dark its samples are .mode {mode}"):
        cleaned(source, tmp_path)


_CLEAR: dict[str, tuple[object, object]] = {
    "white on nothing": ((255, 255, 255, 0), (255, 255, 255, 255)),
    "black on nothing": ((0, 0, 0, 0), (0, 0, 0, 255)),
    "hidden below nothing": ((200, 200, 200, 0), (90, 90, 90, 0)),
    "a breath of it": ((200, 200, 200, 9), (90, 90, 90, 9)),
}


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("way", _CLEAR)
def test_what_only_transparency_shows_or_hides_is_covered(
    kind: str, way: str, tmp_path: Path
) -> None:
    image = marked("RGBA", *_CLEAR[way])
    if way == "black on nothing":
        assert sight.seen_in(Image.new("RGBA", SIZE), 1) == []
        image.paste((30, 30, 30, 255), MARK)
    options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
    assert_covered(photos.encoded(image, kind, **options), tmp_path)


def test_a_colour_of_a_palette_that_is_transparent_hides_nothing(tmp_path: Path) -> None:
    image = marked("P", 0, 1)
    image.putpalette([255, 255, 255, 255, 255, 255])
    assert_covered(photos.encoded(image, "PNG", transparency=0), tmp_path)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_what_a_profile_makes_white_is_covered_for_viewers_that_heed_none(
    kind: str, tmp_path: Path
) -> None:
    image = marked("RGB", (200, 200, 200), (90, 90, 90))
    source = photos.encoded(image, kind, icc_profile=icc.of_one_shade())
    assert sight.seen_in(in_srgb(shown(source)), 1) == []
    assert_covered(source, tmp_path)


def test_a_later_frame_that_a_profile_makes_like_the_first_is_looked_at(tmp_path: Path) -> None:
    ground, mark = (200, 200, 200), (90, 90, 90)
    frames = [Image.new("RGB", SIZE, ground), marked("RGB", ground, mark)]
    source = photos.encoded(
        frames[0],
        "PNG",
        save_all=True,
        append_images=frames[1:],
        icc_profile=icc.of_one_shade(),
    )
    assert cleaned(source, tmp_path)[0] == {True}


def test_what_only_the_gamma_of_a_png_brings_to_light_is_covered(tmp_path: Path) -> None:
    faint = photos.encoded(marked("L", 0, 3), "PNG")
    assert sight.seen_in(shown(faint), 1) == []
    gamma = (b"gAMA", (1_000_000).to_bytes(4))
    assert_covered(png.before(faint, b"IDAT", gamma), tmp_path)


def test_what_the_gamma_of_a_png_hides_is_covered(tmp_path: Path) -> None:
    gamma = (b"gAMA", (1_000).to_bytes(4))
    source = photos.encoded(marked("RGB", (200, 200, 200), (90, 90, 90)), "PNG")
    assert_covered(png.before(source, b"IDAT", gamma), tmp_path)


@pytest.mark.parametrize("chunk", [(b"gAMA", (45_455).to_bytes(4)), (b"sRGB", b"\0")])
def test_the_usual_gamma_changes_nothing(chunk: tuple[bytes, bytes]) -> None:
    source = png.before(photos.encoded(photos.scene(), "PNG"), b"IDAT", chunk)
    assert in_srgb(shown(source)).tobytes() == photos.scene().tobytes()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_a_picture_turned_any_way_is_covered_where_it_is_seen(
    kind: str, orientation: int, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    source = photos.encoded(marked("RGB", "white", "teal"), kind, exif=exif)
    seen = shown(source).convert("L").point(lambda value: 255 * (value < 200)).getbbox()
    removed, copy = cleaned(source, tmp_path)
    image = shown(copy)
    assert removed == {True}
    assert image.size == (SIZE if orientation < 5 else SIZE[::-1])
    dark = image.convert("L").point(lambda value: 255 * (value < 20)).getbbox()
    assert seen is not None
    assert dark is not None
    assert all(0 <= abs(a - b) < 16 for a, b in zip(seen, dark, strict=True))
    assert dark[0] <= seen[0] + 2
    assert dark[3] >= seen[3] - 2
    assert sight.seen_in(image, 1) == []


def test_every_page_of_a_tiff_is_covered_whatever_its_size(tmp_path: Path) -> None:
    # Both pages have the same bytes in rows of another length, in which they show no mark.
    first = Image.new("RGB", (480, 160), "white")
    second = Image.frombytes("RGB", (480, 160), marked("RGB", "white", "teal").tobytes())
    pages = [first, Image.frombytes("RGB", SIZE, second.tobytes())]
    removed, copy = cleaned(
        photos.encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:]), tmp_path
    )
    assert removed == {True}
    with Image.open(io.BytesIO(copy)) as image:
        assert image.n_frames == 2  # type: ignore[attr-defined]
        image.seek(1)
        assert image.size == SIZE
        assert max(image.getpixel((70, 95))) < 12  # type: ignore[type-var, arg-type]


def test_a_page_of_the_same_bytes_and_another_shape_is_looked_at_anew() -> None:
    looked: list[tuple[int, ...]] = []
    pages = [Image.new("RGB", size, "white") for size in (SIZE, SIZE, SIZE[::-1])]
    source = photos.encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sight.vision, "look", lambda samples, **_: looked.append(samples.shape) or [])
        tiff = format_named("tiff")
        redact(source, tiff, tiff, COVERS)
    assert looked == [(240, 320, 3), (320, 240, 3)]


def test_a_tiff_of_which_the_first_page_is_a_small_copy_is_held_back(tmp_path: Path) -> None:
    written = io.BytesIO()
    with TiffImagePlugin.AppendingTiffWriter(written, True) as writer:
        for image, kind in ((Image.new("RGB", (32, 24)), 1), (marked("RGB", "white", "teal"), 0)):
            tags = TiffImagePlugin.ImageFileDirectory_v2()
            tags[254] = kind
            image.save(writer, "TIFF", tiffinfo=tags)
            writer.newFrame()
    tiff = format_named("tiff")
    with pytest.raises(Held, match="its first page is only a small copy"):
        redact(written.getvalue(), tiff, tiff, COVERS)


def test_a_copy_with_frames_that_were_not_looked_at_does_not_pass() -> None:
    pages = [marked("RGB", "white", "teal"), Image.new("RGB", SIZE)]
    copy = photos.encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    verify_frames(copy, format_named("tiff"), 2)
    with pytest.raises(VerificationFailed, match="frames that were not looked at"):
        verify_frames(copy, format_named("tiff"), 1)


@pytest.mark.parametrize("name", [one.NAME for one in formats() if not one.PILLOW])
def test_a_format_that_nothing_here_decodes_is_held_back(name: str) -> None:
    with pytest.raises(Held, match="covering what it shows was asked for and cannot be done in"):
        redact(b"", format_named(name), format_named(name), COVERS)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF", "TIFF"])
def test_a_picture_that_breaks_off_is_held_back(kind: str) -> None:
    source = photos.encoded(photos.scene(), kind)
    name = {"HEIF": "heic"}.get(kind, kind.lower())
    with pytest.raises(Held, match=r"damaged|cannot be covered|cut short"):
        redact(source[: len(source) * 2 // 3], format_named(name), format_named(name), COVERS)


def test_a_picture_that_is_too_large_to_be_looked_at_is_held_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("unexposed.worker.redact.MAX_PIXELS", 10_000)
    with pytest.raises(Held, match=r"too large to decode \(320 by 240 pixels\)"):
        cleaned(photos.encoded(marked()), tmp_path)


_MEMORY = "in the memory that the worker may use; more memory_mb below .worker. may help"


@pytest.mark.parametrize(
    ("problem", "reason"),
    [
        (MemoryError(), _MEMORY),
        (RuntimeError("can't start new thread"), _MEMORY),
        (cv2.error("error: (-4:Insufficient memory) Failed to allocate 99 bytes"), _MEMORY),
        (
            RuntimeError("a word of the file"),
            r"itself \(RuntimeError in test_covering.py, line \d+\)",
        ),
        (KeyError("codes"), r'itself \(KeyError in .*please report it. A policy .* = "report"'),
        (cv2.error("(-215:Assertion failed)"), r"a fault of unexposed itself \(error in "),
        (ImportError("gone", name="cv2"), "cannot be used .cv2 does not load."),
    ],
)
def test_a_detector_that_fails_holds_the_picture_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, problem: Exception, reason: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise problem

    monkeypatch.setattr(sight.vision, "look", fail)
    with pytest.raises(Held, match=reason) as held:
        cleaned(photos.encoded(marked()), tmp_path)
    assert "a word of the file" not in str(held.value)
    assert ("memory_mb" in str(held.value)) is (reason == _MEMORY)
    assert (tmp_path / "copy").read_bytes() == b""


def test_one_that_fails_on_the_covered_picture_does_so_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    looks = 0

    def fail_later(samples: Picture, *, which: Collection[str]) -> list[Seen]:
        nonlocal looks
        looks += 1
        if looks > 1:
            raise RuntimeError
        return marks_in(samples, which)

    monkeypatch.setattr(sight.vision, "look", fail_later)
    with pytest.raises(Held, match="cannot be looked for"):
        cleaned(photos.encoded(marked()), tmp_path)
    assert (tmp_path / "copy").read_bytes() == b""


@pytest.mark.parametrize("name", ["jpeg", "webp"])
def test_grey_of_16_bits_keeps_its_shades_in_a_format_of_8(name: str) -> None:
    copy = shown(encoded(grey_of_16_bits(257), format_named(name), 95)).convert("L")
    assert [copy.getpixel(place) for place in ((300, 200), (70, 95))] == [
        pytest.approx(200, abs=3),
        pytest.approx(90, abs=3),
    ]


def test_what_an_encoder_writes_beside_a_covered_picture_does_not_pass(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    small = marked().resize((64, 48))

    def talkative(image: Image.Image, *_: object) -> bytes:
        return photos.encoded(image, exif=photos.phone_exif(thumbnail=small))

    monkeypatch.setattr("unexposed.worker.redact.encoded", talkative)
    removed, copy = cleaned(photos.encoded(marked("RGB", "white", "teal")), tmp_path)
    assert removed == {True}
    assert copy.count(b"\xff\xd8\xff") == 1
    assert photos.SECRET_SERIAL.encode() not in copy


@pytest.mark.parametrize("orientation", range(1, 9))
def test_what_is_only_reported_is_told_where_it_is_seen_too(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    source = photos.encoded(marked("RGB", "white", "teal"), exif=exif)
    seen = shown(source).convert("L").point(lambda value: 255 * (value < 200)).getbbox()
    [found] = look_into(source, format_named("jpeg"), [], 1)
    assert seen is not None
    assert found.box is not None
    left, top, width, height = found.box
    assert (left, top, left + width, top + height) == pytest.approx(seen, abs=6)
