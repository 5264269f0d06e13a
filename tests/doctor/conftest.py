from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.doctor.patient import Patient
from tests.notify.conftest import bare_desktop, bus_and_screen, desktop

__all__ = ["bare_desktop", "bus_and_screen", "desktop"]


@pytest.fixture(autouse=True)
def no_bus(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's session bus, but where a test has one of its own."""
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)


@pytest.fixture
def patient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Patient:
    """A person's folders and configuration, all of it right."""
    for name in list(os.environ):
        if name.startswith(("XDG_", "UNEXPOSED_")):
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    return Patient(home)
