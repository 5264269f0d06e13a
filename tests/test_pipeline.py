from __future__ import annotations

import multiprocessing
import os
import pickle
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import msgspec
import pytest

from tests.builders import photos
from unexposed.errors import Held
from unexposed.exposure import Outcome
from unexposed.outbox import Outbox
from unexposed.pipeline import Gone, NotNow, Result, Task, clean_file, looked_into, opened
from unexposed.policy import Policy
from unexposed.worker import Worker


@pytest.fixture
def worker() -> Iterator[Worker]:
    with Worker() as started:
        yield started


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    made = Outbox(tmp_path / "Unexposed")
    made.prepare()
    return made


def task(path: Path, **rules: object) -> Task:
    return Task(path=str(path), policy=Policy(**rules))  # type: ignore[arg-type]


def meddling(outbox: Outbox, action: Callable[[], None]) -> Outbox:
    """An outbox at whose draft something happens to the source, as if while it was read."""

    class Meddling(Outbox):
        def draft(self):  # type: ignore[no-untyped-def]
            action()
            return super().draft()

    return Meddling(outbox.root)


def test_the_name_follows_the_policy(tmp_path: Path, outbox: Outbox, worker: Worker) -> None:
    path = tmp_path / "IMG_20250401_182205 beach.jpg"
    path.write_bytes(photos.phone_photo())
    names = []
    for rule in ("keep", "scrub", "replace"):
        result = clean_file(task(path, names=rule), outbox, worker)
        assert result.copy is not None
        names.append(os.path.basename(result.copy.path))
    assert names == ["IMG_20250401_182205 beach.jpg", "beach.jpg", "photo-1.jpg"]


def test_the_content_decides_the_ending(tmp_path: Path, outbox: Outbox, worker: Worker) -> None:
    path = tmp_path / "shot.jpg"
    path.write_bytes(photos.phone_png())
    result = clean_file(task(path), outbox, worker)
    assert result.copy is not None
    assert os.path.basename(result.copy.path) == "shot.png"


def test_a_file_that_changes_while_it_is_read_is_not_published(
    tmp_path: Path, outbox: Outbox, worker: Worker
) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(photos.phone_photo())

    def change() -> None:
        with path.open("ab") as more:
            more.write(b"and more")

    with pytest.raises(NotNow, match="changed while it was read"):
        clean_file(task(path), meddling(outbox, change), worker)
    assert os.listdir(outbox.root) == []


def test_a_file_that_is_deleted_while_it_is_read_is_not_published(
    tmp_path: Path, outbox: Outbox, worker: Worker
) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(photos.phone_photo())
    with pytest.raises(Gone):
        clean_file(task(path), meddling(outbox, path.unlink), worker)
    assert os.listdir(outbox.root) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_another_try_and_no_verdict(tmp_path: Path, worker: Worker) -> None:
    source = tmp_path / "a.jpg"
    source.write_bytes(photos.phone_photo())
    given, full = os.open(source, os.O_RDONLY), os.open("/dev/full", os.O_RDWR)
    reply = worker.run(Policy(), given, full)
    os.close(given)
    os.close(full)
    assert getattr(reply, "kind", None) == "full"


def test_links_pipes_and_folders_are_held_back_without_waiting(tmp_path: Path) -> None:
    (tmp_path / "real.jpg").write_bytes(b"x")
    (tmp_path / "link.jpg").symlink_to(tmp_path / "real.jpg")
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "folder.jpg").mkdir()
    for name, reason in (
        ("link.jpg", "symbolic link"),
        ("pipe.jpg", "not a regular file"),
        ("folder.jpg", "not a regular file"),
    ):
        with pytest.raises(Held, match=reason), opened(str(tmp_path / name)):
            pass
    with pytest.raises(Gone), opened(str(tmp_path / "nothing.jpg")):
        pass


def test_an_unreadable_file_is_held_back(tmp_path: Path, outbox: Outbox, worker: Worker) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(photos.phone_photo())
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    result = clean_file(task(path), outbox, worker)
    assert result.outcome is Outcome.HELD
    assert "Permission denied" in result.reason


def test_nothing_of_the_files_surroundings_is_carried_over(
    tmp_path: Path, outbox: Outbox, worker: Worker
) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(photos.phone_photo())
    try:
        os.setxattr(path, "user.xdg.origin.url", b"https://example.com/private")
    except OSError as problem:
        pytest.skip(f"no extended attributes here: {problem}")
    result = clean_file(task(path), outbox, worker)
    assert result.copy is not None
    assert result.report is not None
    told = [one for one in result.report.findings if one.kind == "history.origin"]
    assert [(one.value, one.removed) for one in told] == [("https://example.com/private", True)]
    assert "user.xdg.origin.url" not in os.listxattr(result.copy.path)


@pytest.mark.parametrize(("names", "removed"), [("keep", False), ("scrub", True)])
def test_what_the_name_tells_is_reported_and_whether_the_copy_tells_it_still(
    tmp_path: Path, outbox: Outbox, worker: Worker, names: str, removed: bool
) -> None:
    path = tmp_path / "IMG_20250401_182205.jpg"
    path.write_bytes(photos.phone_photo())
    result = clean_file(task(path, names=names), outbox, worker)
    assert result.report is not None
    told = {one.kind: one.removed for one in result.report.findings if one.where == "file name"}
    assert told == {"name.time": removed, "name.device": removed}


def test_a_copy_is_replaced_only_where_todays_rules_would_put_it(
    tmp_path: Path, outbox: Outbox, worker: Worker
) -> None:
    path = tmp_path / "IMG_20250401_182205 beach.jpg"
    path.write_bytes(photos.phone_photo())
    told = clean_file(task(path), outbox, worker).copy
    assert told is not None

    def again(**rules: object) -> str:
        anew = msgspec.structs.replace(task(path, **rules), replaces=told)
        copy = clean_file(anew, outbox, worker).copy
        assert copy is not None
        return os.path.basename(copy.path)

    assert again(names="scrub") == "beach.jpg"
    assert again(names="keep") == "IMG_20250401_182205 beach.jpg"
    assert sorted(os.listdir(outbox.root)) == ["IMG_20250401_182205 beach.jpg", "beach.jpg"]


def cleaned_elsewhere(task: Task, root: Path) -> Result:
    """What another machine would do with a task; at the top of a module, so that it can be sent."""
    with Worker() as own:
        return looked_into(clean_file(task, Outbox(root), own), own)


def test_a_file_can_be_cleaned_in_another_process_to_the_same_bytes(
    tmp_path: Path, outbox: Outbox, worker: Worker
) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(photos.phone_photo(thumbnail=photos.scene(160, 120)))
    here = looked_into(clean_file(task(path), outbox, worker), worker)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        there = pool.submit(cleaned_elsewhere, task(path), outbox.root).result()
    assert here.copy is not None
    assert there.copy is not None
    assert here.copy.path != there.copy.path
    assert Path(here.copy.path).read_bytes() == Path(there.copy.path).read_bytes()
    assert here.report is not None
    assert there.report is not None
    assert (here.report.findings, here.digest) == (there.report.findings, there.digest)
    assert pickle.loads(pickle.dumps(here)) == here


def test_two_at_once_never_share_a_name(tmp_path: Path, outbox: Outbox) -> None:
    paths = []
    for number in range(6):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "a.jpg").write_bytes(photos.phone_photo(seed=number))
        paths.append(folder / "a.jpg")

    def clean(some: list[Path]) -> None:
        with Worker() as own:
            for path in some:
                clean_file(task(path), outbox, own)

    threads = [threading.Thread(target=clean, args=(paths[half::2],)) for half in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(os.listdir(outbox.root)) == sorted(
        ["a.jpg", *(f"a-{number}.jpg" for number in range(2, 7))]
    )
