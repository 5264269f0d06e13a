"""Programs by others, as a second opinion on what a file still tells and shows."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from PIL import Image

_NOTHING_OF_THE_FILE = {"ExifTool", "System", "File", "Composite"}


def program(name: str) -> str:
    """A program's path; without it the test is skipped, or fails where nothing may be missing."""
    found = shutil.which(name)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"{name} is not installed")
    return found


def exiftool() -> str:
    """ExifTool's path, or the end of the test as above."""
    return program("exiftool")


def told(files: Iterable[bytes], folder: Path) -> set[str]:
    """The tags that ExifTool finds in any of the files, as "Group:Tag"."""
    paths = []
    for number, data in enumerate(files):
        path = folder / f"{number}"
        path.write_bytes(data)
        paths.append(path)
    run = subprocess.run(
        [exiftool(), "-j", "-a", "-u", "-G1", "-s", *paths], capture_output=True, check=True
    )
    tags = {tag for one in json.loads(run.stdout) for tag in one if ":" in tag}
    return {tag for tag in tags if tag.split(":")[0] not in _NOTHING_OF_THE_FILE} | {
        tag for tag in tags if tag.startswith("ExifTool:") and tag != "ExifTool:ExifToolVersion"
    }


def drawn(data: bytes) -> bytes:
    """The pixels that rsvg-convert makes of a drawing."""
    run = subprocess.run(
        [program("rsvg-convert"), "--zoom", "4"], input=data, capture_output=True, check=True
    )
    with Image.open(io.BytesIO(run.stdout)) as image:
        return image.convert("RGBA").tobytes()
