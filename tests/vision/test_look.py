from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import numpy
import pytest

from tests.builders.fresh import said_by
from unexposed.exposure import KINDS
from unexposed.vision import NEEDED, Seen, detectors, look

BLANK = numpy.full((240, 320, 3), 255, numpy.uint8)


def test_an_outline_becomes_a_box_of_whole_pixels() -> None:
    seen = Seen("content.text", ((10.5, 20.2), (30.0, 24.0), (28.4, 40.9), (9.1, 36.0)), 0.9)
    assert seen.box == (9, 20, 21, 21)


def test_an_empty_picture_shows_nothing() -> None:
    assert look(BLANK, which=list(detectors())) == []


@pytest.mark.parametrize("size", [(1, 1), (1, 4000), (3, 2)])
def test_every_detector_takes_pictures_of_any_size(size: tuple[int, int]) -> None:
    picture = numpy.zeros((*size, 3), numpy.uint8)
    assert all(seen.kind in KINDS for seen in look(picture, which=list(detectors())))


def test_asking_whether_the_extra_is_there_loads_nothing_of_it() -> None:
    script = "import sys, unexposed.vision as v; v.available(); print('numpy' in sys.modules)"
    told = said_by(script)
    assert told.strip() == "False"


def test_the_extra_brings_what_is_needed_and_all_and_make_run_bring_the_extra() -> None:
    root = Path(__file__).parents[2]
    extras = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"][
        "optional-dependencies"
    ]
    brought = {line.split(">")[0] for line in extras["vision"]}
    brings = packages_distributions()
    assert all(set(brings[name]) & brought for name in NEEDED)
    assert "unexposed[vision]" in extras["all"]
    assert "--editable '.[all]'" in (root / "Makefile").read_text("utf-8")


SILENT = """
import os
import numpy
from unexposed.vision import detectors, look
look(numpy.full((300, 400, 3), 255, numpy.uint8), which=list(detectors()))
ends = [os.readlink(f"/proc/self/fd/{one}") for one in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{one}")]
print([one for one in ends if one.startswith("socket:")])
print([one for one in open("/proc/self/maps").read().split() if "libcurl" in one])
"""


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="reads /proc")
def test_looking_opens_no_socket_and_leaves_nothing_in_the_home_folder(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    told = subprocess.run(
        [sys.executable, "-c", SILENT],
        capture_output=True,
        text=True,
        check=True,
        env=environment | {"HOME": str(tmp_path)},
    )
    assert told.stdout.splitlines() == ["[]", "[]"]
    assert list(tmp_path.rglob("*")) == []


LOADING = """
import cv2, sys
read, loaded = cv2.dnn.readNetFromONNX, []
cv2.dnn.readNetFromONNX = lambda model: loaded.append(len(model)) or read(model)
import numpy
from unexposed.vision import detectors, look
detectors()
print(len(loaded))
picture = numpy.full((300, 400, 3), 255, numpy.uint8)
for row in range(100, 112):
    picture[row, 50:350:7] = 0
for _ in range(3):
    look(picture, which=list(detectors()))
    print(len(loaded), len(set(loaded)))
"""


def test_each_network_is_loaded_once_after_the_first_picture() -> None:
    told = said_by(LOADING)
    before, first, *later = told.splitlines()
    assert before == "0"
    count, different = first.split()
    assert int(count) == int(different) > 1
    assert later == [first] * 2


def test_a_worker_without_a_picture_to_search_has_loaded_nothing_of_the_extra() -> None:
    script = (
        "import sys, unexposed.worker.process, unexposed.worker.redact, unexposed.worker.preview\n"
        "print([one for one in ('numpy', 'cv2', 'zxingcpp') if one in sys.modules])"
    )
    told = said_by(script)
    assert told.strip() == "[]"
