"""When a file is complete, with a made-up file, a made-up clock, and no threads."""

from __future__ import annotations

import os

from hypothesis import given
from hypothesis import strategies as st

from unexposed.watch.settle import LONGEST_PAUSE, REMEMBERED, Due, Look, Settling

PATH = "/in/x.jpg"


class OneFile:
    """A file, who writes it, and what a Settling that looks at it says."""

    def __init__(self, settle_seconds: float = 2.0, *, tells: bool = True) -> None:
        self.settling = Settling(settle_seconds, self.look)
        self.now = 100.0
        self.tells = tells
        self.there = True
        self.writers = 0
        self.size = 0
        self.content = 0
        self.looks = 0

    def look(self, path: str) -> Look | None:
        self.looks += 1
        if not self.there:
            return None
        fields = {"st_mtime_ns": self.content, "st_ctime_ns": self.content}
        found = os.stat_result((0o100600, 7, 1, 1, 0, 0, self.size, 0, 0, 0), fields)
        return Look(found, self.writers > 0 if self.tells else None)

    def write(self, count: int = 10) -> None:
        self.size += count
        self.content += 1

    def hear(self, *, finished: bool = False) -> None:
        self.settling.note(PATH, self.now, finished=finished)

    def due(self, after: float = 0.0) -> Due | None:
        self.now += after
        return self.settling.take(self.now)

    def due_in_time(self) -> list[Due]:
        """All that becomes due when nothing else happens."""
        found = []
        while (when := self.settling.next_look()) is not None:
            self.now = max(self.now, when)
            due = self.settling.take(self.now)
            if due is not None:
                found.append(due)
        return found


def test_a_closed_file_is_due_at_once() -> None:
    file = OneFile()
    file.write()
    file.hear(finished=True)
    assert file.due() is not None
    assert len(file.settling) == 0
    assert file.settling.next_look() is None


def test_a_file_that_nobody_writes_is_due_at_once() -> None:
    file = OneFile()
    file.write()
    file.hear()
    assert file.due() is not None


def test_a_file_that_is_being_written_is_not_due_however_long_it_rests() -> None:
    file = OneFile(settle_seconds=0.5)
    file.write()
    file.writers = 1
    file.hear()
    for _ in range(100):
        assert file.due(after=10) is None
    file.writers = 0
    assert file.due(after=LONGEST_PAUSE) is not None


def test_looks_at_a_file_that_is_being_written_become_rare() -> None:
    file = OneFile()
    file.write()
    file.writers = 1
    file.hear()
    for _ in range(600):
        assert file.due(after=0.1) is None
    assert file.looks < 60 / LONGEST_PAUSE + 10


def test_one_writers_close_does_not_finish_another_writers_file() -> None:
    file = OneFile()
    file.write()
    file.writers = 1
    file.hear(finished=True)
    assert file.due() is None
    file.writers = 0
    file.hear(finished=True)
    assert file.due() is not None


def test_without_the_systems_word_a_closed_file_is_due_at_once() -> None:
    file = OneFile(tells=False)
    file.write()
    file.hear()
    assert file.due() is None
    file.hear(finished=True)
    assert file.due() is not None


def test_without_the_systems_word_a_file_must_rest() -> None:
    file = OneFile(settle_seconds=2.0, tells=False)
    file.write()
    file.hear()
    assert file.due() is None
    file.now += 1.5
    file.write()
    file.hear()
    assert file.due(after=0.5) is None, "two seconds after the first piece"
    assert file.due(after=1.9) is None
    assert file.due(after=0.2) is not None


def test_a_piece_of_which_nothing_was_heard_counts_too() -> None:
    file = OneFile(settle_seconds=2.0, tells=False)
    file.write()
    file.hear()
    assert file.due() is None
    file.now += 1.9
    file.write()
    assert file.due(after=0.2) is None
    assert file.due(after=2.0) is not None


def test_an_empty_file_is_never_due() -> None:
    for tells in (True, False):
        file = OneFile(settle_seconds=0, tells=tells)
        file.hear(finished=True)
        assert file.due_in_time() == []
        file.write()
        file.hear(finished=True)
        assert len(file.due_in_time()) == 1


def test_a_file_that_vanished_is_dropped() -> None:
    file = OneFile()
    file.write()
    file.writers = 1
    file.hear()
    assert file.due() is None
    file.there = False
    assert file.due_in_time() == []
    assert len(file.settling) == 0


def test_many_events_of_one_content_are_one_job() -> None:
    file = OneFile()
    file.write()
    for _ in range(5):
        file.hear()
        file.hear(finished=True)
    assert len(file.due_in_time()) == 1
    file.hear(finished=True)
    assert file.due_in_time() == []
    file.write()
    file.hear(finished=True)
    assert len(file.due_in_time()) == 1


def test_a_forgotten_file_is_due_again() -> None:
    file = OneFile()
    file.write()
    file.hear()
    assert file.due() is not None
    file.settling.forget(PATH)
    file.hear()
    assert file.due() is not None


def test_what_is_kept_is_bounded() -> None:
    file = OneFile()
    file.write()
    for number in range(REMEMBERED + 100):
        file.settling.note(f"/in/{number}", file.now)
        assert file.due() is not None
    assert len(file.settling._reported) == REMEMBERED
    assert file.settling.next_look() is None
    assert file.settling._order == []


happenings = st.lists(
    st.one_of(
        st.sampled_from(["open", "write", "close", "vanish", "appear", "hear", "finished"]),
        st.floats(min_value=0, max_value=5),
    ),
    max_size=40,
)


@given(happenings, st.booleans())
def test_whatever_happens_every_finished_content_is_due_once(
    steps: list[str | float], delayed: bool
) -> None:
    file = OneFile(settle_seconds=1.0)
    due: list[Due] = []
    unheard = 0
    for step in steps:
        if isinstance(step, float):
            file.now += step
        elif step == "open":
            file.writers += 1
        elif step == "write" and file.writers:
            file.write()
        elif step == "close" and file.writers:
            file.writers -= 1
            unheard += 1
        elif step in {"vanish", "appear"} and not file.writers:
            file.there = step == "appear"
        elif step in {"hear", "finished"}:
            file.hear(finished=step == "finished")
        if not delayed:
            for _ in range(unheard):
                file.hear(finished=True)
            unheard = 0
        while (one := file.due()) is not None:
            assert file.writers == 0
            due.append(one)
    file.writers = 0
    file.hear(finished=True)
    due += file.due_in_time()
    states = [one.found.st_mtime_ns for one in due]
    last = [file.content] if file.there and file.size else []
    assert states[-1:] == last or not last
    if file.there and "vanish" not in steps:
        assert len(states) == len(set(states))
    assert len(file.settling) == 0


@given(st.lists(st.tuples(st.booleans(), st.floats(min_value=0, max_value=1.9)), max_size=20))
def test_without_the_systems_word_no_piece_comes_later_than_the_job(
    pieces: list[tuple[bool, float]],
) -> None:
    file = OneFile(settle_seconds=2.0, tells=False)
    for heard, pause in pieces:
        file.write()
        if heard:
            file.hear()
        assert file.due(after=pause) is None
    file.hear()
    assert len(file.due_in_time()) == (1 if pieces else 0)
