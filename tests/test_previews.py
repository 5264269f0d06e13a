"""Small pictures of clean copies, and what is kept of them."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.builders import photos
from unexposed.previews import _MOST, _SECONDS, Previews
from unexposed.worker import Worker


@pytest.fixture
def worker() -> Iterator[Worker]:
    with Worker() as made:
        yield made


@pytest.fixture
def copy(tmp_path: Path) -> str:
    path = tmp_path / "copy.jpg"
    path.write_bytes(photos.phone_photo())
    return str(path)


def test_one_is_small_and_for_its_owner_alone(tmp_path: Path, copy: str, worker: Worker) -> None:
    made = Path(Previews(tmp_path / "previews").make(copy, worker))
    with Image.open(made) as small:
        assert max(small.size) < 1_000
        assert not small.getexif()
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700


def test_few_are_kept_and_none_for_long(tmp_path: Path, copy: str, worker: Worker) -> None:
    previews = Previews(tmp_path / "previews")
    made = [previews.make(copy, worker) for _ in range(_MOST + 2)]
    assert len(os.listdir(tmp_path / "previews")) == _MOST
    assert os.path.exists(made[-1])
    long_ago = time.time() - _SECONDS - 1
    os.utime(made[-1], (long_ago, long_ago))
    previews.clear_old()
    assert not os.path.exists(made[-1])
    previews.clear()
    assert os.listdir(tmp_path / "previews") == []


def test_what_cannot_be_shown_has_none(tmp_path: Path, worker: Worker) -> None:
    previews = Previews(tmp_path / "previews")
    (tmp_path / "text.jpg").write_text("no picture")
    assert previews.make(str(tmp_path / "text.jpg"), worker) == ""
    assert previews.make(str(tmp_path / "gone.jpg"), worker) == ""
