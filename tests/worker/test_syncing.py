from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest

from tests.builders import photos
from unexposed.errors import VerificationFailed
from unexposed.policy import Policy
from unexposed.worker import clean, syncing
from unexposed.worker.clean import examine, taken_in, write_clean
from unexposed.worker.syncing import Syncing

LARGE = 16 << 20


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What was asked of the disk: the descriptors that were synced."""
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    return synced


def failing(_: int) -> None:
    raise OSError(errno.EIO, "Input/output error")


def test_a_large_copy_is_on_the_disk_at_the_end_of_the_block(disk: list[int]) -> None:
    with Syncing(7, LARGE) as at_it:
        at_it.written()
    assert disk == [7]


def test_the_disk_is_at_work_while_more_is_being_written(
    disk: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()

    def sync(descriptor: int) -> None:
        disk.append(descriptor)
        begun.set()

    monkeypatch.setattr(os, "fsync", sync)
    with Syncing(7, LARGE) as at_it:
        assert begun.wait(20)
        before = len(disk)
        at_it.written()
    assert len(disk) > before


def test_a_small_copy_is_left_to_whoever_publishes_it(disk: list[int]) -> None:
    with Syncing(7, LARGE - 1) as at_it:
        at_it.written()
    assert disk == []


def test_what_the_disk_does_not_take_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(OSError, match="Input/output error"), Syncing(7, LARGE) as at_it:
        at_it.written()


def test_what_went_wrong_in_the_block_is_told_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(VerificationFailed), Syncing(7, LARGE):
        raise VerificationFailed("the copy differs")


@pytest.mark.parametrize("keep", [(), ("copyright",)])
def test_a_copy_that_the_disk_does_not_take_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep: tuple[str, ...]
) -> None:
    monkeypatch.setattr(syncing, "_LARGE", 0)
    monkeypatch.setattr(os, "fsync", failing)
    path = tmp_path / "a.jpg"
    path.write_bytes(photos.phone_photo())
    with (
        path.open("rb") as source,
        (tmp_path / "copy").open("w+b") as output,
        taken_in(source.fileno()) as buffer,
        pytest.raises(OSError, match="Input/output"),
    ):
        write_clean(examine(buffer), buffer, source.fileno(), output.fileno(), Policy(keep=keep))


def test_a_large_file_is_mapped_and_a_small_one_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"0123456789")
    for limit, kind in ((10, bytes), (9, clean.mmap.mmap)):
        monkeypatch.setattr(clean, "_SMALL", limit)
        with path.open("rb") as file, taken_in(file.fileno()) as content:
            assert isinstance(content, kind)
            assert content[:] == b"0123456789"


def test_a_file_that_comes_in_small_pieces_is_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = os.pread
    monkeypatch.setattr(os, "pread", lambda file, size, at: read(file, min(size, 3), at))
    path = tmp_path / "a"
    path.write_bytes(b"0123456789")
    with path.open("rb") as file, taken_in(file.fileno()) as content:
        assert content == b"0123456789"
