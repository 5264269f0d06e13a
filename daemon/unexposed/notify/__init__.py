"""Telling a person what happened, by the desktop's own notifications.

A way to notify is a class like `Desktop`: it takes a message, and raises `Undelivered` when that
could not be shown.
"""

from unexposed.notify.announcer import Announcer, Way
from unexposed.notify.desktop import Desktop
from unexposed.notify.message import CRITICAL, LOW, NORMAL, Message, message_of
from unexposed.notify.undelivered import Undelivered
from unexposed.notify.week import week_in_review

__all__ = [
    "CRITICAL",
    "LOW",
    "NORMAL",
    "Announcer",
    "Desktop",
    "Message",
    "Undelivered",
    "Way",
    "message_of",
    "week_in_review",
]
