"""`unexposed clean` with a policy that covers, as a real process: nothing skips the covering."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from tests.builders import photos
from unexposed.bulk import Files
from unexposed.cli import files as module
from unexposed.config import Vision, defaults
from unexposed.vision import available

pytestmark = pytest.mark.skipif(
    not available() and os.environ.get("CI") != "true",
    reason="the extra `vision` is not installed",
)

CODE = (200, 100, 398, 298)
"""Left, top, right and bottom of where the code is drawn."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A picture with a code, and a policy that covers codes."""
    from tests.builders.codes import EIGHT_KINDS, code

    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "UNEXPOSED_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    picture = Image.new("RGB", (640, 480), "white")
    picture.paste(Image.fromarray(code(*EIGHT_KINDS["QR"], 6)).convert("RGB"), CODE[:2])
    (tmp_path / "a.png").write_bytes(photos.encoded(picture, "PNG"))
    configure(tmp_path, enabled=True)
    return tmp_path


def configure(folder: Path, *, enabled: bool) -> None:
    (folder / "config.toml").write_text(
        f'state_dir = "{folder / "state"}"\n[vision]\nenabled = {str(enabled).lower()}\n'
        '[policy.street]\ncodes = "cover"\n'
    )


def clean(folder: Path, *options: str, **environment: str) -> tuple[int, dict[str, object]]:
    """The exit status, and what is told of the picture."""
    ended = subprocess.run(
        [sys.executable, "-m", "unexposed", "clean", "--config", "config.toml", "--policy", "street",
         "--out", "out", "--json", *options, "a.png"],
        capture_output=True, text=True, cwd=folder, timeout=60, check=False,
        env=os.environ | environment,
    )  # fmt: skip
    return ended.returncode, json.loads(ended.stdout)


@pytest.mark.parametrize("enabled", [True, False], ids=["vision", "vision off"])
@pytest.mark.parametrize("options", [(), ("--quick",)], ids=["", "quick"])
def test_a_policy_that_covers_covers(
    folder: Path, options: tuple[str, ...], *, enabled: bool
) -> None:
    from unexposed.vision.codes import detect

    configure(folder, enabled=enabled)
    status, told = clean(folder, *options)
    assert (status, told["outcome"]) == (0, "cleaned")
    findings = told["findings"]
    assert isinstance(findings, list)
    assert [(one["kind"], one["removed"]) for one in findings if "code" in one["kind"]] == [
        ("content.code.link", True)
    ]
    with Image.open(folder / "out" / "a.png") as copy:
        import numpy

        assert detect(numpy.asarray(copy.convert("RGB"))) == []
        assert copy.convert("RGB").getpixel((10, 10)) == (255, 255, 255)
        middle = (CODE[0] + CODE[2]) // 2, (CODE[1] + CODE[3]) // 2
        assert copy.convert("RGB").crop((*middle, middle[0] + 40, middle[1] + 40)).getcolors() == [
            (1600, (0, 0, 0))
        ]


@pytest.fixture
def bare(folder: Path) -> Path:
    """The same where the extra is not installed."""
    (folder / "sitecustomize.py").write_text(
        "import importlib.util\nfound = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *rest: None if name == 'zxingcpp' else found(name, *rest)\n"
    )
    return folder


@pytest.mark.parametrize("options", [(), ("--quick",)], ids=["", "quick"])
def test_without_the_extra_it_is_held_back_and_nothing_written(
    bare: Path, options: tuple[str, ...]
) -> None:
    status, told = clean(bare, *options, PYTHONPATH=str(bare))
    assert (status, told["outcome"], told["output"]) == (1, "held", None)
    assert "pip install 'unexposed[vision]'" in str(told["reason"])
    assert list((bare / "out").iterdir()) == []


@pytest.mark.parametrize("name", ["metadata", "strict"])
def test_without_the_extra_everything_else_works(bare: Path, name: str) -> None:
    source = photos.phone_photo(thumbnail=photos.scene(160, 120))
    (bare / "a.png").write_bytes(source)
    status, told = clean(bare, "--policy", name, PYTHONPATH=str(bare))
    assert (status, told["outcome"]) == (0, "cleaned")
    findings = told["findings"]
    assert isinstance(findings, list)
    assert {"location.gps", "content.thumbnail"} <= {one["kind"] for one in findings}
    assert "160 by 120 pixels, shows the picture" in {one["value"] for one in findings}


@pytest.mark.parametrize(
    ("sight", "looks", "covers", "searching"),
    [(1, True, False, True), (1, False, False, False), (1, False, True, True), (0, True, True, True)],
)  # fmt: skip
def test_workers_that_cover_have_the_room_that_it_takes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, sight: int, looks: bool, covers: bool,
    searching: bool,
) -> None:  # fmt: skip
    asked: list[bool] = []
    monkeypatch.setattr(module, "usual_jobs", lambda *, searching: asked.append(searching) or 1)
    config = defaults()
    config = msgspec.structs.replace(config, vision=Vision(enabled=sight > 0))
    module.workers(config, Files([str(tmp_path)]), None, looks=looks, covers=covers)
    assert asked == [searching]
