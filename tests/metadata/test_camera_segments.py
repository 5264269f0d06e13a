"""What old cameras keep in blocks of their own: Canon's CIFF, and settings in words."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from unexposed.metadata import Block, read


def heap(*entries: tuple[int, bytes], start: int = 14) -> bytes:
    """A CIFF block; a value of eight bytes or fewer under a tag with 0x4000 stands in its entry."""
    values, table = b"", struct.pack("<H", len(entries))
    for tag, value in entries:
        if tag & 0x4000:
            table += struct.pack("<H", tag) + value.ljust(8, b"\0")
        else:
            table += struct.pack("<HII", tag, len(value), len(values))
            values += value
    head = b"II" + struct.pack("<I", start) + b"HEAPJPGM"
    return head + values + table + struct.pack("<I", len(values))


def values(payload: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in read(Block("segment", payload, "APP0", len(payload), "APP0 II")):
        found.setdefault(one.kind, []).append(one.value)
    return found


CANON = heap(
    (0x080A, b"Canon\0Canon PowerShot A5\0"),
    (0x0810, b"Ada Lovelace\0\0\0\0"),
    (0x080B, b"Firmware Version 01.00\0"),
    (0x580B, struct.pack("<I", 12_345)),
    (0x580E, struct.pack("<I", 972_687_386)),
)


def test_the_owner_of_an_old_canon_is_told() -> None:
    assert values(CANON) == {
        "device.model": ["Canon PowerShot A5"],
        "device.owner": ["Ada Lovelace"],
        "device.software": ["Firmware Version 01.00"],
        "device.serial": ["0000012345"],
        "time.taken": ["2000-10-27 22:56:26"],
        "hidden.metadata": [f"Canon's notes, {len(CANON)} bytes"],
    }


def test_an_old_canon_tells_of_folders_and_files_what_each_is() -> None:
    block = heap(
        (0x0815, b"AUT:Full automatic mode\0"),
        (0x0816, b"C:\\DC97\\CTG_0156\\AUT_7808.JPG\0"),
        (0x0817, b"THM_7808.JPG\0"),
    )
    assert values(block) == {
        "hidden.metadata": [f"Canon's notes, {len(block)} bytes", "AUT:Full automatic mode"],
        "location.file_path": ["C:\\DC97\\CTG_0156\\AUT_7808.JPG"],
        "history.documents": ["THM_7808.JPG"],
    }


def test_a_heap_without_its_directory_is_told_as_damaged() -> None:
    assert values(CANON[:60])["hidden.damaged"] == ["Canon's notes cannot be read in full"]


def test_settings_in_words_tell_time_and_number() -> None:
    words = b"OLYMPUS\0[picture info]\r\nTimeDate=909698819\r\nType=SR55\r\nSerial#=A77\r\n"
    assert values(words) == {
        "time.taken": ["1998-10-29 22:06:59"],
        "device.model": ["SR55"],
        "device.serial": ["A77"],
        "hidden.metadata": [f"camera settings, {len(words)} bytes"],
    }


@given(st.integers(14, len(CANON) - 1))
def test_every_cut_is_said(end: int) -> None:
    assert "hidden.damaged" in values(CANON[:end])


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=6), st.floats(0, 1))
def test_whatever_arrives_is_told(changes: list[tuple[float, int]], end: float) -> None:
    damaged = bytearray(CANON)
    for place, value in changes:
        damaged[int(place * (len(damaged) - 1))] = value
    assert values(bytes(damaged[: int(end * len(damaged))]))
