"""Several people on one machine, each with a daemon of their own at the same time."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import photos
from tests.e2e.home import Home, wait_until
from tests.service.account import Account


class Person:
    """Somebody with a home of their own, and the daemon running in it."""

    def __init__(self, account: Account, root: Path) -> None:
        self.account = account
        self.home = Home(root)
        for path in (root, *root.rglob("*")):
            account.give(path)
        root.chmod(0o755)  # as many a system has it: what is inside has to guard itself
        self.log = root / "log"
        self.log.touch()
        account.give(self.log)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.home.process = subprocess.Popen(
                [self.account.python, *self.home.command("run", "--config")[1:], self.home.config],
                stderr=log,
                cwd="/",
                env=os.environ | self.account.environment | {"HOME": str(self.home.root)},
                **self.account.becomes,
            )

    def drop(self, name: str) -> bytes:
        content = photos.phone_photo()
        self.account.give(self.home.drop(name, content))
        return content

    def can_read(self, path: Path) -> bool:
        """Whether this person can read a file, or list a folder."""
        command = ("ls", path) if path.is_dir() else ("cat", path)
        tried = subprocess.run(
            command, capture_output=True, cwd="/", check=False, **self.account.becomes
        )
        return tried.returncode == 0


@pytest.fixture
def people() -> Iterator[tuple[Person, Person]]:
    first = Account.ordinary()
    if os.geteuid() != 0 or not first.is_ordinary:
        pytest.skip("only root can be two people, and its Python has to be theirs, too")
    others = (one for one in pwd.getpwall() if one.pw_uid not in (0, pwd.getpwnam("nobody").pw_uid))
    second = Account(first.python, next(others))
    room = Path(tempfile.mkdtemp())
    room.chmod(0o755)
    both = Person(first, room / "first"), Person(second, room / "second")
    yield both
    for one in both:
        if one.home.process is not None:
            one.home.process.kill()
            one.home.process.wait()
    shutil.rmtree(room)


def test_each_has_a_daemon_and_neither_reads_what_is_the_others(
    people: tuple[Person, Person],
) -> None:
    for one in people:
        one.start()
    for one in people:
        wait_until(one.home.is_ready, f"both daemons to be ready: {one.home.log()}")
    dropped = [one.drop("photo.jpg") for one in people]
    for one, original in zip(people, dropped, strict=True):
        copy = one.home.copy("photo.jpg")
        assert copy.stat().st_uid == one.home.root.stat().st_uid
        assert (one.home.downloads / "photo.jpg").read_bytes() == original
    for one, other in (people, people[::-1]):
        state = other.home.state
        assert one.can_read(one.home.state), "the test can tell"
        assert not one.can_read(state)
        assert not any(one.can_read(path) for path in state.rglob("*"))
        assert not one.can_read(other.home.outbox), "not even the names in it"
        assert not one.can_read(other.home.outbox / "photo.jpg")


def test_who_works_as_somebody_else_gets_no_daemon_on_their_state(
    people: tuple[Person, Person],
) -> None:
    first, second = people
    first.start()
    wait_until(first.home.is_ready, f"the daemon to be ready: {first.home.log()}")
    tried = subprocess.run(
        [
            second.account.python,
            *second.home.command("run", "--once", "--config")[1:],
            first.home.config,
        ],
        capture_output=True,
        text=True,
        cwd="/",
        env=os.environ | second.account.environment | {"HOME": str(second.home.root)},
        check=False,
        timeout=60,
        **second.account.becomes,
    )
    assert tried.returncode == 2
    assert str(first.home.state) in tried.stderr
    assert "Traceback" not in tried.stderr
    assert first.home.process is not None
    assert first.home.process.poll() is None
