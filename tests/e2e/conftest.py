from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.home import Home
from tests.notify.conftest import bare_desktop, bus_and_screen, desktop

__all__ = ["bare_desktop", "bus_and_screen", "desktop"]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path / "home")
    yield made
    if made.process is not None:
        made.process.kill()
        made.process.wait()
