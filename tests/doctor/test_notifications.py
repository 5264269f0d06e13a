from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.doctor.patient import Patient
from tests.notify.desktop import Desktop
from unexposed.doctor import State, notifications
from unexposed.notify import centre

FINE, ATTENTION, WRONG, UNKNOWN = State.FINE, State.ATTENTION, State.WRONG, State.UNKNOWN


def test_a_notification_arrives_and_the_server_is_named(patient: Patient, desktop: Desktop) -> None:
    found = patient.one(notifications.look, notify=True)
    assert found.state is FINE
    assert found.what.startswith("dunst 1")
    assert "buttons" in found.what
    (arrived,) = desktop.arrived(1)
    assert arrived.title == "unexposed doctor"


def test_quiet_asks_the_server_and_shows_nothing(patient: Patient, desktop: Desktop) -> None:
    assert patient.told()["notifications"].state is FINE
    assert desktop.arrived(0) == []


@pytest.mark.usefixtures("bare_desktop")
def test_a_desktop_without_a_notification_server_is_wrong(patient: Patient) -> None:
    found = patient.one(notifications.look, notify=True)
    assert found.state is WRONG
    assert "enabled = false" in found.advice
    patient.write("[notifications]\nenabled = false")
    assert patient.one(notifications.look).state is FINE


def test_without_a_session_bus_nothing_is_known(patient: Patient) -> None:
    assert patient.one(notifications.look, notify=True).state is UNKNOWN


def test_on_macos_the_notification_centre_is_asked(
    patient: Patient, desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("desktop_notifier")
    monkeypatch.setattr(sys, "platform", "darwin")
    found = patient.one(notifications.look, notify=True)
    assert found.state is FINE
    assert found.what.startswith("the notification centre shows them, with buttons")
    assert desktop.arrived(1)[0].title == "unexposed doctor"


def test_on_macos_what_the_centre_does_not_take_is_told_and_shown_without_buttons(
    patient: Patient, desktop: Desktop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    refusing = tmp_path / "refusing.py"
    refusing.write_text('print(\'["unable", 0, "the settings do not allow any"]\')')
    monkeypatch.setattr(centre, "_PROGRAM", refusing)
    monkeypatch.setattr(sys, "platform", "darwin")
    by_centre, by_plyer = patient.looked(notifications.look, notify=True)
    assert by_centre.state is ATTENTION
    assert by_centre.what.endswith("none with buttons: the settings do not allow any")
    assert "docs/macos.md" in by_centre.advice
    assert by_plyer.state is FINE
    assert desktop.arrived(1)[0].title == "unexposed doctor"
