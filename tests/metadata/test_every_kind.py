"""Every kind of the catalogue is told of by some reader, of a made file that holds it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.builders import maker_notes, movie_makers, photos, tiff
from tests.builders import xmp as packets
from tests.builders.planted import Build, planted
from tests.builders.telling import telling
from unexposed.catalogue import KINDS
from unexposed.errors import UnexposedError
from unexposed.exposure import Finding
from unexposed.formats import HEAD, sniff
from unexposed.metadata import Block, read, xmp_kinds
from unexposed.naming import told_by
from unexposed.worker.interpret import findings_in

IN_SIGHT = (
    "content.face.",
    "content.text",
    "content.possible_text",
    "content.code",
    "content.document",
    "content.screenshot",
)
"""How kinds begin that only looking at the picture tells; `tests/vision` shows those."""


@pytest.fixture(scope="module")
def told() -> set[str]:
    """The kinds that made files are told to hold, by all readers together."""
    return {one.kind for one in _found()}


def _found() -> Iterator[Finding]:
    builds: list[Build] = [build for _, _, build in (*planted(), *telling())]
    builds += [lambda made=made: made()[0] for made in movie_makers.MAKERS]
    builds += [photos.phone_photo, photos.phone_png, _with_a_channel]
    for build in builds:
        yield from _in_file(build())
    for make in maker_notes.NOTES:
        yield from read(Block("exif", make()[0], "EXIF", 1))
    for name in (*xmp_kinds.TEXTS, *xmp_kinds.TIMES):
        prefix = name.partition(":")[0]
        if f"xmlns:{prefix}=" in packets.packet().decode():
            yield from read(Block("xmp", packets.packet(f'{name}="2025-04-01"'), "XMP", 1))
    yield from told_by("Ada Lovelace ada@example.org IMG_20250401_182205 1f2e3d4c5b6a79880716.jpg")


def _with_a_channel() -> bytes:
    return tiff.file(tiff.page("RGBA").but(tag_338=tiff.one(tiff.SHORT, 0)))


def _in_file(source: bytes) -> tuple[Finding, ...]:
    container = sniff(source[:HEAD])
    try:
        return findings_in(container.blocks(source, container.dissect(source)))
    except UnexposedError:
        return ()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith(IN_SIGHT)])
def test_a_kind_of_the_catalogue_is_told_of_a_file(told: set[str], kind: str) -> None:
    assert kind in told
