"""What a command loads before it can do anything, which a person waits for each time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders.jpeg import baseline

_FOR_FEW = frozenset(
    {"asyncio", "email", "http", "importlib.metadata", "multiprocessing", "unittest", "xml"}
    | {"logging.handlers", "numpy", "sqlite3", "watchdog"}
)
_NOT_FOR_INSPECTING = _FOR_FEW | {
    "_hashlib",
    "PIL",
    "rich.progress",
    "unexposed.ledger",
    "unexposed.log_file",
    "unexposed.processor",
    "unexposed.vision",
}
_NOT_FOR_CLEANING_ONE = _FOR_FEW - {"sqlite3"} | {
    "PIL",
    "rich.progress",
    "unexposed.processor",
    "unexposed.vision",
}
_NOT_FOR_THE_WORKER = _FOR_FEW | {
    *("PIL.ImageCms", "PIL.ImageDraw", "PIL.ImageFont", "PIL.TiffImagePlugin"),
    *("_hashlib", "cbor2", "cv2", "defusedxml", "pillow_heif", "rich", "click"),
    *("unexposed.worker.redact", "unexposed.worker.reencode", "unexposed.worker.preview"),
}


_RUN = """
import os, sys
from unexposed.cli import main

def tell_and_end(status, end=os._exit):
    print(*sys.modules, sep="\\n", file=sys.stderr, flush=True)
    end(status)

os._exit = tell_and_end
main()
"""
"""Runs a command that tells at its end what it loaded."""
_START = "import sys, unexposed.worker.process\nprint(*sys.modules, sep='\\n', file=sys.stderr)"


def loaded(script: str, *words: str, home: Path) -> set[str]:
    """The modules that a script has loaded at its end."""
    run = subprocess.run(
        [sys.executable, "-P", "-c", script, *words],
        check=True,
        capture_output=True,
        text=True,
        env={"HOME": str(home), "PATH": "/usr/bin:/bin"},
    )
    return set(run.stderr.split())


@pytest.fixture
def picture(tmp_path: Path) -> str:
    path = tmp_path / "one.jpg"
    path.write_bytes(baseline())
    return str(path)


def test_inspecting_a_picture_loads_nothing_that_it_does_without(
    tmp_path: Path, picture: str
) -> None:
    found = loaded(_RUN, "inspect", picture, home=tmp_path)
    assert "unexposed.cli.inspect" in found
    assert not found & _NOT_FOR_INSPECTING
    assert len(found) < 320


def test_cleaning_a_picture_loads_nothing_that_it_does_without(
    tmp_path: Path, picture: str
) -> None:
    out = str(tmp_path / "out")
    found = loaded(_RUN, "clean", "--quick", "--out", out, picture, home=tmp_path)
    assert "unexposed.cli.clean" in found
    assert not found & _NOT_FOR_CLEANING_ONE
    assert len(found) < 330


def test_a_worker_is_ready_before_it_loads_what_few_files_need(tmp_path: Path) -> None:
    found = loaded(_START, home=tmp_path)
    assert "unexposed.worker.clean" in found
    assert not found & _NOT_FOR_THE_WORKER
    assert len(found) < 225
