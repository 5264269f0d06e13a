from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of its own for each test, and none of this machine's settings."""
    folder = tmp_path / "home" / "ada"
    folder.mkdir(parents=True)
    for name in list(os.environ):
        if name.startswith(("XDG_", "LC_", "UNEXPOSED_")) or name in {"LANG", "LANGUAGE"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(folder))
    return folder
