"""What a picture's data hold and no viewer shows is not copied where a policy covers.

In all of these pictures nothing is seen, so that nothing is covered: without a look at what they hold
beside what they show, the copy would have their data as they stand.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from tests.builders import gif, heif, jpeg, photos, png, tiff, webp
from tests.builders.heif import AV1, HEVC
from tests.worker.test_covering import cleaned, reported
from unexposed.errors import Held
from unexposed.formats import format_named
from unexposed.formats.jpeg import comes_in_lines
from unexposed.policy import Policy
from unexposed.vision import Seen
from unexposed.worker import redact as module
from unexposed.worker import sight
from unexposed.worker.redact import redact

COVERS = Policy(codes="cover")
SIZE = (160, 120)
LOWER = 64
"""Lines of a picture that are counted, of 120."""

_LENGTH = 24
"""Bytes of what is hidden of which none may be found in the copy."""


@pytest.fixture(autouse=True)
def _nothing_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "seen_in", lambda *_: [])
    monkeypatch.setattr(module, "available", lambda: True)


class Hiding(msgspec.Struct):
    """A file, and the bytes of it that code what nobody is shown."""

    data: bytes
    hidden: bytes


def numbered(colours: list[int]) -> Image.Image:
    """A picture in two numbers of a palette."""
    image = Image.frombytes(
        "P", SIZE, bytes(one > 127 for one in photos.scene(*SIZE).convert("L").tobytes())
    )
    image.putpalette(colours)
    return image


def white_twice(kind: str) -> Hiding:
    data = photos.encoded(numbered([255] * 6), kind, optimize=False)
    return Hiding(data, data[len(data) // 4 : -16])


def white_twice_in_a_later_frame() -> Hiding:
    first, second = Image.new("P", SIZE, 0), numbered([255] * 6)
    first.putpalette([255, 255, 255, 0, 0, 0])
    frames = [photos.encoded(one, "GIF", optimize=False) for one in (first, second)]
    tables = [one[13 : 13 + (6 << (one[10] & 7))] for one in frames]
    blocks = [gif.pieces(one)[-2] for one in frames]
    own = blocks[1][:9] + bytes([0x80 | (frames[1][10] & 7)]) + tables[1] + blocks[1][10:]
    data = frames[0][:13] + tables[0] + blocks[0] + own + b";"
    return Hiding(data, blocks[1][16:])


def beyond_the_palette() -> Hiding:
    image = numbered([255] * 6).point([7, 9] * 128)
    image.putpalette([255] * 768)
    data = photos.encoded(image, "PNG")
    return Hiding(data, data[data.index(b"IDAT") + 16 : -24])


def alike_but_for_the_lower_bytes() -> Hiding:
    colours = b"".join((0xFF00 + number % 2 * 0x80).to_bytes(2, "little") for number in range(768))
    data = photos.encoded(numbered([0, 0, 0, 255, 255, 255]), "TIFF", compression="tiff_lzw")
    with Image.open(io.BytesIO(data)) as image:
        own = struct.pack("<768H", *image.tag_v2[320])  # type: ignore[attr-defined]
    return Hiding(data.replace(own, colours), data[8:100])


def inks_below_black(kind: str) -> Hiding:
    *inks, _ = photos.scene(*SIZE).convert("CMYK").split()
    image = Image.merge("CMYK", [*inks, Image.new("L", SIZE, 255)])
    data = photos.encoded(image, kind)
    return Hiding(data, data[-2000:-16])


def lines_behind_the_last_one(build: Callable[[Image.Image], bytes]) -> Callable[[], Hiding]:
    def lowered() -> Hiding:
        image = Image.new("RGB", SIZE, "white")
        image.paste(photos.scene(SIZE[0], SIZE[1] - LOWER), (0, LOWER))
        data = build(image)
        return Hiding(_counting(data, LOWER), data[-1000:-16])

    return lowered


def _counting(data: bytes, lines: int) -> bytes:
    """A JPEG or lossy WebP that says it has so many lines."""
    if data[:4] == b"RIFF":
        at = data.index(b"\x9d\x01\x2a") + 5
        return data[:at] + lines.to_bytes(2, "little") + data[at + 2 :]
    at = max(data.find(b"\xff\xc0"), data.find(b"\xff\xc2")) + 5
    return data[:at] + lines.to_bytes(2) + data[at + 2 :]


def tables_of_zeros() -> Hiding:
    data = photos.encoded(photos.scene(*SIZE))
    dark = jpeg.replaced(data, 0xDB, b"".join(bytes([number, *bytes(64)]) for number in (0, 1)))
    return Hiding(dark, data[-1000:-16])


def more_of_a_lossless_webp() -> Hiding:
    (kind, picture), *others = webp.chunks(webp.lossless())
    more = photos.scene(16, 16).tobytes()
    return Hiding(webp.file([(kind, picture + more), *others]), more)


def lines_of_a_fax() -> Hiding:
    image = Image.new("1", SIZE, 1)
    image.paste(photos.scene(SIZE[0], SIZE[1] - LOWER).convert("1"), (0, LOWER))
    data = photos.encoded(image, "TIFF", compression="group4")
    with Image.open(io.BytesIO(data)) as read:
        start, size = (read.tag_v2[tag][0] for tag in (273, 279))  # type: ignore[attr-defined]
    (page,) = tiff.pages_of(data)
    fewer = page.but(tag_257=tiff.one(tiff.SHORT, LOWER), tag_278=tiff.one(tiff.SHORT, LOWER))
    return Hiding(tiff.file(fewer), data[start + size // 2 : start + size - 8])


def tile_beyond_the_edge() -> Hiding:
    pixels = photos.scene(64, 64).convert("L").tobytes()
    made = tiff.tiled("L").but(data=[pixels], tag_322=tiff.one(tiff.SHORT, 64))
    made = made.but(tag_323=tiff.one(tiff.SHORT, 64))
    made.tiled = True
    return Hiding(tiff.file(made), pixels[-1000:])


def cropped_away() -> Hiding:
    file = heif.simple(HEVC)
    file.items[0] = heif.replaced(file.items[0], heif.crop(40, 40, -5, 3))
    return Hiding(file.build(), file.items[0].data[8:])


def cropped_away_behind_another() -> Hiding:
    """The picture is the second of the file, where a decoder has it by that number."""
    cropped = heif.replaced(HEVC.item(seed=2), heif.crop(40, 40, -5, 3))
    file = heif.File(brand=HEVC.brand, items=[HEVC.item(seed=1), cropped], primary=2)
    return Hiding(file.build(), cropped.data[8:])


def most_of_a_tile_beyond_the_edge() -> Hiding:
    tiles = [HEVC.item(seed=seed, size=(256, 256)) for seed in range(4)]
    for tile in tiles:
        tile.hidden = True
    whole = heif.Item(
        kind=b"grid",
        data=struct.pack(">BBBBHH", 0, 0, 1, 1, 300, 300),
        properties=(heif.size(300, 300),),
        in_idat=True,
    )
    file = heif.File(
        brand=HEVC.brand,
        items=[*tiles, whole],
        primary=5,
        references=((b"dimg", 5, (1, 2, 3, 4)),),
    )
    return Hiding(file.build(), tiles[3].data[8:])


_HIDING: dict[str, tuple[str, Callable[[], Hiding]]] = {
    "a PNG's colours that are the same": ("png", lambda: white_twice("PNG")),
    "a GIF's colours that are the same": ("gif", lambda: white_twice("GIF")),
    "a BMP's colours that are the same": ("bmp", lambda: white_twice("BMP")),
    "colours of a later frame": ("gif", white_twice_in_a_later_frame),
    "numbers of colours that look alike": ("png", beyond_the_palette),
    "colours of 16 bits": ("tiff", alike_but_for_the_lower_bytes),
    "inks below black": ("jpeg", lambda: inks_below_black("JPEG")),
    "inks below black in a TIFF": ("tiff", lambda: inks_below_black("TIFF")),
    "lines of a JPEG": ("jpeg", lines_behind_the_last_one(photos.encoded)),
    "lines of a progressive JPEG": (
        "jpeg",
        lines_behind_the_last_one(lambda image: photos.encoded(image, progressive=True)),
    ),
    "lines of a WebP": (
        "webp",
        lines_behind_the_last_one(lambda image: photos.encoded(image, "WEBP")),
    ),
    "tables of zeros in a JPEG": ("jpeg", tables_of_zeros),
    "more of a lossless WebP": ("webp", more_of_a_lossless_webp),
    "lines of a fax": ("tiff", lines_of_a_fax),
    "a tile beyond the edge": ("tiff", tile_beyond_the_edge),
    "what is cropped away": ("heic", cropped_away),
    "what is cropped away of a second picture": ("heic", cropped_away_behind_another),
    "most of a grid's last tiles": ("heic", most_of_a_tile_beyond_the_edge),
}


@pytest.mark.parametrize("place", _HIDING)
def test_what_nobody_is_shown_is_not_in_the_copy(place: str, tmp_path: Path) -> None:
    _, build = _HIDING[place]
    source = build()
    pieces = {
        source.hidden[at : at + _LENGTH] for at in range(0, len(source.hidden) - _LENGTH, _LENGTH)
    }
    _, plain = cleaned(source.data, tmp_path, Policy())
    assert [one for one in pieces if one not in plain] == [], "a copy without covering has it"
    _, copy = cleaned(source.data, tmp_path)
    assert [one for one in pieces if one in copy] == []


@pytest.mark.parametrize("place", [one for one, (name, _) in _HIDING.items() if name != "heic"])
def test_what_is_shown_stays_as_it_is(place: str) -> None:
    name, build = _HIDING[place]
    source = build().data
    done = redact(source, format_named(name), format_named(name), COVERS)
    assert done.picture is not None
    with Image.open(io.BytesIO(source)) as theirs, Image.open(io.BytesIO(done.picture)) as ours:
        assert ours.size == theirs.size
        difference = [
            abs(a - b)
            for a, b in zip(
                theirs.convert("RGB").tobytes(), ours.convert("RGB").tobytes(), strict=True
            )
        ]
    assert sum(difference) / len(difference) < 3


_ORDINARY: dict[str, Callable[[], bytes]] = {
    f"{kind}, {what}, {width} by {height}, {options}": lambda kind=kind, image=image, options=options: (  # type: ignore[misc]
        photos.encoded(image, kind, **options)
    )
    for width, height in ((1, 1), (16, 300), (97, 65))
    for what, image in (
        ("even", Image.new("RGB", (width, height), "white")),
        ("detailed", photos.scene(width, height)),
    )
    for kind, options in (
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("JPEG", {"subsampling": 0, "restart_marker_rows": 1}),
        ("WEBP", {"quality": 5}),
        ("WEBP", {"lossless": True}),
        ("TIFF", {"compression": "tiff_lzw"}),
    )
}


@pytest.mark.parametrize("sort", _ORDINARY)
def test_an_ordinary_picture_without_anything_to_cover_keeps_its_data(sort: str) -> None:
    name = sort.split(",", maxsplit=1)[0].lower()
    done = redact(_ORDINARY[sort](), format_named(name), format_named(name), COVERS)
    assert done.picture is None


@pytest.mark.parametrize(
    "build",
    [
        jpeg.grey,
        jpeg.cmyk,
        jpeg.with_restarts,
        jpeg.progressive_with_restarts,
        jpeg.with_odd_sampling,
    ],
)
def test_a_jpeg_of_any_sort_that_ends_with_its_last_line_keeps_its_data(
    build: Callable[[], bytes],
) -> None:
    assert redact(build(), format_named("jpeg"), format_named("jpeg"), COVERS).picture is None


@pytest.mark.parametrize("build", [gif.still, gif.transparent, gif.animated, gif.two_colours])
def test_a_gif_whose_colours_differ_keeps_its_data(build: Callable[[], bytes]) -> None:
    assert redact(build(), format_named("gif"), format_named("gif"), COVERS).picture is None


def test_only_a_jpeg_of_one_scan_comes_in_lines() -> None:
    dissect = format_named("jpeg").dissect
    assert comes_in_lines(dissect(jpeg.baseline()))
    assert not comes_in_lines(dissect(jpeg.progressive()))


@pytest.mark.parametrize(
    "policy", [COVERS, Policy(pixels="reencode"), Policy(format="png")], ids=str
)
def test_an_avif_that_the_decoder_does_not_crop_is_held_back(
    policy: Policy, tmp_path: Path
) -> None:
    file = heif.simple(AV1)
    file.items[0] = heif.replaced(file.items[0], heif.crop(40, 40, -5, 3))
    with pytest.raises(Held, match="the decoder here shows what is cropped away from it"):
        cleaned(file.build(), tmp_path, policy)


def in_light(kind: str) -> bytes:
    """A picture that says that its samples are in proportion to light."""
    source = photos.encoded(photos.scene(64, 64), kind)
    if kind == "PNG":
        return png.before(source, b"IDAT", (b"cICP", bytes([1, 8, 0, 1])))
    at = source.index(b"nclx") + 6
    return source[:at] + (8).to_bytes(2) + source[at + 2 :]


@pytest.mark.parametrize("policy", [COVERS, Policy(pixels="reencode")], ids=str)
@pytest.mark.parametrize("kind", ["AVIF", "HEIF", "PNG"])
def test_a_picture_that_the_decoder_shows_darker_than_viewers_is_held_back(
    kind: str, policy: Policy, tmp_path: Path
) -> None:
    with pytest.raises(Held, match="the decoder here shows it darker than viewers do"):
        cleaned(in_light(kind), tmp_path, policy)


def test_a_crop_to_odd_sides_is_none(tmp_path: Path) -> None:
    file = heif.simple(HEVC)
    file.items[0] = heif.replaced(file.items[0], heif.crop(79, 63))
    _, copy = cleaned(file.build(), tmp_path)
    assert file.items[0].data[8:] in copy


@pytest.mark.parametrize("shows", [False, True])
def test_a_picture_too_large_for_the_format_that_is_asked_for_is_held_back(
    shows: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen = [Seen("content.code", ((0, 0), (4, 0), (4, 4), (0, 4)), 1.0)]
    monkeypatch.setattr(module, "seen_in", lambda *_: seen if shows else [])
    source = photos.encoded(Image.new("RGB", (16_400, 8), "white"), "PNG")
    with pytest.raises(Held, match="a picture of 16400 by 8 pixels cannot be encoded in the for"):
        reported(source, tmp_path, Policy(codes="cover", format="webp"))


def test_a_picture_longer_than_codes_can_be_looked_for_in_is_held_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sight, "_ready", lambda *_: None)
    with pytest.raises(Held, match="a side has more than 65,535 pixels"):
        sight.seen_in(Image.new("L", (8, 65_536)), 1)
