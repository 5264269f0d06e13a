from __future__ import annotations

import os
from collections.abc import Sequence

from tests.doctor.patient import Patient, in_a_room
from unexposed.doctor import State, outbox

FINE, ATTENTION, WRONG = State.FINE, State.ATTENTION, State.WRONG


def test_an_outbox_takes_a_copy_and_keeps_nothing_of_the_try(patient: Patient) -> None:
    found = patient.one(outbox.look)
    assert found.state is FINE
    assert "takes copies" in found.what
    assert os.listdir(patient.outbox) == []


def test_an_outbox_that_cannot_be_written_or_made_is_wrong(
    patient: Patient, ordinary: Sequence[str]
) -> None:
    patient.outbox.chmod(0o500)
    found = patient.told(before=ordinary)["outbox"]
    assert found.state is WRONG
    assert "Permission denied" in found.what
    patient.outbox.rmdir()
    patient.home.chmod(0o500)
    try:
        assert patient.told(before=ordinary)["outbox"].state is WRONG
    finally:
        patient.home.chmod(0o700)
    assert patient.one(outbox.look).state is FINE, "it can be made again"


def test_a_full_disk_is_wrong_and_a_small_one_needs_a_look(
    patient: Patient, room: Sequence[str]
) -> None:
    for size, state in (("8m", WRONG), ("500m", ATTENTION)):
        small = in_a_room(room, f'mount -t tmpfs -o size={size} none "{patient.outbox}"')
        told = patient.doctor("--quiet", "--json", before=small).stdout
        assert f'"name":"free space","state":"{state.value}"' in told.replace('": ', '":').replace(
            ', "', ',"'
        )


def test_a_disk_without_room_for_another_file_is_wrong(
    patient: Patient, room: Sequence[str]
) -> None:
    small = in_a_room(
        room,
        f'mount -t tmpfs -o size=2g,nr_inodes=2 none "{patient.outbox}" && touch "{patient.outbox}/x"',
    )
    told = patient.doctor("--quiet", before=small).stdout
    assert "wrong      free space: no further file fits" in told
