from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from tests.builders import photos
from unexposed import config
from unexposed.config import Config, Watch
from unexposed.exposure import Outcome, Report
from unexposed.ledger import Entry, Identity, Ledger
from unexposed.outbox import Outbox
from unexposed.pipeline import Task, clean_file, looked_into
from unexposed.policy import Policy
from unexposed.worker import Worker

Done = Callable[[Path], Entry]


@pytest.fixture
def settings(tmp_path: Path) -> Config:
    return msgspec.structs.replace(
        config.defaults(),
        outbox=str(tmp_path / "out"),
        state_dir=str(tmp_path / "state"),
        watch=(Watch(path=str(tmp_path)),),
    )


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo with all that a phone writes, and a thumbnail from before something was covered."""
    path = tmp_path / "IMG_20250401_182205.jpg"
    other = Image.new("RGB", (160, 120), (200, 30, 30))
    path.write_bytes(photos.phone_photo(width=900, height=600, thumbnail=other))
    return path


@pytest.fixture
def ledger(settings: Config) -> Iterator[Ledger]:
    with closing(Ledger(settings.state_path)) as opened:
        yield opened


@pytest.fixture
def clean(settings: Config, ledger: Ledger) -> Done:
    """Clean a file and note it in the ledger, as the daemon does."""

    def done(path: Path) -> Entry:
        outbox = Outbox(settings.outbox_path)
        outbox.prepare()
        with Worker() as worker:
            made = clean_file(Task(path=str(path), policy=Policy()), outbox, worker)
            made = looked_into(made, worker)
        return noted(ledger, path, made.outcome, made.report, copy=made.copy, reason=made.reason)

    return done


def noted(
    ledger: Ledger, path: Path, outcome: Outcome, report: Report | None, **rest: object
) -> Entry:
    """Put the outcome of a file into the ledger."""
    ledger.offer(str(path), str(path.parent), "metadata")
    job = ledger.next(time.time())
    assert job is not None
    identity = Identity.of(os.stat(path)) if path.exists() else Identity(1, 2, 3, 4, 5)
    ledger.finish(job, outcome, identity=identity, report=report, **rest)  # type: ignore[arg-type]
    found = ledger.about(str(path))
    assert found is not None
    return found
