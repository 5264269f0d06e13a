"""Telling a person what happened, by the desktop's own notifications.

A way to notify is a class like `Desktop`: it takes a message, and raises `Undelivered` when that
could not be shown.
"""

from unexposed.notify.actions import can_copy
from unexposed.notify.announcer import Announcer, Way
from unexposed.notify.bus import Bus, BusError
from unexposed.notify.desktop import Desktop
from unexposed.notify.freedesktop import Freedesktop
from unexposed.notify.message import CRITICAL, LOW, NORMAL, Message, message_of
from unexposed.notify.portable import send
from unexposed.notify.undelivered import Undelivered
from unexposed.notify.week import week_in_review

__all__ = [
    "CRITICAL",
    "LOW",
    "NORMAL",
    "Announcer",
    "Bus",
    "BusError",
    "Desktop",
    "Freedesktop",
    "Message",
    "Undelivered",
    "Way",
    "can_copy",
    "message_of",
    "send",
    "week_in_review",
]
