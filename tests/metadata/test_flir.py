"""FLIR's block beside a thermal picture."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from unexposed.metadata import Block, read


def flir() -> bytes:
    camera = bytearray(0x390)
    camera[0:2] = b"\2\0"
    camera[0xD4:0xDC] = b"FLIR ONE"
    camera[0x104:0x10F] = b"T06L1T00177"
    struct.pack_into("<IIh", camera, 0x384, 1_621_193_256, 107, 420)
    place = struct.pack("<I4s4s4sddf", 1, b"", b"N\0W\0", b"", 34.075426, 118.254268, 90.0)
    picture = struct.pack("<3H", 3, 1080, 1440) + bytes(26) + b"\xff\xd8\xff"
    records = [(0x20, bytes(camera)), (0x2B, place + bytes(80)), (0x0E, picture)]
    table, data, start = b"", b"", 64 + 32 * len(records)
    for kind, record in records:
        table += struct.pack(">HHIIII", kind, 1, 100, 1, start + len(data), len(record)) + bytes(12)
        data += record
    head = b"FFF\0" + bytes(16) + struct.pack(">3I", 101, 64, len(records))
    return head.ljust(64, b"\0") + table + data


def values(payload: bytes) -> dict[str, str]:
    return {one.kind: one.value for one in read(Block("flir", payload, "APP1", len(payload)))}


def test_camera_place_time_and_the_visible_picture_are_told() -> None:
    found = values(flir())
    assert found.pop("hidden.metadata").startswith("thermal data")
    assert found == {
        "device.model": "FLIR ONE",
        "device.serial": "T06L1T00177",
        "time.taken": "2021-05-16 12:27:36.107-07:00",
        "location.gps": "34.07543, -118.25427",
        "content.second_picture": "1080 by 1440 pixels, 3 bytes",
    }


@given(st.integers(0, len(flir()) - 1))
def test_every_cut_is_said(end: int) -> None:
    assert "hidden.damaged" in values(flir()[:end])


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8))
def test_flipped_bytes_are_survived(changes: list[tuple[float, int]]) -> None:
    damaged = bytearray(flir())
    for place, value in changes:
        damaged[int(place * (len(damaged) - 1))] = value
    assert values(bytes(damaged))
