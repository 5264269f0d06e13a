"""One canary in every hiding place, looked for in three ways: in the raw bytes, in whatever is
compressed, and by ExifTool."""

from __future__ import annotations

import json
import re
import subprocess
import zlib
from pathlib import Path

import pytest
from PIL import ImageOps, ImageSequence

from tests.builders.contract import pictures
from tests.builders.oracle import exiftool
from tests.builders.plans import cleaned
from tests.builders.planted import CANARY, Build, planted
from unexposed.formats import HEAD, formats, sniff
from unexposed.worker.decode import DECODE_ERRORS, opened

PLANTED = planted()
WORD = CANARY[:6]
TRACE = re.compile(
    b"|".join(
        (
            WORD,
            WORD.decode().encode("utf-16-le"),
            WORD.decode().encode("utf-16-be"),
            b"(?i:%s)" % WORD.hex().encode(),
        )
    )
)


HELD = {"raw"}
"""Formats that are reported and held back: no copy of one can hold anything."""


def holds(data: bytes) -> bool:
    return TRACE.search(data) is not None or any(TRACE.search(one) for one in inflated(data))


def inflated(data: bytes) -> list[bytes]:
    """Whatever can be inflated from anywhere in the data, and is more than chance."""
    found = []
    for start in re.finditer(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08", data):
        stream = zlib.decompressobj(47)
        try:
            found.append(stream.decompress(data[start.start() :], 1 << 20))
        except zlib.error:
            continue
    return found


def copy_of(build: Build) -> bytes:
    source = build()
    return cleaned(source, sniff(source[:HEAD]))


def kept(data: bytes) -> bytes:
    """The bytes that make up the picture, the film, or the drawing."""
    return pictures(data, sniff(data[:HEAD]).dissect(data))


def shown(data: bytes) -> object:
    """What Pillow shows of a picture, the right way up, of an animation all; None where it does not."""
    container = sniff(data[:HEAD])
    if not container.PILLOW:
        return None
    try:
        with opened(data, container.PILLOW) as image:
            frames = [frame.copy() for frame in ImageSequence.Iterator(image)]
    except DECODE_ERRORS:
        return None
    if container.NAME not in ("png", "gif", "webp", "avif"):
        del frames[1:]
    upright = [ImageOps.exif_transpose(one).convert("RGBA") for one in frames]
    return [(one.size, one.tobytes()) for one in upright]


def test_every_format_has_its_places_and_all_of_them_are_many() -> None:
    assert len(PLANTED) >= 180
    kinds = {sniff(build()[:HEAD]).NAME for _, _, build in PLANTED}
    assert kinds == {one.NAME for one in formats()} - HELD


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize(
    "build", [pytest.param(build, id=f"{kind}: {name}") for kind, name, build in PLANTED]
)
def test_no_canary_gets_out(build: Build) -> None:
    source, copy = build(), copy_of(build)
    assert holds(source), "the file holds what is looked for"
    assert not holds(copy)
    assert kept(copy) == kept(source)
    assert (before := shown(source)) is None or shown(copy) == before


def test_exiftool_finds_no_canary_in_any_copy(tmp_path: Path) -> None:
    paths = []
    for number, (kind, _, build) in enumerate(PLANTED):
        paths.append(tmp_path / f"{number}.{kind}")
        paths[-1].write_bytes(copy_of(build))
    listed = tmp_path / "paths"
    listed.write_text("\n".join(map(str, paths)))
    told = subprocess.run(
        [exiftool(), "-j", "-a", "-u", "-ee", "-G1", "-b", "-@", listed],
        capture_output=True,
        check=False,
    ).stdout
    assert len(json.loads(told)) == len(paths)
    assert not TRACE.search(told)
