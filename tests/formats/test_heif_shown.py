"""Pictures of which a file says to show less than it holds."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from tests.builders import heif as files
from tests.builders.contract import clean, survives
from tests.builders.heif import AV1, HEVC, Coding, File, Item, box, crop, replaced, shown, size
from unexposed.errors import Held, Malformed
from unexposed.formats import avif, heif

Builder = Callable[[Coding], File]

HANDLERS = {HEVC: heif, AV1: avif}
CODINGS = pytest.mark.parametrize("coding", HANDLERS, ids=("heic", "avif"))


def one(coding: Coding, *properties: bytes, sides: tuple[int, int] = files.SIZE) -> File:
    """A file of one picture with these properties, in place of its own where it has such."""
    return File(brand=coding.brand, items=[replaced(coding.item(size=sides), *properties)])


def twice(coding: Coding, more: bytes) -> File:
    file = coding.file()
    file.items[0].properties += (more, more[:-1] + b"\1")
    return file


def grid(
    coding: Coding,
    tile: tuple[int, int],
    count: tuple[int, int],
    sides: tuple[int, int],
    *properties: bytes,
) -> File:
    """A grid of tiles of one size, so many across and down, of which `sides` are shown."""
    tiles = [coding.item(size=tile) for _ in range(count[0] * count[1])]
    measures = struct.pack(">BBBBHH", 0, 0, count[1] - 1, count[0] - 1, *sides)
    whole = replaced(Item(kind=b"grid", data=measures, in_idat=True), size(*sides), *properties)
    numbers = tuple(range(1, 1 + len(tiles)))
    return File(
        brand=coding.brand,
        items=[*tiles, whole],
        primary=len(tiles) + 1,
        references=((b"dimg", len(tiles) + 1, numbers),),
    )


def repeated(file: File, *properties: bytes) -> File:
    """The same picture once more, as another that is derived from it."""
    same = replaced(Item(kind=b"iden", properties=file.items[0].properties[:1]), *properties)
    items = [*file.items, same]
    return File(brand=file.brand, items=items, primary=2, references=((b"dimg", 2, (1,)),))


def with_tiles(coding: Coding, tile: int, *properties: bytes) -> File:
    file = files.grid(coding)
    file.items[tile] = replaced(file.items[tile], *properties)
    return file


def with_large_tile(coding: Coding, *properties: bytes) -> File:
    """A grid whose last tile is larger than the others."""
    file = files.grid(coding)
    file.items[3] = replaced(coding.item(size=(512, 512)), *properties)
    return file


@CODINGS
@pytest.mark.parametrize(
    "build",
    [
        lambda coding: one(coding, size(64, 64), sides=(512, 512)),
        lambda coding: one(coding, size(64, 64), crop(60, 60), sides=(512, 512)),
        lambda coding: one(coding, size(450, 512), crop(440, 500), sides=(512, 512)),
        lambda coding: one(coding, crop(78, 62, right=2)),
        lambda coding: one(coding, crop(78, 62, below=-2)),
        lambda coding: one(coding, crop(80, 65)),
        lambda coding: grid(coding, (512, 512), (1, 1), (64, 64)),
        lambda coding: grid(coding, (128, 128), (1, 2), (64, 200)),
        lambda coding: grid(coding, (128, 128), (2, 2), (128, 200)),
        lambda coding: grid(coding, (640, 64), (2, 1), (1216, 64)),
        lambda coding: grid(coding, (128, 128), (2, 2), (200, 200), crop(130, 200)),
        lambda coding: with_large_tile(coding, size(64, 64)),
        lambda coding: with_tiles(coding, 3, crop(60, 60)),
        lambda coding: repeated(coding.file(), crop(70, 60)),
        lambda coding: repeated(one(coding, crop(70, 60))),
    ],
)
def test_what_is_only_hidden_is_held_back(build: Builder, coding: Coding) -> None:
    source = build(coding).build()
    assert not survives(source, HANDLERS[coding])
    with pytest.raises(Held, match="still holds what was cropped away"):
        HANDLERS[coding].rebuild(source, [])


@CODINGS
@pytest.mark.parametrize(
    ("build", "problem"),
    [
        (lambda coding: one(coding, size(81, 64)), "larger size than it has"),
        (lambda coding: twice(coding, crop(80, 64)), "'clap' of an item is one too many"),
        (lambda coding: twice(coding, size(80, 64)), "'ispe' of an item is one too many"),
        (lambda coding: twice(coding, box(b"clli", bytes(4))), "'clli' of an item is one too"),
        (lambda coding: one(coding, box(b"irot", b"\1"), crop(60, 60)), "turned before"),
        (lambda coding: one(coding, box(b"clap", struct.pack(">8I", *[5, 2] * 4))), "cuts through"),
        (lambda coding: one(coding, box(b"clap", struct.pack(">8I", *[4, 0] * 4))), "by zero"),
        (lambda coding: one(coding, box(b"clap", struct.pack(">8I", *[0, 4] * 4))), "nothing"),
        (lambda coding: one(coding, box(b"colr", b"nclxCANARY\0")), "unknown codes"),
        (with_large_tile, "differ in size"),
        (lambda coding: grid(coding, (64, 64), (2, 2), (120, 100), size(60, 60)), "another size"),
        (lambda coding: repeated(coding.file(), size(79, 64)), "another size"),
    ],
)
def test_a_picture_that_contradicts_itself_is_held_back(
    build: Builder, problem: str, coding: Coding
) -> None:
    with pytest.raises(Malformed, match=problem):
        HANDLERS[coding].dissect(build(coding).build())


@CODINGS
def test_a_configuration_of_another_coding_is_held_back(coding: Coding) -> None:
    other = {HEVC: AV1, AV1: HEVC}[coding].item()
    file = one(coding, other.properties[-1])
    with pytest.raises(Malformed, match="one too many"):
        HANDLERS[coding].dissect(file.build())


@CODINGS
@pytest.mark.parametrize(
    ("tile", "count", "sides"),
    [
        ((128, 128), (2, 2), (129, 130)),
        ((128, 128), (1, 2), (65, 200)),
        ((640, 64), (2, 1), (1217, 64)),
    ],
)
def test_tiles_may_be_filled_up_as_cameras_do(
    tile: tuple[int, int], count: tuple[int, int], sides: tuple[int, int], coding: Coding
) -> None:
    clean(grid(coding, tile, count, sides).build(), HANDLERS[coding])


def test_a_crop_is_written_in_the_lowest_terms() -> None:
    spelt = box(b"clap", struct.pack(">4IiIiI", 158, 2, 124, 2, -3, 6, 5, 5))
    source = one(HEVC, spelt).build()
    copy = clean(source, heif)
    assert struct.pack(">4IiIiI", 79, 1, 62, 1, -1, 2, 2, 2) in copy
    assert shown(copy)[0] == (79, 62)


def test_the_shape_of_a_pixel_is_written_in_the_lowest_terms() -> None:
    copy = clean(one(HEVC, box(b"pasp", struct.pack(">II", 8000, 6000))).build(), heif)
    assert box(b"pasp", struct.pack(">II", 4, 3)) in copy


def test_depths_of_channels_that_are_not_there_do_not_stay() -> None:
    for depths in (b"\x10CANARY-0451-was-", b"\3CAN", b"\0"):
        copy = clean(one(HEVC, files.full(b"pixi", 0, 0, depths)).build(), heif)
        assert b"pixi" not in copy
