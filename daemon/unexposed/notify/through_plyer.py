"""The process that hands one notification to plyer. It stands alone and is run by its path.

Title and body come as JSON on standard input. The exit status tells whether plyer delivered
them, the last line on standard error why not.
"""

from __future__ import annotations

import html
import json
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable
from functools import partial
from typing import Final

from plyer import notification

_APP: Final = "unexposed"
_SECONDS: Final = 10

_LONGEST: Final = 12.0
_ORPHANED: Final = 1.0
"""Seconds that it may take, and may go on when the daemon has ended."""

Spelling = Callable[[str], str]


def markup(text: str) -> str:
    """Spell text for a notification server, which takes markup in the body."""
    return html.escape(text, quote=False)


def argument(text: str) -> str:
    """Spell text for a command line on which a leading '-' begins an option."""
    return f" {text}" if text.startswith("-") else text


def unescaped(text: str) -> str:
    """Spell a body for notify-send, which reads C's escapes in it."""
    return argument(markup(text).replace("\\", "\\\\"))


def quoted(text: str) -> str:
    """Spell text for the inside of a GVariant string in single quotes."""
    return text.replace("\\", "\\\\").replace("'", "\\'")


def _as_it_is(text: str) -> str:
    return text


SPELLINGS: Final[dict[str, tuple[Spelling, Spelling]]] = {
    "NotifySendNotification": (argument, unescaped),
    "NotifyDbus": (_as_it_is, markup),
    "NotifyDesktopPortals": (quoted, quoted),
}
"""plyer's way to notify -> how it wants title and body; others take them as they are."""


def notify(title: str, body: str) -> None:
    """Show a notification. Raises whatever comes when it cannot be shown."""
    spell_title, spell_body = SPELLINGS.get(notification.__class__.__name__, (_as_it_is,) * 2)
    # The facade's own `notify` knows no expiry: on notify-send it makes notifications that
    # stay until they are clicked away.
    notification._notify(  # noqa: SLF001
        title=spell_title(title),
        message=spell_body(body),
        app_name=_APP,
        timeout=_SECONDS,
        expire_time="-1",  # as the server is set
    )


def end_in_time() -> None:
    """End this process, and the program that plyer has started, when nobody waits for it."""
    daemon = os.getppid()
    until = time.monotonic() + _LONGEST
    while time.monotonic() < until:
        time.sleep(0.2)
        if os.getppid() != daemon:
            time.sleep(_ORPHANED)
            break
    os.killpg(0, signal.SIGKILL)  # the sender made it the leader of a group of its own


def main() -> int:
    """Deliver what stands on standard input."""
    threading.Thread(target=end_in_time, daemon=True).start()
    title, body = json.load(sys.stdin)
    warnings.simplefilter("ignore")
    # plyer passes over the exit status of the programs that it runs.
    subprocess.run = subprocess.call = partial(subprocess.run, check=True)  # type: ignore[assignment]
    try:
        notify(title, body)
    except subprocess.CalledProcessError as problem:
        return problem.returncode or 1  # it said itself what is wrong
    except NotImplementedError:
        return _failed("nothing is installed that shows notifications, such as notify-send")
    except Exception as problem:
        return _failed(f"{type(problem).__name__}: {problem}")
    return 0


def _failed(reason: str) -> int:
    print(" ".join(reason.split()), file=sys.stderr)  # noqa: T201
    return 1


if __name__ == "__main__":
    sys.exit(main())
