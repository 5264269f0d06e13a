"""The real files that tests may be tried on, and ExifTool as a second opinion."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import warnings
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus"


@pytest.fixture(scope="session")
def corpus() -> list[Path]:
    """Every real file with an Exif block that Pillow hands out."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real files is not here")
    return sorted(CORPUS.rglob("*.jp*g"))


@pytest.fixture(scope="session")
def exif_blocks(corpus: list[Path]) -> dict[Path, bytes]:
    """The Exif block of each real file, without its prefix."""
    found = {}
    for path in corpus:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                with Image.open(path) as image:
                    block = image.info.get("exif", b"").removeprefix(b"Exif\0\0")
            except (OSError, SyntaxError):
                continue
        if block:
            found[path] = block
    assert len(found) > 50
    return found


@pytest.fixture(scope="session")
def exiftool(exif_blocks: dict[Path, bytes]) -> dict[Path, dict[str, Any]]:
    """What ExifTool reads from each real file, as text: "IFD0:Make" and so on."""
    program = shutil.which("exiftool")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("exiftool is not installed")
        pytest.skip("exiftool is not installed")
    paths = list(exif_blocks)
    command = [program, "-json", "-n", "-a", "-G1", *map(str, paths)]
    answer = subprocess.run(command, capture_output=True, check=False)
    return dict(zip(paths, json.loads(answer.stdout, parse_float=str, parse_int=str), strict=True))
