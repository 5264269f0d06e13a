from __future__ import annotations

import struct
from collections.abc import Callable

import msgspec
import pytest

from tests.builders import heif as files
from tests.builders import heif_places as places
from tests.builders.contract import clean, survives
from tests.builders.heif import AV1, HEVC, Coding, File, Item, box, full, meta_of, shown
from tests.builders.webp import CANARY, private_tiff
from unexposed.errors import Held, Malformed
from unexposed.formats import avif, heif

Builder = Callable[[Coding], File]

HANDLERS = {HEVC: heif, AV1: avif}
CODINGS = pytest.mark.parametrize("coding", HANDLERS, ids=("heic", "avif"))


def animation_in_fragments(coding: Coding) -> File:
    file = coding.file(_exif(), behind=box(b"moov", box(b"mvex"), box(b"free", CANARY)))
    file.brand = {HEVC: b"hevc", AV1: b"avis"}[coding]
    return file


def _exif() -> Item:
    return Item(kind=b"Exif", data=bytes(4) + private_tiff(), hidden=True)


def overlay(coding: Coding) -> File:
    file = coding.file(coding.item(seed=2), Item(kind=b"iovl", data=bytes(20)), _exif())
    return msgspec.structs.replace(file, primary=3, references=((b"dimg", 3, (1, 2)),))


def cropped(coding: Coding) -> File:
    file = coding.file(_exif())
    crop = struct.pack(">8I", 16, 1, 64, 1, 0, 1, 0, 1)
    file.items[0].properties += (box(b"clap", crop),)
    return file


def unknown_codec(coding: Coding) -> File:
    file = coding.file(_exif())
    file.items[0].kind = b"vvc1"
    return file


def essential_unknown_property(coding: Coding) -> File:
    file = coding.file(_exif())
    file.items[0].properties += (box(b"priv", CANARY),)
    file.items[0].essential += (b"priv",)
    return file


def grid_with_hidden_tiles(coding: Coding) -> File:
    file = files.grid(coding)
    file.items[4].data = struct.pack(">BBBBHH", 0, 0, 1, 1, 120, 60)
    file.items.append(_exif())
    return file


@CODINGS
@pytest.mark.parametrize(
    ("build", "reason"),
    [
        (animation_in_fragments, "animation"),
        (overlay, "may hide one another"),
        (cropped, "cropped away"),
        (unknown_codec, "cannot be cleaned yet \\('vvc1'\\)"),
        (essential_unknown_property, "needs what cannot be cleaned yet \\('priv'\\)"),
        (grid_with_hidden_tiles, "cropped away"),
    ],
)
def test_what_is_not_cleaned_yet_is_told_of_and_held_back(
    build: Builder, reason: str, coding: Coding
) -> None:
    source = build(coding).build()
    container = HANDLERS[coding]
    assert not survives(source, container)
    parts = container.dissect(source)
    assert [block.language for block in container.blocks(source, parts)].count("exif") == 1
    with pytest.raises(Held, match=reason):
        container.rebuild(source, parts)


def test_a_picture_that_was_only_cropped_to_its_size_stays() -> None:
    file = files.simple(HEVC)
    crop = struct.pack(">8I", 78, 1, 62, 1, 0, 1, 0, 1)
    file.items[0].properties += (box(b"clap", crop),)
    source = file.build()
    copy = clean(source, heif)
    assert shown(copy)[0] == (78, 62)
    assert shown(copy) == shown(source)


def test_what_was_cropped_away_is_reported() -> None:
    source = cropped(HEVC).build()
    found = heif.blocks(source, heif.dissect(source))
    assert "cropped" in [block.language for block in found]


def without(kind: bytes) -> bytes:
    """A file with one box of its list of items renamed, so that it is not there."""
    return files.simple(HEVC).build().replace(kind, b"free", 1)


def twice(kind: bytes) -> bytes:
    data = files.simple(HEVC).build()
    return HEVC.file(in_meta=box(kind, meta_of(data)[kind])).build()


def missing_tile() -> bytes:
    file = files.grid(HEVC)
    return msgspec.structs.replace(file, references=((b"dimg", 5, (1, 2, 3, 9)),)).build()


def too_few_tiles() -> bytes:
    file = files.grid(HEVC)
    return msgspec.structs.replace(file, references=((b"dimg", 5, (1, 2, 3)),)).build()


def shared_bytes() -> bytes:
    """Two pictures, the second of which has the first of the two slices of the first one."""
    file = files.with_alpha(HEVC)
    one = file.items[0].data
    file.items[0].data += files.hevc_unit(20, b"\x30" + CANARY)
    data = file.build()
    places = data.index(b"iloc") + 4 + 8
    (start,) = struct.unpack_from(">I", data, places + 12)
    second = places + 20 + 12
    return data[:second] + struct.pack(">II", start, len(one)) + data[second + 8 :]


def data_outside() -> bytes:
    return files.simple(HEVC).build().replace(b"mdat", b"priv")


def two_alphas() -> bytes:
    file = files.with_alpha(HEVC)
    file.items.append(file.items[1])
    references = ((b"auxl", 2, (1,)), (b"auxl", 3, (1,)))
    return msgspec.structs.replace(file, references=references).build()


def referring(
    file: File, *references: tuple[bytes, int, tuple[int, ...]], alpha: int = -1
) -> bytes:
    """A file with other references, one of whose items says that it is a transparency."""
    if alpha >= 0:
        file.items[alpha].properties += (full(b"auxC", 0, 0, files.ALPHA, b"\0"),)
    return msgspec.structs.replace(file, references=references).build()


def test_a_reference_says_each_thing_once() -> None:
    file = files.premultiplied(HEVC)
    plain = clean(file.build(), heif)
    often = [(kind, source, to * 9) for kind, source, to in file.references[::-1]] * 9
    assert clean(referring(file, *often, (b"prem", 2, (1,) * 9)), heif) == plain


def test_a_piece_has_a_transparency_where_all_have_one() -> None:
    file = files.grid(HEVC)
    file.items += [
        files.auxiliary(HEVC, files.ALPHA, seed=seed, size=(64, 64)) for seed in range(4)
    ]
    references = *file.references, *((b"auxl", 6 + each, (1 + each,)) for each in range(4))
    copy = clean(referring(file, *references), heif)
    assert copy.count(b"auxl") == 4
    assert shown(copy) == shown(referring(file, *references))
    assert clean(referring(file, *references[:-1]), heif) == clean(files.grid(HEVC).build(), heif)


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (b"", "does not begin"),
        (files.simple(HEVC).build()[:-1], "cut short"),
        (files.simple(HEVC).build()[:100], "cut short"),
        (box(b"ftyp", b"heic", bytes(4)), "exactly one list of items"),
        (HEVC.file(behind=full(b"meta", 0, 0)).build(), "exactly one list of items"),
        *((without(kind), "has no") for kind in (b"hdlr", b"pitm", b"iloc", b"iinf", b"iprp")),
        *((twice(kind), "has two") for kind in (b"hdlr", b"pitm", b"iloc", b"iinf", b"iprp")),
        (files.simple(HEVC).build().replace(b"pict", b"vide"), "no pictures"),
        (HEVC.file(primary=7).build(), "primary picture is missing"),
        (missing_tile(), "piece of the picture is missing"),
        (too_few_tiles(), "too few or too many"),
        (shared_bytes(), "share some of their bytes"),
        (data_outside(), "outside of the boxes for data"),
        (two_alphas(), "two transparencies"),
        (
            referring(files.with_alpha(HEVC), (b"auxl", 2, (1,)), (b"prem", 1, (2, 1))),
            "in its colours",
        ),
        (referring(HEVC.file(), (b"auxl", 1, (1,)), alpha=0), "its own transparency"),
        (referring(files.grid(HEVC), *[(b"dimg", 5, (1, 2, 3, 4))] * 2), "says twice"),
    ],
)
def test_a_file_that_cannot_be_accounted_for_is_held_back(source: bytes, problem: str) -> None:
    with pytest.raises(Malformed, match=problem):
        heif.dissect(source)


def test_a_file_in_too_many_parts_or_units_is_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    source = places.gap_between_items(HEVC).build()
    monkeypatch.setattr("unexposed.formats._tiling.MAX_PARTS", 3)
    with pytest.raises(Malformed, match="more than 3 parts"):
        heif.dissect(source)
    monkeypatch.undo()
    monkeypatch.setattr("unexposed.formats.heif._picture.MAX_UNITS", 0)
    with pytest.raises(Malformed, match="more than 0 units"):
        heif.dissect(source)
