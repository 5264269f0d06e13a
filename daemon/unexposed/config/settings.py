"""The configuration as typed values, every default in one place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from unexposed.places import Home
from unexposed.policy import BUILT_IN, Policy
from unexposed.spawn import USUAL_MEMORY_MB

YEAR = 31_536_000
Seconds = Annotated[float, msgspec.Meta(ge=0, le=YEAR)]
SomeSeconds = Annotated[float, msgspec.Meta(gt=0, le=YEAR)]
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]"
QuietHours = Annotated[str, msgspec.Meta(pattern=f"^({_TIME}-{_TIME})?$")]
Wanted = Literal["none", "low", "medium", "high", "critical"]
NEVER = "never"
Days = Annotated[float, msgspec.Meta(ge=0, le=36_500)]
Megabytes = Annotated[int, msgspec.Meta(ge=64, le=1_048_576)]


class Notifications(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `[notifications]` table."""

    enabled: bool = True
    burst_seconds: Seconds = 3.0
    """Files that finish within so many seconds of each other share one notification."""
    min_level: Wanted = "low"
    """Files below this level are cleaned without a word; "none" tells of every file."""
    seconds_between: Seconds = 60.0
    """In a long run there is one notification in so many seconds."""
    quiet_hours: QuietHours = ""
    """From when to when nothing is shown, as "22:00-07:00"; afterwards all is told in one."""
    weekly_summary: bool = False
    """Once a week, tell what all files of it would have given away."""

    @property
    def quiet(self) -> tuple[float, float]:
        """When quiet hours begin and end, in seconds of the day; twice the same for none."""
        if not self.quiet_hours:
            return 0.0, 0.0
        begin, end = (one.split(":") for one in self.quiet_hours.split("-"))
        return _second_of_day(*begin), _second_of_day(*end)


def _second_of_day(hour: str, minute: str) -> float:
    return int(hour) * 3_600.0 + int(minute) * 60.0


class Watching(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `[watching]` table: how changes are noticed."""

    settle_seconds: Seconds = 2.0
    """How long size and time must rest where the system does not tell when a writer is done."""
    rescan_seconds: Seconds = 600.0
    """Every so often all watched folders are looked through, as events can get lost; 0 for never."""
    catch_up: Literal["new", "all", "none"] = "new"
    """At start, take files that came while the daemon was down: only those that are
    newer than the first start, all there are, or none."""


class Worker(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `[worker]` table: limits of the process that opens untrusted files."""

    timeout_seconds: SomeSeconds = 60.0
    """A file that takes longer, and a second more for each 20 MB of it, is held back."""
    memory_mb: Megabytes = USUAL_MEMORY_MB
    """A file that needs more memory, in MiB, is held back."""
    idle_seconds: Seconds = 20.0
    """The worker is stopped when it had nothing to do for so long."""


class Vision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `[vision]` table: looking at what pictures show."""

    enabled: bool = True
    threads: Annotated[int, msgspec.Meta(ge=1, le=2)] = 1
    """Processors that one look may use."""

    @property
    def sight(self) -> int:
        """Threads to look with, 0 for not to look."""
        return self.threads if self.enabled else 0


class History(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `[history]` table: what is remembered of what pictures gave away."""

    keep_days: Days = 90.0
    """Reports older than so many days are dropped; what keeps a file from being done twice stays."""
    keep_values: bool = True
    """Remember the exposed facts themselves, and not only their kinds and where they stood."""


class Watch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[watch]]` table: a folder and what happens to the files that arrive in it."""

    path: str
    policy: str = "metadata"
    names: Literal["keep", "scrub", "replace"] | None = None
    """Overrides the policy's `names` for this folder."""
    recursive: bool = True
    create: bool = False
    """Make the folder when it does not exist; otherwise it is waited for."""
    include: tuple[str, ...] = ()
    """Patterns; with any given, only files that match one are taken."""
    ignore: tuple[str, ...] = ()
    """Patterns of files and folders that are left alone."""
    catch_up: Literal["new", "all", "none"] | None = None
    """Overrides `[watching] catch_up` for this folder."""
    notify: Literal["none", "low", "medium", "high", "critical", "never"] | None = None
    """Overrides `[notifications] min_level` for this folder; "never" tells of nothing in it."""

    @property
    def root(self) -> Path:
        """The folder as an absolute path; `load` has expanded it."""
        return Path(self.path)


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole configuration, expanded and checked by `load`."""

    outbox: str = ""
    state_dir: str = ""
    language: Literal["", "en", "de"] = ""
    """In which to speak; empty for what the environment asks for."""
    keep_copies_days: Days = 0.0
    """Copies older than so many days are removed, unless somebody changed them; 0 for never."""
    notifications: Notifications = Notifications()
    watching: Watching = Watching()
    worker: Worker = Worker()
    vision: Vision = Vision()
    history: History = History()
    home: Home | None = None
    watch: tuple[Watch, ...] = ()
    policy: dict[str, Policy] = {}

    @property
    def outbox_path(self) -> Path:
        """Folder for the clean copies, absolute."""
        return Path(self.outbox)

    @property
    def state_path(self) -> Path:
        """Folder for the ledger, absolute."""
        return Path(self.state_dir)

    def policy_named(self, name: str) -> Policy:
        """Return a policy by name. Raises KeyError when there is none."""
        return self.policy[name] if name in self.policy else BUILT_IN[name]

    def policy_for(self, watch: Watch) -> Policy:
        """Return the rules of one watched folder, its own overrides applied."""
        policy = self.policy_named(watch.policy)
        if watch.names is not None:
            policy = msgspec.structs.replace(policy, names=watch.names)
        return policy
