"""Every real file at hand goes through the command that a person would use."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageOps, ImageSequence
from pillow_heif import register_heif_opener

from tests.builders.corpus import CORPUS
from tests.builders.oracle import exiftool, program

register_heif_opener()

TELLING = re.compile(
    r"GPS|Latitude|Longitude|Date|Make\b|Model|Serial|Software|Artist|Author|Creator|Copyright|Owner"
    r"|By-?line|Caption|Comment|Description|Keyword|City|Country|Thumbnail|Preview|MakerNote|Trailer"
    r"|History|DocumentID|Software|Lens|HostComputer|UserComment|XPTitle|Rights|Photoshop|Motion"
)
ABOUT_THE_PICTURE = re.compile(
    r"^(File|System|ExifTool|Composite|ICC[-_\w]*):|:(MIMEType|ModelTransform|GPSProcessing"
    r"|ProfileDescription|ColorSpace|GraphicsMode|MatrixStructure|SampleGroupDescription"
    r"|PreviewDuration|PreviewTime)$"
)
OF_BROKEN_FILES = "bmpsuite__b__"
OF_PROGRAMS = re.compile(r"Error|Exception|Errno|Traceback| object at |0x[0-9a-f]|None")
"""What no reason that a person is told should have in it."""
NOTHING = {"", "0000:00:00 00:00:00"}


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What `unexposed clean --json` says of each file of the corpus."""
    if not CORPUS.is_dir():
        pytest.skip("no ../shared/corpus beside the project")
    return _clean(tmp_path_factory.mktemp("home"), str(CORPUS))


def copies(cleaned: list[dict[str, Any]]) -> list[str]:
    return [one["output"] for one in cleaned if one["outcome"] == "cleaned"]


def test_every_file_is_cleaned_or_held_back_with_a_reason(cleaned: list[dict[str, Any]]) -> None:
    outcomes = Counter(one["outcome"] for one in cleaned)
    assert set(outcomes) <= {"cleaned", "held"}, [
        one for one in cleaned if one["outcome"] not in ("cleaned", "held")
    ]
    for one in cleaned:
        if one["outcome"] == "held":
            assert one["reason"].startswith(("it ", "its ")), one
            assert not OF_PROGRAMS.search(one["reason"]), one
    assert all(os.path.exists(path) for path in copies(cleaned))


def test_hardly_any_file_that_can_be_shown_is_held_back(cleaned: list[dict[str, Any]]) -> None:
    readable = [one for one in cleaned if _is_readable(one["path"])]
    held = [one for one in readable if one["outcome"] == "held"]
    assert len(readable) > 150
    assert len(held) < 0.03 * len(readable), held


def test_every_copy_shows_what_its_original_shows(cleaned: list[dict[str, Any]]) -> None:
    for one in cleaned:
        if one["outcome"] == "cleaned" and (before := _shown(one["path"])) is not None:
            assert _shown(one["output"]) == before, one["path"]


def test_every_film_plays_as_its_original_does(cleaned: list[dict[str, Any]]) -> None:
    films = [one for one in cleaned if one["path"].endswith((".mp4", ".mov"))]
    assert films
    for one in films:
        assert _played(one["output"]) == _played(one["path"]), one["path"]


def _played(path: str) -> list[bytes]:
    """A hash of each frame of picture and sound, as ffmpeg decodes it."""
    run = [program("ffmpeg"), "-v", "error", "-i", path, "-map", "0:v?", "-map", "0:a?"]
    ran = subprocess.run([*run, "-f", "framemd5", "-"], capture_output=True, check=True)
    hashes = [line for line in ran.stdout.splitlines() if not line.startswith(b"#")]
    assert hashes
    return hashes


def test_exiftool_reads_nothing_telling_in_any_copy(cleaned: list[dict[str, Any]]) -> None:
    ran = subprocess.run(
        [exiftool(), "-j", "-a", "-u", "-ee", "-G1", "-s", *copies(cleaned)],
        capture_output=True,
        check=False,
    )
    assert len(json.loads(ran.stdout)) == len(copies(cleaned))
    told = [
        (os.path.basename(one["SourceFile"]), tag, value)
        for one in json.loads(ran.stdout)
        for tag, value in one.items()
        if TELLING.search(tag.partition(":")[2])
        and not ABOUT_THE_PICTURE.search(tag)
        and str(value) not in NOTHING
    ]
    assert told == []


def test_cleaning_the_copies_changes_nothing(cleaned: list[dict[str, Any]], tmp_path: Path) -> None:
    again = _clean(tmp_path, *copies(cleaned))
    assert len(again) == len(copies(cleaned))
    for one in again:
        assert one["outcome"] == "cleaned", one
        assert Path(one["output"]).read_bytes() == Path(one["path"]).read_bytes(), one["path"]


def _is_readable(path: str) -> bool:
    """Whether a viewer shows all of it; not where its own suite says that it is broken."""
    if path.endswith((".mp4", ".mov")):
        return True
    try:
        with Image.open(path) as image:
            for frame in ImageSequence.Iterator(image):
                frame.load()
    except Exception:
        return False
    return OF_BROKEN_FILES not in path


def _shown(path: str) -> tuple[object, ...] | None:
    """What a viewer shows, the right way up, as Pillow decodes it; None where it does not."""
    try:
        with Image.open(path) as image:
            upright = ImageOps.exif_transpose(image)
            return upright.mode, upright.size, upright.tobytes()
    except Exception:
        return None


def _clean(home: Path, *paths: str) -> list[dict[str, Any]]:
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "unexposed",
            "clean",
            "--quick",
            "--json",
            "--out",
            home / "out",
            *paths,
        ],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"HOME": str(home), "XDG_STATE_HOME": str(home / "state")},
    )
    assert ran.returncode in (0, 1), ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]
