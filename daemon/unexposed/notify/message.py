"""One notification as every way to notify takes it."""

from __future__ import annotations

from typing import Final

import msgspec

from unexposed.exposure import Level, Outcome
from unexposed.wording import Burst

LOW, NORMAL, CRITICAL = 0, 1, 2
"""Urgencies, as in the Desktop Notifications Specification 1.3."""

_URGENCY: Final = {Level.NONE: LOW, Level.LOW: LOW, Level.CRITICAL: CRITICAL}
_STAY: Final = (Outcome.HELD, Outcome.FAILED)


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A title and a body, and what a desktop that can do more may do with them.

    `stays` asks for it to be shown until somebody saw it. `source` is the path of the only file
    that it tells of, `copy` that of the clean copy; `image` is a small picture of that copy.
    `tag` names what it is about: a later one takes the place of an earlier one with the same.
    """

    title: str
    body: str
    urgency: int = NORMAL
    stays: bool = False
    source: str = ""
    copy: str = ""
    image: str = ""
    tag: str = ""


def message_of(burst: Burst, tag: str = "") -> Message:
    """Return what tells of one file or more."""
    worst, troubled = burst.worst, burst.trouble is not None
    alone = burst.outcomes.total() == 1
    level = worst.report.level if worst.report else Level.NONE
    urgency = _URGENCY.get(level, NORMAL)
    brief = level.rank <= Level.LOW.rank and alone and not troubled
    return Message(
        title=burst.title(),
        body="" if brief else burst.body(),
        urgency=max(urgency, NORMAL) if troubled else urgency,
        stays=any(burst.outcomes[one] for one in _STAY),
        source=worst.path if alone else "",
        copy=worst.output or "",
        image=worst.preview if alone else "",
        tag=tag,
    )
