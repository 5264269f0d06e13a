"""Notifications with buttons through macOS' notification centre, by a process of their own.

That process loads desktop-notifier and has a main thread for Core Foundation's loop, without which
macOS tells of no pressed button. It is started with the first message, and anew when it has ended.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from itertools import count
from pathlib import Path
from typing import IO, Final

import msgspec

from unexposed.notify.buttons import DETAILS, Act, offered, press
from unexposed.notify.message import Message
from unexposed.notify.shown import Shown
from unexposed.notify.undelivered import Undelivered
from unexposed.wording import MAX_BODY, MAX_TITLE, harmless, shortened

_PROGRAM: Final = Path(__file__).with_name("through_centre.py")
_PATIENCE: Final = 10.0
"""Seconds that a message may take, of which half are for a person to allow them the first time."""
_FAREWELL: Final = 1.0
"""Seconds that the process has to end."""

_Told = msgspec.json.Decoder(tuple[str, int, str])


class Centre:
    """The process, and what it has shown. `act` is called on a thread of its own for each press.

    `can_copy` tells whether there is a clipboard that takes a file.
    """

    def __init__(self, act: Act, *, can_copy: bool = False) -> None:
        self._act = act
        self._can_copy = can_copy
        self._process: _Process | None = None
        self._shown = Shown()
        self._numbers = count(1)

    def show(self, message: Message) -> None:
        """Show a message, in the place of one with the same tag. Raises Undelivered."""
        process = self._started()
        number, replaced = next(self._numbers), self._shown.number(message.tag) or 0
        told = {
            "title": shortened(harmless(message.title), MAX_TITLE),
            "body": shortened(harmless(message.body), MAX_BODY),
            "urgency": message.urgency,
            "stays": message.stays,
            "image": message.image,
            "buttons": offered(message, can_copy=self._can_copy),
        }
        self._shown.add(number, message)  # it may be pressed as soon as it is there
        try:
            process.order(number, told, replaced)
        except Undelivered:
            self._shown.closed(number)
            raise

    def shows(self, tag: str) -> bool:
        """Whether a message with this tag stands there, whose place a later one takes."""
        return self._shown.number(tag) is not None

    def has_buttons(self) -> bool:
        """Whether notifications have buttons. Raises Undelivered where none can be shown."""
        return self._started().has_buttons

    def close(self) -> None:
        """End the process; what is shown stays and does nothing any more."""
        process, self._process = self._process, None
        self._shown.clear()
        if process is not None:
            process.end()

    def _started(self) -> _Process:
        if self._process is None or not self._process.is_up:
            self.close()  # the next one does not hear of what this one has shown
            self._process = _Process(self._heard)
        return self._process

    def _heard(self, word: str, number: int, text: str) -> None:
        message = self._shown.of(number)
        if word == "closed":
            self._shown.closed(number)
        elif word == "pressed" and message is not None:
            press(self._act, text or DETAILS, message)


class _Process:
    """A running process that is able to show; it takes one order at a time."""

    def __init__(self, hear: Callable[[str, int, str], None]) -> None:
        """Start it. Raises Undelivered when it cannot show anything, and says why."""
        self._hear = hear
        self._lock = threading.Lock()
        self._able: Future[str] = Future()
        self._awaited: dict[int, Future[str]] = {0: self._able}
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", _PROGRAM],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as problem:
            raise Undelivered(f"no process could be started: {problem.strerror}") from problem
        assert self._process.stdout is not None
        threading.Thread(
            target=self._listen, args=(self._process.stdout,), name="centre", daemon=True
        ).start()
        self.has_buttons = self._answer(0) == "buttons"

    @property
    def is_up(self) -> bool:
        """Whether it still takes orders."""
        return self._process.poll() is None

    def order(self, number: int, told: dict[str, object], replaced: int) -> None:
        """Have it show something. Raises Undelivered."""
        with self._lock:
            self._awaited[number] = Future()
            try:
                assert self._process.stdin is not None
                self._process.stdin.write(msgspec.json.encode((number, told, replaced)) + b"\n")
                self._process.stdin.flush()
            except OSError as problem:
                self.end()
                raise Undelivered(f"the process that shows them ended: {problem}") from problem
            self._answer(number)

    def end(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(_FAREWELL)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _answer(self, number: int) -> str:
        try:
            return self._awaited[number].result(_PATIENCE)
        except TimeoutError as problem:
            self.end()
            raise Undelivered(f"no answer within {_PATIENCE:g} seconds") from problem
        except Undelivered:
            if number == 0:
                self.end()
            raise
        finally:
            del self._awaited[number]

    def _listen(self, said: IO[bytes]) -> None:
        with said, contextlib.suppress(OSError, ValueError, msgspec.MsgspecError):
            for line in said:
                self._take(*_Told.decode(line))
        for answer in list(self._awaited.values()):
            if not answer.done():
                answer.set_exception(Undelivered("the process that shows them ended"))

    def _take(self, word: str, number: int, text: str) -> None:
        answer = self._awaited.get(number)
        if word in ("able", "shown") and answer is not None:
            answer.set_result(text)
        elif word in ("unable", "failed") and answer is not None:
            answer.set_exception(Undelivered(harmless(text)))
        else:
            self._hear(word, number, text)
