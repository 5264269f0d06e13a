"""What a person should hear of one file."""

from __future__ import annotations

import msgspec

from unexposed.exposure import Outcome, Report


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """One file and what became of it.

    `name` is the file's own, without its folder; `path` is where it is, `folder` the watched folder
    that it came in. `output` is the clean copy's path, `preview` that of a small picture of it,
    `outbox` the name of the folder that it is in. `reason` says why there is none.
    """

    name: str
    path: str = ""
    folder: str = ""
    preview: str = ""
    outcome: Outcome
    report: Report | None = None
    reason: str = ""
    output: str | None = None
    outbox: str = ""
