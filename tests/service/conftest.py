from __future__ import annotations

import os
from pathlib import Path

import pytest

from unexposed_service import Definition


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of its own for each test, and none of this machine's settings."""
    folder = tmp_path / "home" / "ada"
    folder.mkdir(parents=True)
    for name in list(os.environ):
        if name.startswith(("XDG_", "UNEXPOSED_")) and name != "XDG_RUNTIME_DIR":
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(folder))
    return folder


@pytest.fixture
def definition(home: Path) -> Definition:
    return Definition(
        command=("/opt/unexposed/bin/unexposed", "run"),
        state=str(home / "state"),
        writable=(str(home / "My Pictures" / "Unexposed"), str(home / "state")),
        watched=("/srv/Downloads", "/srv/To Share"),
        made=("/srv/To Share",),
        memory_mb=1280,
    )


@pytest.fixture
def said() -> list[str]:
    """What the person is told: hand `said.append` to a service manager."""
    return []
