"""Where log lines go, and what never stands in them."""

from __future__ import annotations

import logging
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from unexposed import logs

SPEAKING = """\
import logging, os, sys
from pathlib import Path
from unexposed import logs
if os.environ.get("ours"):
    found = os.fstat(2)
    os.environ["JOURNAL_STREAM"] = f"{found.st_dev}:{found.st_ino}"
logs.set_up(verbose=True)
log = logging.getLogger("unexposed")
log.debug("a detail")
log.info("as it should be")
log.warning("odd")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("bad")
"""


def spoken(**environment: str) -> list[str]:
    ended = subprocess.run(
        [sys.executable, "-c", SPEAKING],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stderr.splitlines()


def test_the_journal_gets_levels_and_no_times() -> None:
    lines = spoken(ours="yes")
    assert lines[:4] == ["<7>a detail", "<6>as it should be", "<4>odd", "<3>bad"]
    assert len(lines) > 5, "the traceback"
    assert all(line.startswith("<3>") for line in lines[3:])


def test_anything_but_the_journal_gets_times_and_no_levels() -> None:
    """The variable is passed on to whatever a service starts, so that it alone says nothing."""
    detail, *_ = spoken(JOURNAL_STREAM="8:15")
    assert time.strptime(detail, "%H:%M:%S a detail")


@pytest.fixture
def root_logger() -> Iterator[logging.Logger]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield root
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_file_is_for_its_owner_alone_and_does_not_grow_without_end(
    root_logger: logging.Logger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "_MAX_BYTES", 2_000)
    path = tmp_path / "state" / "service.log"
    path.parent.mkdir()
    path.write_text("what the manager caught\n" * 200)
    path.chmod(0o644)
    logs.into_file(path)
    root_logger.setLevel(logging.INFO)
    for number in range(500):
        root_logger.info("line %d of caf\udce9", number)
    written = sorted(path.parent.iterdir())
    assert [one.name for one in written] == ["service.log", "service.log.1", "service.log.2"]
    assert all(one.stat().st_size <= 2_000 for one in written)
    assert {stat.S_IMODE(one.stat().st_mode) for one in written} == {0o600}
    assert path.read_text().endswith("line 499 of caf\\udce9\n")


def test_where_no_file_can_be_made_the_lines_go_where_they_went(
    root_logger: logging.Logger, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "state").touch()
    before = root_logger.handlers[:]
    logs.into_file(tmp_path / "state" / "service.log")
    assert root_logger.handlers == before
    assert "cannot be written: " in caplog.text
