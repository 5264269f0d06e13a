"""Notifications: a server that shows them, what it can do, and a try."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

from unexposed.doctor.check import Case, Check, State
from unexposed.notify import Bus, BusError, Freedesktop, Message, Undelivered, can_copy, send

_NAME: Final = "notifications"
_ABILITIES: Final = (
    ("actions", "buttons"),
    ("body-images", "pictures"),
    ("icon-static", "pictures"),
    ("persistence", "a list of past ones"),
)
"""Capability -> what it gives a person. Source: Desktop Notifications Specification 1.3."""

_TEST: Final = Message(
    title="unexposed doctor", body="This is how unexposed tells you things.", tag="doctor"
)
_INSTALL: Final = (
    "start a desktop's notification server, such as dunst or mako; or write enabled = false in "
    "[notifications]"
)
_ON_MAC: Final = (
    "allow them for Python in System Settings, Notifications; that takes a signed Python, such as "
    "python.org's: docs/macos.md"
)


def look(case: Case) -> Iterator[Check]:
    """Ask the server, and show something if that is wanted."""
    if not case.config.notifications.enabled:
        yield Check(_NAME, State.FINE, "they are switched off in the configuration")
    elif _is("darwin"):
        yield from _shown_by_the_centre(case)
    elif _is("win32"):
        yield from _shown_by_plyer(case)
    else:
        yield from _shown_by_a_server(case)


def _is(system: str) -> bool:
    return sys.platform == system


def _shown_by_the_centre(case: Case) -> Iterator[Check]:
    """Ask macOS' notification centre; where it shows nothing of ours, tell what is left."""
    from unexposed.notify.centre import Centre  # noqa: PLC0415

    centre = Centre(lambda *_: None)
    try:
        buttons = "buttons" if centre.has_buttons() else "no buttons"
        if case.notify:
            centre.show(_TEST)
    except Undelivered as problem:
        plain = f"the notification centre takes none with buttons: {problem}"
        yield Check(_NAME, State.ATTENTION, plain, _ON_MAC)
        yield from _shown_by_plyer(case)
        return
    finally:
        centre.close()
    seen = "; one was shown: did you see it?" if case.notify else ""
    yield Check(_NAME, State.FINE, f"the notification centre shows them, with {buttons}{seen}")


def _shown_by_plyer(case: Case) -> Iterator[Check]:
    if not case.notify:
        yield Check(_NAME, State.UNKNOWN, "none was shown, as asked")
        return
    try:
        send(_TEST.title, _TEST.body)
    except Undelivered as problem:
        advice = "allow notifications in the system's settings"
        yield Check(_NAME, State.WRONG, f"none could be shown: {problem}", advice)
    else:
        yield Check(_NAME, State.FINE, "one without buttons was shown: did you see it?")


def _shown_by_a_server(case: Case) -> Iterator[Check]:
    try:
        Bus(lambda *_: None).close()
    except BusError as problem:
        what = f"{problem}, so from here it cannot be told"
        yield Check(_NAME, State.UNKNOWN, what, "run this in a terminal of your desktop")
        return
    server = Freedesktop(lambda *_: None)
    try:
        abilities = server.capabilities()
        called = server.called()
        if case.notify:
            server.show(_TEST)
    except Undelivered as problem:
        yield Check(_NAME, State.WRONG, f"no server shows them: {problem}", _INSTALL)
        return
    finally:
        server.close()
    can = list(dict.fromkeys(said for ability, said in _ABILITIES if ability in abilities))
    told = f"{called} shows them, with {', '.join(can) if can else 'neither buttons nor pictures'}"
    seen = "; one was shown: did you see it?" if case.notify else ""
    if "actions" in abilities and not can_copy():
        what = f"{told}, but without the button Copy{seen}"
        yield Check(_NAME, State.FINE, what, "install wl-clipboard (Wayland) or xclip (X11) for it")
    else:
        yield Check(_NAME, State.FINE, f"{told}{seen}")
