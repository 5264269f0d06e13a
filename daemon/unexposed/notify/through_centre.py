"""The process that shows notifications through desktop-notifier. It stands alone, run by its path.

macOS tells of pressed buttons only where Core Foundation's loop has the main thread. Orders come as
lines of JSON on standard input: [number, notification, number of the one that it replaces or 0].
What happens goes out likewise on standard output, [word, number, text]:

    able      it can show them; the text is "buttons" where they have some
    unable    it cannot, and ends; the text says why
    shown     the notification of this number stands there
    failed    it does not; the text says why
    pressed   the button with this key; "" for the notification itself
    closed    a person closed it
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
import threading
import time
from collections import deque
from functools import partial
from pathlib import Path
from typing import Any, Final

from desktop_notifier import Attachment, Button, Capability, DesktopNotifier, Notification, Urgency

_APP: Final = "unexposed"
_MOST: Final = 100
"""Notifications that are left standing; the library remembers each until it is closed."""
_ANSWER: Final = 5.0
"""Seconds that a person gets to answer whether there may be notifications, the first time."""
_URGENCIES: Final = (Urgency.Low, Urgency.Normal, Urgency.Critical)
_NOT_SENT: Final = "Error when scheduling notification"
"""How the library's warning begins when the notification centre took none. It raises nothing."""


class Heard(logging.Handler):
    """Keeps the last of the library's warnings, by which alone it tells of some failures."""

    last = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Take a warning, with the error that led to it."""
        problem = record.exc_info[1] if record.exc_info else None
        self.last = record.getMessage() if problem is None else f"{problem}"


class Showing:
    """The notifier and what it has shown."""

    def __init__(self) -> None:
        self._heard = Heard(logging.WARNING)
        library = logging.getLogger("desktop_notifier")
        library.addHandler(self._heard)
        library.propagate = False
        self._notifier = DesktopNotifier(app_name=_APP, app_icon=None)
        self._standing: deque[str] = deque()
        self._run = time.time_ns()
        self._buttons = False

    async def begin(self) -> None:
        """Find out what can be shown. Raises RuntimeError where nothing can."""
        abilities = await self._notifier.get_capabilities()
        if not abilities:  # what it does then is nothing, without a word
            raise RuntimeError("this Python is no application that the notification centre knows")
        try:
            allowed = await asyncio.wait_for(self._notifier.request_authorisation(), _ANSWER)
        except TimeoutError:
            raise RuntimeError("nobody has answered yet whether Python may show any") from None
        if not allowed:
            raise RuntimeError(self._heard.last or "the system's settings do not allow any")
        self._buttons = Capability.BUTTONS in abilities
        say("able", 0, "buttons" if self._buttons else "")

    async def show(self, number: int, told: dict[str, Any], replaced: int) -> None:
        """Show one, and take away the one that it replaces."""
        dispatched: list[int] = []
        self._heard.last = ""
        await self._notifier.send_notification(
            Notification(
                title=told["title"],
                message=told["body"],
                urgency=_URGENCIES[told["urgency"]],
                # The notification centre knows buttons by what is written on them: the same
                # words have to have the same key each time.
                buttons=tuple(
                    Button(title, partial(self._pressed, number, key), key)
                    for key, title in (told["buttons"] if self._buttons else ())
                ),
                on_dispatched=partial(dispatched.append, number),
                on_clicked=partial(self._pressed, number, ""),
                on_dismissed=partial(say, "closed", number),
                attachment=Attachment(path=Path(told["image"])) if told["image"] else None,
                thread=_APP,
                timeout=0 if told["stays"] else -1,
                identifier=self._name(number),
            )
        )
        if not dispatched or self._heard.last.startswith(_NOT_SENT):
            say("failed", number, self._heard.last or "for no reason that it tells")
            return
        say("shown", number)
        self._standing.append(self._name(number))
        if replaced:
            await self._take_away(self._name(replaced))
        while len(self._standing) > _MOST:
            await self._take_away(self._standing[0])

    def _name(self, number: int) -> str:
        """Return what no other notification is called, of an earlier process neither."""
        return f"{_APP} {self._run} {number}"

    def _pressed(self, number: int, key: str) -> None:
        say("pressed", number, key)
        say("closed", number)

    async def _take_away(self, name: str) -> None:
        with contextlib.suppress(ValueError):
            self._standing.remove(name)
        with contextlib.suppress(Exception):  # it was closed meanwhile
            await self._notifier.clear(name)


def say(word: str, number: int, text: str = "") -> None:
    """Tell whoever gives the orders."""
    os.write(1, json.dumps((word, number, " ".join(text.split()))).encode() + b"\n")


async def obey(loop: asyncio.AbstractEventLoop) -> None:
    """Begin, and from then on do what is ordered, one after the other."""
    try:
        showing = Showing()
        await showing.begin()
    except Exception as problem:
        say("unable", 0, str(problem) or type(problem).__name__)
        os._exit(1)
    orders: asyncio.Queue[str] = asyncio.Queue()
    threading.Thread(target=read, args=(loop, orders), daemon=True).start()
    while True:
        number, told, replaced = json.loads(await orders.get())
        try:
            await showing.show(number, told, replaced)
        except Exception as problem:
            say("failed", number, f"{type(problem).__name__}: {problem}")


def read(loop: asyncio.AbstractEventLoop, orders: asyncio.Queue[str]) -> None:
    """Pass on the orders, and end the process with them."""
    for line in sys.stdin:
        loop.call_soon_threadsafe(orders.put_nowait, line)
    os._exit(0)


def main() -> None:
    """Run until there are no more orders."""
    if sys.platform == "darwin":
        from rubicon.objc.eventloop import RubiconEventLoop  # noqa: PLC0415

        loop = RubiconEventLoop()
    else:
        loop = asyncio.new_event_loop()
    task = loop.create_task(obey(loop))
    task.add_done_callback(lambda _: os._exit(1))
    loop.run_forever()


if __name__ == "__main__":
    main()
