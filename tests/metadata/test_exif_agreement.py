"""Real files: what is read from them is what ExifTool and Pillow read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from unexposed.metadata import Block, exif, read
from unexposed.metadata.legible import legible
from unexposed.metadata.times import moment

DISAGREEMENTS: dict[tuple[str, str], str] = {
    (
        "jpg__WWL_Polaroid_ION230.jpg",
        "IFD0:Model",
    ): "ExifTool stops at the first NUL; what stands behind it is told here",
}
"""(file, ExifTool's tag) -> why the two readings differ."""

TEXTS = {
    "IFD0:Software": "device.software",
    "IFD0:HostComputer": "device.host",
    "IFD0:Artist": "person.author",
    "ExifIFD:SerialNumber": "device.serial",
    "ExifIFD:BodySerialNumber": "device.serial",
    "ExifIFD:LensSerialNumber": "device.lens_serial",
    "ExifIFD:OwnerName": "device.owner",
    "ExifIFD:ImageUniqueID": "device.unique_id",
}


def told(block: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in read(Block("exif", block, "EXIF", len(block))):
        found.setdefault(one.kind, []).append(one.value)
    return found


def test_places_agree_with_exiftool(
    exif_blocks: dict[Path, bytes], exiftool: dict[Path, dict[str, Any]]
) -> None:
    compared = 0
    for path, block in exif_blocks.items():
        theirs = exiftool[path]
        latitude, longitude = (
            theirs.get("Composite:GPSLatitude"),
            theirs.get("Composite:GPSLongitude"),
        )
        # Composite tags stand for all groups; only those made of Exif's own GPS count.
        if not latitude or not longitude or "GPS:GPSLatitude" not in theirs:
            continue
        (ours,) = told(block)["location.gps"]
        assert [float(n) for n in ours.split(", ")] == pytest.approx(
            [float(latitude), float(longitude)], abs=1e-5
        ), path.name
        compared += 1
    assert compared > 8


def test_times_agree_with_exiftool(
    exif_blocks: dict[Path, bytes], exiftool: dict[Path, dict[str, Any]]
) -> None:
    compared = 0
    for path, block in exif_blocks.items():
        theirs = moment(legible(str(exiftool[path].get("ExifIFD:DateTimeOriginal", ""))))
        if not theirs or (path.name, "ExifIFD:DateTimeOriginal") in DISAGREEMENTS:
            continue
        assert any(ours.startswith(theirs) for ours in told(block)["time.taken"]), path.name
        compared += 1
    assert compared > 50


def test_makes_and_models_agree_with_exiftool(
    exif_blocks: dict[Path, bytes], exiftool: dict[Path, dict[str, Any]]
) -> None:
    compared = 0
    for path, block in exif_blocks.items():
        model = legible(str(exiftool[path].get("IFD0:Model", "")))
        make = legible(str(exiftool[path].get("IFD0:Make", "")))
        if not model or (path.name, "IFD0:Model") in DISAGREEMENTS:
            continue
        ours = told(block)["device.model"][0]
        assert ours.endswith(model), path.name
        assert (
            not make
            or make.split()[0].casefold() in ours.casefold()
            or any(word.casefold() in ours.casefold() for word in make.split())
        ), path.name
        compared += 1
    assert compared > 50


@pytest.mark.parametrize("tag", TEXTS)
def test_texts_agree_with_exiftool(
    tag: str, exif_blocks: dict[Path, bytes], exiftool: dict[Path, dict[str, Any]]
) -> None:
    for path, block in exif_blocks.items():
        theirs = exiftool[path].get(tag)
        # ExifTool shows several values of one tag as a list.
        wanted = [legible(v) for v in (theirs if isinstance(theirs, list) else [theirs or ""])]
        if not any(wanted) or (path.name, tag) in DISAGREEMENTS:
            continue
        ours = told(block).get(TEXTS[tag], [])
        assert set(filter(None, wanted)) <= set(ours), path.name


def test_orientations_agree_with_pillow(exif_blocks: dict[Path, bytes]) -> None:
    turned = 0
    for path, block in exif_blocks.items():
        loaded = Image.Exif()
        loaded.load(b"Exif\0\0" + block)
        theirs = loaded.get(0x0112, 1)
        ours = exif.orientation(block)
        assert ours == (theirs if theirs in range(1, 9) else 1), path.name
        turned += ours != 1
    assert turned > 10
