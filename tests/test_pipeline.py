from __future__ import annotations

import errno
import multiprocessing
import os
import pickle
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from tests.builders import photos
from unexposed.errors import Held
from unexposed.exposure import Level, Outcome, Report, finding
from unexposed.ledger import Ledger
from unexposed.outbox import Outbox, OutboxError
from unexposed.pipeline import (
    Gone,
    NotNow,
    Result,
    Task,
    clean_file,
    looked_into,
    opened,
    with_more,
    work,
)
from unexposed.policy import Policy
from unexposed.worker import Refused, Worker


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


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.EIO, errno.EWOULDBLOCK])
def test_trouble_of_the_moment_is_no_verdict_on_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fail(*_: object, **__: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", fail)
    with pytest.raises(NotNow, match=os.strerror(number)), opened(str(tmp_path / "a.jpg")):
        pass


class Desk:
    """The daemon's jobs done one at a time, with a ledger of their own."""

    def __init__(self, root: Path, outbox: Outbox, worker: Worker, ledger: Ledger) -> None:
        self.inbox = root / "Downloads"
        self.inbox.mkdir()
        self.outbox = outbox
        self.worker = worker
        self.ledger = ledger

    def save(self, name: str = "a.jpg", content: bytes | None = None) -> Path:
        """Write a file anew, as another one under the same name, at another time."""
        path = self.inbox / name
        fresh = path.with_name("fresh")
        fresh.write_bytes(photos.phone_photo() if content is None else content)
        os.rename(fresh, path)
        return path

    def do(self, path: Path) -> Result | None:
        self.ledger.offer(str(path), str(self.inbox), "metadata")
        job = self.ledger.next(time.time())
        assert job is not None
        return work(job, Policy(), self.outbox, self.worker, self.ledger)


@pytest.fixture
def desk(tmp_path: Path, outbox: Outbox, worker: Worker) -> Iterator[Desk]:
    with closing(Ledger(tmp_path / "state")) as ledger:
        yield Desk(tmp_path, outbox, worker, ledger)


def test_a_file_that_could_not_be_opened_is_done_once_it_can(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.save()

    def refuse(*_: object, **__: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        result = desk.do(path)
    assert result is not None
    assert (result.outcome, result.reason) == (
        Outcome.HELD,
        "it cannot be opened: Permission denied",
    )
    path.chmod(0o600)
    result = desk.do(path)
    assert result is not None
    assert result.outcome is Outcome.CLEANED


def test_a_file_whose_worker_crashed_is_tried_again_when_it_is_saved_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash = Refused("crashed", "reading it made the worker crash (SIGSEGV)")
    with monkeypatch.context() as patch:
        patch.setattr(desk.worker, "run", lambda *_: crash)
        result = desk.do(desk.save())
    assert result is not None
    assert (result.outcome, result.reason) == (Outcome.HELD, crash.reason)
    result = desk.do(desk.save())
    assert result is not None
    assert result.outcome is Outcome.CLEANED


def test_a_damaged_file_that_is_saved_again_is_not_tried_again(desk: Desk) -> None:
    broken = photos.phone_photo()[:300]
    result = desk.do(desk.save(content=broken))
    assert result is not None
    assert result.outcome is Outcome.HELD
    assert desk.do(desk.save(content=broken)) is None


def test_a_file_saved_again_after_its_copy_was_taken_away_has_another(desk: Desk) -> None:
    desk.do(desk.save())
    assert desk.do(desk.save()) is None, "while its copy stands there is nothing to do"
    (desk.outbox.root / "a.jpg").unlink()
    result = desk.do(desk.save())
    assert result is not None
    assert result.outcome is Outcome.CLEANED
    assert os.listdir(desk.outbox.root) == ["a.jpg"]


def test_new_rights_or_a_new_name_make_no_copy_of_one_that_was_taken_away(desk: Desk) -> None:
    path = desk.save()
    desk.do(path)
    (desk.outbox.root / "a.jpg").unlink()
    path.chmod(0o640)
    assert desk.do(path) is None
    os.rename(path, path.with_name("b.jpg"))
    assert desk.do(path.with_name("b.jpg")) is None
    assert os.listdir(desk.outbox.root) == []


def test_copies_in_an_outbox_of_earlier_are_not_cleaned_again(desk: Desk) -> None:
    desk.outbox = Outbox(desk.inbox / "Clean")
    desk.outbox.prepare()
    desk.do(desk.save())
    desk.outbox = Outbox(desk.inbox / "Cleaner")
    desk.outbox.prepare()
    copy = desk.inbox / "Clean" / "a.jpg"
    result = desk.do(copy)
    assert result is not None
    assert (result.outcome, result.copy) == (Outcome.SKIPPED, None)
    assert desk.ledger.known(str(copy), copy.stat()), "so that no rescan offers it again"
    assert os.listdir(desk.outbox.root) == []


def test_a_full_outbox_is_the_outboxs_trouble(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.worker, "run", lambda *_: Refused("full", "no space is left"))
    with pytest.raises(OutboxError, match="no space"):
        desk.do(desk.save())


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


def test_a_thumbnail_that_stands_in_two_places_is_told_once_when_it_was_looked_at() -> None:
    both = "EXIF thumbnail, Photoshop thumbnail"
    report = Report(
        format="jpeg",
        bytes_total=1,
        findings=(
            finding("content.thumbnail", both, "160 by 96 pixels, 1,725 bytes"),
            finding("content.thumbnail", "JFIF thumbnail", "8 by 6 pixels, 144 bytes"),
        ),
    )
    differs = "160 by 96 pixels, differs from the picture"
    seen = [
        finding("content.thumbnail", where, differs, level=Level.HIGH) for where in both.split(", ")
    ]
    more = with_more(Result(outcome=Outcome.INSPECTED, report=report), seen).report
    assert more is not None
    assert [(one.where, one.value) for one in more.findings] == [
        (both, differs),
        ("JFIF thumbnail", "8 by 6 pixels, 144 bytes"),
    ]
