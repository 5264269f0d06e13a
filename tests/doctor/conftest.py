from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.doctor.patient import Patient
from tests.notify.conftest import bare_desktop, bus_and_screen, desktop

__all__ = ["bare_desktop", "bus_and_screen", "desktop"]

ALONE = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c")
"""A room in which a person is root: file systems and limits of one's own."""


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


@pytest.fixture
def ordinary(patient: Patient) -> Sequence[str]:
    """What to put before a command that is to be bound by permissions."""
    if os.geteuid():
        return ()
    if subprocess.run(["setpriv", "--version"], capture_output=True, check=False).returncode:
        pytest.skip("setpriv is not installed")
    return ("setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-all")


@pytest.fixture
def room() -> Sequence[str]:
    if subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode:
        pytest.skip("user namespaces cannot be made here")
    return ALONE
