from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import photos
from unexposed.bulk import Cleaning, Crew, Files, Finished, Inspecting, doing
from unexposed.exposure import Outcome
from unexposed.ledger import Copies, Made
from unexposed.outbox import Outbox
from unexposed.pipeline import inspect_file
from unexposed.policy import Policy
from unexposed.worker import Worker


class Place:
    """A folder of photos, an outbox, a ledger, and one worker for all runs over them."""

    def __init__(self, root: Path, worker: Worker) -> None:
        self.root = root
        self.photos = root / "photos"
        self.photos.mkdir()
        self.outbox = Outbox(root / "Unexposed")
        self.outbox.prepare()
        self.worker = worker

    def put(self, name: str, content: bytes | None = None) -> Path:
        path = self.photos / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(photos.phone_photo() if content is None else content)
        return path

    def run(self, policy: Policy = Policy(), *, again: bool = False) -> list[Finished]:  # noqa: B008
        copies = Copies(self.root / "state")
        try:
            clean = Cleaning(policy, self.outbox, copies, again=again)
            return [clean(found, self.worker) for found in Files([str(self.photos)])]
        finally:
            copies.close()

    def copies(self) -> list[str]:
        found = self.outbox.root.rglob("*")
        return sorted(str(one.relative_to(self.outbox.root)) for one in found if one.is_file())


@pytest.fixture
def place(tmp_path: Path, worker: Worker) -> Place:
    return Place(tmp_path, worker)


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker() as started:
        yield started


def before(finished: list[Finished]) -> list[bool]:
    return [one.before for one in finished]


def test_a_second_run_passes_over_what_is_done_and_tells_the_same(place: Place) -> None:
    place.put("a.jpg")
    place.put("trip/a.jpg")
    first, second = place.run(), place.run()
    assert (before(first), before(second)) == ([False, False], [True, True])
    for earlier, later in zip(first, second, strict=True):
        assert earlier.result.report is not None
        assert later.result.report is not None
        assert later.result.outcome is Outcome.CLEANED
        assert later.result.copy == earlier.result.copy
        assert later.result.report.findings == earlier.result.report.findings
    assert place.copies() == ["a-2.jpg", "a.jpg"]


def test_when_asked_to_it_does_all_again_in_the_same_places(place: Place) -> None:
    place.put("a.jpg")
    place.put("trip/a.jpg")
    first = [one.result.copy for one in place.run()]
    again = place.run(again=True)
    assert before(again) == [False, False]
    for earlier, later in zip(first, again, strict=True):
        assert earlier is not None
        assert later.result.copy is not None
        assert (later.result.copy.path, earlier.stands()) == (earlier.path, False)
    assert place.copies() == ["a-2.jpg", "a.jpg"]


def test_a_file_that_changed_is_done_again_in_its_place(place: Place) -> None:
    place.put("a.jpg")
    place.run()
    place.put("a.jpg", photos.phone_photo(seed=2))
    assert before(place.run()) == [False]
    assert before(place.run()) == [True]
    assert place.copies() == ["a.jpg"]


def test_a_copy_that_is_gone_is_made_again(place: Place) -> None:
    place.put("a.jpg")
    place.run()
    os.unlink(place.outbox.root / "a.jpg")
    assert before(place.run()) == [False]
    assert place.copies() == ["a.jpg"]


def test_other_rules_or_another_version_do_it_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.put("a.jpg")
    place.run()
    assert before(place.run(Policy(verify="decode"))) == [False]
    assert before(place.run(Policy(verify="decode"))) == [True]
    monkeypatch.setattr(doing, "__version__", "99")
    assert before(place.run(Policy(verify="decode"))) == [False]
    assert place.copies() == ["a.jpg"]


def test_what_was_held_back_is_tried_again(place: Place) -> None:
    place.put("broken.jpg", photos.phone_photo()[:300])
    for _ in range(2):
        (one,) = place.run()
        assert (one.result.outcome, one.before, one.went_wrong) == (Outcome.HELD, False, True)


def test_what_needed_no_copy_is_known_too(place: Place) -> None:
    place.put("plain.jpg", photos.encoded(photos.scene()))
    policy = Policy(copy="when-exposed")
    first, second = place.run(policy), place.run(policy)
    assert [one.result.outcome for one in (*first, *second)] == [Outcome.SKIPPED] * 2
    assert (before(first), before(second)) == ([False], [True])
    assert second[0].result.report is not None


def test_a_copy_that_a_crash_cut_off_from_its_report_is_made_again_in_its_place(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_: Copies, __: Made) -> None:
        return

    place.put("a.jpg")
    with monkeypatch.context() as patch:
        patch.setattr(Copies, "finish", crash)
        place.run()
    assert before(place.run()) == [False]
    assert place.copies() == ["a.jpg"]


def test_sub_folders_are_kept_where_the_policy_says_so(place: Place) -> None:
    place.put("a.jpg")
    place.put("trip/deep/a.jpg")
    place.run(Policy(folders="mirror"))
    assert place.copies() == ["a.jpg", "trip/deep/a.jpg"]


def test_what_is_no_picture_is_empty_or_vanished_is_passed_over(place: Place) -> None:
    place.put("notes.txt", b"notes")
    place.put("__init__.py", b"")
    assert [one.passed_over for one in place.run()] == [True, True]
    found = list(Files([str(place.photos)]))
    os.unlink(place.photos / "notes.txt")
    inspect = Inspecting(Policy())
    assert [inspect(one, place.worker).passed_over for one in found] == [True, True]


def test_a_fault_costs_one_file_and_says_nothing_of_its_content(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        place.put(name)

    def faulty(path: str, policy: Policy, worker: Worker) -> object:
        if path.endswith("b.jpg"):
            raise ValueError("the secret")
        return inspect_file(path, policy, worker)

    monkeypatch.setattr(doing, "inspect_file", faulty)
    inspect = Inspecting(Policy())
    results = [inspect(one, place.worker).result for one in Files([str(place.photos)])]
    assert [one.outcome.value for one in results] == ["inspected", "failed", "inspected"]
    assert re.fullmatch(
        r"a fault of unexposed itself \(ValueError in test_doing\.py, line \d+\); please report it",
        results[1].reason,
    )


def test_without_a_ledger_all_is_done_each_time(place: Place) -> None:
    place.put("a.jpg")
    clean = Cleaning(Policy(), place.outbox)
    for _ in range(2):
        (found,) = Files([str(place.photos)])
        assert not clean(found, place.worker).before
    assert place.copies() == ["a-2.jpg", "a.jpg"]


def test_two_workers_make_the_same_copies_as_one(place: Place, tmp_path: Path) -> None:
    for number in range(24):
        place.put(f"{number % 3}/{number}.jpg", photos.phone_photo(seed=number))
    files = Files([str(place.photos)])
    made: list[dict[str, bytes]] = []
    for jobs in (1, 2):
        outbox = Outbox(tmp_path / f"by {jobs}")
        outbox.prepare()
        with Crew(files, Cleaning(Policy(), outbox), Worker, jobs=jobs) as crew:
            assert {one.result.outcome for one in crew} == {Outcome.CLEANED}
        made.append({one.name: one.read_bytes() for one in outbox.root.iterdir()})
    assert made[0] == made[1]
    assert len(made[0]) == 24
