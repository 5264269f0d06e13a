from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.builders import photos
from unexposed import clock, pipeline, previews
from unexposed import lane as laning
from unexposed import looker as looking
from unexposed import processor as module
from unexposed.config import Config, History, Vision, Watch, defaults
from unexposed.exposure import Outcome
from unexposed.lane import Lane
from unexposed.ledger import Entry, Ledger, LedgerError
from unexposed.pipeline import Result
from unexposed.policy import Policy
from unexposed.previews import Previews
from unexposed.processor import Processor
from unexposed.wording import Notice
from unexposed.worker import Aborted, WorkerUnavailable

WITH_A_THUMBNAIL = photos.phone_photo(thumbnail=photos.scene(160, 120))


class Post:
    """A processor without its thread: its steps are taken one by one, by the test."""

    def __init__(self, root: Path, ledger: Ledger) -> None:
        self.downloads = root / "Downloads"
        self.downloads.mkdir()
        self.outbox = root / "Unexposed"
        self.ledger = ledger
        self.told: list[Notice] = []
        config: Config = msgspec.structs.replace(
            defaults(),
            outbox=str(self.outbox),
            state_dir=str(root / "state"),
            watch=(Watch(path=str(self.downloads)),),
            vision=Vision(enabled=False),
        )
        self.processor = Processor(config, ledger, self.told.append)
        for lane in self.processor._lanes:
            lane.rest = lambda _: None  # type: ignore[method-assign]

    def drop(self, name: str, content: bytes | None = None) -> Path:
        path = self.downloads / name
        path.write_bytes(photos.phone_photo() if content is None else content)
        self.ledger.offer(str(path), str(self.downloads), "metadata")
        return path

    def step(self) -> None:
        """One turn of each thread's loop, without the pause after a fault."""
        for lane in self.processor._lanes:
            try:
                lane.step()
            except Exception as problem:
                lane.fail(problem)
        with suppress(Exception):
            self.processor._looker.step(0)

    def copies(self) -> list[str]:
        return sorted(os.listdir(self.outbox)) if self.outbox.is_dir() else []


@pytest.fixture
def post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    with closing(Ledger(tmp_path / "state")) as ledger:
        made = Post(tmp_path, ledger)
        monkeypatch.setattr(module, "_RETRY", dict.fromkeys(module._RETRY, 0.0))
        monkeypatch.setattr(laning, "_TROUBLE", 0.0)
        monkeypatch.setattr(laning, "_LEDGER_RETRY", 0.0)
        yield made
        for lane in made.processor._lanes:
            lane.worker.stop()
        made.processor._looker.worker.stop()


@pytest.fixture
def street(post: Post) -> Path:
    """A second folder that is watched, with a policy that covers codes."""
    folder = post.downloads.parent / "Street"
    folder.mkdir()
    config = post.processor._settings[0]
    covering = msgspec.structs.replace(
        config,
        watch=(*config.watch, Watch(path=str(folder), policy="street")),
        policy={**config.policy, "street": Policy(codes="cover")},
    )
    post.processor.use(covering)
    return folder


def failing(method: Callable[..., Any], *problems: Exception) -> Callable[..., Any]:
    """A method that raises these, one at each call, before it works."""
    coming = list(problems)

    def call(*arguments: Any, **named: Any) -> Any:
        if coming:
            raise coming.pop(0)
        return method(*arguments, **named)

    return call


def test_a_notification_shows_the_clean_copy_and_never_the_original(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(Previews, "make", lambda _, copy, __: shown.append(copy) or "a preview")
    post.drop("a.jpg")
    post.step()
    post.drop("held.jpg", photos.phone_photo()[:300])
    post.step()
    assert shown == [str(post.outbox / "a.jpg")]
    assert [one.preview for one in post.told] == ["a preview", ""]


def test_a_file_that_waits_to_be_covered_costs_no_other_its_small_picture(
    post: Post, street: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Previews, "make", lambda *_: "a preview")
    offer(post, street / "covered.jpg", photos.phone_photo())
    for name in ("a.jpg", "b.jpg"):
        post.drop(name)
    for _ in range(2):
        post.processor._cleaning.step()
    assert [one.preview for one in post.told] == ["", "a preview"], "the first is one of a burst"


@pytest.mark.parametrize("problem", [Aborted("stopped"), RuntimeError("a fault")])
def test_what_goes_wrong_after_a_job_is_done_does_not_undo_it(
    post: Post, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    monkeypatch.setattr(looking, "looked_at", failing(looking.looked_at, problem))
    post.drop("a.jpg", WITH_A_THUMBNAIL)
    for _ in range(3):
        post.step()
    assert post.copies() == ["a.jpg"]
    assert post.ledger.counts() == {"cleaned": 1}
    assert [one.outcome for one in post.told] == [Outcome.CLEANED]
    assert post.processor.wait_until_idle(0)


def test_a_ledger_that_does_not_take_what_was_seen_keeps_no_word_from_a_person(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post.ledger, "amend", failing(post.ledger.amend, LedgerError("locked")))
    post.drop("a.jpg", WITH_A_THUMBNAIL)
    post.step()
    [notice] = post.told
    assert notice.report is not None
    assert any("shows the picture" in one.value for one in notice.report.findings)


def test_a_picture_that_comes_while_another_is_told_of_is_one_to_wait_for(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    looker = post.processor._looker
    idle: list[bool] = []
    told = looker._done

    def done(pending: looking.Pending, looked: Result) -> None:
        if not idle:
            looker.add(pending)
        idle.append(looker.wait_until_idle(0))
        told(pending, looked)

    monkeypatch.setattr(looker, "_done", done)
    post.drop("a.jpg", WITH_A_THUMBNAIL)
    post.step()
    assert not looker.wait_until_idle(0), "the second is still to be looked at"
    post.step()
    assert idle == [False, False], "the one that is told of is not through, either"
    assert looker.wait_until_idle(0)


def test_what_was_forgotten_before_it_was_looked_at_stays_forgotten(
    post: Post, tmp_path: Path
) -> None:
    path = post.drop("a.jpg", WITH_A_THUMBNAIL)
    post.processor._cleaning.step()
    post.ledger.forget(str(path))
    post.processor._looker.step(0)
    assert [one.outcome for one in post.told] == [Outcome.CLEANED]
    assert (
        post.ledger._rows("SELECT 1 FROM jobs WHERE report IS NOT NULL OR level IS NOT NULL") == []
    )


def test_what_was_seen_in_the_second_look_is_told_and_kept(post: Post) -> None:
    post.drop("a.jpg", WITH_A_THUMBNAIL)
    post.step()
    [notice] = post.told
    [entry] = post.ledger.history(1, current=True)
    for report in (notice.report, entry.report):
        assert report is not None
        assert [one.value for one in report.findings if one.kind == "content.thumbnail"] == [
            "160 by 120 pixels, shows the picture"
        ]


def test_no_copy_and_no_word_waits_for_the_looks_at_a_burst(post: Post) -> None:
    look = post.processor._looker.step
    post.processor._looker.step = lambda _: None  # type: ignore[method-assign]
    for number in range(8):
        small = photos.scene(160, 120, seed=number)
        post.drop(f"{number}.jpg", photos.phone_photo(seed=number, thumbnail=small))
        post.step()
    assert len(post.copies()) == 8
    assert len(post.told) == 4, "those beyond the fourth are told of at once"
    waiting = [one.result.report for one in post.processor._looker._waiting.queue if one]
    assert [one is None for one in waiting] == [False] * 4 + [True] * 4, "thousands take little"
    for _ in range(8):
        look(0)
    assert len(post.told) == 8
    post.step()
    assert post.processor.wait_until_idle(0)
    told = [one.report.findings for one in post.ledger.history(9, current=True) if one.report]
    assert all(any("shows the picture" in each.value for each in findings) for findings in told)


def test_what_a_stop_keeps_from_being_looked_at_is_told_of(post: Post) -> None:
    post.processor._looker.step = lambda _: None  # type: ignore[method-assign]
    post.drop("a.jpg", WITH_A_THUMBNAIL)
    post.step()
    assert post.told == []
    post.processor._looker.stop()
    assert [one.outcome for one in post.told] == [Outcome.CLEANED]


def test_a_stop_does_not_wait_for_a_locked_ledger_to_tell_of_what_was_not_looked_at(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.processor._looker.step = lambda _: None  # type: ignore[method-assign]
    post.drop("a.jpg", WITH_A_THUMBNAIL)
    post.step()
    asked: list[object] = []
    monkeypatch.setattr(post.ledger, "_rows", lambda *what: asked.append(what) or [])
    monkeypatch.setattr(post.ledger, "_transaction", asked.append)
    post.processor.stop()
    assert [one.outcome for one in post.told] == [Outcome.CLEANED]
    assert asked == []


def test_a_stop_does_not_wait_for_a_picture_to_look_at(post: Post) -> None:
    looker = post.processor._looker
    looker.start()
    looker.stop()
    assert not looker._thread.is_alive(), "it has ended, and was not given up"


@pytest.mark.parametrize("failures", [1, 3])
def test_a_ledger_that_fails_once_the_copy_appeared_makes_no_second_copy(
    post: Post, monkeypatch: pytest.MonkeyPatch, failures: int
) -> None:
    full = LedgerError("the disk is full")
    monkeypatch.setattr(post.ledger, "finish", failing(post.ledger.finish, full))
    monkeypatch.setattr(post.ledger, "settle", failing(post.ledger.settle, *[full] * failures))
    post.drop("a.jpg")
    for _ in range(failures + 3):
        post.step()
    assert post.copies() == ["a.jpg"]
    assert post.ledger.counts() == {"cleaned": 1}


def test_a_job_is_taken_up_again_once_the_ledger_can_be_written(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = LedgerError("the disk is full")
    monkeypatch.setattr(post.ledger, "publishing", failing(post.ledger.publishing, full))
    monkeypatch.setattr(post.ledger, "settle", failing(post.ledger.settle, full, full))
    post.drop("a.jpg")
    for _ in range(4):
        post.step()
    assert post.copies() == ["a.jpg"]
    assert post.ledger.counts() == {"cleaned": 1}


def test_a_fault_is_logged_once_and_not_every_second(
    post: Post, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "work", failing(module.work, *[RuntimeError("a fault")] * 5))
    post.drop("a.jpg")
    for _ in range(5):
        post.step()
    assert [one.levelname for one in caplog.records] == ["ERROR"]
    post.step()
    assert post.copies() == ["a.jpg"]


def test_an_outbox_that_was_removed_is_made_anew_at_once(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_RETRY", dict.fromkeys(module._RETRY, 50.0))
    post.drop("a.jpg")
    post.step()
    (post.outbox / "a.jpg").unlink()
    post.outbox.rmdir()
    post.drop("b.jpg", photos.phone_photo(seed=2))
    post.step()
    post.step()
    assert post.copies() == ["b.jpg"]


def test_an_outbox_that_cannot_be_used_is_told_of_once_and_all_wait_for_it(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.outbox.write_text("a file")
    post.drop("a.jpg")
    post.drop("b.jpg", photos.phone_photo(seed=2))
    for _ in range(4):
        post.step()
    assert [one.outcome for one in post.told] == [Outcome.WAITING]
    assert "cannot be used" in post.told[0].reason
    monkeypatch.setattr(module, "_RETRY", dict.fromkeys(module._RETRY, 50.0))
    post.step()
    post.step()
    assert post.ledger.next(time.time()) is None, "the second waits for the same, untried"
    waiting = post.ledger.held_up(9)
    assert [os.path.basename(one.path) for one in waiting] == ["a.jpg", "b.jpg"]
    assert all("cannot be used" in one.reason for one in waiting)


def test_a_worker_that_cannot_start_holds_no_file_back(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = WorkerUnavailable("the worker cannot be started: half an update")
    worker = post.processor._cleaning.worker
    monkeypatch.setattr(worker, "run", failing(worker.run, gone, gone))
    post.drop("a.jpg")
    for _ in range(3):
        post.step()
    assert post.ledger.counts() == {"cleaned": 1}
    assert [one.outcome for one in post.told] == [Outcome.WAITING, Outcome.CLEANED]


def test_an_outbox_that_fails_after_the_copy_appeared_makes_no_second_copy(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    syncs = failing(lambda _: None, OSError(5, "Input/output error"))
    monkeypatch.setattr("unexposed.outbox._sync_folder", syncs)
    post.drop("a.jpg")
    for _ in range(3):
        post.step()
    assert post.copies() == ["a.jpg"]
    assert post.ledger.counts() == {"cleaned": 1}


def test_it_is_not_idle_while_a_job_is_at_hand(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    idle: list[bool] = []

    def work(*_: object) -> Result | None:
        idle.append(post.processor.wait_until_idle(0))
        return None

    monkeypatch.setattr(module, "work", work)
    post.step()
    assert post.processor.wait_until_idle(0)
    post.drop("a.jpg")
    post.step()
    assert idle == [False]


def test_a_wait_is_never_as_long_as_a_clock_that_was_set_back(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float | None] = []
    monkeypatch.setattr(laning, "_TROUBLE", 60.0)
    lane = post.processor._cleaning
    monkeypatch.setattr(lane._wake, "wait", waits.append)
    monkeypatch.setattr(post.ledger, "waiting", lambda _: time.time() + 86_400)
    Lane.rest(lane, 0.0)
    assert waits == [60.0]


def test_small_pictures_do_not_stay_because_nothing_happens(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float | None] = []
    lane = post.processor._cleaning
    monkeypatch.setattr(lane._wake, "wait", waits.append)
    Lane.rest(lane, 0.0)
    assert waits == [pytest.approx(previews._SECONDS)]


def test_a_job_that_takes_longer_than_any_can_is_no_progress(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work, go_on = threading.Event(), threading.Event()

    def work(*_: object) -> Result | None:
        at_work.set()
        go_on.wait(10)
        return None

    monkeypatch.setattr(module, "work", work)
    post.drop("a.jpg")
    post.processor.start()
    assert at_work.wait(10)
    assert post.processor.goes_on()
    monkeypatch.setattr(laning, "_SLOWEST", -3 * post.processor._cleaning.worker.patience)
    assert not post.processor.goes_on()
    monkeypatch.setattr(post.processor._cleaning.worker, "_heard", time.monotonic() + 60)
    assert post.processor.goes_on(), "its worker just said that it goes on"
    monkeypatch.setattr(post.processor._cleaning.worker, "_heard", 0.0)
    assert not post.processor.goes_on()
    go_on.set()
    assert post.processor.wait_until_idle(10)
    assert post.processor.goes_on()
    post.processor.stop()
    assert not post.processor.goes_on()


def test_a_stop_waits_but_once_for_lanes_that_do_not_end(
    post: Post, street: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work, go_on = threading.Semaphore(0), threading.Event()

    def work(*_: object) -> Result | None:
        at_work.release()
        go_on.wait(30)
        return None

    given_up = threading.Semaphore(0)
    monkeypatch.setattr(module, "work", work)
    for lane in post.processor._lanes:
        monkeypatch.setattr(lane.worker, "abort", given_up.release)
    post.drop("a.jpg")
    offer(post, street / "covered.jpg", photos.phone_photo())
    post.processor.start()
    assert all(at_work.acquire(timeout=10) for _ in range(2))
    begun = time.monotonic()
    try:
        post.processor.stop()
        took = time.monotonic() - begun
    finally:
        go_on.set()
    assert all(given_up.acquire(timeout=0) for _ in range(2))
    assert took < module._PATIENCE + 2 * module._GRACE + 0.5


def keep_copies(post: Post, days: float) -> None:
    config, _, _ = post.processor._settings
    post.processor.use(msgspec.structs.replace(config, keep_copies_days=days))


def let_pass(monkeypatch: pytest.MonkeyPatch, *, days: float, asleep: bool = True) -> None:
    """Have time pass, or with `asleep` False only the clock be set."""
    now, up = time.time() + days * 86_400, clock.since_boot() + days * 86_400 * asleep
    monkeypatch.setattr(time, "time", lambda: now)
    monkeypatch.setattr(clock, "since_boot", lambda: up)


def test_a_clock_that_is_set_ahead_removes_no_copy(
    post: Post, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    post.drop("a.jpg")
    keep_copies(post, 7.0)
    post.step()
    post.step()
    let_pass(monkeypatch, days=10 * 365, asleep=False)
    keep_copies(post, 7.0)
    post.step()
    post.step()
    assert post.copies() == ["a.jpg"]
    assert caplog.messages.count("the clock was set; for a day nothing is removed for its age") == 1
    entry = post.ledger.history(1)[0]
    assert entry.report is not None, "nor is its report forgotten"
    let_pass(monkeypatch, days=2)
    keep_copies(post, 7.0)
    post.step()
    assert post.copies() == [], "if it stays so for a day, it is believed"


def test_what_was_done_before_the_clock_was_set_has_no_known_age(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    let_pass(monkeypatch, days=-now / 86_400, asleep=False)
    post.drop("a.jpg")
    keep_copies(post, 7.0)
    post.step()
    post.step()
    let_pass(monkeypatch, days=now / 86_400, asleep=False)
    post.step()
    let_pass(monkeypatch, days=30)
    keep_copies(post, 7.0)
    post.step()
    assert post.copies() == ["a.jpg"]


def test_a_long_sleep_is_no_jump_of_the_clock(
    post: Post, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    post.drop("a.jpg")
    keep_copies(post, 7.0)
    post.step()
    post.step()
    let_pass(monkeypatch, days=8)
    keep_copies(post, 7.0)
    post.step()
    assert post.copies() == []
    assert not [one for one in caplog.messages if "clock" in one]


def test_copies_are_removed_after_their_days_and_nothing_else_is(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, name in enumerate(("old.jpg", "edited.jpg", "replaced.jpg")):
        post.drop(name, photos.phone_photo(seed=number))
        post.step()
    (post.outbox / "theirs.jpg").write_bytes(b"put here by hand")
    edited = (post.outbox / "edited.jpg").read_bytes()
    (post.outbox / "edited.jpg").write_bytes(edited[::-1])
    (post.outbox / "replaced.jpg").unlink()
    (post.outbox / "replaced.jpg").write_bytes(b"of the same name")
    let_pass(monkeypatch, days=8)
    post.step()
    assert len(post.copies()) == 4, "nothing is removed unless asked"
    keep_copies(post, 9.0)
    post.step()
    assert len(post.copies()) == 4
    keep_copies(post, 7.0)
    post.step()
    assert post.copies() == ["edited.jpg", "replaced.jpg", "theirs.jpg"]


def test_a_file_whose_copy_was_removed_for_its_age_is_not_done_again(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = post.drop("a.jpg")
    post.step()
    let_pass(monkeypatch, days=2)
    keep_copies(post, 1.0)
    post.step()
    assert post.copies() == []
    assert post.ledger.known(str(path), path.stat())


def test_reports_are_kept_for_so_many_days_and_without_values_where_told_so(post: Post) -> None:
    post.drop("a.jpg")
    post.step()
    (before,) = post.ledger.history(1)
    assert before.report is not None
    assert any(one.value for one in before.report.findings)
    forgetful = History(keep_days=0.0, keep_values=False)
    post.processor.use(msgspec.structs.replace(post.processor._settings[0], history=forgetful))
    post.processor._forget_old_reports()
    (after,) = post.ledger.history(1)
    assert (after.report, after.level, after.outcome) == (None, before.level, before.outcome)
    post.drop("b.jpg", photos.phone_png())
    post.step()
    (second,) = post.ledger.history(1)
    assert second.report is not None
    assert {one.value for one in second.report.findings} == {""}


def test_without_the_extra_it_is_said_once_that_pictures_are_not_searched(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    processor = post.processor
    config = processor._settings[0]
    processor.use(msgspec.structs.replace(config, vision=Vision()))
    post.drop("a.jpg")
    post.step()
    processor._seeing = None
    processor._cleaning.worker.sees = False
    for _ in range(3):
        processor._say_when_sightless(processor._cleaning.worker)
    assert [one.message for one in caplog.records if "not searched" in one.message] == [
        post.ledger.fact(module.SIGHT)
    ]
    assert "pip install 'unexposed[vision]'" in caplog.text


def test_nothing_is_said_of_a_search_that_nobody_wants(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    post.drop("a.jpg")
    post.step()
    post.processor._cleaning.worker.sees = False
    post.processor._say_when_sightless(post.processor._cleaning.worker)
    assert "not searched" not in caplog.text


def test_who_looks_stands_back_behind_everything_else(post: Post) -> None:
    post.drop("a.jpg", WITH_A_THUMBNAIL)
    post.processor._cleaning.step()
    pending = post.processor._looker._waiting.get()
    assert pending.result.more
    looked = looking.looked_at(
        pending.job.path, pending.result, pending.policy, post.processor._looker.worker
    )
    assert looked is not pending.result
    cleaning, searching = post.processor._cleaning.worker.pid, post.processor._looker.worker.pid
    assert cleaning
    assert searching
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, cleaning) == own
    assert os.getpriority(os.PRIO_PROCESS, searching) == min(19, own + 10)


def offer(post: Post, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    post.ledger.offer(str(path), str(path.parent), "street")


def test_no_file_waits_for_one_that_is_covered(
    post: Post, street: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    covering, done = threading.Event(), threading.Event()
    works: list[str] = []

    def work(job: Entry, *_: object) -> Result | None:
        works.append(os.path.basename(job.path))
        if job.root == str(street):
            covering.set()
            assert done.wait(10), "the other lane did not go on"
        post.ledger.drop(job)
        return None

    monkeypatch.setattr(module, "work", work)
    for name in ("covered.jpg", "covered too.jpg"):
        offer(post, street / name, photos.phone_photo())
    post.processor.start()
    try:
        assert covering.wait(10)
        post.drop("plain.jpg")
        post.processor.wake()
        assert post.processor._cleaning.wait_until_idle(10)
        assert works == ["covered.jpg", "plain.jpg"]
        done.set()
        assert post.processor.wait_until_idle(10)
    finally:
        post.processor.stop()
    assert works == ["covered.jpg", "plain.jpg", "covered too.jpg"]


def test_an_end_that_is_said_while_a_turn_begins_is_heard(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane = post.processor._cleaning
    rests: list[float] = []
    monkeypatch.setattr(lane, "rest", rests.append)
    lane.end()
    lane.step()
    assert rests == []


def test_what_one_lane_has_at_hand_is_not_settled_by_the_other(
    post: Post, street: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    states: list[dict[str, int]] = []

    def work(job: Entry, *rest: Any) -> Result | None:
        if job.root == str(street):
            post.drop("plain.jpg")
            for _ in range(2):  # a fault in the one lane, and what follows from it
                try:
                    post.processor._cleaning.step()
                except RuntimeError as problem:
                    post.processor._cleaning.fail(problem)
            states.append(dict(post.ledger.unfinished()))
        elif not states:
            raise RuntimeError("a fault")
        return pipeline.work(job, *rest)

    monkeypatch.setattr(module, "work", work)
    monkeypatch.setattr(laning, "_TROUBLE", 50.0)
    offer(post, street / "covered.jpg", photos.phone_photo())
    post.processor._covering.step()
    assert states == [{"queued": 1, "working": 1}]


def test_a_job_that_is_done_while_the_other_lane_settles_is_not_done_again(
    post: Post, street: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(post, street / "covered.jpg", photos.phone_photo())
    cleaning, covering = post.processor._lanes
    at_work, read = threading.Event(), threading.Event()
    entries = post.ledger._entries

    def read_slowly(*arguments: Any) -> list[Entry]:
        found = entries(*arguments)
        if any(one.state == "working" for one in found):
            read.set()
            time.sleep(0.3)  # the job comes to its end meanwhile
        return found

    def work(job: Entry, *_: object) -> Result | None:
        at_work.set()
        assert read.wait(10)
        post.ledger.finish(job, Outcome.SKIPPED)
        return None

    monkeypatch.setattr(module, "work", work)
    monkeypatch.setattr(post.ledger, "_entries", read_slowly)
    thread = threading.Thread(target=covering.step)
    thread.start()
    assert at_work.wait(10)
    cleaning.settle_later(0.0, "")
    cleaning.step()
    thread.join(10)
    assert post.ledger.unfinished() == {}


def test_a_number_that_a_dropped_job_had_is_that_of_the_lane_which_got_it_next(
    post: Post, street: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleaning, covering = post.processor._lanes
    numbers: list[int] = []
    states: list[dict[str, int]] = []

    def work(job: Entry, *_: object) -> Result | None:
        numbers.append(job.id)
        if job.root == str(street):
            for _ in range(2):
                cleaning.settle_later(time.time() + 50, "a fault")
                cleaning.step()
            states.append(dict(post.ledger.unfinished()))
        post.ledger.drop(job)
        return None

    monkeypatch.setattr(module, "work", work)
    post.drop("gone.jpg")
    cleaning.step()
    offer(post, street / "covered.jpg", photos.phone_photo())
    covering.step()
    assert numbers == [1, 1]
    assert states == [{"working": 1}]


def test_an_outbox_that_was_just_configured_is_prepared_whatever_a_lane_is_at(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a crash left in the making there would stay otherwise."""
    other = post.outbox.with_name("Another")
    other.mkdir()
    left = other / ".unexposed-0123456789abcdef.tmp"
    left.write_bytes(b"half a copy")
    prepare = module.Outbox.prepare

    def prepared(outbox: module.Outbox) -> None:
        prepare(outbox)
        if outbox.root == post.outbox:
            config = post.processor._settings[0]
            post.processor.use(msgspec.structs.replace(config, outbox=str(other)))

    monkeypatch.setattr(module.Outbox, "prepare", prepared)
    for name in ("a.jpg", "b.jpg"):
        post.drop(name)
        post.step()
    assert sorted(os.listdir(other)) == ["b.jpg"]


def test_a_note_that_the_ledger_does_not_take_is_made_with_the_next_file(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = post.processor._settings[0]
    post.processor.use(msgspec.structs.replace(config, vision=Vision()))
    monkeypatch.setattr(post.ledger, "note", failing(post.ledger.note, LedgerError("locked")))
    for name in ("a.jpg", "b.jpg"):
        post.drop(name)
        post.processor._cleaning.step()
        post.processor._cleaning.worker.sees = False
    post.step()
    assert post.ledger.counts() == {"cleaned": 2}


def test_each_lane_settles_its_own_job_for_its_own_reason(
    post: Post, street: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleaning, covering = post.processor._lanes

    def work(job: Entry, *_: object) -> Result | None:
        raise pipeline.NotNow("it is read") if job.root == str(street) else RuntimeError("a fault")

    monkeypatch.setattr(module, "work", work)
    monkeypatch.setattr(laning, "_TROUBLE", 50.0)
    monkeypatch.setattr(module, "_RETRY", {pipeline.NotNow: 50.0})
    post.drop("plain.jpg")
    offer(post, street / "covered.jpg", photos.phone_photo())
    covering.step()
    for _ in range(2):
        try:
            cleaning.step()
        except RuntimeError as problem:
            cleaning.fail(problem)
    covering.step()
    reasons = {os.path.basename(one.path): one.reason for one in post.ledger.held_up(9)}
    assert reasons["covered.jpg"] == "it is read"
    assert reasons["plain.jpg"].startswith("a fault of unexposed itself")


def test_an_outbox_that_fails_in_both_lanes_is_told_of_once_until_it_works(
    post: Post, street: Path
) -> None:
    post.outbox.write_bytes(b"in the way")
    post.drop("plain.jpg")
    offer(post, street / "covered.jpg", photos.phone_photo())
    for _ in range(2):
        post.step()
    assert [one.outcome for one in post.told] == [Outcome.WAITING]
    post.outbox.unlink()
    for _ in range(2):
        post.step()
    post.told.clear()
    post.outbox.rename(post.outbox.with_name("elsewhere"))
    post.outbox.write_bytes(b"in the way again")
    post.drop("another.jpg")
    for _ in range(3):
        post.step()
    assert [one.outcome for one in post.told] == [Outcome.WAITING]


def test_who_covers_stands_back_too_and_is_given_up_with_the_other(
    post: Post, street: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(post, street / "a.jpg", photos.phone_photo())
    post.step()
    plain, covering = (lane.worker for lane in post.processor._lanes)
    assert plain.pid is None
    assert covering.pid
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, covering.pid) == min(19, own + 10)
    lane = post.processor._covering
    monkeypatch.setattr(lane._wake, "wait", lambda _: False)
    Lane.rest(lane, 0.0)
    assert covering.pid is None
