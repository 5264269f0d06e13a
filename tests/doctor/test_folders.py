from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.doctor.patient import Patient, in_a_room
from unexposed.doctor import State, folders, outbox

FINE, ATTENTION, WRONG = State.FINE, State.ATTENTION, State.WRONG


def test_a_watched_folder_is_told_with_its_policy(patient: Patient) -> None:
    found = patient.one(folders.look)
    assert (found.state, found.what) == (FINE, f"{patient.downloads}: policy metadata")


def test_a_folder_that_is_missing_is_waited_for_or_made(patient: Patient) -> None:
    patient.downloads.rmdir()
    assert patient.one(folders.look).state is ATTENTION
    patient.write(watch="create = true")
    assert patient.one(folders.look).state is FINE


def test_a_folder_that_is_a_file_is_wrong(patient: Patient) -> None:
    patient.downloads.rmdir()
    patient.downloads.write_text("x")
    found = patient.one(folders.look)
    assert found.state is WRONG
    assert "a file, not a folder" in found.what


def test_a_folder_that_may_not_be_read_or_made_is_wrong(
    patient: Patient, ordinary: Sequence[str]
) -> None:
    patient.downloads.chmod(0)
    name = "watched folder"
    found = patient.told(before=ordinary)[name]
    assert found.state is WRONG
    assert "Permission denied" in found.what
    patient.downloads.rmdir()
    patient.write(watch="create = true")
    patient.home.chmod(0o500)
    try:
        assert patient.told(before=ordinary)[name].state is WRONG
    finally:
        patient.home.chmod(0o700)


def test_folders_within_each_other_and_the_outbox_in_one_are_told(patient: Patient) -> None:
    inner = patient.downloads / "inner"
    inner.mkdir()
    patient.outbox = patient.downloads / "Unexposed"
    patient.write(watch=f'[[watch]]\npath = "{inner}"\npolicy = "strict"')
    outer, deeper = patient.looked(folders.look)
    assert (outer.state, deeper.state) == (FINE, FINE)
    assert "the outbox in it is passed over" in outer.what
    assert f"it lies in {patient.downloads}" in deeper.what


def test_one_folder_at_two_places_needs_a_look(patient: Patient, room: Sequence[str]) -> None:
    again = patient.home / "again"
    again.mkdir()
    patient.write(watch=f'[[watch]]\npath = "{again}"')
    bound = in_a_room(room, f'mount --bind "{patient.downloads}" "{again}"')
    found = patient.told(before=bound)["watched folder"]
    assert found.state is ATTENTION
    assert f"the very folder {patient.downloads}" in found.what


def test_a_folder_that_others_write_to_is_known_by_its_file_system(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    table = tmp_path / "mountinfo"
    place = str(patient.downloads).replace(" ", "\\040")
    table.write_text(
        "1 0 8:1 / / rw shared:1 - ext4 /dev/sda1 rw\n"
        f"2 1 0:50 / {place} rw,relatime shared:2 - nfs4 server:/x rw\n"
    )
    monkeypatch.setattr("unexposed.doctor.mounts._MOUNTS", table)
    found = patient.one(folders.look)
    assert found.state is ATTENTION
    assert "nfs4" in found.what
    assert patient.one(outbox.look).state is FINE
