"""Whether and when a person is to be told: levels, quiet hours, and not too often."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from unexposed.config import Notifications
from unexposed.config.settings import NEVER
from unexposed.exposure import Level, Outcome
from unexposed.wording import Notice

_FEW: Final = 3
"""Notifications that may come close together before they become one for each span."""
_DAY: Final = 86_400.0


class Etiquette:
    """What the settings ask for; `folders` has those of single folders, by their paths."""

    def __init__(self, settings: Notifications, folders: Mapping[str, str]) -> None:
        self._settings = settings
        self._folders = folders
        self._told: deque[float] = deque(maxlen=_FEW)

    def wants(self, notice: Notice) -> bool:
        """Whether a file is worth a word. One without a copy is, unless its folder is to be silent.

        What is of little weight and stays in the copy, as the hour in a screenshot's name, is not.
        """
        wanted = self._folders.get(notice.folder, self._settings.min_level)
        if wanted == NEVER or not self._settings.enabled:
            return False
        if notice.outcome not in (Outcome.CLEANED, Outcome.INSPECTED):
            return True
        level = notice.report.level if notice.report else Level.NONE
        stays = notice.report is not None and all(
            one.removed is False for one in notice.report.findings
        )
        if level is Level.LOW and stays and Level(wanted) is Level.LOW:
            return False
        return level.rank >= Level(wanted).rank

    def told(self, now: float) -> None:
        """Note that something was told; `now` is of the monotonic clock, as below."""
        self._told.append(now)

    def not_before(self, now: float, clock: datetime) -> float:
        """Return before when nothing may be told: the end of quiet hours, or too soon after others."""
        spaced = self._told[0] + self._settings.seconds_between if len(self._told) == _FEW else 0.0
        quiet = self.quiet_for(clock)
        return max(spaced, now + quiet) if quiet else spaced

    def quiet_for(self, clock: datetime) -> float:
        """Return the seconds until quiet hours end, 0 outside of them."""
        begin, end = self._settings.quiet
        if begin == end:
            return 0.0
        minute = timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)
        of_day = minute.total_seconds()
        inside = begin <= of_day < end if begin < end else not end <= of_day < begin
        return (end - of_day) % _DAY if inside else 0.0
