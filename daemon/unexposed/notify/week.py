"""Once a week, what all files of it would have given away."""

from __future__ import annotations

import os
from functools import reduce
from operator import add
from typing import Final

from unexposed.exposure import Outcome
from unexposed.ledger import Entry, Ledger
from unexposed.notify.message import LOW, Message
from unexposed.wording import Burst, Notice
from unexposed.wording.language import tr, translatable

_WEEK: Final = 7 * 86_400.0
_TOLD: Final = "week told at"
"""The ledger's fact of when a week was summed up last, in seconds since the epoch."""

_TITLE: Final = translatable("This week: {summary}")
_COUNTED: Final = (Outcome.CLEANED, Outcome.HELD, Outcome.FAILED)


def week_in_review(ledger: Ledger, outbox: str, now: float) -> Message | None:
    """Return what sums up the last week, if the one before it ended a week ago; `now` since the epoch.

    `outbox` is the name of the folder with the clean copies.
    None in between, and when nothing came. The first week begins when this is asked first, and
    another when the clock was set back. Raises LedgerError.
    """
    noted = ledger.fact(_TOLD)
    last = float(noted) if noted else None
    if last is not None and 0 <= now - last < _WEEK:
        return None
    # Noted first: one who is ended amid a week of a million files does not begin with it again.
    ledger.note(_TOLD, str(now))
    if last is None or last > now:
        return None
    done = (one for one in ledger.done_since(now - _WEEK) if one.outcome in _COUNTED)
    bursts = (Burst.of(_notice_of(one, outbox)) for one in done)
    if (first := next(bursts, None)) is None:
        return None
    week = reduce(add, bursts, first)
    return Message(
        title=tr(_TITLE).format(summary=week.title()), body=week.body(), urgency=LOW, tag="week"
    )


def _notice_of(entry: Entry, outbox: str) -> Notice:
    return Notice(
        name=os.path.basename(entry.path),
        path=entry.path,
        folder=entry.root,
        outcome=entry.outcome or Outcome.FAILED,
        report=entry.report,
        reason=entry.reason,
        output=entry.copy.path if entry.copy else None,
        outbox=outbox,
    )
